/**
 * proto/vendor.h: what two servers of ours tell each other beside the draft, in option 29
 * (vendor-specific-options, §12.29) of CONTACT messages: options of two bytes code, two bytes
 * length, value, as in any message.
 *
 * | code | length | value |
 * | 1    | 8      | fingerprint of the relationship's settings |
 * | 2    | 8      | fingerprint of its scopes |
 *
 * Codes that are not known are passed over.
 */
#ifndef FO_PROTO_VENDOR_H
#define FO_PROTO_VENDOR_H

#include "proto/types.h"

struct fo_vendor_facts {
    bool has_settings, has_scopes;
    uint64_t settings, scopes;
};
#define FO_VENDOR_FACTS_MAX 24 /* bytes written at most */

/** Returns the length. */
size_t fo_vendor_write(const struct fo_vendor_facts *facts, uint8_t out[FO_VENDOR_FACTS_MAX]);
/** Errors: FO_ETRUNCATED; FO_EMALFORMED: a length that is not in the table. |out| is then empty. */
FO_MUST_CHECK int fo_vendor_read(const uint8_t *data, size_t length, struct fo_vendor_facts *out);

#endif
