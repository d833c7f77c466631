/* state/lease_scopes.c: the scopes of the lease database, sorted by subnet. */
#include "state/lease_db_impl.h"

#include <stdlib.h>
#include <string.h>

/* How many scopes begin at or before |address|. */
static size_t count_until(const struct fo_lease_db *db, fo_ipv4_t address)
{
    size_t low = 0, high = db->scope_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (db->subnets[middle] <= address)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct fo_lease_scope *fo_lease_db_scope_with(const struct fo_lease_db *db, fo_ipv4_t address)
{
    size_t until = count_until(db, address);
    struct fo_lease_scope *ls = until > 0 ? db->scopes[until - 1] : NULL;

    return ls != NULL && address <= fo_lease_scope_last(ls) ? ls : NULL;
}

size_t fo_lease_db_scope_from(const struct fo_lease_db *db, fo_ipv4_t address)
{
    size_t until = count_until(db, address);

    if (until > 0 && address <= fo_lease_scope_last(db->scopes[until - 1]))
        return until - 1;
    return until;
}

struct fo_lease_scope *fo_lease_db_scope_entry(const struct fo_lease_db *db, fo_ipv4_t subnet)
{
    struct fo_lease_scope *ls = fo_lease_db_scope_with(db, subnet);

    return ls != NULL && ls->scope.subnet == subnet ? ls : NULL;
}

static void note_scope(struct fo_lease_db *db, struct fo_lease_scope *ls)
{
    if (!ls->changed)
        db->changed_scopes++;
    ls->changed = true;
}

static int replace_scope(struct fo_lease_db *db, struct fo_lease_scope *ls,
                         const struct fo_scope *s)
{
    struct fo_scope copy = {0};
    int rc;

    if (s->mask != ls->scope.mask)
        return FO_EINVAL;
    rc = fo_scope_copy(s, &copy);
    if (rc != FO_OK)
        return rc;
    fo_lease_scope_exchange(ls, &db->pages, &copy);
    fo_scope_fini(&copy);
    return FO_OK;
}

/* Room for one more scope. */
static int reserve_scope(struct fo_lease_db *db)
{
    size_t capacity = db->scope_capacity > 0 ? db->scope_capacity * 2 : 16;
    struct fo_lease_scope **scopes;
    fo_ipv4_t *subnets;

    if (db->scope_count < db->scope_capacity)
        return FO_OK;
    scopes = realloc(db->scopes, capacity * sizeof(struct fo_lease_scope *));
    if (scopes == NULL)
        return FO_ENOMEM;
    db->scopes = scopes;
    subnets = realloc(db->subnets, capacity * sizeof(*subnets));
    if (subnets == NULL)
        return FO_ENOMEM;
    db->subnets = subnets;
    db->scope_capacity = capacity;
    return FO_OK;
}

static int add_scope(struct fo_lease_db *db, const struct fo_scope *s,
                     struct fo_lease_scope **out_entry)
{
    size_t at = count_until(db, s->subnet);
    size_t behind = db->scope_count - at;
    struct fo_lease_scope *ls;
    int rc;

    if (fo_lease_db_scope_with(db, s->subnet) != NULL ||
        (behind > 0 && db->subnets[at] <= (s->subnet | ~s->mask)))
        return FO_EEXISTS;
    rc = reserve_scope(db);
    if (rc == FO_OK)
        rc = fo_lease_scope_new(s, &db->pages, &ls);
    if (rc != FO_OK)
        return rc;
    memmove(db->scopes + at + 1, db->scopes + at, behind * sizeof(struct fo_lease_scope *));
    memmove(db->subnets + at + 1, db->subnets + at, behind * sizeof(*db->subnets));
    db->scopes[at] = ls;
    db->subnets[at] = s->subnet;
    db->scope_count++;
    *out_entry = ls;
    return FO_OK;
}

int fo_lease_db_install_scope(struct fo_lease_db *db, const struct fo_scope *s, bool note)
{
    struct fo_lease_scope *ls = fo_lease_db_scope_entry(db, s->subnet);
    int rc = ls != NULL ? replace_scope(db, ls, s) : add_scope(db, s, &ls);

    if (rc == FO_OK && note)
        note_scope(db, ls);
    return rc;
}

int fo_lease_db_set_scope(struct fo_lease_db *db, const struct fo_scope *s)
{
    return fo_lease_db_install_scope(db, s, true);
}

static void remove_page(struct fo_lease_db *db, struct fo_lease_page *page)
{
    for (uint32_t place = 0; place < page->size; place++)
        fo_client_index_remove(&db->clients, &db->pages, fo_page_ref(page, place));
    fo_page_table_remove(&db->pages, page);
}

int fo_lease_db_remove_scope(struct fo_lease_db *db, fo_ipv4_t subnet)
{
    struct fo_lease_scope *ls = fo_lease_db_scope_entry(db, subnet);
    struct fo_range *removed;
    size_t at, behind;

    if (ls == NULL)
        return FO_ENOTFOUND;
    removed = realloc(db->removed, (db->removed_count + 1) * sizeof(*removed));
    if (removed == NULL)
        return FO_ENOMEM;
    db->removed = removed;
    db->removed[db->removed_count++] = (struct fo_range){subnet, fo_lease_scope_last(ls)};
    at = count_until(db, subnet) - 1;
    behind = db->scope_count - at - 1;
    memmove(db->scopes + at, db->scopes + at + 1, behind * sizeof(struct fo_lease_scope *));
    memmove(db->subnets + at, db->subnets + at + 1, behind * sizeof(*db->subnets));
    db->scope_count--;
    db->changed_scopes -= ls->changed;
    db->size -= ls->touched_count;
    fo_address_list_drop(&db->changed, subnet, fo_lease_scope_last(ls));
    fo_lease_db_drop_due(db, ls);
    for (uint32_t index = 0; index < ls->page_count; index++)
        if (ls->pages[index] != 0)
            remove_page(db, db->pages.list[ls->pages[index]]);
    fo_lease_scope_free(ls);
    return FO_OK;
}

const struct fo_scope *fo_lease_db_scope(const struct fo_lease_db *db, fo_ipv4_t subnet)
{
    const struct fo_lease_scope *ls = fo_lease_db_scope_entry(db, subnet);

    return ls != NULL ? &ls->scope : NULL;
}

const struct fo_scope *fo_lease_db_scope_of(const struct fo_lease_db *db, fo_ipv4_t address)
{
    const struct fo_lease_scope *ls = fo_lease_db_scope_with(db, address);

    return ls != NULL ? &ls->scope : NULL;
}

size_t fo_lease_db_scope_count(const struct fo_lease_db *db)
{
    return db->scope_count;
}

const struct fo_scope *fo_lease_db_scope_at(const struct fo_lease_db *db, size_t index)
{
    return index < db->scope_count ? &db->scopes[index]->scope : NULL;
}

void fo_lease_db_set_owner(struct fo_lease_db *db, fo_ipv4_t subnet, int owner)
{
    struct fo_lease_scope *ls = fo_lease_db_scope_entry(db, subnet);

    if (ls != NULL)
        ls->owner = owner;
}

int fo_lease_db_owner(const struct fo_lease_db *db, fo_ipv4_t address)
{
    const struct fo_lease_scope *ls = fo_lease_db_scope_with(db, address);

    return ls != NULL ? ls->owner : -1;
}
