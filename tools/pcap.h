/**
 * tools/pcap.h: the TCP segments of a capture file.
 *
 * Reads classic pcap files (either byte order, micro- or nanoseconds) with Ethernet, VLAN tags,
 * Linux "cooked" (SLL, SLL2) or raw IP packets, IPv4 and IPv6. Packets that are something else,
 * fragments among them, are passed over.
 */
#ifndef FO_TOOLS_PCAP_H
#define FO_TOOLS_PCAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proto/err.h"

struct pcap_file {
    const uint8_t *data; /* borrowed */
    size_t length;
    size_t position;
    bool swapped; /* the file was written with the other byte order */
    bool nanoseconds;
    uint32_t link_type;
};

struct pcap_end {
    uint8_t address[16]; /* the first 4 bytes for IPv4 */
    uint8_t address_length;
    uint16_t port;
};

struct pcap_segment {
    int64_t time_us;
    struct pcap_end from;
    struct pcap_end to;
    uint32_t sequence;
    bool syn;
    const uint8_t *payload; /* borrowed from the file */
    size_t payload_length;
};

/** Reads the file header. Ownership: borrows |data| for as long as the file is read.
 *  Errors: FO_ETRUNCATED, FO_EMALFORMED (not a pcap file, or a link type not listed above). */
FO_MUST_CHECK int pcap_open(struct pcap_file *file, const uint8_t *data, size_t length);

/** The next TCP segment: 1, or 0 at the end. Errors: FO_ETRUNCATED (the file ends in a packet). */
FO_MUST_CHECK int pcap_next(struct pcap_file *file, struct pcap_segment *out);

#endif
