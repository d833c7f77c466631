/* state/lease_find.c: walking in address order, and the two searches. */
#include "state/lease_db_impl.h"

#include <assert.h>
#include <string.h>

/* --- walking ----------------------------------------------------------------------------- */

/* The first touched or, if |untouched_too|, leasable address of the page at |index| from |place|
 * on; the page's size: none. */
static uint32_t next_place(const struct fo_lease_db *db, const struct fo_lease_scope *ls,
                           uint32_t index, uint32_t place, bool untouched_too)
{
    const struct fo_lease_page *page = ls->pages[index] ? db->pages.list[ls->pages[index]] : NULL;
    uint32_t size = fo_lease_scope_page_size(ls);
    uint64_t wanted[FO_PAGE_WORDS] = {0}, reserved[FO_PAGE_WORDS];

    if (!untouched_too)
        return page != NULL ? fo_map_next(page->touched_map, place, size) : size;
    if (page == NULL)
        fo_page_layout(&ls->scope, fo_lease_scope_page_first(ls, index), size, wanted, reserved);
    for (uint32_t i = 0; page != NULL && i < FO_PAGE_WORDS; i++)
        wanted[i] = page->touched_map[i] | page->leasable_map[i];
    return fo_map_next(wanted, place, size);
}

/* The next page from |index| on that has something; page_count: none. */
static uint32_t next_page(const struct fo_lease_scope *ls, uint32_t index, bool untouched_too)
{
    uint32_t touched = fo_map_next(ls->touched, index, ls->page_count);
    uint32_t leasable = ls->page_count;

    if (untouched_too)
        leasable = fo_map_next(ls->leasable, index, ls->page_count);
    return touched < leasable ? touched : leasable;
}

static bool next_address(const struct fo_lease_db *db, const struct fo_lease_scope *ls,
                         fo_ipv4_t from, bool untouched_too, fo_ipv4_t *out_address)
{
    uint32_t index = fo_lease_scope_index(ls, from);
    uint32_t place = fo_lease_scope_place(ls, from);

    for (;;) {
        uint32_t found = next_page(ls, index, untouched_too);
        if (found == ls->page_count)
            return false;
        if (found > index)
            place = 0;
        place = next_place(db, ls, found, place, untouched_too);
        if (place < fo_lease_scope_page_size(ls)) {
            *out_address = fo_lease_scope_page_first(ls, found) + place;
            return true;
        }
        index = found + 1;
        place = 0;
    }
}

bool fo_lease_db_next(const struct fo_lease_db *db, fo_ipv4_t from, struct fo_binding *out)
{
    for (size_t i = fo_lease_db_scope_from(db, from); i < db->scope_count; i++) {
        const struct fo_lease_scope *ls = db->scopes[i];
        fo_ipv4_t start = from > ls->scope.subnet ? from : ls->scope.subnet;
        fo_ipv4_t address;
        if (next_address(db, ls, start, false, &address))
            return fo_lease_db_get(db, address, out) == FO_OK;
    }
    return false;
}

bool fo_lease_db_next_in(const struct fo_lease_db *db, fo_ipv4_t subnet, fo_ipv4_t from,
                         bool untouched_too, struct fo_binding *out)
{
    const struct fo_lease_scope *ls = fo_lease_db_scope_entry(db, subnet);
    fo_ipv4_t address;

    if (ls == NULL || from > fo_lease_scope_last(ls))
        return false;
    if (from < subnet)
        from = subnet;
    if (!next_address(db, ls, from, untouched_too, &address))
        return false;
    return fo_lease_db_get(db, address, out) == FO_OK;
}

/* --- an available address ---------------------------------------------------------------- */

/* The first available address of |status| in places [from, to) of the page at |index|; |to|: none.
 */
static uint32_t available_place(const struct fo_lease_db *db, const struct fo_lease_scope *ls,
                                uint32_t index, enum fo_binding_status status, uint32_t from,
                                uint32_t to)
{
    uint64_t leasable[FO_PAGE_WORDS], reserved[FO_PAGE_WORDS];
    const struct fo_lease_page *page;
    const uint8_t *hit;

    if (ls->pages[index] != 0) {
        page = db->pages.list[ls->pages[index]];
        hit = memchr(page->availability + from, (int)status, to - from);
        return hit != NULL ? (uint32_t)(hit - page->availability) : to;
    }
    fo_page_layout(&ls->scope, fo_lease_scope_page_first(ls, index), fo_lease_scope_page_size(ls),
                   leasable, reserved);
    for (uint32_t i = 0; i < FO_PAGE_WORDS; i++)
        leasable[i] &= ~reserved[i];
    return fo_map_next(leasable, from, to);
}

bool fo_lease_db_available(const struct fo_lease_db *db, fo_ipv4_t subnet,
                           enum fo_binding_status status, fo_ipv4_t from, fo_ipv4_t *out_address)
{
    const struct fo_lease_scope *ls = fo_lease_db_scope_entry(db, subnet);
    uint32_t size, index, place;

    assert(status < FO_STATUS_COUNT);
    if (ls == NULL)
        return false;
    if (from < subnet || from > fo_lease_scope_last(ls))
        from = subnet;
    size = fo_lease_scope_page_size(ls);
    index = fo_lease_scope_index(ls, from);
    place = size;
    /* The rest of the page we start in, the pages behind it, then from the beginning. */
    if (fo_map_has(ls->available[status], index))
        place = available_place(db, ls, index, status, fo_lease_scope_place(ls, from), size);
    if (place == size) {
        index = fo_map_next(ls->available[status], index + 1, ls->page_count);
        if (index == ls->page_count)
            index = fo_map_next(ls->available[status], 0, ls->page_count);
        if (index == ls->page_count)
            return false;
        place = available_place(db, ls, index, status, 0, size);
    }
    *out_address = fo_lease_scope_page_first(ls, index) + place;
    return true;
}

/* --- the address of a client ------------------------------------------------------------- */

/* Whether |a| is the better answer for a client that has both: what it holds before what it held,
 * then what it used last; by address, so that the answer does not depend on history. */
static bool better(const struct fo_lease_slot *a, fo_ipv4_t a_address,
                   const struct fo_lease_slot *b, fo_ipv4_t b_address)
{
    bool a_active = a->status == FO_STATUS_ACTIVE, b_active = b->status == FO_STATUS_ACTIVE;

    if (a_active != b_active)
        return a_active;
    if (a->client_last_transaction != b->client_last_transaction)
        return a->client_last_transaction > b->client_last_transaction;
    return a_address < b_address;
}

bool fo_lease_db_find_client(const struct fo_lease_db *db, fo_ipv4_t subnet,
                             const struct fo_client *client, fo_ipv4_t *out_address)
{
    const struct fo_lease_slot *best = NULL;
    fo_ipv4_t best_address = 0;
    fo_lease_ref next;

    for (fo_lease_ref ref = fo_client_index_chain(&db->clients, client); ref != 0; ref = next) {
        const struct fo_lease_page *page = fo_page_of(&db->pages, ref);
        const struct fo_lease_slot *slot = fo_slot_of(&db->pages, ref);
        fo_ipv4_t address = page->first + (ref & 0xff);
        struct fo_client held;

        next = slot->next;
        if (subnet != 0 && page->scope->scope.subnet != subnet)
            continue;
        fo_slot_client(slot, &held);
        if (!fo_client_equal(&held, client))
            continue;
        if (best == NULL || better(slot, address, best, best_address)) {
            best = slot;
            best_address = address;
        }
    }
    if (best != NULL)
        *out_address = best_address;
    return best != NULL;
}
