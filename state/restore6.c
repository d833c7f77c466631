/* state/restore6.c: what of the IPv6 tables can still be read when a process starts. */
#include "state/lease6.h"

#define BATCH 64u /* entries written in one transaction */

struct lost {
    struct fo_ipv6 addresses[BATCH]; /* of leases that their clients do not lead to */
    size_t count;
};

static int put_clients(struct fo_store *s, const struct lost *lost)
{
    struct fo_lease6 l;
    int rc = fo_store_begin(s);

    if (rc != FO_OK)
        return rc;
    for (size_t i = 0; rc == FO_OK && i < lost->count; i++) {
        rc = fo_lease6_get(s, lost->addresses[i], &l);
        if (rc == FO_OK)
            rc = fo_lease6_put_client(s, &l);
    }
    if (rc == FO_OK)
        return fo_store_commit(s);
    fo_store_abort(s);
    return rc;
}

/* Goes on from |*from| until as many are found as fit. FO_ENOTFOUND: there are no more leases. */
static int look_for_lost(struct fo_store *s, struct fo_ipv6 *from, struct lost *lost)
{
    struct fo_lease6 l, found;

    lost->count = 0;
    while (lost->count < BATCH) {
        int rc = fo_lease6_next(s, *from, &l);
        if (rc != FO_OK)
            return rc;
        rc = fo_lease6_find(s, &l.client, &found);
        if (rc == FO_ENOTFOUND)
            lost->addresses[lost->count++] = l.address;
        else if (rc != FO_OK)
            return rc;
        *from = fo_ipv6_next(l.address);
        if (fo_ipv6_is_zero(*from))
            return FO_ENOTFOUND;
    }
    return FO_OK;
}

/* A full store is no reason not to start. */
static int rebuild_index(struct fo_store *s)
{
    struct fo_ipv6 from = {0};
    struct lost lost;
    int looked;

    do {
        int rc = FO_OK;
        looked = look_for_lost(s, &from, &lost);
        if (looked == FO_OK || looked == FO_ENOTFOUND)
            rc = put_clients(s, &lost);
        if (rc != FO_OK)
            return rc == FO_EFULL ? FO_OK : rc;
    } while (looked == FO_OK);
    return looked == FO_ENOTFOUND ? FO_OK : looked;
}

int fo_lease6_restore(struct fo_store *s, fo_quarantine_report report, void *context,
                      uint64_t *out_damaged)
{
    static const struct {
        enum fo_table table;
        fo_store_visit judge;
    } rows[] = {
        {FO_TABLE_PREFIX6, fo_prefix6_judge},
        {FO_TABLE_ELEMENT6, fo_element6_judge},
        {FO_TABLE_LEASE6, fo_lease6_judge},
        {FO_TABLE_CLIENT6, fo_lease6_judge_client},
    };
    uint64_t all = 0, damaged = 0;
    int rc = FO_OK;

    for (size_t i = 0; rc == FO_OK && i < sizeof rows / sizeof rows[0]; i++) {
        rc = fo_quarantine_walk(s, rows[i].table, rows[i].judge, NULL, report, context, &damaged);
        all += rc == FO_OK ? damaged : 0;
    }
    if (rc == FO_OK && damaged > 0) /* of clients */
        rc = rebuild_index(s);
    if (rc == FO_OK)
        *out_damaged = all;
    return rc;
}
