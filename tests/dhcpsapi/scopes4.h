/**
 * tests/dhcpsapi/scopes4.h: what rows about IPv4 scopes are made of: one more scope.
 */
#ifndef TESTS_DHCPSAPI_SCOPES4_H
#define TESTS_DHCPSAPI_SCOPES4_H

#include "leases4.h"

#define NEW    0x0a080000u /* 10.8.0.0: the scope that these rows make */
#define MASK24 0xffffff00u

DWORD make_subnet(DHCP_IP_ADDRESS subnet, DHCP_IP_MASK mask, DHCP_SUBNET_STATE state);
/** Scope NEW, anew: range .10 to .109, nothing else. */
void fresh(void);
/** Without the scopes that rows make. */
void clear_subnets(void);
/** Takes NEW into a relationship. */
DWORD relate_new(void);
DWORD add_range(DHCP_SUBNET_ELEMENT_TYPE type, DHCP_BOOTP_IP_RANGE *range);

/* Elements of NEW, by the last octet. */
DWORD range4(DHCP_SUBNET_ELEMENT_TYPE type, DWORD first, DWORD last);
DWORD take_range4(DWORD first, DWORD last, DHCP_FORCE_FLAG force);
DWORD change_exclusion4(DWORD first, DWORD last, bool remove);
DWORD change_reservation4(DWORD host, BYTE number, bool remove);
/** A lease of a client of |type|. */
DWORD make_client4(DWORD host, BYTE type);
/** The elements of a type, as many as there is room for. Ownership: gives |*out|. */
DWORD walk4(DHCP_SUBNET_ELEMENT_TYPE type, DWORD most, DHCP_RESUME_HANDLE *handle,
            LPDHCP_SUBNET_ELEMENT_INFO_ARRAY_V5 *out, DWORD *left);
DWORD count_elements4(DHCP_SUBNET_ELEMENT_TYPE type);

#endif
