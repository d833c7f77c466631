/* The public face: opening and closing, the thread, news. The loop's thread and the host's threads
 * meet in three places only: the jobs, the server's lock and the news. */
#include "fo/run/door.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "state/store_lmdb.h"
#include "state/store_mem.h"

#define LAST_WORDS_MS  1000 /* for DISCONNECT to reach the partners */
#define LEASES_AT_ONCE 64   /* copied under one lock by fo_each_lease */

/* --- conversions ------------------------------------------------------------------------------ */

fo_utc_t fo_door_utc(uint32_t s)
{
    return fo_utc(s >= FO_UTC_INFINITE ? FO_UTC_INFINITE : s);
}

uint32_t fo_door_seconds(fo_utc_t t)
{
    return t.s >= FO_UTC_INFINITE ? FO_LEASE_INFINITE_S : t.s;
}

static struct fo_lease lease_of(const struct fo_binding *b)
{
    struct fo_lease lease = {
        .address = b->address,
        .status = fo_binding_status_name(b->status),
        .lease_end = fo_door_seconds(b->lease_expiration),
        .client_last_transaction = b->client_last_transaction.s,
    };

    lease.client.hw = b->client.hw;
    lease.client.hw_length = b->client.hw_length;
    lease.client.id = b->client.id_length > 0 ? b->client.id : NULL;
    lease.client.id_length = b->client.id_length;
    return lease;
}

/* --- what the loop tells ---------------------------------------------------------------------- */

static void on_log(void *context, enum fo_notice_level level, const char *line)
{
    struct fo *f = context;

    if (f->log != NULL)
        f->log(f->context, (int)level, line);
}

static void told(struct fo *f, int rc)
{
    if (rc != FO_OK)
        on_log(f, FO_NOTICE_ALARM,
               "door: news for the host lost for want of memory, compare the databases");
}

static void on_applied(void *context, const struct fo_binding *b)
{
    struct fo *f = context;

    told(f, fo_news_lease(f->news, b));
}

static void on_durable(void *context, uint64_t token)
{
    struct fo *f = context;

    told(f, fo_news_token(f->news, FO_NEWS_DURABLE, token));
}

static void on_acked(void *context, uint64_t token)
{
    struct fo *f = context;

    told(f, fo_news_token(f->news, FO_NEWS_ACKED, token));
}

/* --- opening and closing ---------------------------------------------------------------------- */

static int open_store(const struct fo_options *options, struct fo_store **out, char *why,
                      size_t why_capacity)
{
    if (options->store_path != NULL)
        return fo_store_lmdb_open(options->store_path, 0, out, why, why_capacity);
    *out = fo_store_mem_new();
    if (*out != NULL)
        return FO_OK;
    snprintf(why, why_capacity, "no memory for a store");
    return FO_ENOMEM;
}

static int open_run(struct fo *f, const struct fo_options *options, struct fo_store *store,
                    char *why, size_t why_capacity)
{
    const struct fo_tls_files tls = {options->ca_file, options->cert_file, options->key_file};
    struct fo_listen listen = {.port = options->listen_port};
    struct fo_run_options run = {
        .store = store,
        .listen = &listen,
        .listen_count = 1,
        .log = on_log,
        .applied = on_applied,
        .durable = on_durable,
        .acked = on_acked,
        .context = f,
    };

    if (listen.port == 0)
        listen.port = FO_DEFAULT_PORT;
    if (options->listen_address != NULL &&
        fo_ipv4_parse(options->listen_address, &listen.address) != FO_OK) {
        snprintf(why, why_capacity, "%s is not an IPv4 address", options->listen_address);
        return FO_EINVAL;
    }
    f->has_tls = tls.ca_file != NULL || tls.cert_file != NULL || tls.key_file != NULL;
    if (f->has_tls)
        run.tls = &tls;
    return fo_run_new(&run, &f->run, why, why_capacity);
}

int fo_open(const struct fo_options *options, struct fo **out, char *why, size_t why_capacity)
{
    struct fo_store *store = NULL;
    struct fo *f = calloc(1, sizeof *f);
    int rc;

    if (why == NULL)
        why_capacity = 0;
    if (f == NULL || (f->news = fo_news_new()) == NULL) {
        snprintf(why, why_capacity, "no memory or no descriptor for an engine");
        free(f);
        return FO_ENOMEM;
    }
    f->log = options->log;
    f->context = options->context;
    pthread_mutex_init(&f->mutex, NULL);
    rc = open_store(options, &store, why, why_capacity);
    if (rc == FO_OK)
        rc = open_run(f, options, store, why, why_capacity);
    if (rc != FO_OK) {
        fo_store_free(store);
        fo_close(f);
        return rc;
    }
    *out = f;
    return FO_OK;
}

static void *run_loop(void *context)
{
    struct fo *f = context;

    if (fo_run_dispatch(f->run) != FO_OK)
        on_log(f, FO_NOTICE_ALARM, "door: the loop ended unasked");
    return NULL;
}

int fo_start(struct fo *f)
{
    sigset_t all, before;
    int rc = FO_OK;

    pthread_mutex_lock(&f->mutex);
    if (f->running) {
        rc = FO_ESTATE;
    } else {
        /* Signals are the host's. */
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, &before);
        if (pthread_create(&f->thread, NULL, run_loop, f) != 0)
            rc = FO_ENOMEM;
        pthread_sigmask(SIG_SETMASK, &before, NULL);
        f->running = rc == FO_OK;
    }
    pthread_mutex_unlock(&f->mutex);
    return rc;
}

void fo_close(struct fo *f)
{
    if (f == NULL)
        return;
    if (f->running) {
        fo_run_stop(f->run, LAST_WORDS_MS);
        pthread_join(f->thread, NULL);
    }
    fo_run_free(f->run);
    fo_news_free(f->news);
    pthread_mutex_destroy(&f->mutex);
    free(f);
}

/* --- changes ---------------------------------------------------------------------------------- */

struct waiting {
    fo_run_change change;
    void *context;
    pthread_mutex_t mutex;
    pthread_cond_t finished;
    bool is_finished;
    int rc;
};

static void apply_change(void *context, struct fo_server *s, struct fo_now now,
                         struct fo_outbox *out)
{
    struct waiting *w = context;

    w->change(w->context, s, now, out);
}

static void change_done(void *context, int rc)
{
    struct waiting *w = context;

    pthread_mutex_lock(&w->mutex);
    w->rc = rc;
    w->is_finished = true;
    pthread_cond_signal(&w->finished);
    pthread_mutex_unlock(&w->mutex);
}

int fo_door_change(struct fo *f, fo_run_change change, void *context)
{
    struct waiting w = {.change = change,
                        .context = context,
                        .mutex = PTHREAD_MUTEX_INITIALIZER,
                        .finished = PTHREAD_COND_INITIALIZER};
    int rc;

    pthread_mutex_lock(&f->mutex);
    rc = fo_run_submit(f->run, apply_change, change_done, &w);
    if (rc == FO_OK && !f->running)
        fo_run_settle(f->run);
    pthread_mutex_unlock(&f->mutex);
    if (rc != FO_OK)
        return rc;

    pthread_mutex_lock(&w.mutex);
    while (!w.is_finished)
        pthread_cond_wait(&w.finished, &w.mutex);
    pthread_mutex_unlock(&w.mutex);
    return w.rc;
}

/* --- news ------------------------------------------------------------------------------------- */

int fo_event_fd(struct fo *f)
{
    return fo_news_fd(f->news);
}

static void tell(const struct fo_callbacks *callbacks, const struct fo_news_item *item)
{
    struct fo_lease lease;

    if (item->kind == FO_NEWS_LEASE) {
        void (*call)(void *, const struct fo_lease *) =
            item->binding.status == FO_STATUS_ACTIVE ? callbacks->apply : callbacks->remove;

        lease = lease_of(&item->binding);
        if (call != NULL)
            call(callbacks->context, &lease);
    } else {
        void (*call)(void *, uint64_t) =
            item->kind == FO_NEWS_DURABLE ? callbacks->on_durable : callbacks->on_acked;

        if (call != NULL)
            call(callbacks->context, item->token);
    }
}

size_t fo_drain(struct fo *f, const struct fo_callbacks *callbacks, size_t limit)
{
    struct fo_news_item *item;
    size_t count = 0;

    while ((limit == 0 || count < limit) && (item = fo_news_take(f->news)) != NULL) {
        tell(callbacks, item);
        free(item);
        count++;
    }
    return count;
}

int fo_each_lease(struct fo *f, void (*visit)(void *context, const struct fo_lease *lease),
                  void *context)
{
    struct {
        struct fo_binding binding;
        uint8_t id[FO_CLIENT_ID_MAX];
    } some[LEASES_AT_ONCE], *at;
    fo_ipv4_t from = 0;
    size_t count;

    do {
        struct fo_lease_db *leases = fo_server_leases(fo_run_lock(f->run));

        for (count = 0; count < LEASES_AT_ONCE; count++) {
            at = &some[count];
            if (!fo_lease_db_next(leases, from, &at->binding))
                break;
            if (at->binding.client.id_length > 0)
                memcpy(at->id, at->binding.client.id, at->binding.client.id_length);
            at->binding.client.id = at->id;
            from = at->binding.address + 1;
        }
        fo_run_unlock(f->run);
        for (size_t i = 0; i < count; i++) {
            struct fo_lease lease = lease_of(&some[i].binding);

            visit(context, &lease);
        }
    } while (count == LEASES_AT_ONCE && from != 0);
    return FO_OK;
}
