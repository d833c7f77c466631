/* One batch: everything that happened in one turn of the loop, in one transaction. While the commit
 * runs, input waits in the kernel and becomes the next batch: group commit without a timer. */
#include "fo/run/run_private.h"

#include <string.h>

#include "fo/run/clock.h"

void fo_run_want_batch(struct fo_run *r)
{
    const struct timeval next_turn = {0};

    /* libevent appends to the events that are active now, so it runs behind all of them. From
     * within a batch that would be this turn of the loop for ever. */
    if (!r->in_batch)
        event_active(r->batch, EV_TIMEOUT, 0);
    else if (event_add(r->batch, &next_turn) != 0)
        fo_jobs_wake(&r->jobs); /* no memory for a timer: this needs none */
}

/* --- stepping --------------------------------------------------------------------------------- */

/* The lock is taken for each event: a question never waits for a whole batch. */
static int step(struct fo_run *r, struct fo_event *event)
{
    int rc;

    event->now = fo_run_now(r);
    r->stats.events++;
    fo_run_lock(r);
    rc = fo_server_step(r->server, event, &r->out);
    fo_run_unlock(r);
    return rc;
}

static int step_bytes(struct fo_run *r, struct fo_conn *c)
{
    size_t left = c->accepted && !c->answered ? FO_READ_FROM_STRANGER : FO_READ_PER_BATCH;
    int rc = FO_OK;

    while (rc == FO_OK && left > 0) {
        struct fo_event event = {.kind = FO_EVENT_LINK_BYTES, .link = c->id};
        size_t want = left < sizeof r->read_buffer ? left : sizeof r->read_buffer;

        event.bytes.data = r->read_buffer;
        event.bytes.length = fo_conn_read(c, r->read_buffer, want);
        if (event.bytes.length == 0)
            return FO_OK;
        left -= event.bytes.length;
        rc = step(r, &event);
    }
    fo_conn_owe(c, FO_CONN_OWES_BYTES);
    return rc;
}

static int step_conn(struct fo_run *r, struct fo_conn *c)
{
    struct fo_event event = {.link = c->id};
    unsigned owes = c->owes;
    int rc = FO_OK;

    c->owes = 0;
    if (owes & FO_CONN_OWES_UP) {
        event.kind = FO_EVENT_LINK_UP;
        event.up.accepted = c->accepted;
        event.up.partner = c->address;
        rc = step(r, &event);
    }
    if (rc == FO_OK && (owes & FO_CONN_OWES_SECURE)) {
        event.kind = FO_EVENT_LINK_SECURE;
        rc = step(r, &event);
    }
    if (rc == FO_OK && (owes & FO_CONN_OWES_BYTES))
        rc = step_bytes(r, c);
    if (rc == FO_OK && c->stage == FO_CONN_DOWN) {
        event.kind = FO_EVENT_LINK_DOWN;
        event.down.why = c->why;
        rc = step(r, &event);
        fo_conn_free(c);
    }
    return rc;
}

static int step_conns(struct fo_run *r)
{
    size_t due = r->conns.due_count; /* who owes more after its turn waits for the next batch */
    struct fo_conn *c;
    int rc = FO_OK;

    while (rc == FO_OK && due-- > 0 && (c = fo_conn_take_due(&r->conns)) != NULL)
        rc = step_conn(r, c);
    return rc;
}

static int step_jobs(struct fo_run *r, struct fo_job_list *jobs)
{
    struct fo_job *job;
    int rc = FO_OK;

    STAILQ_FOREACH(job, jobs, next)
    {
        if (rc != FO_OK)
            break;
        if (job->change == NULL) {
            rc = step(r, &job->event);
            continue;
        }
        fo_run_lock(r);
        job->change(job->context, r->server, fo_run_now(r), &r->out);
        fo_run_unlock(r);
    }
    return rc;
}

static int step_all(struct fo_run *r, struct fo_job_list *jobs, bool goodbye)
{
    struct fo_event tick = {.kind = FO_EVENT_TICK};
    int rc = step_conns(r);

    if (rc == FO_OK)
        rc = step_jobs(r, jobs);
    if (rc == FO_OK && r->tick_due)
        rc = step(r, &tick);
    r->tick_due = false;
    if (rc != FO_OK)
        return rc;

    fo_run_lock(r);
    if (goodbye)
        fo_server_goodbye(r->server, fo_run_now(r), &r->out);
    rc = fo_server_flush(r->server, fo_run_now(r), &r->out);
    fo_run_unlock(r);
    return rc == FO_OK ? r->out.err : rc;
}

/* --- committing ------------------------------------------------------------------------------- */

static int commit(struct fo_run *r)
{
    uint64_t began_us = fo_run_clock_us(), took_us;
    int rc = fo_store_commit(r->store);

    took_us = fo_run_clock_us() - began_us;
    r->stats.commits++;
    r->stats.commit_us_total += took_us;
    if (took_us > r->stats.commit_us_max)
        r->stats.commit_us_max = took_us;
    return rc;
}

static int transact(struct fo_run *r, struct fo_job_list *jobs, bool goodbye)
{
    int rc = fo_store_begin(r->store);

    if (rc != FO_OK)
        return rc;
    rc = step_all(r, jobs, goodbye);
    if (rc != FO_OK) {
        fo_store_abort(r->store);
        return rc;
    }
    return commit(r);
}

static void set_tick(struct fo_run *r)
{
    struct fo_now now = fo_run_now(r);
    fo_mono_t wake;
    struct timeval wait;
    int64_t ms;

    fo_run_lock(r);
    wake = fo_server_next_wake(r->server, now);
    fo_run_unlock(r);
    if (wake.ms == INT64_MAX) {
        event_del(r->tick);
        return;
    }
    ms = wake.ms > now.mono.ms ? wake.ms - now.mono.ms : 0;
    wait.tv_sec = ms / 1000;
    wait.tv_usec = ms % 1000 * 1000;
    event_add(r->tick, &wait);
}

/* Leaving: last words may take a while, but not for ever. */
static void leave(struct fo_run *r)
{
    int64_t ms = atomic_load(&r->stop_ms);
    const struct timeval wait = {.tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000};

    r->leaving = true;
    fo_jobs_refuse(&r->jobs, FO_ECLOSED);
    for (size_t i = 0; i < r->listener_count; i++)
        fo_listener_pause(r->listeners[i], true);
    event_del(r->tick);
    event_del(r->probe);
    event_add(r->give_up, &wait);
    if (r->conns.count == 0)
        event_base_loopexit(r->base, NULL);
}

static void run_batch(struct fo_run *r)
{
    struct fo_job_list jobs;
    bool goodbye = !r->held && atomic_load(&r->stop_ms) >= 0;
    int rc = atomic_load(&r->store_error);

    r->in_batch = true;
    if (fo_jobs_take(&r->jobs, FO_JOBS_PER_BATCH, &jobs))
        fo_run_want_batch(r);
    if (rc == FO_OK) {
        rc = transact(r, &jobs, goodbye);
        r->stats.batches++;
        if (rc != FO_OK)
            fo_run_refuse(r, rc);
        else
            fo_run_recovered(r);
    }
    if (rc == FO_OK && !r->held)
        fo_run_carry_out(r);
    fo_jobs_finish(&jobs, rc);
    if (goodbye)
        leave(r);
    else if (rc == FO_OK)
        set_tick(r);
    r->in_batch = false;
}

void fo_run_batch(evutil_socket_t fd, short what, void *context)
{
    struct fo_run *r = context;

    (void)fd, (void)what;
    if (!r->leaving)
        run_batch(r);
    else if (r->conns.count == 0)
        event_base_loopexit(r->base, NULL);
}

void fo_run_settle(struct fo_run *r)
{
    r->held = true;
    run_batch(r);
    r->held = false;
}
