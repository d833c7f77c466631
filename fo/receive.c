/* What arrives on a link: bytes cut into messages, verified, and given to whom they concern
 * (draft-12 §6.1, §7.12, §11.1). */
#include <stdio.h>
#include <string.h>

#include "fo/endpoint.h"

static void disconnected(struct fo_step *st, struct fo_link *link, const struct fo_message *m)
{
    struct fo_endpoint *ep = link->endpoint;
    char why[160], text[FO_PARTNER_TEXT];
    fo_partner_text(&m->message, text, sizeof text);
    if (m->reject_reason == FO_REJECT_UNKNOWN && m->message.length != 0)
        snprintf(why, sizeof why, "the partner disconnected: it says '%s'", text);
    else
        snprintf(why, sizeof why, "the partner disconnected: %s (%u) %s",
                 fo_reject_sentence(m->reject_reason), m->reject_reason, text);
    fo_link_drop(st, link, why);
    if (ep != NULL && m->reject_reason != FO_REJECT_NO_TRAFFIC)
        fo_endpoint_back_off(st, ep);
}

static void dispatch(struct fo_step *st, struct fo_link *link, const struct fo_message *m)
{
    struct fo_endpoint *ep = link->endpoint;
    switch (m->type) {
    case FO_MSG_STATE:
        fo_endpoint_heard_state(st, ep, m);
        break;
    case FO_MSG_BNDUPD:
        fo_apply_update(st, ep, m);
        break;
    case FO_MSG_BNDACK:
        fo_update_acked(st, ep, m);
        break;
    case FO_MSG_UPDREQ:
    case FO_MSG_UPDREQALL:
        fo_resync_requested(st, ep, m);
        break;
    case FO_MSG_UPDDONE:
        fo_resync_done(st, ep, m);
        break;
    case FO_MSG_POOLREQ:
        fo_balance_requested(st, ep, m);
        break;
    case FO_MSG_POOLRESP:
        fo_balance_answered(st, ep, m);
        break;
    case FO_MSG_CONTACT:
        fo_drift_heard(st, ep, m);
        break;
    case FO_MSG_DISCONNECT:
        disconnected(st, link, m);
        break;
    case FO_MSG_CONNECT:
    case FO_MSG_CONNECTACK:
        fo_endpoint_fault(st, ep, "a %s on a link that is established",
                          fo_message_type_name(m->type));
        fo_link_disconnect(st, link, FO_REJECT_DUPLICATE_CONNECTION,
                           "this link is established already");
        break;
    default:
        break; /* 128..255: to be ignored (§6.1) */
    }
}

static bool is_response(uint8_t type)
{
    return type == FO_MSG_BNDACK || type == FO_MSG_POOLRESP || type == FO_MSG_CONNECTACK ||
           type == FO_MSG_UPDDONE;
}

/* §11.1: under a digest xids rise, so that nothing can be played back on the same link. Draft gap:
 * responses copy theirs and are left out. */
static bool is_replay(struct fo_link *link, const struct fo_message *m)
{
    if (is_response(m->type))
        return false;
    if (link->xid_heard && m->xid <= link->last_xid)
        return true;
    link->xid_heard = true;
    link->last_xid = m->xid;
    return false;
}

/* Option 17 of a message on a link that belongs to an endpoint (§11.1). False: the link is gone. */
static bool verified(struct fo_step *st, struct fo_link *link, const struct fo_message *m,
                     const uint8_t *data, size_t length)
{
    struct fo_endpoint *ep = link->endpoint;
    enum fo_reject verdict;
    if (!ep->has_digest && !ep->dialect->may_digest)
        return true;
    verdict = fo_message_verify(data, length, m, ep->has_digest ? &ep->digest : NULL);
    if (verdict == FO_REJECT_NONE && ep->has_digest && is_replay(link, m))
        verdict = FO_REJECT_DIGEST_MISMATCH;
    if (verdict == FO_REJECT_NONE)
        return true;
    fo_endpoint_refusal(st, ep, verdict, "%s in a %s", fo_reject_sentence(verdict),
                        fo_message_type_name(m->type));
    fo_link_disconnect(st, link, verdict, fo_reject_sentence(verdict));
    return false;
}

/* Where every message is signed nobody can tell a damaged one from a forged one (§11.1). */
static void unreadable(struct fo_step *st, struct fo_link *link, const struct fo_fault *fault)
{
    struct fo_endpoint *ep = link->endpoint;
    enum fo_reject reason =
        ep != NULL && ep->has_digest ? FO_REJECT_DIGEST_MISMATCH : FO_REJECT_UNKNOWN;
    if (ep != NULL)
        fo_endpoint_refusal(st, ep, reason, "%s", fault->text);
    fo_link_disconnect(st, link, reason, fault->text);
}

/* One whole message. The link may be gone afterwards. */
static void message(struct fo_step *st, struct fo_link *link, const uint8_t *data, size_t length)
{
    struct fo_endpoint *ep = link->endpoint;
    struct fo_message *m = &st->server->in;
    struct fo_fault fault;
    int rc = fo_message_decode(data, length, m, &fault);
    if (ep != NULL && ep->link == link) {
        ep->last_received = st->now.mono;
        ep->seen.last_contact = st->now.utc;
        ep->seen.messages_in++;
    }
    if (rc != FO_OK) {
        unreadable(st, link, &fault);
        return;
    }
    switch (link->phase) {
    case FO_LINK_WAIT_CONNECT:
        if (m->type == FO_MSG_CONNECT)
            fo_connect_received(st, link, m, data, length);
        else
            fo_link_close(st, link); /* §7.8: CONNECT is the first message */
        break;
    case FO_LINK_WAIT_CONNECTACK:
        if (m->type != FO_MSG_CONNECTACK && m->type != FO_MSG_DISCONNECT)
            break;
        if (!verified(st, link, m, data, length))
            break;
        if (m->type == FO_MSG_CONNECTACK)
            fo_connectack_received(st, link, m);
        else
            disconnected(st, link, m);
        break;
    case FO_LINK_ESTABLISHED:
        if (!verified(st, link, m, data, length))
            break;
        fo_clock_sample(st, ep, m->time);
        dispatch(st, link, m);
        break;
    default:
        fo_link_close(st, link); /* bytes in clear while TLS is agreed: injected */
        break;
    }
}

void fo_receive_bytes(struct fo_step *st, fo_link_id_t id, const uint8_t *data, size_t length)
{
    struct fo_link *link = fo_link_find(st->server, id);
    const uint8_t *one;
    size_t one_length;
    int rc = 1;
    if (link != NULL && link->endpoint != NULL)
        link->endpoint->seen.bytes_in += length;
    while (link != NULL && rc == 1) {
        rc = fo_frame_next(&link->cutter, &data, &length, &one, &one_length);
        if (rc == 1 && one == link->cutter.partial) /* which is gone when the link is */
            one = memcpy(st->server->whole, one, one_length);
        if (rc == 1)
            message(st, link, one, one_length);
        link = fo_link_find(st->server, id);
    }
    if (link != NULL && rc < 0) {
        if (link->endpoint != NULL)
            fo_endpoint_fault(st, link->endpoint, "a message length outside %d..%d", FO_MESSAGE_MIN,
                              FO_MESSAGE_MAX);
        fo_link_disconnect(st, link, FO_REJECT_UNKNOWN, "bad message length");
    } else if (link != NULL && link->phase == FO_LINK_WAIT_TLS && link->cutter.held != 0) {
        fo_link_close(st, link); /* bytes in clear behind the agreement: injected */
    }
}
