/**
 * state/accept.h: shall a BNDUPD be believed?
 *
 * Source: draft-12 §7.1.2, §7.1.3 with Figure 7.1.3-1. Draft gap: a different client in EXPIRED
 * or RELEASED against our ACTIVE is refused with 15; an unknown status with 3.
 */
#ifndef FO_STATE_ACCEPT_H
#define FO_STATE_ACCEPT_H

#include "state/binding.h"

#define FO_CLOCKS_S 5 /* what is left of the clocks' difference after correction, both ways */

/** What a BNDUPD says of one address, times already in our clock. */
struct fo_update {
    struct fo_binding said; /* status, client, LE, potential expiration in
                               sent_potential_expiration, CLTT, STOS, flags */
    bool has_client_last_transaction;
    bool dates_leases;  /* STOS is that of the lease, whenever it was renewed */
    bool in_our_pool;   /* false: reject 1 */
    bool reserved_here; /* for the R-flag rule: reject 19 */
    uint32_t missing;   /* fo_group_missing(), duplicates: reject 3 */
};

/** The verdict on |u| where we have |own|: FO_REJECT_NONE accepts. Checks in the draft's order:
 *  3, 1, the table (15, 16, 2), 19. */
enum fo_reject fo_accept_update(const struct fo_binding *own, const struct fo_update *u,
                                enum fo_role own_role, fo_utc_t now);

/**
 * fo_accept_merge is what the receiver stores after accepting (§5.11, §7.1.5): EXPIRED, RELEASED
 * and RESET become FREE; RPE and LE only move forward for the same client and are replaced for
 * another; RPE is also replaced by a lease of the same client that began since, as far as STOS
 * tells, and APE is then not later than it (Draft gap); client information of a status that has none
 * stays as affinity; SPE, APE, RPE are 0 when the address became FREE or BACKUP (Draft gap,
 * §7.1.5), and LE is then past. FO_BINDING_OURS and _SENT stay only where a renewal of ours is
 * younger than the update; |acked_epoch| stays.
 *
 * Ownership: |out_binding| borrows client bytes from |own| or |u|.
 */
void fo_accept_merge(const struct fo_binding *own, const struct fo_update *u, fo_utc_t now,
                     struct fo_binding *out_binding);

/* The cells, for tools and coverage. */
enum fo_accept_rule {
    FO_ACCEPT_YES,
    FO_ACCEPT_TIME1,
    FO_ACCEPT_TIME2,
    FO_ACCEPT_TIME3,
    FO_ACCEPT_NOTE5,
    FO_ACCEPT_REJECT16
};
enum fo_accept_rule fo_accept_cell(enum fo_binding_status own, enum fo_binding_status said);

#endif
