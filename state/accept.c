/* Source: draft-12 §7.1.2, §7.1.3 with Figure 7.1.3-1, §7.1.5, §5.11. */
#include "state/accept.h"

static bool is_status(unsigned status)
{
    return status > FO_STATUS_NONE && status < FO_STATUS_COUNT;
}

/* Whether the client was heard by the partner after |t|. An update without the time is never
 * later; a binding without it (0) is always earlier. */
static bool heard_after(const struct fo_update *u, fo_utc_t t)
{
    return u->has_client_last_transaction && u->said.client_last_transaction.s > t.s;
}

static bool other_client(const struct fo_binding *own, const struct fo_update *u)
{
    return fo_client_known(&u->said.client) && !fo_client_equal(&own->client, &u->said.client);
}

static enum fo_reject unless(bool accepted, enum fo_reject reason)
{
    return accepted ? FO_REJECT_NONE : reason;
}

/* Draft gap: the figure lets RESET end any lease. An operator frees what is seen at one server: not
 * what the other has granted since and could not tell, for that client would go on. */
static bool resets_unseen(const struct fo_binding *own, const struct fo_update *u, fo_utc_t now)
{
    return own->status == FO_STATUS_ACTIVE && u->said.status == FO_STATUS_RESET &&
           now.s <= own->lease_expiration.s && u->has_client_last_transaction &&
           own->client_last_transaction.s >
               fo_utc_add(u->said.client_last_transaction, FO_CLOCKS_S).s;
}

/* Draft gap: the release of one client and the lease of the next can fall into one second, which
 * time1 takes for a lease from before. Nobody else has the address before its release is known to
 * both, so the lease is the later of the two; refusing it would let the address be given again. */
static bool leased_since(const struct fo_binding *own, const struct fo_update *u, fo_utc_t now)
{
    return own->status == FO_STATUS_RELEASED && u->said.status == FO_STATUS_ACTIVE &&
           other_client(own, u) && u->has_client_last_transaction &&
           fo_utc_add(u->said.client_last_transaction, FO_CLOCKS_S).s >=
               own->client_last_transaction.s &&
           u->said.lease_expiration.s > now.s;
}

static enum fo_reject apply_table(const struct fo_binding *own, const struct fo_update *u,
                                  enum fo_role own_role, fo_utc_t now)
{
    /* Draft gap: the figure does not ask whose lease EXPIRED or RELEASED speaks of. The end of
     * another client's lease cannot end ours. */
    bool says_ended = fo_binding_is_over(u->said.status);
    enum fo_binding_status own_status = own->status;
    if (own->status == FO_STATUS_ACTIVE && other_client(own, u)) {
        /* A server that served nobody meanwhile still says ACTIVE of a lease that ended. It
         * protects its client no longer: the partner may have given the address away rightly. */
        if (now.s > own->lease_expiration.s)
            own_status = FO_STATUS_EXPIRED;
        else if (says_ended)
            return FO_REJECT_OUTDATED_BINDING_INFORMATION;
    }

    if (resets_unseen(own, u, now))
        return FO_REJECT_OUTDATED_BINDING_INFORMATION;

    switch (fo_accept_cell(own_status, u->said.status)) {
    case FO_ACCEPT_YES:
        return FO_REJECT_NONE;
    case FO_ACCEPT_TIME1:
        return unless(heard_after(u, own->client_last_transaction) || leased_since(own, u, now),
                      FO_REJECT_OUTDATED_BINDING_INFORMATION);
    case FO_ACCEPT_TIME2:
        return unless(now.s > own->lease_expiration.s, FO_REJECT_OUTDATED_BINDING_INFORMATION);
    case FO_ACCEPT_TIME3:
        return unless(heard_after(u, own->start_of_state), FO_REJECT_OUTDATED_BINDING_INFORMATION);
    case FO_ACCEPT_NOTE5:
        return unless(own_role == FO_ROLE_SECONDARY || !other_client(own, u),
                      FO_REJECT_FATAL_CONFLICT);
    case FO_ACCEPT_REJECT16:
        return FO_REJECT_LESS_CRITICAL_BINDING_INFORMATION;
    }
    return FO_REJECT_UNKNOWN;
}

/* §7.1.3: a reservation that the sender has and we do not. Draft gap: the text names R with
 * BACKUP; a primary that is handed a reserved FREE address is in the same place. */
static bool lacks_reservation(const struct fo_update *u, enum fo_role own_role)
{
    if (!(u->said.flags & FO_BINDING_RESERVED) || u->reserved_here)
        return false;
    return u->said.status == FO_STATUS_BACKUP ||
           (u->said.status == FO_STATUS_FREE && own_role == FO_ROLE_PRIMARY);
}

enum fo_reject fo_accept_update(const struct fo_binding *own, const struct fo_update *u,
                                enum fo_role own_role, fo_utc_t now)
{
    if (u->missing != 0 || !is_status(u->said.status))
        return FO_REJECT_MISSING_BINDING_INFORMATION;
    if (!u->in_our_pool)
        return FO_REJECT_ADDRESS_NOT_IN_POOL;
    enum fo_reject reject = apply_table(own, u, own_role, now);
    if (reject != FO_REJECT_NONE)
        return reject;
    return lacks_reservation(u, own_role) ? FO_REJECT_NOT_RESERVED : FO_REJECT_NONE;
}

/* Draft gap: a lease that began after the one we know is another lease, though of the same client. With
 * the one before the partner forgot what was promised for it, and may give the address away when that
 * which it says now is over. */
static void merge_promises(const struct fo_binding *own, const struct fo_update *u,
                           struct fo_binding *b)
{
    const struct fo_binding *said = &u->said;
    bool began_since =
        u->dates_leases && said->start_of_state.s > fo_utc_add(own->start_of_state, FO_CLOCKS_S).s;
    b->received_potential_expiration =
        fo_utc_max(own->received_potential_expiration, said->sent_potential_expiration);
    if (!began_since)
        return;
    b->received_potential_expiration = said->sent_potential_expiration;
    b->acked_potential_expiration =
        fo_utc_min(own->acked_potential_expiration, said->sent_potential_expiration);
}

/* §7.1.5: the lease that |u| speaks of, which is the one we know or another client's. */
static void merge_active(const struct fo_binding *own, const struct fo_update *u,
                         struct fo_binding *b)
{
    const struct fo_binding *said = &u->said;
    if (!fo_client_equal(&own->client, &said->client)) {
        /* Draft gap: a left-over time of the last client would let the next one exceed what the
         * partner accounts for. */
        b->client_last_transaction = said->client_last_transaction;
        b->lease_expiration = said->lease_expiration;
        b->sent_potential_expiration = fo_utc(FO_UTC_NONE);
        b->acked_potential_expiration = fo_utc(FO_UTC_NONE);
        b->received_potential_expiration = said->sent_potential_expiration;
        return;
    }
    b->lease_expiration = said->lease_expiration;
    b->received_potential_expiration = said->sent_potential_expiration;
    if (own->status == FO_STATUS_ACTIVE) {
        b->lease_expiration = fo_utc_max(own->lease_expiration, said->lease_expiration);
        merge_promises(own, u, b);
    } else { /* that lease is over, and what was promised for it: the partner may have freed it */
        b->acked_potential_expiration = fo_utc(FO_UTC_NONE);
    }
    b->flags |= own->flags & FO_BINDING_WITHHELD; /* this may be our own word that comes back */
    bool crossed_ours = own->status == FO_STATUS_ACTIVE &&
                        own->client_last_transaction.s > said->client_last_transaction.s;
    if (crossed_ours) /* the lease we granted meanwhile is the present one */
        b->flags |= own->flags & (FO_BINDING_OURS | FO_BINDING_SENT | FO_BINDING_EXTEND);
}

void fo_accept_merge(const struct fo_binding *own, const struct fo_update *u, fo_utc_t now,
                     struct fo_binding *out_binding)
{
    struct fo_update heard = *u;
    const struct fo_binding *said = &heard.said;
    if (!u->has_client_last_transaction)
        heard.said.client_last_transaction = fo_utc(FO_UTC_NONE);

    struct fo_binding b = *own;
    b.status = said->status;
    if (fo_binding_may_move(said->status, FO_STATUS_FREE, FO_MOVE_ACKED))
        b.status = FO_STATUS_FREE;
    b.flags = said->flags & (FO_BINDING_RESERVED | FO_BINDING_BOOTP);
    b.start_of_state = said->start_of_state.s != FO_UTC_NONE ? said->start_of_state : now;
    b.client_last_transaction =
        fo_utc_max(own->client_last_transaction, said->client_last_transaction);
    if (fo_client_known(&said->client))
        b.client = said->client;

    if (b.status != said->status) /* §5.13: a reservation is agreed of an available address */
        b.flags &= (uint8_t)~FO_BINDING_RESERVED;

    if (b.status == FO_STATUS_ACTIVE) {
        merge_active(own, &heard, &b);
    } else if (b.status == FO_STATUS_FREE || b.status == FO_STATUS_BACKUP) {
        b.lease_expiration = fo_utc_min(own->lease_expiration, now); /* it ended, maybe early */
        b.sent_potential_expiration = fo_utc(FO_UTC_NONE);
        b.acked_potential_expiration = fo_utc(FO_UTC_NONE);
        b.received_potential_expiration = fo_utc(FO_UTC_NONE);
    }
    *out_binding = b;
}
