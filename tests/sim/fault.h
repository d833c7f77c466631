/**
 * tests/sim/fault.h: what can go wrong, and how often it did.
 */
#ifndef FO_TESTS_SIM_FAULT_H
#define FO_TESTS_SIM_FAULT_H

struct sim;
struct roll;

enum fault {
    FAULT_CUT,             /* nothing passes between two servers for a while */
    FAULT_CUT_ONE_WAY,     /* nothing passes one way */
    FAULT_RESET,           /* connections end */
    FAULT_HALF_OPEN,       /* one end forgets a connection, the other does not hear of it */
    FAULT_DELAY,           /* messages take longer, and arrive joined */
    FAULT_SPLIT,           /* messages arrive in pieces */
    FAULT_KILL,            /* a process dies between two batches */
    FAULT_POWER,           /* a machine goes dark */
    FAULT_CRASH_COMMIT,    /* a process dies before a commit */
    FAULT_CRASH_EFFECT,    /* ... after one, before or between its effects */
    FAULT_DISK_ERROR,      /* EIO at a put or a commit */
    FAULT_DISK_FULL,       /* ENOSPC at a put or a commit */
    FAULT_DISK_UNREADABLE, /* EIO while a process starts */
    FAULT_DISK_TORN,       /* the last write is there in part */
    FAULT_DISK_WIPED,      /* the disk is empty, and the operator says so */
    FAULT_DISK_OLD,        /* the disk is an older copy, and nobody says so */
    FAULT_CLOCK_STEP,      /* a wall clock is set */
    FAULT_CLOCK_DRIFT,     /* a clock runs at another rate */
    FAULT_STOPPED,         /* a process does not run for some minutes */
    FAULT_FALSE_DOWN,      /* an operator says partner-down of a living partner */
    FAULTS
};
const char *fault_name(enum fault f);
void fault_count(struct sim *k, enum fault f);

void fault_cut(struct sim *k, struct roll *r);
void fault_cut_one_way(struct sim *k, struct roll *r);
void fault_reset(struct sim *k, struct roll *r);
void fault_half_open(struct sim *k, struct roll *r);
void fault_delay(struct sim *k, struct roll *r);
void fault_split(struct sim *k, struct roll *r);
void fault_kill(struct sim *k, struct roll *r);
void fault_crash(struct sim *k, struct roll *r);
void fault_disk(struct sim *k, struct roll *r);
void fault_torn(struct sim *k, struct roll *r);
void fault_wiped(struct sim *k, struct roll *r);
void fault_old_copy(struct sim *k, struct roll *r);
void fault_clock(struct sim *k, struct roll *r);
void fault_stopped(struct sim *k, struct roll *r);

/** Nothing that was prepared to go wrong does; nothing that is wrong stays so. */
void fault_mend_all(struct sim *k);
void fault_mend_server(struct sim *k, int server);
/** The clock is set right: a foreign partner talks to no other (dialect). */
void fault_set_clock(struct sim *k, int server);
/** A server died: when it comes back. */
void fault_on_death(void *context, int server);

#endif
