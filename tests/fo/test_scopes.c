#include <criterion/criterion.h>
#include <string.h>

#include "fo/endpoint.h"
#include "tests/fo/peer.h"

/* Scopes as management changes them (MAPI §1.5). */

static uint32_t create(struct peer *p, fo_ipv4_t subnet, fo_ipv4_t mask, char why[128])
{
    struct fo_scope scope = {.subnet = subnet, .mask = mask};
    return fo_server_scope_create(p->server, &scope, why, 128);
}

Test(scopes, one_that_exists_or_overlaps_is_refused_with_20001_and_its_kin)
{
    struct peer p;
    char why[128] = "";
    peer_init(&p, FO_ROLE_PRIMARY, NULL);
    cr_assert_eq(create(&p, SUBNET, 0xffffff00, why), ERROR_DHCP_SUBNET_EXISTS);
    cr_assert_not_null(strstr(why, "10.0.0.0"), "%s", why);
    cr_assert_eq(create(&p, SUBNET, 0xffff0000, why), ERROR_DHCP_SUBNET_EXISTS);
    cr_assert_eq(create(&p, SUBNET + 128, 0xffffff80, why), ERROR_DHCP_SUBNET_EXISTS);
    cr_assert_not_null(strstr(why, "overlaps"), "%s", why);
    cr_assert_eq(create(&p, SUBNET + 256, 0xffffff00, why), ERROR_SUCCESS);
    cr_assert_eq(fo_lease_db_scope_count(fo_server_leases(p.server)), 2);
    peer_fini(&p);
}

Test(scopes, a_change_keeps_the_mask_and_needs_the_scope)
{
    struct peer p;
    struct fo_range range = {ADDRESS(50), ADDRESS(60)};
    struct fo_scope scope = {.subnet = SUBNET, .mask = 0xffff0000};
    char why[128] = "";
    struct fo_outbox out = {0};
    peer_init(&p, FO_ROLE_PRIMARY, NULL);
    scope.ranges = &range;
    scope.range_count = 1;
    cr_assert_eq(fo_server_scope_set(p.server, &scope, &out, why, sizeof why),
                 ERROR_INVALID_PARAMETER);
    scope.mask = 0xffffff00;
    cr_assert_eq(fo_server_scope_set(p.server, &scope, &out, why, sizeof why), ERROR_SUCCESS);
    cr_assert_eq(fo_scope_size(fo_lease_db_scope(fo_server_leases(p.server), SUBNET)), 11);
    scope.subnet = SUBNET + 256;
    cr_assert_eq(fo_server_scope_set(p.server, &scope, &out, why, sizeof why),
                 ERROR_DHCP_SUBNET_NOT_PRESENT);
    fo_outbox_fini(&out);
    peer_fini(&p);
}

Test(scopes, one_in_a_relationship_stays_and_one_with_leases_needs_force)
{
    struct peer p;
    char why[128] = "";
    struct fo_report r = {.kind = FO_REPORT_GRANT,
                          .address = SUBNET + 256 + 20,
                          .client = world_client(1),
                          .desired_s = 600};
    peer_init(&p, FO_ROLE_PRIMARY, NULL);
    peer_scope(&p, 1);
    cr_assert_eq(fo_server_scope_delete(p.server, SUBNET, true, why, sizeof why),
                 ERROR_DHCP_FO_SCOPE_ALREADY_IN_RELATIONSHIP);
    cr_assert_eq(fo_server_scope_delete(p.server, SUBNET + 512, true, why, sizeof why),
                 ERROR_DHCP_SUBNET_NOT_PRESENT);
    r.lease_end = fo_utc_add(peer_now(&p).utc, 600);
    peer_report(&p, &r);
    cr_assert_eq(fo_server_scope_delete(p.server, SUBNET + 256, false, why, sizeof why),
                 ERROR_DHCP_ELEMENT_CANT_REMOVE);
    cr_assert_eq(fo_server_scope_delete(p.server, SUBNET + 256, true, why, sizeof why),
                 ERROR_SUCCESS);
    peer_batch(&p, NULL, 0, NULL, NULL);
    peer_restart(&p);
    cr_assert_eq(fo_lease_db_scope_count(fo_server_leases(p.server)), 1);
    peer_fini(&p);
}

static void make_bootp_only(struct fo_scope *scope, struct fo_range_use *use)
{
    *use = (struct fo_range_use){.kind = FO_RANGE_BOOTP};
    scope->uses = use;
}

Test(scopes, none_of_a_relationship_has_a_range_for_bootp_alone) /* M-CR-26, 20129 */
{
    struct peer p;
    struct fo_range range = {ADDRESS(50), ADDRESS(60)};
    struct fo_range_use use;
    struct fo_scope scope = {
        .subnet = SUBNET, .mask = 0xffffff00, .ranges = &range, .range_count = 1};
    struct fo_outbox out = {0};
    char why[128] = "";
    fo_ipv4_t other = SUBNET + 256;
    peer_init(&p, FO_ROLE_PRIMARY, NULL);
    make_bootp_only(&scope, &use);
    cr_assert_eq(fo_server_scope_set(p.server, &scope, &out, why, sizeof why),
                 ERROR_DHCP_FO_IPRANGE_TYPE_CONV_ILLEGAL);
    cr_assert_not_null(strstr(why, "10.0.0.0"), "%s", why);
    cr_assert_gt(fo_scope_size(fo_lease_db_scope(fo_server_leases(p.server), SUBNET)), 11);
    scope.subnet = other;
    range = (struct fo_range){other + 50, other + 60};
    cr_assert_eq(fo_server_scope_create(p.server, &scope, why, sizeof why), ERROR_SUCCESS);
    fo_endpoint_find(p.server, PEER_NAME)->state = FO_STATE_NORMAL;
    cr_assert_eq(fo_server_relationship_check_add(p.server, PEER_NAME, &other, 1, why, sizeof why),
                 ERROR_INVALID_PARAMETER);
    use.kind = FO_RANGE_BOTH;
    cr_assert_eq(fo_server_scope_set(p.server, &scope, &out, why, sizeof why), ERROR_SUCCESS);
    cr_assert_eq(fo_server_relationship_check_add(p.server, PEER_NAME, &other, 1, why, sizeof why),
                 ERROR_SUCCESS);
    fo_outbox_fini(&out);
    peer_fini(&p);
}

/* --- scopes that come into a relationship -------------------------------------------------------
 */

#define NEW (SUBNET + 256)

static void add(void *context, struct fo_server *s, struct fo_now now, struct fo_outbox *out)
{
    const fo_ipv4_t subnet = NEW;
    (void)context;
    cr_assert_eq(fo_server_relationship_add_scopes(s, PEER_NAME, &subnet, 1, now, out, NULL, 0),
                 ERROR_SUCCESS);
}

static enum fo_answer asks(struct peer *p, fo_ipv4_t address, unsigned client, char why[160])
{
    struct fo_client c = world_client(client);
    return fo_server_may_give(p->server, address, &c, peer_now(p), why, 160);
}

/* An address of the primary's in the scope that was there before. */
static fo_ipv4_t elsewhere(struct peer *p)
{
    fo_ipv4_t address = 0;
    cr_assert(
        fo_lease_db_available(fo_server_leases(p->server), SUBNET, FO_STATUS_FREE, 0, &address));
    return address;
}

/* A primary in NORMAL with the new scope, in which client 1 has a lease of its own; the partner was
 * asked and has not told. */
static fo_link_id_t not_told(struct peer *p)
{
    struct fo_report r = {.kind = FO_REPORT_GRANT, .address = NEW + 20, .desired_s = 3600};
    fo_link_id_t id;
    peer_init(p, FO_ROLE_PRIMARY, NULL);
    peer_scope(p, 1);
    r.client = world_client(1);
    r.lease_end = fo_utc_add(peer_now(p).utc, r.desired_s);
    peer_report(p, &r);
    id = peer_normal(p);
    peer_batch(p, NULL, 0, add, NULL);
    cr_assert_not_null(peer_find(p, id, FO_MSG_UPDREQALL));
    return id;
}

/* The partner may have leased it while the scope was its alone: two clients had one address. */
Test(scopes, nothing_of_an_added_scope_is_given_before_the_partner_told_its_leases)
{
    static struct peer p;
    struct fo_client c = world_client(2);
    struct fo_message *m;
    fo_ipv4_t address;
    char why[160] = "";
    fo_link_id_t id = not_told(&p);
    cr_assert_eq(asks(&p, NEW + 21, 2, why), FO_ANSWER_SILENT);
    cr_assert_not_null(strstr(why, "is not known yet"), "%s", why);
    cr_assert_eq(fo_server_choose(p.server, NEW, &c, NEW + 21, 0, peer_now(&p), &address),
                 FO_ENOSPACE);
    cr_assert_eq(asks(&p, NEW + 20, 1, why), FO_ANSWER_SERVE, "its own lease goes on");
    cr_assert_eq(asks(&p, elsewhere(&p), 2, why), FO_ANSWER_SERVE,
                 "the other scope is not held back");
    m = peer_words(&p, FO_MSG_UPDDONE);
    m->xid = p.said.xid;
    peer_send(&p, id, m);
    cr_assert_eq(asks(&p, NEW + 21, 2, why), FO_ANSWER_SERVE);
    peer_fini(&p);
}

/* §9.4.2: as the partner's own, MCLT after it was taken over from. */
Test(scopes, an_added_scope_of_which_the_partner_died_is_served_mclt_after_partner_down)
{
    static struct peer p;
    char why[160] = "";
    peer_hang_up(&p, not_told(&p));
    cr_assert_eq(peer_status(&p).state, FO_STATE_COMMUNICATIONS_INTERRUPTED);
    cr_assert_eq(asks(&p, NEW + 21, 2, why), FO_ANSWER_SILENT);
    cr_assert_eq(asks(&p, elsewhere(&p), 2, why), FO_ANSWER_SERVE);
    peer_restart(&p);
    peer_run(&p, MINUTES(5));
    cr_assert_eq(asks(&p, NEW + 21, 2, why), FO_ANSWER_SILENT);
    cr_assert_eq(asks(&p, elsewhere(&p), 2, why), FO_ANSWER_SERVE);
    cr_assert_eq(peer_command(&p, FO_COMMAND_PARTNER_DOWN), ERROR_SUCCESS);
    cr_assert_eq(asks(&p, elsewhere(&p), 2, why), FO_ANSWER_SERVE);
    peer_run(&p, SECONDS(PEER_MCLT_S - 1));
    cr_assert_eq(asks(&p, NEW + 21, 2, why), FO_ANSWER_SILENT);
    cr_assert_not_null(strstr(why, "until MCLT has passed in PARTNER-DOWN"), "%s", why);
    peer_run(&p, SECONDS(1));
    cr_assert_eq(asks(&p, NEW + 21, 2, why), FO_ANSWER_SERVE);
    peer_fini(&p);
}

/* What does not fit the record may be any of them. */
Test(scopes, of_more_than_can_be_remembered_every_scope_is_held_back)
{
    static struct peer p;
    static fo_ipv4_t many[FO_SCOPES_PER_CALL_MAX] = {NEW};
    struct fo_endpoint *ep;
    char why[160] = "";
    (void)not_told(&p);
    ep = fo_endpoint_find(p.server, PEER_NAME);
    fo_scopes_came(ep, many, FO_SCOPES_PER_CALL_MAX - 1);
    cr_assert_eq(asks(&p, elsewhere(&p), 2, why), FO_ANSWER_SERVE);
    fo_scopes_came(ep, many, 1);
    cr_assert_eq(asks(&p, elsewhere(&p), 2, why), FO_ANSWER_SILENT);
    fo_scopes_came(ep, many, 1);
    cr_assert_eq(asks(&p, elsewhere(&p), 2, why), FO_ANSWER_SILENT);
    fo_scopes_heard(ep);
    cr_assert_eq(asks(&p, elsewhere(&p), 2, why), FO_ANSWER_SERVE);
    cr_assert_eq(asks(&p, NEW + 21, 2, why), FO_ANSWER_SERVE);
    peer_fini(&p);
}
