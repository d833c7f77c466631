/* Changes of relationships judged in the documented order, and nothing changed: the checks of
 * state/relationship_check.c with a view of this server (MAPI §1.2). */
#include "fo/relationship_view.h"

struct view {
    const struct fo_relationship *list[FO_RELATIONSHIPS_MAX];
    struct fo_relationship_view v;
};

static bool scope_exists(void *context, fo_ipv4_t subnet)
{
    const struct fo_server *s = context;
    return fo_lease_db_scope(s->leases, subnet) != NULL;
}

static bool scope_bootp_only(void *context, fo_ipv4_t subnet)
{
    const struct fo_server *s = context;
    const struct fo_scope *scope = fo_lease_db_scope(s->leases, subnet);
    return scope != NULL && fo_scope_has_bootp_only(scope);
}

static enum fo_state state_of(void *context, const char *name)
{
    const struct fo_endpoint *ep = fo_endpoint_find(context, name);
    return ep != NULL ? ep->state : FO_STATE_NONE;
}

static bool resync_running(void *context, const char *name)
{
    const struct fo_endpoint *ep = fo_endpoint_find(context, name);
    return ep != NULL && (ep->request_open || ep->sender.answering);
}

static const struct fo_relationship_view *view_of(struct fo_server *s, struct view *v)
{
    for (size_t i = 0; i < s->endpoint_count; i++)
        v->list[i] = &s->endpoints[i]->r;
    v->v = (struct fo_relationship_view){
        v->list, s->endpoint_count, scope_exists, scope_bootp_only, state_of, resync_running, s};
    return &v->v;
}

uint32_t fo_relationship_check_means(const struct fo_server *s, const struct fo_relationship *r,
                                     char *why, size_t why_capacity)
{
    const struct fo_dialect *d = fo_dialect_get(r->dialect);
    if (r->tls == FO_TLS_REQUIRED && !d->may_tls)
        fo_server_why(why, why_capacity, "tls is required but a partner of dialect %s has none",
                      d->name);
    else if (r->tls == FO_TLS_REQUIRED && !s->config.tls_available)
        fo_server_why(why, why_capacity, "tls is required but no certificates are configured");
    else if (r->shared_secret[0] != '\0' && !d->may_digest)
        fo_server_why(why, why_capacity,
                      "a shared secret is set but a partner of dialect %s knows no digests",
                      d->name);
    else if (r->shared_secret[0] != '\0' && s->config.digest_new == NULL)
        fo_server_why(why, why_capacity, "a shared secret is set but digests are not available");
    else
        return ERROR_SUCCESS;
    return ERROR_INVALID_PARAMETER;
}

uint32_t fo_server_relationship_validate(struct fo_server *s, const struct fo_relationship *r,
                                         const struct fo_check_sink *collect, char *why,
                                         size_t why_capacity)
{
    struct view v;
    char sentence[256];
    uint32_t code = fo_relationship_check_create(r, view_of(s, &v), collect, why, why_capacity);
    uint32_t means = fo_relationship_check_means(s, r, sentence, sizeof sentence);
    if (means == ERROR_SUCCESS)
        return code;
    if (collect != NULL)
        collect->failed(collect->context, means, sentence);
    if (code != ERROR_SUCCESS)
        return code;
    fo_server_why(why, why_capacity, "%s", sentence);
    return means;
}

uint32_t fo_server_relationship_check_set(struct fo_server *s, const struct fo_relationship *r,
                                          uint32_t flags, char *why, size_t why_capacity)
{
    struct view v;
    return fo_relationship_check_set(r, flags, view_of(s, &v), why, why_capacity);
}

uint32_t fo_server_relationship_check_add(struct fo_server *s, const char *name,
                                          const fo_ipv4_t *scopes, size_t count, char *why,
                                          size_t why_capacity)
{
    struct view v;
    return fo_relationship_check_add_scopes(name, scopes, count, view_of(s, &v), why, why_capacity);
}

uint32_t fo_server_relationship_check_remove(struct fo_server *s, const char *name,
                                             const fo_ipv4_t *scopes, size_t count, char *why,
                                             size_t why_capacity)
{
    struct view v;
    return fo_relationship_check_remove_scopes(name, scopes, count, view_of(s, &v), why,
                                               why_capacity);
}
