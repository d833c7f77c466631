/* The moves of an endpoint from state to state, as figure 9.2-1 and §9.3-§9.14 have them; typed
 * from there, and compared with what servers say that they did. */
#include <string.h>

#include "tests/sim/check.h"

#define S(name) (1u << FO_STATE_##name)
/* Who takes over from a partner that it hears to be in SHUTDOWN (§9.8.4, §9.9.3; Draft gaps). */
#define HANDED_TO                                                                                  \
    (S(NORMAL) | S(COMMUNICATIONS_INTERRUPTED) | S(POTENTIAL_CONFLICT) | S(RESOLUTION_INTERRUPTED))
#define ORDERS (S(PAUSED) | S(SHUTDOWN) | S(PARTNER_DOWN)) /* an operator's words (§9.4, §9.13) */

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

/* Moves that only the partner's word makes, and the states in which it has to be then. */
static const struct {
    unsigned char from, to;
    unsigned partner;
} words[] = {
#define CONFLICTS (S(POTENTIAL_CONFLICT) | S(RESOLUTION_INTERRUPTED) | S(CONFLICT_DONE))
    {FO_STATE_STARTUP, FO_STATE_POTENTIAL_CONFLICT, S(PARTNER_DOWN)},
    {FO_STATE_NORMAL, FO_STATE_POTENTIAL_CONFLICT, S(PARTNER_DOWN) | CONFLICTS},
    {FO_STATE_COMMUNICATIONS_INTERRUPTED, FO_STATE_NORMAL,
     S(NORMAL) | S(COMMUNICATIONS_INTERRUPTED) | S(RECOVER_DONE)},
    {FO_STATE_COMMUNICATIONS_INTERRUPTED, FO_STATE_POTENTIAL_CONFLICT, S(PARTNER_DOWN) | CONFLICTS},
    {FO_STATE_PARTNER_DOWN, FO_STATE_NORMAL, S(RECOVER_DONE)},
    {FO_STATE_PARTNER_DOWN, FO_STATE_POTENTIAL_CONFLICT,
     S(NORMAL) | S(COMMUNICATIONS_INTERRUPTED) | S(PARTNER_DOWN) | CONFLICTS},
    {FO_STATE_RECOVER, FO_STATE_POTENTIAL_CONFLICT, CONFLICTS},
    {FO_STATE_RECOVER_DONE, FO_STATE_NORMAL, S(NORMAL) | S(RECOVER_DONE)},
    {FO_STATE_RECOVER_DONE, FO_STATE_POTENTIAL_CONFLICT, CONFLICTS},
    {FO_STATE_POTENTIAL_CONFLICT, FO_STATE_NORMAL, S(CONFLICT_DONE)},
    {FO_STATE_CONFLICT_DONE, FO_STATE_NORMAL, S(NORMAL)},
};

/* §9.3.2 step 5: whoever was taken over from does not go on where it was. It recovers if it has not
 * served since, and else there is a conflict. Draft gap: who was recovering goes on. */
static bool called_for_at_start(const struct sim *k, const struct sim_pair *p, int side, int is)
{
    enum fo_state before = p->resumes[side];
    bool recovering = before == FO_STATE_RECOVER || before == FO_STATE_RECOVER_WAIT ||
                      before == FO_STATE_RECOVER_DONE;
    fo_utc_t taken = p->taken_over[side], served = p->served[side];
    if (k->clocks && !recovering) /* set since, or then */
        return is == FO_STATE_RECOVER || is == FO_STATE_POTENTIAL_CONFLICT;
    if (recovering || taken.s > fo_utc_add(served, SLACK_S).s)
        return is == FO_STATE_RECOVER;
    if (fo_utc_add(taken, SLACK_S).s < served.s)
        return is == FO_STATE_POTENTIAL_CONFLICT;
    return is == FO_STATE_RECOVER || is == FO_STATE_POTENTIAL_CONFLICT;
}

static bool called_for(const struct sim *k, const struct sim_pair *p, int side,
                       const struct fo_endpoint *ep, int was, int is)
{
    if (was == FO_STATE_STARTUP && ep->comms_ok && p->heard[side] == FO_STATE_PARTNER_DOWN)
        return called_for_at_start(k, p, side, is);
    if (was == FO_STATE_RECOVER && is == FO_STATE_POTENTIAL_CONFLICT && ep->rec.lost_storage)
        return false; /* Draft gap: RECOVER-WAIT comes before (§9.6.2) */
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (words[i].from == was && words[i].to == is)
            return (words[i].partner & (1u << p->heard[side])) != 0;
    return true;
}

/* Draft gap (§9.4.3): before a partner may give its own addresses again it knows which of them are
 * leased here, or will hear it before it hears of NORMAL. */
static void check_told(struct sim *k, const struct sim_pair *p, int side)
{
    unsigned partners = side == 0 ? FO_STATUS_BACKUP : FO_STATUS_FREE;
    fo_utc_t now = world_now(&k->w, p->server[side]).utc;
    if (p->went_back || !k->w.side[p->server[!side]].alive)
        return;
    for (unsigned scope = 0; scope < 1u + p->has_second; scope++)
        for (unsigned n = 0; n < ADDRESSES; n++) {
            fo_ipv4_t address = sim_address(k, p, scope, n);
            struct fo_binding b = sim_binding(k, p, side, address);
            if (b.status == FO_STATUS_ACTIVE && b.lease_expiration.s > now.s &&
                !p->talk[side].word[scope][n].under_way &&
                sim_binding(k, p, !side, address).status == partners)
                sim_broken(k, "told: %s side %d goes to NORMAL, and its partner may give .%u.%u",
                           p->name, side, scope, address & 0xff);
        }
}

/* The state whose name stands at |text|. */
static int state_at(const char *text, size_t length)
{
    for (int s = FO_STATE_COUNT - 1; s > FO_STATE_NONE; s--) {
        const char *name = fo_state_name(s);
        size_t n = strlen(name);
        if (n <= length && memcmp(name, text, n) == 0 && (n == length || text[n] == ' '))
            return s;
    }
    return FO_STATE_NONE;
}

/* What stands behind |key| in a notice, up to the next blank; NULL: it is not there. */
static const char *behind(const char *text, const char *end, const char *key)
{
    const char *at = memmem(text, (size_t)(end - text), key, strlen(key));
    return at != NULL ? at + strlen(key) : NULL;
}

static struct sim_pair *pair_named(struct sim *k, int server, const char *name, const char *end,
                                   int *out_side)
{
    for (int n = 0; n < k->pairs; n++)
        for (int i = 0; i < SIDES; i++) {
            struct sim_pair *p = &k->pair[n];
            size_t length = strlen(p->name);
            if (p->server[i] != server || (size_t)(end - name) <= length ||
                memcmp(name, p->name, length) != 0 || name[length] != ' ')
                continue;
            *out_side = i;
            return p;
        }
    return NULL;
}

static void moved(struct sim *k, const struct sim_pair *p, int side, int was, int is)
{
    int server = p->server[side];
    const struct fo_endpoint *ep = fo_endpoint_find(k->w.side[server].server, p->name);
    if (was == FO_STATE_NONE || is == FO_STATE_NONE || (may_follow[was] & (1u << is)) == 0)
        sim_broken(k, "states: %s side %d moved as §9 has it not: %s to %s", p->name, side,
                   fo_state_name((enum fo_state)was), fo_state_name((enum fo_state)is));
    else if (ep != NULL && !called_for(k, p, side, ep, was, is))
        sim_broken(k, "states: %s side %d, which hears %s, moved from %s to %s", p->name, side,
                   fo_state_name(p->heard[side]), fo_state_name((enum fo_state)was),
                   fo_state_name((enum fo_state)is));
    /* §9.10.3: what was asked for before the conflict does not end it. */
    if (was == FO_STATE_POTENTIAL_CONFLICT &&
        (is == FO_STATE_CONFLICT_DONE || is == FO_STATE_NORMAL) &&
        p->talk[side].asks_in != FO_STATE_POTENTIAL_CONFLICT)
        sim_broken(k, "states: %s side %d ends a conflict by an update of before", p->name, side);
    if (was == FO_STATE_PARTNER_DOWN && is == FO_STATE_NORMAL)
        check_told(k, p, side);
    if (ep != NULL && ep->comms_ok && is == FO_STATE_SHUTDOWN &&
        (HANDED_TO & (1u << p->heard[side])) != 0 && ep->rec.resume != FO_STATE_RECOVER)
        sim_broken(k, "states: %s side %d hands over to %s and would resume %s", p->name, side,
                   fo_state_name(p->heard[side]), fo_state_name(ep->rec.resume));
}

/* In the order in which it happened: what is heard of the partner comes before what it calls for.
 */
void check_notice(void *context, int server, const char *text, size_t length)
{
    struct sim *k = context;
    const char *end = text + length;
    const char *name = behind(text, end, "relationship="), *from = behind(text, end, " state=");
    const char *heard = behind(text, end, " partner-state="), *to = behind(text, end, " -> ");
    int side;
    const char *resumes = behind(text, end, " resumes=");
    struct sim_pair *p = name != NULL ? pair_named(k, server, name, end, &side) : NULL;
    if (p != NULL && resumes != NULL) {
        const struct fo_endpoint *ep = fo_endpoint_find(k->w.side[server].server, p->name);
        p->resumes[side] = (enum fo_state)state_at(resumes, (size_t)(end - resumes));
        p->served[side] = ep != NULL ? ep->rec.operational_until : fo_utc(0);
    }
    if (p == NULL || to == NULL)
        return;
    if (from != NULL && from < to)
        moved(k, p, side, state_at(from, (size_t)(end - from)), state_at(to, (size_t)(end - to)));
    else if (heard != NULL && heard < to)
        p->heard[side] = (enum fo_state)state_at(to, (size_t)(end - to));
}
