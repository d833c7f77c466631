/**
 * mgmt/turn.h: whose request comes next. Connections take turns, a request each, and all of them
 * together have 2 ms of each turn of the loop, or one request that takes long by itself: the partner's
 * messages and the next commit never wait for everybody who asks something.
 */
#ifndef FO_MGMT_TURN_H
#define FO_MGMT_TURN_H

#include <stdbool.h>
#include <sys/queue.h>

#include <event2/event.h>

/** Embedded in what takes turns. {0} waits for none. */
struct fo_turn {
    TAILQ_ENTRY(fo_turn) link;
    bool waits;
};
TAILQ_HEAD(fo_turn_list, fo_turn);
struct fo_turns {
    struct fo_turn_list list;
    struct event *next;
    /** Does one piece of work; whether there may be more. It may free |turn|. */
    bool (*work)(struct fo_turn *turn);
};

/** Errors: FO_ENOMEM. */
int fo_turns_init(struct fo_turns *t, struct event_base *base, bool (*work)(struct fo_turn *turn));
void fo_turns_fini(struct fo_turns *t); /* {0} is safe */
/** |turn| has work: it will be called, in the order of asking. */
void fo_turn_want(struct fo_turns *t, struct fo_turn *turn);
/** It is about to go. */
void fo_turn_forget(struct fo_turns *t, struct fo_turn *turn);

#endif
