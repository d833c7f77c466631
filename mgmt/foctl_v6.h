/**
 * mgmt/foctl_v6.h: IPv6 on the command line: prefixes, leases, values and how they are shown.
 */
#ifndef FO_MGMT_FOCTL_V6_H
#define FO_MGMT_FOCTL_V6_H

#include "mgmt/foctl.h"
#include "proto/ipv6.h"

/** Sixteen bytes for a message, which then borrows |room|. */
ProtobufCBinaryData foctl_v6_bytes(struct fo_ipv6 a, uint8_t room[FO_IPV6_LENGTH]);
/** An address out of a message; :: if it is none. */
struct fo_ipv6 foctl_v6_of(const ProtobufCBinaryData *m);

/* Values; a bad one is told on stderr. */
FO_MUST_CHECK int foctl_v6_address(const char *what, const char *text, struct fo_ipv6 *out);
/** "2001:db8::/64". Without a length |*out_length| is 0. */
FO_MUST_CHECK int foctl_v6_prefix(const char *text, struct fo_ipv6 *out, uint32_t *out_length);
/** "A-B" or "A" alone. */
FO_MUST_CHECK int foctl_v6_range(const char *text, struct fo_ipv6 *out_first,
                                 struct fo_ipv6 *out_last);
#define FOCTL_DUID_MAX 256
struct foctl_client6 {
    uint8_t duid[FOCTL_DUID_MAX];
    size_t duid_length; /* 0: none was given */
    uint32_t iaid;
};
FO_MUST_CHECK int foctl_v6_client(const char *duid, const char *iaid, struct foctl_client6 *out);

void foctl_v6_put_address(struct foctl_sheet *s, const char *key, const char *head,
                          const ProtobufCBinaryData *m);
void foctl_v6_put_prefix(struct foctl_sheet *s, const Mgmt__Prefix6 *m, bool everything);
void foctl_v6_put_lease(struct foctl_sheet *s, const Mgmt__Lease6 *m, bool everything);
void foctl_v6_put_binding(struct foctl_sheet *s, const Mgmt__Binding *m);
/** Where IPv6 is served, on the card of a server. */
void foctl_v6_put_served(struct foctl_sheet *s, Mgmt__Binding *const *list, size_t count);
/** "2001:db8::1-2001:db8::9". Returns |out|. */
#define FOCTL_V6_RANGE_TEXT (2 * FO_IPV6_TEXT)
const char *foctl_v6_range_text(const Mgmt__Range6 *m, char out[FOCTL_V6_RANGE_TEXT]);

int foctl_prefix_create(struct foctl *t);
int foctl_prefix_list(struct foctl *t);
int foctl_prefix_show(struct foctl *t);
int foctl_prefix_set(struct foctl *t);
int foctl_prefix_delete(struct foctl *t);
int foctl_prefix_exclude(struct foctl *t);
int foctl_prefix_unexclude(struct foctl *t);
int foctl_prefix_reserve(struct foctl *t);
int foctl_prefix_unreserve(struct foctl *t);
int foctl_lease6_create(struct foctl *t);
int foctl_lease6_list(struct foctl *t);
int foctl_lease6_show(struct foctl *t);
int foctl_lease6_set(struct foctl *t);
int foctl_lease6_delete(struct foctl *t);
#define FOCTL_BINDINGS_MAX 256 /* interfaces of one command */
int foctl_binding_list(struct foctl *t);
int foctl_binding_set(struct foctl *t);

#endif
