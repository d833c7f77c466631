#include <criterion/criterion.h>
#include <string.h>

#include "fo/endpoint.h"
#include "state/record.h"
#include "tests/fo/peer.h"

/* Start-up from a store of which records are damaged: never a reason not to start; what may be
 * missing is asked back from the partner, and MCLT is waited (draft-12 §9.3.2, §9.5, §9.6). */

struct count {
    uint8_t table;
    unsigned n;
};

static int count_one(void *context, const void *key, size_t key_length, const void *value,
                     size_t value_length)
{
    struct count *c = context;
    (void)key_length;
    (void)value;
    (void)value_length;
    c->n += *(const uint8_t *)key == c->table;
    return 0;
}

static unsigned in_quarantine(struct peer *p, enum fo_table table)
{
    struct count c = {(uint8_t)table, 0};
    int rc = fo_store_walk(p->store, FO_TABLE_QUARANTINE, NULL, 0, count_one, &c);
    cr_assert(rc == FO_OK || rc == FO_ENOTFOUND);
    return c.n;
}

static void damage_key(struct peer *p, enum fo_table table, const void *key, size_t length)
{
    cr_assert_eq(fo_store_mem_damage(p->store, table, key, length, 40), FO_OK);
}

static void damage_name(struct peer *p, enum fo_table table)
{
    damage_key(p, table, PEER_NAME, strlen(PEER_NAME));
}

static void grant(struct peer *p, fo_ipv4_t address, unsigned n)
{
    peer_report(p, &(struct fo_report){.kind = FO_REPORT_GRANT,
                                       .address = address,
                                       .client = world_client(n),
                                       .lease_end = fo_utc_add(peer_now(p).utc, 600),
                                       .desired_s = 600});
}

static void damage_address(struct peer *p, enum fo_table table, fo_ipv4_t address)
{
    uint8_t key[4];
    fo_record_put_address(address, key);
    damage_key(p, table, key, sizeof key);
}

static void damage_binding(struct peer *p, fo_ipv4_t address)
{
    damage_address(p, FO_TABLE_BINDING, address);
}

/* Through RECOVER, UPDREQALL and RECOVER-WAIT; whether MCLT was waited. */
static void recovers(struct peer *p)
{
    fo_link_id_t id;
    struct fo_message *done;
    uint32_t xid;
    fo_utc_t down = peer_now(p).utc;
    id = peer_join(p, FO_STATE_PARTNER_DOWN);
    cr_assert_eq(peer_status(p).state, FO_STATE_RECOVER);
    cr_assert_not_null(peer_find(p, id, FO_MSG_UPDREQALL), "not UPDREQ: something is missing");
    xid = p->said.xid;
    done = peer_words(p, FO_MSG_UPDDONE);
    done->xid = xid;
    peer_send(p, id, done);
    cr_assert_eq(peer_status(p).state, FO_STATE_RECOVER_WAIT);
    cr_assert_eq(peer_find(p, id, FO_MSG_STATE)->server_state, 254);
    for (int i = 0; i < 100 && peer_status(p).state == FO_STATE_RECOVER_WAIT; i++) {
        peer_run(p, SECONDS(10));
        peer_send_bare(p, id, FO_MSG_CONTACT);
    }
    cr_assert_eq(peer_status(p).state, FO_STATE_RECOVER_DONE);
    cr_assert_geq(peer_now(p).utc.s, down.s + PEER_MCLT_S);
    cr_assert_leq(peer_now(p).utc.s, down.s + PEER_MCLT_S + 10);
}

Test(restore, a_whole_store_comes_back_as_it_was)
{
    struct peer p;
    peer_init(&p, FO_ROLE_SECONDARY, NULL);
    peer_normal(&p);
    grant(&p, ADDRESS(20), 1);
    peer_restart(&p);
    cr_assert_eq(p.report.damaged, 0);
    cr_assert_eq(p.report.relationships, 1);
    cr_assert_eq(peer_binding(&p, ADDRESS(20)).status, FO_STATUS_ACTIVE);
    cr_assert_eq(peer_status(&p).state, FO_STATE_STARTUP);
    peer_run(&p, SECONDS(10));
    cr_assert_eq(peer_status(&p).state, FO_STATE_COMMUNICATIONS_INTERRUPTED);
    peer_fini(&p);
}

Test(restore, a_damaged_endpoint_record_goes_to_quarantine_and_the_endpoint_recovers)
{
    struct peer p; /* §9.3.2 step 1, §9.5.2, §9.6.2 */
    peer_init(&p, FO_ROLE_SECONDARY, NULL);
    peer_hang_up(&p, peer_normal(&p));
    damage_name(&p, FO_TABLE_ENDPOINT);
    peer_restart(&p);
    cr_assert_eq(p.report.damaged, 1);
    cr_assert_eq(in_quarantine(&p, FO_TABLE_ENDPOINT), 1);
    cr_assert_not_null(strstr(p.alarms, "table=endpoint"));
    recovers(&p);
    peer_fini(&p);
}

/* The number that marks are compared with was lost: counted anew it came to theirs (§5.17). */
Test(restore, marks_of_a_damaged_endpoint_record_count_for_nothing)
{
    struct peer p;
    fo_link_id_t id;
    peer_init(&p, FO_ROLE_SECONDARY, NULL);
    id = peer_normal(&p);
    peer_send_bare(&p, id, FO_MSG_UPDREQALL);
    grant(&p, ADDRESS(20), 1);
    peer_agree(&p, id);
    peer_hang_up(&p, id);
    damage_name(&p, FO_TABLE_ENDPOINT);
    peer_restart(&p);
    id = peer_join(&p, FO_STATE_PARTNER_DOWN);
    peer_send_bare(&p, id, FO_MSG_UPDREQALL);
    cr_assert_not_null(peer_find(&p, id, FO_MSG_BNDUPD));
    cr_assert_eq(p.said.groups[0].address, ADDRESS(20));
    peer_fini(&p);
}

Test(restore, a_missing_endpoint_record_is_as_bad_as_a_damaged_one)
{
    struct peer p;
    peer_init(&p, FO_ROLE_SECONDARY, NULL);
    peer_hang_up(&p, peer_normal(&p));
    cr_assert_eq(fo_store_begin(p.store), FO_OK);
    cr_assert_eq(fo_store_del(p.store, FO_TABLE_ENDPOINT, PEER_NAME, strlen(PEER_NAME)), FO_OK);
    cr_assert_eq(fo_store_commit(p.store), FO_OK);
    peer_restart(&p);
    recovers(&p);
    peer_fini(&p);
}

Test(restore, a_damaged_binding_goes_to_quarantine_and_the_endpoint_recovers)
{
    struct peer p;
    peer_init(&p, FO_ROLE_SECONDARY, NULL);
    grant(&p, ADDRESS(20), 1);
    grant(&p, ADDRESS(21), 2);
    peer_hang_up(&p, peer_normal(&p));
    damage_binding(&p, ADDRESS(20));
    peer_restart(&p);
    cr_assert_eq(in_quarantine(&p, FO_TABLE_BINDING), 1);
    cr_assert_eq(peer_binding(&p, ADDRESS(20)).status, FO_STATUS_FREE);
    cr_assert_eq(peer_binding(&p, ADDRESS(21)).status, FO_STATUS_ACTIVE);
    recovers(&p);
    peer_fini(&p);
}

/* The operator makes the scope again: its leases are still there, and it is the relationship's. */
Test(restore, a_damaged_scope_has_its_bindings_and_its_relationship_again_once_it_is_made)
{
    struct peer p;
    struct fo_address_view view;
    peer_init(&p, FO_ROLE_SECONDARY, NULL);
    grant(&p, ADDRESS(20), 1);
    peer_hang_up(&p, peer_normal(&p));
    damage_address(&p, FO_TABLE_SCOPE, SUBNET);
    peer_restart(&p);
    cr_assert_eq(in_quarantine(&p, FO_TABLE_SCOPE), 1);
    peer_scope(&p, 0);
    cr_assert_eq(peer_binding(&p, ADDRESS(20)).status, FO_STATUS_ACTIVE);
    cr_assert_eq(fo_server_address(p.server, ADDRESS(21), &view), FO_OK);
    cr_assert(view.in_relationship);
    peer_restart(&p);
    cr_assert_eq(peer_binding(&p, ADDRESS(20)).status, FO_STATUS_ACTIVE);
    peer_fini(&p);
}

Test(restore, a_second_crash_right_after_the_first_start_does_not_forget_the_damage)
{
    struct peer p; /* the record is in quarantine: nobody would find the damage again */
    peer_init(&p, FO_ROLE_SECONDARY, NULL);
    grant(&p, ADDRESS(20), 1);
    peer_hang_up(&p, peer_normal(&p));
    damage_binding(&p, ADDRESS(20));
    peer_restart(&p);
    peer_restart(&p);
    cr_assert_eq(p.report.damaged, 0);
    recovers(&p);
    peer_restart(&p); /* and once made good it is over */
    peer_run(&p, SECONDS(11));
    cr_assert_eq(peer_status(&p).state, FO_STATE_RECOVER_DONE);
    peer_fini(&p);
}

Test(restore, recover_wait_goes_on_after_a_restart_in_the_middle)
{
    struct peer p; /* S-09, §9.6.2: down-time + MCLT, not start + MCLT */
    fo_link_id_t id;
    struct fo_message *done;
    uint32_t xid;
    peer_init(&p, FO_ROLE_SECONDARY, NULL);
    peer_hang_up(&p, peer_normal(&p));
    damage_name(&p, FO_TABLE_ENDPOINT);
    peer_restart(&p);
    id = peer_join(&p, FO_STATE_PARTNER_DOWN);
    xid = peer_find(&p, id, FO_MSG_UPDREQALL)->xid;
    done = peer_words(&p, FO_MSG_UPDDONE);
    done->xid = xid;
    peer_send(&p, id, done);
    peer_hang_up(&p, id);
    peer_run(&p, SECONDS(300));
    cr_assert_eq(peer_status(&p).state, FO_STATE_RECOVER_WAIT);
    peer_restart(&p);
    peer_run(&p, SECONDS(299));
    cr_assert_eq(peer_status(&p).state, FO_STATE_RECOVER_WAIT);
    peer_run(&p, SECONDS(2));
    cr_assert_eq(peer_status(&p).state, FO_STATE_RECOVER_DONE);
    peer_fini(&p);
}

Test(restore, scopes_stay_silent_while_a_relationships_record_is_in_quarantine)
{
    struct peer p; /* its partner may have given any address to anybody meanwhile */
    struct fo_client known = world_client(1), other = world_client(2);
    struct fo_relationship r = peer_relationship(FO_ROLE_SECONDARY, PEER_NAME);
    fo_ipv4_t address;
    peer_init(&p, FO_ROLE_SECONDARY, NULL);
    peer_hang_up(&p, peer_normal(&p));
    grant(&p, ADDRESS(20), 1);
    damage_name(&p, FO_TABLE_RELATIONSHIP);
    for (int again = 0; again < 2; again++) {
        peer_restart(&p);
        cr_assert_eq(p.report.damaged, again == 0 ? 1 : 0);
        cr_assert_eq(in_quarantine(&p, FO_TABLE_RELATIONSHIP), 1);
        cr_assert_eq(fo_server_relationship_count(p.server), 0);
        cr_assert_eq(fo_server_may_serve(p.server, SUBNET, &other, FO_CLIENT_NEW, 9),
                     FO_ANSWER_SILENT);
        cr_assert_eq(fo_server_may_serve(p.server, SUBNET, &known, FO_CLIENT_RENEW, 0),
                     FO_ANSWER_SILENT);
        cr_assert_eq(fo_server_may_give(p.server, ADDRESS(20), &known, peer_now(&p), NULL, 0),
                     FO_ANSWER_SILENT, "not even the lease it holds");
        cr_assert_eq(fo_server_may_give(p.server, ADDRESS(30), &other, peer_now(&p), NULL, 0),
                     FO_ANSWER_SILENT);
        cr_assert_eq(fo_server_choose(p.server, SUBNET, &other, 0, 0, peer_now(&p), &address),
                     FO_ESTATE);
    }
    peer_run(&p, SECONDS(700)); /* the lease ran out: but who knows what the partner did */
    cr_assert_eq(peer_binding(&p, ADDRESS(20)).status, FO_STATUS_ACTIVE);
    /* Made anew, whatever the operator thinks: it has served, so it recovers and waits. */
    cr_assert_eq(peer_create(&p, &r, FO_BIRTH_VIRGIN, NULL), ERROR_SUCCESS);
    cr_assert_eq(in_quarantine(&p, FO_TABLE_RELATIONSHIP), 0);
    recovers(&p);
    peer_restart(&p);
    cr_assert_eq(p.report.damaged, 0);
    cr_assert_eq(p.report.relationships, 1);
    peer_fini(&p);
}

Test(restore, another_name_does_not_end_the_silence)
{
    struct peer p;
    struct fo_relationship r = peer_relationship(FO_ROLE_SECONDARY, "beta");
    struct fo_client c = world_client(1);
    fo_ipv4_t scope = SUBNET + 256;
    peer_init(&p, FO_ROLE_SECONDARY, NULL);
    peer_scope(&p, 1);
    damage_name(&p, FO_TABLE_RELATIONSHIP);
    peer_restart(&p);
    r.scopes = &scope;
    cr_assert_eq(peer_create(&p, &r, FO_BIRTH_VIRGIN, NULL), ERROR_SUCCESS);
    cr_assert_eq(fo_server_may_serve(p.server, SUBNET, &c, FO_CLIENT_NEW, 9), FO_ANSWER_SILENT);
    peer_fini(&p);
}

Test(restore, backup_addresses_are_not_freed_while_their_relationship_is_in_quarantine)
{
    struct peer p;
    struct fo_binding b;
    peer_init(&p, FO_ROLE_SECONDARY, NULL);
    peer_normal(&p);
    peer_words(&p, FO_MSG_BNDUPD);
    peer_active(&p, ADDRESS(30), 1, 60);
    p.words.groups[0].status = FO_STATUS_BACKUP;
    p.words.groups[0].present = PEER_OPT(ASSIGNED_IP_ADDRESS) | PEER_OPT(BINDING_STATUS);
    peer_send(&p, p.links[p.link_count - 1].id, &p.words);
    cr_assert_eq(peer_binding(&p, ADDRESS(30)).status, FO_STATUS_BACKUP);
    damage_name(&p, FO_TABLE_RELATIONSHIP);
    peer_restart(&p);
    peer_run(&p, MINUTES(5));
    b = peer_binding(&p, ADDRESS(30));
    cr_assert_eq(b.status, FO_STATUS_BACKUP);
    peer_fini(&p);
}

Test(restore, the_lead_of_partner_down_survives_a_restart)
{
    struct peer p; /* L-10: "no contact with the partner since" is remembered */
    fo_link_id_t id;
    peer_init(&p, FO_ROLE_PRIMARY, NULL);
    id = peer_normal(&p);
    peer_hang_up(&p, id);
    cr_assert_eq(peer_command(&p, FO_COMMAND_PARTNER_DOWN), ERROR_SUCCESS);
    id = peer_join(&p, FO_STATE_RECOVER);
    cr_assert(fo_endpoint_find(p.server, PEER_NAME)->rec.contact_since_down);
    peer_hang_up(&p, id);
    peer_restart(&p);
    peer_run(&p, SECONDS(11));
    cr_assert_eq(peer_status(&p).state, FO_STATE_PARTNER_DOWN);
    cr_assert(fo_endpoint_find(p.server, PEER_NAME)->rec.contact_since_down);
    peer_fini(&p);
}
