/* state/lease_flush.c: what changed since the last time, in address order. */
#include "state/lease_db_impl.h"

#include <assert.h>
#include <stdlib.h>

#include "state/record.h"

#define DELETE_BATCH 512u /* keys held at a time while a removed scope's bindings go */
#define STOP         1    /* ends a walk early */

bool fo_lease_db_dirty(const struct fo_lease_db *db)
{
    return db->changed.count > 0 || db->removed_count > 0 || db->changed_scopes > 0;
}

/* --- scopes ------------------------------------------------------------------------------ */

struct batch {
    fo_ipv4_t last;
    fo_ipv4_t addresses[DELETE_BATCH];
    size_t count;
};

static int collect(void *context, const void *key, size_t key_length, const void *value,
                   size_t value_length)
{
    struct batch *b = context;
    fo_ipv4_t address;

    (void)value;
    (void)value_length;
    if (fo_record_get_address(key, key_length, &address) != FO_OK)
        return FO_OK; /* not a key of ours: fo_lease_db_load sets it aside */
    if (address > b->last || b->count == DELETE_BATCH)
        return STOP;
    b->addresses[b->count++] = address;
    return FO_OK;
}

/* Deletes the bindings from |r.first| to |r.last|; a walk must not change what it walks over. */
static int delete_bindings(struct fo_store *store, struct fo_range r)
{
    struct batch b = {.last = r.last};
    uint8_t key[4];
    int rc;

    do {
        b.count = 0;
        fo_record_put_address(r.first, key);
        rc = fo_store_walk(store, FO_TABLE_BINDING, key, sizeof(key), collect, &b);
        if (rc == STOP)
            rc = FO_OK;
        for (size_t i = 0; rc == FO_OK && i < b.count; i++) {
            fo_record_put_address(b.addresses[i], key);
            rc = fo_store_del(store, FO_TABLE_BINDING, key, sizeof(key));
        }
    } while (rc == FO_OK && b.count == DELETE_BATCH);
    return rc;
}

static int flush_removed(const struct fo_lease_db *db, struct fo_store *store)
{
    int rc = FO_OK;

    for (size_t i = 0; rc == FO_OK && i < db->removed_count; i++) {
        uint8_t key[4];
        fo_record_put_address(db->removed[i].first, key);
        rc = fo_store_del(store, FO_TABLE_SCOPE, key, sizeof(key));
        if (rc == FO_OK)
            rc = delete_bindings(store, db->removed[i]);
    }
    return rc;
}

static int flush_scope(const struct fo_scope *s, struct fo_store *store)
{
    uint8_t key[4], *value;
    size_t length;
    int rc = fo_record_write_scope(s, &value, &length);

    if (rc != FO_OK)
        return rc;
    fo_record_put_address(s->subnet, key);
    rc = fo_store_put(store, FO_TABLE_SCOPE, key, sizeof(key), value, length);
    free(value);
    return rc;
}

static int flush_scopes(const struct fo_lease_db *db, struct fo_store *store)
{
    int rc = FO_OK;

    if (db->changed_scopes == 0)
        return FO_OK;
    for (size_t i = 0; rc == FO_OK && i < db->scope_count; i++)
        if (db->scopes[i]->changed)
            rc = flush_scope(&db->scopes[i]->scope, store);
    return rc;
}

/* --- bindings ---------------------------------------------------------------------------- */

static int flush_binding(struct fo_store *store, fo_ipv4_t address,
                         const struct fo_lease_slot *slot)
{
    uint8_t key[4], value[FO_RECORD_BINDING_MAX];
    struct fo_binding b;
    size_t length;

    fo_record_put_address(address, key);
    if (!fo_slot_touched(slot))
        return fo_store_del(store, FO_TABLE_BINDING, key, sizeof(key));
    fo_slot_binding(slot, address, &b);
    length = fo_record_write_binding(&b, value);
    return fo_store_put(store, FO_TABLE_BINDING, key, sizeof(key), value, length);
}

static struct fo_lease_slot *changed_slot(const struct fo_lease_db *db, size_t i)
{
    struct fo_lease_page *page = NULL;
    uint32_t place = 0;
    bool found = fo_lease_db_place(db, db->changed.items[i], &page, &place);

    assert(found);
    return found ? &page->slots[place] : NULL;
}

/* Only after everything was written: a failed flush may be repeated in another transaction. */
static void forget_changes(struct fo_lease_db *db)
{
    for (size_t i = 0; i < db->changed.count; i++)
        changed_slot(db, i)->changed = 0;
    db->changed.count = 0;
    for (size_t i = 0; db->changed_scopes > 0 && i < db->scope_count; i++)
        db->scopes[i]->changed = false;
    db->changed_scopes = 0;
    free(db->removed);
    db->removed = NULL;
    db->removed_count = 0;
}

int fo_lease_db_flush(struct fo_lease_db *db, struct fo_store *store)
{
    int rc = flush_removed(db, store);

    if (rc == FO_OK)
        rc = flush_scopes(db, store);
    fo_address_list_sort(&db->changed);
    for (size_t i = 0; rc == FO_OK && i < db->changed.count; i++)
        rc = flush_binding(store, db->changed.items[i], changed_slot(db, i));
    if (rc == FO_OK)
        forget_changes(db);
    return rc;
}
