/* What one of the two refused, as an operator sees it (draft-12 §7.1.3, §7.2.1, §7.2.2). */
#include <criterion/criterion.h>
#include <string.h>

#include "tests/fo/peer.h"

static struct peer p;

static struct fo_address_view view_of(fo_ipv4_t address)
{
    struct fo_address_view view;
    cr_assert_eq(fo_server_address(p.server, address, &view), FO_OK);
    return view;
}

struct lines {
    const char *words;
    unsigned count;
};

static void count_line(void *context, const struct fo_journal_entry *e)
{
    struct lines *lines = context;
    lines->count += strstr(e->text, lines->words) != NULL;
}

static unsigned events_with(const char *words)
{
    struct lines lines = {words, 0};
    cr_assert_eq(fo_server_journal(p.server, PEER_NAME, count_line, &lines), FO_OK);
    return lines.count;
}

static void grant(fo_ipv4_t address, unsigned client)
{
    struct fo_report r = {.kind = FO_REPORT_GRANT, .address = address, .desired_s = 600};
    r.client = world_client(client);
    r.lease_end = fo_utc_add(peer_now(&p).utc, 600);
    peer_report(&p, &r);
}

/* The partner answers the next BNDUPD; |reason| 0 accepts. */
static void answer(fo_link_id_t id, uint8_t reason, const char *words)
{
    const struct fo_message *m = peer_find(&p, id, FO_MSG_BNDUPD);
    struct fo_message *ack;
    struct fo_group *g;
    cr_assert_not_null(m);
    ack = peer_words(&p, FO_MSG_BNDACK);
    ack->xid = m->xid;
    ack->group_count = 1;
    g = &ack->groups[0];
    *g = (struct fo_group){.address = m->groups[0].address,
                           .present = PEER_OPT(ASSIGNED_IP_ADDRESS)};
    if (reason != 0) {
        g->present |= PEER_OPT(REJECT_REASON) | PEER_OPT(MESSAGE);
        g->reject_reason = reason;
        g->message = (struct fo_span){(const uint8_t *)words, (uint16_t)strlen(words)};
    }
    peer_send(&p, id, ack);
}

static void say_status(fo_link_id_t id, fo_ipv4_t address, enum fo_binding_status said)
{
    struct fo_message *m = peer_words(&p, FO_MSG_BNDUPD);
    m->groups[m->group_count++] =
        (struct fo_group){.address = address,
                          .status = (uint8_t)said,
                          .present = PEER_OPT(ASSIGNED_IP_ADDRESS) | PEER_OPT(BINDING_STATUS)};
    peer_send(&p, id, m);
}

/* Accepted or refused, a BNDUPD has its answer; the rest of the world goes on. */
static uint8_t verdict(fo_link_id_t id)
{
    const struct fo_message *m = peer_find(&p, id, FO_MSG_BNDACK);
    cr_assert_not_null(m);
    return (m->groups[0].present & PEER_OPT(REJECT_REASON)) != 0 ? m->groups[0].reject_reason : 0;
}

Test(rejections, what_the_partner_refused_is_told_with_its_reason_and_its_words_until_it_accepts)
{
    struct fo_rejection r;
    fo_link_id_t id;
    peer_init(&p, FO_ROLE_SECONDARY, NULL);
    id = peer_normal(&p);
    grant(ADDRESS(20), 1);
    answer(id, FO_REJECT_ADDRESS_NOT_IN_POOL, "no \"such\" address");
    r = view_of(ADDRESS(20)).rejection;
    cr_assert_eq(r.by, FO_REJECTED_BY_PARTNER);
    cr_assert_eq(r.status, FO_STATUS_ACTIVE);
    cr_assert_eq(r.reason, 1);
    cr_assert_eq(r.when.s, peer_now(&p).utc.s);
    cr_assert_str_eq(r.said, "no ?such? address");
    cr_assert(view_of(ADDRESS(20)).rejected);
    cr_assert_eq(peer_status(&p).rejected_by_partner, 1);
    grant(ADDRESS(20), 1); /* a renewal is news: it is told at once */
    answer(id, 0, NULL);
    cr_assert_eq(view_of(ADDRESS(20)).rejection.by, FO_REJECTED_BY_NOBODY);
    cr_assert_not(view_of(ADDRESS(20)).rejected);
    peer_fini(&p);
}

Test(rejections, what_we_refused_is_told_until_we_accept)
{
    struct fo_rejection r;
    fo_link_id_t id;
    peer_init(&p, FO_ROLE_SECONDARY, NULL);
    id = peer_normal(&p);
    say_status(id, ADDRESS(20), FO_STATUS_ABANDONED);
    cr_assert_eq(verdict(id), 0);
    say_status(id, ADDRESS(20), FO_STATUS_FREE);
    cr_assert_eq(verdict(id), 16); /* Figure 7.1.3-1 */
    r = view_of(ADDRESS(20)).rejection;
    cr_assert_eq(r.by, FO_REJECTED_BY_US);
    cr_assert_eq(r.status, FO_STATUS_FREE);
    cr_assert_eq(r.reason, 16);
    say_status(id, ADDRESS(20), FO_STATUS_RESET);
    cr_assert_eq(verdict(id), 0);
    cr_assert_eq(view_of(ADDRESS(20)).rejection.by, FO_REJECTED_BY_NOBODY);
    peer_fini(&p);
}

Test(rejections, another_relationships_address_is_refused_and_its_lease_shows_nothing_of_it)
{
    struct fo_relationship other = peer_relationship(FO_ROLE_SECONDARY, "beta");
    fo_ipv4_t address = SUBNET + 256 + 20;
    char why[256];
    fo_link_id_t id;
    peer_init(&p, FO_ROLE_SECONDARY, NULL);
    peer_scope(&p, 1);
    other.scopes = &(fo_ipv4_t){SUBNET + 256};
    other.scope_count = 1;
    cr_assert_eq(peer_create(&p, &other, FO_BIRTH_VIRGIN, why), 0, "%s", why);
    id = peer_normal(&p);
    say_status(id, address, FO_STATUS_BACKUP);
    cr_assert_eq(verdict(id), 1); /* B-10 */
    cr_assert(view_of(address).in_relationship);
    cr_assert_eq(view_of(address).rejection.by, FO_REJECTED_BY_NOBODY);
    cr_assert_eq(peer_status(&p).rejected_by_us, 1);
    peer_fini(&p);
}

Test(rejections, a_lease_that_cannot_be_told_says_so_and_holds_up_no_other)
{
    struct fo_report r = {.kind = FO_REPORT_GRANT, .address = ADDRESS(20), .desired_s = 600};
    const struct fo_message *m;
    fo_link_id_t id;
    peer_init(&p, FO_ROLE_SECONDARY, NULL);
    id = peer_normal(&p);
    r.client = (struct fo_client){.id = (const uint8_t *)"\0abc", .id_length = 4};
    r.lease_end = fo_utc_add(peer_now(&p).utc, 600);
    peer_report(&p, &r);
    grant(ADDRESS(21), 1);
    m = peer_find(&p, id, FO_MSG_BNDUPD);
    cr_assert_not_null(m);
    cr_assert_eq(m->groups[0].address, ADDRESS(21));
    cr_assert_eq(view_of(ADDRESS(20)).rejection.by, FO_REJECTED_UNSENT);
    cr_assert_eq(view_of(ADDRESS(20)).rejection.reason, 3);
    cr_assert_eq(peer_status(&p).rejected_by_partner, 0);
    peer_fini(&p);
}

Test(rejections, among_the_events_each_reason_stands_once_however_many_addresses_it_concerns)
{
    fo_link_id_t id;
    peer_init(&p, FO_ROLE_SECONDARY, NULL);
    id = peer_normal(&p);
    for (unsigned n = 0; n < 50; n++) {
        say_status(id, SUBNET + 512 + n, FO_STATUS_FREE);
        cr_assert_eq(verdict(id), 1);
    }
    for (unsigned n = 20; n < 30; n++) {
        grant(ADDRESS(n), n);
        answer(id, n == 29 ? 254 : 1, "");
    }
    cr_assert_eq(peer_status(&p).rejected_by_us, 50);
    cr_assert_eq(peer_status(&p).rejected_by_partner, 10);
    cr_assert_eq(events_with("bndupd=refused"), 1);
    cr_assert_eq(events_with("bndupd=rejected"), 2);
    peer_command(&p, FO_COMMAND_RESYNC); /* the operator has put it right: now it is news */
    say_status(id, SUBNET + 512, FO_STATUS_FREE);
    cr_assert_eq(events_with("bndupd=refused"), 2);
    peer_fini(&p);
}

/* §7.2.2: not at once; but the operator who says "resync" has seen to the cause. */
Test(rejections, a_resync_tells_again_what_the_partner_refused)
{
    fo_link_id_t id;
    peer_init(&p, FO_ROLE_SECONDARY, NULL);
    id = peer_normal(&p);
    grant(ADDRESS(20), 1);
    answer(id, FO_REJECT_ADDRESS_NOT_IN_POOL, "");
    peer_run(&p, SECONDS(20));
    cr_assert_null(peer_find(&p, id, FO_MSG_BNDUPD)); /* B-14 */
    cr_assert_eq(peer_command(&p, FO_COMMAND_RESYNC), ERROR_SUCCESS);
    answer(id, 0, NULL);
    cr_assert_eq(view_of(ADDRESS(20)).rejection.by, FO_REJECTED_BY_NOBODY);
    cr_assert(view_of(ADDRESS(20)).partner_has_it);
    peer_fini(&p);
}

/* Two leases of one address cross: the secondary's is refused, the primary's taken. There is
 * nothing left to put right, or to tell again. */
Test(rejections, a_refusal_that_crossed_the_partners_own_word_is_over_once_that_is_taken)
{
    struct fo_report r = {.kind = FO_REPORT_GRANT, .address = ADDRESS(20), .desired_s = 7200};
    struct fo_address_view view;
    struct world w;
    world_init(&w);
    world_pair_both(&w, NULL);
    cr_assert(world_until(&w, FO_STATE_NORMAL, FO_STATE_NORMAL, SECONDS(60)));
    world_run(&w, SECONDS(90));
    w.delay_ms = 300;
    for (unsigned side = 0; side < SIDES; side++) {
        r.client = world_client(side);
        r.lease_end = fo_utc_add(world_now(&w, (int)side).utc, 7200);
        cr_assert(world_report(&w, (int)side, &r));
    }
    world_run(&w, SECONDS(2));
    cr_assert_eq(world_status(&w, 1).rejected_by_partner, 1); /* B-09 */
    cr_assert_eq(fo_server_address(w.side[1].server, r.address, &view), FO_OK);
    cr_assert(view.partner_has_it);
    cr_assert_not(view.rejected);
    cr_assert_eq(view.rejection.by, FO_REJECTED_BY_NOBODY);
    world_fini(&w);
}
