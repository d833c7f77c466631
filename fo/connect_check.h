/**
 * fo/connect_check.h: every reason to refuse the CONNECT of a partner that was found (draft-12
 * §7.8.2, steps 3 to 8). For connect.c, which answers it.
 */
#ifndef FO_CONNECT_CHECK_H
#define FO_CONNECT_CHECK_H

#include "fo/endpoint.h"

struct fo_connect_verdict {
    enum fo_reject reason; /* FO_REJECT_NONE: accept */
    uint8_t tls_reply;     /* option 26 of the CONNECTACK */
    const char *text;      /* of the refusal; static */
};

/**
 * fo_connect_check judges the CONNECT |m|, |length| bytes at |data|, that came to |ep| on |link|.
 * With tls_reply 1 only TLS and the digest are looked at: the CONNECT under TLS counts. A silent
 * link of the endpoint is closed in favour of this one.
 */
struct fo_connect_verdict fo_connect_check(struct fo_step *st, struct fo_endpoint *ep,
                                           struct fo_link *link, const struct fo_message *m,
                                           const uint8_t *data, size_t length);

/** Whether the clocks are |sample| seconds apart and that is more than |ep| puts up with. */
bool fo_connect_skew_too_great(const struct fo_endpoint *ep, int32_t sample);

#endif
