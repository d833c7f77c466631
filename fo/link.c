/* Links: TCP connections as the endpoint sees them (draft-12 §8.2, §8.3, §8.6). A link is bound to
 * an endpoint when the endpoint dialled it or when a CONNECT on it named the relationship. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fo/endpoint.h"

struct fo_link *fo_link_find(const struct fo_server *s, fo_link_id_t id)
{
    struct fo_link *link = s->links;
    while (link != NULL && link->id != id)
        link = link->next;
    return link;
}

static struct fo_link *add(struct fo_server *s, fo_link_id_t id, fo_ipv4_t partner, bool accepted)
{
    struct fo_link *link = calloc(1, sizeof *link);
    if (link == NULL) {
        s->err = FO_ENOMEM;
        return NULL;
    }
    link->id = id;
    link->partner = partner;
    link->accepted = accepted;
    link->next = s->links;
    s->links = link;
    return link;
}

static void drop(struct fo_server *s, struct fo_link *link)
{
    struct fo_link **at = &s->links;
    while (*at != link)
        at = &(*at)->next;
    *at = link->next;
    free(link);
}

void fo_links_free(struct fo_server *s)
{
    while (s->links != NULL)
        drop(s, s->links);
}

/* --- sending ------------------------------------------------------------------------------ */

uint32_t fo_link_xid(struct fo_link *link)
{
    return link->next_xid++;
}

void fo_link_send(struct fo_step *st, struct fo_link *link, struct fo_message *m)
{
    struct fo_endpoint *ep = link->endpoint;
    const struct fo_dialect *dialect = ep != NULL ? ep->dialect : fo_dialect_get(FO_DIALECT_DRAFT);
    uint8_t bytes[FO_MESSAGE_MAX];
    struct fo_writer w = fo_writer_of(bytes, sizeof bytes);
    int rc;
    m->time = st->now.utc;
    rc = fo_message_encode(m, dialect, ep != NULL && ep->has_digest ? &ep->digest : NULL, &w);
    if (rc != FO_OK) {
        if (ep != NULL)
            fo_endpoint_fault(st, ep, "a %s could not be written: %s",
                              fo_message_type_name(m->type), fo_strerror(rc));
        return;
    }
    fo_outbox_send(st->out, link->id, bytes, w.position);
    if (ep == NULL || ep->link != link)
        return; /* what a second connection is told does not keep the first alive */
    ep->last_sent = st->now.mono;
    ep->seen.messages_out++;
    ep->seen.bytes_out += w.position;
}

void fo_link_send_bare(struct fo_step *st, struct fo_link *link, uint8_t type, uint32_t xid)
{
    struct fo_message *m = &st->server->out_message;
    fo_message_reset(m, type, xid);
    fo_link_send(st, link, m);
}

/* --- ending ------------------------------------------------------------------------------- */

void fo_endpoint_lost_link(struct fo_step *st, struct fo_endpoint *ep, const char *why)
{
    bool was_ok = ep->comms_ok;
    bool was_established = ep->link != NULL && ep->link->phase == FO_LINK_ESTABLISHED;
    uint32_t redial_ms = st->server->config.redial_s * 1000;
    ep->link = NULL;
    ep->comms_ok = false;
    ep->partner_startup = false;
    ep->state_held = false;
    ep->request_open = false;
    ep->hears_first = false;
    ep->telling = false;
    ep->pool_request_due = false;
    ep->seen.link_up = false;
    ep->seen.link_secure = false;
    fo_sender_reset(ep);
    memset(ep->told_rejections, 0, sizeof ep->told_rejections);
    ep->redial_at.ms = st->now.mono.ms + (was_established ? 0 : redial_ms);
    if (was_established)
        fo_endpoint_notice(st, ep, FO_NOTICE_WARNING, true, "link=down cause=\"%s\"", why);
    if (was_ok)
        fo_endpoint_event(st, ep, FO_ON_COMMS_FAILED, why);
}

/* Takes the link away from its endpoint and from the table; the driver is told to close. */
static void detach(struct fo_step *st, struct fo_link *link, const char *why)
{
    struct fo_endpoint *ep = link->endpoint;
    if (ep != NULL && ep->link == link)
        fo_endpoint_lost_link(st, ep, why);
    drop(st->server, link);
}

void fo_link_drop(struct fo_step *st, struct fo_link *link, const char *why)
{
    fo_outbox_close(st->out, link->id);
    detach(st, link, why);
}

void fo_link_close(struct fo_step *st, struct fo_link *link)
{
    fo_link_drop(st, link, "closed by us");
}

void fo_endpoint_back_off(struct fo_step *st, struct fo_endpoint *ep)
{
    ep->redial_at.ms = st->now.mono.ms + 12000LL * st->server->config.redial_s;
}

void fo_link_disconnect(struct fo_step *st, struct fo_link *link, enum fo_reject reason,
                        const char *text)
{
    struct fo_endpoint *ep = link->endpoint;
    struct fo_message *m = &st->server->out_message;
    if (link->phase == FO_LINK_ESTABLISHED) {
        fo_message_reset(m, FO_MSG_DISCONNECT, fo_link_xid(link));
        m->present = FO_OPT_BIT(FO_OPT_REJECT_REASON) | FO_OPT_BIT(FO_OPT_MESSAGE);
        m->reject_reason = (uint8_t)reason;
        m->message.data = (const uint8_t *)text;
        m->message.length = (uint16_t)strlen(text);
        fo_link_send(st, link, m);
    }
    fo_link_drop(st, link, text);
    if (ep != NULL && reason != FO_REJECT_NO_TRAFFIC)
        fo_endpoint_back_off(st, ep);
}

void fo_endpoint_close_links(struct fo_step *st, struct fo_endpoint *ep)
{
    struct fo_link *link = st->server->links;
    while (link != NULL) {
        struct fo_link *next = link->next;
        if (link->endpoint == ep)
            fo_link_close(st, link);
        link = next;
    }
}

/* --- beginning ---------------------------------------------------------------------------- */

static bool endpoint_wants_link(const struct fo_endpoint *ep)
{
    return ep->link == NULL && ep->state != FO_STATE_PAUSED && ep->state != FO_STATE_SHUTDOWN;
}

void fo_endpoint_dial(struct fo_step *st, struct fo_endpoint *ep)
{
    fo_ipv4_t partner = fo_relationship_partner(&ep->r);
    struct fo_link *link;
    uint16_t port;
    if (!endpoint_wants_link(ep) || st->now.mono.ms < ep->redial_at.ms)
        return;
    if (ep->has_digest && ep->connect_sent.s == st->now.utc.s) {
        ep->redial_at.ms = st->now.mono.ms + 1000; /* the partner would see a replay (§11.1) */
        return;
    }
    st->server->next_link += 2;
    link = add(st->server, st->server->next_link, partner, false);
    if (link == NULL)
        return;
    link->endpoint = ep;
    link->phase = FO_LINK_DIALLING;
    link->deadline.ms = st->now.mono.ms + FO_CONNECT_WAIT_MS;
    ep->link = link;
    port = ep->r.partner_port != 0 ? ep->r.partner_port : st->server->config.failover_port;
    fo_outbox_dial(st->out, link->id, ep->number, partner, port, fo_relationship_local(&ep->r));
}

static void dialled(struct fo_step *st, struct fo_link *link)
{
    struct fo_endpoint *ep = link->endpoint;
    link->deadline.ms = st->now.mono.ms + FO_CONNECT_WAIT_MS;
    if (ep->r.role == FO_ROLE_PRIMARY) {
        fo_connect_send(st, link);
        return;
    }
    /* A secondary's call only says "I am alive" (§8.2); an ISC primary answers it with CONNECT. */
    if (ep->dialect->connect_on_accepted)
        link->phase = FO_LINK_WAIT_CONNECT;
    else
        fo_link_close(st, link);
}

/* The partner is alive: call it (§8.2). At once, unless it left the last CONNECT without an answer:
 * two primaries would wake each other for ever. Soon even then, for its start-up does not last. */
static void wake(struct fo_step *st, struct fo_endpoint *ep)
{
    int64_t soon = st->now.mono.ms;
    if (ep->unanswered)
        soon += (int64_t)st->server->config.redial_s * 1000;
    if (soon < ep->redial_at.ms)
        ep->redial_at.ms = soon;
}

/* Anybody can connect as often as they like: one line a minute says how often it was. */
static void refuse_stranger(struct fo_step *st, fo_ipv4_t source)
{
    struct fo_server *s = st->server;
    char text[FO_IPV4_TEXT], line[128];
    s->strangers++;
    if (s->strangers != 1 && st->now.mono.ms < s->stranger_told.ms + FO_STRANGER_TELL_MS)
        return;
    s->stranger_told = st->now.mono;
    snprintf(line, sizeof line, "link: source=%s refused cause=not-a-partner count=%" PRIu64,
             fo_ipv4_text(source, text), s->strangers);
    fo_outbox_notice(st->out, FO_NOTICE_WARNING, line);
}

static void accepted(struct fo_step *st, fo_link_id_t id, fo_ipv4_t partner)
{
    struct fo_server *s = st->server;
    struct fo_link *link = add(s, id, partner, true);
    struct fo_endpoint *caller = NULL;
    bool wait = false, known = false;
    if (link == NULL)
        return;
    link->phase = FO_LINK_WAIT_CONNECT;
    link->deadline.ms = st->now.mono.ms + FO_CONNECT_WAIT_MS;
    for (size_t i = 0; i < s->endpoint_count; i++) {
        struct fo_endpoint *ep = s->endpoints[i];
        if (fo_relationship_partner(&ep->r) != partner)
            continue;
        known = true;
        if (ep->r.role == FO_ROLE_SECONDARY) {
            wait = true;
        } else if (endpoint_wants_link(ep)) {
            wake(st, ep);
            if (ep->dialect->connect_on_accepted && caller == NULL)
                caller = ep;
        }
    }
    if (!known)
        refuse_stranger(st, partner);
    if (!wait && caller != NULL) {
        link->endpoint = caller;
        caller->link = link;
        fo_connect_send(st, link);
    } else if (!wait) {
        fo_link_close(st, link);
    }
}

static void secured(struct fo_step *st, struct fo_link *link)
{
    if (link->phase != FO_LINK_WAIT_TLS)
        return;
    link->secure = true;
    link->deadline.ms = st->now.mono.ms + FO_CONNECT_WAIT_MS;
    if (link->endpoint->r.role == FO_ROLE_PRIMARY)
        fo_connect_send(st, link); /* again, now protected (§8.2) */
    else
        link->phase = FO_LINK_WAIT_CONNECT;
}

/* The partner cannot be reached, maybe for days: said once until there is a link or the cause is
 * another. */
static void call_failed(struct fo_step *st, struct fo_endpoint *ep, const char *why)
{
    char cause[sizeof ep->call_failed];
    snprintf(cause, sizeof cause, "%s", why);
    if (strcmp(cause, ep->call_failed) == 0)
        return;
    memcpy(ep->call_failed, cause, sizeof cause);
    fo_endpoint_fault(st, ep, "the partner does not take our call: %s", cause);
}

/* The partner went before the link was of use: an operator wants to know why there is none. */
static void lost(struct fo_step *st, struct fo_link *link, const char *why)
{
    struct fo_endpoint *ep = link->endpoint;
    if (ep != NULL && link->phase == FO_LINK_WAIT_TLS) {
        fo_endpoint_fault(st, ep, "no TLS with the partner: %s", why);
    } else if (ep != NULL && link->secure && link->phase != FO_LINK_ESTABLISHED) {
        fo_endpoint_fault(st, ep, "the partner left TLS: %s; does it accept our certificate?", why);
    } else if (ep != NULL && link->phase == FO_LINK_WAIT_CONNECTACK) {
        ep->unanswered = true;
        fo_endpoint_fault(st, ep,
                          "the partner does not answer CONNECT; does it know this "
                          "relationship, as its secondary?");
    } else if (ep != NULL && ep->link == link && link->phase == FO_LINK_DIALLING) {
        call_failed(st, ep, why);
    } else if (ep != NULL && ep->link == link && link->phase == FO_LINK_WAIT_CONNECT) {
        fo_endpoint_fault(st, ep,
                          "the partner takes our call and hangs up without a CONNECT; is the "
                          "address of this server the one it knows?");
    }
    detach(st, link, why);
}

/* --- events ------------------------------------------------------------------------------- */

void fo_links_event(struct fo_step *st, const struct fo_event *event)
{
    struct fo_link *link = fo_link_find(st->server, event->link);
    switch (event->kind) {
    case FO_EVENT_LINK_UP:
        if (event->up.accepted)
            accepted(st, event->link, event->up.partner);
        else if (link != NULL)
            dialled(st, link);
        break;
    case FO_EVENT_LINK_SECURE:
        if (link != NULL)
            secured(st, link);
        break;
    case FO_EVENT_LINK_BYTES:
        fo_receive_bytes(st, event->link, event->bytes.data, event->bytes.length);
        break;
    case FO_EVENT_LINK_DOWN:
        if (link != NULL)
            lost(st, link, event->down.why);
        break;
    default:
        break;
    }
}

/* --- time --------------------------------------------------------------------------------- */

/* No CONNECT, CONNECTACK or handshake in time (C-15). */
static void give_up(struct fo_step *st, struct fo_link *link)
{
    if (link->endpoint != NULL && link->phase == FO_LINK_WAIT_CONNECTACK)
        fo_endpoint_fault(st, link->endpoint, "no CONNECTACK within %d s",
                          FO_CONNECT_WAIT_MS / 1000);
    else if (link->endpoint != NULL && link->phase == FO_LINK_WAIT_TLS)
        fo_endpoint_fault(st, link->endpoint, "no TLS handshake within %d s",
                          FO_CONNECT_WAIT_MS / 1000);
    fo_link_close(st, link);
}

void fo_links_timers(struct fo_step *st)
{
    struct fo_link *link = st->server->links;
    while (link != NULL) {
        struct fo_link *next = link->next;
        if (link->phase != FO_LINK_ESTABLISHED && st->now.mono.ms >= link->deadline.ms)
            give_up(st, link);
        link = next;
    }
}

int64_t fo_links_next_ms(const struct fo_server *s)
{
    int64_t next = INT64_MAX;
    for (const struct fo_link *link = s->links; link != NULL; link = link->next)
        if (link->phase != FO_LINK_ESTABLISHED && link->deadline.ms < next)
            next = link->deadline.ms;
    return next;
}
