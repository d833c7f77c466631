/**
 * fo/endpoint_record.h: what an endpoint has to remember across restarts, and its form on disk.
 *
 * Source: draft-12 §9.2, §9.3.2, §9.6.2, §5.17.
 */
#ifndef FO_ENDPOINT_RECORD_H
#define FO_ENDPOINT_RECORD_H

#include "state/load_balance.h"
#include "state/relationship.h"

/* The most bytes that one takes on disk. */
#define FO_ENDPOINT_RECORD_MAX (512 + 4 * FO_SCOPES_PER_CALL_MAX)

/** What an endpoint keeps in FO_TABLE_ENDPOINT (§9.2: before acting on it). */
struct fo_endpoint_record {
    enum fo_state state; /* never STARTUP */
    fo_utc_t since;
    enum fo_state resume; /* in PAUSED, SHUTDOWN: what a restart resumes */
    enum fo_state partner_state;
    fo_utc_t partner_since;    /* our clock */
    uint32_t mclt_s;           /* in force; a secondary's comes from CONNECT (§7.8.2) */
    uint32_t mclt_longest_s;   /* the longest ever in force: what waits must reckon with */
    struct fo_buckets buckets; /* in force; likewise */
    uint32_t update_epoch;     /* §5.17: bumped by UPDREQALL; never 0 */
    bool virgin;               /* never operational in this relationship */
    bool lost_storage;         /* ask with UPDREQALL until UPDDONE (§9.5.2) */
    bool scopes_unheard;       /* scopes came in: no address is handed over until the partner has
                                   told everything it has, and none of theirs is given */
    uint16_t unheard_count;    /* which these are; 0: it may be any of the relationship */
    fo_ipv4_t unheard[FO_SCOPES_PER_CALL_MAX];
    bool contact_since_down;    /* PARTNER-DOWN: the partner was heard since (L-10) */
    fo_utc_t operational_until; /* this server may have served until then; the heartbeat moves it
                                   (§9.3.2 step 5, §9.6.2) */
    fo_utc_t down_since;        /* RECOVER: when we went down; base of RECOVER-WAIT (§9.6.2) */
    fo_utc_t last_connect;      /* header time of the last CONNECT with digest (§11.1) */
    char cause[160];            /* why this state */
};

/**
 * fo_endpoint_record_write and _read turn a record into its bytes and back.
 *
 * Errors: FO_ENOSPACE (|capacity|); FO_EDAMAGED, FO_EVERSION (what is read; *out stays as it was).
 */
FO_MUST_CHECK int fo_endpoint_record_write(const struct fo_endpoint_record *r, uint8_t *out,
                                           size_t capacity, size_t *out_length);
FO_MUST_CHECK int fo_endpoint_record_read(const void *value, size_t length,
                                          struct fo_endpoint_record *out);

#endif
