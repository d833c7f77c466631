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
static void print_buckets(FILE *out, const Mgmt__Relationship *m)
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
        (void)fprintf(out, "    split %u;\n", count);
        return;
    }
    (void)fprintf(out, "    hba ");
    for (size_t i = 0; i < sizeof buckets.map; i++)
        (void)fprintf(out, "%02x%s", buckets.map[i],
                      i + 1 == sizeof buckets.map ? ";\n"
                      : i % 16 == 15              ? ":\n        "
                                                  : ":");
}

static void print_peer(FILE *out, const Mgmt__Relationship *m, uint32_t our_port)
{
    bool primary = m->role == FO_ROLE_PRIMARY;
    char ours[FO_IPV4_TEXT], theirs[FO_IPV4_TEXT];

    fo_ipv4_text(primary ? m->primary_server : m->secondary_server, ours);
    fo_ipv4_text(primary ? m->secondary_server : m->primary_server, theirs);
    (void)fprintf(out, "# for dhcpd.conf of the partner\nfailover peer \"%s\" {\n", m->name);
    (void)fprintf(out, "    %s;\n    address %s;\n    port %u;\n",
                  primary ? "secondary" : "primary", theirs,
                  m->partner_port != 0 ? m->partner_port : FO_DEFAULT_PORT);
    (void)fprintf(out, "    peer address %s;\n    peer port %u;\n", ours, our_port);
    (void)fprintf(out, "    max-response-delay %u;\n    max-unacked-updates %u;\n",
                  m->receive_timer_s != 0 ? m->receive_timer_s : FO_DEFAULT_RECEIVE_TIMER_S,
                  m->max_unacked != 0 ? m->max_unacked : DHCPD_MAX_UNACKED);
    if (!primary) { /* dhcpd takes these on the primary only */
        (void)fprintf(out, "    mclt %u;\n", m->mclt_s);
        print_buckets(out, m);
    }
    (void)fprintf(out, "    load balance max seconds %u;\n}\n",
                  m->load_balance_max_s != 0 ? m->load_balance_max_s : 3);
}

static void print_pool(FILE *out, const Mgmt__Relationship *m, const Mgmt__Scope *scope,
                       const struct fo_ranges *ranges)
{
    char first[FO_IPV4_TEXT], last[FO_IPV4_TEXT];

    (void)fprintf(out, "subnet %s netmask %s {\n    pool {\n        failover peer \"%s\";\n",
                  fo_ipv4_text(scope->subnet, first), fo_ipv4_text(scope->mask, last), m->name);
    for (size_t i = 0; i < ranges->count; i++)
        (void)fprintf(out, "        range %s %s;\n", fo_ipv4_text(ranges->list[i].first, first),
                      fo_ipv4_text(ranges->list[i].last, last));
    (void)fprintf(out, "    }\n}\n");
}

static int print_scope(struct foctl *t, FILE *out, const Mgmt__Relationship *m, fo_ipv4_t subnet)
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
        print_pool(out, m, reply->scope, &ranges);
    else
        rc = foctl_no_memory();
    fo_ranges_fini(&ranges);
    mgmt__reply__free_unpacked(reply, NULL);
    return rc;
}

static int print_all(struct foctl *t, FILE *out, const Mgmt__Relationship *m)
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
    print_peer(out, m, server->server->failover_port);
    mgmt__reply__free_unpacked(server, NULL);
    for (size_t i = 0; rc == EXIT_DONE && i < m->n_scopes; i++)
        rc = print_scope(t, out, m, m->scopes[i]);
    return rc;
}

int foctl_print_dhcpd_conf(struct foctl *t, const Mgmt__Relationship *m)
{
    char *text = NULL;
    size_t length;
    FILE *out = t->json ? open_memstream(&text, &length) : stdout;
    struct foctl_sheet *card;
    int rc;

    if (out == NULL)
        return foctl_no_memory();
    rc = print_all(t, out, m);
    if (!t->json)
        return rc;
    if (fclose(out) != 0)
        rc = foctl_no_memory();
    if (rc == EXIT_DONE) {
        card = foctl_card_new();
        foctl_put_text(card, "name", NULL, m->name);
        foctl_put_text(card, "format", NULL, "dhcpd.conf");
        foctl_put_text(card, "text", NULL, text);
        foctl_print(t, card);
    }
    free(text);
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
