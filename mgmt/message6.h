/**
 * mgmt/message6.h: the IPv6 nouns of state/ as messages of proto/mgmt.proto, and back; and a call
 * as what a change of them works on.
 */
#ifndef FO_MGMT_MESSAGE6_H
#define FO_MGMT_MESSAGE6_H

#include "mgmt/call.h"
#include "state/change6.h"

/** Codes: 87 when |m| has neither 16 bytes nor none (::). |what| names it in the sentence. */
FO_MUST_CHECK uint32_t fo_message_to_ipv6(struct fo_call *c, const char *what,
                                          const ProtobufCBinaryData *m, struct fo_ipv6 *out);
/** Memory of the call; false without. */
FO_MUST_CHECK bool fo_message_of_ipv6(struct fo_call *c, struct fo_ipv6 a,
                                      ProtobufCBinaryData *out);

/** The length is 64 if |m| names none. Codes: 87, 20046 (a text is too long). */
FO_MUST_CHECK uint32_t fo_message_to_prefix6(struct fo_call *c, const Mgmt__Prefix6 *m,
                                             struct fo_prefix6 *out);
/** Memory of the call; NULL without, as all below. */
Mgmt__Prefix6 *fo_message_of_prefix6(struct fo_call *c, const struct fo_prefix6 *p);

/** Codes: 87. A DUID that is too long has its length alone, for the rules to refuse. */
FO_MUST_CHECK uint32_t fo_message_to_element6(struct fo_call *c, const Mgmt__Element6 *m,
                                              struct fo_element6 *out);
Mgmt__Element6 *fo_message_of_element6(struct fo_call *c, struct fo_ipv6 prefix,
                                       const struct fo_element6 *e);

/** Codes: 87. */
FO_MUST_CHECK uint32_t fo_message_to_lease6(struct fo_call *c, const Mgmt__Lease6 *m,
                                            struct fo_lease6 *out);
Mgmt__Lease6 *fo_message_of_lease6(struct fo_call *c, const struct fo_lease6 *l);
void fo_message_to_client6(const ProtobufCBinaryData *duid, uint32_t iaid, struct fo_client6 *out);

/** What |c| changes, with its sentence. */
struct fo_change6 fo_change6_of(struct fo_call *c);
/** The end of a change: |code|, or that of the store's failure, which throws the batch away. */
uint32_t fo_change6_end(struct fo_call *c, const struct fo_change6 *change, uint32_t code);
/** The same for a reading that failed; FO_ENOTFOUND is the caller's. */
uint32_t fo_call_unread(struct fo_call *c, int rc);

#endif
