/**
 * state/transition.h: the state machine as a table.
 *
 * One row per sentence of draft-12 §9.3–§9.14; the figure 9.2-1 where the text is silent. An
 * endpoint never assigns its state but through a row of this table.
 */
#ifndef FO_STATE_TRANSITION_H
#define FO_STATE_TRANSITION_H

#include "proto/types.h"

enum fo_state_event {
    FO_ON_COMMS_OK,          /* communications became OK, or the partner's state or flags changed
                                (§8.3, §9.2): partner's state matters */
    FO_ON_COMMS_FAILED,      /* §8.3 */
    FO_ON_UPDDONE,           /* the answer to our request arrived and is committed (§7.5) */
    FO_ON_STARTUP_OVER,      /* the startup timer ran out (§9.3.2 step 6) */
    FO_ON_SAFE_PERIOD_OVER,  /* §10 */
    FO_ON_RECOVER_WAIT_OVER, /* MCLT since we went down (§9.6.2) */
    FO_ON_TOLD_PARTNER_DOWN, /* operator (§9.4, §9.8.4) */
    FO_ON_TOLD_PAUSE,        /* §9.13 */
    FO_ON_TOLD_SHUTDOWN,     /* §9.14 */
    FO_ON_TOLD_RESUME        /* operator: leave PAUSED or SHUTDOWN as a restart would, that is
                                through STARTUP */
};

/* What to do besides moving. */
enum fo_state_action {
    FO_DO_NOTHING = 0,
    FO_DO_REQUEST_UPDATE = 1 << 0, /* send UPDREQ, or UPDREQALL if storage was lost, unless
                                      one is outstanding on this link */
    FO_DO_STORE_RECOVER = 1 << 1,  /* remember RECOVER as the state to resume (§9.14) */
    FO_DO_ALARM = 1 << 2,          /* an operator should hear of it */
    FO_DO_REFUSE = 1 << 3          /* the command is not possible now */
};

struct fo_transition {
    enum fo_state to;   /* the same as |from|: stay */
    unsigned actions;   /* enum fo_state_action, or-ed */
    const char *source; /* "§9.9.3": static text */
};

/** Facts that rows distinguish besides states. */
struct fo_transition_context {
    enum fo_role role;
    enum fo_state partner;       /* FO_STATE_NONE: never heard */
    bool partner_startup;        /* its STATE carried the S flag (§9.4.3) */
    bool resolution_finished;    /* NORMAL: CONFLICT-DONE is the expected end of our own
                                    resolution (§9.8.4) */
    bool connected;              /* communications are OK */
    bool lost_storage;           /* RECOVER: ours was lost and is not made good yet (§9.5.2) */
    enum fo_state previous;      /* in STARTUP, PAUSED, SHUTDOWN: the state to resume (§9.1) */
    bool partner_down_was_later; /* STARTUP against PARTNER-DOWN: it went down after our last
                                    operation (§9.3.2 step 5); time spent in states that serve
                                    nobody is no operation */
};

/** Looks the row up; every (state, event, context) has an answer. Pure. */
struct fo_transition fo_transition_find(enum fo_state from, enum fo_state_event event,
                                        const struct fo_transition_context *context);

/** The state that a restart resumes, after the comm-failed change of §9.3.2 step 2: NORMAL gives
 *  COMMUNICATIONS-INTERRUPTED, POTENTIAL-CONFLICT gives RESOLUTION-INTERRUPTED, others stay. */
enum fo_state fo_transition_resumed(enum fo_state stored);

const char *fo_state_event_name(enum fo_state_event event);

/** One sentence: what ends |state|, for an operator at night ("the partner's STATE message", "MCLT
 *  since …", "an operator: foctl relationship partner-down"). Static text. */
const char *fo_state_exit_sentence(enum fo_state state);

#endif
