/**
 * mgmt/target.h: where a management service is found: "HOST", "HOST:PORT", "[ADDRESS]:PORT", or the
 * path of a Unix socket (anything with a slash).
 */
#ifndef FO_MGMT_TARGET_H
#define FO_MGMT_TARGET_H

#include <stddef.h>
#include <stdint.h>

#include "proto/err.h"

#define FO_MGMT_SOCKET    "/run/fod/fod.sock" /* of the fod of this machine */
#define FO_MGMT_PORT      8647
#define FO_MGMT_PORT_TEXT 6

struct fo_mgmt_target {
    char path[108]; /* "": TLS to |host| */
    char host[256];
    char port[FO_MGMT_PORT_TEXT];
};
/** Errors: FO_EINVAL, with one sentence in |why|. */
FO_MUST_CHECK int fo_mgmt_target_parse(const char *text, struct fo_mgmt_target *out, char *why,
                                       size_t why_capacity);
#endif
