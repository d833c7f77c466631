#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fo/endpoint.h"
#include "tests/fo/peer.h"

/* Relationships as management changes them (MAPI §1.2, §3): the documented code, and after any
 * refusal a store without one byte changed. */

struct picture {
    uint8_t bytes[262144];
    size_t length;
};

static int take(void *context, const void *key, size_t key_length, const void *value,
                size_t value_length)
{
    struct picture *s = context;
    cr_assert_leq(s->length + key_length + value_length, sizeof s->bytes);
    memcpy(s->bytes + s->length, key, key_length);
    memcpy(s->bytes + s->length + key_length, value, value_length);
    s->length += key_length + value_length;
    return 0;
}

static struct picture *picture_of(struct peer *p)
{
    struct picture *s = calloc(1, sizeof *s);
    for (int t = 0; t < FO_TABLE_COUNT; t++)
        cr_assert_geq(fo_store_walk(p->store, (enum fo_table)t, NULL, 0, take, s), FO_ENOTFOUND);
    return s;
}

static void same(struct peer *p, struct picture *before)
{
    struct picture *after = picture_of(p);
    cr_assert_eq(after->length, before->length);
    cr_assert_eq(memcmp(after->bytes, before->bytes, after->length), 0);
    free(before);
    free(after);
}

static struct fo_relationship on_scope(const char *name, fo_ipv4_t *scope, unsigned n)
{
    struct fo_relationship r = peer_relationship(FO_ROLE_PRIMARY, name);
    *scope = SUBNET + 256 * n;
    r.scopes = scope;
    return r;
}

static void refused(struct peer *p, const struct fo_relationship *r, uint32_t code)
{
    struct picture *before = picture_of(p);
    size_t count = fo_server_relationship_count(p->server);
    char why[256] = "";
    cr_assert_eq(peer_create(p, r, FO_BIRTH_VIRGIN, why), code, "%s", why);
    cr_assert_neq(strlen(why), 0, "a sentence goes with it");
    cr_assert_eq(fo_server_relationship_count(p->server), count);
    same(p, before);
}

Test(relationships, the_32nd_is_refused_with_20133)
{
    struct peer p; /* MAPI §1.2 check 6, §3: 31 per server */
    fo_ipv4_t scope;
    struct fo_relationship r;
    char name[8];
    peer_bare(&p);
    for (unsigned n = 0; n < 32; n++)
        peer_scope(&p, n);
    for (unsigned n = 0; n < 31; n++) {
        snprintf(name, sizeof name, "r%02u", n);
        r = on_scope(name, &scope, n);
        cr_assert_eq(peer_create(&p, &r, FO_BIRTH_VIRGIN, NULL), ERROR_SUCCESS);
    }
    r = on_scope("one-more", &scope, 31);
    refused(&p, &r, ERROR_DHCP_FO_MAX_RELATIONSHIPS);
    peer_restart(&p);
    cr_assert_eq(p.report.relationships, 31);
    cr_assert_str_eq(fo_server_relationship_at(p.server, 0)->name, "r00");
    cr_assert_str_eq(fo_server_relationship_at(p.server, 30)->name, "r30");
    peer_fini(&p);
}

Test(relationships, a_name_of_126_characters_is_taken_and_one_of_127_refused)
{
    struct peer p; /* MAPI §1.2 check 5, §3: UTF-16 code units */
    fo_ipv4_t scope, other;
    struct fo_relationship r;
    char name[FO_RELATIONSHIP_NAME_BYTES + 1];
    peer_bare(&p);
    peer_scope(&p, 0);
    peer_scope(&p, 1);
    memset(name, 'n', 127);
    name[127] = '\0';
    r = on_scope(name, &scope, 0);
    refused(&p, &r, ERROR_DHCP_FO_RELATIONSHIP_NAME_TOO_LONG);
    name[126] = '\0';
    r = on_scope(name, &scope, 0);
    cr_assert_eq(peer_create(&p, &r, FO_BIRTH_VIRGIN, NULL), ERROR_SUCCESS);
    for (unsigned i = 0; i < 126; i++) /* the most bytes a name can take: U+20AC is three */
        memcpy(name + 3 * i, "\xe2\x82\xac", 3);
    name[378] = '\0';
    r = on_scope(name, &other, 1);
    cr_assert_eq(peer_create(&p, &r, FO_BIRTH_VIRGIN, NULL), ERROR_SUCCESS);
    peer_restart(&p);
    cr_assert_eq(p.report.relationships, 2);
    cr_assert_not_null(fo_server_relationship_find(p.server, name));
    peer_fini(&p);
}

Test(relationships, a_scope_in_use_or_unknown_and_a_name_in_use_are_refused)
{
    struct peer p; /* MAPI §1.2 checks 3, 7, 8, and note a: 7 before 8 */
    fo_ipv4_t scope;
    struct fo_relationship r;
    peer_init(&p, FO_ROLE_PRIMARY, NULL);
    peer_scope(&p, 1);
    r = on_scope("beta", &scope, 9);
    refused(&p, &r, ERROR_DHCP_SUBNET_NOT_PRESENT);
    r = on_scope("beta", &scope, 0);
    refused(&p, &r, ERROR_DHCP_FO_SCOPE_ALREADY_IN_RELATIONSHIP);
    r = on_scope(PEER_NAME, &scope, 0);
    refused(&p, &r, ERROR_DHCP_FO_SCOPE_ALREADY_IN_RELATIONSHIP);
    r = on_scope(PEER_NAME, &scope, 1);
    refused(&p, &r, ERROR_DHCP_FO_RELATIONSHIP_EXISTS);
    peer_fini(&p);
}

Test(relationships, what_the_process_cannot_do_is_refused)
{
    struct peer p;
    fo_ipv4_t scope;
    struct fo_relationship r;
    peer_bare(&p);
    peer_scope(&p, 0);
    r = on_scope("beta", &scope, 0);
    r.tls = FO_TLS_REQUIRED;
    refused(&p, &r, ERROR_INVALID_PARAMETER); /* no certificates */
    r.tls = FO_TLS_OFF;
    r.dialect = FO_DIALECT_ISC;
    strcpy(r.shared_secret, "quiet");
    refused(&p, &r, ERROR_INVALID_PARAMETER); /* ISC knows no digests */
    r.dialect = FO_DIALECT_DRAFT;
    p.server->config.digest_new = NULL;
    refused(&p, &r, ERROR_INVALID_PARAMETER);
    peer_fini(&p);
}

static void failed(void *context, uint32_t code, const char *sentence)
{
    cr_assert_neq(code, ERROR_SUCCESS);
    cr_assert_neq(strlen(sentence), 0);
    ++*(unsigned *)context;
}

Test(relationships, validate_reports_every_failure_and_changes_nothing)
{
    struct peer p;
    fo_ipv4_t scope;
    struct fo_relationship r;
    unsigned count = 0;
    struct fo_check_sink sink = {failed, &count};
    char why[256] = "";
    struct picture *before;
    peer_init(&p, FO_ROLE_PRIMARY, NULL);
    p.server->config.tls_available = false;
    before = picture_of(&p);
    r = on_scope(PEER_NAME, &scope, 0);
    r.tls = FO_TLS_REQUIRED;
    cr_assert_eq(fo_server_relationship_validate(p.server, &r, &sink, why, sizeof why),
                 ERROR_DHCP_FO_SCOPE_ALREADY_IN_RELATIONSHIP);
    cr_assert_eq(count, 3); /* the scope, the name, TLS */
    same(&p, before);
    peer_fini(&p);
}

/* --- set -------------------------------------------------------------------------------------- */

struct change {
    struct fo_relationship r;
    uint32_t flags, code;
};

static void set(void *context, struct fo_server *s, struct fo_now now, struct fo_outbox *out)
{
    struct change *c = context;
    c->code = fo_server_relationship_set(s, &c->r, c->flags, now, out, NULL, 0);
}

static uint32_t change(struct peer *p, struct change *c)
{
    peer_batch(p, NULL, 0, set, c);
    return c->code;
}

Test(relationships, only_what_the_flags_name_is_set)
{
    struct peer p;
    struct change c = {.r = peer_relationship(FO_ROLE_PRIMARY, PEER_NAME), .flags = FO_SET_MCLT};
    const struct fo_relationship *r;
    peer_init(&p, FO_ROLE_PRIMARY, NULL);
    c.r.mclt_s = 1200;
    c.r.percentage = 80;
    cr_assert_eq(change(&p, &c), ERROR_SUCCESS);
    peer_restart(&p);
    r = fo_server_relationship_find(p.server, PEER_NAME);
    cr_assert_eq(r->mclt_s, 1200);
    cr_assert_eq(r->percentage, 50);
    cr_assert_eq(peer_status(&p).mclt_s, 1200);
    c.flags = FO_SET_SAFE_PERIOD | FO_SET_PERCENTAGE;
    c.r.safe_period_s = 0; /* MAPI: 0 is stored as never */
    cr_assert_eq(change(&p, &c), ERROR_SUCCESS);
    r = fo_server_relationship_find(p.server, PEER_NAME);
    cr_assert_eq(r->safe_period_s, 0xffffffff);
    cr_assert_eq(r->percentage, 80);
    strcpy(c.r.name, "beta");
    cr_assert_eq(change(&p, &c), ERROR_DHCP_FO_RELATIONSHIP_DOES_NOT_EXIST);
    peer_fini(&p);
}

Test(relationships, a_secret_that_cannot_be_used_changes_nothing)
{
    struct peer p;
    struct change c = {.r = peer_relationship(FO_ROLE_PRIMARY, PEER_NAME),
                       .flags = FO_SET_SECRET | FO_SET_MCLT};
    const struct fo_relationship *r;
    struct picture *before;
    peer_init(&p, FO_ROLE_PRIMARY, NULL);
    p.server->config.digest_new = NULL;
    before = picture_of(&p);
    strcpy(c.r.shared_secret, "quiet");
    c.r.mclt_s = 1200;
    cr_assert_eq(change(&p, &c), ERROR_INVALID_PARAMETER);
    r = fo_server_relationship_find(p.server, PEER_NAME);
    cr_assert_eq(r->mclt_s, 600);
    cr_assert_str_eq(r->shared_secret, "");
    cr_assert_not(peer_status(&p).digest_on);
    same(&p, before);
    p.server->config.digest_new = peer_digest_new;
    cr_assert_eq(change(&p, &c), ERROR_SUCCESS);
    cr_assert(peer_status(&p).digest_on);
    peer_fini(&p);
}

/* --- scopes -------------------------------------------------------------------------------------
 */

struct scopes {
    const char *name;
    fo_ipv4_t list[1];
    uint32_t code;
};

static void add(void *context, struct fo_server *s, struct fo_now now, struct fo_outbox *out)
{
    struct scopes *c = context;
    c->code = fo_server_relationship_add_scopes(s, c->name, c->list, 1, now, out, NULL, 0);
}

static void take_out(void *context, struct fo_server *s, struct fo_now now, struct fo_outbox *out)
{
    struct scopes *c = context;
    c->code = fo_server_relationship_remove_scopes(s, c->name, c->list, 1, now, out, NULL, 0);
}

Test(relationships, scopes_are_added_in_normal_only_and_come_under_the_partners_eyes)
{
    struct peer p; /* MAPI: DhcpV4FailoverAddScopeToRelationship, checks 3, 6, 7, 8 */
    struct scopes c = {PEER_NAME, {SUBNET + 256}, 0};
    struct fo_report grant = {.kind = FO_REPORT_GRANT,
                              .address = SUBNET + 256 + 20,
                              .client = world_client(1),
                              .desired_s = 600};
    fo_link_id_t id;
    peer_init(&p, FO_ROLE_PRIMARY, NULL);
    peer_scope(&p, 1);
    grant.lease_end = fo_utc_add(peer_now(&p).utc, 600);
    peer_report(&p, &grant);
    peer_batch(&p, NULL, 0, add, &c);
    cr_assert_eq(c.code, ERROR_DHCP_FO_STATE_NOT_NORMAL);
    id = peer_normal(&p);
    while (peer_next(&p, id) != NULL)
        ;
    c.list[0] = SUBNET + 512;
    peer_batch(&p, NULL, 0, add, &c);
    cr_assert_eq(c.code, ERROR_DHCP_SUBNET_NOT_PRESENT);
    c.list[0] = SUBNET;
    peer_batch(&p, NULL, 0, add, &c);
    cr_assert_eq(c.code, ERROR_DHCP_FO_SCOPE_ALREADY_IN_RELATIONSHIP);
    c.list[0] = SUBNET + 256;
    c.name = "beta";
    peer_batch(&p, NULL, 0, add, &c);
    cr_assert_eq(c.code, ERROR_DHCP_FO_RELATIONSHIP_DOES_NOT_EXIST);
    c.name = PEER_NAME;
    peer_batch(&p, NULL, 0, add, &c);
    cr_assert_eq(c.code, ERROR_SUCCESS);
    cr_assert_not_null(peer_find(&p, id, FO_MSG_BNDUPD), "what it holds is told (§5.17)");
    peer_restart(&p);
    cr_assert_eq(fo_server_relationship_find(p.server, PEER_NAME)->scope_count, 2);
    peer_fini(&p);
}

/* Counts what the server says about the second scope, as BACKUP, until it has nothing more to say.
 */
static unsigned handed_over(struct peer *p, fo_link_id_t id)
{
    const struct fo_message *m;
    unsigned count = 0;
    while ((m = peer_next(p, id)) != NULL)
        for (size_t i = 0; m->type == FO_MSG_BNDUPD && i < m->group_count; i++)
            count += m->groups[i].address > SUBNET + 256 && m->groups[i].status == FO_STATUS_BACKUP;
    return count;
}

/* The partner's leases in a scope were refused while it was not in the relationship. A dhcpd takes
 * the primary's BACKUP for such an address, and its client's lease was gone. */
Test(relationships, no_address_of_a_new_scope_is_handed_over_before_the_partner_told_its_leases)
{
    struct peer p;
    struct scopes c = {PEER_NAME, {SUBNET + 256}, 0};
    struct fo_message *m;
    fo_link_id_t id;
    peer_init(&p, FO_ROLE_PRIMARY, NULL);
    peer_scope(&p, 1);
    id = peer_normal(&p);
    (void)handed_over(&p, id);
    peer_batch(&p, NULL, 0, add, &c);
    cr_assert_eq(c.code, ERROR_SUCCESS);
    cr_assert_not_null(peer_find(&p, id, FO_MSG_UPDREQALL));
    peer_run(&p, SECONDS(5));
    cr_assert_eq(handed_over(&p, id), 0);
    peer_restart(&p); /* before it has told */
    id = peer_join(&p, FO_STATE_NORMAL);
    cr_assert_eq(peer_status(&p).state, FO_STATE_NORMAL);
    peer_run(&p, SECONDS(5));
    cr_assert_not_null(peer_find(&p, id, FO_MSG_UPDREQALL));
    m = peer_words(&p, FO_MSG_UPDDONE);
    m->xid = p.said.xid;
    cr_assert_eq(handed_over(&p, id), 0);
    peer_send(&p, id, m);
    peer_run(&p, SECONDS(1));
    cr_assert_gt(handed_over(&p, id), 0);
    peer_fini(&p);
}

Test(relationships, a_scope_that_leaves_frees_what_nobody_holds)
{
    struct peer p;
    struct scopes c = {PEER_NAME, {SUBNET}, 0};
    peer_init(&p, FO_ROLE_PRIMARY, NULL);
    cr_assert_eq(
        fo_lease_db_put(fo_server_leases(p.server),
                        &(struct fo_binding){.address = ADDRESS(30), .status = FO_STATUS_BACKUP}),
        FO_OK);
    cr_assert_eq(fo_lease_db_put(fo_server_leases(p.server),
                                 &(struct fo_binding){.address = ADDRESS(31),
                                                      .status = FO_STATUS_ACTIVE,
                                                      .client = world_client(1)}),
                 FO_OK);
    c.list[0] = SUBNET + 256;
    peer_scope(&p, 1);
    peer_batch(&p, NULL, 0, take_out, &c);
    cr_assert_eq(c.code, ERROR_DHCP_FO_SCOPE_NOT_IN_RELATIONSHIP);
    c.list[0] = SUBNET;
    peer_batch(&p, NULL, 0, take_out, &c);
    cr_assert_eq(c.code, ERROR_SUCCESS);
    cr_assert_eq(peer_binding(&p, ADDRESS(30)).status, FO_STATUS_FREE);
    cr_assert_eq(peer_binding(&p, ADDRESS(31)).status, FO_STATUS_ACTIVE);
    peer_fini(&p);
}

Test(relationships, a_late_acknowledgement_does_not_touch_a_scope_that_left)
{
    struct peer p; /* meanwhile somebody else got the address */
    struct scopes c = {PEER_NAME, {SUBNET}, 0};
    struct fo_report r = {.kind = FO_REPORT_GRANT, .address = ADDRESS(20), .desired_s = 600};
    struct fo_message *ack;
    fo_link_id_t id;
    uint32_t xid = 0;
    const struct fo_message *m;
    peer_init(&p, FO_ROLE_SECONDARY, NULL);
    id = peer_normal(&p);
    r.client = world_client(1);
    r.lease_end = fo_utc_add(peer_now(&p).utc, 600);
    peer_report(&p, &r);
    while ((m = peer_next(&p, id)) != NULL)
        if (m->type == FO_MSG_BNDUPD)
            for (unsigned i = 0; i < m->group_count; i++)
                xid = m->groups[i].address == ADDRESS(20) ? m->xid : xid;
    cr_assert_neq(xid, 0);
    peer_batch(&p, NULL, 0, take_out, &c);
    cr_assert_eq(c.code, ERROR_SUCCESS);
    r.kind = FO_REPORT_RELEASE;
    peer_report(&p, &r);
    r.kind = FO_REPORT_GRANT;
    r.client = world_client(2);
    peer_report(&p, &r);
    ack = peer_words(&p, FO_MSG_BNDACK);
    ack->xid = xid;
    ack->group_count = 1;
    ack->groups[0] = (struct fo_group){.address = ADDRESS(20)};
    ack->groups[0].present = PEER_OPT(ASSIGNED_IP_ADDRESS);
    peer_send(&p, id, ack);
    cr_assert_eq(peer_binding(&p, ADDRESS(20)).status, FO_STATUS_ACTIVE);
    cr_assert_eq(peer_binding(&p, ADDRESS(20)).acked_epoch, 0, "nobody has acknowledged this one");
    peer_fini(&p);
}

/* --- delete
 * ---------------------------------------------------------------------------------------- */

static void erase(void *context, struct fo_server *s, struct fo_now now, struct fo_outbox *out)
{
    uint32_t *code = context;
    *code = fo_server_relationship_delete(s, PEER_NAME, now, out, NULL, 0);
}

Test(relationships, deleting_says_goodbye_and_leaves_no_record)
{
    struct peer p; /* allowed in any state; C-19 */
    fo_link_id_t id;
    uint32_t code = 1;
    peer_init(&p, FO_ROLE_PRIMARY, NULL);
    id = peer_normal(&p);
    peer_batch(&p, NULL, 0, erase, &code);
    cr_assert_eq(code, ERROR_SUCCESS);
    cr_assert_eq(peer_next(&p, id)->type, FO_MSG_DISCONNECT);
    cr_assert(peer_closed(&p, id));
    cr_assert_eq(strlen(p.alarms), 0, "%s", p.alarms);
    peer_batch(&p, NULL, 0, erase, &code);
    cr_assert_eq(code, ERROR_DHCP_FO_RELATIONSHIP_DOES_NOT_EXIST);
    peer_restart(&p);
    cr_assert_eq(p.report.relationships, 0);
    cr_assert_eq(fo_lease_db_scope_count(fo_server_leases(p.server)), 1);
    peer_fini(&p);
}

Test(relationships, deleting_in_the_middle_of_a_handshake_leaves_nothing_behind)
{
    struct peer p;
    fo_link_id_t id;
    uint32_t code = 1;
    peer_init(&p, FO_ROLE_SECONDARY, NULL);
    fo_endpoint_find(p.server, PEER_NAME)->r.tls = FO_TLS_REQUIRED;
    id = peer_call(&p);
    peer_connect(&p)->tls_request = 2;
    peer_send(&p, id, &p.words);
    peer_batch(&p, NULL, 0, erase, &code);
    cr_assert(peer_closed(&p, id));
    peer_secure(&p, id);
    peer_run(&p, MINUTES(1));
    peer_fini(&p);
}
