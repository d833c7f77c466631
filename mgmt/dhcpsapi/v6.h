/**
 * mgmt/dhcpsapi/v6.h: IPv6 addresses as Microsoft's structures and as messages; and lists of which
 * nobody knows how long they will be.
 */
#ifndef FO_MGMT_DHCPSAPI_V6_H
#define FO_MGMT_DHCPSAPI_V6_H

#include "mgmt/dhcpsapi/ask.h"
#include "proto/ipv6.h"

/** The address in |room|, which the message then borrows. */
ProtobufCBinaryData fo_v6_give(DHCP_IPV6_ADDRESS address, uint8_t room[FO_IPV6_LENGTH]);
DHCP_IPV6_ADDRESS fo_v6_take(const ProtobufCBinaryData *m);
/** What a caller names; a NULL pointer, or one to nothing, is no bytes. */
ProtobufCBinaryData fo_v6_give_uid(const DHCP_CLIENT_UID *uid);
/** Memory of |owner|; false without. */
bool fo_v6_take_uid(void *owner, const ProtobufCBinaryData *m, DHCP_CLIENT_UID *out);

/** Pointers gathered page by page, up to a number of bytes. {0} and then fo_gathered_fini. */
struct fo_gathered {
    void **list; /* malloc'd */
    size_t count, capacity;
    size_t bytes, most_bytes; /* of the caller's memory; FO_GATHER_ALL: no end */
    bool full;                /* something did not fit */
};
#define FO_GATHER_ALL 0xffffffffu
/** Whether |size| more bytes fit: the first one always does. If so they count. */
bool fo_gathered_fits(struct fo_gathered *g, size_t size);
/** False: |item| is NULL, or no memory. */
bool fo_gathered_add(struct fo_gathered *g, void *item);
void fo_gathered_fini(struct fo_gathered *g);

#endif
