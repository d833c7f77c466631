/* What a server tells about itself. */
#include <string.h>

#include "fo/run/run.h"
#include "mgmt/change.h"
#include "mgmt/message.h"
#include "proto/win32.h"

static char *text_or_empty(struct fo_call *c, const char *text)
{
    return fo_call_text(c, text != NULL ? text : "");
}

static void add_store(struct fo_call *c, Mgmt__Server *m)
{
    struct fo_store_stats store;
    struct fo_run_stats run;
    uint64_t ms;
    int err;

    fo_store_stats(c->store, &store);
    m->store_used = store.bytes_used;
    m->store_capacity = store.capacity_bytes;
    if (c->facts->run == NULL)
        return;
    m->failover_port = fo_run_port(c->facts->run, 0);
    m->failover_address = fo_run_address(c->facts->run, 0);
    ms = fo_run_utc_ms(c->facts->run);
    m->time = (uint32_t)(ms / 1000);
    m->time_ms = (uint32_t)(ms % 1000);
    fo_run_get_stats(c->facts->run, &run);
    m->batches = run.batches;
    m->commits = run.commits;
    m->commit_us_total = run.commit_us_total;
    m->commit_us_max = run.commit_us_max;
    err = fo_run_store_error(c->facts->run);
    if (err != FO_OK)
        m->store_error = fo_call_text(c, fo_strerror(err));
}

static bool add_doubts(struct fo_call *c, Mgmt__Server *m)
{
    struct fo_changes *changes = c->facts->changes;
    size_t count = fo_changes_count(changes);

    m->doubts = fo_call_alloc(c, (count + 1) * sizeof(Mgmt__Doubt *));
    if (m->doubts == NULL)
        return false;
    for (size_t i = 0; i < count; i++) {
        struct fo_change *change = fo_changes_at(changes, i);
        Mgmt__Doubt *doubt;
        if (change->state != FO_CHANGE_PREPARED)
            continue;
        doubt = fo_call_alloc(c, sizeof *doubt);
        if (doubt == NULL)
            return false;
        mgmt__doubt__init(doubt);
        doubt->id.data = change->id;
        doubt->id.len = sizeof change->id;
        doubt->relationship = text_or_empty(c, fo_change_name(change->body));
        doubt->since = change->since.s;
        doubt->decides_here = change->body->decides_here;
        doubt->decider = change->body->decider;
        doubt->trouble = change->trouble;
        m->doubts[m->n_doubts++] = doubt;
    }
    return true;
}

uint32_t fo_call_probe_check(struct fo_call *c)
{
    const Mgmt__Probe *m = c->request->probe;

    if (m->management[0] == '\0' && (m->address == 0 || m->port == 0 || m->port > UINT16_MAX))
        return fo_call_refuse(c, ERROR_INVALID_PARAMETER,
                              "A probe needs an address and a port, or a management address.");
    return ERROR_SUCCESS;
}

uint32_t fo_call_server_get(struct fo_call *c)
{
    Mgmt__Server *m = fo_call_alloc(c, sizeof *m);
    const struct fo_lease_db *db = fo_server_leases(c->server);

    if (m == NULL)
        return fo_call_no_memory(c);
    mgmt__server__init(m);
    m->name = text_or_empty(c, c->facts->server_name);
    m->version = text_or_empty(c, c->facts->version);
    m->time = c->now.utc.s;
    m->allowed_skew_s = FO_ALLOWED_SKEW_S;
    m->relationship_count = (uint32_t)fo_server_relationship_count(c->server);
    m->scope_count = (uint32_t)fo_lease_db_scope_count(db);
    m->lease_count = fo_lease_db_size(db);
    m->socket = text_or_empty(c, c->facts->socket);
    m->tls_port = c->facts->tls_port;
    m->certificate = text_or_empty(c, c->facts->certificate);
    m->certificate_until = c->facts->certificate_until.s;
    add_store(c, m);
    if (m->name == NULL || m->version == NULL || m->socket == NULL || m->certificate == NULL ||
        !add_doubts(c, m) || !fo_call_bindings(c, &m->bindings, &m->n_bindings))
        return fo_call_no_memory(c);
    c->reply.result_case = MGMT__REPLY__RESULT_SERVER;
    c->reply.server = m;
    return ERROR_SUCCESS;
}
