/* Takes the place of an ISC dhcpd, or of its partner, by what its dhcpd.conf says. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mgmt/dhcpd_conf.h"
#include "mgmt/foctl_pair.h"
#include "mgmt/ranges.h"
#include "state/relationship.h"

struct takeover {
    struct foctl *t;
    const char *file, *name;
    struct fo_dhcpd_conf conf;
    bool as_partner;
    bool *absent; /* by subnet: our server does not have the scope yet */
};

/* --- scopes
 * -----------------------------------------------------------------------------------------------
 */

/* A scope that exists must lease the same addresses: dhcpd refuses updates of any other. */
static int compare_scope(const struct takeover *m, const struct fo_dhcpd_subnet *s,
                         const Mgmt__Scope *scope)
{
    struct fo_ranges ours = {0}, theirs = {0};
    char text[FO_IPV4_TEXT];
    int rc = EXIT_DONE;

    if (fo_ranges_of_scope(scope, &ours) != FO_OK ||
        fo_ranges_of_list(s->ranges, s->range_count, &theirs) != FO_OK)
        rc = foctl_no_memory();
    else if (scope->mask != s->mask || !fo_ranges_equal(&ours, &theirs))
        rc = foctl_fail_code(EXIT_REFUSED, ERROR_DHCP_SUBNET_EXISTS,
                             "scope %s exists with other addresses than the pools of '%s' in %s; "
                             "nothing was changed",
                             fo_ipv4_text(s->subnet, text), m->name, m->file);
    fo_ranges_fini(&ours);
    fo_ranges_fini(&theirs);
    return rc;
}

static int look_at_scope(struct takeover *m, size_t index)
{
    const struct fo_dhcpd_subnet *s = &m->conf.subnets[index];
    Mgmt__Subnet which = MGMT__SUBNET__INIT;
    Mgmt__Request q = MGMT__REQUEST__INIT;
    Mgmt__Reply *reply;
    int rc;

    which.subnet = s->subnet;
    q.call_case = MGMT__REQUEST__CALL_SCOPE_GET;
    q.scope_get = &which;
    rc = foctl_ask_at(m->t->client, NULL, true, &q, &reply);
    if (rc == EXIT_UNREACHABLE)
        return rc;
    m->absent[index] = rc == EXIT_REFUSED && reply->code == ERROR_DHCP_SUBNET_NOT_PRESENT;
    if (m->absent[index])
        rc = EXIT_DONE;
    else if (rc == EXIT_REFUSED)
        (void)foctl_refused(NULL, reply);
    else
        rc = compare_scope(m, s, reply->scope);
    mgmt__reply__free_unpacked(reply, NULL);
    return rc;
}

static int create_scope(struct takeover *m, const struct fo_dhcpd_subnet *s)
{
    Mgmt__Scope scope = MGMT__SCOPE__INIT;
    Mgmt__Request q = MGMT__REQUEST__INIT;
    struct fo_ranges joined = {0};
    Mgmt__Range *ranges = NULL, **list = NULL;
    int rc =
        fo_ranges_of_list(s->ranges, s->range_count, &joined) == FO_OK ? EXIT_DONE : EXIT_REFUSED;

    ranges = calloc(joined.count + 1, sizeof *ranges);
    list = calloc(joined.count + 1, sizeof(Mgmt__Range *));
    if (rc != EXIT_DONE || ranges == NULL || list == NULL)
        rc = foctl_no_memory();
    for (size_t i = 0; rc == EXIT_DONE && i < joined.count; i++) {
        mgmt__range__init(&ranges[i]);
        ranges[i].first = joined.list[i].first;
        ranges[i].last = joined.list[i].last;
        list[i] = &ranges[i];
    }
    scope.subnet = s->subnet;
    scope.mask = s->mask;
    scope.ranges = list;
    scope.n_ranges = joined.count;
    q.call_case = MGMT__REQUEST__CALL_SCOPE_CREATE;
    q.scope_create = &scope;
    if (rc == EXIT_DONE)
        rc = foctl_do(m->t, &q);
    free(list);
    free(ranges);
    fo_ranges_fini(&joined);
    return rc;
}

/* What was made for a relationship that then could not be made. */
static void delete_scopes(struct takeover *m, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        Mgmt__ScopeDelete which = MGMT__SCOPE_DELETE__INIT;
        Mgmt__Request q = MGMT__REQUEST__INIT;
        if (!m->absent[i])
            continue;
        which.subnet = m->conf.subnets[i].subnet;
        q.call_case = MGMT__REQUEST__CALL_SCOPE_DELETE;
        q.scope_delete = &which;
        (void)!foctl_do(m->t, &q);
    }
}

/* --- the relationship
 * ------------------------------------------------------------------------------------- */

/* A secondary's file does not tell what only the primary decides. */
static int take_primarys_facts(struct takeover *m, Mgmt__Relationship *out,
                               struct fo_buckets *buckets)
{
    const struct fo_dhcpd_peer *peer = &m->conf.peer;
    const char *mclt = foctl_arg(&m->t->args, "mclt"), *split = foctl_arg(&m->t->args, "split");
    bool has_buckets = peer->has_buckets || split != NULL;
    uint32_t n;

    out->mclt_s = peer->mclt_s;
    *buckets = peer->buckets;
    if (mclt != NULL && foctl_seconds("--mclt", mclt, &out->mclt_s) != FO_OK)
        return EXIT_USAGE;
    if (split != NULL) {
        if (foctl_number("--split", split, FO_BUCKETS, &n) != FO_OK)
            return EXIT_USAGE;
        *buckets = fo_load_balance_split(n);
    }
    if (out->role == FO_ROLE_PRIMARY && (out->mclt_s == 0 || !has_buckets))
        return foctl_fail(EXIT_USAGE,
                          "%s is of a secondary and does not tell what its primary decides; give "
                          "--mclt and --split",
                          m->file);
    if (out->mclt_s == 0) {
        out->mclt_s = FO_DEFAULT_MCLT_S; /* the primary tells the right one (§7.8) */
        if (out->lost_storage)
            (void)fprintf(stderr,
                          "foctl: a secondary's file does not tell the MCLT; recovery waits %u s "
                          "unless --mclt says what the pair has used\n",
                          out->mclt_s);
    }
    out->percentage = 50;
    if (has_buckets)
        out->buckets = (ProtobufCBinaryData){sizeof buckets->map, buckets->map};
    return EXIT_DONE;
}

static int describe(struct takeover *m, fo_ipv4_t *scopes, struct fo_buckets *buckets,
                    Mgmt__Relationship *out)
{
    const struct fo_dhcpd_peer *peer = &m->conf.peer;
    bool primary = (peer->role == FO_ROLE_PRIMARY) != m->as_partner;
    fo_ipv4_t ours = m->as_partner ? peer->peer_address : peer->address;
    fo_ipv4_t theirs = m->as_partner ? peer->address : peer->peer_address;

    out->name = foctl_unconst(m->name);
    out->role = primary ? FO_ROLE_PRIMARY : FO_ROLE_SECONDARY;
    out->primary_server = primary ? ours : theirs;
    out->secondary_server = primary ? theirs : ours;
    out->partner_port = m->as_partner ? peer->port : peer->peer_port;
    out->receive_timer_s = peer->max_response_delay_s;
    out->max_unacked = peer->max_unacked;
    out->load_balance_max_s = peer->load_balance_max_s;
    out->safe_period_s = peer->auto_partner_down_s;
    out->dialect = foctl_unconst("isc");
    out->tls = FO_TLS_OFF;
    out->lost_storage = foctl_has(&m->t->args, "lost-storage");
    for (size_t i = 0; i < m->conf.subnet_count; i++)
        scopes[i] = m->conf.subnets[i].subnet;
    out->scopes = scopes;
    out->n_scopes = m->conf.subnet_count;
    return take_primarys_facts(m, out, buckets);
}

/* The partner calls the port that stands in its own file. */
static int compare_ports(const struct takeover *m)
{
    uint16_t expected = m->as_partner ? m->conf.peer.peer_port : m->conf.peer.port;
    Mgmt__Nothing nothing = MGMT__NOTHING__INIT;
    Mgmt__Request q = MGMT__REQUEST__INIT;
    Mgmt__Reply *reply;
    int rc;

    q.call_case = MGMT__REQUEST__CALL_SERVER_GET;
    q.server_get = &nothing;
    rc = foctl_ask(m->t, &q, &reply);
    if (rc != EXIT_DONE)
        return rc;
    if (reply->server->failover_port != expected)
        (void)fprintf(stderr,
                      "foctl: the partner expects port %u, and this server listens on %u: change "
                      "failover.listen here, or 'peer port' there\n",
                      expected, reply->server->failover_port);
    mgmt__reply__free_unpacked(reply, NULL);
    return EXIT_DONE;
}

static void print_summary(const struct takeover *m, const Mgmt__Relationship *r)
{
    struct foctl_sheet *card = foctl_card_new();
    bool primary = r->role == FO_ROLE_PRIMARY;
    uint64_t made = 0;

    for (size_t i = 0; i < m->conf.subnet_count; i++)
        made += m->absent[i] ? 1 : 0;
    foctl_put_text(card, "name", "NAME", r->name);
    foctl_put_text(card, "role", "ROLE", primary ? "primary" : "secondary");
    foctl_put_address(card, "local", "LOCAL", primary ? r->primary_server : r->secondary_server);
    foctl_put_address(card, "partner", "PARTNER",
                      primary ? r->secondary_server : r->primary_server);
    foctl_put_number(card, "partner_port", "PARTNER-PORT", r->partner_port);
    foctl_put_number(card, "scopes", "SCOPES", r->n_scopes);
    foctl_put_number(card, "scopes_created", "CREATED", made);
    foctl_print(m->t, card);
}

/* Scopes and relationship, or neither. */
static int make(struct takeover *m, Mgmt__Relationship *r)
{
    size_t made = 0;
    int rc = foctl_connect(m->t);

    for (size_t i = 0; rc == EXIT_DONE && i < m->conf.subnet_count; i++)
        rc = look_at_scope(m, i);
    if (rc == EXIT_DONE)
        rc = compare_ports(m);
    for (; rc == EXIT_DONE && made < m->conf.subnet_count; made++) {
        if (m->absent[made])
            rc = create_scope(m, &m->conf.subnets[made]);
        if (rc != EXIT_DONE)
            break;
    }
    if (rc == EXIT_DONE)
        rc = foctl_relationship_create_here(m->t, r);
    if (rc == EXIT_DONE && !m->t->what_if)
        print_summary(m, r);
    else if (rc != EXIT_DONE)
        delete_scopes(m, made);
    return rc;
}

int foctl_relationship_import(struct foctl *t)
{
    struct takeover m = {.t = t, .file = t->args.words[0], .name = t->args.words[1]};
    Mgmt__Relationship r = MGMT__RELATIONSHIP__INIT;
    struct fo_buckets buckets;
    char why[FO_DHCPD_WHY_MAX] = "out of memory";
    fo_ipv4_t *scopes;
    int rc;

    m.as_partner = foctl_has(&t->args, "as-partner");
    if (fo_dhcpd_conf_read(m.file, m.name, &m.conf, why) != FO_OK)
        return foctl_fail(EXIT_USAGE, "%s", why);
    if (m.conf.left_out != 0)
        (void)fprintf(stderr,
                      "foctl: %zu ranges of these subnets are in no pool of '%s' and are left "
                      "out\n",
                      m.conf.left_out, m.name);
    m.absent = calloc(m.conf.subnet_count, sizeof *m.absent);
    scopes = calloc(m.conf.subnet_count, sizeof *scopes);
    if (m.absent == NULL || scopes == NULL)
        rc = foctl_no_memory();
    else
        rc = describe(&m, scopes, &buckets, &r);
    if (rc == EXIT_DONE)
        rc = make(&m, &r);
    free(scopes);
    free(m.absent);
    fo_dhcpd_conf_free(&m.conf);
    return rc;
}
