/**
 * tests/chaos/players.c: clients of two servers of a failover pair, for as long as they are let.
 *
 * Each asks one of the two for a lease, as chance decides, renews it with one or the other, and now
 * and then releases it. Who released is somebody else from then on: a RELEASE that was on its way
 * for long must not end a later lease of the same client. Whatever a client is told goes into the
 * record, one line per event, written at once (check.awk judges it; README.md has the words):
 *
 *     TIME told CLIENT ADDRESS END SIDE RECKONED
 *     TIME released CLIENT ADDRESS
 *     TIME reckons SIDE ADDRESS UNTIL
 *
 *     players RECORD NUMBER CLIENTS FIRST LAST LEASE-SECONDS any|own SIDE=SERVER SIDE=SERVER
 *
 * any: they renew with either server; own: with the one that granted. SERVER is
 * `fod:SOCKET:CLOCK-OFFSET` or `dhcp:INTERFACE:GIADDR`. NUMBER tells players apart, and is the seed
 * of their chance.
 */
#include <arpa/inet.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/chaos/server.h"

enum { SERVERS = 2, CLIENTS_MAX = 250, PACE_MS = 4, RELEASES_IN = 8, SHY_S = 2 };

struct client {
    uint8_t hardware[HARDWARE_LENGTH];
    uint32_t address; /* 0: none */
    int64_t end_us, renew_us, next_us;
    size_t granter;
};

static struct server servers[SERVERS];
static int64_t shy_until_us[SERVERS]; /* nobody waits for a server that is silent at present */
static struct client clients[CLIENTS_MAX];
static FILE *record;
static bool renew_with_any;
static unsigned identities;
static unsigned long granted, renewed, refused, unheard, releases;
static volatile sig_atomic_t over;

static void stop(int signal_number)
{
    (void)signal_number;
    over = 1;
}

static bool is_fod(const struct server *s)
{
    return s->fd < 0;
}

/* --- the record ---------------------------------------------------------------------------------
 */

static const char *time_text(int64_t us, char out[24])
{
    (void)snprintf(out, 24, "%" PRId64 ".%06" PRId64, us / CHAOS_SECOND_US, us % CHAOS_SECOND_US);
    return out;
}

static const char *client_text(const struct client *c, char out[3 * DHCP_HW_LENGTH])
{
    const uint8_t *h = c->hardware + 1;

    (void)snprintf(out, 3 * DHCP_HW_LENGTH, "%02x:%02x:%02x:%02x:%02x:%02x", h[0], h[1], h[2], h[3],
                   h[4], h[5]);
    return out;
}

static void note_told(const struct client *c, const struct server *s, const struct grant *g)
{
    char now[24], who[18], address[FO_IPV4_TEXT], end[24], reckoned[24];

    (void)fprintf(record, "%s told %s %s %s %c %s\n", time_text(chaos_now_us(), now),
                  client_text(c, who), fo_ipv4_text(g->address, address), time_text(g->end_us, end),
                  s->side, g->reckoned_us < 0 ? "-" : time_text(g->reckoned_us, reckoned));
    (void)fflush(record);
}

static void note_released(const struct client *c)
{
    char now[24], who[18], address[FO_IPV4_TEXT];

    (void)fprintf(record, "%s released %s %s\n", time_text(chaos_now_us(), now),
                  client_text(c, who), fo_ipv4_text(c->address, address));
    (void)fflush(record);
}

static void note_reckons(const struct server *s, uint32_t address, int64_t until_us)
{
    char now[24], text[FO_IPV4_TEXT], until[24];

    (void)fprintf(record, "%s reckons %c %s %s\n", time_text(chaos_now_us(), now), s->side,
                  fo_ipv4_text(address, text), time_text(until_us, until));
    (void)fflush(record);
}

/* --- what a client does
 * --------------------------------------------------------------------------- */

/* 02:c4, the player, and a number that grows. */
static void become_somebody(struct client *c, uint8_t player)
{
    const uint8_t h[HARDWARE_LENGTH] = {1,
                                        2,
                                        0xc4,
                                        player,
                                        (uint8_t)(identities >> 16),
                                        (uint8_t)(identities >> 8),
                                        (uint8_t)identities};

    identities++;
    memcpy(c->hardware, h, sizeof h);
    c->address = 0;
}

static void take(struct client *c, const struct server *s, const struct grant *g)
{
    const int64_t now_us = chaos_now_us();

    note_told(c, s, g);
    c->address = g->address;
    c->granter = (size_t)(s - servers);
    c->end_us = g->end_us;
    c->renew_us = now_us + (g->end_us - now_us) / 2;
}

/* Looked at after a grant of fod's: until when does the partner reckon with that address? (dhcpd is
 * not asked for that: for a new client it also counts what its partner knows of the last one.) */
static void look_at_partner(const struct server *granter, uint32_t address)
{
    struct server *partner = &servers[granter == &servers[0]];
    int64_t until_us;

    if (is_fod(granter) && is_fod(partner) && shy_until_us[partner - servers] <= chaos_now_us() &&
        fod_reckons(partner, address, &until_us) == GRANTED)
        note_reckons(partner, address, until_us);
}

static void release(struct client *c, struct server *s, uint8_t player)
{
    note_released(c);
    if (is_fod(s))
        fod_release(s, c->hardware);
    else
        dhcp_release(s, c->hardware, c->address);
    releases++;
    become_somebody(c, player);
}

static enum answer ask(struct client *c, struct server *s, struct grant *g)
{
    if (is_fod(s))
        return c->address == 0 ? fod_get(s, c->hardware, g)
                               : fod_renew(s, c->hardware, c->address, g);
    return c->address == 0 ? dhcp_get(s, c->hardware, g)
                           : dhcp_renew(s, c->hardware, c->address, g);
}

static void act(struct client *c, struct server *s, uint8_t player)
{
    const bool renewal = c->address != 0;
    struct grant g;

    if (renewal && rand() % RELEASES_IN == 0) {
        release(c, s, player);
        return;
    }
    switch (ask(c, s, &g)) {
    case GRANTED:
        granted += !renewal;
        renewed += renewal;
        take(c, s, &g);
        if (rand() % 2 == 0)
            look_at_partner(s, g.address);
        break;
    case REFUSED:
        refused++;
        /* A DHCP server that says no means it (RFC 2131 §3.2); fod may just not be the one. */
        if (renewal && !is_fod(s)) {
            note_released(c);
            c->address = 0;
        }
        break;
    case UNHEARD:
        unheard++;
        shy_until_us[s - servers] = chaos_now_us() + SHY_S * CHAOS_SECOND_US;
        break;
    }
}

static void look_after(struct client *c, uint8_t player)
{
    const int64_t now_us = chaos_now_us();
    size_t which = (size_t)rand() % SERVERS;

    if (c->address != 0 && c->end_us <= now_us)
        c->address = 0;
    if (c->address != 0 && !renew_with_any)
        which = c->granter;
    if (now_us < c->next_us || (c->address != 0 && now_us < c->renew_us) ||
        now_us < shy_until_us[which])
        return;
    c->next_us = now_us + CHAOS_SECOND_US / 2 + rand() % CHAOS_SECOND_US;
    act(c, &servers[which], player);
}

/* --- the process
 * ---------------------------------------------------------------------------------- */

/* SIDE=fod:SOCKET:OFFSET or SIDE=dhcp:INTERFACE:GIADDR; the text is cut to pieces. */
static bool take_server(char *text, struct server *s)
{
    char *kind = text + 2, *where, *more, why[128];

    if (text[0] == '\0' || text[1] != '=' || (where = strchr(kind, ':')) == NULL ||
        (more = strrchr(kind, ':')) == where)
        return false;
    *where++ = '\0';
    *more++ = '\0';
    s->side = text[0];
    s->fd = -1;
    if (strcmp(kind, "fod") == 0) {
        s->offset_s = strtoll(more, NULL, 10);
        return fo_mgmt_target_parse(where, &s->target, why, sizeof why) == FO_OK;
    }
    if (strcmp(kind, "dhcp") != 0 || inet_pton(AF_INET, more, &s->giaddr) != 1)
        return false;
    s->fd = dhcp_open(where, s->giaddr);
    return true;
}

static bool take_words(char **words, size_t *out_count, uint8_t *out_player)
{
    *out_player = (uint8_t)strtoul(words[2], NULL, 10);
    *out_count = strtoul(words[3], NULL, 10);
    if (*out_count == 0 || *out_count > CLIENTS_MAX)
        return false;
    renew_with_any = strcmp(words[7], "any") == 0;
    for (size_t i = 0; i < SERVERS; i++) {
        struct server *s = &servers[i];
        s->lease_s = (uint32_t)strtoul(words[6], NULL, 10);
        s->xid = (uint32_t)*out_player << 24;
        if (fo_ipv4_parse(words[4], &s->first) != FO_OK ||
            fo_ipv4_parse(words[5], &s->last) != FO_OK || s->first > s->last ||
            !take_server(words[8 + i], s))
            return false;
    }
    return true;
}

int main(int argc, char **argv)
{
    uint8_t player;
    size_t count;

    if (argc != 8 + SERVERS || !take_words(argv, &count, &player)) {
        fprintf(stderr, "usage: players RECORD NUMBER CLIENTS FIRST LAST LEASE-SECONDS any|own "
                        "SIDE=SERVER SIDE=SERVER\n");
        return 2;
    }
    record = fopen(argv[1], "a");
    if (record == NULL) {
        perror(argv[1]);
        return 2;
    }
    srand(player);
    signal(SIGTERM, stop);
    signal(SIGPIPE, SIG_IGN);
    for (size_t i = 0; i < count; i++)
        become_somebody(&clients[i], player);
    while (!over) {
        look_after(&clients[(size_t)rand() % count], player);
        (void)poll(NULL, 0, PACE_MS);
    }
    printf("granted=%lu renewed=%lu released=%lu refused=%lu unheard=%lu\n", granted, renewed,
           releases, refused, unheard);
    return fclose(record) == 0 ? 0 : 1;
}
