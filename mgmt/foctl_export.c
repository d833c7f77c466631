/* The partner's side of a relationship, for dhcpd.conf. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mgmt/foctl_pair.h"
#include "mgmt/ranges.h"
#include "state/relationship.h"

#define DHCPD_MAX_UNACKED 10 /* enough: dhcpd acknowledges in bunches of half as many */

/* dhcpd counts buckets from the first on (split), or wants a map (hba): a set bit is the primary's
 * in both, and in ours. */
static void print_buckets(const Mgmt__Relationship *m)
{
    struct fo_buckets buckets, split;
    unsigned count;

    if (m->buckets.len == sizeof buckets.map)
        memcpy(buckets.map, m->buckets.data, sizeof buckets.map);
    else if (m->mode == FO_MODE_HOT_STANDBY)
        buckets = fo_load_balance_split(FO_BUCKETS);
    else
        buckets = fo_load_balance_percent(m->percentage);
    count = fo_load_balance_count(&buckets);
    split = fo_load_balance_split(count);
    if (memcmp(&buckets, &split, sizeof buckets) == 0) {
        (void)printf("    split %u;\n", count);
        return;
    }
    (void)printf("    hba ");
    for (size_t i = 0; i < sizeof buckets.map; i++)
        (void)printf("%02x%s", buckets.map[i],
                     i + 1 == sizeof buckets.map ? ";\n"
                     : i % 16 == 15              ? ":\n        "
                                                 : ":");
}

static void print_peer(const Mgmt__Relationship *m, uint32_t our_port)
{
    bool primary = m->role == FO_ROLE_PRIMARY;
    char ours[FO_IPV4_TEXT], theirs[FO_IPV4_TEXT];

    fo_ipv4_text(primary ? m->primary_server : m->secondary_server, ours);
    fo_ipv4_text(primary ? m->secondary_server : m->primary_server, theirs);
    (void)printf("# for dhcpd.conf of the partner\nfailover peer \"%s\" {\n", m->name);
    (void)printf("    %s;\n    address %s;\n    port %u;\n", primary ? "secondary" : "primary",
                 theirs, m->partner_port != 0 ? m->partner_port : FO_DEFAULT_PORT);
    (void)printf("    peer address %s;\n    peer port %u;\n", ours, our_port);
    (void)printf("    max-response-delay %u;\n    max-unacked-updates %u;\n",
                 m->receive_timer_s != 0 ? m->receive_timer_s : FO_DEFAULT_RECEIVE_TIMER_S,
                 m->max_unacked != 0 ? m->max_unacked : DHCPD_MAX_UNACKED);
    if (!primary) { /* dhcpd takes these on the primary only */
        (void)printf("    mclt %u;\n", m->mclt_s);
        print_buckets(m);
    }
    (void)printf("    load balance max seconds %u;\n}\n",
                 m->load_balance_max_s != 0 ? m->load_balance_max_s : 3);
}

static void print_pool(const Mgmt__Relationship *m, const Mgmt__Scope *scope,
                       const struct fo_ranges *ranges)
{
    char first[FO_IPV4_TEXT], last[FO_IPV4_TEXT];

    (void)printf("subnet %s netmask %s {\n    pool {\n        failover peer \"%s\";\n",
                 fo_ipv4_text(scope->subnet, first), fo_ipv4_text(scope->mask, last), m->name);
    for (size_t i = 0; i < ranges->count; i++)
        (void)printf("        range %s %s;\n", fo_ipv4_text(ranges->list[i].first, first),
                     fo_ipv4_text(ranges->list[i].last, last));
    (void)printf("    }\n}\n");
}

static int print_scope(struct foctl *t, const Mgmt__Relationship *m, fo_ipv4_t subnet)
{
    Mgmt__Subnet which = MGMT__SUBNET__INIT;
    Mgmt__Request q = MGMT__REQUEST__INIT;
    struct fo_ranges ranges = {0};
    Mgmt__Reply *reply;
    int rc;

    which.subnet = subnet;
    q.call_case = MGMT__REQUEST__CALL_SCOPE_GET;
    q.scope_get = &which;
    rc = foctl_ask(t, &q, &reply);
    if (rc != EXIT_DONE)
        return rc;
    if (fo_ranges_of_scope(reply->scope, &ranges) == FO_OK)
        print_pool(m, reply->scope, &ranges);
    else
        rc = foctl_no_memory();
    fo_ranges_fini(&ranges);
    mgmt__reply__free_unpacked(reply, NULL);
    return rc;
}

int foctl_print_dhcpd_conf(struct foctl *t, const Mgmt__Relationship *m)
{
    Mgmt__Nothing nothing = MGMT__NOTHING__INIT;
    Mgmt__Request q = MGMT__REQUEST__INIT;
    Mgmt__Reply *server;
    int rc;

    q.call_case = MGMT__REQUEST__CALL_SERVER_GET;
    q.server_get = &nothing;
    rc = foctl_ask(t, &q, &server);
    if (rc != EXIT_DONE)
        return rc;
    print_peer(m, server->server->failover_port);
    mgmt__reply__free_unpacked(server, NULL);
    for (size_t i = 0; rc == EXIT_DONE && i < m->n_scopes; i++)
        rc = print_scope(t, m, m->scopes[i]);
    return rc;
}

int foctl_relationship_export(struct foctl *t)
{
    static const char *const formats[] = {"dhcpd.conf", NULL};
    const char *format = foctl_arg(&t->args, "format");
    Mgmt__Reply *reply;
    uint32_t which;
    int rc;

    if (format != NULL && foctl_choice("--format", format, formats, &which) != FO_OK)
        return EXIT_USAGE;
    rc = foctl_relationship_get(t, t->args.words[0], &reply);
    if (rc != EXIT_DONE)
        return rc;
    rc = foctl_print_dhcpd_conf(t, reply->relationship);
    mgmt__reply__free_unpacked(reply, NULL);
    return rc;
}
