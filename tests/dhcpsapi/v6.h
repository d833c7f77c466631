/**
 * tests/dhcpsapi/v6.h: what rows about IPv6 are made of.
 */
#ifndef TESTS_DHCPSAPI_V6_H
#define TESTS_DHCPSAPI_V6_H

#include "conformance.h"

#define NET6(n)     ((DHCP_IPV6_ADDRESS){0x20010db800000000u + (n), 0}) /* 2001:db8:0:n::/64 */
#define HOST6(n, h) ((DHCP_IPV6_ADDRESS){0x20010db800000000u + (n), (h)})
#define NONE6       ((DHCP_IPV6_ADDRESS){0, 0})

bool same6(DHCP_IPV6_ADDRESS a, DHCP_IPV6_ADDRESS b);
/** No prefixes, and nothing in them; then 2001:db8:0:n::/64 for n below |count|. */
void fresh6(unsigned count);
DWORD make_prefix6(DHCP_IPV6_ADDRESS prefix);
DWORD delete_prefix6(DHCP_IPV6_ADDRESS prefix, DHCP_FORCE_FLAG force);
/** A DUID of |length| bytes that differ by |number|; its bytes are shared by all callers. */
DHCP_CLIENT_UID duid6(BYTE number, DWORD length);
DWORD exclude6(DHCP_IPV6_ADDRESS prefix, DHCP_IPV6_ADDRESS first, DHCP_IPV6_ADDRESS last);
DWORD reserve6(DHCP_IPV6_ADDRESS prefix, DHCP_IPV6_ADDRESS address, BYTE duid, DWORD iaid);
/** A lease that can be made, for an hour. */
DHCP_CLIENT_INFO_V6 lease6(DHCP_IPV6_ADDRESS address, BYTE duid, DWORD iaid);
/** The same, made. */
DWORD create6(DHCP_IPV6_ADDRESS address, BYTE duid, DWORD iaid);
/** Ownership: gives |*out| (DhcpRpcFreeMemory). */
DWORD get6(DHCP_IPV6_ADDRESS address, LPDHCP_CLIENT_INFO_V6 *out);
bool has6(DHCP_IPV6_ADDRESS address);
DWORD delete6(DHCP_IPV6_ADDRESS address);

#endif
