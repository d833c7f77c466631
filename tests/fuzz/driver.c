#include "tests/fuzz/driver.h"

#include <stdio.h>
#include <string.h>

#include "fo/endpoint.h"

#define TICKS_MAX 64         /* without sleeping */
#define BATCH_MAX (4u << 20) /* bytes and texts that one event may cause */
#define STORE_MAX (1u << 20)

static int digest_new(const char *secret, struct fo_digest *out)
{
    (void)secret;
    *out = (struct fo_digest){fuzz_digest, NULL};
    return FO_OK;
}

static void digest_free(struct fo_digest *digest)
{
    *digest = (struct fo_digest){0};
}

void fuzz_driver_init(struct fuzz_driver *d)
{
    memset(d, 0, sizeof *d);
    d->config.vendor_class = "fo-fuzz";
    d->config.digest_new = digest_new;
    d->config.digest_free = digest_free;
    d->store = fo_store_mem_new();
    d->now = (struct fo_now){{1000}, {FUZZ_NOW}};
    d->next_odd = 1;
    d->partner.next_xid = 1;
    d->partner.dialect = fo_dialect_get(FO_DIALECT_DRAFT);
    FUZZ_CHECK(d->store != NULL);
}

void fuzz_driver_fini(struct fuzz_driver *d)
{
    fo_server_free(d->server);
    fo_store_free(d->store);
    fo_outbox_fini(&d->out);
}

/* --- what it does -------------------------------------------------------------------------------
 */

void fuzz_check_text(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        FUZZ_CHECK((uint8_t)text[i] >= ' ' && text[i] != 0x7f);
}

static struct fuzz_link *link_of(struct fuzz_driver *d, fo_link_id_t id)
{
    for (size_t i = 0; i < FUZZ_LINKS; i++)
        if (d->links[i].id == id)
            return &d->links[i];
    return NULL;
}

static void sent(struct fuzz_driver *d, struct fuzz_link *link, const uint8_t *data, size_t length)
{
    static struct fo_message m;
    static char line[8192];
    const uint8_t *one;
    size_t size;
    int rc;
    while ((rc = fo_frame_next(&link->cutter, &data, &length, &one, &size)) == 1) {
        FUZZ_CHECK(fo_message_decode(one, size, &m, NULL) == FO_OK);
        if (fuzz_is_loud())
            fprintf(stderr, "%10lld sends %s\n", (long long)d->now.mono.ms,
                    fo_message_print(&m, line, sizeof line));
        fuzz_partner_hears(&d->partner, one, size);
    }
    FUZZ_CHECK(rc == 0 && link->cutter.held == 0); /* only whole messages are sent */
}

static void look_at_effect(struct fuzz_driver *d, const struct fo_effect *e)
{
    struct fuzz_link *link = link_of(d, e->link);
    struct fo_binding b;
    char line[512];
    switch (e->kind) {
    case FO_EFFECT_DIAL:
        FUZZ_CHECK(e->link % 2 == 0 && e->link != 0 && link == NULL);
        link = link_of(d, 0);
        FUZZ_CHECK(link != NULL);
        *link = (struct fuzz_link){.id = e->link};
        break;
    case FO_EFFECT_SEND:
        FUZZ_CHECK(link != NULL && link->up && e->length != 0);
        sent(d, link, fo_outbox_data(&d->out, e), e->length);
        break;
    case FO_EFFECT_START_TLS:
        FUZZ_CHECK(link != NULL && link->up);
        link->tls_wanted = true;
        break;
    case FO_EFFECT_CLOSE:
        FUZZ_CHECK(link != NULL);
        *link = (struct fuzz_link){0};
        break;
    case FO_EFFECT_APPLIED:
        b = fo_outbox_binding(&d->out, e);
        FUZZ_CHECK(b.status > FO_STATUS_NONE && b.status < FO_STATUS_COUNT);
        FUZZ_CHECK(fo_binding_print(&b, line, sizeof line) == line);
        break;
    case FO_EFFECT_NOTICE:
        if (fuzz_is_loud())
            fprintf(stderr, "%10lld %.*s\n", (long long)d->now.mono.ms, (int)e->length,
                    (const char *)fo_outbox_data(&d->out, e));
        fuzz_check_text((const char *)fo_outbox_data(&d->out, e), e->length);
        break;
    case FO_EFFECT_DURABLE:
    case FO_EFFECT_ACKED:
        FUZZ_CHECK(e->token != 0);
        break;
    }
}

/* --- what is seen of it -------------------------------------------------------------------------
 */

static void look_at_endpoint(struct fuzz_driver *d, const char *name)
{
    struct fo_endpoint_status st;
    int unwritten = 0;
    FUZZ_CHECK(fo_server_status(d->server, name, d->now, &st) == FO_OK);
    FUZZ_CHECK(st.state > FO_STATE_NONE && st.state < FO_STATE_COUNT);
    FUZZ_CHECK(st.partner_state < FO_STATE_COUNT);
    FUZZ_CHECK(fo_service_of(st.state) != fo_service_of(FO_STATE_NONE));
    FUZZ_CHECK(st.state_exit[0] != '\0');
    FUZZ_CHECK(st.queued <= FO_QUEUE_MAX);
    FUZZ_CHECK(!st.communications_ok || st.link_up);
    FUZZ_CHECK(!st.link_up || st.unacked <= st.window);
    if (st.last_fault[0] == 'a')
        (void)sscanf(st.last_fault, "a %*s could not be written:%n", &unwritten);
    if (unwritten != 0) /* not words of the partner's that say so */
        fuzz_broken(__FILE__, __LINE__, st.last_fault);
    fuzz_check_text(st.last_fault, strlen(st.last_fault));
    if (!d->own_texts)
        fuzz_check_text(st.state_cause, strlen(st.state_cause));
    fuzz_check_text(st.partner_vendor, strlen(st.partner_vendor));
}

static void look_at_everything(struct fuzz_driver *d)
{
    struct fo_store_stats stats;
    const struct fo_relationship *r;
    FUZZ_CHECK(d->out.err == FO_OK && d->out.used <= BATCH_MAX);
    for (size_t i = 0; i < d->out.count; i++)
        look_at_effect(d, &d->out.effects[i]);
    fo_outbox_clear(&d->out);
    for (size_t i = 0; (r = fo_server_relationship_at(d->server, i)) != NULL; i++)
        look_at_endpoint(d, r->name);
    fo_store_stats(d->store, &stats);
    FUZZ_CHECK(stats.bytes_used <= STORE_MAX);
    FUZZ_CHECK(!fo_lease_db_dirty(fo_server_leases(d->server)));
}

/* --- the loop -----------------------------------------------------------------------------------
 */

void fuzz_start(struct fuzz_driver *d)
{
    int rc;
    fo_server_free(d->server);
    fo_outbox_clear(&d->out);
    for (size_t i = 0; i < FUZZ_LINKS; i++)
        d->links[i] = (struct fuzz_link){0};
    fo_store_mem_set_faults(d->store, &(struct fo_store_mem_faults){0});
    d->faulty = false;
    d->server = fo_server_new(&d->config, d->store);
    FUZZ_CHECK(d->server != NULL);
    rc = fo_server_restore(d->server, d->now, &d->out, &d->restored);
    FUZZ_CHECK(rc == FO_OK);
    fuzz_begin(d);
    fuzz_end(d);
}

void fuzz_begin(struct fuzz_driver *d)
{
    d->failed = fo_store_begin(d->store);
}

void fuzz_step(struct fuzz_driver *d, struct fo_event *event)
{
    event->now = d->now;
    if (d->failed == FO_OK)
        d->failed = fo_server_step(d->server, event, &d->out);
}

void fuzz_end(struct fuzz_driver *d)
{
    if (d->failed == FO_OK)
        d->failed = fo_server_flush(d->server, d->now, &d->out);
    if (d->failed == FO_OK)
        d->failed = fo_store_commit(d->store);
    else
        fo_store_abort(d->store);
    if (d->failed == FO_OK) {
        look_at_everything(d);
        return;
    }
    FUZZ_CHECK(d->faulty);
    fuzz_start(d);
}

void fuzz_event(struct fuzz_driver *d, struct fo_event *event)
{
    fuzz_begin(d);
    fuzz_step(d, event);
    fuzz_end(d);
}

void fuzz_tick(struct fuzz_driver *d)
{
    int ticks = 0;
    do
        fuzz_event(d, &(struct fo_event){.kind = FO_EVENT_TICK});
    while (fo_server_next_wake(d->server, d->now).ms <= d->now.mono.ms && ++ticks < TICKS_MAX);
    FUZZ_CHECK(ticks < TICKS_MAX); /* it must want to sleep again */
}
