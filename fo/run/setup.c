/* Scopes and relationships as a host names them: text in, checked, one change each. */
#include "fo/run/door.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int refuse(char *why, size_t why_capacity, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static int refuse(char *why, size_t why_capacity, const char *format, ...)
{
    va_list arguments;

    if (why != NULL && why_capacity > 0) {
        va_start(arguments, format);
        vsnprintf(why, why_capacity, format, arguments);
        va_end(arguments);
    }
    return FO_EINVAL;
}

/* --- scopes ----------------------------------------------------------------------------------- */

struct scope_change {
    struct fo_scope scope;
    char *why;
    size_t why_capacity;
    int rc;
};

/* What a host does not name, an existing scope keeps. */
static void set_scope(void *context, struct fo_server *s, struct fo_now now, struct fo_outbox *out)
{
    struct scope_change *c = context;
    const struct fo_scope *known = fo_lease_db_scope(fo_server_leases(s), c->scope.subnet);
    struct fo_scope next = {0};
    uint32_t code;

    (void)now;
    if (known == NULL) {
        code = fo_server_scope_create(s, &c->scope, c->why, c->why_capacity);
    } else {
        c->rc = fo_scope_copy(known, &next);
        if (c->rc != FO_OK)
            return;
        free(next.ranges);
        free(next.uses);
        next.ranges = c->scope.ranges;
        next.uses = c->scope.uses;
        next.range_count = c->scope.range_count;
        next.mask = c->scope.mask;
        c->scope.ranges = NULL;
        c->scope.uses = NULL;
        c->scope.range_count = 0;
        code = fo_server_scope_set(s, &next, out, c->why, c->why_capacity);
        fo_scope_fini(&next);
    }
    if (code != ERROR_SUCCESS)
        c->rc = FO_EINVAL;
}

static int read_scope(const char *subnet, const char *mask, const struct fo_range_text *ranges,
                      size_t range_count, struct fo_scope *out, char *why, size_t why_capacity)
{
    if (fo_ipv4_parse(subnet, &out->subnet) != FO_OK || fo_ipv4_parse(mask, &out->mask) != FO_OK)
        return refuse(why, why_capacity, "%s %s is not a subnet and its mask", subnet, mask);
    if (fo_scope_check_new(out->subnet, out->mask, out->name, out->comment, why, why_capacity) !=
        ERROR_SUCCESS)
        return FO_EINVAL;
    for (size_t i = 0; i < range_count; i++) {
        struct fo_range range;

        if (fo_ipv4_parse(ranges[i].first, &range.first) != FO_OK ||
            fo_ipv4_parse(ranges[i].last, &range.last) != FO_OK)
            return refuse(why, why_capacity, "%s to %s is not a range of addresses",
                          ranges[i].first, ranges[i].last);
        if (fo_scope_add_range(out, range, why, why_capacity) != ERROR_SUCCESS)
            return FO_EINVAL;
    }
    return FO_OK;
}

int fo_scope_set(struct fo *f, const char *subnet, const char *mask,
                 const struct fo_range_text *ranges, size_t range_count, char *why,
                 size_t why_capacity)
{
    struct scope_change c = {.why = why, .why_capacity = why_capacity};
    int rc = read_scope(subnet, mask, ranges, range_count, &c.scope, why, why_capacity);

    if (rc == FO_OK)
        rc = fo_door_change(f, set_scope, &c);
    fo_scope_fini(&c.scope);
    return rc != FO_OK ? rc : c.rc;
}

/* --- relationships ---------------------------------------------------------------------------- */

struct pairing_change {
    struct fo_relationship relationship;
    enum fo_birth birth;
    const char *name;
    char *why;
    size_t why_capacity;
    int rc;
};

struct word {
    const char *text;
    int value;
};
static const struct word roles[] = {{"primary", FO_ROLE_PRIMARY}, {"secondary", FO_ROLE_SECONDARY}};
static const struct word dialects[] = {{"draft", FO_DIALECT_DRAFT}, {"isc", FO_DIALECT_ISC}};
static const struct word tls_modes[] = {
    {"off", FO_TLS_OFF}, {"desired", FO_TLS_DESIRED}, {"required", FO_TLS_REQUIRED}};
#define LOOK_UP(words, text, out) look_up(words, sizeof(words) / sizeof((words)[0]), text, out)

static bool look_up(const struct word *words, size_t count, const char *text, int *out)
{
    for (size_t i = 0; text != NULL && i < count; i++) {
        if (strcmp(words[i].text, text) == 0) {
            *out = words[i].value;
            return true;
        }
    }
    return false;
}

static int read_servers(const struct fo_pairing *p, struct fo_relationship *r, char *why,
                        size_t why_capacity)
{
    fo_ipv4_t local, partner;
    char *partner_name = r->secondary_server_name;
    int role = 0;

    if (!LOOK_UP(roles, p->role, &role))
        return refuse(why, why_capacity, "the role is neither primary nor secondary");
    if (p->local == NULL || fo_ipv4_parse(p->local, &local) != FO_OK)
        return refuse(why, why_capacity, "the local address is no IPv4 address");
    if (p->partner == NULL || fo_ipv4_parse(p->partner, &partner) != FO_OK)
        return refuse(why, why_capacity, "the partner's address is no IPv4 address");
    r->role = (enum fo_role)role;
    r->primary_server = r->role == FO_ROLE_PRIMARY ? local : partner;
    r->secondary_server = r->role == FO_ROLE_PRIMARY ? partner : local;
    if (r->role == FO_ROLE_SECONDARY)
        partner_name = r->primary_server_name;
    if (p->partner_tls_name != NULL) {
        if (strlen(p->partner_tls_name) > FO_HOST_NAME_MAX)
            return refuse(why, why_capacity, "the partner's name is too long");
        snprintf(partner_name, FO_HOST_NAME_MAX + 1, "%s", p->partner_tls_name);
    }
    return FO_OK;
}

static int read_security(const struct fo *f, const struct fo_pairing *p, struct fo_relationship *r,
                         char *why, size_t why_capacity)
{
    int mode = f->has_tls ? FO_TLS_REQUIRED : FO_TLS_OFF;

    if (p->tls != NULL && !LOOK_UP(tls_modes, p->tls, &mode))
        return refuse(why, why_capacity, "tls is neither off, desired nor required");
    if (mode != FO_TLS_OFF && !f->has_tls)
        return refuse(why, why_capacity, "tls needs certificates, and none were given");
    r->tls = (enum fo_tls_mode)mode;
    if (p->shared_secret != NULL) {
        if (strlen(p->shared_secret) > FO_SECRET_MAX)
            return refuse(why, why_capacity, "the shared secret is longer than %d bytes",
                          FO_SECRET_MAX);
        snprintf(r->shared_secret, sizeof r->shared_secret, "%s", p->shared_secret);
    }
    return FO_OK;
}

static int read_pairing(const struct fo *f, const struct fo_pairing *p, struct fo_relationship *r,
                        char *why, size_t why_capacity)
{
    int dialect = FO_DIALECT_DRAFT, rc;

    if (p->name == NULL || strlen(p->name) > FO_RELATIONSHIP_NAME_BYTES)
        return refuse(why, why_capacity, "the name of the relationship is missing or too long");
    snprintf(r->name, sizeof r->name, "%s", p->name);
    if (p->dialect != NULL && !LOOK_UP(dialects, p->dialect, &dialect))
        return refuse(why, why_capacity, "the dialect is neither draft nor isc");
    r->dialect = (enum fo_dialect_name)dialect;
    r->dialect_auto = p->dialect == NULL;
    r->percentage = p->primary_percent;
    if (p->partner_port != 0)
        r->partner_port = p->partner_port;
    if (p->mclt_s != 0)
        r->mclt_s = p->mclt_s;
    if (p->receive_timer_s != 0)
        r->receive_timer_s = p->receive_timer_s;
    r->safe_period_s = p->safe_period_s != 0 ? p->safe_period_s : FO_SAFE_PERIOD_NEVER;
    rc = read_servers(p, r, why, why_capacity);
    if (rc == FO_OK)
        rc = read_security(f, p, r, why, why_capacity);
    for (size_t i = 0; rc == FO_OK && i < p->scope_count; i++) {
        fo_ipv4_t subnet;

        if (fo_ipv4_parse(p->scopes[i], &subnet) != FO_OK)
            return refuse(why, why_capacity, "%s is no subnet address", p->scopes[i]);
        rc = fo_relationship_add_scopes(r, &subnet, 1);
    }
    return rc;
}

static void create_relationship(void *context, struct fo_server *s, struct fo_now now,
                                struct fo_outbox *out)
{
    struct pairing_change *c = context;

    if (fo_server_relationship_find(s, c->relationship.name) != NULL)
        c->rc = FO_EEXISTS;
    else if (fo_server_relationship_create(s, &c->relationship, c->birth, now, out, c->why,
                                           c->why_capacity) != ERROR_SUCCESS)
        c->rc = FO_EINVAL;
}

int fo_relationship_set(struct fo *f, const struct fo_pairing *pairing, char *why,
                        size_t why_capacity)
{
    struct pairing_change c = {.birth = pairing->lost_storage ? FO_BIRTH_LOST : FO_BIRTH_VIRGIN,
                               .why = why,
                               .why_capacity = why_capacity};
    int rc;

    fo_relationship_init(&c.relationship);
    rc = read_pairing(f, pairing, &c.relationship, why, why_capacity);
    if (rc == FO_OK)
        rc = fo_door_change(f, create_relationship, &c);
    fo_relationship_fini(&c.relationship);
    return rc != FO_OK ? rc : c.rc;
}

static void delete_relationship(void *context, struct fo_server *s, struct fo_now now,
                                struct fo_outbox *out)
{
    struct pairing_change *c = context;

    if (fo_server_relationship_find(s, c->name) == NULL)
        c->rc = FO_ENOTFOUND;
    else if (fo_server_relationship_delete(s, c->name, now, out, NULL, 0) != ERROR_SUCCESS)
        c->rc = FO_ESTATE;
}

int fo_relationship_remove(struct fo *f, const char *name)
{
    struct pairing_change c = {.name = name};
    int rc = fo_door_change(f, delete_relationship, &c);

    return rc != FO_OK ? rc : c.rc;
}

static void say_partner_down(void *context, struct fo_server *s, struct fo_now now,
                             struct fo_outbox *out)
{
    struct pairing_change *c = context;

    if (fo_server_relationship_find(s, c->name) == NULL)
        c->rc = FO_ENOTFOUND;
    else if (fo_server_command(s, c->name, FO_COMMAND_PARTNER_DOWN, now, out, c->why,
                               c->why_capacity) != ERROR_SUCCESS)
        c->rc = FO_ESTATE;
}

int fo_partner_down(struct fo *f, const char *relationship, char *why, size_t why_capacity)
{
    struct pairing_change c = {.name = relationship, .why = why, .why_capacity = why_capacity};
    int rc = fo_door_change(f, say_partner_down, &c);

    return rc != FO_OK ? rc : c.rc;
}
