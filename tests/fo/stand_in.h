/**
 * tests/fo/stand_in.h: the server that plays a dhcpd's part, and what it says (tests/fo/replay.h).
 */
#ifndef FO_TESTS_STAND_IN_H
#define FO_TESTS_STAND_IN_H

#include "tests/fo/replay.h"

#define ADDRESS_A 0xc0a84d01u /* 192.168.77.1 */
#define ADDRESS_B 0xc0a84d02u
#define POOL      0x0a100000u /* 10.16.0.0: scope, and first address of the pool */

typedef void (*stand_in_change_fn)(void *context, struct fo_server *s, struct fo_now now,
                                   struct fo_outbox *out);

struct fo_now stand_in_now(const struct replay *r);
/** The relationship as this side is configured. */
const char *stand_in_name(const struct replay *r);

/** From its store, or from an empty one, configured as the recorded server was. */
void stand_in_start(struct replay *r);
void stand_in_start_from_nothing(struct replay *r, enum fo_birth birth);
/** The process ends; |with_a_word|: in good order. */
void stand_in_end(struct replay *r, bool with_a_word);

/** One batch each: an event; anything else that is called between begin and flush. */
void stand_in_step(struct replay *r, const struct fo_event *event);
void stand_in_change(struct replay *r, stand_in_change_fn change, void *context);
/** The connection, if there is one, breaks. */
void stand_in_hang_up(struct replay *r);

/** With REPLAY_LOG in the environment, the whole conversation is told: |who| said what. */
void stand_in_log(const struct replay *r, const char *who, const char *text, size_t length);
void stand_in_log_message(struct replay *r, const char *who, const struct recorded *one);

#endif
