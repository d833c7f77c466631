/* state/transition.h; draft-12 §9, the cells typed from §9.3 to §9.14 and Figure 9.2-1. */
#include "state/transition.h"

#include <criterion/criterion.h>
#include <string.h>

#define EVENTS (FO_ON_TOLD_RESUME + 1)

static struct fo_transition find(enum fo_state from, enum fo_state_event event,
                                 struct fo_transition_context context)
{
    return fo_transition_find(from, event, &context);
}

/* The words of the tables below. */
static const struct {
    const char *word;
    enum fo_state state;
} words[] = {
    {"ST", FO_STATE_STARTUP},
    {"NRM", FO_STATE_NORMAL},
    {"CI", FO_STATE_COMMUNICATIONS_INTERRUPTED},
    {"PD", FO_STATE_PARTNER_DOWN},
    {"PC", FO_STATE_POTENTIAL_CONFLICT},
    {"RI", FO_STATE_RESOLUTION_INTERRUPTED},
    {"CD", FO_STATE_CONFLICT_DONE},
    {"REC", FO_STATE_RECOVER},
    {"RW", FO_STATE_RECOVER_WAIT},
    {"RD", FO_STATE_RECOVER_DONE},
    {"PAU", FO_STATE_PAUSED},
    {"SHD", FO_STATE_SHUTDOWN},
};
#define STATES (sizeof words / sizeof words[0])

static enum fo_state state_of(const char *word, size_t length)
{
    for (size_t i = 0; i < STATES; i++) {
        if (strlen(words[i].word) == length && memcmp(words[i].word, word, length) == 0)
            return words[i].state;
    }
    cr_assert_fail("\"%s\" is no state", word);
    return FO_STATE_NONE;
}

/* What a cell promises: "=" stay, or a state; then "!" alarm, "?" ask for updates, "r" store
 * RECOVER, "x" refuse. */
static struct fo_transition cell(enum fo_state from, const char *text)
{
    size_t length = strcspn(text, "!?rx");
    struct fo_transition t = {from, FO_DO_NOTHING, NULL};
    if (text[0] != '=')
        t.to = state_of(text, length);
    for (const char *mark = text + length; *mark != '\0'; mark++)
        t.actions |= *mark == '!'   ? FO_DO_ALARM
                     : *mark == '?' ? FO_DO_REQUEST_UPDATE
                     : *mark == 'r' ? FO_DO_STORE_RECOVER
                                    : FO_DO_REFUSE;
    return t;
}

#define PARTNERS 11
static const enum fo_state partners[PARTNERS] = {
    FO_STATE_NORMAL,
    FO_STATE_COMMUNICATIONS_INTERRUPTED,
    FO_STATE_PARTNER_DOWN,
    FO_STATE_POTENTIAL_CONFLICT,
    FO_STATE_RESOLUTION_INTERRUPTED,
    FO_STATE_CONFLICT_DONE,
    FO_STATE_RECOVER,
    FO_STATE_RECOVER_WAIT,
    FO_STATE_RECOVER_DONE,
    FO_STATE_PAUSED,
    FO_STATE_SHUTDOWN,
};

/* S-02. Who: "p" primary, "s" secondary, "*" both. */
static const struct {
    const char *own;
    char who;
    bool startup; /* the partner's S flag */
    const char *to[PARTNERS];
} partner_table[] = {
    /*                   NRM   CI     PD    PC    RI    CD    REC   RW    RD     PAU   SHD */
    {"NRM", '*', false, {"=", "=", "PC", "PC", "PC", "PC", "CI!", "CI!", "=", "CI!", "PD"}},
    {"CI", '*', false, {"NRM", "NRM", "PC", "PC", "PC", "PC", "=", "=", "NRM", "=", "PD"}},
    {"PD", '*', false, {"PC", "PC", "PC", "PC", "PC", "PC", "=", "=", "NRM", "=", "="}},
    {"PD", '*', true, {"=", "=", "=", "=", "=", "=", "=", "=", "=", "=", "="}},
    {"REC", '*', false, {"=?", "=?", "=?", "PC", "PC", "PC", "=?", "=?", "=?", "=?", "=?"}},
    {"RW", '*', false, {"=", "=", "=", "=", "=", "=", "=", "=", "=", "=", "="}},
    {"RD", '*', false, {"NRM", "=", "=", "PC", "PC", "PC", "=", "=", "NRM", "=", "="}},
    {"PC", 'p', false, {"=?!", "=?", "=?", "=?", "=?", "=?", "=?!", "=?", "=?", "=?", "PD"}},
    {"PC", 's', false, {"=!", "=", "=", "=", "=", "=?", "=!", "=", "=", "=", "PD"}},
    {"RI", '*', false, {"PC", "PC", "PC", "PC", "PC", "PC", "PC", "PC", "PC", "=", "PD"}},
    {"CD", '*', false, {"NRM", "=", "=", "=", "=", "=", "=", "=", "=", "=", "="}},
    {"PAU", '*', false, {"=", "=", "=", "=", "=", "=", "=", "=", "=", "=", "="}},
    {"SHD", '*', false, {"=", "=", "=r", "=", "=", "=", "=", "=", "=", "=", "="}},
};

Test(transition, every_state_answers_every_state_of_the_partner) /* S-02 */
{
    for (size_t row = 0; row < sizeof partner_table / sizeof partner_table[0]; row++) {
        enum fo_state own = state_of(partner_table[row].own, strlen(partner_table[row].own));
        for (size_t i = 0; i < PARTNERS; i++) {
            struct fo_transition expected = cell(own, partner_table[row].to[i]);
            for (int role = FO_ROLE_PRIMARY; role <= FO_ROLE_SECONDARY; role++) {
                if (partner_table[row].who == (role == FO_ROLE_PRIMARY ? 's' : 'p'))
                    continue;
                struct fo_transition t = find(
                    own, FO_ON_COMMS_OK,
                    (struct fo_transition_context){.role = (enum fo_role)role,
                                                   .partner = partners[i],
                                                   .partner_startup = partner_table[row].startup,
                                                   .connected = true});
                cr_assert_eq(t.to, expected.to, "%s, partner %s: %s", partner_table[row].own,
                             fo_state_name((int)partners[i]), fo_state_name((int)t.to));
                cr_assert_eq(t.actions, expected.actions, "%s, partner %s", partner_table[row].own,
                             fo_state_name((int)partners[i]));
            }
        }
    }
}

/* The S flag changes nothing but in PARTNER-DOWN (§9.4.3). */
Test(transition, only_partner_down_minds_the_partners_startup_flag) /* S-07 */
{
    for (size_t own = 0; own < STATES; own++) {
        if (words[own].state == FO_STATE_PARTNER_DOWN)
            continue;
        for (size_t i = 0; i < PARTNERS; i++) {
            struct fo_transition_context c = {.partner = partners[i], .connected = true};
            struct fo_transition without = find(words[own].state, FO_ON_COMMS_OK, c);
            c.partner_startup = true;
            struct fo_transition with = find(words[own].state, FO_ON_COMMS_OK, c);
            cr_assert_eq(with.to, without.to);
            cr_assert_eq(with.actions, without.actions);
        }
    }
}

/* Everything but COMMS_OK, partner unknown, disconnected unless marked. */
#define OTHER_EVENTS 9
static const enum fo_state_event other_events[OTHER_EVENTS] = {
    FO_ON_COMMS_FAILED,     FO_ON_UPDDONE,           FO_ON_STARTUP_OVER,
    FO_ON_SAFE_PERIOD_OVER, FO_ON_RECOVER_WAIT_OVER, FO_ON_TOLD_PARTNER_DOWN,
    FO_ON_TOLD_PAUSE,       FO_ON_TOLD_SHUTDOWN,     FO_ON_TOLD_RESUME,
};
static const struct {
    const char *own;
    char who;
    const char *to[OTHER_EVENTS];
} event_table[] = {
    /*           failed UPDDONE startup safe wait  partner-down pause shutdown resume */
    {"ST", '*', {"=", "=", "RW", "=", "=", "PD", "PAU", "SHD", "=x"}}, /* previous: RW */
    {"NRM", '*', {"CI!", "=", "=", "=", "=", "PD", "PAU", "SHD", "=x"}},
    {"CI", '*', {"=", "=", "=", "PD!", "=", "PD", "PAU", "SHD", "=x"}},
    {"PD", '*', {"=", "=", "=", "=", "=", "=", "PAU", "SHD", "=x"}},
    {"REC", '*', {"=", "RW", "=", "=", "=", "PD!", "PAU", "SHD", "=x"}},
    {"RW", '*', {"=", "=", "=", "=", "RD", "PD!", "PAU", "SHD", "=x"}},
    {"RD", '*', {"=", "=", "=", "=", "=", "PD!", "PAU", "SHD", "=x"}},
    {"PC", 'p', {"RI!", "CD", "=", "=", "=", "PD!", "PAU", "SHD", "=x"}},
    {"PC", 's', {"RI!", "=", "=", "=", "=", "PD!", "PAU", "SHD", "=x"}},
    {"RI", '*', {"=", "=", "=", "=", "=", "PD", "PAU", "SHD", "=x"}},
    {"CD", '*', {"=", "=", "=", "=", "=", "PD!", "PAU", "SHD", "=x"}},
    {"PAU", '*', {"=", "=", "=", "=", "=", "=x", "=", "=x", "ST"}},
    {"SHD", '*', {"=", "=", "=", "=", "=", "=x", "=x", "=", "ST"}},
};

Test(transition, every_state_answers_every_other_event) /* S-02, S-12, S-14, S-15 */
{
    for (size_t row = 0; row < sizeof event_table / sizeof event_table[0]; row++) {
        enum fo_state own = state_of(event_table[row].own, strlen(event_table[row].own));
        for (size_t i = 0; i < OTHER_EVENTS; i++) {
            struct fo_transition expected = cell(own, event_table[row].to[i]);
            for (int role = FO_ROLE_PRIMARY; role <= FO_ROLE_SECONDARY; role++) {
                if (event_table[row].who == (role == FO_ROLE_PRIMARY ? 's' : 'p'))
                    continue;
                struct fo_transition t =
                    find(own, other_events[i],
                         (struct fo_transition_context){.role = (enum fo_role)role,
                                                        .previous = FO_STATE_RECOVER_WAIT});
                cr_assert_eq(t.to, expected.to, "%s, %s: %s", event_table[row].own,
                             fo_state_event_name(other_events[i]), fo_state_name((int)t.to));
                cr_assert_eq(t.actions, expected.actions, "%s, %s", event_table[row].own,
                             fo_state_event_name(other_events[i]));
            }
        }
    }
}

Test(transition, partner_down_is_refused_while_a_connected_partner_resolves_conflicts)
{
    static const enum fo_state refusing[] = {FO_STATE_POTENTIAL_CONFLICT, FO_STATE_CONFLICT_DONE};
    for (size_t i = 0; i < 2; i++) {
        struct fo_transition t = find(refusing[i], FO_ON_TOLD_PARTNER_DOWN,
                                      (struct fo_transition_context){.connected = true});
        cr_assert_eq(t.to, refusing[i]);
        cr_assert_eq(t.actions, FO_DO_REFUSE);
    }
}

Test(transition, partner_down_is_taken_though_the_partner_is_connected) /* S-15, §9.8.4, §9.9.3 */
{
    static const enum fo_state taking[] = {FO_STATE_NORMAL, FO_STATE_COMMUNICATIONS_INTERRUPTED,
                                           FO_STATE_RESOLUTION_INTERRUPTED};
    for (size_t i = 0; i < 3; i++)
        cr_assert_eq(find(taking[i], FO_ON_TOLD_PARTNER_DOWN,
                          (struct fo_transition_context){.connected = true})
                         .to,
                     FO_STATE_PARTNER_DOWN);
}

Test(transition, conflict_done_is_expected_at_the_end_of_our_own_resolution) /* §9.8.4 */
{
    struct fo_transition_context c = {.role = FO_ROLE_SECONDARY,
                                      .partner = FO_STATE_CONFLICT_DONE,
                                      .connected = true,
                                      .resolution_finished = true};
    cr_assert_eq(find(FO_STATE_NORMAL, FO_ON_COMMS_OK, c).to, FO_STATE_NORMAL);
    c.partner = FO_STATE_POTENTIAL_CONFLICT;
    cr_assert_eq(find(FO_STATE_NORMAL, FO_ON_COMMS_OK, c).to, FO_STATE_POTENTIAL_CONFLICT);
    c.partner = FO_STATE_CONFLICT_DONE;
    c.resolution_finished = false;
    cr_assert_eq(find(FO_STATE_NORMAL, FO_ON_COMMS_OK, c).to, FO_STATE_POTENTIAL_CONFLICT);
}

Test(transition, startup_against_a_partner_that_went_down_later_recovers) /* S-06, §9.3.2 step 5 */
{
    struct fo_transition_context c = {.partner = FO_STATE_PARTNER_DOWN,
                                      .previous = FO_STATE_COMMUNICATIONS_INTERRUPTED,
                                      .partner_down_was_later = true,
                                      .connected = true};
    cr_assert_eq(find(FO_STATE_STARTUP, FO_ON_COMMS_OK, c).to, FO_STATE_RECOVER);
    c.partner_down_was_later = false;
    cr_assert_eq(find(FO_STATE_STARTUP, FO_ON_COMMS_OK, c).to, FO_STATE_POTENTIAL_CONFLICT);
}

Test(transition, startup_against_any_other_partner_resumes) /* S-04, §9.3.2 step 5 */
{
    static const enum fo_state previous[] = {FO_STATE_COMMUNICATIONS_INTERRUPTED,
                                             FO_STATE_PARTNER_DOWN, FO_STATE_RECOVER,
                                             FO_STATE_RESOLUTION_INTERRUPTED};
    for (size_t i = 0; i < PARTNERS; i++) {
        for (size_t j = 0; j < sizeof previous / sizeof previous[0]; j++) {
            struct fo_transition_context c = {
                .partner = partners[i], .previous = previous[j], .partner_down_was_later = true};
            if (partners[i] != FO_STATE_PARTNER_DOWN)
                cr_assert_eq(find(FO_STATE_STARTUP, FO_ON_COMMS_OK, c).to, previous[j]);
        }
    }
}

/* §9.6.2, Draft gap: §9.5.2 has it resolve the conflict at once, and serve where that is
 * interrupted, by a database that may lack what it gave last. */
Test(transition, a_server_that_lost_its_storage_recovers_before_it_resolves_a_conflict)
{
    struct fo_transition_context c = {.connected = true, .lost_storage = true};
    for (size_t i = 0; i < PARTNERS; i++) {
        c.partner = partners[i];
        cr_assert_eq(find(FO_STATE_RECOVER, FO_ON_COMMS_OK, c).to, FO_STATE_RECOVER);
        cr_assert_eq(find(FO_STATE_RECOVER, FO_ON_COMMS_OK, c).actions, FO_DO_REQUEST_UPDATE);
    }
    c.partner = FO_STATE_CONFLICT_DONE;
    cr_assert_eq(find(FO_STATE_RECOVER, FO_ON_UPDDONE, c).to, FO_STATE_RECOVER_WAIT);
    cr_assert_eq(find(FO_STATE_RECOVER_WAIT, FO_ON_COMMS_OK, c).to, FO_STATE_RECOVER_WAIT);
    cr_assert_eq(find(FO_STATE_RECOVER_DONE, FO_ON_COMMS_OK, c).to, FO_STATE_POTENTIAL_CONFLICT);
}

Test(transition, the_conflict_sequence_of_figure_9_10_3_1) /* S-11 */
{
    struct fo_transition_context primary = {.role = FO_ROLE_PRIMARY, .connected = true},
                                 secondary = {.role = FO_ROLE_SECONDARY, .connected = true};

    /* Both in POTENTIAL-CONFLICT: only the primary asks. */
    primary.partner = secondary.partner = FO_STATE_POTENTIAL_CONFLICT;
    cr_assert_eq(find(FO_STATE_POTENTIAL_CONFLICT, FO_ON_COMMS_OK, primary).actions,
                 FO_DO_REQUEST_UPDATE);
    cr_assert_eq(find(FO_STATE_POTENTIAL_CONFLICT, FO_ON_COMMS_OK, secondary).actions,
                 FO_DO_NOTHING);
    /* What an operator asked for meanwhile ends nothing for the secondary. */
    cr_assert_eq(find(FO_STATE_POTENTIAL_CONFLICT, FO_ON_UPDDONE, secondary).to,
                 FO_STATE_POTENTIAL_CONFLICT);
    /* Its UPDDONE brings CONFLICT-DONE, which makes the secondary ask. */
    cr_assert_eq(find(FO_STATE_POTENTIAL_CONFLICT, FO_ON_UPDDONE, primary).to,
                 FO_STATE_CONFLICT_DONE);
    secondary.partner = FO_STATE_CONFLICT_DONE;
    cr_assert_eq(find(FO_STATE_POTENTIAL_CONFLICT, FO_ON_COMMS_OK, secondary).actions,
                 FO_DO_REQUEST_UPDATE);
    cr_assert_eq(find(FO_STATE_CONFLICT_DONE, FO_ON_COMMS_OK, primary).to, FO_STATE_CONFLICT_DONE);
    /* The secondary's UPDDONE brings NORMAL, and that the primary's. */
    cr_assert_eq(find(FO_STATE_POTENTIAL_CONFLICT, FO_ON_UPDDONE, secondary).to, FO_STATE_NORMAL);
    primary.partner = FO_STATE_NORMAL;
    cr_assert_eq(find(FO_STATE_CONFLICT_DONE, FO_ON_COMMS_OK, primary).to, FO_STATE_NORMAL);
}

Test(transition, nothing_is_without_an_answer)
{
    for (int from = FO_STATE_NONE; from < FO_STATE_COUNT; from++) {
        for (int event = 0; event < EVENTS; event++) {
            for (int partner = FO_STATE_NONE; partner <= FO_STATE_COUNT; partner++) {
                for (unsigned bits = 0; bits < 64; bits++) {
                    struct fo_transition t =
                        find((enum fo_state)from, (enum fo_state_event)event,
                             (struct fo_transition_context){.role = bits & 1 ? FO_ROLE_SECONDARY
                                                                             : FO_ROLE_PRIMARY,
                                                            .partner = (enum fo_state)partner,
                                                            .partner_startup = bits & 2,
                                                            .resolution_finished = bits & 4,
                                                            .connected = bits & 8,
                                                            .previous = FO_STATE_RECOVER,
                                                            .partner_down_was_later = bits & 16,
                                                            .lost_storage = bits & 32});
                    cr_assert_lt(t.to, FO_STATE_COUNT);
                    cr_assert_not_null(t.source);
                    cr_assert_eq(strncmp(t.source, "§", strlen("§")), 0);
                    bool moved = (int)t.to != from;
                    cr_assert_not(moved && (t.actions & FO_DO_REFUSE));
                }
            }
        }
    }
}

Test(transition, a_restart_resumes_as_after_a_lost_link) /* §9.3.2 step 2 */
{
    cr_assert_eq(fo_transition_resumed(FO_STATE_NORMAL), FO_STATE_COMMUNICATIONS_INTERRUPTED);
    cr_assert_eq(fo_transition_resumed(FO_STATE_POTENTIAL_CONFLICT),
                 FO_STATE_RESOLUTION_INTERRUPTED);
    static const enum fo_state staying[] = {FO_STATE_COMMUNICATIONS_INTERRUPTED,
                                            FO_STATE_PARTNER_DOWN,
                                            FO_STATE_RECOVER,
                                            FO_STATE_RECOVER_WAIT,
                                            FO_STATE_RECOVER_DONE,
                                            FO_STATE_RESOLUTION_INTERRUPTED,
                                            FO_STATE_CONFLICT_DONE};
    for (size_t i = 0; i < sizeof staying / sizeof staying[0]; i++)
        cr_assert_eq(fo_transition_resumed(staying[i]), staying[i]);
}

Test(transition, each_event_and_exit_has_words)
{
    for (int event = 0; event < EVENTS; event++)
        cr_assert_str_neq(fo_state_event_name((enum fo_state_event)event), "unknown");
    cr_assert_str_eq(fo_state_event_name((enum fo_state_event)EVENTS), "unknown");
    for (int state = 0; state <= FO_STATE_COUNT; state++)
        cr_assert_gt(strlen(fo_state_exit_sentence((enum fo_state)state)), 20);
    cr_assert_not_null(strstr(fo_state_exit_sentence(FO_STATE_COMMUNICATIONS_INTERRUPTED),
                              "foctl relationship partner-down"));
}
