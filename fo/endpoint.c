/* The endpoint as a thing: made, found, started; and the small doors to the lease database that
 * remember a failure for the batch. */
#include "fo/endpoint.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RECEIVE_TIMER_MIN_S 3 /* less makes some partners send without a pause */

struct fo_endpoint *fo_endpoint_new(struct fo_server *s, const struct fo_relationship *r)
{
    struct fo_endpoint *ep = calloc(1, sizeof *ep);
    if (ep == NULL)
        return NULL;
    ep->server = s;
    ep->number = s->next_number++;
    if (fo_relationship_copy(r, &ep->r) != FO_OK) {
        free(ep);
        return NULL;
    }
    ep->dialect = fo_dialect_get(ep->r.dialect);
    if (ep->r.receive_timer_s < RECEIVE_TIMER_MIN_S)
        ep->r.receive_timer_s = FO_DEFAULT_RECEIVE_TIMER_S;
    ep->rec.mclt_s = ep->rec.mclt_longest_s = ep->r.mclt_s;
    ep->rec.buckets = fo_relationship_buckets(&ep->r);
    ep->rec.update_epoch = 1;
    if (fo_endpoint_renew_digest(ep) != FO_OK) {
        fo_endpoint_free(ep);
        return NULL;
    }
    return ep;
}

void fo_endpoint_free(struct fo_endpoint *ep)
{
    if (ep == NULL)
        return;
    if (ep->has_digest)
        ep->server->config.digest_free(&ep->digest);
    fo_sender_free(&ep->sender);
    fo_journal_free(&ep->journal);
    fo_relationship_fini(&ep->r);
    free(ep);
}

int fo_endpoint_renew_digest(struct fo_endpoint *ep)
{
    const struct fo_server_config *c = &ep->server->config;
    struct fo_digest digest;
    int rc = FO_OK;
    if (ep->r.shared_secret[0] != '\0') {
        rc = c->digest_new != NULL ? c->digest_new(ep->r.shared_secret, &digest) : FO_EINVAL;
        if (rc != FO_OK)
            return rc;
    }
    if (ep->has_digest)
        c->digest_free(&ep->digest);
    ep->has_digest = ep->r.shared_secret[0] != '\0';
    if (ep->has_digest)
        ep->digest = digest;
    return FO_OK;
}

struct fo_endpoint *fo_endpoint_find(const struct fo_server *s, const char *name)
{
    for (size_t i = 0; i < s->endpoint_count; i++)
        if (strcmp(s->endpoints[i]->r.name, name) == 0)
            return s->endpoints[i];
    return NULL;
}

struct fo_endpoint *fo_endpoint_of_address(const struct fo_server *s, fo_ipv4_t address)
{
    int number = fo_lease_db_owner(s->leases, address);
    for (size_t i = 0; number >= 0 && i < s->endpoint_count; i++)
        if (s->endpoints[i]->number == number)
            return s->endpoints[i];
    return NULL;
}

void fo_endpoint_start(struct fo_step *st, struct fo_endpoint *ep)
{
    const struct fo_server_config *c = &ep->server->config;
    uint32_t wait_s = c->startup_s;
    /* §9.13, §9.14: what is resumed is never PAUSED or SHUTDOWN. */
    if (ep->rec.state == FO_STATE_PAUSED || ep->rec.state == FO_STATE_SHUTDOWN) {
        ep->rec.state = ep->rec.resume;
        ep->rec.since = st->now.utc;
    }
    ep->rec.operational_until = fo_utc_min(ep->rec.operational_until, st->now.utc);
    ep->rec_dirty = true;
    if (wait_s == 0) /* §5.9 */
        wait_s = st->now.utc.s - ep->rec.operational_until.s > ep->rec.mclt_s ? 30 : 10;
    ep->state = FO_STATE_STARTUP;
    ep->startup_until.ms = st->now.mono.ms + (int64_t)wait_s * 1000;
    ep->heartbeat_at.ms = st->now.mono.ms + (int64_t)c->heartbeat_s * 1000;
    ep->redial_at = st->now.mono;
    fo_endpoint_notice(st, ep, FO_NOTICE_INFO, true, "state=STARTUP resumes=%s role=%s",
                       fo_state_name(fo_transition_resumed(ep->rec.state)),
                       fo_role_name((int)ep->r.role));
}

bool fo_endpoint_up_to_date(const struct fo_endpoint *ep, const struct fo_binding *b)
{
    return b->acked_epoch == ep->rec.update_epoch;
}

static void remember_failure(struct fo_server *s, int rc)
{
    if (rc != FO_OK && rc != FO_ENOTFOUND)
        s->err = rc;
}

void fo_endpoint_put(struct fo_server *s, const struct fo_binding *b)
{
    remember_failure(s, fo_lease_db_put(s->leases, b));
}

void fo_server_due(struct fo_server *s, fo_ipv4_t address, fo_utc_t due)
{
    /* An infinite lease never ends by itself. */
    remember_failure(
        s, fo_lease_db_set_due(s->leases, address, due.s >= FO_UTC_INFINITE ? fo_utc(0) : due));
}

uint8_t fo_server_marks(const struct fo_server *s, fo_ipv4_t address)
{
    return fo_lease_db_marks(s->leases, address);
}

void fo_server_mark(struct fo_server *s, fo_ipv4_t address, uint8_t set, uint8_t clear)
{
    uint8_t marks = fo_lease_db_marks(s->leases, address);
    uint8_t wanted = (uint8_t)((marks & ~clear) | set);
    if (wanted != marks)
        remember_failure(s, fo_lease_db_set_marks(s->leases, address, wanted));
}

uint32_t fo_client_hash(const struct fo_client *c)
{
    uint32_t h = 2166136261u; /* FNV-1a, over what identifies the client */
    const uint8_t *key = c->id_length != 0 ? c->id : c->hw;
    size_t length = c->id_length != 0 ? c->id_length : c->hw_length;
    for (size_t i = 0; i < length; i++)
        h = (h ^ key[i]) * 16777619u;
    return h ^ (c->id_length != 0 ? 1u : 0u);
}

void fo_server_why(char *why, size_t capacity, const char *format, ...)
{
    va_list args;
    if (why == NULL || capacity == 0)
        return;
    va_start(args, format);
    vsnprintf(why, capacity, format, args);
    va_end(args);
}
