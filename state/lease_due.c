/*
 * state/lease_due.c: one due time per address.
 *
 * Most changes put a due time off (a renewal), so those cost nothing here: the entry in the heap
 * stays and is put right when it comes up. An earlier time pushes a second entry; the first one
 * then no longer equals |queued| and is dropped when it comes up. When such leftovers outnumber
 * the addresses that have a due time, the heap is made anew: it never holds more than twice as
 * many entries as addresses, and HEAP_SLACK.
 */
#include "state/lease_db_impl.h"

#define HEAP_SLACK 64u

static struct fo_lease_due *due_of(const struct fo_lease_db *db, fo_lease_ref ref)
{
    return &fo_page_of(&db->pages, ref)->due[ref & 0xff];
}

/* Keeps one entry per address, and marks it as met by setting |queued| to 0. */
static bool keep_first(void *context, const struct fo_due_entry *e)
{
    struct fo_lease_due *d = due_of(context, e->ref);
    bool counts = d->queued == e->due && d->due != 0;

    if (d->queued == e->due)
        d->queued = 0;
    return counts;
}

static void tidy(struct fo_lease_db *db)
{
    fo_due_heap_filter(&db->due, keep_first, db);
    for (size_t i = 0; i < db->due.count; i++)
        due_of(db, db->due.entries[i].ref)->queued = db->due.entries[i].due;
}

int fo_lease_db_set_due(struct fo_lease_db *db, fo_ipv4_t address, fo_utc_t due)
{
    uint32_t when = due.s < FO_UTC_INFINITE ? due.s : 0;
    struct fo_lease_page *page;
    struct fo_lease_due *d;
    uint32_t place;
    int rc;

    if (when == 0 && !fo_lease_db_place(db, address, &page, &place))
        return fo_lease_db_scope_with(db, address) != NULL ? FO_OK : FO_ENOTFOUND;
    rc = fo_lease_db_make_place(db, address, &page, &place);
    if (rc != FO_OK)
        return rc;
    d = &page->due[place];
    if (when != 0 && (d->queued == 0 || when < d->queued)) {
        if (db->due.count > 2 * db->due_count + HEAP_SLACK)
            tidy(db);
        rc = fo_due_heap_push(&db->due, (struct fo_due_entry){when, fo_page_ref(page, place)});
        if (rc != FO_OK)
            return rc;
        d->queued = when;
    }
    db->due_count += (uint64_t)(when != 0) - (uint64_t)(d->due != 0);
    d->due = when;
    return FO_OK;
}

/* The earliest entry that says what its address says, or NULL. */
static const struct fo_due_entry *earliest(struct fo_lease_db *db)
{
    const struct fo_due_entry *e;

    while ((e = fo_due_heap_top(&db->due)) != NULL) {
        struct fo_lease_due *d = due_of(db, e->ref);
        if (e->due == d->queued && e->due == d->due)
            break;
        if (e->due == d->queued && d->due != 0) {
            d->queued = d->due;
            fo_due_heap_postpone(&db->due, d->due);
            continue;
        }
        if (e->due == d->queued)
            d->queued = 0;
        fo_due_heap_pop(&db->due);
    }
    return e;
}

fo_utc_t fo_lease_db_next_due(struct fo_lease_db *db)
{
    const struct fo_due_entry *e = earliest(db);

    return fo_utc(e != NULL ? e->due : FO_UTC_NONE);
}

bool fo_lease_db_take_due(struct fo_lease_db *db, fo_utc_t now, fo_ipv4_t *out_address)
{
    const struct fo_due_entry *e = earliest(db);
    fo_lease_ref ref;

    if (e == NULL || e->due > now.s)
        return false;
    ref = e->ref;
    *due_of(db, ref) = (struct fo_lease_due){0};
    fo_due_heap_pop(&db->due);
    db->due_count--;
    *out_address = fo_page_of(&db->pages, ref)->first + (ref & 0xff);
    return true;
}

/* --- a scope goes ------------------------------------------------------------------------ */

struct leaving {
    const struct fo_lease_db *db;
    const struct fo_lease_scope *ls;
};

static bool stays(void *context, const struct fo_due_entry *e)
{
    const struct leaving *l = context;

    return fo_page_of(&l->db->pages, e->ref)->scope != l->ls;
}

void fo_lease_db_drop_due(struct fo_lease_db *db, const struct fo_lease_scope *ls)
{
    fo_due_heap_filter(&db->due, stays, &(struct leaving){db, ls});
    for (uint32_t index = 0; index < ls->page_count; index++) {
        const struct fo_lease_page *page =
            ls->pages[index] ? db->pages.list[ls->pages[index]] : NULL;
        for (uint32_t place = 0; page != NULL && place < page->size; place++)
            db->due_count -= page->due[place].due != 0;
    }
}
