/**
 * tests/interop/hostile.c: a failover partner that means harm, one offence per run.
 *
 * It is the primary of the relationship it names, and reaches NORMAL. Then it commits its offence
 * and prints what came of it: `open`, or `closed` after up to WAIT seconds. Exit 0: it got as far
 * as that. What an offence breaks stands beside it.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/interop/rogue.h"

enum { FLOOD = 100000, BATCH = 100 };

static void none(struct partner *p)
{
    (void)p;
}

static void silent_caller(struct partner *p) /* §7.8: instead of CONNECT */
{
    p->quiet = true;
}

static void two_octets(struct partner *p) /* §6.1: the header alone has 12 */
{
    send_bytes(p, "\0\2", 2);
}

static void eleven_octets(struct partner *p)
{
    send_bytes(p, "\0\x0b\x0b\x0c\0\0\0\0\0\0\0", 11);
}

static void endless(struct partner *p) /* §6.1: 2048 at most */
{
    send_bytes(p, "\xff\xff\3\x0c", 4);
}

static void one_octet_too_long(struct partner *p)
{
    send_bytes(p, "\x08\x01\3\x0c", 4);
}

static void offset_behind_end(struct partner *p) /* §6.1: the payload begins behind the message */
{
    send_bytes(p, "\0\x0c\x0b\x0d\0\0\0\0\0\0\0\1", 12);
}

static void option_cut(struct partner *p) /* §6.2: code and half a length, then the end */
{
    send_raw(p, FO_MSG_STATE, (const uint8_t *)"\0\x18\0", 3);
}

static void option_of_wrong_length(struct partner *p) /* §12.24: one octet */
{
    send_raw(p, FO_MSG_STATE, (const uint8_t *)"\0\x18\0\2\2\2\0\x17\0\1\0\0\x19\0\4\0\0\0\1", 19);
}

static void option_too_long(struct partner *p) /* §6.2: it ends behind the message */
{
    send_raw(p, FO_MSG_STATE, (const uint8_t *)"\0\x18\0\x50\2", 5);
}

static void duplicate_option(struct partner *p) /* §6.2: once */
{
    send_raw(p, FO_MSG_STATE, (const uint8_t *)"\0\x18\0\1\2\0\x17\0\1\0\0\x18\0\1\6", 15);
}

static void unknown_type(struct partner *p) /* §6.1: 13 to 127 are not to be ignored */
{
    send_raw(p, 99, NULL, 0);
}

static void unknown_state(struct partner *p) /* §12.24 */
{
    send_raw(p, FO_MSG_STATE, (const uint8_t *)"\0\x18\0\1\x4d\0\x17\0\1\0\0\x19\0\4\0\0\0\1", 18);
}

static void second_connect(struct partner *p) /* §7.8: once per connection */
{
    say_connect(p);
}

static void states_out_of_order(struct partner *p) /* §9: none of these follows NORMAL */
{
    say_state(p, FO_STATE_RECOVER_DONE);
    say_state(p, FO_STATE_CONFLICT_DONE);
    say_state(p, FO_STATE_RESOLUTION_INTERRUPTED);
    say_state(p, FO_STATE_PAUSED);
}

static void contact_flood(struct partner *p)
{
    for (int i = 0; i < FLOOD; i++)
        say_bare(p, FO_MSG_CONTACT);
}

static void request_flood(struct partner *p)
{
    for (int i = 0; i < FLOOD / 10; i++) {
        say_bare(p, FO_MSG_UPDREQALL);
        say_bare(p, FO_MSG_UPDREQ);
    }
}

static void add_lease(struct fo_message *m, fo_ipv4_t address)
{
    m->groups[m->group_count++] = (struct fo_group){
        .present = FO_OPT_BIT(FO_OPT_ASSIGNED_IP_ADDRESS) | FO_OPT_BIT(FO_OPT_BINDING_STATUS) |
                   FO_OPT_BIT(FO_OPT_CLIENT_HARDWARE_ADDRESS) |
                   FO_OPT_BIT(FO_OPT_LEASE_EXPIRATION_TIME) |
                   FO_OPT_BIT(FO_OPT_POTENTIAL_EXPIRATION_TIME) |
                   FO_OPT_BIT(FO_OPT_CLIENT_LAST_TRANSACTION_TIME) |
                   FO_OPT_BIT(FO_OPT_START_TIME_OF_STATE),
        .address = address,
        .status = FO_STATUS_ACTIVE,
        .hardware_address = {(const uint8_t *)"\1\2\0\0\0\6\6", 7},
        .lease_expiration_time = {m->time.s + 600},
        .potential_expiration_time = {m->time.s + 900},
        .client_last_transaction_time = m->time,
        .start_time_of_state = m->time,
    };
}

/* §6.3 as it should not be: addresses of nobody, of another relationship, twice in one message. */
static void foreign_batch(struct partner *p)
{
    static const fo_ipv4_t addresses[] = {0x0a100005, 0x0a1100be, 0x0a1100be, 0, UINT32_MAX};
    struct fo_message *m = words(p, FO_MSG_BNDUPD);

    for (size_t i = 0; i < sizeof addresses / sizeof addresses[0]; i++)
        add_lease(m, addresses[i]);
    say(p);
}

/* §6.3: nothing but addresses, all of them wanting what a BNDUPD must say. */
static void empty_batch(struct partner *p)
{
    uint8_t payload[BATCH * 8];

    for (size_t i = 0; i < BATCH; i++)
        memcpy(payload + 8 * i, "\0\2\0\4\x0a\x11\0\7", 8);
    send_raw(p, FO_MSG_BNDUPD, payload, sizeof payload);
}

static void duplicate_in_batch(struct partner *p) /* §6.2, within one transaction: its status */
{
    send_raw(p, FO_MSG_BNDUPD,
             (const uint8_t *)"\0\2\0\4\x0a\x11\0\7\0\3\0\1\1\0\3\0\1\5\0\x19\0\4\0\0\0\1", 26);
}

/* §7.1.3, reason 3: a lease of 10.17.0.7 that names no client. */
static void no_client(struct partner *p)
{
    static const uint8_t payload[] = "\0\2\0\4\x0a\x11\0\7\0\3\0\1\2\0\x0d\0\4\x7f\0\0\0"
                                     "\0\x12\0\4\x7f\0\0\0\0\6\0\4\x6a\0\0\0";

    send_raw(p, FO_MSG_BNDUPD, payload, sizeof payload - 1);
}

/* Figure 7.1.3-1, reason 16: 10.17.0.8 is ABANDONED, and then EXPIRED. */
static void illegal_move(struct partner *p)
{
    static const uint8_t abandoned[] = "\0\2\0\4\x0a\x11\0\x08\0\3\0\1\5";
    static const uint8_t expired[] = "\0\2\0\4\x0a\x11\0\x08\0\3\0\1\3"
                                     "\0\5\0\7\1\2\0\0\0\0\x08";

    send_raw(p, FO_MSG_BNDUPD, abandoned, sizeof abandoned - 1);
    send_raw(p, FO_MSG_BNDUPD, expired, sizeof expired - 1);
}

static void half_a_message(struct partner *p) /* and then nothing */
{
    send_bytes(p, "\0\x40\3\x0c\0\0", 6);
    p->quiet = true;
}

static void dripping(struct partner *p) /* half a message, and the rest of it in a minute */
{
    half_a_message(p);
    p->drips = true;
}

static void never_ack(struct partner *p)
{
    p->acks = false;
    say_bare(p, FO_MSG_UPDREQALL);
}

static void ack_twice(struct partner *p)
{
    p->acks_twice = true;
    say_bare(p, FO_MSG_UPDREQALL);
}

static void ack_others(struct partner *p)
{
    p->acks_others = true;
    p->acks = false;
    say_bare(p, FO_MSG_UPDREQALL);
}

static void ack_another(struct partner *p) /* §7.2: of the right xid, with an address of nobody */
{
    p->acks_another = true;
    say_bare(p, FO_MSG_UPDREQALL);
}

static const struct {
    const char *name;
    void (*commit)(struct partner *p);
} offences[] = {
    {"silent-caller", silent_caller},
    {"none", none},
    {"two-octets", two_octets},
    {"eleven-octets", eleven_octets},
    {"one-octet-too-long", one_octet_too_long},
    {"endless", endless},
    {"offset-behind-end", offset_behind_end},
    {"option-cut", option_cut},
    {"option-of-wrong-length", option_of_wrong_length},
    {"option-too-long", option_too_long},
    {"duplicate-option", duplicate_option},
    {"unknown-type", unknown_type},
    {"unknown-state", unknown_state},
    {"second-connect", second_connect},
    {"states-out-of-order", states_out_of_order},
    {"contact-flood", contact_flood},
    {"request-flood", request_flood},
    {"foreign-batch", foreign_batch},
    {"empty-batch", empty_batch},
    {"duplicate-in-batch", duplicate_in_batch},
    {"no-client", no_client},
    {"illegal-move", illegal_move},
    {"half-a-message", half_a_message},
    {"dripping", dripping},
    {"never-ack", never_ack},
    {"ack-twice", ack_twice},
    {"ack-others", ack_others},
    {"ack-another", ack_another},
};

int main(int argc, char **argv)
{
    static struct partner p = {.acks = true};
    struct in_addr subnet;
    size_t i = 0;

    if (argc != 7) {
        fprintf(stderr, "usage: hostile SOURCE TARGET RELATIONSHIP SUBNET OFFENCE WAIT\n");
        return 2;
    }
    while (i < sizeof offences / sizeof offences[0] && strcmp(offences[i].name, argv[5]) != 0)
        i++;
    if (i == sizeof offences / sizeof offences[0])
        die(argv[5]);
    if (inet_pton(AF_INET, argv[4], &subnet) != 1)
        die(argv[4]);
    p.subnet = ntohl(subnet.s_addr);
    p.name = argv[3];
    call(&p, argv[1], argv[2]);
    if (offences[i].commit != silent_caller)
        reach_normal(&p);
    offences[i].commit(&p);
    carry_on(&p, strtol(argv[6], NULL, 10));
    puts(p.fd >= 0 ? "open" : "closed");
    return 0;
}
