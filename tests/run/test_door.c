/* The public face, used as a host uses it: fo/fo.h alone, two engines in one process. */
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "fo/fo.h"

#define SUBNET "10.1.0.0"
#define MASK   "255.255.0.0"
#define FIRST  0x0a010001u /* 10.1.0.1 */

static struct fo *alpha, *beta;
static uint16_t port;
static char why[256];
static const char *const scopes[] = {SUBNET};

/* The same port must be free on both loopback addresses. */
static uint16_t pick_port(void)
{
    struct sockaddr_in name = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_ANY)};
    socklen_t length = sizeof name;
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    cr_assert_eq(bind(fd, (struct sockaddr *)&name, sizeof name), 0);
    cr_assert_eq(getsockname(fd, (struct sockaddr *)&name, &length), 0);
    close(fd);
    return ntohs(name.sin_port);
}

static struct fo *open_engine(const char *address)
{
    const struct fo_options options = {.listen_address = address, .listen_port = port};
    const struct fo_range_text range = {"10.1.0.1", "10.1.31.255"};
    struct fo *f = NULL;

    cr_assert_eq(fo_open(&options, &f, why, sizeof why), FO_OK, "%s", why);
    cr_assert_eq(fo_scope_set(f, SUBNET, MASK, &range, 1, why, sizeof why), FO_OK, "%s", why);
    return f;
}

static struct fo_pairing pairing_of(bool primary)
{
    return (struct fo_pairing){.name = "pair",
                               .role = primary ? "primary" : "secondary",
                               .local = primary ? "127.0.0.1" : "127.0.0.2",
                               .partner = primary ? "127.0.0.2" : "127.0.0.1",
                               .partner_port = port,
                               .primary_percent = 50,
                               .scopes = scopes,
                               .scope_count = 1};
}

static void set_up(void)
{
    port = pick_port();
    alpha = open_engine("127.0.0.1");
    beta = open_engine("127.0.0.2");
}
static void tear_down(void)
{
    fo_close(alpha);
    fo_close(beta);
}
TestSuite(door, .init = set_up, .fini = tear_down);

static void start_pair(void)
{
    const struct fo_pairing one = pairing_of(true), two = pairing_of(false);

    cr_assert_eq(fo_relationship_set(alpha, &one, why, sizeof why), FO_OK, "%s", why);
    cr_assert_eq(fo_relationship_set(beta, &two, why, sizeof why), FO_OK, "%s", why);
    cr_assert_eq(fo_start(alpha), FO_OK);
    cr_assert_eq(fo_start(beta), FO_OK);
}

static bool in_state(struct fo *f, const char *state)
{
    struct fo_snapshot s;

    cr_assert_eq(fo_get_snapshot(f, "pair", &s), FO_OK);
    return strcmp(s.state, state) == 0;
}

static void wait_a_moment(void)
{
    poll(NULL, 0, 5);
}

static void wait_for_normal(void)
{
    for (int i = 0; i < 4000 && !(in_state(alpha, "NORMAL") && in_state(beta, "NORMAL")); i++)
        wait_a_moment();
    cr_assert(in_state(alpha, "NORMAL") && in_state(beta, "NORMAL"));
}

static struct fo_client_key key_of(uint32_t n, uint8_t hw[7])
{
    const uint8_t bytes[7] = {
        1, 2, 0, (uint8_t)(n >> 24), (uint8_t)(n >> 16), (uint8_t)(n >> 8), (uint8_t)n};

    memcpy(hw, bytes, sizeof bytes);
    return (struct fo_client_key){.hw = hw, .hw_length = sizeof bytes};
}

static int report_grant(struct fo *f, uint32_t n, fo_ipv4_t address, uint32_t end, uint64_t token)
{
    uint8_t hw[7];
    const struct fo_lease_report report = {.event = FO_LEASE_GRANTED,
                                           .address = address,
                                           .client = key_of(n, hw),
                                           .lease_end = end,
                                           .desired_s = 3600,
                                           .token = token};

    return fo_report(f, &report);
}

/* --- opening ---------------------------------------------------------------------------------- */

Test(door, what_cannot_be_opened_is_named)
{
    struct fo_options options = {.listen_address = "here", .listen_port = port};
    struct fo *f = NULL;

    cr_expect_eq(fo_open(&options, &f, why, sizeof why), FO_EINVAL);
    cr_expect_str_eq(why, "here is not an IPv4 address");
    options.listen_address = "127.0.0.1";
    cr_expect_eq(fo_open(&options, &f, why, sizeof why), FO_EIO);
    cr_expect_not_null(strstr(why, "Address already in use"), "%s", why);
    options.listen_address = "127.0.0.3";
    options.ca_file = "/nonexistent/ca.pem";
    options.cert_file = options.key_file = options.ca_file;
    cr_expect_eq(fo_open(&options, &f, NULL, 0), FO_EINVAL);
    options.ca_file = options.cert_file = options.key_file = NULL;
    options.store_path = "/nonexistent/deep/store";
    cr_expect_lt(fo_open(&options, &f, why, sizeof why), 0);
    cr_expect_not_null(strstr(why, "/nonexistent"), "%s", why);
    cr_expect_null(f);
}

Test(door, an_engine_starts_once)
{
    cr_expect_eq(fo_start(alpha), FO_OK);
    cr_expect_eq(fo_start(alpha), FO_ESTATE);
    fo_close(NULL);
}

/* --- set-up ----------------------------------------------------------------------------------- */

Test(door, a_scope_must_make_sense)
{
    struct fo_range_text range = {"10.2.0.1", "10.2.0.9"};

    cr_expect_eq(fo_scope_set(alpha, "10.2.0", MASK, &range, 1, why, sizeof why), FO_EINVAL);
    cr_expect_eq(fo_scope_set(alpha, "10.2.0.1", MASK, &range, 1, why, sizeof why), FO_EINVAL);
    range.last = "10.2.0.256";
    cr_expect_eq(fo_scope_set(alpha, "10.2.0.0", MASK, &range, 1, why, sizeof why), FO_EINVAL);
    cr_expect_str_eq(why, "10.2.0.1 to 10.2.0.256 is not a range of addresses");
    range.last = "10.3.0.1";
    cr_expect_eq(fo_scope_set(alpha, "10.2.0.0", MASK, &range, 1, why, sizeof why), FO_EINVAL);
}

Test(door, the_ranges_of_a_scope_can_be_replaced)
{
    const struct fo_range_text range = {"10.1.200.1", "10.1.200.1"};
    uint8_t hw[7];
    const struct fo_client_key client = key_of(1, hw);
    fo_ipv4_t address = 0;

    cr_assert_eq(fo_scope_set(alpha, SUBNET, MASK, &range, 1, why, sizeof why), FO_OK, "%s", why);
    cr_assert_eq(fo_choose(alpha, SUBNET, &client, 0, 0, &address), FO_OK);
    cr_expect_eq(address, 0x0a01c801u);
}

static void expect_bad_pairing(const struct fo_pairing *p, const char *sentence)
{
    why[0] = '\0';
    cr_expect_eq(fo_relationship_set(alpha, p, why, sizeof why), FO_EINVAL);
    cr_expect_not_null(strstr(why, sentence), "%s", why);
}

Test(door, a_pairing_must_make_sense)
{
    static const char *const nowhere[] = {"10.9.0.0"};
    struct fo_pairing p = pairing_of(true);

    p.role = "third";
    expect_bad_pairing(&p, "neither primary nor secondary");
    p = pairing_of(true);
    p.local = "127.1";
    expect_bad_pairing(&p, "local address");
    p = pairing_of(true);
    p.partner = NULL;
    expect_bad_pairing(&p, "partner's address");
    p = pairing_of(true);
    p.dialect = "latin";
    expect_bad_pairing(&p, "neither draft nor isc");
    p = pairing_of(true);
    p.tls = "required";
    expect_bad_pairing(&p, "needs certificates");
    p = pairing_of(true);
    p.tls = "maybe";
    expect_bad_pairing(&p, "neither off, desired nor required");
    p = pairing_of(true);
    p.primary_percent = 101;
    expect_bad_pairing(&p, "");
    p = pairing_of(true);
    p.scopes = nowhere;
    expect_bad_pairing(&p, "");
    p = pairing_of(true);
    p.name = NULL;
    expect_bad_pairing(&p, "name");
    cr_expect_eq(fo_relationship_remove(alpha, "pair"), FO_ENOTFOUND, "nothing was made");
}

Test(door, a_relationship_is_made_once_and_can_be_removed)
{
    const struct fo_pairing p = pairing_of(true);
    struct fo_snapshot s;

    cr_expect_eq(fo_relationship_set(alpha, &p, why, sizeof why), FO_OK, "%s", why);
    cr_expect_eq(fo_relationship_set(alpha, &p, why, sizeof why), FO_EEXISTS);
    cr_expect_eq(fo_get_snapshot(alpha, "pair", &s), FO_OK);
    cr_expect_eq(fo_relationship_remove(alpha, "pair"), FO_OK);
    cr_expect_eq(fo_get_snapshot(alpha, "pair", &s), FO_ENOTFOUND);
    cr_expect_eq(fo_partner_down(alpha, "pair", why, sizeof why), FO_ENOTFOUND);
}

Test(door, nobody_is_called_before_the_start)
{
    const struct fo_pairing p = pairing_of(true);
    struct sockaddr_in name = {.sin_family = AF_INET, .sin_port = htons(port)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct pollfd calls = {.fd = fd, .events = POLLIN};

    fo_close(beta);
    beta = NULL;
    name.sin_addr.s_addr = htonl(0x7f000002);
    cr_assert_eq(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int)), 0);
    cr_assert_eq(bind(fd, (struct sockaddr *)&name, sizeof name), 0);
    cr_assert_eq(listen(fd, 5), 0);
    cr_assert_eq(fo_relationship_set(alpha, &p, why, sizeof why), FO_OK, "%s", why);
    cr_expect_eq(poll(&calls, 1, 50), 0);
    cr_assert_eq(fo_start(alpha), FO_OK);
    cr_expect_eq(poll(&calls, 1, 5000), 1);
    close(fd);
}

/* --- questions -------------------------------------------------------------------------------- */

Test(door, nobody_is_served_before_the_partner_was_heard)
{
    const struct fo_pairing p = pairing_of(true);
    uint8_t hw[7];
    const struct fo_client_key client = key_of(1, hw);
    fo_ipv4_t address = 0;

    cr_assert_eq(fo_relationship_set(alpha, &p, why, sizeof why), FO_OK, "%s", why);
    cr_assert_eq(fo_start(alpha), FO_OK);
    cr_expect_eq(fo_may_serve(alpha, SUBNET, &client, FO_ASKS_NEW, 0), FO_SILENT);
    cr_expect_lt(fo_choose(alpha, SUBNET, &client, 0, 0, &address), 0);
    cr_expect_neq(fo_may_give(alpha, FIRST, &client, why, sizeof why), FO_SERVE);
    cr_expect_eq(address, 0);
}

Test(door, a_client_that_cannot_be_gets_silence)
{
    uint8_t hw[64] = {1};
    const struct fo_client_key too_long = {.hw = hw, .hw_length = sizeof hw};
    const struct fo_client_key nowhere = {.hw = NULL, .hw_length = 7};
    fo_ipv4_t address;

    cr_expect_eq(fo_may_serve(alpha, SUBNET, &too_long, FO_ASKS_NEW, 0), FO_SILENT);
    cr_expect_eq(fo_may_serve(alpha, "nowhere", &nowhere, FO_ASKS_NEW, 0), FO_SILENT);
    cr_expect_eq(fo_choose(alpha, SUBNET, &too_long, 0, 0, &address), FO_EINVAL);
    cr_expect_eq(fo_may_give(alpha, FIRST, &nowhere, why, sizeof why), FO_SILENT);
    cr_expect_eq(fo_lease_time(alpha, FIRST, &too_long, 3600), 0);
}

struct seen {
    size_t count;
    fo_ipv4_t address;
    uint32_t end;
    char status[16];
};
static void see(void *context, const struct fo_lease *lease)
{
    struct seen *seen = context;

    seen->count++;
    seen->address = lease->address;
    seen->end = lease->lease_end;
    snprintf(seen->status, sizeof seen->status, "%s", lease->status);
}

Test(door, a_lease_without_end_is_seen_without_end)
{
    struct seen seen = {0};
    int tries = 0;

    cr_assert_eq(fo_start(alpha), FO_OK);
    cr_assert_eq(report_grant(alpha, 1, FIRST, 0xffffffffu, 1), FO_OK);
    while (seen.count == 0 && tries++ < 1000) {
        wait_a_moment();
        cr_assert_eq(fo_each_lease(alpha, see, &seen), FO_OK);
    }
    cr_expect_eq(seen.count, 1);
    cr_expect_eq(seen.address, FIRST);
    cr_expect_eq(seen.end, 0xffffffffu);
    cr_expect_str_eq(seen.status, "ACTIVE");
}

/* Promise 1: what one client was given is nobody else's, also before the report is processed. */
Test(door, an_address_that_was_reported_is_not_chosen_again)
{
    uint8_t hw[7];
    struct fo_client_key client = key_of(1, hw);
    fo_ipv4_t address = 0;

    cr_assert_eq(report_grant(alpha, 1, FIRST, (uint32_t)time(NULL) + 3600, 1), FO_OK);
    cr_expect_eq(fo_may_give(alpha, FIRST, &client, why, sizeof why), FO_SERVE);
    client = key_of(2, hw);
    cr_expect_eq(fo_may_give(alpha, FIRST, &client, why, sizeof why), FO_REFUSE);
    cr_assert_eq(fo_choose(alpha, SUBNET, &client, FIRST, 0, &address), FO_OK);
    cr_expect_neq(address, FIRST);
}

/* --- while it runs ---------------------------------------------------------------------------- */

Test(door, set_up_works_while_the_thread_runs)
{
    const struct fo_range_text range = {"10.5.0.1", "10.5.0.9"};

    start_pair();
    wait_for_normal();
    cr_expect_eq(fo_scope_set(alpha, "10.5.0.0", "255.255.255.0", &range, 1, why, sizeof why),
                 FO_OK, "%s", why);
    cr_expect_eq(fo_relationship_remove(alpha, "pair"), FO_OK);
    for (int i = 0; i < 1000 && in_state(beta, "NORMAL"); i++)
        wait_a_moment();
    cr_expect(in_state(beta, "COMMUNICATIONS-INTERRUPTED"));
}

Test(door, closing_one_engine_interrupts_the_other_at_once)
{
    start_pair();
    wait_for_normal();
    fo_close(beta);
    beta = NULL;
    for (int i = 0; i < 1000 && in_state(alpha, "NORMAL"); i++)
        wait_a_moment();
    cr_expect(in_state(alpha, "COMMUNICATIONS-INTERRUPTED"));
    cr_expect_eq(fo_partner_down(alpha, "pair", why, sizeof why), FO_OK, "%s", why);
    cr_expect(in_state(alpha, "PARTNER-DOWN"));
}
