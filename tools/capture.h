/**
 * tools/capture.h: the failover messages of a capture, each TCP direction put together again.
 *
 * Retransmitted and overlapping bytes are used once, segments that overtook others are put in
 * order. A direction whose bytes are incomplete or no messages is reported once and left.
 */
#ifndef FO_TOOLS_CAPTURE_H
#define FO_TOOLS_CAPTURE_H

#include "proto/frame.h"
#include "tools/pcap.h"

struct capture_message {
    int64_t time_us; /* of the segment that completed it; 0 for a raw stream */
    struct pcap_end from;
    struct pcap_end to;
    const uint8_t *data; /* one whole message; NULL: the direction is damaged, see |damage| */
    size_t length;
    const char *damage;
};

typedef void (*capture_fn)(void *context, const struct capture_message *message);

/**
 * capture_read calls |each| for every message of the pcap file |data| from or to TCP |port|.
 *
 * Ownership: borrows everything.
 * Errors:    FO_ETRUNCATED, FO_EMALFORMED for a damaged file; FO_ENOMEM.
 */
FO_MUST_CHECK int capture_read(const uint8_t *data, size_t length, uint16_t port, capture_fn each,
                               void *context);

/** The same for the bare bytes of one direction. */
void capture_read_raw(const uint8_t *data, size_t length, capture_fn each, void *context);

#endif
