/**
 * mgmt/dhcpsapi/lease.h: leases and how one is found, as Microsoft's structures and as messages.
 */
#ifndef FO_MGMT_DHCPSAPI_LEASE_H
#define FO_MGMT_DHCPSAPI_LEASE_H

#include "mgmt/dhcpsapi/ask.h"

/* The members that every structure of a lease has, in whatever it is that |to| and |from| are. */
#define FO_LEASE_COPY(to, from)                                                                    \
    do {                                                                                           \
        (to)->ClientIpAddress = (from)->ClientIpAddress;                                           \
        (to)->SubnetMask = (from)->SubnetMask;                                                     \
        (to)->ClientHardwareAddress = (from)->ClientHardwareAddress;                               \
        (to)->ClientName = (from)->ClientName;                                                     \
        (to)->ClientComment = (from)->ClientComment;                                               \
        (to)->ClientLeaseExpires = (from)->ClientLeaseExpires;                                     \
        (to)->OwnerHost = (from)->OwnerHost;                                                       \
        (to)->bClientType = (from)->bClientType;                                                   \
        (to)->AddressState = (from)->AddressState;                                                 \
        (to)->Status = (from)->Status;                                                             \
        (to)->ProbationEnds = (from)->ProbationEnds;                                               \
        (to)->QuarantineCapable = (from)->QuarantineCapable;                                       \
    } while (0)

/** What a caller gives, |server| being where; what hangs from the message lives as long as |a|. */
Mgmt__Lease fo_lease_give(struct fo_ask *a, const WCHAR *server, const DHCP_CLIENT_INFO_VQ *info);
/** A search; without a key, which the server refuses, if |info| is NULL or of no known type. */
Mgmt__LeaseSearch fo_lease_search_of(struct fo_ask *a, const DHCP_SEARCH_INFO *info);

/** What the server tells; what hangs from |*out| lives as long as |owner|. False: no memory. */
bool fo_lease_take(void *owner, const Mgmt__Lease *m, DHCP_CLIENT_INFO_VQ *out);
/** The same as a DHCP_CLIENT_INFO_PB or _VQ in memory of |owner|, or of its own (DhcpRpcFreeMemory)
 *  if that is NULL. NULL: no memory; what |owner| has by then is its. */
void *fo_lease_take_pb(void *owner, const Mgmt__Lease *m);
void *fo_lease_take_vq(void *owner, const Mgmt__Lease *m);
/** The caller's memory for the DHCP_CLIENT_INFO_PB of |m|, about. */
size_t fo_lease_size(const Mgmt__Lease *m);

#endif
