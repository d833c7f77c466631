/**
 * tests/fo/compare.h: how what our server said differs from what dhcpd said in its place.
 *
 * Message by message, on each connection: which were said; of two that correspond, which options
 * and which values they have, in which order; and the verdict on each update of the partner.
 * Times may be a second apart. Not compared are xids, the moments at which something is said, and
 * the order of BNDUPDs and BNDACKs among the other messages.
 */
#ifndef FO_TESTS_COMPARE_H
#define FO_TESTS_COMPARE_H

#include "tests/fo/replay.h"

#define DIFFERENCES 64

/* Each difference is worded, and is there once with how often it occurs. */
struct differences {
    struct {
        char text[96];
        unsigned times;
    } list[DIFFERENCES];
    size_t count;
};

/** After replay_run(): fills |out|. */
void compare(const struct replay *r, struct differences *out);
/** How often: 0 is never. */
unsigned differences_of(const struct differences *d, const char *text);

#endif
