/* Nineteen conversations of two dhcpd, in each of which our server takes the place of one, then of
 * the other. In which ways it differs is one table, and each of them has its reason. */
#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/fo/compare.h"
#include "tests/fo/conversations.h"

#define EVERY "01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16 17 19" /* that gets to a STATE */

/* A difference must occur in every conversation that is listed for it, and in no other. 15x3: three
 * times in 15; 15: at least once. */
static const struct {
    const char *what;     /* in the words of tests/fo/compare.c */
    const char *where[2]; /* the conversations: ours in the place of A, the primary, and of B */
    const char *why;
} allowed[] = {
    {"CONNECT: another vendor-class-identifier", {EVERY " 18", ""}, "each names itself"},
    {"CONNECTACK: another vendor-class-identifier", {"", EVERY}, "each names itself"},
    {"CONNECTACK 8: only dhcpd has vendor-class-identifier",
     {"", "18"},
     "§7.9: not in a refusal; which dialect the stranger speaks is not known"},
    {"CONNECTACK 8: another message", {"", "18"}, "each has its own words"},
    {"CONTACT: more from ours",
     {EVERY, EVERY},
     "§7.9.2: after a fifth of the receive timer; dhcpd waits for a third"},
    {"DISCONNECT 17: only ours",
     {"11x1 15x1", "15x1 16x1"},
     "§7.12: a link is not left without a word"},
    {"DISCONNECT 254: only ours", {"", "13x1 17x1 19x1"}, "§7.12: a server that stops says so"},
    {"UPDREQALL: only dhcpd",
     {EVERY, EVERY},
     "it asks once more at each STATE that it hears; ours has asked"},
    {"UPDDONE: only ours",
     {EVERY, EVERY},
     "§7.5: each request is answered; dhcpd drops one while another is under way"},
    {"UPDREQ: only ours",
     {"09x1 10x1 11x1 16x1 17x1", "09x1 10x1 11x1 16x1 17x1"},
     "back together ours hears what dhcpd did alone before it says anything: dhcpd believes any "
     "end"},
    {"UPDREQALL: only ours",
     {"", "19x1"},
     "§9.14: back from SHUTDOWN ours recovers; dhcpd stays there until told otherwise"},
    {"STATE RECOVER startup: only ours", {"", "19x1"}, "as UPDREQALL"},
    {"STATE RECOVER: only ours", {"", "19x1"}, "as UPDREQALL"},
    {"STATE SHUTDOWN: only dhcpd", {"", "19x2"}, "as UPDREQALL"},
    {"POOLREQ: only dhcpd",
     {"", "08x1"},
     "this one was configured to ask every three seconds; ours asks once a minute"},
    {"STATE NORMAL startup: only dhcpd",
     {"10x1", "09x1 13x1 17x1"},
     "§9.3: a server that stopped in NORMAL resumes the state that losing the link led to"},
    {"STATE COMMUNICATIONS-INTERRUPTED startup: only ours",
     {"10x1", "09x1 13x1 17x1"},
     "as STATE NORMAL startup"},
    {"STATE COMMUNICATIONS-INTERRUPTED: only ours",
     {"10x1", "09x1 16x1 17x1"},
     "§9.3.2: start-up ends in the state that was resumed, and that is told"},
    {"STATE NORMAL: another start-time-of-state",
     {"10", "09 13 16 17"},
     "ours has just come back to NORMAL; dhcpd keeps an older time"},
    {"STATE RECOVER: another start-time-of-state",
     {"", "13"},
     "§12.25: the time at which the state began; dhcpd has that of the state before it"},
    {"STATE RECOVER-WAIT: another start-time-of-state", {"14", "12 13"}, "as STATE RECOVER"},
    {"STATE RECOVER-DONE: another start-time-of-state",
     {"", "13"},
     "§9.6.2: MCLT from when it last may have served; dhcpd counts from when NORMAL began"},
    {"BNDACK of FREE never used: dhcpd 16, ours 0",
     {EVERY, ""},
     "dhcpd is just telling the same itself; ours has nothing to tell of such an address"},
    {"BNDACK of FREE: dhcpd 16, ours 0", {"12x3 14x2", ""}, "as of FREE never used"},
    {"BNDACK of FREE: dhcpd 16, ours 15", {"15x1", ""}, "as EXPIRED, below"},
    {"BNDACK of EXPIRED: dhcpd 16, ours 15",
     {"15x3", ""},
     "said in the very second of the end: too early by time2 of Figure 7.1.3-1"},
    {"BNDACK of EXPIRED: dhcpd 0, ours 15",
     {"12x5 19x1", ""},
     "12: as above. 19: A has renewed that lease since; dhcpd lets it end"},
    {"BNDACK of ABANDONED: dhcpd 16, ours 0",
     {"07x2", ""},
     "both say the same, so there is nothing to refuse; dhcpd refuses what crosses its own"},
    {"BNDACK of ACTIVE: dhcpd 16, ours 0",
     {"04x3", ""},
     "as ABANDONED: both have renewed the same lease"},
    {"BNDACK of ACTIVE: only ours",
     {"", "19x3"},
     "dhcpd holds a BNDACK back for two seconds, and was stopped before"},
    {"BNDACK of BACKUP: dhcpd 0, ours 15",
     {"", "12x4"},
     "it follows an EXPIRED that dhcpd said and ours did not: the lease has not ended yet"},
    {"BNDACK of BACKUP: only ours",
     {"", "11x1 13x1"},
     "dhcpd holds a BNDACK back for two seconds, and the recording ends first"},
    {"BNDACK of EXPIRED: only ours", {"", "13x2 16x2"}, "as BNDACK of BACKUP: only ours"},
    {"BNDUPD FREE never used: only dhcpd",
     {EVERY, EVERY},
     "a virgin pair need not be told that every address is FREE"},
    {"BNDUPD FREE: only dhcpd",
     {"12x3 14x2 19x2", "12x4 13x2 14x2 15x1"},
     "§5.11: once its end is acknowledged, both know that it is FREE; 12, 13: the secondary hands "
     "over"},
    {"BNDUPD BACKUP: only dhcpd",
     {"05x1 06x1 11x2 12x4 13x1 14x3 15x1 19x1", ""},
     "handed over once its client, the partner's by hash, is gone; ours balances each minute"},
    {"BNDUPD EXPIRED: only dhcpd",
     {"14x3", "12x5 15x3 19x1"},
     "in RECOVER-WAIT, POTENTIAL-CONFLICT, SHUTDOWN no client is answered and no lease ended"},
    {"BNDUPD EXPIRED: only ours",
     {"12x5", ""},
     "dhcpd believed B in the very second of the end; ours refused, and ends it itself"},
    {"BNDUPD ACTIVE: only dhcpd",
     {"15x1", "13x1"},
     "it tells its partner what it just learned from it (B-04)"},
    {"BNDUPD ACTIVE: only ours",
     {"12x2 15x3", "12x2"},
     "ours refused the end of a lease, and later says until when it lasts (§7.2.1)"},
    {"BNDUPD ACTIVE: another start-time-of-state",
     {"04 09 12 13 16 19", "04 10 14 15"},
     "§12.25: when the lease began; dhcpd begins anew at each renewal"},
    {"BNDUPD ACTIVE: another potential-expiration-time",
     {"12 13", "14"},
     "B-03: not before the lease's end; dhcpd tells an old value of a lease that it did not give"},
    {"BNDUPD ABANDONED: another lease-expiration-time",
     {"07", "07"},
     "for good; dhcpd would free it after a day"},
    {"BNDUPD ABANDONED: another start-time-of-state",
     {"07", "07"},
     "§12.25: when this state began; dhcpd still has when the lease did"},
    {"BNDUPD EXPIRED: another start-time-of-state",
     {"06 11 13 14 15 16 19", ""},
     "§12.25: when this state began; dhcpd still has when the lease did"},
    {"BNDUPD RELEASED: another start-time-of-state",
     {"05", "05"},
     "§12.25: when this state began; dhcpd still has when the lease did"},
    {"BNDUPD ABANDONED: another potential-expiration-time",
     {"07", "07"},
     "nothing is promised beyond the change; dhcpd repeats what it last promised"},
    {"BNDUPD EXPIRED: another potential-expiration-time",
     {"06 11 13 14 15 16 19", ""},
     "nothing is promised beyond the change; dhcpd repeats what it last promised"},
    {"BNDUPD EXPIRED: another lease-expiration-time",
     {"06 11 13 14 15 16 19", ""},
     "when it was ended: three seconds late, for clocks differ"},
    {"BNDUPD RELEASED: another client-last-transaction-time",
     {"05", "05"},
     "the release was its last transaction; dhcpd has that of the lease"},
    {"BNDUPD BACKUP: another lease-expiration-time",
     {EVERY, "14"},
     "the time of the change; dhcpd has none for an address that was never leased"},
    {"BNDUPD BACKUP: another potential-expiration-time", {"", "14"}, "as lease-expiration-time"},
    {"BNDUPD FREE never used: another lease-expiration-time",
     {"12 13", "14"},
     "the time at which the pair was made; dhcpd has none"},
    {"BNDUPD FREE never used: another potential-expiration-time",
     {"12 13", "14"},
     "the time at which the pair was made; dhcpd has none"},
    {"BNDUPD FREE never used: another start-time-of-state",
     {"12 13", "14"},
     "the time at which the pair was made; dhcpd has none"},
    {"BNDUPD ABANDONED: only ours has client-last-transaction-time",
     {"07", "07"},
     "B-02: always there, 0 if there was none; dhcpd may leave it out"},
    {"BNDUPD ACTIVE: only ours has client-last-transaction-time",
     {"12 13", "14"},
     "B-02: always there, 0 if there was none; dhcpd may leave it out"},
    {"BNDUPD BACKUP: only ours has client-last-transaction-time",
     {EVERY, "14"},
     "B-02: always there, 0 if there was none; dhcpd may leave it out"},
    {"BNDUPD EXPIRED: only ours has client-last-transaction-time",
     {"06 11 13 14 15 16 19", ""},
     "B-02: always there, 0 if there was none; dhcpd may leave it out"},
    {"BNDUPD FREE never used: only ours has client-last-transaction-time",
     {"12 13", "14"},
     "B-02: always there, 0 if there was none; dhcpd may leave it out"},
};
#define ALLOWED (sizeof allowed / sizeof allowed[0])

/* How often that difference is to be found; |out_exactly|: so often, or at least so. */
static unsigned expected(size_t row, const struct conversation *c, enum recording_side side,
                         bool *out_exactly)
{
    const char *at = allowed[row].where[side];
    const size_t digits = 2;
    while (*at != '\0' && strncmp(at, c->name, digits) != 0) {
        at += strcspn(at, " ");
        at += strspn(at, " ");
    }
    *out_exactly = *at == '\0' || at[digits] == 'x';
    if (*at == '\0')
        return 0;
    return *out_exactly ? (unsigned)strtoul(at + digits + 1, NULL, 10) : 1;
}

static bool is_listed(const char *what)
{
    for (size_t row = 0; row < ALLOWED; row++)
        if (strcmp(allowed[row].what, what) == 0)
            return true;
    return false;
}

static void check(const struct conversation *c, enum recording_side side)
{
    static struct replay r;
    static struct differences found;
    replay_run(&r, c, side);
    compare(&r, &found);
    for (size_t i = 0; i < found.count; i++)
        cr_expect(is_listed(found.list[i].text), "%s, ours is %c, and nobody says why: %s (%u)",
                  c->name, "AB"[side], found.list[i].text, found.list[i].times);
    for (size_t row = 0; row < ALLOWED; row++) {
        bool exactly;
        unsigned times = differences_of(&found, allowed[row].what);
        unsigned wanted = expected(row, c, side, &exactly);
        cr_expect(exactly ? times == wanted : times >= wanted,
                  "%s, ours is %c: %u times, not %u: %s (%s)", c->name, "AB"[side], times, wanted,
                  allowed[row].what, allowed[row].why);
    }
    replay_fini(&r);
}

static struct criterion_test_params every_conversation(void)
{
    static size_t index[CONVERSATIONS];
    for (size_t i = 0; i < CONVERSATIONS; i++)
        index[i] = i;
    return cr_make_param_array(size_t, index, CONVERSATIONS);
}

ParameterizedTestParameters(captures, as_primary_ours_says_what_dhcpd_said)
{
    return every_conversation();
}

ParameterizedTest(size_t *index, captures, as_primary_ours_says_what_dhcpd_said)
{
    check(&conversations[*index], SIDE_A);
}

ParameterizedTestParameters(captures, as_secondary_ours_says_what_dhcpd_said)
{
    return every_conversation();
}

ParameterizedTest(size_t *index, captures, as_secondary_ours_says_what_dhcpd_said)
{
    check(&conversations[*index], SIDE_B);
}

Test(captures, every_recording_is_played)
{
    glob_t files;
    cr_assert_eq(glob(FO_TEST_DATA "/isc-dhcpd/*.pcap", 0, NULL, &files), 0);
    cr_assert_eq(files.gl_pathc, CONVERSATIONS);
    for (size_t i = 0; i < CONVERSATIONS; i++)
        cr_assert_not_null(strstr(files.gl_pathv[i], conversations[i].name));
    globfree(&files);
}
