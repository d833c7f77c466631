#include "mgmt/lease_change.h"

#include <string.h>

#include "proto/win32.h"

/* --- notes ------------------------------------------------------------------------------------ */

static uint32_t take_text(struct fo_call *c, const char *what, const char *text, char *out,
                          size_t most, long most_units)
{
    size_t length = strlen(text);
    long units = fo_utf16_units(text);

    if (units < 0)
        return fo_call_refuse(c, ERROR_INVALID_PARAMETER, "%s is not UTF-8.", what);
    if (length > most || units > most_units)
        return fo_call_refuse(
            c, ERROR_INVALID_PARAMETER,
            "%s has %ld characters in %zu bytes; at most %ld and %zu are possible.", what, units,
            length, most_units, most);
    memcpy(out, text, length + 1);
    return ERROR_SUCCESS;
}

uint32_t fo_lease_take_note(struct fo_call *c, const Mgmt__Lease *m, struct fo_lease_note *out)
{
    uint32_t code =
        take_text(c, "The client's name", m->name, out->name, FO_LEASE_NAME_MAX, FO_LEASE_NAME_MAX);

    if (code == ERROR_SUCCESS)
        code = take_text(c, "The comment", m->comment, out->comment, FO_LEASE_COMMENT_MAX,
                         FO_LEASE_COMMENT_UNITS);
    if (code == ERROR_SUCCESS)
        code = take_text(c, "The policy's name", m->policy, out->policy, FO_LEASE_POLICY_MAX,
                         FO_LEASE_POLICY_UNITS);
    if (m->owner_address != 0)
        out->owner_address = m->owner_address;
    return code;
}

static bool says_nothing(const struct fo_lease_note *note)
{
    return note->name[0] == '\0' && note->comment[0] == '\0' && note->policy[0] == '\0' &&
           note->client_type == 0 && note->owner_address == 0 &&
           (note->address_state == FO_LEASE_STATE_ACTIVE ||
            note->address_state == FO_LEASE_STATE_DECLINED);
}

void fo_lease_write_note(struct fo_call *c, fo_ipv4_t address, const struct fo_client *client,
                         const struct fo_lease_note *note)
{
    if (c->err == FO_OK)
        c->err = says_nothing(note) ? fo_lease_note_forget(c->store, address)
                                    : fo_lease_note_put(c->store, address, client, note);
}

/* --- what the relationship allows ------------------------------------------------------------- */

/* NULL: none. */
static const struct fo_relationship *relationship_of(struct fo_call *c, fo_ipv4_t address,
                                                     struct fo_endpoint_status *out_status)
{
    const struct fo_relationship *r = fo_server_relationship_numbered(
        c->server, fo_lease_db_owner(fo_server_leases(c->server), address));

    if (r == NULL || fo_server_status(c->server, r->name, c->now, out_status) != FO_OK)
        return NULL;
    return r;
}

static uint32_t not_in_this_state(struct fo_call *c, const struct fo_endpoint_status *status,
                                  const char *what)
{
    return fo_call_refuse(c, ERROR_DHCP_FO_STATE_NOT_NORMAL,
                          "Relationship \"%s\" is in %s, where no lease is %s (%s).",
                          status->relationship, fo_state_name(status->state), what,
                          status->state_exit);
}

/* Where the lease can be made instead. */
static uint32_t partners(struct fo_call *c, const struct fo_relationship *r, fo_ipv4_t address)
{
    bool primary = r->role == FO_ROLE_PRIMARY;
    const char *name = primary ? r->secondary_server_name : r->primary_server_name;
    char text[FO_IPV4_TEXT], server[FO_IPV4_TEXT];

    return fo_call_refuse(
        c, ERROR_DHCP_ADDRESS_NOT_AVAILABLE,
        "Address %s belongs to the partner: make the lease at that server, %s%s(%s).",
        fo_ipv4_text(address, text), name, name[0] != '\0' ? " " : "",
        fo_ipv4_text(primary ? r->secondary_server : r->primary_server, server));
}

uint32_t fo_lease_check_may_give(struct fo_call *c, fo_ipv4_t address,
                                 const struct fo_client *client)
{
    struct fo_endpoint_status status;
    const struct fo_relationship *r;
    struct fo_binding b;
    enum fo_answer answer =
        fo_server_may_give(c->server, address, client, c->now, c->why, sizeof c->why);

    if (answer == FO_ANSWER_SERVE)
        return ERROR_SUCCESS;
    r = relationship_of(c, address, &status);
    if (answer == FO_ANSWER_REFUSE || r == NULL ||
        fo_lease_db_get(fo_server_leases(c->server), address, &b) != FO_OK)
        return ERROR_DHCP_ADDRESS_NOT_AVAILABLE;
    if (b.status == FO_STATUS_ACTIVE)
        return not_in_this_state(c, &status, "renewed");
    if (b.status == fo_binding_available_status(r->role) && status.state != FO_STATE_NORMAL)
        return not_in_this_state(c, &status, "given");
    if ((b.status == FO_STATUS_FREE || b.status == FO_STATUS_BACKUP) &&
        status.state != FO_STATE_PARTNER_DOWN)
        return partners(c, r, address);
    return ERROR_DHCP_ADDRESS_NOT_AVAILABLE;
}

uint32_t fo_lease_check_may_end(struct fo_call *c, fo_ipv4_t address)
{
    struct fo_endpoint_status status;

    if (relationship_of(c, address, &status) == NULL || fo_service_of(status.state)->answers_renew)
        return ERROR_SUCCESS;
    return not_in_this_state(c, &status, "ended");
}

/* --- reports ---------------------------------------------------------------------------------- */

static void report(struct fo_call *c, const struct fo_report *r)
{
    struct fo_event event = {.kind = FO_EVENT_REPORT, .now = c->now, .report = *r};

    if (c->err == FO_OK)
        c->err = fo_server_step(c->server, &event, c->out);
}

void fo_lease_report_to(struct fo_call *c, enum fo_report_kind kind, fo_ipv4_t address,
                        const struct fo_client *client)
{
    report(c, &(struct fo_report){.kind = kind, .address = address, .client = *client});
}

/* Draft §5.2.1: a lease is only ever shortened. What was asked for is reached by renewals that the
 * server makes itself, since no client will. */
void fo_lease_grant(struct fo_call *c, const Mgmt__Lease *m, const struct fo_client *client,
                    uint8_t flags)
{
    struct fo_report r = {.kind = FO_REPORT_GRANT,
                          .address = m->address,
                          .client = *client,
                          .flags = flags | FO_BINDING_EXTEND,
                          .by_operator = true};
    uint32_t allowed;

    if (m->expires == 0 || m->expires >= FO_UTC_INFINITE)
        r.desired_s = FO_LEASE_INFINITE_S;
    else
        r.desired_s = m->expires > c->now.utc.s ? m->expires - c->now.utc.s : 0;
    allowed = fo_server_lease_time(c->server, m->address, client, r.desired_s, c->now);
    r.lease_end =
        allowed == FO_LEASE_INFINITE_S ? fo_utc(FO_UTC_INFINITE) : fo_utc_add(c->now.utc, allowed);
    /* A lease that is over already is stored as it is. */
    if (r.desired_s == 0) {
        r.lease_end = fo_utc(m->expires);
        r.flags = flags;
    }
    report(c, &r);
}

uint32_t fo_lease_answer(struct fo_call *c, fo_ipv4_t address)
{
    struct fo_binding b;

    if (c->err != FO_OK)
        return fo_call_code_of(c->err);
    if (fo_lease_db_get(fo_server_leases(c->server), address, &b) != FO_OK)
        return ERROR_SUCCESS;
    c->reply.lease = fo_message_of_lease(c, &b);
    if (c->reply.lease != NULL)
        c->reply.result_case = MGMT__REPLY__RESULT_LEASE;
    return ERROR_SUCCESS;
}
