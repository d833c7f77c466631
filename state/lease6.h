/**
 * state/lease6.h: the lease of an IPv6 address, as the store has it.
 *
 * One record per address, in address order, and an index of clients: one identity association (DUID
 * and IAID) has at most one address of this server, as DhcpV6CreateClientInfo demands. Nothing is
 * held in memory; see prefix6.h.
 *
 * Source: MAPI §1.3, §1.4, §2.7 (DHCP_CLIENT_INFO_V6; [MS-DHCPM] §3.1.1.32 for the state).
 */
#ifndef FO_STATE_LEASE6_H
#define FO_STATE_LEASE6_H

#include "state/prefix6.h"
#include "state/quarantine.h"

#define FO_LEASE6_TEXT_MAX 255 /* bytes of UTF-8 of a name or a comment */

enum fo_lease6_state { FO_LEASE6_COMMITTED = 2, FO_LEASE6_DECLINED = 4, FO_LEASE6_DOOMED = 5 };
struct fo_lease6 {
    struct fo_ipv6 address;
    struct fo_client6 client;
    uint8_t type;         /* 0 IANA, 1 IATA */
    uint8_t state;        /* enum fo_lease6_state */
    bool reserved;        /* the record of a reservation */
    fo_utc_t valid_until; /* FO_UTC_NONE: a reservation that nobody uses */
    fo_utc_t preferred_until;
    struct fo_ipv6 owner; /* address of the server that gave it; ::: not known */
    char name[FO_LEASE6_TEXT_MAX + 1];
    char comment[FO_LEASE6_TEXT_MAX + 1];
};

/** Whether nobody has to respect it any more: not reserved, and over at |now|. */
bool fo_lease6_is_over(const struct fo_lease6 *l, fo_utc_t now);

/* Errors: FO_ENOTFOUND, FO_EDAMAGED (this one record), those of the store. */
FO_MUST_CHECK int fo_lease6_get(struct fo_store *s, struct fo_ipv6 address, struct fo_lease6 *out);
FO_MUST_CHECK int fo_lease6_find(struct fo_store *s, const struct fo_client6 *client,
                                 struct fo_lease6 *out);
/** The first lease at or after |from|; damaged ones are passed over. */
FO_MUST_CHECK int fo_lease6_next(struct fo_store *s, struct fo_ipv6 from, struct fo_lease6 *out);
/** Record and index, in place of what is there. */
FO_MUST_CHECK int fo_lease6_put(struct fo_store *s, const struct fo_lease6 *l);
FO_MUST_CHECK int fo_lease6_del(struct fo_store *s, struct fo_ipv6 address);
/* What a walk of quarantine.h asks of a record, and of an entry of the index. */
int fo_lease6_judge(void *context, const void *key, size_t key_length, const void *value,
                    size_t value_length);
int fo_lease6_judge_client(void *context, const void *key, size_t key_length, const void *value,
                           size_t value_length);
/** Makes the index entry of |l| anew. */
FO_MUST_CHECK int fo_lease6_put_client(struct fo_store *s, const struct fo_lease6 *l);

/**
 * fo_lease6_restore sets damaged records of prefixes, elements, leases and clients aside, and makes
 * the index whole again. Once, when a process starts; no transaction may be open.
 *
 * Errors: those of the store; FO_EFULL is none (quarantine.h). |report|: see quarantine.h.
 */
FO_MUST_CHECK int fo_lease6_restore(struct fo_store *s, fo_quarantine_report report, void *context,
                                    uint64_t *out_damaged);

#endif
