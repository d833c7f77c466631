/* The moves of an endpoint from state to state, as figure 9.2-1 and §9.3-§9.14 have them; typed
 * from there, and compared with what servers say that they did. */
#include <string.h>

#include "tests/sim/check.h"

#define S(name) (1u << FO_STATE_##name)
#define ORDERS  (S(PAUSED) | S(SHUTDOWN) | S(PARTNER_DOWN)) /* an operator's words (§9.4, §9.13) */

static const unsigned may_follow[FO_STATE_COUNT] = {
    /* §9.3.2: the state that was, after its comm-failed move; never NORMAL */
    [FO_STATE_STARTUP] = S(COMMUNICATIONS_INTERRUPTED) | S(RESOLUTION_INTERRUPTED) | S(RECOVER) |
                         S(RECOVER_WAIT) | S(RECOVER_DONE) | S(CONFLICT_DONE) |
                         S(POTENTIAL_CONFLICT) | ORDERS,
    /* §9.8.4 */
    [FO_STATE_NORMAL] = S(COMMUNICATIONS_INTERRUPTED) | S(POTENTIAL_CONFLICT) | ORDERS,
    /* §9.9.3 */
    [FO_STATE_COMMUNICATIONS_INTERRUPTED] = S(NORMAL) | S(POTENTIAL_CONFLICT) | ORDERS,
    /* §9.4.3 */
    [FO_STATE_PARTNER_DOWN] = S(NORMAL) | S(POTENTIAL_CONFLICT) | ORDERS,
    /* §9.10.3 */
    [FO_STATE_POTENTIAL_CONFLICT] =
        S(RESOLUTION_INTERRUPTED) | S(CONFLICT_DONE) | S(NORMAL) | ORDERS,
    /* §9.11.3 */
    [FO_STATE_RESOLUTION_INTERRUPTED] = S(POTENTIAL_CONFLICT) | ORDERS,
    /* §9.12.3 */
    [FO_STATE_CONFLICT_DONE] = S(NORMAL) | ORDERS,
    /* §9.5.2; the wait may be over */
    [FO_STATE_RECOVER] = S(RECOVER_WAIT) | S(RECOVER_DONE) | S(POTENTIAL_CONFLICT) | ORDERS,
    /* §9.6.2 */
    [FO_STATE_RECOVER_WAIT] = S(RECOVER_DONE) | ORDERS,
    /* §9.7.2 */
    [FO_STATE_RECOVER_DONE] = S(NORMAL) | S(POTENTIAL_CONFLICT) | ORDERS,
};

/* The state whose name stands at |text|. */
static int state_at(const char *text, size_t length)
{
    for (int s = FO_STATE_COUNT - 1; s > FO_STATE_NONE; s--) {
        const char *name = fo_state_name(s);
        size_t n = strlen(name);
        if (n < length && memcmp(name, text, n) == 0 && text[n] == ' ')
            return s;
    }
    return FO_STATE_NONE;
}

void check_notice(void *context, int server, const char *text, size_t length)
{
    static const char key[] = " state=", arrow[] = " -> ";
    const char *end = text + length;
    const char *from = memmem(text, length, key, sizeof key - 1);
    const char *to;
    int was, is;
    if (from == NULL)
        return;
    from += sizeof key - 1;
    to = memmem(from, (size_t)(end - from), arrow, sizeof arrow - 1);
    if (to == NULL)
        return;
    to += sizeof arrow - 1;
    was = state_at(from, (size_t)(end - from));
    is = state_at(to, (size_t)(end - to));
    if (was == FO_STATE_NONE || is == FO_STATE_NONE || (may_follow[was] & (1u << is)) == 0)
        sim_broken(context, "states: server %d moved as §9 has it not: %.*s", server,
                   (int)(length < 200 ? length : 200), text);
}
