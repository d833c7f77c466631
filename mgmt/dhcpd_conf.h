/**
 * mgmt/dhcpd_conf.h: what a dhcpd.conf says about one failover relationship: its `failover peer`
 * block, and the subnets and ranges of the pools that name it.
 *
 * The reader is tolerant: it follows groups, shared networks, subnets, pools and included files,
 * and passes over every statement that is not about failover. What is about failover has to be
 * right; the first thing that is not is told by file and line.
 *
 * Source: dhcpd.conf(5), "DHCP FAILOVER", "DECLARATIONS".
 */
#ifndef FO_MGMT_DHCPD_CONF_H
#define FO_MGMT_DHCPD_CONF_H

#include "mgmt/dhcpd_words.h"
#include "state/load_balance.h"

/* What dhcpd takes where its file is silent. */
#define FO_DHCPD_DEFAULT_RESPONSE_DELAY_S 20u
#define FO_DHCPD_DEFAULT_MAX_UNACKED      100u

struct fo_dhcpd_peer {
    char file[256];
    unsigned line; /* of the block */
    bool has_role;
    enum fo_role role;
    fo_ipv4_t address, peer_address; /* 0: not given */
    uint16_t port, peer_port;
    uint32_t max_response_delay_s, max_unacked;
    uint32_t load_balance_max_s;  /* 0: off */
    uint32_t auto_partner_down_s; /* 0: never */
    uint32_t mclt_s;              /* 0: not given, as on every secondary */
    bool has_buckets;             /* false: neither split nor hba, as on every secondary */
    struct fo_buckets buckets;
};

struct fo_dhcpd_range {
    fo_ipv4_t first, last;
};
struct fo_dhcpd_subnet {
    fo_ipv4_t subnet, mask;
    struct fo_dhcpd_range *ranges; /* of the pools of the relationship, at least one */
    size_t range_count;
};
struct fo_dhcpd_conf {
    struct fo_dhcpd_peer peer;
    struct fo_dhcpd_subnet *subnets;
    size_t subnet_count;
    size_t left_out; /* ranges of these subnets that are of no pool of the relationship */
};

/**
 * fo_dhcpd_conf_read reads |path| and what it includes, for the relationship |name|.
 *
 * Ownership: borrows |path| and |name|; gives |out| (fo_dhcpd_conf_free).
 * Errors:    FO_EINVAL (|why|: "file:line: sentence"), FO_ENOMEM.
 */
FO_MUST_CHECK int fo_dhcpd_conf_read(const char *path, const char *name, struct fo_dhcpd_conf *out,
                                     char why[FO_DHCPD_WHY_MAX]);
/** The same from a text at hand, which errors call |file|; it cannot include files. */
FO_MUST_CHECK int fo_dhcpd_conf_parse(const char *file, const char *text, size_t length,
                                      const char *name, struct fo_dhcpd_conf *out,
                                      char why[FO_DHCPD_WHY_MAX]);
void fo_dhcpd_conf_free(struct fo_dhcpd_conf *c);

#endif
