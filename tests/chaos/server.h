/**
 * tests/chaos/server.h: a server as a client meets it: fod through its management service, as a
 * host of it would ask in the name of its clients, or a DHCP server through a relay.
 *
 * A question waits for its answer, a second at most. What is not heard by then is never heard: late
 * answers are thrown away, so a client has only what it was told in time.
 *
 * Times are microseconds since 1970 by this machine's clock, which is the true one.
 */
#ifndef TESTS_CHAOS_SERVER_H
#define TESTS_CHAOS_SERVER_H

#include <stdint.h>

#include "mgmt/client.h"
#include "tests/interop/dhcp_packet.h"

#define CHAOS_SECOND_US INT64_C(1000000)

enum { ANSWER_TIMEOUT_S = 1, HARDWARE_LENGTH = 1 + DHCP_HW_LENGTH };

enum answer { GRANTED, REFUSED, UNHEARD };

/** What a client is told, and what its server may rely on (§5.2.1). Addresses are in host order. */
struct grant {
    uint32_t address;
    int64_t end_us;
    int64_t reckoned_us; /* until when the partner reckons with it, by this server's record; -1:
                            it does not tell */
};

struct server {
    char side;
    uint32_t lease_s; /* what clients ask for */
    uint32_t first, last;
    /* fod */
    struct fo_mgmt_target target;
    struct fo_mgmt_client *connection;
    int64_t offset_s; /* of its clock */
    /* DHCP */
    int fd;
    struct in_addr giaddr;
    uint32_t xid;
};

/** A client is its hardware: the type, then the address. */
enum answer fod_get(struct server *s, const uint8_t *hardware, struct grant *out);
enum answer fod_renew(struct server *s, const uint8_t *hardware, uint32_t address,
                      struct grant *out);
void fod_release(struct server *s, const uint8_t *hardware);
/** Until when this fod, as it is, reckons with a lease of |address|. */
enum answer fod_reckons(struct server *s, uint32_t address, int64_t *out_until_us);

enum answer dhcp_get(struct server *s, const uint8_t *hardware, struct grant *out);
enum answer dhcp_renew(struct server *s, const uint8_t *hardware, uint32_t address,
                       struct grant *out);
void dhcp_release(struct server *s, const uint8_t *hardware, uint32_t address);

int64_t chaos_now_us(void);

#endif
