/* May this relationship be made or changed? Source: MAPI §1.2, §3. The checks of a call stand in
 * the documented order, numbered as there; "ours" marks what the documents leave unchecked. Rights
 * (ERROR_ACCESS_DENIED) are checked by the caller. */
#include "state/relationship.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define MCLT_MAX_S 0x7fffffffu /* MAPI §3 */

/* What a run of checks found. It ends with the first failure unless somebody collects them. */
struct findings {
    uint32_t first; /* the answer */
    const struct fo_check_sink *collect;
    char *why;
    size_t why_capacity;
};

static bool enough(const struct findings *f)
{
    return f->first != ERROR_SUCCESS && f->collect == NULL;
}

__attribute__((format(printf, 3, 4))) static void fail(struct findings *f, uint32_t code,
                                                       const char *format, ...)
{
    char sentence[FO_RELATIONSHIP_NAME_BYTES + 160];
    if (enough(f))
        return;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    if (f->first == ERROR_SUCCESS) {
        f->first = code;
        if (f->why != NULL && f->why_capacity > 0)
            snprintf(f->why, f->why_capacity, "%s", sentence);
    }
    if (f->collect != NULL)
        f->collect->failed(f->collect->context, code, sentence);
}

/* --- what several calls check ------------------------------------------------------------- */

static const struct fo_relationship *find_named(const struct fo_relationship_view *view,
                                                const char *name)
{
    for (size_t i = 0; i < view->count; i++) {
        if (strcmp(view->list[i]->name, name) == 0)
            return view->list[i];
    }
    return NULL;
}

static void check_named(struct findings *f, const char *name)
{
    if (name == NULL || name[0] == '\0')
        fail(f, ERROR_INVALID_PARAMETER, "The relationship has no name.");
    else if (fo_utf16_units(name) < 0) /* ours */
        fail(f, ERROR_INVALID_PARAMETER, "The name of the relationship is not valid UTF-8.");
}

static void check_exists(struct findings *f, const char *name,
                         const struct fo_relationship_view *view)
{
    if (find_named(view, name) == NULL)
        fail(f, ERROR_DHCP_FO_RELATIONSHIP_DOES_NOT_EXIST,
             "There is no relationship with the name \"%s\".", name);
}

static void check_mclt(struct findings *f, uint32_t mclt_s) /* ours */
{
    if (mclt_s < 1 || mclt_s > MCLT_MAX_S)
        fail(f, ERROR_INVALID_PARAMETER, "The MCLT is %lu seconds; it has to be 1 to %lu.",
             (unsigned long)mclt_s, (unsigned long)MCLT_MAX_S);
}

static void check_percentage(struct findings *f, unsigned percentage)
{
    if (percentage > 100)
        fail(f, ERROR_INVALID_PARAMETER, "The percentage is %u; it has to be 0 to 100.",
             percentage);
}

static void check_mode(struct findings *f, enum fo_mode mode)
{
    if (mode != FO_MODE_LOAD_BALANCE && mode != FO_MODE_HOT_STANDBY)
        fail(f, ERROR_INVALID_PARAMETER,
             "The mode is %u; it has to be 0 (load balance) or 1 (hot standby).", (unsigned)mode);
}

static void check_some_scopes(struct findings *f, const fo_ipv4_t *scopes, size_t count)
{
    if (scopes == NULL || count == 0)
        fail(f, ERROR_INVALID_PARAMETER, "No scope is listed.");
}

/* Ours. A list that is too long is refused as such by the next check, without a look inside. */
static void check_scopes_once(struct findings *f, const fo_ipv4_t *scopes, size_t count)
{
    char text[FO_IPV4_TEXT];
    if (scopes == NULL || count > FO_SCOPES_PER_CALL_MAX)
        return;
    for (size_t i = 1; i < count; i++) {
        bool again = false;
        for (size_t j = 0; j < i && !again; j++)
            again = scopes[j] == scopes[i];
        if (again)
            fail(f, ERROR_INVALID_PARAMETER, "The scope %s is listed twice.",
                 fo_ipv4_text(scopes[i], text));
    }
}

static void check_scope_number(struct findings *f, size_t count)
{
    if (count > FO_SCOPES_PER_CALL_MAX)
        fail(f, ERROR_DHCP_FO_MAX_ADD_SCOPES, "%zu scopes are listed; one call takes %d.", count,
             FO_SCOPES_PER_CALL_MAX);
}

static void check_scopes_exist(struct findings *f, const fo_ipv4_t *scopes, size_t count,
                               const struct fo_relationship_view *view)
{
    char text[FO_IPV4_TEXT];
    for (size_t i = 0; i < count && !enough(f); i++) {
        if (!view->scope_exists(view->context, scopes[i]))
            fail(f, ERROR_DHCP_SUBNET_NOT_PRESENT, "The scope %s is not known on this server.",
                 fo_ipv4_text(scopes[i], text));
    }
}

/* 87 as DHCPM has it, though there is a code of its own, 20131. Not when scopes are taken out: it
 * would make an unlucky one irremovable. */
static void check_scopes_not_bootp(struct findings *f, const fo_ipv4_t *scopes, size_t count,
                                   const struct fo_relationship_view *view)
{
    char text[FO_IPV4_TEXT];
    for (size_t i = 0; i < count && !enough(f); i++) {
        if (view->scope_bootp_only(view->context, scopes[i]))
            fail(f, ERROR_INVALID_PARAMETER,
                 "The scope %s has a range for clients of BOOTP alone, which failover does not "
                 "serve.",
                 fo_ipv4_text(scopes[i], text));
    }
}

static void check_scopes_free(struct findings *f, const fo_ipv4_t *scopes, size_t count,
                              const struct fo_relationship_view *view)
{
    char text[FO_IPV4_TEXT];
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < view->count && !enough(f); j++) {
            if (fo_relationship_has_scope(view->list[j], scopes[i]))
                fail(f, ERROR_DHCP_FO_SCOPE_ALREADY_IN_RELATIONSHIP,
                     "The scope %s belongs to the relationship \"%s\" already.",
                     fo_ipv4_text(scopes[i], text), view->list[j]->name);
        }
    }
}

static void check_not_resyncing(struct findings *f, const char *name,
                                const struct fo_relationship_view *view)
{
    if (view->resync_running(view->context, name))
        fail(f, ERROR_DHCP_FO_SCOPE_SYNC_IN_PROGRESS,
             "The relationship \"%s\" is exchanging its bindings with the partner; try again when "
             "that has ended.",
             name);
}

/* --- create ------------------------------------------------------------------------------- */

static void check_create_arguments(struct findings *f, const struct fo_relationship *r)
{
    check_named(f, r->name);
    if (r->primary_server == 0)
        fail(f, ERROR_INVALID_PARAMETER, "The primary server has no address.");
    if (r->secondary_server == 0)
        fail(f, ERROR_INVALID_PARAMETER, "The secondary server has no address.");
    if (r->primary_server != 0 && r->primary_server == r->secondary_server) { /* ours */
        char text[FO_IPV4_TEXT];
        fail(f, ERROR_INVALID_PARAMETER, "Primary and secondary server are both %s.",
             fo_ipv4_text(r->primary_server, text));
    }
    check_some_scopes(f, r->scopes, r->scope_count);
    check_percentage(f, r->percentage);
    check_mode(f, r->mode);
    if (r->role != FO_ROLE_PRIMARY && r->role != FO_ROLE_SECONDARY)
        fail(f, ERROR_INVALID_PARAMETER,
             "The server type is %u; it has to be 0 (primary) or 1 (secondary).",
             (unsigned)r->role);
    check_mclt(f, r->mclt_s);
    check_scopes_once(f, r->scopes, r->scope_count);
}

/* MAPI §3: names are unique; one that differs from another in case alone only confuses. */
static void check_name_free(struct findings *f, const char *name,
                            const struct fo_relationship_view *view)
{
    for (size_t i = 0; i < view->count; i++) {
        if (strcasecmp(view->list[i]->name, name) == 0)
            fail(f, ERROR_DHCP_FO_RELATIONSHIP_EXISTS,
                 "A relationship with the name \"%s\" exists already.", view->list[i]->name);
    }
}

uint32_t fo_relationship_check_create(const struct fo_relationship *r,
                                      const struct fo_relationship_view *view,
                                      const struct fo_check_sink *collect, char *why,
                                      size_t why_capacity)
{
    struct findings f = {ERROR_SUCCESS, collect, why, why_capacity};

    check_create_arguments(&f, r);          /* 2 */
    check_scope_number(&f, r->scope_count); /* ours */
    if (enough(&f) || r->scope_count > FO_SCOPES_PER_CALL_MAX)
        return f.first;
    check_scopes_exist(&f, r->scopes, r->scope_count, view);     /* 3 */
    check_scopes_not_bootp(&f, r->scopes, r->scope_count, view); /* 4 */
    long units = fo_utf16_units(r->name);
    if (units > FO_RELATIONSHIP_NAME_UNITS) /* 5 */
        fail(&f, ERROR_DHCP_FO_RELATIONSHIP_NAME_TOO_LONG,
             "The name of the relationship has %ld characters; %d are allowed.", units,
             FO_RELATIONSHIP_NAME_UNITS);
    if (view->count >= FO_RELATIONSHIPS_MAX) /* 6 */
        fail(&f, ERROR_DHCP_FO_MAX_RELATIONSHIPS,
             "The server has %zu relationships; %d are allowed.", view->count,
             FO_RELATIONSHIPS_MAX);
    check_scopes_free(&f, r->scopes, r->scope_count, view); /* 7 */
    check_name_free(&f, r->name, view);                     /* 8 */
    return f.first;
}

/* --- set ---------------------------------------------------------------------------------- */

#define SETTABLE                                                                                   \
    (FO_SET_MCLT | FO_SET_SAFE_PERIOD | FO_SET_STATE | FO_SET_PERCENTAGE | FO_SET_MODE |           \
     FO_SET_PREV_STATE | FO_SET_SECRET)

static void check_set_arguments(struct findings *f, const struct fo_relationship *r, uint32_t flags)
{
    check_named(f, r->name);
    if (flags == 0)
        fail(f, ERROR_INVALID_PARAMETER, "No flag says what to set.");
    if (flags & ~SETTABLE)
        fail(f, ERROR_INVALID_PARAMETER, "The flags are 0x%lx; 0x%lx are known.",
             (unsigned long)flags, (unsigned long)SETTABLE);
    if (flags & FO_SET_PERCENTAGE)
        check_percentage(f, r->percentage);
    if (flags & FO_SET_MODE)
        check_mode(f, r->mode);
    if ((flags & FO_SET_MODE) && !(flags & FO_SET_PERCENTAGE)) /* ours */
        fail(f, ERROR_INVALID_PARAMETER,
             "A change of mode has to come with a percentage: the old %u%% would get another "
             "meaning.",
             r->percentage);
    if (flags & FO_SET_MCLT)
        check_mclt(f, r->mclt_s);
    if (flags & FO_SET_PREV_STATE) /* ours */
        fail(f, ERROR_INVALID_PARAMETER, "The previous state cannot be set from outside.");
}

/* Ours: an operator may order PARTNER-DOWN, which the caller has made sure is what is wanted, and
 * only where the draft has the command lead there without a live partner. */
static void check_set_state(struct findings *f, const char *name,
                            const struct fo_relationship_view *view)
{
    enum fo_state state = view->state_of(view->context, name);
    if (state != FO_STATE_COMMUNICATIONS_INTERRUPTED && state != FO_STATE_RESOLUTION_INTERRUPTED)
        fail(f, ERROR_INVALID_PARAMETER,
             "The relationship \"%s\" is in %s; PARTNER-DOWN can be ordered in "
             "COMMUNICATIONS-INTERRUPTED and RESOLUTION-INTERRUPTED.",
             name, fo_state_name((int)state));
}

uint32_t fo_relationship_check_set(const struct fo_relationship *r, uint32_t flags,
                                   const struct fo_relationship_view *view, char *why,
                                   size_t why_capacity)
{
    struct findings f = {ERROR_SUCCESS, NULL, why, why_capacity};
    check_set_arguments(&f, r, flags); /* 1 */
    if (f.first == ERROR_SUCCESS)
        check_exists(&f, r->name, view); /* 3 */
    if (f.first == ERROR_SUCCESS && (flags & FO_SET_STATE))
        check_set_state(&f, r->name, view);
    return f.first;
}

/* --- scopes ------------------------------------------------------------------------------- */

uint32_t fo_relationship_check_add_scopes(const char *name, const fo_ipv4_t *scopes, size_t count,
                                          const struct fo_relationship_view *view, char *why,
                                          size_t why_capacity)
{
    struct findings f = {ERROR_SUCCESS, NULL, why, why_capacity};
    check_named(&f, name); /* 1 */
    check_some_scopes(&f, scopes, count);
    check_scopes_once(&f, scopes, count); /* ours */
    check_scope_number(&f, count);        /* ours */
    if (f.first != ERROR_SUCCESS)
        return f.first;
    check_scopes_exist(&f, scopes, count, view);     /* 3 */
    check_scopes_not_bootp(&f, scopes, count, view); /* 4 */
    if (view->count == 0)                            /* 5 */
        fail(&f, ERROR_FILE_NOT_FOUND, "The server has no relationship at all.");
    check_scopes_free(&f, scopes, count, view); /* 6 */
    check_exists(&f, name, view);               /* 7 */
    if (f.first != ERROR_SUCCESS)
        return f.first;
    enum fo_state state = view->state_of(view->context, name);
    if (state != FO_STATE_NORMAL) /* 8 */
        fail(&f, ERROR_DHCP_FO_STATE_NOT_NORMAL,
             "The relationship \"%s\" is in %s; scopes are added in NORMAL.", name,
             fo_state_name((int)state));
    check_not_resyncing(&f, name, view); /* 8' */
    return f.first;
}

static void check_scopes_members(struct findings *f, const char *name, const fo_ipv4_t *scopes,
                                 size_t count, const struct fo_relationship_view *view)
{
    const struct fo_relationship *r = find_named(view, name);
    char text[FO_IPV4_TEXT];
    for (size_t i = 0; i < count && r != NULL && !enough(f); i++) {
        if (!fo_relationship_has_scope(r, scopes[i]))
            fail(f, ERROR_DHCP_FO_SCOPE_NOT_IN_RELATIONSHIP,
                 "The scope %s does not belong to the relationship \"%s\".",
                 fo_ipv4_text(scopes[i], text), name);
    }
}

uint32_t fo_relationship_check_remove_scopes(const char *name, const fo_ipv4_t *scopes,
                                             size_t count, const struct fo_relationship_view *view,
                                             char *why, size_t why_capacity)
{
    struct findings f = {ERROR_SUCCESS, NULL, why, why_capacity};
    check_named(&f, name); /* 1 */
    check_some_scopes(&f, scopes, count);
    if (f.first != ERROR_SUCCESS)
        return f.first;
    check_scopes_exist(&f, scopes, count, view); /* 3 */
    if (view->count == 0)                        /* 5 */
        fail(&f, ERROR_FILE_NOT_FOUND, "The server has no relationship at all.");
    check_exists(&f, name, view);                        /* 6 */
    check_scopes_members(&f, name, scopes, count, view); /* 7 */
    if (f.first == ERROR_SUCCESS)
        check_not_resyncing(&f, name, view);
    return f.first;
}
