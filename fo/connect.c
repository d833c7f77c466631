/* Setting a link up: CONNECT and CONNECTACK (draft-12 §7.8, §7.9, §8.2). */
#include <stdio.h>
#include <string.h>

#include "fo/connect_check.h"

#define PROTOCOL_VERSION 1
#define HAS(m, code)     (((m)->present & FO_OPT_BIT(code)) != 0)

/* 1 and 2 only where certificates are there to keep the word. */
static enum fo_tls_mode tls_wish(const struct fo_endpoint *ep)
{
    bool can = ep->server->config.tls_available;
    return can || ep->r.tls == FO_TLS_REQUIRED ? ep->r.tls : FO_TLS_OFF;
}

static struct fo_span span_of(const char *text)
{
    return (struct fo_span){(const uint8_t *)text, (uint16_t)strlen(text)};
}

/* Whether option 22 is there and names the endpoint's relationship. */
static bool names(const struct fo_message *m, const struct fo_endpoint *ep)
{
    size_t length = strlen(ep->r.name);
    return HAS(m, FO_OPT_RELATIONSHIP_NAME) && m->relationship_name.length == length &&
           memcmp(m->relationship_name.data, ep->r.name, length) == 0;
}

static void put_identity(struct fo_endpoint *ep, struct fo_message *m)
{
    m->present |= FO_OPT_BIT(FO_OPT_RELATIONSHIP_NAME) | FO_OPT_BIT(FO_OPT_MAX_UNACKED_BNDUPD) |
                  FO_OPT_BIT(FO_OPT_RECEIVE_TIMER) | FO_OPT_BIT(FO_OPT_VENDOR_CLASS_IDENTIFIER) |
                  FO_OPT_BIT(FO_OPT_PROTOCOL_VERSION);
    m->relationship_name = span_of(ep->r.name);
    m->max_unacked_bndupd = ep->r.max_unacked != 0 ? ep->r.max_unacked : ep->dialect->max_unacked;
    m->receive_timer_s = ep->r.receive_timer_s;
    m->vendor_class = span_of(ep->server->vendor_class);
    m->protocol_version = PROTOCOL_VERSION;
}

void fo_connect_send(struct fo_step *st, struct fo_link *link)
{
    struct fo_endpoint *ep = link->endpoint;
    struct fo_message *m = &st->server->out_message;
    uint8_t hba[FO_HBA_LENGTH];
    link->connect_xid = fo_link_xid(link);
    fo_message_reset(m, FO_MSG_CONNECT, link->connect_xid);
    put_identity(ep, m);
    if (!link->secure) {
        m->present |= FO_OPT_BIT(FO_OPT_TLS_REQUEST);
        m->tls_request = (uint8_t)tls_wish(ep);
    }
    m->present |= FO_OPT_BIT(FO_OPT_MCLT) | FO_OPT_BIT(FO_OPT_HASH_BUCKET_ASSIGNMENT);
    m->mclt_s = ep->r.mclt_s;
    fo_load_balance_to_wire(&ep->rec.buckets, ep->dialect, hba);
    m->hash_bucket_assignment = (struct fo_span){hba, sizeof hba};
    link->phase = FO_LINK_WAIT_CONNECTACK;
    ep->connect_sent = st->now.utc;
    fo_link_send(st, link, m);
}

/* What both sides do once CONNECT and CONNECTACK are through (§7.9.1, §7.9.2 step 8, §7.10). */
static void established(struct fo_step *st, struct fo_link *link, const struct fo_message *m)
{
    struct fo_endpoint *ep = link->endpoint;
    link->phase = FO_LINK_ESTABLISHED;
    ep->call_failed[0] = '\0';
    ep->partner_max_unacked = m->max_unacked_bndupd != 0 ? m->max_unacked_bndupd : 1;
    ep->partner_receive_timer_s = m->receive_timer_s > 2 ? m->receive_timer_s : 3;
    ep->last_sent = ep->last_received = ep->last_update = st->now.mono;
    ep->seen.link_up = true;
    ep->seen.link_secure = link->secure;
    fo_partner_text(&m->vendor_class, ep->partner_vendor, sizeof ep->partner_vendor);
    ep->partner_kind =
        fo_dialect_get(fo_dialect_of_vendor(m->vendor_class.data, m->vendor_class.length));
    fo_endpoint_notice(st, ep, FO_NOTICE_INFO, true,
                       "link=up partner-vendor=%s tls=%s clock-difference=%d s window=%u",
                       ep->partner_vendor, link->secure ? "yes" : "no", ep->clock_sample_s,
                       ep->partner_max_unacked);
    fo_endpoint_send_state(st, ep);
}

/* --- the secondary ------------------------------------------------------------------------ */

/* The operators of the relationships with |partner| that have no link want to know that it calls,
 * and by which name. Returns whether there is one. */
static bool tell_of_wrong_name(struct fo_step *st, fo_ipv4_t partner, const char *name,
                               enum fo_reject reason)
{
    bool told = false;
    for (size_t i = 0; i < st->server->endpoint_count; i++) {
        struct fo_endpoint *ep = st->server->endpoints[i];
        if (fo_relationship_partner(&ep->r) != partner || ep->comms_ok)
            continue;
        fo_endpoint_refusal(st, ep, reason,
                            "CONNECT refused: there is no relationship '%s' with this partner, in "
                            "which it is the primary; have both the same name?",
                            name);
        told = true;
    }
    return told;
}

/* A rejecting CONNECTACK carries 22, 20, 21 and a text, nothing else (C-09); then the end. */
static void reject(struct fo_step *st, struct fo_link *link, struct fo_endpoint *ep,
                   const struct fo_message *connect, enum fo_reject reason, uint8_t tls_reply,
                   const char *text)
{
    struct fo_message *m = &st->server->out_message;
    struct fo_endpoint *owner = link->endpoint;
    fo_ipv4_t partner = link->partner;
    char name[FO_PARTNER_TEXT], source[FO_IPV4_TEXT], line[FO_PARTNER_TEXT + 256];
    fo_message_reset(m, FO_MSG_CONNECTACK, connect->xid);
    m->present = FO_OPT_BIT(FO_OPT_RELATIONSHIP_NAME) | FO_OPT_BIT(FO_OPT_PROTOCOL_VERSION) |
                 FO_OPT_BIT(FO_OPT_REJECT_REASON) | FO_OPT_BIT(FO_OPT_MESSAGE);
    m->relationship_name = connect->relationship_name;
    if (m->relationship_name.length > FO_RELATIONSHIP_NAME_BYTES)
        m->relationship_name.length = FO_RELATIONSHIP_NAME_BYTES;
    m->protocol_version = PROTOCOL_VERSION;
    m->reject_reason = (uint8_t)reason;
    m->message = span_of(text);
    if (HAS(connect, FO_OPT_TLS_REQUEST) && !link->secure) {
        m->present |= FO_OPT_BIT(FO_OPT_TLS_REPLY);
        m->tls_reply = tls_reply;
    }
    link->endpoint = ep; /* its dialect and digest, for this one message */
    fo_link_send(st, link, m);
    link->endpoint = owner; /* who dialled it, if anybody */
    fo_link_close(st, link);
    if (ep != NULL) {
        fo_endpoint_refusal(st, ep, reason, "CONNECT refused: %s", text);
        fo_endpoint_back_off(st, ep);
        return;
    }
    fo_partner_text(&connect->relationship_name, name, sizeof name);
    if (reason == FO_REJECT_INVALID_PARTNER && tell_of_wrong_name(st, partner, name, reason))
        return;
    snprintf(line, sizeof line,
             "link: source=%s relationship=\"%s\" connect=refused reason=%d \"%s\"",
             fo_ipv4_text(partner, source), name, reason, text);
    fo_outbox_notice(st->out, FO_NOTICE_WARNING, line);
}

static struct fo_endpoint *addressed(const struct fo_server *s, const struct fo_link *link,
                                     const struct fo_message *m)
{
    for (size_t i = 0; i < s->endpoint_count; i++) {
        struct fo_endpoint *ep = s->endpoints[i];
        if (fo_relationship_partner(&ep->r) == link->partner && ep->r.role == FO_ROLE_SECONDARY &&
            names(m, ep))
            return ep;
    }
    return NULL;
}

/* Whether the partner's vendor class (§12.28) shows another dialect than the one we wrote in. Who
 * signs its messages is not what knows no digest, whatever it calls itself. */
static bool learn_dialect(struct fo_step *st, struct fo_endpoint *ep, const struct fo_message *m)
{
    enum fo_dialect_name shown = fo_dialect_of_vendor(m->vendor_class.data, m->vendor_class.length);
    if (!ep->r.dialect_auto || shown == ep->r.dialect ||
        (ep->has_digest && !fo_dialect_get(shown)->may_digest))
        return false;
    ep->r.dialect = shown;
    ep->dialect = fo_dialect_get(shown);
    ep->config_dirty = true;
    fo_endpoint_notice(st, ep, FO_NOTICE_INFO, true, "dialect=%s learnt from the vendor class",
                       ep->dialect->name);
    return true;
}

/* What the primary decides (§7.8.2 steps 7 and 8). */
static void adopt(struct fo_step *st, struct fo_endpoint *ep, const struct fo_message *m)
{
    (void)learn_dialect(st, ep, m);
    if (ep->rec.mclt_s != m->mclt_s)
        fo_endpoint_notice(st, ep, FO_NOTICE_INFO, true, "mclt=%u s adopted from the primary",
                           m->mclt_s);
    ep->rec.mclt_s = m->mclt_s;
    if (ep->rec.mclt_longest_s < m->mclt_s)
        ep->rec.mclt_longest_s = m->mclt_s;
    ep->rec.buckets = fo_load_balance_from_wire(m->hash_bucket_assignment.data, ep->dialect);
    if (ep->has_digest)
        ep->rec.last_connect = m->time;
    ep->rec_dirty = true;
}

static void accept_connect(struct fo_step *st, struct fo_link *link, const struct fo_message *m)
{
    struct fo_endpoint *ep = link->endpoint;
    struct fo_message *ack = &st->server->out_message;
    fo_message_reset(ack, FO_MSG_CONNECTACK, m->xid);
    put_identity(ep, ack);
    if (HAS(m, FO_OPT_TLS_REQUEST) && !link->secure) {
        ack->present |= FO_OPT_BIT(FO_OPT_TLS_REPLY);
        ack->tls_reply = 0;
    }
    fo_link_send(st, link, ack);
    established(st, link, m);
}

/* CONNECTACK in clear, then the handshake. Nothing of this CONNECT is believed: the one that
 * follows under TLS counts, and only then does the link take the endpoint's place (§7.8.2 step 3).
 */
static void accept_tls(struct fo_step *st, struct fo_link *link, const struct fo_message *m)
{
    struct fo_endpoint *ep = link->endpoint;
    struct fo_message *ack = &st->server->out_message;
    fo_message_reset(ack, FO_MSG_CONNECTACK, m->xid);
    put_identity(ep, ack);
    ack->present |= FO_OPT_BIT(FO_OPT_TLS_REPLY);
    ack->tls_reply = 1;
    fo_link_send(st, link, ack);
    link->phase = FO_LINK_WAIT_TLS;
    link->deadline.ms = st->now.mono.ms + FO_CONNECT_WAIT_MS;
    fo_outbox_start_tls(st->out, link->id, ep->number, true);
}

void fo_connect_received(struct fo_step *st, struct fo_link *link, const struct fo_message *m,
                         const uint8_t *data, size_t length)
{
    struct fo_endpoint *ep = link->endpoint;
    struct fo_connect_verdict verdict;
    if (HAS(m, FO_OPT_PROTOCOL_VERSION) && m->protocol_version != PROTOCOL_VERSION) {
        reject(st, link, NULL, m, FO_REJECT_VERSION_MISMATCH, 0,
               "this server speaks protocol version 1");
        return;
    }
    if (HAS(m, FO_OPT_RELATIONSHIP_NAME) && (ep == NULL || !link->secure))
        ep = addressed(st->server, link, m);
    if (ep == NULL || !names(m, ep)) {
        reject(st, link, NULL, m, FO_REJECT_INVALID_PARTNER, 0,
               "no relationship of this name with this partner, in which it is the primary");
        return;
    }
    verdict = fo_connect_check(st, ep, link, m, data, length);
    if (verdict.reason != FO_REJECT_NONE) {
        reject(st, link, ep, m, verdict.reason, verdict.tls_reply, verdict.text);
        return;
    }
    if (link->endpoint != NULL && link->endpoint != ep)
        fo_endpoint_lost_link(st, link->endpoint, "its link is used by another relationship");
    link->endpoint = ep;
    if (verdict.tls_reply == 1) {
        accept_tls(st, link, m);
        return;
    }
    ep->link = link;
    fo_clock_start(ep, fo_clock_difference(st->now.utc, m->time));
    adopt(st, ep, m);
    accept_connect(st, link, m);
}

/* --- the primary --------------------------------------------------------------------------- */

static void refused(struct fo_step *st, struct fo_link *link, const struct fo_message *m)
{
    struct fo_endpoint *ep = link->endpoint;
    char text[FO_PARTNER_TEXT];
    fo_endpoint_refusal(st, ep, (enum fo_reject)m->reject_reason,
                        "the partner refused CONNECT: %s (%u) %s",
                        fo_reject_sentence(m->reject_reason), m->reject_reason,
                        fo_partner_text(&m->message, text, sizeof text));
    fo_link_close(st, link);
    fo_endpoint_back_off(st, ep);
}

static void go_tls(struct fo_step *st, struct fo_link *link)
{
    link->phase = FO_LINK_WAIT_TLS;
    link->deadline.ms = st->now.mono.ms + FO_CONNECT_WAIT_MS;
    fo_outbox_start_tls(st->out, link->id, link->endpoint->number, false);
}

/* A DISCONNECT is due although the link is not established: the CONNECTACK is not acceptable. */
static void unacceptable(struct fo_step *st, struct fo_link *link, enum fo_reject reason,
                         const char *text)
{
    fo_endpoint_refusal(st, link->endpoint, reason, "CONNECTACK not acceptable: %s", text);
    link->phase = FO_LINK_ESTABLISHED;
    fo_link_disconnect(st, link, reason, text);
}

void fo_connectack_received(struct fo_step *st, struct fo_link *link, const struct fo_message *m)
{
    struct fo_endpoint *ep = link->endpoint;
    int32_t sample = fo_clock_difference(st->now.utc, m->time);
    if (m->xid != link->connect_xid)
        return; /* §7.9.2: not the answer to our CONNECT */
    ep->unanswered = false;
    if (HAS(m, FO_OPT_REJECT_REASON)) {
        refused(st, link, m);
        return;
    }
    if (!link->secure && m->tls_reply == 1) {
        if (tls_wish(ep) == FO_TLS_OFF)
            unacceptable(st, link, FO_REJECT_TLS_REQUIRED, "TLS was not asked for");
        else
            go_tls(st, link);
        return;
    }
    if (!link->secure && ep->r.tls == FO_TLS_REQUIRED)
        unacceptable(st, link, FO_REJECT_TLS_REQUIRED, "TLS is required here");
    else if (fo_message_missing(m) != 0)
        unacceptable(st, link, FO_REJECT_UNKNOWN_REASON, "a mandatory option is missing");
    else if (m->protocol_version != PROTOCOL_VERSION && !ep->dialect->connect_on_accepted)
        unacceptable(st, link, FO_REJECT_VERSION_MISMATCH, "protocol version 1 is spoken here");
    else if (!names(m, ep))
        unacceptable(st, link, FO_REJECT_INVALID_PARTNER, "it names another relationship");
    else if (fo_connect_skew_too_great(ep, sample))
        unacceptable(st, link, FO_REJECT_TIME_MISMATCH,
                     "the clocks of the two servers are too far apart; set them by NTP");
    else if (learn_dialect(st, ep, m))
        fo_link_close(st, link); /* our CONNECT, its buckets above all, was for another reader */
    else {
        ep->rec.mclt_s = ep->r.mclt_s; /* the secondary has it now */
        ep->rec_dirty = true;
        fo_clock_start(ep, sample);
        established(st, link, m);
    }
}
