/**
 * mgmt/lease_record.h: what Microsoft's calls take for a client's record: a lease that somebody
 * holds, or a reservation without one, which they show as a lease of no end (MAPI §1.5,
 * DhcpAddSubnetElementV5).
 */
#ifndef FO_MGMT_LEASE_RECORD_H
#define FO_MGMT_LEASE_RECORD_H

#include "mgmt/message.h"

struct fo_lease_record {
    fo_ipv4_t address;
    struct fo_binding binding;                /* if it is a lease */
    const struct fo_reservation *reservation; /* if it is none; else NULL */
};

/** The record of |address|; false: it has none. Borrows the database. */
bool fo_lease_record_at(const struct fo_lease_db *db, fo_ipv4_t address,
                        struct fo_lease_record *out);
/** The one that |m| looks for, as fo_lease_search(). Borrows the database. */
bool fo_lease_record_find(struct fo_call *c, const Mgmt__LeaseSearch *m,
                          struct fo_lease_record *out);
/** Memory of the call; NULL without memory. */
Mgmt__Lease *fo_lease_record_message(struct fo_call *c, const struct fo_lease_record *record);

/** A walk over records in the order of their addresses. */
struct fo_lease_walk {
    const struct fo_lease_db *db;
    fo_ipv4_t subnet; /* 0: all scopes */
    fo_ipv4_t from;   /* the lowest address that may still come */
    uint32_t visits;  /* how many addresses it may look at yet */
    bool over;        /* nothing is left; set by the walk */
};
/** The next one; false: it is over, or has looked at enough. Borrows the database. */
bool fo_lease_walk_next(struct fo_lease_walk *w, struct fo_lease_record *out);

#endif
