#include "fo/run/run_private.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "fo/run/clock.h"
#include "fo/run/digest.h"

#define LINE_MAX_BYTES 1024
#define OWN_TIMERS     16 /* at most, beside those of links */

static const struct fo_run_limits default_limits = {
    .connections_total = 256,
    .connections_per_source = 16,
    .handshake_ms = 15000,
    .buffered_bytes = 8u << 20,
};

/* --- what happens outside of batches ---------------------------------------------------------- */

static void on_tick(evutil_socket_t fd, short what, void *context)
{
    struct fo_run *r = context;

    (void)fd, (void)what;
    r->tick_due = true;
    fo_run_want_batch(r);
}

static void on_woken(evutil_socket_t fd, short what, void *context)
{
    uint64_t count;
    ssize_t n = read(fd, &count, sizeof count);

    (void)n, (void)what;
    fo_run_want_batch(context);
}

static void on_give_up(evutil_socket_t fd, short what, void *context)
{
    struct fo_run *r = context;

    (void)fd, (void)what;
    event_base_loopexit(r->base, NULL);
}

static void on_conn_wants(void *context)
{
    fo_run_want_batch(context);
}

static void on_conn_log(void *context, enum fo_notice_level level, const char *line)
{
    fo_run_log(context, level, "%s", line);
}

void fo_run_log(struct fo_run *r, enum fo_notice_level level, const char *format, ...)
{
    char line[LINE_MAX_BYTES];
    va_list arguments;

    if (r->options.log == NULL)
        return;
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    for (char *at = line; *at != '\0'; at++) {
        if ((unsigned char)*at < ' ' || *at == 0x7f)
            *at = '?';
    }
    r->options.log(r->options.context, level, line);
}

/* --- beginning and end ------------------------------------------------------------------------ */

static void fill_in_limits(struct fo_run_limits *limits)
{
    if (limits->connections_total == 0)
        limits->connections_total = default_limits.connections_total;
    if (limits->connections_per_source == 0)
        limits->connections_per_source = default_limits.connections_per_source;
    if (limits->handshake_ms == 0)
        limits->handshake_ms = default_limits.handshake_ms;
    if (limits->buffered_bytes == 0)
        limits->buffered_bytes = default_limits.buffered_bytes;
}

static struct fo_run *make(const struct fo_run_options *options)
{
    struct fo_run *r = calloc(1, sizeof *r);

    if (r == NULL)
        return NULL;
    r->options = *options;
    r->options.listen = NULL;
    r->options.tls = NULL;
    r->server_config = options->server;
    r->server_config.tls_available = options->tls != NULL;
    r->server_config.digest_new = fo_run_digest_new;
    r->server_config.digest_free = fo_run_digest_free;
    atomic_init(&r->store_error, FO_OK);
    atomic_init(&r->stop_ms, -1);
    pthread_mutex_init(&r->turn, NULL);
    pthread_mutex_init(&r->lock, NULL);
    fo_conn_set_init(&r->conns);
    r->conns.limits = options->limits;
    fill_in_limits(&r->conns.limits);
    r->conns.want = on_conn_wants;
    r->conns.log = on_conn_log;
    r->conns.context = r;
    r->listening.links = &r->conns;
    r->listening.last_id = 1; /* odd numbers; the server dials even ones */
    return r;
}

/* libevent makes room for timers as they come, and where it has no memory a timer is not set: all
 * of ours get their room now, lest a tick that cannot be set is the last one. */
static int reserve_timers(struct fo_run *r)
{
    const struct timeval never = {.tv_sec = 86400};
    size_t count = r->conns.limits.connections_total + FO_RELATIONSHIPS_MAX + OWN_TIMERS, set = 0;
    struct event *timers = calloc(count, sizeof *timers);
    int rc = timers != NULL ? FO_OK : FO_ENOMEM;

    for (; rc == FO_OK && set < count; set++) {
        evtimer_assign(&timers[set], r->base, on_give_up, r);
        if (event_add(&timers[set], &never) != 0)
            rc = FO_ENOMEM;
    }
    while (set > 0)
        event_del(&timers[--set]);
    free(timers);
    return rc;
}

static int make_events(struct fo_run *r)
{
    int rc = fo_jobs_init(&r->jobs);

    if (rc != FO_OK)
        return rc;
    r->base = r->options.base;
    if (r->base == NULL) {
        r->base = event_base_new();
        r->own_base = true;
    }
    if (r->base == NULL)
        return FO_ENOMEM;
    r->conns.base = r->base;
    r->batch = evtimer_new(r->base, fo_run_batch, r);
    r->tick = evtimer_new(r->base, on_tick, r);
    r->probe = evtimer_new(r->base, fo_run_probe, r);
    r->give_up = evtimer_new(r->base, on_give_up, r);
    r->woken = event_new(r->base, r->jobs.fd, EV_READ | EV_PERSIST, on_woken, r);
    if (r->batch == NULL || r->tick == NULL || r->probe == NULL || r->give_up == NULL ||
        r->woken == NULL)
        return FO_ENOMEM;
    if (event_add(r->woken, NULL) != 0)
        return FO_EIO;
    return reserve_timers(r);
}

static int open_listeners(struct fo_run *r, const struct fo_listen *listen, size_t count, char *why,
                          size_t why_capacity)
{
    r->listeners = calloc(count > 0 ? count : 1, sizeof(struct fo_listener *));
    if (r->listeners == NULL)
        return FO_ENOMEM;
    for (size_t i = 0; i < count; i++) {
        int rc = fo_listener_open(&r->listening, &listen[i], &r->listeners[i], why, why_capacity);

        if (rc != FO_OK)
            return rc;
        r->listener_count++;
    }
    return FO_OK;
}

int fo_run_new(const struct fo_run_options *options, struct fo_run **out, char *why,
               size_t why_capacity)
{
    struct fo_run *r = make(options);
    int rc;

    if (why_capacity > 0)
        why[0] = '\0';
    if (r == NULL) {
        snprintf(why, why_capacity, "no memory for a runtime");
        return FO_ENOMEM;
    }
    rc = make_events(r);
    if (rc == FO_OK && options->tls != NULL)
        rc = fo_tls_new(options->tls, &r->conns.tls, why, why_capacity);
    if (rc == FO_OK)
        rc = open_listeners(r, options->listen, options->listen_count, why, why_capacity);
    if (rc == FO_OK) {
        r->store = options->store;
        rc = fo_run_rebuild(r);
    }
    if (rc != FO_OK) {
        if (why_capacity > 0 && why[0] == '\0')
            snprintf(why, why_capacity, "cannot start: %s", fo_strerror(rc));
        r->store = NULL; /* still the caller's */
        fo_run_free(r);
        return rc;
    }
    fo_run_want_batch(r);
    *out = r;
    return FO_OK;
}

static void free_event(struct event *e)
{
    if (e != NULL)
        event_free(e);
}

void fo_run_free(struct fo_run *r)
{
    if (r == NULL)
        return;
    fo_conn_set_fini(&r->conns);
    for (size_t i = 0; i < r->listener_count; i++)
        fo_listener_free(r->listeners[i]);
    free(r->listeners);
    free_event(r->batch);
    free_event(r->tick);
    free_event(r->woken);
    free_event(r->probe);
    free_event(r->give_up);
    fo_jobs_fini(&r->jobs);
    if (r->own_base && r->base != NULL)
        event_base_free(r->base);
    fo_tls_free(r->conns.tls);
    fo_server_free(r->server);
    fo_store_free(r->store);
    fo_outbox_fini(&r->out);
    pthread_mutex_destroy(&r->lock);
    pthread_mutex_destroy(&r->turn);
    free(r);
}

int fo_run_dispatch(struct fo_run *r)
{
    sigset_t pipe;

    /* A partner may close while TLS writes to it; that is an error code, not the end of us. */
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe, NULL);
    return event_base_dispatch(r->base) >= 0 ? FO_OK : FO_EIO;
}

void fo_run_stop(struct fo_run *r, uint32_t ms)
{
    atomic_store(&r->stop_ms, ms);
    fo_jobs_wake(&r->jobs);
}

/* --- the door for others ---------------------------------------------------------------------- */

int fo_run_submit(struct fo_run *r, fo_run_change change, fo_run_done done, void *context)
{
    return fo_jobs_add(&r->jobs, change, done, context);
}

int fo_run_post(struct fo_run *r, const struct fo_event *event)
{
    return fo_jobs_add_event(&r->jobs, event);
}

struct fo_server *fo_run_lock(struct fo_run *r)
{
    pthread_mutex_lock(&r->turn);
    pthread_mutex_lock(&r->lock);
    pthread_mutex_unlock(&r->turn);
    return r->server;
}

void fo_run_unlock(struct fo_run *r)
{
    pthread_mutex_unlock(&r->lock);
}

struct fo_server *fo_run_server(struct fo_run *r)
{
    return r->server;
}

struct fo_store *fo_run_store(struct fo_run *r)
{
    return r->store;
}

int fo_run_store_error(const struct fo_run *r)
{
    return atomic_load(&r->store_error);
}

/* --- facts ------------------------------------------------------------------------------------ */

struct event_base *fo_run_base(struct fo_run *r)
{
    return r->base;
}

uint16_t fo_run_port(const struct fo_run *r, size_t listener)
{
    return listener < r->listener_count ? fo_listener_port(r->listeners[listener]) : 0;
}

fo_ipv4_t fo_run_address(const struct fo_run *r, size_t listener)
{
    return listener < r->listener_count ? fo_listener_address(r->listeners[listener]) : 0;
}

uint64_t fo_run_utc_ms(const struct fo_run *r)
{
    return fo_run_clock_utc_ms(r->options.clock_offset_s);
}

struct fo_now fo_run_now(const struct fo_run *r)
{
    return fo_run_clock_now(r->options.clock_offset_s);
}

int fo_run_reload_tls(struct fo_run *r, const struct fo_tls_files *tls, char *why,
                      size_t why_capacity)
{
    struct fo_tls *fresh = NULL;
    int rc;

    if (r->conns.tls == NULL) {
        snprintf(why, why_capacity, "TLS cannot be switched on while running");
        return FO_ESTATE;
    }
    rc = fo_tls_new(tls, &fresh, why, why_capacity);
    if (rc != FO_OK)
        return rc;
    fo_tls_free(r->conns.tls);
    r->conns.tls = fresh;
    return FO_OK;
}

void fo_run_get_stats(struct fo_run *r, struct fo_run_stats *out)
{
    *out = r->stats;
    out->links_open = r->conns.count;
    out->links_accepted = r->listening.accepted;
    out->links_refused = r->listening.refused;
    fo_store_stats(r->store, &out->store);
}
