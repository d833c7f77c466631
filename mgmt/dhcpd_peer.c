#include "mgmt/dhcpd_peer.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct reader {
    struct fo_dhcpd_peer *peer;
    const struct fo_dhcpd_statement *s;
    size_t at; /* the first word of the value */
    char *why;
};

static int refuse(const struct reader *r, const char *wanted)
{
    const char *given = r->at < r->s->count ? r->s->words[r->at].text : "";

    (void)snprintf(r->why, FO_DHCPD_WHY_MAX, "%.180s:%u: %.40s '%.60s': expected %s", r->s->file,
                   r->s->line, r->s->words[0].text, given, wanted);
    return FO_EINVAL;
}

/* --- values
 * -----------------------------------------------------------------------------------------------
 */

static int take_number(const struct reader *r, uint32_t most, uint32_t *out)
{
    const char *text = r->at < r->s->count ? r->s->words[r->at].text : "";
    char *end, wanted[40];
    unsigned long long n;

    errno = 0;
    n = strtoull(text, &end, 10);
    if (isdigit((unsigned char)text[0]) && *end == '\0' && errno == 0 && n <= most &&
        r->s->count == r->at + 1) {
        *out = (uint32_t)n;
        return FO_OK;
    }
    (void)snprintf(wanted, sizeof wanted, "a number from 0 to %u", most);
    return refuse(r, wanted);
}

static int take_port(const struct reader *r, uint16_t *out)
{
    uint32_t port;
    int rc = take_number(r, UINT16_MAX, &port);

    if (rc != FO_OK || port == 0)
        return rc != FO_OK ? rc : refuse(r, "a port from 1 to 65535");
    *out = (uint16_t)port;
    return FO_OK;
}

static int take_address(const struct reader *r, fo_ipv4_t *out)
{
    if (r->s->count == r->at + 1 && fo_ipv4_parse(r->s->words[r->at].text, out) == FO_OK)
        return FO_OK;
    return refuse(r, "an IPv4 address; a name cannot be taken over");
}

static int take_seconds(const struct reader *r, uint32_t *out)
{
    return take_number(r, INT32_MAX, out);
}

static int take_role(struct fo_dhcpd_peer *p, const struct reader *r, enum fo_role role)
{
    if (p->has_role && p->role != role)
        return refuse(r, "one of primary and secondary, not both");
    p->has_role = true;
    p->role = role;
    return FO_OK;
}

/* --- rows
 * -------------------------------------------------------------------------------------------------
 */

static int on_primary(const struct reader *r)
{
    return take_role(r->peer, r, FO_ROLE_PRIMARY);
}

static int on_secondary(const struct reader *r)
{
    return take_role(r->peer, r, FO_ROLE_SECONDARY);
}

static int on_address(const struct reader *r)
{
    return take_address(r, &r->peer->address);
}

static int on_port(const struct reader *r)
{
    return take_port(r, &r->peer->port);
}

static int on_peer_address(const struct reader *r)
{
    return take_address(r, &r->peer->peer_address);
}

static int on_peer_port(const struct reader *r)
{
    return take_port(r, &r->peer->peer_port);
}

static int on_response_delay(const struct reader *r)
{
    return take_seconds(r, &r->peer->max_response_delay_s);
}

static int on_unacked(const struct reader *r)
{
    return take_number(r, UINT16_MAX, &r->peer->max_unacked);
}

static int on_mclt(const struct reader *r)
{
    return take_seconds(r, &r->peer->mclt_s);
}

static int on_balance_seconds(const struct reader *r)
{
    return take_seconds(r, &r->peer->load_balance_max_s);
}

static int on_auto_partner_down(const struct reader *r)
{
    return take_seconds(r, &r->peer->auto_partner_down_s);
}

static int on_split(const struct reader *r)
{
    uint32_t split;
    int rc;

    if (r->peer->has_buckets)
        return refuse(r, "one of split and hba, and once");
    rc = take_number(r, FO_BUCKETS, &split);
    if (rc != FO_OK)
        return rc;
    r->peer->has_buckets = true;
    r->peer->buckets = fo_load_balance_split(split);
    return FO_OK;
}

/* 32 bytes with colons between them, and blanks and line ends where people put them. A set bit is
 * the primary's, bit b%8 of byte b/8 is bucket b: dhcpd's form is ours. */
static int on_hba(const struct reader *r)
{
    static const char wanted[] = "32 bytes in hexadecimal, with colons";
    struct fo_buckets buckets;
    size_t count = 0;

    if (r->peer->has_buckets)
        return refuse(r, "one of split and hba, and once");
    if (!r->s->whole)
        return refuse(r, wanted);
    for (size_t i = r->at; i < r->s->count; i++) {
        for (const char *p = r->s->words[i].text; *p != '\0';) {
            char *end;
            unsigned long byte;
            if (*p == ':') {
                p++;
                continue;
            }
            byte = isxdigit((unsigned char)*p) ? strtoul(p, &end, 16) : UINT8_MAX + 1;
            if (byte > UINT8_MAX || count == sizeof buckets.map)
                return refuse(r, wanted);
            buckets.map[count++] = (uint8_t)byte;
            p = end;
        }
    }
    if (count != sizeof buckets.map)
        return refuse(r, wanted);
    r->peer->has_buckets = true;
    r->peer->buckets = buckets;
    return FO_OK;
}

struct row {
    const char *words; /* the statement begins with these */
    int (*take)(const struct reader *r);
};

/* Left out are those about how dhcpd shares a pool out
 * (max-lease-misbalance, max-lease-ownership, min-balance, max-balance). */
static const struct row rows[] = {
    {"primary", on_primary},
    {"secondary", on_secondary},
    {"address", on_address},
    {"port", on_port},
    {"peer address", on_peer_address},
    {"peer port", on_peer_port},
    {"max-response-delay", on_response_delay},
    {"max-unacked-updates", on_unacked},
    {"mclt", on_mclt},
    {"hba", on_hba},
    {"split", on_split},
    {"load balance max seconds", on_balance_seconds},
    {"auto-partner-down", on_auto_partner_down},
};

/* How many words of |s| are those of the row; 0: it is another statement. */
static size_t matches(const struct fo_dhcpd_statement *s, const char *words)
{
    size_t count = 0;

    for (const char *p = words; *p != '\0'; count++) {
        size_t length = strcspn(p, " ");
        if (count == s->count || strlen(s->words[count].text) != length ||
            strncasecmp(s->words[count].text, p, length) != 0)
            return 0;
        p += length + (p[length] == ' ');
    }
    return count;
}

int fo_dhcpd_peer_take(struct fo_dhcpd_peer *p, const struct fo_dhcpd_statement *s,
                       char why[FO_DHCPD_WHY_MAX])
{
    struct reader r = {.peer = p, .s = s, .why = why};

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        r.at = matches(s, rows[i].words);
        if (r.at != 0)
            return rows[i].take(&r);
    }
    return FO_OK;
}

void fo_dhcpd_peer_init(struct fo_dhcpd_peer *p)
{
    *p = (struct fo_dhcpd_peer){.port = 647,
                                .peer_port = 647,
                                .max_response_delay_s = FO_DHCPD_DEFAULT_RESPONSE_DELAY_S,
                                .max_unacked = FO_DHCPD_DEFAULT_MAX_UNACKED};
}

int fo_dhcpd_peer_check(const struct fo_dhcpd_peer *p, char why[FO_DHCPD_WHY_MAX])
{
    const char *missing = NULL;

    if (!p->has_role)
        missing = "primary or secondary";
    else if (p->address == 0)
        missing = "address";
    else if (p->peer_address == 0)
        missing = "peer address";
    else if (p->role == FO_ROLE_PRIMARY && p->mclt_s == 0)
        missing = "mclt";
    else if (p->role == FO_ROLE_PRIMARY && !p->has_buckets)
        missing = "split or hba";
    if (missing == NULL)
        return FO_OK;
    (void)snprintf(why, FO_DHCPD_WHY_MAX, "%.255s:%u: the failover peer block lacks: %s", p->file,
                   p->line, missing);
    return FO_EINVAL;
}
