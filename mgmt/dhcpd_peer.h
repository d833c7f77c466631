/**
 * mgmt/dhcpd_peer.h: the statements of a `failover peer` block, one row each.
 *
 * Source: dhcpd.conf(5), "DHCP FAILOVER", "The FAILOVER PEER declaration".
 */
#ifndef FO_MGMT_DHCPD_PEER_H
#define FO_MGMT_DHCPD_PEER_H

#include "mgmt/dhcpd_conf.h"

/** dhcpd's own defaults. */
void fo_dhcpd_peer_init(struct fo_dhcpd_peer *p);
/** One statement of the block; unknown ones are passed over. Errors: FO_EINVAL with |why|. */
FO_MUST_CHECK int fo_dhcpd_peer_take(struct fo_dhcpd_peer *p, const struct fo_dhcpd_statement *s,
                                     char why[FO_DHCPD_WHY_MAX]);
/** The block is over: says what dhcpd could not do without. Errors: FO_EINVAL with |why|. */
FO_MUST_CHECK int fo_dhcpd_peer_check(const struct fo_dhcpd_peer *p, char why[FO_DHCPD_WHY_MAX]);

#endif
