/* Start-up: everything read back from the store. A damaged record is set aside and made good by
 * the partner (RECOVER with UPDREQALL), never a reason not to start (draft-12 §9.3). */
#include <stdio.h>
#include <string.h>

#include "fo/endpoint.h"
#include "state/quarantine.h"
#include "state/record.h"

struct restore {
    struct fo_step *st;
    struct fo_restore_report *report;
    bool leases_damaged, relationships_damaged;
};

static void damage(void *context, enum fo_table table, const char *what)
{
    struct restore *r = context;
    char line[400];
    r->leases_damaged = r->leases_damaged || table == FO_TABLE_BINDING || table == FO_TABLE_SCOPE;
    r->relationships_damaged = r->relationships_damaged || table == FO_TABLE_RELATIONSHIP;
    r->report->damaged++;
    snprintf(line, sizeof line, "store: %s %s",
             table == FO_TABLE_RELATIONSHIP ? "relationship" : "lease", what);
    fo_outbox_notice(r->st->out, FO_NOTICE_ALARM, line);
}

static void endpoint_damage(struct restore *r, const char *name)
{
    char line[FO_RELATIONSHIP_NAME_BYTES + 64];
    r->report->damaged++;
    snprintf(line, sizeof line, "store: endpoint state of %s: damaged, not used", name);
    fo_outbox_notice(r->st->out, FO_NOTICE_ALARM, line);
}

/* --- relationships
 * ----------------------------------------------------------------------------------- */

static int read_relationship(void *context, const void *key, size_t key_length, const void *value,
                             size_t value_length)
{
    struct fo_server *s = context;
    struct fo_relationship config = {0};
    struct fo_endpoint *ep;
    int rc = fo_record_read_relationship(value, value_length, &config);
    if (rc != FO_OK)
        return rc;
    if (strlen(config.name) != key_length || memcmp(config.name, key, key_length) != 0 ||
        s->endpoint_count == FO_RELATIONSHIPS_MAX) {
        fo_relationship_fini(&config);
        return FO_EDAMAGED;
    }
    ep = fo_endpoint_new(s, &config);
    fo_relationship_fini(&config);
    if (ep == NULL)
        return FO_ENOMEM;
    fo_server_insert(s, ep);
    return 0;
}

static int is_relationship(void *context, const void *key, size_t key_length, const void *value,
                           size_t value_length)
{
    bool *found = context;
    (void)value;
    (void)value_length;
    *found = key_length != 0 && *(const uint8_t *)key == FO_TABLE_RELATIONSHIP;
    return 1;
}

static int look_for_quarantine(struct fo_server *s)
{
    const uint8_t from = FO_TABLE_RELATIONSHIP;
    bool found = false;
    int rc = fo_store_walk(s->store, FO_TABLE_QUARANTINE, &from, 1, is_relationship, &found);
    s->unsafe = found;
    return rc < 0 && rc != FO_ENOTFOUND ? rc : FO_OK;
}

void fo_quarantine_forgive(struct fo_server *s, const char *name)
{
    uint8_t aside[FO_STORE_KEY_MAX];
    struct fo_writer w = fo_writer_of(aside, sizeof aside);
    int rc;
    if (!s->unsafe)
        return;
    fo_write_u8(&w, FO_TABLE_RELATIONSHIP);
    fo_write_bytes(&w, name, strlen(name));
    rc = w.err != FO_OK ? w.err : fo_store_del(s->store, FO_TABLE_QUARANTINE, aside, w.position);
    if (rc == FO_OK)
        rc = look_for_quarantine(s);
    if (rc != FO_OK)
        s->err = rc;
}

/* --- endpoints
 * ------------------------------------------------------------------------------------------- */

static int read_endpoint(void *context, const void *key, size_t key_length, const void *value,
                         size_t value_length)
{
    (void)key;
    (void)key_length;
    return fo_endpoint_record_read(value, value_length, context) == FO_OK ? 0 : 1;
}

/* This server may have served until now and does not know what: the partner has to tell
 * everything, and MCLT has to pass (§9.3.2 step 1, §9.6.2). */
static void lost(struct restore *r, struct fo_endpoint *ep, const char *cause)
{
    fo_utc_t now = r->st->now.utc;
    ep->rec.state = FO_STATE_RECOVER;
    ep->rec.since = ep->rec.operational_until = ep->rec.down_since = now;
    ep->rec.virgin = false;
    ep->rec.lost_storage = true;
    snprintf(ep->rec.cause, sizeof ep->rec.cause, "%s", cause);
}

static int restore_endpoint(struct restore *r, struct fo_endpoint *ep)
{
    struct fo_server *s = ep->server;
    int rc = fo_store_get(s->store, FO_TABLE_ENDPOINT, ep->r.name, strlen(ep->r.name),
                          read_endpoint, &ep->rec);
    if (rc < 0 && rc != FO_ENOTFOUND)
        return rc;
    if (rc == 1)
        endpoint_damage(r, ep->r.name);
    if (rc != FO_OK)
        lost(r, ep, "the stored state of the endpoint was damaged (§9.3.2)");
    else if (r->leases_damaged)
        lost(r, ep, "stored leases were damaged (§9.3.2)");
    for (size_t i = 0; i < ep->r.scope_count; i++)
        fo_lease_db_set_owner(s->leases, ep->r.scopes[i], ep->number);
    rc = fo_journal_load(ep);
    if (rc == FO_OK)
        fo_endpoint_start(r->st, ep);
    return rc;
}

static void set_dues(struct fo_server *s)
{
    struct fo_binding b;
    fo_ipv4_t next = 0;
    while (fo_lease_db_next(s->leases, next, &b)) {
        bool unowned = fo_lease_db_owner(s->leases, b.address) < 0;
        if (b.status == FO_STATUS_ACTIVE)
            fo_server_due(s, b.address, fo_lease_ends(&b));
        else if (unowned && b.status != FO_STATUS_FREE && b.status != FO_STATUS_ABANDONED)
            fo_server_due(s, b.address, fo_utc(1)); /* left over: free it at once */
        next = b.address + 1;
        if (next == 0)
            break;
    }
}

int fo_server_restore(struct fo_server *s, struct fo_now now, struct fo_outbox *out,
                      struct fo_restore_report *out_report)
{
    struct fo_step st = {s, now, out};
    struct fo_restore_report report = {0};
    struct restore r = {.st = &st, .report = &report};
    uint64_t damaged;
    int rc = fo_lease_db_load(s->leases, s->store, damage, &r, &report.leases);
    if (rc == FO_OK)
        rc = fo_quarantine_walk(s->store, FO_TABLE_RELATIONSHIP, read_relationship, s, damage, &r,
                                &damaged);
    if (rc == FO_OK)
        rc = look_for_quarantine(s);
    s->unsafe = s->unsafe || r.relationships_damaged; /* also where it could not be set aside */
    for (size_t i = 0; i < s->endpoint_count && rc == FO_OK; i++)
        rc = restore_endpoint(&r, s->endpoints[i]);
    if (rc != FO_OK)
        return rc;
    set_dues(s);
    report.relationships = s->endpoint_count;
    if (out_report != NULL)
        *out_report = report;
    return s->err != FO_OK ? s->err : out->err;
}
