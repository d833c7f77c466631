/* Relationships: create, validate, set, delete, add and remove scopes (MAPI §1.2). */
#include <string.h>

#include "mgmt/change.h"
#include "mgmt/message.h"
#include "mgmt/partner_note.h"
#include "proto/win32.h"

/* A store that fails takes the whole batch back. */
static uint32_t note_partner(struct fo_call *c, const char *name, const char *management)
{
    c->err = fo_partner_note_put(c->store, name, management);
    return fo_call_code_of(c->err);
}

uint32_t fo_relationship_apply_create(struct fo_call *c, const Mgmt__Relationship *m, bool guarded)
{
    struct fo_relationship r;
    uint32_t code = fo_message_to_relationship(m, &r, c->why, sizeof c->why);

    if (code == ERROR_SUCCESS && strlen(m->partner_management) > FO_PARTNER_NOTE_MAX)
        code = fo_call_refuse(c, ERROR_INVALID_PARAMETER,
                              "The partner's management address is longer than %d bytes.",
                              FO_PARTNER_NOTE_MAX);
    if (code == ERROR_SUCCESS && guarded)
        code = fo_changes_check_create(c->facts->changes, &r, c->why, sizeof c->why);
    if (code == ERROR_SUCCESS)
        code = fo_server_relationship_create(c->server, &r,
                                             m->lost_storage ? FO_BIRTH_LOST : FO_BIRTH_VIRGIN,
                                             c->now, c->out, c->why, sizeof c->why);
    if (code == ERROR_SUCCESS)
        code = note_partner(c, r.name, m->partner_management);
    fo_relationship_fini(&r);
    return code;
}

uint32_t fo_call_relationship_create(struct fo_call *c)
{
    return fo_relationship_apply_create(c, c->request->relationship_create, true);
}

/* --- every failure, not the first ---------------------------------------------------------------
 */

struct collector {
    struct fo_call *call;
    Mgmt__Checks *checks;
};
#define CHECKS_MAX 512 /* of one validate: 400 scopes and the other rows */

static void collect(void *context, uint32_t code, const char *sentence)
{
    struct collector *k = context;
    Mgmt__Check *check;

    if (k->checks->n_list == CHECKS_MAX)
        return;
    check = fo_call_alloc(k->call, sizeof *check);
    if (check == NULL)
        return;
    mgmt__check__init(check);
    check->code = code;
    check->sentence = fo_call_text(k->call, sentence);
    if (check->sentence != NULL)
        k->checks->list[k->checks->n_list++] = check;
}

static uint32_t validate(struct fo_call *c, const Mgmt__Relationship *m, struct fo_relationship *r)
{
    struct collector k = {.call = c};
    struct fo_check_sink sink = {collect, &k};
    uint32_t code = fo_message_to_relationship(m, r, c->why, sizeof c->why);

    if (code != ERROR_SUCCESS)
        return code;
    k.checks = fo_call_alloc(c, sizeof *k.checks);
    if (k.checks == NULL)
        return fo_call_no_memory(c);
    mgmt__checks__init(k.checks);
    k.checks->list = fo_call_alloc(c, CHECKS_MAX * sizeof(Mgmt__Check *));
    if (k.checks->list == NULL)
        return fo_call_no_memory(c);
    c->reply.result_case = MGMT__REPLY__RESULT_CHECKS;
    c->reply.checks = k.checks;
    code = fo_server_relationship_validate(c->server, r, &sink, c->why, sizeof c->why);
    if (code != ERROR_SUCCESS)
        return code;
    code = fo_changes_check_create(c->facts->changes, r, c->why, sizeof c->why);
    if (code != ERROR_SUCCESS)
        collect(&k, code, c->why);
    return code;
}

uint32_t fo_call_relationship_validate(struct fo_call *c)
{
    struct fo_relationship r;
    uint32_t code = validate(c, c->request->relationship_validate, &r);

    fo_relationship_fini(&r);
    return code;
}

/* --- set -------------------------------------------------------------------------------------- */

#define SET_MASK                                                                                   \
    (FO_SET_MCLT | FO_SET_SAFE_PERIOD | FO_SET_STATE | FO_SET_PERCENTAGE | FO_SET_MODE |           \
     FO_SET_PREV_STATE | FO_SET_SECRET)

uint32_t fo_call_relationship_set_check(struct fo_call *c)
{
    const Mgmt__RelationshipSet *set = c->request->relationship_set;
    const Mgmt__Relationship *m = set->relationship;

    if (m == NULL || m->name[0] == '\0')
        return fo_call_refuse(c, ERROR_INVALID_PARAMETER, "The relationship has no name.");
    if (set->flags == 0 || (set->flags & ~SET_MASK) != 0)
        return fo_call_refuse(c, ERROR_INVALID_PARAMETER,
                              "Flags 0x%x select nothing or something unknown; 0x%x is what can "
                              "be set.",
                              set->flags, SET_MASK);
    if ((set->flags & FO_SET_PERCENTAGE) != 0 && m->percentage > 100)
        return fo_call_refuse(c, ERROR_INVALID_PARAMETER, "Percentage %u is not between 0 and 100.",
                              m->percentage);
    if ((set->flags & FO_SET_MODE) != 0 && m->mode > FO_MODE_HOT_STANDBY)
        return fo_call_refuse(c, ERROR_INVALID_PARAMETER,
                              "Mode %u is neither 0 (load balance) nor 1 (hot standby).", m->mode);
    return ERROR_SUCCESS;
}

/* The state is ordered, not set: only what an operator may order (MAPI §1.2, R). */
static uint32_t check_ordered_state(struct fo_call *c, const Mgmt__RelationshipSet *set)
{
    if ((set->flags & FO_SET_PREV_STATE) != 0)
        return fo_call_refuse(c, ERROR_INVALID_PARAMETER,
                              "The previous state is a record of this server and cannot be set.");
    if ((set->flags & FO_SET_STATE) != 0 && set->relationship->state != MGMT__STATE__PARTNER_DOWN)
        return fo_call_refuse(c, ERROR_INVALID_PARAMETER,
                              "The only state that can be ordered is PARTNER-DOWN.");
    return ERROR_SUCCESS;
}

uint32_t fo_relationship_apply_set(struct fo_call *c, const Mgmt__RelationshipSet *set, bool dry)
{
    struct fo_relationship r;
    uint32_t fields = set->flags & ~(FO_SET_STATE | FO_SET_PREV_STATE);
    const char *name = set->relationship->name;
    uint32_t code = fo_message_to_relationship(set->relationship, &r, c->why, sizeof c->why);

    if (code == ERROR_SUCCESS && fo_server_relationship_find(c->server, name) == NULL)
        code = fo_call_refuse(c, ERROR_DHCP_FO_RELATIONSHIP_DOES_NOT_EXIST,
                              "There is no relationship '%s' on this server.", name);
    if (code == ERROR_SUCCESS)
        code = check_ordered_state(c, set);
    if (code == ERROR_SUCCESS && fields != 0)
        code = fo_server_relationship_check_set(c->server, &r, fields, c->why, sizeof c->why);
    if (code == ERROR_SUCCESS && !dry && (set->flags & FO_SET_STATE) != 0)
        code = fo_server_command(c->server, name, FO_COMMAND_PARTNER_DOWN, c->now, c->out, c->why,
                                 sizeof c->why);
    if (code == ERROR_SUCCESS && !dry && fields != 0)
        code = fo_server_relationship_set(c->server, &r, fields, c->now, c->out, c->why,
                                          sizeof c->why);
    fo_relationship_fini(&r);
    return code;
}

uint32_t fo_call_relationship_set(struct fo_call *c)
{
    const Mgmt__RelationshipSet *set = c->request->relationship_set;
    uint32_t code = fo_changes_check(c->facts->changes, set->relationship->name, NULL, 0, c->why,
                                     sizeof c->why);

    return code != ERROR_SUCCESS ? code : fo_relationship_apply_set(c, set, false);
}

/* --- delete -------------------------------------------------------------------------------------
 */

uint32_t fo_call_relationship_delete_check(struct fo_call *c)
{
    if (c->request->relationship_delete->name[0] == '\0')
        return fo_call_refuse(c, ERROR_INVALID_PARAMETER, "The relationship has no name.");
    return ERROR_SUCCESS;
}

uint32_t fo_relationship_apply_delete(struct fo_call *c, const char *name)
{
    uint32_t code =
        fo_server_relationship_delete(c->server, name, c->now, c->out, c->why, sizeof c->why);

    return code != ERROR_SUCCESS ? code : note_partner(c, name, "");
}

uint32_t fo_call_relationship_delete(struct fo_call *c)
{
    const char *name = c->request->relationship_delete->name;
    uint32_t code = fo_changes_check(c->facts->changes, name, NULL, 0, c->why, sizeof c->why);

    return code != ERROR_SUCCESS ? code : fo_relationship_apply_delete(c, name);
}

/* --- scopes -------------------------------------------------------------------------------------
 */

static uint32_t check_scope_list(struct fo_call *c, const Mgmt__RelationshipScopes *list)
{
    if (list->name[0] == '\0')
        return fo_call_refuse(c, ERROR_INVALID_PARAMETER, "The relationship has no name.");
    if (list->n_scopes == 0)
        return fo_call_refuse(c, ERROR_INVALID_PARAMETER, "No scope is named.");
    return ERROR_SUCCESS;
}

uint32_t fo_call_relationship_add_check(struct fo_call *c)
{
    return check_scope_list(c, c->request->relationship_add_scopes);
}

uint32_t fo_call_relationship_add(struct fo_call *c)
{
    const Mgmt__RelationshipScopes *list = c->request->relationship_add_scopes;
    uint32_t code = fo_changes_check(c->facts->changes, list->name, list->scopes, list->n_scopes,
                                     c->why, sizeof c->why);

    if (code != ERROR_SUCCESS)
        return code;
    return fo_server_relationship_add_scopes(c->server, list->name, list->scopes, list->n_scopes,
                                             c->now, c->out, c->why, sizeof c->why);
}

uint32_t fo_call_relationship_remove_check(struct fo_call *c)
{
    return check_scope_list(c, c->request->relationship_remove_scopes);
}

uint32_t fo_call_relationship_remove(struct fo_call *c)
{
    const Mgmt__RelationshipScopes *list = c->request->relationship_remove_scopes;
    uint32_t code = fo_changes_check(c->facts->changes, list->name, list->scopes, list->n_scopes,
                                     c->why, sizeof c->why);

    if (code != ERROR_SUCCESS)
        return code;
    return fo_server_relationship_remove_scopes(c->server, list->name, list->scopes, list->n_scopes,
                                                c->now, c->out, c->why, sizeof c->why);
}
