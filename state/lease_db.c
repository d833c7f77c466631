/* state/lease_db.c: the single door to the bindings. */
#include "state/lease_db_impl.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct fo_lease_db *fo_lease_db_new(void)
{
    return calloc(1, sizeof(struct fo_lease_db));
}

void fo_lease_db_free(struct fo_lease_db *db)
{
    if (db == NULL)
        return;
    fo_page_table_fini(&db->pages);
    for (size_t i = 0; i < db->scope_count; i++)
        fo_lease_scope_free(db->scopes[i]);
    free(db->scopes);
    free(db->subnets);
    fo_client_index_fini(&db->clients);
    fo_due_heap_fini(&db->due);
    fo_address_list_fini(&db->changed);
    free(db->removed);
    free(db);
}

void fo_lease_db_seed(struct fo_lease_db *db, uint64_t seed)
{
    assert(db->clients.count == 0);
    db->clients.seed = seed;
}

/* --- finding the place ------------------------------------------------------------------- */

bool fo_lease_db_place(const struct fo_lease_db *db, fo_ipv4_t address,
                       struct fo_lease_page **out_page, uint32_t *out_place)
{
    const struct fo_lease_scope *ls = fo_lease_db_scope_with(db, address);
    uint32_t number = ls != NULL ? ls->pages[fo_lease_scope_index(ls, address)] : 0;

    if (number == 0)
        return false;
    *out_page = db->pages.list[number];
    *out_place = fo_lease_scope_place(ls, address);
    return true;
}

int fo_lease_db_make_place(struct fo_lease_db *db, fo_ipv4_t address,
                           struct fo_lease_page **out_page, uint32_t *out_place)
{
    struct fo_lease_scope *ls = fo_lease_db_scope_with(db, address);

    if (ls == NULL)
        return FO_ENOTFOUND;
    *out_place = fo_lease_scope_place(ls, address);
    return fo_lease_scope_make_page(ls, &db->pages, fo_lease_scope_index(ls, address), out_page);
}

/* --- bindings ---------------------------------------------------------------------------- */

int fo_lease_db_get(const struct fo_lease_db *db, fo_ipv4_t address, struct fo_binding *out)
{
    struct fo_lease_page *page;
    uint32_t place;

    if (fo_lease_db_place(db, address, &page, &place)) {
        fo_slot_binding(&page->slots[place], address, out);
        return FO_OK;
    }
    if (fo_lease_db_scope_with(db, address) == NULL)
        return FO_ENOTFOUND;
    *out = (struct fo_binding){.address = address, .status = FO_STATUS_FREE};
    return FO_OK;
}

/* Notes for the next flush that |slot| changed. */
static int note_change(struct fo_lease_db *db, fo_ipv4_t address, struct fo_lease_slot *slot)
{
    int rc = FO_OK;

    if (slot->changed == 0)
        rc = fo_address_list_add(&db->changed, address);
    if (rc == FO_OK)
        slot->changed = 1;
    return rc;
}

/* Moves the counters to |to|, the slot's status being the former one. */
static void recount(struct fo_lease_db *db, struct fo_lease_page *page, uint32_t place,
                    enum fo_binding_status to)
{
    uint64_t before = page->scope->touched_count;

    fo_lease_scope_recount(page->scope, page, place, to);
    db->size += page->scope->touched_count - before;
}

static int replace_client(struct fo_lease_db *db, struct fo_lease_page *page, uint32_t place,
                          const struct fo_client *client)
{
    struct fo_lease_slot *slot = &page->slots[place];
    fo_lease_ref ref = fo_page_ref(page, place);
    int rc;

    if (db->loading)
        return fo_slot_set_client(slot, client);
    rc = fo_client_index_reserve(&db->clients);
    if (rc != FO_OK)
        return rc;
    fo_client_index_remove(&db->clients, &db->pages, ref);
    rc = fo_slot_set_client(slot, client);
    fo_client_index_add(&db->clients, &db->pages, ref); /* the new one, or the former again */
    return rc;
}

int fo_lease_db_install(struct fo_lease_db *db, const struct fo_binding *b, bool note)
{
    struct fo_lease_page *page;
    struct fo_lease_slot *slot;
    uint32_t place;
    int rc;

    assert(b->status > FO_STATUS_NONE && b->status < FO_STATUS_COUNT);
    rc = fo_lease_db_make_place(db, b->address, &page, &place);
    if (rc != FO_OK)
        return rc;
    slot = &page->slots[place];
    if (note)
        rc = note_change(db, b->address, slot); /* once too often does no harm */
    if (rc == FO_OK && !fo_slot_holds_client(slot, &b->client))
        rc = replace_client(db, page, place, &b->client);
    if (rc != FO_OK)
        return rc;
    if (slot->status != b->status)
        recount(db, page, place, (enum fo_binding_status)b->status);
    fo_slot_set_times(slot, b);
    return FO_OK;
}

int fo_lease_db_put(struct fo_lease_db *db, const struct fo_binding *b)
{
    return fo_lease_db_install(db, b, true);
}

int fo_lease_db_forget(struct fo_lease_db *db, fo_ipv4_t address)
{
    struct fo_lease_page *page;
    struct fo_lease_slot *slot;
    uint32_t place;
    int rc;

    if (!fo_lease_db_place(db, address, &page, &place))
        return fo_lease_db_scope_with(db, address) != NULL ? FO_OK : FO_ENOTFOUND;
    slot = &page->slots[place];
    if (!fo_slot_touched(slot))
        return FO_OK;
    rc = note_change(db, address, slot);
    if (rc != FO_OK)
        return rc;
    recount(db, page, place, FO_STATUS_NONE);
    fo_client_index_remove(&db->clients, &db->pages, fo_page_ref(page, place));
    fo_slot_clear_client(slot);
    fo_slot_set_times(slot, &(struct fo_binding){.status = FO_STATUS_NONE});
    return FO_OK;
}

uint8_t fo_lease_db_marks(const struct fo_lease_db *db, fo_ipv4_t address)
{
    struct fo_lease_page *page;
    uint32_t place;

    return fo_lease_db_place(db, address, &page, &place) ? page->slots[place].marks : 0;
}

int fo_lease_db_set_marks(struct fo_lease_db *db, fo_ipv4_t address, uint8_t marks)
{
    struct fo_lease_page *page;
    uint32_t place;
    int rc = fo_lease_db_make_place(db, address, &page, &place);

    if (rc == FO_OK)
        page->slots[place].marks = marks;
    return rc;
}

void fo_lease_db_counts(const struct fo_lease_db *db, fo_ipv4_t subnet, struct fo_scope_counts *out)
{
    const struct fo_lease_scope *ls = fo_lease_db_scope_entry(db, subnet);

    *out = ls != NULL ? ls->counts : (struct fo_scope_counts){0};
}

uint64_t fo_lease_db_size(const struct fo_lease_db *db)
{
    return db->size;
}
