/* state/lease_scope.c: what is counted, and where to look. */
#include "state/lease_scope.h"

#include <stdlib.h>
#include <string.h>

#define MAPS (FO_STATUS_COUNT + 2)

static bool subnet_valid(const struct fo_scope *s)
{
    uint32_t hosts = ~s->mask;

    return (hosts & (hosts + 1)) == 0 && (s->subnet & hosts) == 0;
}

void fo_lease_scope_free(struct fo_lease_scope *ls)
{
    if (ls == NULL)
        return;
    fo_scope_fini(&ls->scope);
    free(ls->pages);
    free(ls->maps);
    free(ls);
}

fo_ipv4_t fo_lease_scope_page_first(const struct fo_lease_scope *ls, uint32_t index)
{
    return ls->scope.subnet + index * FO_PAGE_ADDRESSES;
}

uint32_t fo_lease_scope_page_size(const struct fo_lease_scope *ls)
{
    uint32_t hosts = ~ls->scope.mask;

    return hosts < FO_PAGE_ADDRESSES ? hosts + 1 : FO_PAGE_ADDRESSES;
}

static bool counts_outside(enum fo_binding_status status)
{
    return status == FO_STATUS_ACTIVE || status == FO_STATUS_ABANDONED;
}

/* Notes one more (or less) available address of |status| on a page. */
static void count_available(struct fo_lease_scope *ls, struct fo_lease_page *page,
                            enum fo_binding_status status, bool more)
{
    uint32_t index = fo_lease_scope_index(ls, page->first);

    page->available[status] = (uint16_t)(page->available[status] + (more ? 1 : -1));
    fo_map_set(ls->available[status], index, page->available[status] > 0);
}

/* Finds out what is available on a page: its maps are new, or changed. */
static void survey_page(struct fo_lease_scope *ls, struct fo_lease_page *page)
{
    uint32_t index = fo_lease_scope_index(ls, page->first);

    memset(page->available, 0, sizeof(page->available));
    memset(page->availability, 0, sizeof(page->availability));
    for (uint32_t place = 0; place < page->size; place++) {
        enum fo_binding_status status = fo_slot_status(&page->slots[place]);
        if (!fo_map_has(page->leasable_map, place) || fo_map_has(page->reserved_map, place))
            continue;
        page->availability[place] = (uint8_t)status;
        page->available[status]++;
    }
    for (int status = 0; status < FO_STATUS_COUNT; status++)
        fo_map_set(ls->available[status], index, page->available[status] > 0);
}

int fo_lease_scope_make_page(struct fo_lease_scope *ls, struct fo_page_table *t, uint32_t index,
                             struct fo_lease_page **out_page)
{
    fo_ipv4_t first = fo_lease_scope_page_first(ls, index);
    uint32_t size = fo_lease_scope_page_size(ls);
    struct fo_lease_page *page;
    int rc;

    if (ls->pages[index] != 0) {
        *out_page = t->list[ls->pages[index]];
        return FO_OK;
    }
    rc = fo_page_table_add(t, first, size, &page);
    if (rc != FO_OK)
        return rc;
    page->scope = ls;
    fo_page_layout(&ls->scope, first, size, page->leasable_map, page->reserved_map);
    survey_page(ls, page);
    ls->pages[index] = page->number;
    *out_page = page;
    return FO_OK;
}

/* Counts the addresses of a page that exists. */
static void count_page(struct fo_lease_scope *ls, const struct fo_lease_page *page)
{
    for (uint32_t place = 0; place < page->size; place++) {
        enum fo_binding_status status = fo_slot_status(&page->slots[place]);
        if (fo_map_has(page->leasable_map, place))
            ls->counts.by_status[status]++;
        else
            ls->counts.outside += counts_outside(status);
    }
}

/* Counts the addresses that a page would have. */
static void count_absent(struct fo_lease_scope *ls, uint32_t index,
                         const uint64_t leasable[FO_PAGE_WORDS],
                         const uint64_t reserved[FO_PAGE_WORDS])
{
    bool available = false;

    for (uint32_t i = 0; i < FO_PAGE_WORDS; i++) {
        ls->counts.by_status[FO_STATUS_FREE] += (uint64_t)__builtin_popcountll(leasable[i]);
        available |= (leasable[i] & ~reserved[i]) != 0;
    }
    fo_map_set(ls->available[FO_STATUS_FREE], index, available);
}

static void count_all(struct fo_lease_scope *ls, const struct fo_page_table *t)
{
    uint32_t size = fo_lease_scope_page_size(ls);

    memset(&ls->counts, 0, sizeof(ls->counts));
    for (uint32_t index = 0; index < ls->page_count; index++) {
        struct fo_lease_page *page = t->list != NULL ? t->list[ls->pages[index]] : NULL;
        uint64_t leasable[FO_PAGE_WORDS], reserved[FO_PAGE_WORDS];
        uint64_t any = 0;

        fo_page_layout(&ls->scope, fo_lease_scope_page_first(ls, index), size, leasable, reserved);
        for (uint32_t i = 0; i < FO_PAGE_WORDS; i++) {
            ls->counts.leasable += (uint64_t)__builtin_popcountll(leasable[i]);
            any |= leasable[i];
        }
        fo_map_set(ls->leasable, index, any != 0);
        if (page == NULL) {
            count_absent(ls, index, leasable, reserved);
            continue;
        }
        memcpy(page->leasable_map, leasable, sizeof(leasable));
        memcpy(page->reserved_map, reserved, sizeof(reserved));
        survey_page(ls, page);
        count_page(ls, page);
    }
}

void fo_lease_scope_exchange(struct fo_lease_scope *ls, const struct fo_page_table *t,
                             struct fo_scope *scope)
{
    struct fo_scope former = ls->scope;

    ls->scope = *scope;
    *scope = former;
    count_all(ls, t);
}

int fo_lease_scope_new(const struct fo_scope *s, const struct fo_page_table *t,
                       struct fo_lease_scope **out)
{
    struct fo_lease_scope *ls;
    size_t words;
    int rc;

    if (!subnet_valid(s))
        return FO_EINVAL;
    ls = calloc(1, sizeof(*ls));
    if (ls == NULL)
        return FO_ENOMEM;
    ls->owner = -1;
    ls->page_count = ~s->mask / FO_PAGE_ADDRESSES + 1;
    words = (ls->page_count + 63) / 64;
    ls->pages = calloc(ls->page_count, sizeof(*ls->pages));
    ls->maps = calloc(words * MAPS, sizeof(*ls->maps));
    rc = ls->pages != NULL && ls->maps != NULL ? fo_scope_copy(s, &ls->scope) : FO_ENOMEM;
    if (rc != FO_OK) {
        fo_lease_scope_free(ls);
        return rc;
    }
    for (int status = 0; status < FO_STATUS_COUNT; status++)
        ls->available[status] = ls->maps + (size_t)status * words;
    ls->touched = ls->maps + FO_STATUS_COUNT * words;
    ls->leasable = ls->touched + words;
    count_all(ls, t);
    *out = ls;
    return FO_OK;
}

void fo_lease_scope_recount(struct fo_lease_scope *ls, struct fo_lease_page *page, uint32_t place,
                            enum fo_binding_status to)
{
    enum fo_binding_status from = fo_slot_status(&page->slots[place]);
    bool was_touched = fo_slot_touched(&page->slots[place]);
    bool is_touched = to != FO_STATUS_NONE;

    if (was_touched != is_touched) {
        fo_map_set(page->touched_map, place, is_touched);
        page->touched = (uint16_t)(page->touched + (is_touched ? 1 : -1));
        ls->touched_count += is_touched ? 1 : -(uint64_t)1;
        fo_map_set(ls->touched, fo_lease_scope_index(ls, page->first), page->touched > 0);
    }
    if (!is_touched)
        to = FO_STATUS_FREE;
    if (from == to)
        return;
    if (!fo_map_has(page->leasable_map, place)) {
        ls->counts.outside += (uint64_t)counts_outside(to) - (uint64_t)counts_outside(from);
        return;
    }
    ls->counts.by_status[from]--;
    ls->counts.by_status[to]++;
    if (fo_map_has(page->reserved_map, place))
        return;
    page->availability[place] = (uint8_t)to;
    count_available(ls, page, from, false);
    count_available(ls, page, to, true);
}
