/* Leases are given at the moment at which dhcpd told its partner, or, while there was none to tell,
 * at which its client got them. */
#include "tests/fo/conversations.h"

#define LEASE(at, side, what, client, address, lease_s)                                            \
    {                                                                                              \
        at, SIDE_##side, REPLAY_##what, client, address, lease_s                                   \
    }
#define GRANT(at, side, client, address, lease_s) LEASE(at, side, GRANT, client, address, lease_s)
#define RELEASE(at, side, client, address)        LEASE(at, side, RELEASE, client, address, 0)
#define DECLINE(at, side, client, address)        LEASE(at, side, DECLINE, client, address, 0)
#define DO(at, side, what)                        LEASE(at, side, what, 0, 0, 0)

static const struct replay_act allocate[] = {
    GRANT(2.523, A, 1, 6, 20), GRANT(2.826, B, 2, 5, 20), GRANT(3.132, A, 3, 7, 20),
    GRANT(3.434, A, 4, 8, 20), GRANT(3.739, B, 5, 4, 20), GRANT(4.041, B, 6, 3, 20),
};
/* At 9.53 both servers hear the clients. */
static const struct replay_act renew[] = {
    GRANT(2.527, A, 1, 6, 20), GRANT(2.528, B, 2, 5, 20), GRANT(2.528, A, 3, 7, 20),
    GRANT(5.530, A, 1, 6, 40), GRANT(5.531, A, 3, 7, 40), GRANT(5.531, B, 2, 5, 40),
    GRANT(9.532, A, 1, 6, 40), GRANT(9.532, B, 1, 6, 40), GRANT(9.533, A, 2, 5, 40),
    GRANT(9.533, B, 2, 5, 40), GRANT(9.533, B, 3, 7, 40), GRANT(9.533, A, 3, 7, 40),
};
static const struct replay_act release[] = {
    GRANT(2.525, A, 1, 6, 20), GRANT(2.527, B, 2, 5, 20), GRANT(2.527, A, 3, 7, 20),
    GRANT(2.571, A, 4, 8, 20), RELEASE(5.530, A, 1, 6),   RELEASE(5.730, B, 2, 5),
    RELEASE(5.935, A, 3, 7),   RELEASE(6.131, A, 4, 8),   GRANT(10.332, A, 1, 6, 20),
};
static const struct replay_act expire[] = {
    GRANT(2.525, A, 1, 6, 20),
    GRANT(2.526, B, 2, 5, 20),
    GRANT(2.528, A, 3, 7, 20),
};
/* Both servers hear that an address is in use. */
static const struct replay_act decline[] = {
    GRANT(2.522, A, 1, 6, 20), GRANT(2.523, B, 2, 5, 20),  GRANT(2.524, A, 3, 7, 20),
    DECLINE(5.525, B, 1, 6),   DECLINE(5.525, A, 1, 6),    DECLINE(6.026, A, 2, 5),
    DECLINE(6.026, B, 2, 5),   GRANT(10.527, A, 1, 8, 20),
};
static const struct replay_act run_dry[] = {
    GRANT(2.525, B, 1, 11, 20), GRANT(2.627, B, 2, 10, 20),   GRANT(2.728, B, 3, 9, 20),
    GRANT(2.842, B, 4, 8, 20),  GRANT(2.948, B, 5, 7, 20),    GRANT(3.051, B, 6, 6, 20),
    GRANT(3.153, B, 7, 5, 20),  GRANT(3.255, B, 8, 4, 20),    GRANT(3.357, B, 9, 3, 20),
    GRANT(3.460, B, 10, 2, 20), GRANT(13.562, B, 40, 16, 20),
};
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
/* A gives up first, which B learns once the link carries again. */
static const struct replay_act link_lost[] = {
    GRANT(2.527, A, 1, 6, 20), GRANT(2.529, B, 2, 5, 20), DO(5.03, A, CUT),
    DO(14.53, A, RESET),       GRANT(14.54, B, 3, 4, 20), GRANT(14.54, B, 4, 3, 20),
    GRANT(14.54, B, 5, 2, 20), GRANT(14.54, B, 6, 1, 20),
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
static const struct replay_act database_of_primary_lost[] = {
    GRANT(2.525, A, 1, 6, 20), GRANT(2.528, B, 2, 5, 20), GRANT(2.530, A, 3, 7, 20),
    GRANT(2.574, A, 4, 8, 20), DO(5.03, A, KILL),         DO(5.04, B, PARTNER_DOWN),
    GRANT(5.06, B, 1, 6, 40),  GRANT(5.06, B, 5, 4, 20),  GRANT(5.06, B, 6, 3, 20),
    DO(5.065, A, LOST),
};
static const struct replay_act both_serve[] = {
    GRANT(2.517, A, 1, 6, 20),  GRANT(2.518, B, 2, 5, 20),  GRANT(2.519, A, 3, 7, 20),
    GRANT(2.562, A, 4, 8, 20),  DO(5.02, A, CUT),           DO(16.57, A, RESET),
    DO(16.58, A, PARTNER_DOWN), DO(16.59, B, PARTNER_DOWN), GRANT(16.60, B, 1, 6, 40),
    GRANT(16.60, A, 5, 9, 20),  GRANT(16.60, B, 6, 3, 20),  GRANT(16.60, B, 7, 2, 20),
    GRANT(16.60, B, 8, 1, 20),
};
/* B falls silent, hears nothing more itself, and gives up 12 s later. */
static const struct replay_act shut_down[] = {
    GRANT(2.517, A, 1, 6, 20), GRANT(2.518, B, 2, 5, 20), GRANT(2.519, A, 3, 7, 20),
    DO(5.02, B, CUT),          DO(14.53, B, RESET),       DO(17.06, B, STOP),
    GRANT(18.06, A, 1, 6, 40), GRANT(18.06, A, 4, 8, 20), DO(18.065, B, START),
};
static const struct replay_act terminated[] = {
    GRANT(2.52, A, 1, 6, 20),
    DO(5.02, B, STOP),
    DO(7.03, B, START),
};
static const struct replay_act state_shutdown[] = {
    GRANT(2.526, A, 1, 6, 20), GRANT(2.528, B, 2, 5, 20), GRANT(2.530, A, 3, 7, 20),
    DO(5.042, B, SHUTDOWN),    GRANT(9.048, A, 1, 6, 40), GRANT(9.051, A, 4, 8, 20),
    GRANT(9.051, A, 5, 9, 20), DO(9.06, B, STOP),         DO(12.07, B, START),
};

#define SCRIPT(list) .acts = list, .act_count = sizeof list / sizeof list[0]
const struct conversation conversations[CONVERSATIONS] = {
    {.name = "01-virgin-to-normal"},
    {.name = "02-idle-contact"},
    {"03-allocate", SCRIPT(allocate)},
    {"04-renew", SCRIPT(renew)},
    {"05-release", SCRIPT(release)},
    {"06-expire", SCRIPT(expire)},
    {"07-decline-abandon", SCRIPT(decline)},
    {"08-poolreq", SCRIPT(run_dry), .pool = 24, .secondary_serves_all = true},
    {"09-kill-secondary-reconnect", SCRIPT(secondary_killed)},
    {"10-kill-primary-reconnect", SCRIPT(primary_killed)},
    {"11-silent-link-loss", SCRIPT(link_lost)},
    {"12-partner-down-recover-updreqall", SCRIPT(database_lost)},
    {"13-partner-down-return-with-database", SCRIPT(database_kept)},
    {"14-recover-of-primary", SCRIPT(database_of_primary_lost)},
    {"15-potential-conflict", SCRIPT(both_serve)},
    {"16-shutdown-omapi", SCRIPT(shut_down)},
    {"17-sigterm-reconnect", SCRIPT(terminated)},
    {.name = "18-connect-refused-wrong-name", .secondary_has = "lab-x"},
    {"19-state-shutdown", SCRIPT(state_shutdown)},
};
