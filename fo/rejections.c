/* What one of the two servers refused: counted, told to the operator, and remembered by address
 * until an update of it is accepted (draft-12 §7.1.3, §7.2.1, §7.2.2). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HASH_NONFATAL_OOM 1 /* by default it ends the process */
#include <uthash.h>

#include "fo/endpoint.h"

struct fo_remembered {
    fo_ipv4_t address;
    struct fo_rejection rejection;
    UT_hash_handle hh;
};

static struct fo_remembered *find(const struct fo_server *s, fo_ipv4_t address)
{
    struct fo_remembered *r = NULL;
    if (s->rejections != NULL)
        HASH_FIND(hh, s->rejections, &address, sizeof address, r);
    return r;
}

static void drop(struct fo_server *s, struct fo_remembered *r)
{
    HASH_DEL(s->rejections, r);
    free(r);
}

/* The newest is what an operator asks about: when there is no room, the oldest goes. */
void fo_rejection_remember(struct fo_server *s, fo_ipv4_t address,
                           const struct fo_rejection *rejection)
{
    struct fo_remembered *r = find(s, address);
    if (r == NULL) {
        if (HASH_COUNT(s->rejections) >= FO_REJECTIONS_MAX)
            drop(s, s->rejections);
        r = malloc(sizeof *r);
        if (r == NULL)
            return; /* counted and logged all the same */
        r->address = address;
        HASH_ADD(hh, s->rejections, address, sizeof r->address, r);
        if (r->hh.tbl == NULL) {
            free(r);
            return;
        }
    }
    r->rejection = *rejection;
}

/* One line among the events per reason and side, however many addresses it concerns. */
static bool is_new(struct fo_endpoint *ep, const struct fo_rejection *r)
{
    uint32_t *told = &ep->told_rejections[r->by == FO_REJECTED_BY_US];
    uint32_t bit = 1u << (r->reason < 31 ? r->reason : 31);
    bool is_new = (*told & bit) == 0;
    *told |= bit;
    return is_new;
}

void fo_rejection_note(struct fo_step *st, struct fo_endpoint *ep, fo_ipv4_t address,
                       const struct fo_rejection *r)
{
    bool by_us = r->by == FO_REJECTED_BY_US;
    char text[FO_IPV4_TEXT], said[sizeof r->said + sizeof " said=\"\""] = "";
    *(by_us ? &ep->seen.rejected_by_us : &ep->seen.rejected_by_partner) += 1;
    if (r->said[0] != '\0')
        snprintf(said, sizeof said, " said=\"%s\"", r->said);
    fo_endpoint_notice(st, ep, by_us ? FO_NOTICE_INFO : FO_NOTICE_WARNING, is_new(ep, r),
                       "bndupd=%s address=%s status=%s reason=%u \"%s\"%s",
                       by_us ? "refused" : "rejected", fo_ipv4_text(address, text),
                       fo_binding_status_name(r->status), r->reason, fo_reject_sentence(r->reason),
                       said);
    if (fo_lease_db_owner(st->server->leases, address) == ep->number)
        fo_rejection_remember(st->server, address, r);
}

void fo_rejection_forget(struct fo_server *s, fo_ipv4_t address)
{
    struct fo_remembered *r = find(s, address);
    if (r != NULL)
        drop(s, r);
}

struct fo_rejection fo_rejection_of(const struct fo_server *s, fo_ipv4_t address)
{
    const struct fo_remembered *r = find(s, address);
    return r != NULL ? r->rejection : (struct fo_rejection){.by = FO_REJECTED_BY_NOBODY};
}

void fo_rejections_free(struct fo_server *s)
{
    struct fo_remembered *r, *next;
    HASH_ITER(hh, s->rejections, r, next)
    {
        drop(s, r);
    }
}
