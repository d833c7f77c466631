/* What changes of a relationship would change. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mgmt/foctl_pair.h"
#include "mgmt/foctl_preview.h"
#include "mgmt/message.h"
#include "state/relationship.h"

static int get(const struct foctl_preview *p, char *name, Mgmt__Reply **out)
{
    Mgmt__Name m = MGMT__NAME__INIT;
    Mgmt__Request q = MGMT__REQUEST__INIT;

    m.name = name;
    q.call_case = MGMT__REQUEST__CALL_RELATIONSHIP_GET;
    q.relationship_get = &m;
    return foctl_preview_ask(p, false, &q, out);
}

static struct foctl_sheet *card_of(const Mgmt__Relationship *m)
{
    struct foctl_sheet *card = foctl_card_new();

    foctl_put_relationship(card, m, true);
    return card;
}

/* |after| borrows from |before|; the card of a relationship that goes is NULL. */
static int tell(const struct foctl_preview *p, Mgmt__Reply *before, const Mgmt__Relationship *after)
{
    char object[FO_RELATIONSHIP_NAME_BYTES + 16];

    (void)snprintf(object, sizeof object, "relationship %s", before->relationship->name);
    foctl_preview_cards(p, object, card_of(before->relationship),
                        after != NULL ? card_of(after) : NULL);
    mgmt__reply__free_unpacked(before, NULL);
    return EXIT_DONE;
}

/* --- create ----------------------------------------------------------------------------------- */

/* A scope that would be made before. */
static bool comes_along(const struct foctl_preview *p, uint32_t code)
{
    return p->t->scopes_come && code == ERROR_DHCP_SUBNET_NOT_PRESENT;
}

/* What would be refused is told as the refusal would be. */
static int rehearse(const struct foctl_preview *p, Mgmt__Relationship *m)
{
    Mgmt__Request q = MGMT__REQUEST__INIT;
    Mgmt__Reply *reply;
    size_t count;
    int rc;

    q.call_case = MGMT__REQUEST__CALL_RELATIONSHIP_VALIDATE;
    q.relationship_validate = m;
    rc = foctl_ask_at(p->client, p->server, true, &q, &reply);
    if (rc == EXIT_UNREACHABLE)
        return rc;
    count = reply->result_case == MGMT__REPLY__RESULT_CHECKS ? reply->checks->n_list : 0;
    if (rc == EXIT_REFUSED && count == 0)
        (void)foctl_refused_code(p->server, reply->code, reply->sentence);
    if (count != 0)
        rc = EXIT_DONE;
    for (size_t i = 0; i < count; i++) {
        const Mgmt__Check *check = reply->checks->list[i];
        if (!comes_along(p, check->code))
            rc = foctl_refused_code(p->server, check->code, check->sentence);
    }
    mgmt__reply__free_unpacked(reply, NULL);
    return rc;
}

int foctl_preview_relationship_create(const struct foctl_preview *p)
{
    Mgmt__Relationship after = *p->request->relationship_create;
    char object[FO_RELATIONSHIP_NAME_BYTES + 16];
    int rc = rehearse(p, &after);

    if (rc != EXIT_DONE)
        return rc;
    after.state = MGMT__STATE__STARTUP; /* whatever the caller says (MAPI §1.2) */
    if (after.safe_period_s == 0)
        after.safe_period_s = FO_SAFE_PERIOD_NEVER;
    after.auth_enabled = after.shared_secret[0] != '\0';
    (void)snprintf(object, sizeof object, "relationship %s", after.name);
    foctl_preview_cards(p, object, NULL, card_of(&after));
    return EXIT_DONE;
}

/* --- set and delete --------------------------------------------------------------------------- */

int foctl_preview_relationship_set(const struct foctl_preview *p)
{
    const Mgmt__RelationshipSet *set = p->request->relationship_set;
    const Mgmt__Relationship *given = set->relationship;
    Mgmt__Relationship after;
    Mgmt__Reply *before;
    int rc = get(p, given->name, &before);

    if (rc != EXIT_DONE)
        return rc;
    after = *before->relationship;
    if ((set->flags & FO_SET_MCLT) != 0)
        after.mclt_s = given->mclt_s;
    if ((set->flags & FO_SET_SAFE_PERIOD) != 0)
        after.safe_period_s =
            given->safe_period_s != 0 ? given->safe_period_s : FO_SAFE_PERIOD_NEVER;
    if ((set->flags & FO_SET_PERCENTAGE) != 0)
        after.percentage = given->percentage;
    if ((set->flags & FO_SET_MODE) != 0)
        after.mode = given->mode;
    if ((set->flags & FO_SET_SECRET) != 0) {
        after.auth_enabled = given->shared_secret[0] != '\0';
        foctl_preview_row(p, given->name, "shared_secret", "(not shown)",
                          after.auth_enabled ? "(the one given)" : "-");
    }
    return tell(p, before, &after);
}

int foctl_preview_relationship_delete(const struct foctl_preview *p)
{
    Mgmt__Reply *before;
    int rc = get(p, p->request->relationship_delete->name, &before);

    return rc != EXIT_DONE ? rc : tell(p, before, NULL);
}

/* --- scopes ----------------------------------------------------------------------------------- */

static bool has_scope(const fo_ipv4_t *list, size_t count, fo_ipv4_t scope)
{
    for (size_t i = 0; i < count; i++) {
        if (list[i] == scope)
            return true;
    }
    return false;
}

static int change_scopes(const struct foctl_preview *p, bool add)
{
    const Mgmt__RelationshipScopes *given = p->request->relationship_add_scopes;
    Mgmt__Relationship after;
    fo_ipv4_t *scopes;
    Mgmt__Reply *before;
    size_t count = 0;
    int rc = get(p, given->name, &before);

    if (rc != EXIT_DONE)
        return rc;
    after = *before->relationship;
    scopes = calloc(after.n_scopes + given->n_scopes + 1, sizeof *scopes);
    if (scopes == NULL) {
        mgmt__reply__free_unpacked(before, NULL);
        return foctl_no_memory();
    }
    for (size_t i = 0; i < after.n_scopes; i++) {
        if (add || !has_scope(given->scopes, given->n_scopes, after.scopes[i]))
            scopes[count++] = after.scopes[i];
    }
    for (size_t i = 0; add && i < given->n_scopes; i++) {
        if (!has_scope(scopes, count, given->scopes[i]))
            scopes[count++] = given->scopes[i];
    }
    after.scopes = scopes;
    after.n_scopes = count;
    rc = tell(p, before, &after);
    free(scopes);
    return rc;
}

int foctl_preview_relationship_add(const struct foctl_preview *p)
{
    return change_scopes(p, true);
}

int foctl_preview_relationship_remove(const struct foctl_preview *p)
{
    return change_scopes(p, false);
}

/* --- commands, and the end of a doubt --------------------------------------------------------- */

int foctl_preview_command(const struct foctl_preview *p)
{
    static const char *const after[] = {
        [MGMT__COMMAND_KIND__TELL_PARTNER_DOWN] = "PARTNER-DOWN",
        [MGMT__COMMAND_KIND__TELL_PAUSE] = "PAUSED",
        [MGMT__COMMAND_KIND__TELL_SHUTDOWN] = "SHUTDOWN",
        [MGMT__COMMAND_KIND__TELL_RESUME] = "as before the pause, or RECOVER",
        [MGMT__COMMAND_KIND__TELL_RESYNC] = "the same; the partner is asked for all it knows",
        [MGMT__COMMAND_KIND__TELL_BALANCE] = "the same; the free addresses are shared out",
    };
    const Mgmt__Command *m = p->request->command;
    char object[FO_RELATIONSHIP_NAME_BYTES + 16];
    Mgmt__Reply *before;
    int rc = get(p, m->name, &before);

    if (rc != EXIT_DONE)
        return rc;
    (void)snprintf(object, sizeof object, "relationship %s", m->name);
    foctl_preview_row(p, object, "state", fo_message_state_name(before->relationship->state),
                      after[m->kind]);
    mgmt__reply__free_unpacked(before, NULL);
    return EXIT_DONE;
}

int foctl_preview_settle(const struct foctl_preview *p)
{
    const Mgmt__ChangeId *id = p->request->change_commit;
    bool commit = p->request->call_case == MGMT__REQUEST__CALL_CHANGE_COMMIT;
    char object[64];

    (void)snprintf(object, sizeof object, "change ");
    (void)foctl_hex_text(id->id.data, id->id.len, object + 7, sizeof object - 7);
    foctl_preview_row(p, object, "outcome", "in doubt", commit ? "committed" : "aborted");
    return EXIT_DONE;
}
