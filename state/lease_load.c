/* state/lease_load.c: the lease database as the store has it. */
#include "state/lease_db_impl.h"

#include <assert.h>

#include "state/quarantine.h"
#include "state/record.h"

struct load {
    struct fo_lease_db *db;
    struct fo_lease_db_load counts;
};

static int load_scope(void *context, const void *key, size_t key_length, const void *value,
                      size_t value_length)
{
    struct load *l = context;
    struct fo_scope s = {0};
    fo_ipv4_t subnet;
    int rc = fo_record_get_address(key, key_length, &subnet);

    if (rc == FO_OK)
        rc = fo_record_read_scope(value, value_length, &s);
    if (rc != FO_OK)
        return rc;
    rc = s.subnet == subnet ? fo_lease_db_install_scope(l->db, &s, false) : FO_EDAMAGED;
    fo_scope_fini(&s);
    if (rc == FO_EEXISTS || rc == FO_EINVAL) /* overlaps another, or is no subnet */
        return FO_EDAMAGED;
    l->counts.scopes += rc == FO_OK;
    return rc;
}

static int load_binding(void *context, const void *key, size_t key_length, const void *value,
                        size_t value_length)
{
    struct load *l = context;
    struct fo_binding b;
    int rc = fo_record_read_binding(key, key_length, value, value_length, &b);

    if (rc == FO_OK)
        rc = fo_lease_db_install(l->db, &b, false);
    if (rc == FO_ENOTFOUND) { /* its scope may be among the damaged: it stays on disk */
        l->counts.orphaned++;
        return FO_OK;
    }
    l->counts.bindings += rc == FO_OK;
    return rc;
}

int fo_lease_db_load(struct fo_lease_db *db, struct fo_store *store,
                     void (*on_damage)(void *context, enum fo_table table, const char *what),
                     void *context, struct fo_lease_db_load *out)
{
    struct load l = {.db = db};
    uint64_t scopes = 0, bindings = 0;
    int rc;

    assert(db->scope_count == 0);
    db->loading = true;
    rc = fo_quarantine_walk(store, FO_TABLE_SCOPE, load_scope, &l, on_damage, context, &scopes);
    if (rc == FO_OK)
        rc = fo_quarantine_walk(store, FO_TABLE_BINDING, load_binding, &l, on_damage, context,
                                &bindings);
    db->loading = false;
    if (rc == FO_OK)
        rc = fo_client_index_build(&db->clients, &db->pages, (uint32_t)db->size);
    if (rc != FO_OK)
        return rc;
    l.counts.damaged = scopes + bindings;
    *out = l.counts;
    return FO_OK;
}
