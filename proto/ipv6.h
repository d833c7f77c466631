/**
 * proto/ipv6.h: an IPv6 address as a number, and the prefixes it lies in.
 *
 * The draft is for IPv4; IPv6 occurs in the management calls alone (MAPI §1.3, §1.4, §1.6).
 *
 * Source: RFC 4291 §2 (addresses, §2.4 their kinds), RFC 5952 (text).
 */
#ifndef FO_PROTO_IPV6_H
#define FO_PROTO_IPV6_H

#include "proto/bytes.h"

#define FO_IPV6_LENGTH 16 /* bytes on the wire and in keys */
#define FO_IPV6_BITS   128

/** 2001:db8::1 is {0x20010db800000000, 1}: DHCP_IPV6_ADDRESS has the same two halves. */
struct fo_ipv6 {
    uint64_t high, low;
};

/** Below, equal or above 0, as numbers. */
int fo_ipv6_compare(struct fo_ipv6 a, struct fo_ipv6 b);
bool fo_ipv6_is_zero(struct fo_ipv6 a);
/** The first |length| bits of |a|, the others 0. |length| at most 128. */
struct fo_ipv6 fo_ipv6_mask(struct fo_ipv6 a, unsigned length);
bool fo_ipv6_within(struct fo_ipv6 a, struct fo_ipv6 prefix, unsigned length);
/** The last address of a prefix. */
struct fo_ipv6 fo_ipv6_last(struct fo_ipv6 prefix, unsigned length);
/** The address after |a|; after the last one comes ::. */
struct fo_ipv6 fo_ipv6_next(struct fo_ipv6 a);
/** Neither ::, ::1, multicast nor link-local: something a server may serve. */
bool fo_ipv6_is_unicast(struct fo_ipv6 a);
bool fo_ipv6_is_link_local(struct fo_ipv6 a);

#define FO_IPV6_TEXT 46
/** Shortest text of |a| into |out|; returns |out|. */
char *fo_ipv6_text(struct fo_ipv6 a, char out[FO_IPV6_TEXT]);
/** Errors: FO_EINVAL. */
FO_MUST_CHECK int fo_ipv6_parse(const char *text, struct fo_ipv6 *out);

/** Sixteen bytes, the first octet first: keys made of them sort as the addresses do. */
void fo_write_ipv6(struct fo_writer *w, struct fo_ipv6 a);
void fo_read_ipv6(struct fo_reader *r, struct fo_ipv6 *out);

#endif
