#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "fo/endpoint.h"
#include "tests/fo/peer.h"

/* What a host asks: table 5.1 by the answers, not by the table (draft-12 §9.3 to §9.14). */

static void put_in(struct peer *p, enum fo_state state)
{
    struct fo_endpoint *ep = fo_endpoint_find(p->server, PEER_NAME);
    ep->state = ep->rec.state = state;
    ep->rec.since = peer_now(p).utc;
}

static void put(struct peer *p, struct fo_binding b)
{
    cr_assert_eq(fo_lease_db_put(fo_server_leases(p->server), &b), FO_OK);
}

static enum fo_answer give(struct peer *p, fo_ipv4_t address, unsigned n)
{
    struct fo_client c = world_client(n);
    return fo_server_may_give(p->server, address, &c, peer_now(p), NULL, 0);
}

/* The client numbers of both halves: world_client() is hashed by its hardware address. */
static unsigned client_of(struct peer *p, bool primarys)
{
    const struct fo_endpoint *ep = fo_endpoint_find(p->server, PEER_NAME);
    for (unsigned n = 0;; n++) {
        struct fo_client c = world_client(n);
        uint8_t bucket = fo_load_balance_bucket(&c, ep->dialect);
        if (fo_load_balance_is_primarys(&ep->rec.buckets, bucket) == primarys)
            return n;
    }
}

static enum fo_answer serve(struct peer *p, unsigned n, enum fo_client_message m, uint32_t secs)
{
    struct fo_client c = world_client(n);
    return fo_server_may_serve(p->server, SUBNET, &c, m, secs);
}

Test(host, each_state_answers_whom_its_section_says)
{
    static const struct {
        enum fo_state state;
        bool new_client, renewal;
    } rows[] = {
        {FO_STATE_STARTUP, false, false},
        {FO_STATE_NORMAL, true, true},
        {FO_STATE_COMMUNICATIONS_INTERRUPTED, true, true},
        {FO_STATE_PARTNER_DOWN, true, true},
        {FO_STATE_POTENTIAL_CONFLICT, false, false},
        {FO_STATE_RECOVER, false, false},
        {FO_STATE_RECOVER_WAIT, false, false},
        {FO_STATE_RECOVER_DONE, false, true},
        {FO_STATE_RESOLUTION_INTERRUPTED, true, true},
        {FO_STATE_CONFLICT_DONE, true, true},
        {FO_STATE_PAUSED, false, false},
        {FO_STATE_SHUTDOWN, false, false},
    };
    struct peer p; /* S-03, S-17: who is not answered cannot teach anything either */
    unsigned n;
    peer_init(&p, FO_ROLE_PRIMARY, NULL);
    n = client_of(&p, true);
    put(&p, (struct fo_binding){.address = ADDRESS(20),
                                .status = FO_STATUS_ACTIVE,
                                .client = world_client(n),
                                .lease_expiration = fo_utc_add(peer_now(&p).utc, 600)});
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        enum fo_answer fresh = rows[i].new_client ? FO_ANSWER_SERVE : FO_ANSWER_SILENT;
        enum fo_answer renew = rows[i].renewal ? FO_ANSWER_SERVE : FO_ANSWER_SILENT;
        struct fo_client c = world_client(n + 1000);
        fo_ipv4_t address;
        const char *name = fo_state_name((int)rows[i].state);
        put_in(&p, rows[i].state);
        cr_assert_eq(serve(&p, n, FO_CLIENT_NEW, 0), fresh, "%s", name);
        cr_assert_eq(serve(&p, n, FO_CLIENT_RENEW, 0), renew, "%s", name);
        cr_assert_eq(serve(&p, n, FO_CLIENT_RELEASE, 0), renew, "%s", name);
        cr_assert_eq(give(&p, ADDRESS(20), n), renew, "%s", name);
        cr_assert_eq(give(&p, ADDRESS(20), n + 1), FO_ANSWER_REFUSE, "%s", name);
        cr_assert_eq(give(&p, ADDRESS(30), n), fresh, "%s", name);
        cr_assert_eq(fo_server_choose(p.server, SUBNET, &c, 0, 0, peer_now(&p), &address),
                     rows[i].new_client ? FO_OK : FO_ESTATE, "%s", name);
    }
    peer_fini(&p);
}

/* §9.11.2: "if it knows": what a server came to own while the partner was down, the partner may think
 * its own. */
Test(host, in_resolution_interrupted_only_what_is_agreed_is_given)
{
    struct peer p;
    uint32_t agreed;
    peer_init(&p, FO_ROLE_PRIMARY, NULL);
    agreed = fo_endpoint_find(p.server, PEER_NAME)->rec.update_epoch;
    put(&p, (struct fo_binding){.address = ADDRESS(20),
                                .status = FO_STATUS_FREE,
                                .start_of_state = fo_utc(peer_now(&p).utc.s - 60)});
    put(&p, (struct fo_binding){.address = ADDRESS(21),
                                .status = FO_STATUS_FREE,
                                .start_of_state = fo_utc(peer_now(&p).utc.s - 60),
                                .acked_epoch = agreed});
    put_in(&p, FO_STATE_RESOLUTION_INTERRUPTED);
    cr_assert_eq(give(&p, ADDRESS(20), 1), FO_ANSWER_SILENT);
    cr_assert_eq(give(&p, ADDRESS(21), 1), FO_ANSWER_SERVE);
    cr_assert_eq(give(&p, ADDRESS(22), 1), FO_ANSWER_SERVE); /* nobody ever had it */
    put_in(&p, FO_STATE_COMMUNICATIONS_INTERRUPTED);
    cr_assert_eq(give(&p, ADDRESS(20), 1), FO_ANSWER_SERVE);
    peer_fini(&p);
}

/* --- load balancing
 * -------------------------------------------------------------------------------- */

Test(host, in_normal_exactly_one_of_the_two_answers_a_new_client)
{
    struct peer a, b; /* H-02, §5.3, §9.8.2 */
    unsigned by_primary = 0;
    fo_link_id_t id;
    peer_init(&a, FO_ROLE_PRIMARY, NULL);
    peer_init(&b, FO_ROLE_SECONDARY, NULL);
    put_in(&a, FO_STATE_NORMAL);
    id = peer_establish(&b);
    (void)id;
    fo_endpoint_find(b.server, PEER_NAME)->rec.buckets =
        fo_endpoint_find(a.server, PEER_NAME)->rec.buckets;
    put_in(&b, FO_STATE_NORMAL);
    put(&a, (struct fo_binding){.address = ADDRESS(50), .status = FO_STATUS_BACKUP});
    put(&b, (struct fo_binding){.address = ADDRESS(50), .status = FO_STATUS_BACKUP});
    for (unsigned n = 0; n < 1000; n++) {
        bool one = serve(&a, n, FO_CLIENT_NEW, 0) == FO_ANSWER_SERVE;
        bool two = serve(&b, n, FO_CLIENT_NEW, 0) == FO_ANSWER_SERVE;
        cr_assert_neq(one, two, "client %u", n);
        by_primary += one;
        cr_assert_eq(serve(&a, n, FO_CLIENT_RENEW, 0), FO_ANSWER_SERVE); /* H-04 */
        cr_assert_eq(serve(&b, n, FO_CLIENT_RENEW, 0), FO_ANSWER_SERVE);
    }
    cr_assert_gt(by_primary, 400);
    cr_assert_lt(by_primary, 600);
    peer_fini(&a);
    peer_fini(&b);
}

Test(host, outside_normal_nobody_is_left_to_the_partner)
{
    static const enum fo_state states[] = {FO_STATE_COMMUNICATIONS_INTERRUPTED,
                                           FO_STATE_PARTNER_DOWN, FO_STATE_RESOLUTION_INTERRUPTED,
                                           FO_STATE_CONFLICT_DONE}; /* H-04, §9.9.2 */
    struct peer p;
    unsigned n;
    peer_init(&p, FO_ROLE_PRIMARY, NULL);
    put(&p, (struct fo_binding){.address = ADDRESS(50), .status = FO_STATUS_BACKUP});
    n = client_of(&p, false);
    put_in(&p, FO_STATE_NORMAL);
    cr_assert_eq(serve(&p, n, FO_CLIENT_NEW, 0), FO_ANSWER_SILENT);
    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
        put_in(&p, states[i]);
        cr_assert_eq(serve(&p, n, FO_CLIENT_NEW, 0), FO_ANSWER_SERVE);
    }
    peer_fini(&p);
}

static void impatient(struct fo_relationship *r)
{
    r->load_balance_max_s = 3;
}

Test(host, a_client_that_waited_long_enough_is_answered_by_either)
{
    struct peer p; /* H-05, §12.10: exceeds, not reaches */
    unsigned n;
    peer_init(&p, FO_ROLE_PRIMARY, impatient);
    put(&p, (struct fo_binding){.address = ADDRESS(50), .status = FO_STATUS_BACKUP});
    n = client_of(&p, false);
    put_in(&p, FO_STATE_NORMAL);
    cr_assert_eq(serve(&p, n, FO_CLIENT_NEW, 3), FO_ANSWER_SILENT);
    cr_assert_eq(serve(&p, n, FO_CLIENT_NEW, 4), FO_ANSWER_SERVE);
    peer_fini(&p);
}

Test(host, a_partner_with_nothing_to_give_is_helped_out)
{
    struct peer p; /* else the client would wait for ever */
    unsigned n;
    peer_init(&p, FO_ROLE_PRIMARY, NULL);
    n = client_of(&p, false);
    put_in(&p, FO_STATE_NORMAL);
    cr_assert_eq(serve(&p, n, FO_CLIENT_NEW, 0), FO_ANSWER_SERVE);
    peer_fini(&p);
}

Test(host, a_scope_in_no_relationship_is_always_served)
{
    struct peer p;
    struct fo_client c = world_client(1);
    fo_ipv4_t address;
    peer_init(&p, FO_ROLE_PRIMARY, NULL);
    peer_scope(&p, 1);
    put_in(&p, FO_STATE_RECOVER);
    cr_assert_eq(fo_server_may_serve(p.server, SUBNET + 256, &c, FO_CLIENT_NEW, 0),
                 FO_ANSWER_SERVE);
    cr_assert_eq(fo_server_choose(p.server, SUBNET + 256, &c, 0, 0, peer_now(&p), &address), FO_OK);
    cr_assert_eq(fo_server_lease_time(p.server, address, &c, 86400, peer_now(&p)), 86400);
    peer_fini(&p);
}

static enum fo_serve_cause cause(struct peer *p, unsigned n, uint32_t secs, enum fo_answer expected)
{
    struct fo_client c = world_client(n);
    struct fo_serve_view view;
    fo_server_serve_view(p->server, SUBNET, &c, FO_CLIENT_NEW, secs, &view);
    cr_expect_eq(view.answer, expected);
    cr_expect_eq(view.answer, serve(p, n, FO_CLIENT_NEW, secs));
    return view.cause;
}

Test(host, an_operator_is_told_why_a_client_is_answered_or_not)
{
    struct peer p; /* §9.8.2, §12.10 */
    struct fo_client c;
    struct fo_serve_view view;
    unsigned ours, theirs;
    peer_init(&p, FO_ROLE_PRIMARY, impatient);
    ours = client_of(&p, true);
    theirs = client_of(&p, false);
    put(&p, (struct fo_binding){.address = ADDRESS(50), .status = FO_STATUS_BACKUP});
    put_in(&p, FO_STATE_RECOVER);
    cr_expect_eq(cause(&p, ours, 0, FO_ANSWER_SILENT), FO_SERVE_STATE);
    put_in(&p, FO_STATE_PARTNER_DOWN);
    cr_expect_eq(cause(&p, theirs, 0, FO_ANSWER_SERVE), FO_SERVE_STATE);
    put_in(&p, FO_STATE_NORMAL);
    cr_expect_eq(cause(&p, ours, 4, FO_ANSWER_SERVE), FO_SERVE_BUCKET);
    cr_expect_eq(cause(&p, theirs, 3, FO_ANSWER_SILENT), FO_SERVE_BUCKET);
    cr_expect_eq(cause(&p, theirs, 4, FO_ANSWER_SERVE), FO_SERVE_WAITED);
    put(&p, (struct fo_binding){.address = ADDRESS(50), .status = FO_STATUS_FREE});
    cr_expect_eq(cause(&p, theirs, 0, FO_ANSWER_SERVE), FO_SERVE_PARTNER_EMPTY);

    c = world_client(theirs);
    fo_server_serve_view(p.server, SUBNET, &c, FO_CLIENT_NEW, 0, &view);
    cr_expect_eq(view.owner, FO_ROLE_SECONDARY);
    cr_expect_not(view.owner_here);
    cr_expect_eq(view.state, FO_STATE_NORMAL);
    fo_server_serve_view(p.server, SUBNET + 256, &c, FO_CLIENT_NEW, 0, &view);
    cr_expect_eq(view.cause, FO_SERVE_ALONE);
    cr_expect_eq(view.state, FO_STATE_NONE);
    peer_fini(&p);
}

/* --- whose address it is
 * ------------------------------------------------------------------------------ */

Test(host, outside_partner_down_each_server_gives_only_its_own_addresses)
{
    static const enum fo_state states[] = {FO_STATE_NORMAL, FO_STATE_COMMUNICATIONS_INTERRUPTED,
                                           FO_STATE_RESOLUTION_INTERRUPTED,
                                           FO_STATE_CONFLICT_DONE}; /* L-11, §5.4, §9.9.2 */
    for (int role = 0; role < 2; role++) {
        struct peer p;
        peer_init(&p, (enum fo_role)role, NULL);
        put(&p, (struct fo_binding){.address = ADDRESS(50), .status = FO_STATUS_BACKUP});
        for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
            struct fo_client c = world_client(1);
            fo_ipv4_t address = 0;
            put_in(&p, states[i]);
            cr_assert_eq(give(&p, ADDRESS(40), 1),
                         role == FO_ROLE_PRIMARY ? FO_ANSWER_SERVE : FO_ANSWER_SILENT);
            cr_assert_eq(give(&p, ADDRESS(50), 1),
                         role == FO_ROLE_PRIMARY ? FO_ANSWER_SILENT : FO_ANSWER_SERVE);
            cr_assert_eq(fo_server_choose(p.server, SUBNET, &c, ADDRESS(role ? 40 : 50), 0,
                                          peer_now(&p), &address),
                         FO_OK);
            cr_assert_eq(peer_binding(&p, address).status,
                         role == FO_ROLE_PRIMARY ? FO_STATUS_FREE : FO_STATUS_BACKUP);
        }
        peer_fini(&p);
    }
}

Test(host, in_partner_down_the_partners_addresses_wait_for_mclt)
{
    struct peer p; /* L-08, §9.4.2: at S + MCLT and not one second earlier */
    struct fo_client c = world_client(1);
    fo_ipv4_t address;
    peer_init(&p, FO_ROLE_SECONDARY, NULL); /* it has no BACKUP: everything is the partner's */
    put_in(&p, FO_STATE_PARTNER_DOWN);
    p.now_ms += SECONDS(PEER_MCLT_S - 1);
    cr_assert_eq(give(&p, ADDRESS(40), 1), FO_ANSWER_SILENT);
    cr_assert_eq(fo_server_choose(p.server, SUBNET, &c, 0, 0, peer_now(&p), &address), FO_ENOSPACE);
    p.now_ms += SECONDS(1);
    cr_assert_eq(give(&p, ADDRESS(40), 1), FO_ANSWER_SERVE);
    cr_assert_eq(fo_server_choose(p.server, SUBNET, &c, 0, 0, peer_now(&p), &address), FO_OK);
    peer_fini(&p);
}

Test(host, the_partners_addresses_for_bootp_are_never_used)
{
    struct peer p; /* L-12, §5.14: a BOOTP client never renews and never leaves */
    peer_init(&p, FO_ROLE_SECONDARY, NULL);
    put(&p, (struct fo_binding){
                .address = ADDRESS(40), .status = FO_STATUS_FREE, .flags = FO_BINDING_BOOTP});
    put_in(&p, FO_STATE_PARTNER_DOWN);
    p.now_ms += HOURS(10000);
    cr_assert_eq(give(&p, ADDRESS(40), 1), FO_ANSWER_SILENT);
    cr_assert_eq(give(&p, ADDRESS(41), 1), FO_ANSWER_SERVE);
    peer_fini(&p);
}

Test(host, an_ended_lease_goes_back_to_its_client_only_while_the_partner_was_not_told)
{
    struct peer p; /* L-06, L-07, §5.2.2, §9.8.3 */
    struct fo_binding b = {.address = ADDRESS(20), .client = world_client(1)};
    static const uint8_t ends[] = {FO_STATUS_EXPIRED, FO_STATUS_RELEASED};
    peer_init(&p, FO_ROLE_PRIMARY, NULL);
    for (size_t i = 0; i < sizeof ends; i++)
        for (int normal = 0; normal < 2; normal++) {
            put_in(&p, normal ? FO_STATE_NORMAL : FO_STATE_COMMUNICATIONS_INTERRUPTED);
            b.status = ends[i];
            b.flags = 0;
            put(&p, b);
            cr_assert_eq(give(&p, b.address, 1), FO_ANSWER_SERVE);
            cr_assert_eq(give(&p, b.address, 2), FO_ANSWER_SILENT, "not before the BNDACK");
            b.flags = FO_BINDING_SENT;
            put(&p, b);
            cr_assert_eq(give(&p, b.address, 1), FO_ANSWER_SILENT);
        }
    peer_fini(&p);
}

Test(host, refusal_is_for_what_must_not_be_used_and_silence_for_what_may_be_anothers)
{
    struct peer p;
    struct fo_client c = world_client(1);
    char why[128] = "";
    peer_init(&p, FO_ROLE_PRIMARY, NULL);
    put_in(&p, FO_STATE_NORMAL);
    put(&p, (struct fo_binding){.address = ADDRESS(60), .status = FO_STATUS_ABANDONED});
    cr_assert_eq(fo_server_may_give(p.server, ADDRESS(60), &c, peer_now(&p), why, sizeof why),
                 FO_ANSWER_REFUSE);
    cr_assert_not_null(strstr(why, "10.0.0.60 is abandoned"), "%s", why);
    cr_assert_eq(fo_server_may_give(p.server, 0x0b000001, &c, peer_now(&p), why, sizeof why),
                 FO_ANSWER_REFUSE);
    cr_assert_not_null(strstr(why, "no scope"), "%s", why);
    put(&p, (struct fo_binding){.address = ADDRESS(61), .status = FO_STATUS_BACKUP});
    cr_assert_eq(fo_server_may_give(p.server, ADDRESS(61), &c, peer_now(&p), why, sizeof why),
                 FO_ANSWER_SILENT);
    cr_assert_not_null(strstr(why, "partner"), "%s", why);
    peer_fini(&p);
}

/* --- choosing
 * -------------------------------------------------------------------------------------------- */

static fo_ipv4_t choose(struct peer *p, unsigned n, fo_ipv4_t candidate, uint32_t hold_ms)
{
    struct fo_client c = world_client(n);
    fo_ipv4_t address = 0;
    (void)!fo_server_choose(p->server, SUBNET, &c, candidate, hold_ms, peer_now(p), &address);
    return address;
}

Test(host, the_old_address_comes_before_the_candidate_and_the_candidate_before_others)
{
    struct peer p;
    peer_init(&p, FO_ROLE_PRIMARY, NULL);
    put_in(&p, FO_STATE_NORMAL);
    cr_assert_eq(choose(&p, 1, ADDRESS(77), 0), ADDRESS(77));
    cr_assert_eq(choose(&p, 1, ADDRESS(5), 0), ADDRESS(10), "5 is in no range");
    cr_assert_eq(choose(&p, 1, 0, 0), ADDRESS(10));
    put(&p, (struct fo_binding){
                .address = ADDRESS(99), .status = FO_STATUS_FREE, .client = world_client(1)});
    cr_assert_eq(choose(&p, 1, ADDRESS(77), 0), ADDRESS(99));
    put(&p, (struct fo_binding){.address = ADDRESS(120),
                                .status = FO_STATUS_ACTIVE,
                                .client = world_client(1),
                                .lease_expiration = fo_utc_add(peer_now(&p).utc, 60)});
    cr_assert_eq(choose(&p, 1, ADDRESS(77), 0), ADDRESS(120));
    peer_fini(&p);
}

Test(host, an_address_on_offer_is_kept_for_its_client_and_not_longer_than_said)
{
    struct peer p;
    peer_init(&p, FO_ROLE_PRIMARY, NULL);
    put_in(&p, FO_STATE_NORMAL);
    cr_assert_eq(choose(&p, 1, 0, 10000), ADDRESS(10));
    cr_assert_eq(choose(&p, 2, 0, 10000), ADDRESS(11));
    cr_assert_eq(choose(&p, 3, ADDRESS(10), 10000), ADDRESS(12));
    cr_assert_eq(give(&p, ADDRESS(10), 1), FO_ANSWER_SERVE);
    cr_assert_eq(give(&p, ADDRESS(10), 2), FO_ANSWER_REFUSE);
    p.now_ms += 10000;
    cr_assert_eq(give(&p, ADDRESS(10), 2), FO_ANSWER_SERVE);
    peer_fini(&p);
}

Test(host, a_second_offer_to_the_same_client_lasts_its_own_time)
{
    struct peer p; /* the end of the first must not free it */
    peer_init(&p, FO_ROLE_PRIMARY, NULL);
    put_in(&p, FO_STATE_NORMAL);
    choose(&p, 1, ADDRESS(10), 10000);
    p.now_ms += 6000;
    cr_assert_eq(choose(&p, 1, ADDRESS(10), 10000), ADDRESS(10));
    p.now_ms += 6000;
    cr_assert_eq(give(&p, ADDRESS(10), 2), FO_ANSWER_REFUSE);
    p.now_ms += 4000;
    cr_assert_eq(give(&p, ADDRESS(10), 2), FO_ANSWER_SERVE);
    peer_fini(&p);
}

Test(host, a_short_offer_does_not_wait_behind_a_long_one)
{
    struct peer p;
    peer_init(&p, FO_ROLE_PRIMARY, NULL);
    put_in(&p, FO_STATE_NORMAL);
    choose(&p, 1, ADDRESS(10), 60000);
    choose(&p, 2, ADDRESS(11), 1000);
    p.now_ms += 1000;
    cr_assert_eq(give(&p, ADDRESS(11), 3), FO_ANSWER_SERVE);
    cr_assert_eq(give(&p, ADDRESS(10), 3), FO_ANSWER_REFUSE);
    peer_fini(&p);
}

/* What a client was given is not offered to another while the report of it is on its way. */
Test(host, a_hold_keeps_the_address_for_its_client_and_a_newer_one_replaces_it)
{
    struct fo_client first = world_client(1), second = world_client(2);
    struct peer p;
    peer_init(&p, FO_ROLE_PRIMARY, NULL);
    put_in(&p, FO_STATE_NORMAL);
    fo_server_hold(p.server, ADDRESS(10), &first, 1000, peer_now(&p));
    cr_assert_eq(give(&p, ADDRESS(10), 1), FO_ANSWER_SERVE);
    cr_assert_eq(give(&p, ADDRESS(10), 2), FO_ANSWER_REFUSE);
    p.now_ms += 900;
    fo_server_hold(p.server, ADDRESS(10), &second, 1000, peer_now(&p));
    p.now_ms += 900; /* the first one is over, the second is not */
    cr_assert_eq(give(&p, ADDRESS(10), 1), FO_ANSWER_REFUSE);
    cr_assert_eq(give(&p, ADDRESS(10), 2), FO_ANSWER_SERVE);
    p.now_ms += 100;
    cr_assert_eq(give(&p, ADDRESS(10), 1), FO_ANSWER_SERVE);
    peer_fini(&p);
}

Test(host, more_offers_than_can_be_kept_forget_the_oldest)
{
    struct peer p;
    peer_init(&p, FO_ROLE_PRIMARY, NULL);
    put_in(&p, FO_STATE_NORMAL);
    for (unsigned n = 0; n < FO_HOLDS_MAX + 5; n++)
        choose(&p, n % 150, 0, 60000);
    cr_assert_leq(p.server->hold_count, FO_HOLDS_MAX);
    peer_fini(&p);
}

static void reserve(void *context, struct fo_server *s, struct fo_now now, struct fo_outbox *out)
{
    struct fo_range range = {ADDRESS(10), ADDRESS(209)};
    struct fo_reservation r = {.address = ADDRESS(88), .id_length = 6};
    struct fo_scope scope = {.subnet = SUBNET, .mask = 0xffffff00u};
    struct fo_client c = world_client(7);
    (void)context;
    (void)now;
    memcpy(r.id, c.hw + 1, 6);
    scope.ranges = &range;
    scope.range_count = 1;
    scope.reservations = &r;
    scope.reservation_count = 1;
    cr_assert_eq(fo_server_scope_set(s, &scope, out, NULL, 0), ERROR_SUCCESS);
}

Test(host, a_reserved_address_is_for_its_client_on_either_server)
{
    for (int role = 0; role < 2; role++) { /* P-06, §5.13 */
        struct peer p;
        peer_init(&p, (enum fo_role)role, NULL);
        peer_batch(&p, NULL, 0, reserve, NULL);
        put_in(&p, FO_STATE_COMMUNICATIONS_INTERRUPTED);
        put(&p, (struct fo_binding){.address = ADDRESS(88), /* the two agreed on it */
                                    .status = FO_STATUS_BACKUP,
                                    .flags = FO_BINDING_RESERVED,
                                    .acked_epoch = p.server->endpoints[0]->rec.update_epoch});
        cr_assert_eq(choose(&p, 7, ADDRESS(20), 0), ADDRESS(88));
        cr_assert_eq(give(&p, ADDRESS(88), 7), FO_ANSWER_SERVE);
        cr_assert_eq(give(&p, ADDRESS(88), 8), FO_ANSWER_REFUSE);
        cr_assert_neq(choose(&p, 8, ADDRESS(88), 0), ADDRESS(88));
        peer_fini(&p);
    }
}

/* What the scope says to everybody, whatever the state of the relationship. */
static void change_scope(struct peer *p, enum fo_scope_state state, enum fo_range_kind kind,
                         uint8_t types)
{
    struct fo_lease_db *db = fo_server_leases(p->server);
    struct fo_scope scope;
    cr_assert_eq(fo_scope_copy(fo_lease_db_scope(db, SUBNET + 256), &scope), FO_OK);
    scope.state = state;
    if (scope.uses == NULL)
        scope.uses = calloc(1, sizeof *scope.uses);
    scope.uses[0].kind = kind;
    for (uint32_t i = 0; i < scope.reservation_count; i++)
        scope.reservations[i].types = types;
    cr_assert_eq(fo_lease_db_set_scope(db, &scope), FO_OK);
    fo_scope_fini(&scope);
}

static enum fo_answer serve_other(struct peer *p, enum fo_client_message m)
{
    struct fo_client c = world_client(1);
    return fo_server_may_serve(p->server, SUBNET + 256, &c, m, 100);
}

static int choose_other(struct peer *p, fo_ipv4_t *out)
{
    struct fo_client c = world_client(1);
    return fo_server_choose(p->server, SUBNET + 256, &c, 0, 0, peer_now(p), out);
}

Test(host, a_disabled_scope_serves_nobody)
{
    static const enum fo_scope_state off[] = {FO_SCOPE_DISABLED, FO_SCOPE_DISABLED_SWITCHED};
    struct peer p;
    fo_ipv4_t address;
    peer_init(&p, FO_ROLE_PRIMARY, NULL);
    peer_scope(&p, 1);
    for (size_t i = 0; i < 2; i++) {
        change_scope(&p, off[i], FO_RANGE_DHCP, 0);
        cr_expect_eq(serve_other(&p, FO_CLIENT_NEW), FO_ANSWER_SILENT);
        cr_expect_eq(serve_other(&p, FO_CLIENT_RENEW), FO_ANSWER_SILENT);
        cr_expect_eq(serve_other(&p, FO_CLIENT_RELEASE), FO_ANSWER_SERVE);
        cr_expect_eq(choose_other(&p, &address), FO_ESTATE);
    }
    change_scope(&p, FO_SCOPE_ENABLED_SWITCHED, FO_RANGE_DHCP, 0);
    cr_expect_eq(serve_other(&p, FO_CLIENT_NEW), FO_ANSWER_SERVE);
    cr_expect_eq(choose_other(&p, &address), FO_OK);
    peer_fini(&p);
}

Test(host, a_disabled_scope_in_a_relationship_serves_nobody_in_any_state)
{
    struct peer p;
    struct fo_scope scope;
    peer_init(&p, FO_ROLE_PRIMARY, NULL);
    cr_assert_eq(fo_scope_copy(fo_lease_db_scope(fo_server_leases(p.server), SUBNET), &scope),
                 FO_OK);
    scope.state = FO_SCOPE_DISABLED;
    cr_assert_eq(fo_lease_db_set_scope(fo_server_leases(p.server), &scope), FO_OK);
    fo_scope_fini(&scope);
    put_in(&p, FO_STATE_PARTNER_DOWN);
    cr_expect_eq(serve(&p, 1, FO_CLIENT_NEW, 100), FO_ANSWER_SILENT);
    cr_expect_eq(serve(&p, 1, FO_CLIENT_RENEW, 100), FO_ANSWER_SILENT);
    peer_fini(&p);
}

Test(host, what_is_for_bootp_alone_is_given_to_no_client_of_dhcp)
{
    struct fo_client c = world_client(1);
    struct peer p;
    fo_ipv4_t address = 0, first = SUBNET + 256 + 10;
    peer_init(&p, FO_ROLE_PRIMARY, NULL);
    peer_scope(&p, 1);
    cr_assert_eq(fo_server_may_give(p.server, first, &c, peer_now(&p), NULL, 0), FO_ANSWER_SERVE);
    change_scope(&p, FO_SCOPE_ENABLED, FO_RANGE_BOTH, 0);
    cr_expect_eq(choose_other(&p, &address), FO_OK);
    change_scope(&p, FO_SCOPE_ENABLED, FO_RANGE_BOOTP, 0);
    cr_expect_eq(choose_other(&p, &address), FO_ENOSPACE);
    cr_expect_eq(fo_server_may_give(p.server, first, &c, peer_now(&p), NULL, 0), FO_ANSWER_REFUSE);
    peer_fini(&p);
}

Test(host, a_reservation_for_bootp_is_not_for_dhcp)
{
    struct fo_client c = world_client(1);
    struct fo_reservation r = {.address = SUBNET + 256 + 44, .id_length = 6};
    struct fo_scope scope;
    struct peer p;
    fo_ipv4_t address = 0;
    peer_init(&p, FO_ROLE_PRIMARY, NULL);
    peer_scope(&p, 1);
    memcpy(r.id, c.hw + 1, 6);
    cr_assert_eq(fo_scope_copy(fo_lease_db_scope(fo_server_leases(p.server), SUBNET + 256), &scope),
                 FO_OK);
    cr_assert_eq(fo_scope_reserve(&scope, &r, NULL, 0), ERROR_SUCCESS);
    cr_assert_eq(fo_lease_db_set_scope(fo_server_leases(p.server), &scope), FO_OK);
    fo_scope_fini(&scope);
    cr_assert_eq(choose_other(&p, &address), FO_OK);
    cr_assert_eq(address, SUBNET + 256 + 44);
    change_scope(&p, FO_SCOPE_ENABLED, FO_RANGE_DHCP, FO_RESERVED_BOOTP);
    cr_assert_eq(choose_other(&p, &address), FO_OK);
    cr_assert_neq(address, SUBNET + 256 + 44);
    cr_expect_eq(fo_server_may_give(p.server, SUBNET + 256 + 44, &c, peer_now(&p), NULL, 0),
                 FO_ANSWER_REFUSE);
    peer_fini(&p);
}

/* --- how long
 * ---------------------------------------------------------------------------------------------- */

Test(host, a_lease_is_cut_to_mclt_beyond_what_the_partner_knows)
{
    static const enum fo_state states[] = {FO_STATE_COMMUNICATIONS_INTERRUPTED,
                                           FO_STATE_RESOLUTION_INTERRUPTED, FO_STATE_RECOVER_DONE,
                                           FO_STATE_CONFLICT_DONE, FO_STATE_NORMAL};
    struct peer p; /* L-01, L-02, L-04; MCLT is 600 */
    struct fo_client c = world_client(1), other = world_client(2);
    struct fo_now now;
    struct fo_binding b = {.address = ADDRESS(20), .status = FO_STATUS_ACTIVE, .client = c};
    peer_init(&p, FO_ROLE_PRIMARY, NULL);
    put_in(&p, FO_STATE_NORMAL);
    now = peer_now(&p);
    cr_assert_eq(fo_server_lease_time(p.server, ADDRESS(20), &c, 86400, now), 600);
    cr_assert_eq(fo_server_lease_time(p.server, ADDRESS(20), &c, 300, now), 300);
    cr_assert_eq(fo_server_lease_time(p.server, ADDRESS(20), &c, 0xffffffff, now), 600);
    b.acked_potential_expiration = fo_utc_add(now.utc, 1000);
    put(&p, b);
    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
        put_in(&p, states[i]);
        cr_assert_eq(fo_server_lease_time(p.server, ADDRESS(20), &c, 86400, now), 1600, "%s",
                     fo_state_name((int)states[i]));
    }
    cr_assert_eq(fo_server_lease_time(p.server, ADDRESS(20), &other, 86400, now), 600);
    b.received_potential_expiration = fo_utc_add(now.utc, 2000);
    put(&p, b);
    cr_assert_eq(fo_server_lease_time(p.server, ADDRESS(20), &c, 86400, now), 2600);
    b.acked_potential_expiration = fo_utc(FO_UTC_INFINITE);
    put(&p, b);
    cr_assert_eq(fo_server_lease_time(p.server, ADDRESS(20), &c, 0xffffffff, now), 0xffffffff);
    peer_fini(&p);
}
