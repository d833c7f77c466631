/**
 * tests/interop/dhcp_packet.h: DHCP as a relay speaks it (giaddr, port 67), for the clients here:
 * no raw sockets, no address per client.
 *
 * Source: RFC 2131 §2 (message), Table 5 (what stands where), RFC 2132 (options), RFC 1542 §4.
 */
#ifndef TESTS_INTEROP_DHCP_PACKET_H
#define TESTS_INTEROP_DHCP_PACKET_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { DISCOVER = 1, OFFER, REQUEST, DECLINE, ACK, NAK, RELEASE };
enum { SERVER_PORT = 67, DHCP_MESSAGE_MAX = 576, DHCP_HW_LENGTH = 6 };

/** What a client says. Addresses are in network order; 0 is left out. */
struct dhcp_question {
    uint8_t type;
    uint32_t xid;
    uint16_t secs;
    struct in_addr ciaddr, giaddr, requested, server;
    const uint8_t *hw; /* DHCP_HW_LENGTH octets, Ethernet */
    const uint8_t *id; /* option 61 */
    size_t id_length;  /* 0: none */
};

struct dhcp_answer {
    uint8_t type;
    uint32_t xid;
    struct in_addr address, server;
    uint32_t lease_s;
};

/** Returns the length of the message. */
size_t dhcp_write(const struct dhcp_question *q, uint8_t out[DHCP_MESSAGE_MAX]);
/** False: not the answer of a DHCP server. */
bool dhcp_read(const uint8_t *m, size_t length, struct dhcp_answer *out);
/** A socket of a relay at |here| (INADDR_ANY: any of the interface); ends the program without. */
int dhcp_open(const char *interface, struct in_addr here);
/** Steady milliseconds. */
int64_t dhcp_now_ms(void);
/** Hexadecimal octets, with or without colons: their number; 0 if it is something else or too
 *  long. */
size_t dhcp_read_hex(const char *text, uint8_t *out, size_t max);

#endif
