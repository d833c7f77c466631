/* Prints what tests/model/pair.pml takes from state/: the transition table, the accept table, who
 * is served in which state, and the numbers of states and statuses, as Promela. The model has no
 * copy of its own, so the two cannot drift apart. Exit status 1: a table depends on something that
 * the model does not look at. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

#include "state/accept.h"
#include "state/serve.h"
#include "state/transition.h"

#define RESUME 255 /* to: the state that a restart resumes */

/* The facts of a lookup, as bits; the model puts them together the same way. The last bit stands
 * for two: communications that are OK are connected, and no other event minds lost storage. (spin
 * takes no longer tables.) */
enum {
    PRIMARY = 1,
    STARTS = 2,
    WAS_LATER = 4,
    RESOLVED = 8,
    CONNECTED = 16,
    LOST = 16,
    FACTS = 32
};

static void print_word(const char *prefix, const char *name, int number)
{
    printf("#define %s", prefix);
    for (const char *c = name; *c != '\0'; c++)
        putchar(isalnum((unsigned char)*c) ? toupper((unsigned char)*c) : '_');
    printf(" %d\n", number);
}

static void print_words(void)
{
    printf("#define STATES %d\n", FO_STATE_COUNT);
    for (int s = FO_STATE_STARTUP; s < FO_STATE_COUNT; s++)
        print_word("", fo_state_name((enum fo_state)s), s);
    for (int s = FO_STATUS_FREE; s < FO_STATUS_COUNT; s++)
        print_word("", fo_binding_status_name((enum fo_binding_status)s), s);
    printf("#define STATUSES %d\n", FO_STATUS_COUNT);
    printf("#define RESUME %d\n#define DO_REQUEST %d\n", RESUME, FO_DO_REQUEST_UPDATE);
    printf("#define IS_PRIMARY %d\n#define IS_STARTING %d\n#define IS_LATER %d\n", PRIMARY, STARTS,
           WAS_LATER);
    printf("#define IS_RESOLVED %d\n#define IS_CONNECTED %d\n#define IS_LOST %d\n", RESOLVED,
           CONNECTED, LOST);
    printf("#define FACTS %d\n", FACTS);
}

/* --- the transition table --------------------------------------------------------------------- */

static struct fo_transition look_up(int from, int event, int partner, unsigned facts, int previous)
{
    bool connects = event == FO_ON_COMMS_OK;
    struct fo_transition_context context = {
        .role = (facts & PRIMARY) != 0 ? FO_ROLE_PRIMARY : FO_ROLE_SECONDARY,
        .partner = (enum fo_state)partner,
        .partner_startup = (facts & STARTS) != 0,
        .partner_down_was_later = (facts & WAS_LATER) != 0,
        .resolution_finished = (facts & RESOLVED) != 0,
        .connected = connects || (facts & CONNECTED) != 0,
        .lost_storage = connects && (facts & LOST) != 0,
        .previous = (enum fo_state)previous,
    };
    struct fo_transition t =
        fo_transition_find((enum fo_state)from, (enum fo_state_event)event, &context);
    context.lost_storage = true;
    if (!connects &&
        fo_transition_find((enum fo_state)from, (enum fo_state_event)event, &context).to != t.to) {
        fprintf(stderr, "tables: %s out of %s depends on lost storage\n",
                fo_state_event_name((enum fo_state_event)event), fo_state_name(from));
        exit(1);
    }
    return t;
}

static int next_state(int from, int event, int partner, unsigned facts)
{
    int to = (int)look_up(from, event, partner, facts, FO_STATE_NORMAL).to;
    bool resumes = to != (int)look_up(from, event, partner, facts, FO_STATE_RECOVER).to;
    return resumes ? RESUME : to;
}

/* Communications are OK, or an update is complete: what comes next depends on the partner's state and
 * every fact. */
static void print_beside_partner(enum fo_state_event event, const char *name, bool actions)
{
    printf("\n/* [from][facts][partner] */\nhidden byte %s[%d] = {\n", name,
           FO_STATE_COUNT * FACTS * FO_STATE_COUNT);
    for (int from = 0; from < FO_STATE_COUNT; from++)
        for (unsigned facts = 0; facts < FACTS; facts++) {
            for (int partner = 0; partner < FO_STATE_COUNT; partner++)
                printf("%u%s",
                       actions ? look_up(from, (int)event, partner, facts, 0).actions
                               : (unsigned)next_state(from, (int)event, partner, facts),
                       partner + 1 < FO_STATE_COUNT ? "," : "");
            bool last = from + 1 == FO_STATE_COUNT && facts + 1 == FACTS;
            printf("%s /* %s %u */\n", last ? "" : ",", fo_state_name((enum fo_state)from), facts);
        }
    printf("};\n");
}

/* Any other event: only the role and whether there is a link matter, or the model is wrong. */
static void print_event(enum fo_state_event event, const char *name)
{
    printf("\n/* [from][facts] on %s */\nhidden byte %s[%d] = {\n", fo_state_event_name(event),
           name, FO_STATE_COUNT * FACTS);
    for (int from = 0; from < FO_STATE_COUNT; from++) {
        for (unsigned facts = 0; facts < FACTS; facts++) {
            int to = next_state(from, (int)event, FO_STATE_NONE, facts);
            for (int partner = 0; partner < FO_STATE_COUNT; partner++)
                if (next_state(from, (int)event, partner, facts) != to) {
                    fprintf(stderr, "tables: %s out of %s depends on the partner's state\n",
                            fo_state_event_name(event), fo_state_name((enum fo_state)from));
                    exit(1);
                }
            printf("%d%s", to, facts + 1 < FACTS || from + 1 < FO_STATE_COUNT ? "," : "");
        }
        printf(" /* %s */\n", fo_state_name((enum fo_state)from));
    }
    printf("};\n");
}

static void print_resumed(void)
{
    printf("\n/* what a restart makes of a stored state */\nhidden byte resumed[%d] = {",
           FO_STATE_COUNT);
    for (int s = 0; s < FO_STATE_COUNT; s++)
        printf("%s%d", s == 0 ? "" : ",", (int)fo_transition_resumed((enum fo_state)s));
    printf("};\n");
}

/* --- service and updates ---------------------------------------------------------------------- */

static void print_service(const char *name, bool (*fact)(const struct fo_service *))
{
    printf("\nhidden byte %s[%d] = {", name, FO_STATE_COUNT);
    for (int s = 0; s < FO_STATE_COUNT; s++)
        printf("%s%d", s == 0 ? "" : ",", fact(fo_service_of((enum fo_state)s)));
    printf("};\n");
}

static bool answers_new(const struct fo_service *s)
{
    return s->answers_new;
}

static bool answers_renew(const struct fo_service *s)
{
    return s->answers_renew;
}

static bool allocates_own(const struct fo_service *s)
{
    return s->allocates_own;
}

static bool allocates_partners(const struct fo_service *s)
{
    return s->allocates_partners;
}

static void print_accept(void)
{
    printf("\n/* [what we have][what the BNDUPD says] */\nhidden byte accept_cell[%d] = {\n",
           FO_STATUS_COUNT * FO_STATUS_COUNT);
    for (int own = 0; own < FO_STATUS_COUNT; own++) {
        for (int said = 0; said < FO_STATUS_COUNT; said++)
            printf("%d%s",
                   (int)fo_accept_cell((enum fo_binding_status)own, (enum fo_binding_status)said),
                   own + 1 < FO_STATUS_COUNT || said + 1 < FO_STATUS_COUNT ? "," : "");
        printf(" /* %s */\n", fo_binding_status_name((enum fo_binding_status)own));
    }
    printf("};\n#define ACCEPT_YES %d\n#define ACCEPT_TIME1 %d\n#define ACCEPT_TIME2 %d\n"
           "#define ACCEPT_NOTE5 %d\n",
           FO_ACCEPT_YES, FO_ACCEPT_TIME1, FO_ACCEPT_TIME2, FO_ACCEPT_NOTE5);
}

int main(void)
{
    print_words();
    print_beside_partner(FO_ON_COMMS_OK, "comms_ok_to", false);
    print_beside_partner(FO_ON_COMMS_OK, "comms_ok_does", true);
    print_event(FO_ON_COMMS_FAILED, "comms_failed_to");
    print_beside_partner(FO_ON_UPDDONE, "upddone_to", false);
    print_event(FO_ON_STARTUP_OVER, "startup_over_to");
    print_event(FO_ON_RECOVER_WAIT_OVER, "recover_wait_over_to");
    print_event(FO_ON_TOLD_PARTNER_DOWN, "told_partner_down_to");
    print_resumed();
    print_service("answers_new", answers_new);
    print_service("answers_renew", answers_renew);
    print_service("allocates_own", allocates_own);
    print_service("allocates_partners", allocates_partners);
    print_accept();
    return 0;
}
