/* Leases found and enumerated (MAPI §1.4). */
#include <string.h>

#include "mgmt/lease_record.h"
#include "mgmt/lease_search.h"
#include "mgmt/page.h"
#include "proto/win32.h"

/* How many addresses one page may look at, so that a walk over a sparse database stays short. */
#define VISITS_PER_PAGE 65536u
/* More than could be counted: what Windows says of the walks of this kind (MAPI §1.4). */
#define MANY_LEFT 0x7fffffffu

uint32_t fo_call_lease_get_check(struct fo_call *c)
{
    const Mgmt__LeaseSearch *m = c->request->lease_get;

    if (m->key_case == MGMT__LEASE_SEARCH__KEY__NOT_SET ||
        (m->key_case == MGMT__LEASE_SEARCH__KEY_NAME && m->name[0] == '\0'))
        return fo_call_refuse(c, ERROR_INVALID_PARAMETER, "Nothing is given to find the lease by.");
    return ERROR_SUCCESS;
}

/* An address that nobody ever held has no record, whatever its scope says. */
static bool has_record(const struct fo_binding *b)
{
    return fo_client_known(&b->client) ||
           (b->status != FO_STATUS_FREE && b->status != FO_STATUS_BACKUP);
}

static uint32_t answer(struct fo_call *c, Mgmt__Lease *m)
{
    if (m == NULL)
        return fo_call_no_memory(c);
    c->reply.lease = m;
    c->reply.result_case = MGMT__REPLY__RESULT_LEASE;
    return ERROR_SUCCESS;
}

uint32_t fo_call_lease_get(struct fo_call *c)
{
    struct fo_binding b;

    if (!fo_lease_search(c, c->request->lease_get, &b) || !has_record(&b))
        return fo_call_refuse(c, ERROR_DHCP_INVALID_DHCP_CLIENT, "There is no such lease.");
    return answer(c, fo_message_of_lease(c, &b));
}

/* --- records as Microsoft's calls have them --------------------------------------------------- */

static uint32_t get_record(struct fo_call *c, uint32_t absent)
{
    struct fo_lease_record record;

    if (!fo_lease_record_find(c, c->request->lease_info_get, &record))
        return fo_call_refuse(c, absent, "There is no such lease.");
    return answer(c, fo_lease_record_message(c, &record));
}

uint32_t fo_call_lease_info_get(struct fo_call *c)
{
    return get_record(c, ERROR_DHCP_INVALID_DHCP_CLIENT);
}

uint32_t fo_call_lease_failover_get(struct fo_call *c)
{
    return get_record(c, ERROR_DHCP_JET_ERROR);
}

uint32_t fo_call_lease_vq_get(struct fo_call *c)
{
    uint32_t code = fo_call_lease_get_check(c);

    return code != ERROR_SUCCESS ? code : get_record(c, ERROR_DHCP_JET_ERROR);
}

/* --- walks ------------------------------------------------------------------------------------ */

/* One page under way. */
struct page {
    struct fo_call *c;
    Mgmt__Leases *m;
    struct fo_page size;
};

static bool page_new(struct page *p, struct fo_call *c, const Mgmt__LeaseEnum *q)
{
    *p = (struct page){.c = c, .size = fo_page_begin(q->limit)};
    p->m = fo_call_alloc(c, sizeof *p->m);
    if (p->m == NULL)
        return false;
    mgmt__leases__init(p->m);
    p->m->next = q->after;
    p->m->list = fo_call_alloc(c, p->size.limit * sizeof(Mgmt__Lease *));
    return p->m->list != NULL;
}

static uint32_t page_add(struct page *p, Mgmt__Lease *lease)
{
    if (lease == NULL)
        return fo_call_no_memory(p->c);
    fo_page_add(&p->size, mgmt__lease__get_packed_size(lease));
    p->m->list[p->m->n_list++] = lease;
    return ERROR_SUCCESS;
}

static uint32_t page_tell(struct page *p)
{
    p->c->reply.result_case = MGMT__REPLY__RESULT_LEASES;
    p->c->reply.leases = p->m;
    return ERROR_SUCCESS;
}

static uint32_t page_answer(struct page *p)
{
    if (p->m->n_list == 0 && !p->m->more)
        return fo_call_refuse(p->c, ERROR_NO_MORE_ITEMS, "There are no more leases.");
    return page_tell(p);
}

static bool wanted(const Mgmt__LeaseEnum *q, const struct fo_binding *b)
{
    if (b->status == FO_STATUS_FREE || b->status == FO_STATUS_BACKUP)
        return q->all;
    return true;
}

static bool next(const struct fo_lease_db *db, fo_ipv4_t subnet, fo_ipv4_t from,
                 struct fo_binding *out)
{
    if (subnet == 0)
        return fo_lease_db_next(db, from, out);
    return fo_lease_db_next_in(db, subnet, from, false, out);
}

/* The page ends when it is full, has taken long or has seen many addresses, whichever comes first; in
 * the last case it may be empty and still say |more|. */
uint32_t fo_call_lease_enum(struct fo_call *c)
{
    const Mgmt__LeaseEnum *q = c->request->lease_enum;
    const struct fo_lease_db *db = fo_server_leases(c->server);
    uint32_t visits = 0, code = ERROR_SUCCESS;
    struct fo_binding b;
    struct page p;

    if (!page_new(&p, c, q))
        return fo_call_no_memory(c);
    while (code == ERROR_SUCCESS && p.m->next != UINT32_MAX &&
           next(db, q->subnet, p.m->next + 1, &b)) {
        if (!fo_page_has_room(&p.size) || visits++ == VISITS_PER_PAGE) {
            p.m->more = true;
            break;
        }
        p.m->next = b.address;
        if (wanted(q, &b))
            code = page_add(&p, fo_message_of_lease(c, &b));
    }
    return code != ERROR_SUCCESS ? code : page_answer(&p);
}

/* How many records |w| would give yet, |most| at most, as far as it is counted in reasonable time.
 */
static uint32_t count_left(struct fo_lease_walk *w, uint32_t most)
{
    struct fo_lease_record record;
    uint32_t count = 0;

    w->visits = VISITS_PER_PAGE;
    while (count < most && fo_lease_walk_next(w, &record))
        count++;
    return w->over || count == most ? count : MANY_LEFT;
}

static uint32_t walk_page(struct fo_lease_walk *w, struct page *p)
{
    struct fo_lease_record record;
    uint32_t code = ERROR_SUCCESS;

    while (code == ERROR_SUCCESS && fo_page_has_room(&p->size) && fo_lease_walk_next(w, &record))
        code = page_add(p, fo_lease_record_message(p->c, &record));
    if (w->from != 0)
        p->m->next = w->from - 1;
    return code;
}

/* Whether the server has a record, or may have one. */
static bool has_any(const struct fo_lease_db *db)
{
    struct fo_lease_walk w = {.db = db, .visits = VISITS_PER_PAGE};
    struct fo_lease_record record;

    return fo_lease_walk_next(&w, &record) || !w.over;
}

/* |empty_too|: a scope without records is told as such, if any other may have some. */
static uint32_t walk(struct fo_call *c, const Mgmt__LeaseEnum *q, bool empty_too)
{
    struct fo_lease_walk w = {.db = fo_server_leases(c->server),
                              .subnet = q->subnet,
                              .from = q->after != 0 ? q->after + 1 : 0,
                              .visits = VISITS_PER_PAGE,
                              .over = q->after == UINT32_MAX};
    struct fo_lease_record record;
    struct page p;
    uint32_t code;

    if (q->after_is_lease && !fo_lease_record_at(w.db, q->after, &record))
        return fo_call_refuse(c, ERROR_DHCP_JET_ERROR,
                              "The handle is the address of no lease (any more).");
    if (!page_new(&p, c, q))
        return fo_call_no_memory(c);
    code = walk_page(&w, &p);
    if (code != ERROR_SUCCESS)
        return code;
    p.m->left = count_left(&w, q->limit != 0 ? MANY_LEFT : 1);
    p.m->more = p.m->left != 0;
    if (empty_too && p.m->n_list == 0 && q->after == 0 && has_any(w.db))
        return page_tell(&p);
    return page_answer(&p);
}

uint32_t fo_call_lease_walk(struct fo_call *c)
{
    return walk(c, c->request->lease_walk, false);
}

uint32_t fo_call_lease_vq_walk(struct fo_call *c)
{
    return walk(c, c->request->lease_vq_walk, true);
}
