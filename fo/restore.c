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
    bool leases_damaged;
    bool state_read[FO_RELATIONSHIPS_MAX]; /* by the endpoint's place */
};

static void damage(void *context, enum fo_table table, const char *what)
{
    struct restore *r = context;
    static const char *const names[FO_TABLE_COUNT] = {
        [FO_TABLE_RELATIONSHIP] = "relationship",
        [FO_TABLE_ENDPOINT] = "endpoint",
        [FO_TABLE_SCOPE] = "scope",
        [FO_TABLE_BINDING] = "binding",
    };
    char line[400];
    r->leases_damaged = r->leases_damaged || table == FO_TABLE_BINDING || table == FO_TABLE_SCOPE;
    r->report->damaged++;
    snprintf(line, sizeof line, "store: table=%s damaged %s",
             names[table] != NULL ? names[table] : "?", what);
    fo_outbox_notice(r->st->out, FO_NOTICE_ALARM, line);
}

/* --- relationships ---------------------------------------------------------------------------- */

static int read_relationship(void *context, const void *key, size_t key_length, const void *value,
                             size_t value_length)
{
    struct restore *r = context;
    struct fo_server *s = r->st->server;
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

static int restore_relationships(struct restore *r)
{
    struct fo_server *s = r->st->server;
    uint64_t damaged = 0;
    int rc = fo_quarantine_walk(s->store, FO_TABLE_RELATIONSHIP, read_relationship, r, damage, r,
                                &damaged);
    if (rc == FO_OK)
        rc = look_for_quarantine(s);
    s->unsafe = s->unsafe || damaged != 0; /* a full store could not take it away */
    return rc;
}

static int seen(void *context, const void *key, size_t key_length, const void *value,
                size_t value_length)
{
    (void)context;
    (void)key;
    (void)key_length;
    (void)value;
    (void)value_length;
    return 1;
}

bool fo_quarantine_forgive(struct fo_server *s, const char *name)
{
    uint8_t aside[FO_STORE_KEY_MAX];
    struct fo_writer w = fo_writer_of(aside, sizeof aside);
    int rc;
    if (!s->unsafe)
        return false;
    fo_write_u8(&w, FO_TABLE_RELATIONSHIP);
    fo_write_bytes(&w, name, strlen(name));
    rc = fo_store_get(s->store, FO_TABLE_QUARANTINE, aside, w.position, seen, NULL);
    if (rc == FO_ENOTFOUND)
        return false;
    if (rc == 1)
        rc = fo_store_del(s->store, FO_TABLE_QUARANTINE, aside, w.position);
    if (rc == FO_OK)
        rc = look_for_quarantine(s);
    if (rc != FO_OK)
        s->err = rc;
    return true;
}

/* --- endpoints -------------------------------------------------------------------------------- */

/* The states of relationships that are not there, or not any more, are left alone. */
static int read_endpoint(void *context, const void *key, size_t key_length, const void *value,
                         size_t value_length)
{
    struct restore *r = context;
    const struct fo_server *s = r->st->server;
    struct fo_endpoint_record rec;
    int rc = fo_endpoint_record_read(value, value_length, &rec);
    if (rc != FO_OK)
        return rc;
    for (size_t i = 0; i < s->endpoint_count; i++) {
        struct fo_endpoint *ep = s->endpoints[i];
        if (strlen(ep->r.name) == key_length && memcmp(ep->r.name, key, key_length) == 0) {
            ep->rec = rec;
            r->state_read[i] = true;
        }
    }
    return 0;
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

/* A number that no lease was marked with: which of them the partner knew went with the record, and
 * counting again from 1 would come to what is marked (§5.17). */
static uint32_t unused_epoch(const struct fo_endpoint *ep)
{
    struct fo_binding b;
    uint32_t highest = 0;
    for (size_t i = 0; i < ep->r.scope_count; i++)
        for (fo_ipv4_t next = 0;
             fo_lease_db_next_in(ep->server->leases, ep->r.scopes[i], next, false, &b);) {
            if (b.acked_epoch > highest)
                highest = b.acked_epoch;
            next = b.address + 1;
            if (next == 0)
                break;
        }
    return highest == UINT32_MAX ? 1 : highest + 1;
}

static int restore_endpoint(struct restore *r, struct fo_endpoint *ep, bool state_read)
{
    struct fo_server *s = ep->server;
    int rc;
    if (!state_read) {
        lost(r, ep, "the stored state of the endpoint was damaged (§9.3.2)");
        ep->rec.update_epoch = unused_epoch(ep);
    } else if (r->leases_damaged) {
        lost(r, ep, "stored leases were damaged (§9.3.2)");
    }
    for (size_t i = 0; i < ep->r.scope_count; i++)
        fo_lease_db_set_owner(s->leases, ep->r.scopes[i], ep->number);
    rc = fo_journal_load(ep);
    if (rc == FO_OK)
        fo_endpoint_start(r->st, ep);
    return rc;
}

static int restore_endpoints(struct restore *r)
{
    struct fo_server *s = r->st->server;
    uint64_t damaged;
    int rc = fo_quarantine_walk(s->store, FO_TABLE_ENDPOINT, read_endpoint, r, damage, r, &damaged);
    for (size_t i = 0; i < s->endpoint_count && rc == FO_OK; i++)
        rc = restore_endpoint(r, s->endpoints[i], r->state_read[i]);
    return rc;
}

/* What was set aside is found no second time: that it has to be made good is stored at once. A full
 * store has set nothing aside either, and is no reason not to start. */
static int keep(struct restore *r)
{
    struct fo_server *s = r->st->server;
    int rc = fo_store_begin(s->store);
    if (rc != FO_OK)
        return rc;
    rc = fo_server_flush(s, r->st->now, r->st->out);
    if (rc == FO_OK)
        rc = fo_store_commit(s->store);
    else
        fo_store_abort(s->store);
    if (rc != FO_EFULL)
        return rc;
    for (size_t i = 0; i < s->endpoint_count; i++)
        s->endpoints[i]->rec_dirty = true;
    return FO_OK;
}

static void set_dues(struct fo_server *s, fo_utc_t now)
{
    struct fo_binding b;
    fo_ipv4_t next = 0;
    while (fo_lease_db_next(s->leases, next, &b)) {
        bool unowned = fo_lease_db_owner(s->leases, b.address) < 0;
        if (b.status == FO_STATUS_ACTIVE)
            fo_server_due(s, b.address, fo_lease_look_at(&b, now));
        else if (unowned && !s->unsafe && b.status != FO_STATUS_FREE &&
                 b.status != FO_STATUS_ABANDONED)
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
    int rc = fo_lease_db_load(s->leases, s->store, damage, &r, &report.leases);
    if (rc == FO_OK)
        rc = restore_relationships(&r);
    if (rc == FO_OK)
        rc = restore_endpoints(&r);
    if (rc == FO_OK && report.damaged != 0)
        rc = keep(&r);
    if (rc != FO_OK)
        return rc;
    set_dues(s, now.utc);
    report.relationships = s->endpoint_count;
    if (out_report != NULL)
        *out_report = report;
    return s->err != FO_OK ? s->err : out->err;
}
