/**
 * tests/fo/recording.h: what two dhcpd said to each other (tests/data/isc-dhcpd), and when.
 */
#ifndef FO_TESTS_RECORDING_H
#define FO_TESTS_RECORDING_H

#include "proto/message.h"

#define RECORDING_MESSAGES 512

enum recording_side { SIDE_A, SIDE_B }; /* primary, secondary */

/* One message, owned. */
struct recorded {
    int64_t ms; /* since the first message */
    enum recording_side by;
    unsigned connection; /* the first is 1 */
    uint8_t bytes[FO_MESSAGE_MAX];
    size_t length;
};

struct recording {
    int64_t utc0_us; /* the wall clock at 0 */
    struct recorded messages[RECORDING_MESSAGES];
    size_t count;
};

/** Reads tests/data/isc-dhcpd/|name|.pcap. */
void recording_read(struct recording *out, const char *name);

/** Takes |one| apart, into memory of the caller. */
void recorded_decode(const struct recorded *one, struct fo_message *out);

#endif
