/* Source: draft-12 §9.2 with Figure 9.2-1, §9.3–§9.14, §10. */
#include "state/transition.h"

/* The words of the table. */
enum {
    STARTUP = FO_STATE_STARTUP,
    NORMAL = FO_STATE_NORMAL,
    COMM_INT = FO_STATE_COMMUNICATIONS_INTERRUPTED,
    PARTNER_DOWN = FO_STATE_PARTNER_DOWN,
    CONFLICT = FO_STATE_POTENTIAL_CONFLICT,
    RECOVER = FO_STATE_RECOVER,
    PAUSED = FO_STATE_PAUSED,
    SHUTDOWN = FO_STATE_SHUTDOWN,
    RECOVER_DONE = FO_STATE_RECOVER_DONE,
    RES_INT = FO_STATE_RESOLUTION_INTERRUPTED,
    CONFLICT_DONE = FO_STATE_CONFLICT_DONE,
    RECOVER_WAIT = FO_STATE_RECOVER_WAIT,
    STAY = FO_STATE_COUNT, /* to: where we are */
    RESUME,                /* to: context->previous */
    EVERY                  /* from: all states; event: all events */
};
enum {
    COMMS_OK = FO_ON_COMMS_OK,
    COMMS_FAILED = FO_ON_COMMS_FAILED,
    UPDDONE = FO_ON_UPDDONE,
    STARTUP_OVER = FO_ON_STARTUP_OVER,
    SAFE_PERIOD_OVER = FO_ON_SAFE_PERIOD_OVER,
    RECOVER_WAIT_OVER = FO_ON_RECOVER_WAIT_OVER,
    TOLD_PARTNER_DOWN = FO_ON_TOLD_PARTNER_DOWN,
    TOLD_PAUSE = FO_ON_TOLD_PAUSE,
    TOLD_SHUTDOWN = FO_ON_TOLD_SHUTDOWN,
    TOLD_RESUME = FO_ON_TOLD_RESUME
};
enum {
    NOTHING = FO_DO_NOTHING,
    ASK = FO_DO_REQUEST_UPDATE,
    STORE_RECOVER = FO_DO_STORE_RECOVER,
    ALARM = FO_DO_ALARM,
    REFUSE = FO_DO_REFUSE
};

/* When a row fits: the partner is in one of these states (S), and all the IFs are so. */
#define S(state)          (1u << (state))
#define ANY               0xffffu
#define CONFLICTS         (S(CONFLICT) | S(RES_INT) | S(CONFLICT_DONE))
#define IF_PRIMARY        0x010000u
#define IF_PARTNER_STARTS 0x020000u /* S flag of its STATE */
#define IF_PD_WAS_LATER   0x040000u
#define IF_RESOLVED       0x080000u
#define IF_CONNECTED      0x100000u
#define IF_LOST           0x200000u

/* Read from the top: the first row that fits is the answer. */
static const struct {
    unsigned char from, event;
    unsigned when;
    unsigned char to, actions;
    const char *source;
} rows[] = {
    /* clang-format off */

/* Out of STARTUP: §9.3.2, steps 5 and 6. */
{ STARTUP, COMMS_OK,          S(PARTNER_DOWN) | IF_PD_WAS_LATER, RECOVER,      NOTHING, "§9.3.2" },
{ STARTUP, COMMS_OK,          S(PARTNER_DOWN),                   CONFLICT,     NOTHING, "§9.3.2" },
{ STARTUP, COMMS_OK,          ANY,                               RESUME,       NOTHING, "§9.3.2" },
{ STARTUP, STARTUP_OVER,      ANY,                               RESUME,       NOTHING, "§9.3.2" },
{ STARTUP, TOLD_PARTNER_DOWN, ANY,                               PARTNER_DOWN, NOTHING,
                                                                               "§9.4, Draft gap" },

/* Out of NORMAL: §9.8.4. Its way through COMMUNICATIONS-INTERRUPTED is walked in one step. */
{ NORMAL, COMMS_FAILED,      ANY,                                 COMM_INT,     ALARM,   "§9.8.4" },
{ NORMAL, TOLD_PARTNER_DOWN, ANY,                                 PARTNER_DOWN, NOTHING, "§9.8.4" },
{ NORMAL, COMMS_OK, S(NORMAL) | S(COMM_INT) | S(RECOVER_DONE),    STAY,         NOTHING, "§9.8.4" },
{ NORMAL, COMMS_OK, S(CONFLICT_DONE) | IF_RESOLVED,               STAY,         NOTHING, "§9.8.4" },
{ NORMAL, COMMS_OK, S(PARTNER_DOWN) | CONFLICTS,                  CONFLICT,     NOTHING, "§9.8.4" },
{ NORMAL, COMMS_OK, S(RECOVER) | S(RECOVER_WAIT) | S(PAUSED),     COMM_INT,     ALARM,   "§9.8.4" },
{ NORMAL, COMMS_OK, S(SHUTDOWN),                                  PARTNER_DOWN, NOTHING, "§9.8.4" },

/* Out of COMMUNICATIONS-INTERRUPTED: §9.9.3; RECOVER-WAIT from Figure 9.2-1. */
{ COMM_INT, SAFE_PERIOD_OVER,  ANY,                               PARTNER_DOWN, ALARM,   "§10" },
{ COMM_INT, TOLD_PARTNER_DOWN, ANY,                               PARTNER_DOWN, NOTHING, "§9.9.3" },
{ COMM_INT, COMMS_OK, S(NORMAL) | S(COMM_INT) | S(RECOVER_DONE),  NORMAL,       NOTHING, "§9.9.3" },
{ COMM_INT, COMMS_OK, S(PARTNER_DOWN) | CONFLICTS,                CONFLICT,     NOTHING, "§9.9.3" },
{ COMM_INT, COMMS_OK, S(RECOVER) | S(RECOVER_WAIT) | S(PAUSED),   STAY,         NOTHING, "§9.9.3" },
{ COMM_INT, COMMS_OK, S(SHUTDOWN),                                PARTNER_DOWN, NOTHING, "§9.9.3" },

/* Out of PARTNER-DOWN: §9.4.3. */
{ PARTNER_DOWN, TOLD_PARTNER_DOWN, ANY,                           STAY,         NOTHING, "§9.4" },
{ PARTNER_DOWN, COMMS_OK, ANY | IF_PARTNER_STARTS,                STAY,         NOTHING, "§9.4.3" },
{ PARTNER_DOWN, COMMS_OK, S(NORMAL) | S(COMM_INT),                CONFLICT,     NOTHING, "§9.4.3" },
{ PARTNER_DOWN, COMMS_OK, S(PARTNER_DOWN) | CONFLICTS,            CONFLICT,     NOTHING, "§9.4.3" },
{ PARTNER_DOWN, COMMS_OK, S(RECOVER) | S(RECOVER_WAIT),           STAY,         NOTHING, "§9.4.3" },
{ PARTNER_DOWN, COMMS_OK, S(SHUTDOWN) | S(PAUSED),                STAY,         NOTHING, "§9.4.3" },
{ PARTNER_DOWN, COMMS_OK, S(RECOVER_DONE),                        NORMAL,       NOTHING, "§9.4.3" },

/* Out of RECOVER: §9.5.2. "Any other state" of the partner is any that it can tell. Draft gap: what
 * a server gave unheard before it lost its storage only RECOVER-WAIT waits for (§9.6.2). A conflict
 * is resolved after that, for it ends at once, and where it is interrupted clients are served. */
{ RECOVER, UPDDONE,           ANY,                                RECOVER_WAIT, NOTHING, "§9.5.2" },
{ RECOVER, COMMS_FAILED,      ANY,                                STAY,         NOTHING, "§9.5.2" },
{ RECOVER, COMMS_OK,          CONFLICTS | IF_LOST,                STAY,         ASK,
                                                                               "§9.6.2, Draft gap" },
{ RECOVER, COMMS_OK,          CONFLICTS,                          CONFLICT,     NOTHING, "§9.5.2" },
{ RECOVER, COMMS_OK,          ANY,                                STAY,         ASK,     "§9.5.2" },
{ RECOVER, TOLD_PARTNER_DOWN, ANY,                                PARTNER_DOWN, ALARM,
                                                                               "§9.4, Draft gap" },

/* Out of RECOVER-WAIT: §9.6.2. */
{ RECOVER_WAIT, RECOVER_WAIT_OVER, ANY,                           RECOVER_DONE, NOTHING, "§9.6.2" },
{ RECOVER_WAIT, COMMS_FAILED,      ANY,                           STAY,         NOTHING, "§9.6.2" },
{ RECOVER_WAIT, COMMS_OK,          ANY,                           STAY,         NOTHING, "§9.6.2" },
{ RECOVER_WAIT, TOLD_PARTNER_DOWN, ANY,                           PARTNER_DOWN, ALARM,
                                                                               "§9.4, Draft gap" },

/* Out of RECOVER-DONE: §9.7.2; POTENTIAL-CONFLICT from Figure 9.2-1 and its kin by analogy. */
{ RECOVER_DONE, COMMS_FAILED, ANY,                                STAY,         NOTHING, "§9.7.2" },
{ RECOVER_DONE, COMMS_OK, S(NORMAL) | S(RECOVER_DONE),            NORMAL,       NOTHING, "§9.7.2" },
{ RECOVER_DONE, COMMS_OK, CONFLICTS,                              CONFLICT,     NOTHING,
                                                                             "§9.7.2, Draft gap" },
{ RECOVER_DONE, TOLD_PARTNER_DOWN, ANY,                           PARTNER_DOWN, ALARM,
                                                                               "§9.4, Draft gap" },

/* Out of POTENTIAL-CONFLICT: §9.10.1, §9.10.3. The secondary looks for CONFLICT-DONE whenever it
 * looks: after a break the primary may be there already. An update that an operator asked for in the
 * mean time ends nothing. */
{ CONFLICT, COMMS_FAILED, ANY,                                RES_INT,       ALARM,   "§9.10.3" },
{ CONFLICT, UPDDONE,      ANY | IF_PRIMARY,                   CONFLICT_DONE, NOTHING, "§9.10.3" },
{ CONFLICT, UPDDONE,      S(CONFLICT_DONE),                   NORMAL,        NOTHING, "§9.10.3" },
{ CONFLICT, UPDDONE,      ANY,                                STAY,          NOTHING, "§9.10.3" },
{ CONFLICT, COMMS_OK, S(SHUTDOWN),                            PARTNER_DOWN,  NOTHING,
                                                                            "§9.10.3, Draft gap" },
{ CONFLICT, COMMS_OK, S(NORMAL) | S(RECOVER) | IF_PRIMARY,    STAY,          ASK | ALARM,
                                                                            "§9.10.3, Draft gap" },
{ CONFLICT, COMMS_OK, S(NORMAL) | S(RECOVER),                 STAY,          ALARM,
                                                                            "§9.10.3, Draft gap" },
{ CONFLICT, COMMS_OK, ANY | IF_PRIMARY,                       STAY,          ASK,     "§9.10.1" },
{ CONFLICT, COMMS_OK, S(CONFLICT_DONE),                       STAY,          ASK,     "§9.10.3" },
{ CONFLICT, COMMS_OK, ANY,                                    STAY,          NOTHING, "§9.10.1" },
{ CONFLICT, TOLD_PARTNER_DOWN, ANY | IF_CONNECTED,            STAY,          REFUSE,
                                                                               "§9.4, Draft gap" },
{ CONFLICT, TOLD_PARTNER_DOWN, ANY,                           PARTNER_DOWN,  ALARM,
                                                                               "§9.4, Draft gap" },

/* Out of RESOLUTION-INTERRUPTED: §9.11.3. The safe period does not run here. */
{ RES_INT, TOLD_PARTNER_DOWN, ANY,                            PARTNER_DOWN,  NOTHING, "§9.11.3" },
{ RES_INT, COMMS_OK,     S(SHUTDOWN),                         PARTNER_DOWN,  NOTHING,
                                                                            "§9.11.3, Draft gap" },
{ RES_INT, COMMS_OK,     S(PAUSED),                           STAY,          NOTHING,
                                                                            "§9.11.3, Draft gap" },
{ RES_INT, COMMS_OK,     ANY,                                 CONFLICT,      NOTHING, "§9.11.3" },

/* Out of CONFLICT-DONE, where only a primary can be: §9.12.3. */
{ CONFLICT_DONE, COMMS_FAILED, ANY,                           STAY,          NOTHING, "§9.12.3" },
{ CONFLICT_DONE, COMMS_OK,     S(NORMAL),                     NORMAL,        NOTHING, "§9.12.3" },
{ CONFLICT_DONE, COMMS_OK,     ANY,                           STAY,          NOTHING, "§9.12.2" },
{ CONFLICT_DONE, TOLD_PARTNER_DOWN, ANY | IF_CONNECTED,       STAY,          REFUSE,
                                                                               "§9.4, Draft gap" },
{ CONFLICT_DONE, TOLD_PARTNER_DOWN, ANY,                      PARTNER_DOWN,  ALARM,
                                                                               "§9.4, Draft gap" },

/* Out of PAUSED and SHUTDOWN there is no way but a restart: §9.13.2, §9.14.3. */
{ PAUSED,   TOLD_RESUME,   ANY,                               STARTUP, NOTHING,       "§9.13.2" },
{ PAUSED,   TOLD_PAUSE,    ANY,                               STAY,    NOTHING,       "§9.13.2" },
{ PAUSED,   TOLD_SHUTDOWN, ANY,                               STAY,    REFUSE,        "§9.13.2" },
{ SHUTDOWN, TOLD_RESUME,   ANY,                               STARTUP, NOTHING,       "§9.14.3" },
{ SHUTDOWN, TOLD_SHUTDOWN, ANY,                               STAY,    NOTHING,       "§9.14.3" },
{ SHUTDOWN, TOLD_PAUSE,    ANY,                               STAY,    REFUSE,        "§9.14.3" },
{ SHUTDOWN, COMMS_OK,      S(PARTNER_DOWN),                   STAY,    STORE_RECOVER, "§9.14.2" },

/* In every state. What no row above names changes nothing. */
{ EVERY, TOLD_PAUSE,        ANY,                              PAUSED,   NOTHING, "§9.13" },
{ EVERY, TOLD_SHUTDOWN,     ANY,                              SHUTDOWN, NOTHING, "§9.14" },
{ EVERY, TOLD_RESUME,       ANY,                              STAY,     REFUSE,  "§9.13.2, §9.14.3" },
{ EVERY, TOLD_PARTNER_DOWN, ANY,                              STAY,     REFUSE,  "§9.13.2, §9.14.3" },
{ EVERY, EVERY,             ANY,                              STAY,     NOTHING, "§9.2" },
    /* clang-format on */
};

/* What |context| makes true of the words in |when|. */
static unsigned facts_of(const struct fo_transition_context *context)
{
    unsigned partner = context->partner;
    return S(partner < FO_STATE_COUNT ? partner : FO_STATE_NONE) |
           (context->role == FO_ROLE_PRIMARY ? IF_PRIMARY : 0) |
           (context->partner_startup ? IF_PARTNER_STARTS : 0) |
           (context->partner_down_was_later ? IF_PD_WAS_LATER : 0) |
           (context->resolution_finished ? IF_RESOLVED : 0) |
           (context->connected ? IF_CONNECTED : 0) | (context->lost_storage ? IF_LOST : 0);
}

static enum fo_state target(unsigned to, enum fo_state from,
                            const struct fo_transition_context *context)
{
    if (to == STAY)
        return from;
    return to == RESUME ? context->previous : (enum fo_state)to;
}

/* The first row that fits. */
static size_t row_of(enum fo_state from, enum fo_state_event event,
                     const struct fo_transition_context *context)
{
    unsigned facts = facts_of(context);
    size_t i = 0;
    for (;; i++) { /* the last row fits everything */
        bool here = rows[i].from == (unsigned)from || rows[i].from == EVERY;
        bool now = rows[i].event == (unsigned)event || rows[i].event == EVERY;
        bool partner = rows[i].when & facts & ANY;
        if (here && now && partner && (rows[i].when & ~ANY & ~facts) == 0)
            return i;
    }
}

struct fo_transition fo_transition_find(enum fo_state from, enum fo_state_event event,
                                        const struct fo_transition_context *context)
{
    size_t i = row_of(from, event, context);
    return (struct fo_transition){target(rows[i].to, from, context), rows[i].actions,
                                  rows[i].source};
}

enum fo_state fo_transition_resumed(enum fo_state stored)
{
    switch (stored) {
    case FO_STATE_NORMAL:
        return FO_STATE_COMMUNICATIONS_INTERRUPTED;
    case FO_STATE_POTENTIAL_CONFLICT:
        return FO_STATE_RESOLUTION_INTERRUPTED;
    default:
        return stored;
    }
}

const char *fo_state_event_name(enum fo_state_event event)
{
    static const char *const names[] = {
        [FO_ON_COMMS_OK] = "communications-ok",
        [FO_ON_COMMS_FAILED] = "communications-failed",
        [FO_ON_UPDDONE] = "update-done",
        [FO_ON_STARTUP_OVER] = "startup-timer",
        [FO_ON_SAFE_PERIOD_OVER] = "safe-period",
        [FO_ON_RECOVER_WAIT_OVER] = "recover-wait-over",
        [FO_ON_TOLD_PARTNER_DOWN] = "told-partner-down",
        [FO_ON_TOLD_PAUSE] = "told-pause",
        [FO_ON_TOLD_SHUTDOWN] = "told-shutdown",
        [FO_ON_TOLD_RESUME] = "told-resume",
    };
    return (unsigned)event < sizeof names / sizeof names[0] ? names[event] : "unknown";
}

const char *fo_state_exit_sentence(enum fo_state state)
{
    static const char *const sentences[FO_STATE_COUNT] = {
        [FO_STATE_NONE] = "no state has been entered yet",
        [FO_STATE_STARTUP] =
            "ends by itself: when the partner's STATE message arrives, or with the startup timer",
        [FO_STATE_NORMAL] = "nothing to do: this state lasts as long as both servers can talk",
        [FO_STATE_COMMUNICATIONS_INTERRUPTED] =
            "ends when the partner answers again (check its process and the path to its failover "
            "port), when the safe period runs out if one is set, or, only if the partner is "
            "really dead, by: foctl relationship partner-down",
        [FO_STATE_PARTNER_DOWN] =
            "ends when the partner is back and has reached RECOVER-DONE: start it, the rest goes "
            "by itself",
        [FO_STATE_POTENTIAL_CONFLICT] =
            "ends when the partner has sent its updates (UPDDONE); no client is served meanwhile, "
            "so if it hangs, stop the partner or cut the link",
        [FO_STATE_RECOVER] =
            "ends when the partner has sent all its updates (UPDDONE), so it needs a partner that "
            "can be reached; no client is served meanwhile; if the partner will never return: "
            "foctl relationship partner-down",
        [FO_STATE_PAUSED] = "an operator: foctl relationship resume, or a restart",
        [FO_STATE_SHUTDOWN] = "an operator: foctl relationship resume, or a restart",
        [FO_STATE_RECOVER_DONE] =
            "ends when the partner reports NORMAL or RECOVER-DONE; only renewals are answered "
            "meanwhile",
        [FO_STATE_RESOLUTION_INTERRUPTED] =
            "ends when the partner answers again (check its process and the path to its failover "
            "port) or, only if the partner is really dead, by: foctl relationship partner-down",
        [FO_STATE_CONFLICT_DONE] =
            "ends when the secondary has taken our updates and reports NORMAL",
        [FO_STATE_RECOVER_WAIT] =
            "ends by itself, MCLT after this server went down; no client is served meanwhile",
    };
    return sentences[(unsigned)state < FO_STATE_COUNT ? state : FO_STATE_NONE];
}
