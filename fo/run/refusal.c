/* When the store refuses: nothing of the batch happened, links are closed, the server is built anew
 * from what is stored, and until a probe is written nobody is promised anything. */
#include "fo/run/run_private.h"

#include "fo/run/clock.h"
#include "state/record.h"

#define PROBE_VERSION 1

int fo_run_rebuild(struct fo_run *r)
{
    struct fo_server *fresh = fo_server_new(&r->server_config, r->store), *old;
    struct fo_restore_report report = {0};
    int rc;

    if (fresh == NULL)
        return FO_ENOMEM;
    fo_outbox_clear(&r->out);
    rc = fo_server_restore(fresh, fo_run_now(r), &r->out, &report);
    if (rc == FO_OK)
        rc = r->out.err;
    if (rc != FO_OK) {
        fo_outbox_clear(&r->out);
        fo_server_free(fresh);
        return rc;
    }
    fo_run_lock(r);
    old = r->server;
    r->server = fresh;
    fo_run_unlock(r);
    fo_server_free(old);
    fo_run_log(r, report.damaged > 0 ? FO_NOTICE_ALARM : FO_NOTICE_INFO,
               "run: restored relationships=%zu scopes=%llu bindings=%llu damaged=%llu",
               report.relationships, (unsigned long long)report.leases.scopes,
               (unsigned long long)report.leases.bindings, (unsigned long long)report.damaged);
    return FO_OK;
}

static void pause_listeners(struct fo_run *r, bool paused)
{
    for (size_t i = 0; i < r->listener_count; i++)
        fo_listener_pause(r->listeners[i], paused);
}

static void refuse(struct fo_run *r, int error)
{
    const struct timeval soon = {.tv_sec = 1};

    atomic_store(&r->store_error, error);
    fo_jobs_refuse(&r->jobs, error);
    event_add(r->probe, &soon);
}

void fo_run_refuse(struct fo_run *r, int error)
{
    fo_outbox_clear(&r->out);
    fo_conn_set_fini(&r->conns);
    pause_listeners(r, true);
    event_del(r->tick);
    refuse(r, error);
    if (r->refused_since_us == 0) {
        r->refused_since_us = fo_run_clock_us();
        fo_run_log(r, FO_NOTICE_ALARM,
                   "run: the store refuses, links closed, no changes accepted cause=\"%s\"",
                   fo_strerror(error));
    }
    r->server_stale = fo_run_rebuild(r) != FO_OK;
}

void fo_run_recovered(struct fo_run *r)
{
    if (r->refused_since_us == 0)
        return;
    fo_run_log(r, FO_NOTICE_WARNING, "run: the store accepts changes again after_s=%llu",
               (unsigned long long)((fo_run_clock_us() - r->refused_since_us) / 1000000u));
    r->refused_since_us = 0;
}

/* Writes a record of its own: that a transaction without changes commits proves nothing. */
static int write_probe(struct fo_run *r)
{
    uint8_t value[16];
    struct fo_writer w = fo_writer_of(value, sizeof value);
    int rc = fo_store_begin(r->store);

    if (rc != FO_OK)
        return rc;
    fo_write_u8(&w, PROBE_VERSION);
    fo_write_u32(&w, fo_run_now(r).utc.s);
    fo_record_seal(&w);
    rc = fo_store_put(r->store, FO_TABLE_META, "probe", sizeof "probe" - 1, value, w.position);
    if (rc != FO_OK) {
        fo_store_abort(r->store);
        return rc;
    }
    return fo_store_commit(r->store);
}

void fo_run_probe(evutil_socket_t fd, short what, void *context)
{
    struct fo_run *r = context;
    int rc = write_probe(r);

    (void)fd, (void)what;
    if (rc == FO_OK && r->server_stale)
        rc = fo_run_rebuild(r);
    if (rc != FO_OK) {
        refuse(r, rc);
        return;
    }
    r->server_stale = false;
    atomic_store(&r->store_error, FO_OK);
    fo_jobs_refuse(&r->jobs, FO_OK);
    pause_listeners(r, false);
    fo_run_want_batch(r); /* what the restored server wants done */
}
