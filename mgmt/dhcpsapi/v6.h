/**
 * mgmt/dhcpsapi/v6.h: IPv6 addresses as Microsoft's structures and as messages.
 */
#ifndef FO_MGMT_DHCPSAPI_V6_H
#define FO_MGMT_DHCPSAPI_V6_H

#include "mgmt/dhcpsapi/ask.h"
#include "mgmt/dhcpsapi/gathered.h"
#include "proto/ipv6.h"

/** The address in |room|, which the message then borrows. */
ProtobufCBinaryData fo_v6_give(DHCP_IPV6_ADDRESS address, uint8_t room[FO_IPV6_LENGTH]);
DHCP_IPV6_ADDRESS fo_v6_take(const ProtobufCBinaryData *m);
/** What a caller names; a NULL pointer, or one to nothing, is no bytes. */
ProtobufCBinaryData fo_v6_give_uid(const DHCP_CLIENT_UID *uid);
/** Memory of |owner|; false without. */
bool fo_v6_take_uid(void *owner, const ProtobufCBinaryData *m, DHCP_CLIENT_UID *out);

#endif
