/**
 * tests/fuzz/partner.h: a partner whose every message is chosen by the input.
 *
 * By default what it says is well-formed and answers what it heard, so that the deep states are
 * reached; each bit of its mood makes one thing about the message wild.
 */
#ifndef FO_TESTS_FUZZ_PARTNER_H
#define FO_TESTS_FUZZ_PARTNER_H

#include "tests/fuzz/options.h"

#define FUZZ_NAME    "alpha"
#define FUZZ_SECRET  "between us"
#define FUZZ_SUBNET  0x0a000000u /* 10.0.0.0/24, in the relationship from the beginning */
#define FUZZ_SUBNET2 0x0a000100u /* 10.0.1.0/24, a scope of its own */

enum fuzz_mood {
    FUZZ_OPTIONS = 0x01, /* options are missing or out of place */
    FUZZ_VALUES = 0x02,
    FUZZ_XID = 0x04,
    FUZZ_GROUPS = 0x08, /* more transactions than usual */
    FUZZ_DIGEST = 0x10, /* missing or wrong */
    FUZZ_BYTES = 0x20,  /* one byte of the finished message is changed */
    FUZZ_PIECES = 0x40, /* arrives in two pieces */
    FUZZ_CLOCK = 0x80
};

/** The last message of each type that the server sent, undecoded. */
struct fuzz_heard {
    uint8_t bytes[FO_MSG_DISCONNECT + 1][FO_MESSAGE_MAX];
    size_t length[FO_MSG_DISCONNECT + 1];
};

struct fuzz_partner {
    struct fuzz_heard heard;
    uint32_t next_xid;
    uint32_t now; /* by its clock */
    bool digest;  /* it knows the shared secret */
    const struct fo_dialect *dialect;
    struct fo_message message; /* scratch */
};

/** A client: a few of them come again and again. */
struct fo_client;
void fuzz_client(struct fuzz_input *in, struct fo_client *out);
/** An address, mostly of FUZZ_SUBNET. */
fo_ipv4_t fuzz_address(struct fuzz_input *in);

/** Writes the next message of |type| into |out| (FO_MESSAGE_MAX bytes); returns its length. */
size_t fuzz_partner_says(struct fuzz_partner *p, struct fuzz_input *in, uint8_t type, uint8_t mood,
                         uint8_t *out);
/** Remembers what the server said. */
void fuzz_partner_hears(struct fuzz_partner *p, const uint8_t *data, size_t length);

#endif
