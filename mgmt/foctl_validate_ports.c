/* Whether each of the two servers reaches the other, and whose certificates they show. */
#include <stdio.h>
#include <string.h>

#include "mgmt/foctl_validate.h"
#include "state/relationship.h"

/* --- ports, and who shows which certificate --------------------------------------------------- */

static int probe(struct foctl_flight *f, struct fo_mgmt_client *c, const char *server,
                 const char *check, Mgmt__Probe *m, uint32_t code)
{
    Mgmt__Request q = MGMT__REQUEST__INIT;
    Mgmt__Reply *reply;
    int rc;

    q.call_case = MGMT__REQUEST__CALL_PROBE;
    q.probe = m;
    rc = foctl_ask_at(c, server, true, &q, &reply);
    if (rc == EXIT_UNREACHABLE)
        return rc;
    if (rc == EXIT_REFUSED)
        foctl_flight_row(f, check, server, FOCTL_SKIPPED, reply->code, reply->sentence, "");
    else if (reply->probed->reached)
        foctl_flight_pass(f, check, server, "");
    else
        foctl_flight_fail(f, check, server, code, reply->probed->why);
    mgmt__reply__free_unpacked(reply, NULL);
    return EXIT_DONE;
}

static int probe_port(struct foctl_flight *f, struct fo_mgmt_client *c, const char *server,
                      fo_ipv4_t address, uint32_t port)
{
    Mgmt__Probe m = MGMT__PROBE__INIT;

    m.address = address;
    m.port = port;
    return probe(f, c, server, "failover port", &m, ERROR_DHCP_SERVER_NOT_REACHABLE);
}

static int probe_management(struct foctl_flight *f, struct fo_mgmt_client *c, const char *server,
                            const char *where)
{
    Mgmt__Probe m = MGMT__PROBE__INIT;

    m.management = foctl_unconst(where);
    return probe(f, c, server, "management", &m, ERROR_DHCP_SERVER_NOT_REACHABLE);
}

int foctl_validate_ports(struct foctl_flight *f)
{
    const Mgmt__Relationship *m = f->ours;
    fo_ipv4_t local = foctl_relationship_local(m);
    fo_ipv4_t remote = foctl_relationship_local(&f->theirs);
    bool both = foctl_flight_both(f, "failover port");
    int rc;

    both = foctl_flight_both(f, "management") && both;
    if (!both)
        return EXIT_DONE;
    rc =
        probe_port(f, f->pair.a, "this server", remote,
                   m->partner_port != 0 ? m->partner_port : f->pair.about_b->server->failover_port);
    if (rc == EXIT_DONE)
        rc = probe_port(f, f->pair.b, "the partner", local, f->pair.about_a->server->failover_port);
    if (rc == EXIT_DONE)
        rc = probe_management(f, f->pair.a, "this server", f->partner);
    if (rc == EXIT_DONE && foctl_pair_name_decider(&f->pair, local) == EXIT_DONE)
        rc = probe_management(f, f->pair.b, "the partner", f->pair.decider);
    return rc;
}

static void check_certificate(struct foctl_flight *f, const char *server, const Mgmt__Server *about,
                              const char *name, fo_ipv4_t address)
{
    char wanted[300], text[FO_IPV4_TEXT], why[700];

    (void)snprintf(wanted, sizeof wanted, "%s%s", name[0] != '\0' ? "DNS:" : "IP:",
                   name[0] != '\0' ? name : fo_ipv4_text(address, text));
    if (about->certificate[0] == '\0') {
        foctl_flight_row(
            f, "certificate", server, FOCTL_FAILED, ERROR_INVALID_PARAMETER,
            "the server has none, and the link is to be inside TLS",
            "give it one: tls { } in fod.conf (see certs/README.md), or take --tls off");
    } else if (!foctl_pair_certified(about, wanted)) {
        (void)snprintf(why, sizeof why, "it is for %.250s, expected %.250s", about->certificate,
                       wanted);
        foctl_flight_row(f, "certificate", server, FOCTL_FAILED, ERROR_INVALID_PARAMETER, why,
                         "name the server as its certificate does (--local-name, --partner-name)");
    } else if (about->certificate_until <= about->time) {
        (void)snprintf(why, sizeof why, "it ended at %s",
                       foctl_time_text(about->certificate_until, wanted));
        foctl_flight_row(f, "certificate", server, FOCTL_FAILED, ERROR_INVALID_PARAMETER, why,
                         "renew it");
    } else {
        foctl_flight_pass(f, "certificate", server, about->certificate);
    }
}

int foctl_validate_certificates(struct foctl_flight *f)
{
    const Mgmt__Relationship *m = f->ours;
    bool primary = m->role == FO_ROLE_PRIMARY;

    if (m->tls == FO_TLS_OFF) {
        foctl_flight_pass(f, "certificate", FOCTL_BOTH, "not needed: --tls off");
        return EXIT_DONE;
    }
    if (f->pair.about_a != NULL)
        check_certificate(f, "this server", f->pair.about_a->server,
                          primary ? m->primary_server_name : m->secondary_server_name,
                          foctl_relationship_local(m));
    if (!foctl_flight_both(f, "certificate"))
        return EXIT_DONE;
    check_certificate(f, "the partner", f->pair.about_b->server,
                      primary ? m->secondary_server_name : m->primary_server_name,
                      primary ? m->secondary_server : m->primary_server);
    return EXIT_DONE;
}
