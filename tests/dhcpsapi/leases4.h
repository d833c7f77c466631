/**
 * tests/dhcpsapi/leases4.h: what rows about IPv4 leases are made of.
 */
#ifndef TESTS_DHCPSAPI_LEASES4_H
#define TESTS_DHCPSAPI_LEASES4_H

#include "conformance.h"

/** The identifier of a client, valid until the next one. */
DHCP_CLIENT_UID client4(BYTE number);
DATE_TIME date_in(long long seconds);
long long seconds_until(DATE_TIME date);
/** A lease that can be made, for an hour. */
DHCP_CLIENT_INFO_PB lease4(DHCP_IP_ADDRESS address, BYTE number);
/** The same, made. */
DWORD create4(DHCP_IP_ADDRESS address, BYTE number);
/** Ownership: gives |*out| (DhcpRpcFreeMemory). */
DWORD get4(DHCP_IP_ADDRESS address, LPDHCP_CLIENT_INFO_PB *out);
DWORD delete4(DHCP_IP_ADDRESS address);
/** How many records the subnet has; 0: all subnets. */
DWORD count4(DHCP_IP_ADDRESS subnet);
/** Ends every lease of SCOPE(n), where nothing is reserved. */
void clear4(int n);

#endif
