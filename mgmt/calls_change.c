/* The server's half of a change over two servers; change.h tells how they end alike. */
#include <string.h>

#include "mgmt/change.h"
#include "mgmt/message.h"
#include "proto/win32.h"

#define FAILURES_MAX 512 /* reported of one prepare: 400 scopes and the other checks */

static uint32_t answer(struct fo_call *c, Mgmt__Outcome outcome)
{
    Mgmt__ChangeOutcome *m = fo_call_alloc(c, sizeof *m);

    if (m == NULL)
        return fo_call_no_memory(c);
    mgmt__change_outcome__init(m);
    m->outcome = outcome;
    c->reply.result_case = MGMT__REPLY__RESULT_CHANGE;
    c->reply.change = m;
    return ERROR_SUCCESS;
}

/* --- prepare: everything that could fail later, all of it
 * -------------------------------------------- */

struct rehearsal {
    struct fo_call *call;
    const Mgmt__Change *body;
    uint32_t first; /* code of the first failure */
};

static void fail(struct rehearsal *r, uint32_t code, const char *sentence)
{
    Mgmt__ChangeOutcome *m = r->call->reply.change;
    Mgmt__Check *check;

    if (r->first == ERROR_SUCCESS) {
        r->first = code;
        (void)fo_call_refuse(r->call, code, "%s", sentence);
    }
    if (m->n_failures == FAILURES_MAX)
        return;
    check = fo_call_alloc(r->call, sizeof *check);
    if (check == NULL)
        return;
    mgmt__check__init(check);
    check->code = code;
    check->sentence = fo_call_text(r->call, sentence);
    if (check->sentence != NULL)
        m->failures[m->n_failures++] = check;
}

static bool brings_scope(const Mgmt__Change *body, fo_ipv4_t subnet)
{
    for (size_t i = 0; i < body->n_scopes; i++) {
        if (body->scopes[i]->subnet == subnet)
            return true;
    }
    return false;
}

static void rehearse_scopes(struct rehearsal *r)
{
    const struct fo_lease_db *db = fo_server_leases(r->call->server);
    char why[256];

    for (size_t i = 0; i < r->body->n_scopes; i++) {
        const Mgmt__Scope *m = r->body->scopes[i];
        struct fo_scope scope;
        uint32_t code = fo_message_to_scope(m, &scope, why, sizeof why);
        for (size_t k = 0; code == ERROR_SUCCESS && k < fo_lease_db_scope_count(db); k++) {
            const struct fo_scope *there = fo_lease_db_scope_at(db, k);
            if (fo_scope_contains(there, m->subnet) || fo_scope_contains(&scope, there->subnet))
                code = fo_message_refuse(ERROR_DHCP_SUBNET_EXISTS, why, sizeof why,
                                         "A scope to be copied overlaps one of this server.");
        }
        if (code == ERROR_SUCCESS && fo_scope_has_bootp_only(&scope))
            code = fo_message_refuse(ERROR_INVALID_PARAMETER, why, sizeof why,
                                     "A scope to be copied has a range for BOOTP alone.");
        if (code != ERROR_SUCCESS)
            fail(r, code, why);
        fo_scope_fini(&scope);
    }
}

static void refuse_unknown_scope(struct rehearsal *r, fo_ipv4_t subnet)
{
    char text[FO_IPV4_TEXT], why[96];

    if (fo_lease_db_scope(fo_server_leases(r->call->server), subnet) != NULL ||
        brings_scope(r->body, subnet))
        return;
    fail(r,
         fo_message_refuse(ERROR_DHCP_SUBNET_NOT_PRESENT, why, sizeof why,
                           "There is no scope %s on this server.", fo_ipv4_text(subnet, text)),
         why);
}

/* The rules do not know of the scopes that the change brings along; refuse_unknown_scope does. */
static void heard_of_create(void *context, uint32_t code, const char *sentence)
{
    if (code != ERROR_DHCP_SUBNET_NOT_PRESENT)
        fail(context, code, sentence);
}

static void rehearse_create(struct rehearsal *r)
{
    const Mgmt__Relationship *m = r->body->create;
    struct fo_check_sink sink = {heard_of_create, r};
    struct fo_relationship relationship;
    char why[256] = "";
    uint32_t code = fo_message_to_relationship(m, &relationship, why, sizeof why);

    if (code != ERROR_SUCCESS) {
        fail(r, code, why);
    } else {
        for (size_t i = 0; i < m->n_scopes; i++)
            refuse_unknown_scope(r, m->scopes[i]);
        code = fo_changes_check_create(r->call->facts->changes, &relationship, why, sizeof why);
        if (code != ERROR_SUCCESS)
            fail(r, code, why);
        (void)fo_server_relationship_validate(r->call->server, &relationship, &sink, NULL, 0);
    }
    fo_relationship_fini(&relationship);
}

static void rehearse_add(struct rehearsal *r)
{
    const Mgmt__RelationshipScopes *m = r->body->add_scopes;
    char why[256] = "";
    fo_ipv4_t known[FO_SCOPES_PER_CALL_MAX];
    size_t count = 0;
    uint32_t code;

    if (m->n_scopes > FO_SCOPES_PER_CALL_MAX) {
        fail(r, ERROR_DHCP_FO_MAX_ADD_SCOPES, "More than 400 scopes are named in one call.");
        return;
    }
    for (size_t i = 0; i < m->n_scopes; i++) {
        refuse_unknown_scope(r, m->scopes[i]);
        if (!brings_scope(r->body, m->scopes[i]))
            known[count++] = m->scopes[i];
    }
    code =
        fo_server_relationship_check_add(r->call->server, m->name, known, count, why, sizeof why);
    if (code != ERROR_SUCCESS && count != 0)
        fail(r, code, why);
    if (fo_server_relationship_find(r->call->server, m->name) == NULL && count == 0)
        fail(r, ERROR_DHCP_FO_RELATIONSHIP_DOES_NOT_EXIST, "There is no such relationship.");
}

static void rehearse_rest(struct rehearsal *r)
{
    struct fo_call *c = r->call;
    char why[256] = "";
    uint32_t code = ERROR_SUCCESS;

    switch (r->body->change_case) {
    case MGMT__CHANGE__CHANGE_SET:
        code = fo_relationship_apply_set(c, r->body->set, true);
        memcpy(why, c->why, sizeof why - 1);
        break;
    case MGMT__CHANGE__CHANGE_REMOVE:
        if (fo_server_relationship_find(c->server, r->body->remove->name) == NULL)
            code = fo_message_refuse(ERROR_DHCP_FO_RELATIONSHIP_DOES_NOT_EXIST, why, sizeof why,
                                     "There is no relationship '%.130s' on this server.",
                                     r->body->remove->name);
        break;
    case MGMT__CHANGE__CHANGE_REMOVE_SCOPES:
        code = fo_server_relationship_check_remove(
            c->server, r->body->remove_scopes->name, r->body->remove_scopes->scopes,
            r->body->remove_scopes->n_scopes, why, sizeof why);
        break;
    default:
        break;
    }
    if (code != ERROR_SUCCESS)
        fail(r, code, why);
}

static void rehearse(struct rehearsal *r)
{
    char why[256] = "";

    if (r->body->change_case != MGMT__CHANGE__CHANGE_CREATE &&
        fo_changes_check(r->call->facts->changes, fo_change_name(r->body), NULL, 0, why,
                         sizeof why) != ERROR_SUCCESS)
        fail(r, ERROR_BUSY, why);
    rehearse_scopes(r);
    if (r->body->change_case == MGMT__CHANGE__CHANGE_CREATE)
        rehearse_create(r);
    else if (r->body->change_case == MGMT__CHANGE__CHANGE_ADD_SCOPES)
        rehearse_add(r);
    else
        rehearse_rest(r);
}

static uint32_t check_change(struct fo_call *c, const Mgmt__Change *body)
{
    if (body->id.len != FO_CHANGE_ID_BYTES)
        return fo_call_refuse(c, ERROR_INVALID_PARAMETER,
                              "The id of a change has %d bytes, not %zu.", FO_CHANGE_ID_BYTES,
                              body->id.len);
    if (strlen(body->decider) > FO_CHANGE_DECIDER_MAX)
        return fo_call_refuse(c, ERROR_INVALID_PARAMETER,
                              "The address of the deciding server is longer than %d bytes.",
                              FO_CHANGE_DECIDER_MAX);
    if (mgmt__change__get_packed_size(body) > FO_CHANGE_BYTES_MAX)
        return fo_call_refuse(c, ERROR_INVALID_PARAMETER,
                              "The change is larger than %u bytes; copy its scopes first.",
                              FO_CHANGE_BYTES_MAX);
    if (fo_change_name(body)[0] == '\0')
        return fo_call_refuse(c, ERROR_INVALID_PARAMETER, "The change names no relationship.");
    if (fo_changes_find(c->facts->changes, body->id.data, body->id.len) != NULL)
        return fo_call_refuse(c, ERROR_BUSY, "A change of this id is known already.");
    return ERROR_SUCCESS;
}

uint32_t fo_call_change_prepare(struct fo_call *c)
{
    const Mgmt__Change *body = c->request->change_prepare;
    struct rehearsal r = {c, body, ERROR_SUCCESS};
    uint32_t code = check_change(c, body);

    if (code == ERROR_SUCCESS)
        code = answer(c, MGMT__OUTCOME__ABORTED);
    if (code != ERROR_SUCCESS)
        return code;
    c->reply.change->failures = fo_call_alloc(c, FAILURES_MAX * sizeof(Mgmt__Check *));
    if (c->reply.change->failures == NULL)
        return fo_call_no_memory(c);
    rehearse(&r);
    if (r.first != ERROR_SUCCESS)
        return r.first;
    c->err = fo_changes_prepare(c->facts->changes, c->store, body, c->now.utc);
    if (c->err == FO_ELIMIT) {
        c->err = FO_OK;
        return fo_call_refuse(c, ERROR_BUSY, "%d changes are under way already.",
                              FO_CHANGES_OPEN_MAX);
    }
    c->reply.change->outcome = MGMT__OUTCOME__PREPARED;
    return fo_call_code_of(c->err);
}

/* --- commit, abort, ask
 * ------------------------------------------------------------------------------- */

static void take_scopes_back(struct fo_call *c, const Mgmt__Change *body, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (fo_server_scope_delete(c->server, body->scopes[i]->subnet, true, NULL, 0) !=
            ERROR_SUCCESS)
            c->err = FO_ESTATE;
    }
}

static uint32_t bring_scopes(struct fo_call *c, const Mgmt__Change *body)
{
    for (size_t i = 0; i < body->n_scopes; i++) {
        struct fo_scope scope;
        uint32_t code = fo_message_to_scope(body->scopes[i], &scope, c->why, sizeof c->why);
        if (code == ERROR_SUCCESS)
            code = fo_server_scope_create(c->server, &scope, c->why, sizeof c->why);
        fo_scope_fini(&scope);
        if (code != ERROR_SUCCESS) {
            take_scopes_back(c, body, i);
            return code;
        }
    }
    return ERROR_SUCCESS;
}

/* The deciding server had the scopes first, and what it sent of them meanwhile was rejected here.
 * So the later one asks for everything (MAPI §1.2: AddScope sends an UPDREQ). Without a link that
 * is not possible and not needed: the next one begins with what the partner has not acknowledged.
 */
static uint32_t add_scopes(struct fo_call *c, const Mgmt__Change *body)
{
    const Mgmt__RelationshipScopes *m = body->add_scopes;
    uint32_t code = fo_server_relationship_add_scopes(c->server, m->name, m->scopes, m->n_scopes,
                                                      c->now, c->out, c->why, sizeof c->why);

    if (code == ERROR_SUCCESS && !body->decides_here)
        (void)fo_server_command(c->server, m->name, FO_COMMAND_RESYNC, c->now, c->out, NULL, 0);
    return code;
}

static uint32_t apply(struct fo_call *c, const Mgmt__Change *body)
{
    uint32_t code = bring_scopes(c, body);

    if (code != ERROR_SUCCESS)
        return code;
    switch (body->change_case) {
    case MGMT__CHANGE__CHANGE_CREATE:
        code = fo_relationship_apply_create(c, body->create, false);
        break;
    case MGMT__CHANGE__CHANGE_SET:
        code = fo_relationship_apply_set(c, body->set, false);
        break;
    case MGMT__CHANGE__CHANGE_REMOVE:
        code = fo_relationship_apply_delete(c, body->remove->name);
        break;
    case MGMT__CHANGE__CHANGE_ADD_SCOPES:
        code = add_scopes(c, body);
        break;
    default:
        code = fo_server_relationship_remove_scopes(
            c->server, body->remove_scopes->name, body->remove_scopes->scopes,
            body->remove_scopes->n_scopes, c->now, c->out, c->why, sizeof c->why);
        break;
    }
    if (code != ERROR_SUCCESS)
        take_scopes_back(c, body, body->n_scopes);
    return code;
}

uint32_t fo_call_change_commit(struct fo_call *c)
{
    const Mgmt__ChangeId *id = c->request->change_commit;
    struct fo_change *change = fo_changes_find(c->facts->changes, id->id.data, id->id.len);
    uint32_t code;

    if (change == NULL)
        return fo_call_refuse(c, ERROR_FILE_NOT_FOUND,
                              "This change is not prepared here, or it was dropped.");
    if (change->state == FO_CHANGE_ABORTED)
        return fo_call_refuse(c, ERROR_TIMEOUT,
                              "The change was aborted: it was not committed within %d s, or the "
                              "server was restarted.",
                              FO_CHANGE_DECIDE_S);
    if (change->state == FO_CHANGE_PREPARED) {
        code = apply(c, change->body);
        if (code != ERROR_SUCCESS) {
            (void)fo_message_refuse(code, change->trouble, sizeof change->trouble, "%.150s",
                                    c->why);
            return code;
        }
        c->err =
            fo_changes_decide(c->facts->changes, c->store, change, FO_CHANGE_COMMITTED, c->now.utc);
        if (c->err != FO_OK)
            return fo_call_code_of(c->err);
    }
    return answer(c, MGMT__OUTCOME__COMMITTED);
}

uint32_t fo_call_change_abort(struct fo_call *c)
{
    const Mgmt__ChangeId *id = c->request->change_abort;
    struct fo_change *change = fo_changes_find(c->facts->changes, id->id.data, id->id.len);

    if (change != NULL && change->state == FO_CHANGE_COMMITTED)
        return fo_call_refuse(c, ERROR_INVALID_PARAMETER, "The change has been committed.");
    if (change != NULL && change->state == FO_CHANGE_PREPARED) {
        /* Only a decider is asked later, so only it needs to remember. */
        c->err = change->body->decides_here ? fo_changes_decide(c->facts->changes, c->store, change,
                                                                FO_CHANGE_ABORTED, c->now.utc)
                                            : fo_changes_drop(c->facts->changes, c->store, change);
        if (c->err != FO_OK)
            return fo_call_code_of(c->err);
    }
    return answer(c, MGMT__OUTCOME__ABORTED);
}

uint32_t fo_call_change_get(struct fo_call *c)
{
    const Mgmt__ChangeId *id = c->request->change_get;
    struct fo_change *change = fo_changes_find(c->facts->changes, id->id.data, id->id.len);

    return answer(c, change != NULL ? (Mgmt__Outcome)change->state : MGMT__OUTCOME__UNKNOWN);
}
