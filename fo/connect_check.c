/* Is a CONNECT acceptable, and over TLS or not (draft-12 §7.8.2, steps 3 to 8)? */
#include "fo/connect_check.h"

#include <stdlib.h>

struct tls_choice {
    uint8_t reply;
    enum fo_reject reason;
};

/* The table of §7.8.2 step 3: what the CONNECT asks against what we are told to do. */
static struct tls_choice choose_tls(const struct fo_endpoint *ep, unsigned request)
{
    bool can = ep->server->config.tls_available;
    bool will = can && ep->r.tls != FO_TLS_OFF;
    if (request == 0)
        return ep->r.tls == FO_TLS_REQUIRED ? (struct tls_choice){1, FO_REJECT_TLS_REQUIRED}
                                            : (struct tls_choice){0, FO_REJECT_NONE};
    if (will)
        return (struct tls_choice){1, FO_REJECT_NONE};
    if (request == 1 && ep->r.tls != FO_TLS_REQUIRED)
        return (struct tls_choice){0, FO_REJECT_NONE};
    return (struct tls_choice){0, can ? FO_REJECT_TLS_NOT_CONFIGURED : FO_REJECT_TLS_NOT_SUPPORTED};
}

/* Draft gap: which reason a missing mandatory option gets. */
static enum fo_reject reason_for_missing(uint32_t missing)
{
    if ((missing & FO_OPT_BIT(FO_OPT_MCLT)) != 0)
        return FO_REJECT_INVALID_MCLT;
    if ((missing & FO_OPT_BIT(FO_OPT_HASH_BUCKET_ASSIGNMENT)) != 0)
        return FO_REJECT_HBA_CONFLICT;
    return FO_REJECT_UNKNOWN_REASON;
}

static uint32_t skew_limit(const struct fo_endpoint *ep)
{
    return ep->r.max_clock_skew_s != 0 ? ep->r.max_clock_skew_s : ep->dialect->clock_tolerance_s;
}

bool fo_connect_skew_too_great(const struct fo_endpoint *ep, int32_t sample)
{
    uint32_t limit = skew_limit(ep);
    return limit != 0 && llabs((int64_t)sample) > (int64_t)limit;
}

/* Draft gap: a second CONNECT. A link heard lately keeps its place; a silent one gives way, so
 * that a partner that came back need not wait. */
static bool duplicate(struct fo_step *st, struct fo_endpoint *ep, const struct fo_link *link)
{
    int64_t quiet;
    if (ep->link == NULL || ep->link == link)
        return false;
    quiet = st->now.mono.ms - ep->last_received.ms;
    if (ep->link->phase == FO_LINK_ESTABLISHED && quiet * 2 < ep->r.receive_timer_s * 1000LL)
        return true;
    fo_link_disconnect(st, ep->link, FO_REJECT_DUPLICATE_CONNECTION,
                       "a new connection takes the place of this one");
    return false;
}

/* Step 4 of §7.8.2: is the CONNECT from somebody who knows the secret, and not an old one? The one
 * that follows the TLS handshake may fall into the second of the one before (Draft gap). */
static enum fo_reject check_digest(const struct fo_endpoint *ep, const struct fo_link *link,
                                   const struct fo_message *m, const uint8_t *data, size_t length,
                                   const char **out_text)
{
    enum fo_reject verdict = FO_REJECT_NONE;
    if (ep->has_digest || ep->dialect->may_digest)
        verdict = fo_message_verify(data, length, m, ep->has_digest ? &ep->digest : NULL);
    *out_text = fo_reject_sentence(verdict);
    if (verdict == FO_REJECT_NONE && ep->has_digest && !link->secure &&
        ep->rec.last_connect.s != 0 && m->time.s <= ep->rec.last_connect.s) {
        *out_text = "this CONNECT is a replay: its time is not later than that of the last one";
        return FO_REJECT_UNKNOWN_REASON;
    }
    return verdict;
}

/* Steps 6 to 8 of §7.8.2; FO_REJECT_NONE to go on. */
static enum fo_reject check_connect(struct fo_step *st, struct fo_endpoint *ep,
                                    struct fo_link *link, const struct fo_message *m,
                                    const char **out_text)
{
    int32_t sample = fo_clock_difference(st->now.utc, m->time);
    uint32_t missing = fo_message_missing(m);
    if (fo_connect_skew_too_great(ep, sample)) {
        *out_text = "the clocks of the two servers are too far apart; set them by NTP";
        return FO_REJECT_TIME_MISMATCH;
    }
    if (missing != 0) {
        *out_text = "a mandatory option is missing from CONNECT";
        return reason_for_missing(missing);
    }
    if (m->mclt_s == 0) {
        *out_text = "an MCLT of 0 is not usable";
        return FO_REJECT_INVALID_MCLT;
    }
    if (m->hash_bucket_assignment.length != FO_HBA_LENGTH) {
        *out_text = "the hash-bucket-assignment is not 32 bytes";
        return FO_REJECT_HBA_CONFLICT;
    }
    if (ep->state == FO_STATE_PAUSED || ep->state == FO_STATE_SHUTDOWN) {
        *out_text = "this endpoint is paused or shut down by its operator";
        return FO_REJECT_UNKNOWN_REASON;
    }
    if (duplicate(st, ep, link)) {
        *out_text = "the relationship is connected already";
        return FO_REJECT_DUPLICATE_CONNECTION;
    }
    return FO_REJECT_NONE;
}

struct fo_connect_verdict fo_connect_check(struct fo_step *st, struct fo_endpoint *ep,
                                           struct fo_link *link, const struct fo_message *m,
                                           const uint8_t *data, size_t length)
{
    bool asked = (m->present & FO_OPT_BIT(FO_OPT_TLS_REQUEST)) != 0;
    struct tls_choice tls = {0, FO_REJECT_NONE};
    const char *text = "";
    enum fo_reject reason;
    if (!link->secure)
        tls = choose_tls(ep, asked ? m->tls_request : 0);
    reason = tls.reason;
    if (reason != FO_REJECT_NONE)
        text = fo_reject_sentence(reason);
    else
        reason = check_digest(ep, link, m, data, length, &text);
    if (reason == FO_REJECT_NONE && tls.reply == 0)
        reason = check_connect(st, ep, link, m, &text);
    return (struct fo_connect_verdict){reason, tls.reply, text};
}
