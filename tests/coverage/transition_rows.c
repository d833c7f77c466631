/* state/transition.c once more, with the rows counted that its look-up finds. */
#define fo_transition_find find_uncounted
#include "state/transition.c"
#undef fo_transition_find
struct fo_transition fo_transition_find(enum fo_state from, enum fo_state_event event,
                                        const struct fo_transition_context *context);

#include "tests/coverage/reached.h"

#include <stdio.h>

#define ROWS (sizeof rows / sizeof rows[0])

static atomic_uint reached[ROWS];

struct fo_transition fo_transition_find(enum fo_state from, enum fo_state_event event,
                                        const struct fo_transition_context *context)
{
    reached[row_of(from, event, context)]++;
    return find_uncounted(from, event, context);
}

/* "RECOVER, communications-ok, partner POTENTIAL-CONFLICT: POTENTIAL-CONFLICT (§9.5.2)" */
static void name_row(size_t i, char out[REACHED_NAME])
{
    static const struct {
        unsigned fact;
        const char *word;
    } words[] = {{IF_PRIMARY, "primary"},
                 {IF_PARTNER_STARTS, "partner starts"},
                 {IF_PD_WAS_LATER, "it was down later"},
                 {IF_RESOLVED, "resolved"},
                 {IF_CONNECTED, "connected"}};
    FILE *text = fmemopen(out, REACHED_NAME, "w");
    fprintf(text, "%s, %s", rows[i].from == EVERY ? "any state" : fo_state_name(rows[i].from),
            rows[i].event == EVERY ? "any event"
                                   : fo_state_event_name((enum fo_state_event)rows[i].event));
    const char *between = ", partner ";
    for (int state = 1; (rows[i].when & ANY) != ANY && state < FO_STATE_COUNT; state++) {
        if ((rows[i].when & S(state)) == 0)
            continue;
        fprintf(text, "%s%s", between, fo_state_name(state));
        between = " or ";
    }
    for (size_t n = 0; n < sizeof words / sizeof words[0]; n++) {
        if ((rows[i].when & words[n].fact) != 0)
            fprintf(text, ", %s", words[n].word);
    }
    fprintf(text, " (%s)", rows[i].source);
    fclose(text);
}

__attribute__((destructor)) static void tell(void)
{
    reached_write("row", ROWS, reached, name_row);
}
