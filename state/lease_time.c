/* Source: draft-12 §5.2.1, §5.2.2, §5.10, §7.1.5, §9.4.2, §9.8.3. */
#include "state/lease_time.h"

/* A partner may write "for ever" in two ways; the rules know one. */
static fo_utc_t moment(fo_utc_t t)
{
    return t.s == FO_UTC_ALL_ONES ? fo_utc(FO_UTC_INFINITE) : t;
}

fo_utc_t fo_lease_time_longest(const struct fo_binding *b, fo_utc_t now, uint32_t mclt_s)
{
    fo_utc_t acked = moment(b->acked_potential_expiration);
    fo_utc_t received = moment(b->received_potential_expiration);
    return fo_utc_add(fo_utc_max(now, fo_utc_max(acked, received)), mclt_s);
}

static fo_utc_t desired_end(fo_utc_t now, uint32_t desired_s)
{
    return desired_s == FO_LEASE_INFINITE_S ? fo_utc(FO_UTC_INFINITE) : fo_utc_add(now, desired_s);
}

fo_utc_t fo_lease_time_grant(const struct fo_binding *b, fo_utc_t now, uint32_t desired_s,
                             uint32_t mclt_s)
{
    return fo_utc_min(desired_end(now, desired_s), fo_lease_time_longest(b, now, mclt_s));
}

fo_utc_t fo_lease_time_potential(fo_utc_t now, fo_utc_t granted_end, uint32_t desired_s)
{
    /* The client renews at T1, half the granted time from now, and will then want the desired
     * time: that is what the partner should have acknowledged by then. */
    uint32_t granted_s = granted_end.s > now.s ? granted_end.s - now.s : 0;
    fo_utc_t renewal = fo_utc_add(now, granted_s / 2);
    return fo_utc_max(granted_end, desired_end(renewal, desired_s));
}

fo_utc_t fo_lease_time_reusable(const struct fo_binding *b, enum fo_role own_role, fo_utc_t since,
                                uint32_t mclt_s)
{
    if (b->status == FO_STATUS_ABANDONED)
        return fo_utc(FO_UTC_INFINITE);
    if (b->status == fo_binding_available_status(own_role))
        return since;
    if (b->status == FO_STATUS_FREE || b->status == FO_STATUS_BACKUP) /* §5.14: BOOTP never ends */
        return b->flags & FO_BINDING_BOOTP ? fo_utc(FO_UTC_INFINITE) : fo_utc_add(since, mclt_s);
    if (b->flags & FO_BINDING_LATE)
        return moment(b->lease_expiration);

    /* §9.4.2: whatever the partner may have promised to the client ends at the latest of these,
     * and it may have gone MCLT beyond. */
    fo_utc_t latest = fo_utc_max(since, moment(b->lease_expiration));
    latest = fo_utc_max(latest, moment(b->sent_potential_expiration));
    latest = fo_utc_max(latest, moment(b->acked_potential_expiration));
    latest = fo_utc_max(latest, moment(b->received_potential_expiration));
    return fo_utc_add(latest, mclt_s);
}

fo_utc_t fo_lease_time_correct(fo_utc_t wire, int32_t delta_s)
{
    if (wire.s == FO_UTC_NONE || wire.s == FO_UTC_INFINITE || wire.s == FO_UTC_ALL_ONES)
        return wire;

    /* A moment stays a moment: it must not turn into one of the three by arithmetic. */
    int64_t corrected = (int64_t)wire.s + delta_s;
    if (corrected < 1)
        return fo_utc(1);
    if (corrected >= FO_UTC_INFINITE)
        return fo_utc(FO_UTC_INFINITE - 1);
    return fo_utc((uint32_t)corrected);
}
