/* Real conversations of two dhcpd, one of them replaced by our server: does it say what dhcpd said?
 *
 * Compared are, for each side of each capture: the identities in CONNECT and CONNECTACK; the order
 * of requests and states; what is told of leases (status, client, end); and the verdict on every
 * update of the partner. Differences that are right are these, and no others:
 *
 *   - UPDREQALL is asked once, where dhcpd asks once more at each STATE it hears; and both of the
 *     partner's requests are answered, where dhcpd drops one that comes while another is under way.
 *   - A virgin address is not told at all (both know it is FREE), so no two updates of it meet, and
 *     none of the partner's is refused with reason 16.
 *   - Who has which available address is each server's own arithmetic; only the half that the
 *     primary hands over first is counted.
 *   - Back from a crash, COMMUNICATIONS-INTERRUPTED is announced, where dhcpd says the NORMAL it
 * was in: §9.3 has the state that losing the link led to.
 *   - A server that stops says DISCONNECT. BNDACKs are not held back, CONTACTs come more often.
 *   - What stands in |allowed|, by capture.
 */
#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/fo/replay.h"

#define GRANT(at, side, client, address, lease_s)                                                  \
    {                                                                                              \
        at, SIDE_##side, REPLAY_GRANT, client, address, lease_s                                    \
    }
#define DO(at, side, what)                                                                         \
    {                                                                                              \
        at, SIDE_##side, REPLAY_##what, 0, 0, 0                                                    \
    }

static const struct replay_act secondary_killed[] = {
    GRANT(2.52, A, 1, 6, 20), GRANT(2.52, B, 2, 5, 20), DO(5.02, B, KILL),
    GRANT(5.03, A, 1, 6, 40), GRANT(5.03, A, 2, 5, 40), GRANT(5.03, A, 3, 7, 20),
    GRANT(5.04, A, 4, 8, 20), GRANT(5.04, A, 5, 9, 20), DO(5.045, B, START),
};
static const struct replay_act primary_killed[] = {
    GRANT(2.52, A, 1, 6, 20), GRANT(2.52, B, 2, 5, 20), DO(5.02, A, KILL),
    GRANT(5.03, B, 1, 6, 40), GRANT(5.03, B, 2, 5, 40), GRANT(5.03, B, 3, 4, 20),
    GRANT(5.03, B, 4, 3, 20), GRANT(5.03, B, 5, 2, 20), DO(5.035, A, START),
};
static const struct replay_act database_lost[] = {
    GRANT(2.53, A, 1, 6, 20), GRANT(2.53, B, 2, 5, 20), GRANT(2.53, A, 3, 7, 20),
    GRANT(2.53, A, 4, 8, 20), DO(5.03, B, KILL),        DO(5.05, A, PARTNER_DOWN),
    GRANT(5.06, A, 1, 6, 40), GRANT(5.06, A, 5, 9, 20), GRANT(5.06, A, 6, 10, 20),
    DO(5.065, B, LOST),
};
/* B stops at 5.03 in truth; here so long before the partner-down that it can be sure
 * which was first (§9.3.2): in doubt ours takes the way of POTENTIAL-CONFLICT. */
static const struct replay_act database_kept[] = {
    GRANT(2.52, A, 1, 6, 20), GRANT(2.53, B, 2, 5, 20), GRANT(2.53, A, 3, 7, 20),
    GRANT(2.53, A, 4, 8, 20), DO(3.0, B, STOP),         DO(5.04, A, PARTNER_DOWN),
    GRANT(5.06, A, 1, 6, 40), GRANT(5.06, A, 5, 9, 20), GRANT(5.06, A, 6, 10, 20),
    DO(5.065, B, START),
};
static const struct replay_act terminated[] = {
    GRANT(2.52, A, 1, 6, 20),
    DO(5.02, B, STOP),
    DO(7.03, B, START),
};

#define SCRIPT(acts) acts, sizeof acts / sizeof acts[0]
static const struct conversation {
    const char *name;
    const struct replay_act *acts;
    size_t act_count;
    const char *secondary_has; /* the relationship as B is configured */
} conversations[] = {
    {"01-virgin-to-normal", NULL, 0, "lab"},
    {"02-idle-contact", NULL, 0, "lab"},
    {"09-kill-secondary-reconnect", SCRIPT(secondary_killed), "lab"},
    {"10-kill-primary-reconnect", SCRIPT(primary_killed), "lab"},
    {"12-partner-down-recover-updreqall", SCRIPT(database_lost), "lab"},
    {"13-partner-down-return-with-database", SCRIPT(database_kept), "lab"},
    {"17-sigterm-reconnect", SCRIPT(terminated), "lab"},
    {"18-connect-refused-wrong-name", NULL, 0, "lab-x"},
};
#define CONVERSATIONS (sizeof conversations / sizeof conversations[0])

/* What one of the two says of a lease and the other does not. */
static const struct {
    const char *capture;
    enum replay_side side;
    bool ours; /* only ours says it; else only dhcpd */
    enum fo_binding_status status;
    const char *why;
} allowed[] = {
    {"12", SIDE_A, true, FO_STATUS_EXPIRED,
     "dhcpd believed B, which said EXPIRED in the very second of the lease's end; by time2 of "
     "Figure 7.1.3-1 that is too early, so ours ends the lease itself"},
    {"12", SIDE_B, false, FO_STATUS_EXPIRED,
     "in RECOVER-WAIT nobody is answered, and the primary ends leases for both"},
};

static struct replay r;
static struct fo_message m, n;

static const struct fo_message *taken_apart(const struct replay_message *one,
                                            struct fo_message *out)
{
    struct fo_fault fault;
    cr_assert_eq(fo_message_decode(one->bytes, one->length, out, &fault), FO_OK, "%s", fault.text);
    return out;
}

/* --- requests and states, in order
 * --------------------------------------------------------------------- */

struct story {
    char text[2048];
    char last[48], before[48]; /* words */
    unsigned connection;
};

static void add_word(struct story *s, const char *word, unsigned connection)
{
    size_t used = strlen(s->text);
    if (connection != s->connection)
        s->last[0] = s->before[0] = '\0';
    s->connection = connection;
    if (strcmp(word, s->last) == 0 || (strcmp(word, s->before) == 0 && strcmp(word, "NORMAL") != 0))
        return; /* asked, or answered, once more */
    if (strcmp(word, "NORMAL") == 0 && strcmp(s->last, "COMMUNICATIONS-INTERRUPTED") == 0)
        s->text[used - strlen("COMMUNICATIONS-INTERRUPTED ")] = '\0';
    used = strlen(s->text);
    snprintf(s->text + used, sizeof s->text - used, "%s ", word);
    snprintf(s->before, sizeof s->before, "%s", s->last);
    snprintf(s->last, sizeof s->last, "%s", word);
}

static void tell(struct story *s, const struct replay_message *one)
{
    char word[48];
    taken_apart(one, &m);
    if (m.type == FO_MSG_BNDUPD || m.type == FO_MSG_BNDACK || m.type == FO_MSG_CONTACT ||
        m.type == FO_MSG_DISCONNECT)
        return;
    if (m.type == FO_MSG_STATE && (m.server_flags & 1) != 0)
        snprintf(word, sizeof word, "STARTUP");
    else if (m.type == FO_MSG_STATE)
        snprintf(word, sizeof word, "%s", fo_state_name(fo_state_from_wire(m.server_state)));
    else if ((m.present & FO_OPT_BIT(FO_OPT_REJECT_REASON)) != 0)
        snprintf(word, sizeof word, "%s(%u)", fo_message_type_name(m.type), m.reject_reason);
    else
        snprintf(word, sizeof word, "%s", fo_message_type_name(m.type));
    add_word(s, word, one->connection);
}

static void compare_stories(const char *name)
{
    static struct story dhcpd, ours;
    for (size_t i = 0; i < r.recorded_count; i++)
        if (r.recorded[i].ours)
            tell(&dhcpd, &r.recorded[i]);
    for (size_t i = 0; i < r.said_count; i++)
        tell(&ours, &r.said[i]);
    cr_assert_str_eq(ours.text, dhcpd.text, "%s, side %c:\nours  %s\ndhcpd %s", name, "AB"[r.side],
                     ours.text, dhcpd.text);
}

/* --- identities
 * ---------------------------------------------------------------------------------------- */

static bool same_span(struct fo_span a, struct fo_span b)
{
    return a.length == b.length && (a.length == 0 || memcmp(a.data, b.data, a.length) == 0);
}

static void compare_identities(const char *name)
{
    const struct replay_message *dhcpd = NULL;
    for (size_t i = 0; i < r.recorded_count && dhcpd == NULL; i++)
        if (r.recorded[i].ours)
            dhcpd = &r.recorded[i];
    cr_assert(dhcpd != NULL && r.said_count > 0);
    taken_apart(dhcpd, &m);
    taken_apart(&r.said[0], &n);
    cr_assert_eq(n.type, m.type, "%s", name);
    cr_assert(same_span(n.relationship_name, m.relationship_name), "%s", name);
    cr_assert_eq(n.max_unacked_bndupd, m.max_unacked_bndupd, "%s", name);
    cr_assert_eq(n.receive_timer_s, m.receive_timer_s, "%s", name);
    cr_assert_eq(n.protocol_version, m.protocol_version, "%s", name);
    cr_assert_eq(n.mclt_s, m.mclt_s, "%s", name);
    cr_assert(same_span(n.hash_bucket_assignment, m.hash_bucket_assignment), "%s", name);
    cr_assert_eq(n.reject_reason, m.reject_reason, "%s", name);
}

/* --- leases
 * -------------------------------------------------------------------------------------------- */

static bool available(unsigned status)
{
    return status == FO_STATUS_FREE || status == FO_STATUS_BACKUP;
}

/* Whether a message of |list| tells the same. Ends may be a second apart; a lease that expired
 * ended when it was said, for ours, which is three seconds later. */
static bool is_told(const struct replay_message *list, size_t count, bool side_only,
                    const struct fo_group *wanted)
{
    for (size_t i = 0; i < count; i++) {
        const struct fo_group *g = &n.groups[0];
        int64_t apart;
        if ((side_only && !list[i].ours) || taken_apart(&list[i], &n)->type != FO_MSG_BNDUPD)
            continue;
        apart = (int64_t)g->lease_expiration_time.s - wanted->lease_expiration_time.s;
        if (g->address == wanted->address && g->status == wanted->status &&
            llabs(apart) <= (g->status == FO_STATUS_EXPIRED ? 4 : 1) &&
            same_span(g->hardware_address, wanted->hardware_address) &&
            same_span(g->client_identifier, wanted->client_identifier))
            return true;
    }
    return false;
}

static bool is_allowed(const char *name, bool ours, unsigned status)
{
    for (size_t i = 0; i < sizeof allowed / sizeof allowed[0]; i++)
        if (strncmp(name, allowed[i].capture, 2) == 0 && allowed[i].side == r.side &&
            allowed[i].ours == ours && allowed[i].status == status)
            return true;
    return false;
}

static void compare_leases(const char *name)
{
    char text[256];
    for (size_t i = 0; i < r.recorded_count; i++) {
        if (!r.recorded[i].ours || taken_apart(&r.recorded[i], &m)->type != FO_MSG_BNDUPD ||
            available(m.groups[0].status) || is_allowed(name, false, m.groups[0].status))
            continue;
        cr_assert(is_told(r.said, r.said_count, false, &m.groups[0]), "%s, side %c: only dhcpd: %s",
                  name, "AB"[r.side], fo_message_print(&m, text, sizeof text));
    }
    for (size_t i = 0; i < r.said_count; i++) {
        if (taken_apart(&r.said[i], &m)->type != FO_MSG_BNDUPD || available(m.groups[0].status) ||
            is_allowed(name, true, m.groups[0].status))
            continue;
        cr_assert(is_told(r.recorded, r.recorded_count, true, &m.groups[0]),
                  "%s, side %c: only ours: %s", name, "AB"[r.side],
                  fo_message_print(&m, text, sizeof text));
    }
}

/* How many addresses |list| hands over on the first connection. */
static unsigned handed_over(const struct replay_message *list, size_t count, bool side_only)
{
    unsigned total = 0;
    for (size_t i = 0; i < count; i++)
        if ((!side_only || list[i].ours) && list[i].connection == 1 &&
            taken_apart(&list[i], &m)->type == FO_MSG_BNDUPD)
            total += m.groups[0].status == FO_STATUS_BACKUP;
    return total;
}

/* --- verdicts
 * ------------------------------------------------------------------------------------------ */

/* The reject reason of the BNDACK with that xid on that connection; -1: there is none. */
static int verdict(const struct replay_message *list, size_t count, bool side_only,
                   unsigned connection, uint32_t xid)
{
    for (size_t i = 0; i < count; i++)
        if ((!side_only || list[i].ours) && list[i].connection == connection &&
            taken_apart(&list[i], &n)->type == FO_MSG_BNDACK && n.xid == xid)
            return n.groups[0].reject_reason;
    return -1;
}

/* In 12, updates come in the very second of a lease's end: too early for ours. */
static bool may_differ(const char *name, const struct fo_group *g, int dhcpd, int ours)
{
    if (g->status == FO_STATUS_FREE)
        return dhcpd == FO_REJECT_LESS_CRITICAL_BINDING_INFORMATION && ours == FO_REJECT_NONE;
    return strncmp(name, "12", 2) == 0 && ours == FO_REJECT_OUTDATED_BINDING_INFORMATION;
}

static void compare_verdicts(const char *name)
{
    char text[256];
    for (size_t i = 0; i < r.recorded_count; i++) {
        const struct replay_message *one = &r.recorded[i];
        int dhcpd, ours;
        if (one->ours || taken_apart(one, &m)->type != FO_MSG_BNDUPD)
            continue;
        dhcpd = verdict(r.recorded, r.recorded_count, true, one->connection, m.xid);
        ours = verdict(r.said, r.said_count, false, one->connection, m.xid);
        if (dhcpd < 0 || may_differ(name, &m.groups[0], dhcpd, ours))
            continue; /* the recording ended, or the link broke, before dhcpd said it */
        cr_assert_eq(ours, dhcpd, "%s, side %c: ours %d, dhcpd %d on %s", name, "AB"[r.side], ours,
                     dhcpd, fo_message_print(&m, text, sizeof text));
    }
}

/* --- all of them
 * --------------------------------------------------------------------------------------- */

static void compare(const struct conversation *c, enum replay_side side)
{
    replay_run(&r, c->name, side, side == SIDE_B ? c->secondary_has : "lab", c->acts, c->act_count);
    compare_identities(c->name);
    compare_stories(c->name);
    compare_leases(c->name);
    compare_verdicts(c->name);
    cr_assert_eq(handed_over(r.said, r.said_count, false),
                 handed_over(r.recorded, r.recorded_count, true), "%s", c->name);
    replay_fini(&r);
}

ParameterizedTestParameters(captures, as_primary_ours_says_what_dhcpd_said)
{
    static size_t index[CONVERSATIONS];
    for (size_t i = 0; i < CONVERSATIONS; i++)
        index[i] = i;
    return cr_make_param_array(size_t, index, CONVERSATIONS);
}

ParameterizedTest(size_t *index, captures, as_primary_ours_says_what_dhcpd_said)
{
    compare(&conversations[*index], SIDE_A);
}

ParameterizedTestParameters(captures, as_secondary_ours_says_what_dhcpd_said)
{
    static size_t index[CONVERSATIONS];
    for (size_t i = 0; i < CONVERSATIONS; i++)
        index[i] = i;
    return cr_make_param_array(size_t, index, CONVERSATIONS);
}

ParameterizedTest(size_t *index, captures, as_secondary_ours_says_what_dhcpd_said)
{
    compare(&conversations[*index], SIDE_B);
}
