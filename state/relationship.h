/**
 * state/relationship.h: what two servers have agreed on, and the rules for agreeing.
 *
 * Source: DhcpV4FailoverCreateRelationship and kin (MAPI §1.2, §2.2, §3). The checks come in the
 * documented order and answer with the documented Win32 codes.
 */
#ifndef FO_STATE_RELATIONSHIP_H
#define FO_STATE_RELATIONSHIP_H

#include "proto/dialect.h"
#include "proto/win32.h"
#include "state/load_balance.h"

#define FO_RELATIONSHIP_NAME_UNITS 126 /* UTF-16 code units, MAPI §3 */
#define FO_RELATIONSHIP_NAME_BYTES 378 /* the most UTF-8 bytes those can take */
#define FO_RELATIONSHIPS_MAX       31  /* per server; the 32nd create fails */
#define FO_SCOPES_PER_CALL_MAX     400
#define FO_SECRET_MAX              255
#define FO_HOST_NAME_MAX           255
#define FO_SAFE_PERIOD_NEVER       0xffffffffu

enum fo_mode { FO_MODE_LOAD_BALANCE = 0, FO_MODE_HOT_STANDBY = 1 };
enum fo_tls_mode { FO_TLS_OFF = 0, FO_TLS_DESIRED = 1, FO_TLS_REQUIRED = 2 };

struct fo_relationship {
    char name[FO_RELATIONSHIP_NAME_BYTES + 1];
    enum fo_role role; /* ours */
    fo_ipv4_t primary_server, secondary_server;
    char primary_server_name[FO_HOST_NAME_MAX + 1];
    char secondary_server_name[FO_HOST_NAME_MAX + 1];
    enum fo_mode mode;
    unsigned percentage;    /* load balance: clients of the primary; hot standby:
                               share of the free pool kept for the secondary */
    uint32_t mclt_s;        /* the primary's value rules (§7.8.2 step 7) */
    uint32_t safe_period_s; /* FO_SAFE_PERIOD_NEVER: no automatic partner-down (§10) */
    char shared_secret[FO_SECRET_MAX + 1]; /* "": no message digest */
    enum fo_tls_mode tls;
    uint16_t partner_port; /* where we dial; 647 by default */
    enum fo_dialect_name dialect;
    bool dialect_auto;           /* changed by the partner's vendor class */
    uint32_t max_unacked;        /* option 14 we advertise; 0: the dialect's */
    uint32_t receive_timer_s;    /* option 19 we advertise */
    uint32_t max_clock_skew_s;   /* 0: the dialect's tolerance */
    uint32_t load_balance_max_s; /* answer everybody after these secs; 0: never */
    bool has_buckets;            /* a hand-made map instead of |percentage| */
    struct fo_buckets buckets;
    fo_ipv4_t *scopes; /* sorted; owned */
    uint32_t scope_count;
};
/* Defaults, units in the names. */
#define FO_DEFAULT_MCLT_S          3600u
#define FO_DEFAULT_RECEIVE_TIMER_S 30u
#define FO_DEFAULT_PORT            647u

void fo_relationship_init(struct fo_relationship *r); /* the defaults above, percentage 50 */
void fo_relationship_fini(struct fo_relationship *r); /* {0} is safe */
FO_MUST_CHECK int fo_relationship_copy(const struct fo_relationship *from,
                                       struct fo_relationship *out);
fo_ipv4_t fo_relationship_local(const struct fo_relationship *r);
fo_ipv4_t fo_relationship_partner(const struct fo_relationship *r);
const char *fo_relationship_partner_name(const struct fo_relationship *r);
bool fo_relationship_has_scope(const struct fo_relationship *r, fo_ipv4_t subnet);
/** The buckets of the primary: hand-made, or by |percentage| in load balance, all in standby. */
struct fo_buckets fo_relationship_buckets(const struct fo_relationship *r);
/** The share (0..100) of available addresses that the secondary should own. */
unsigned fo_relationship_secondary_share(const struct fo_relationship *r);

/** What the checks must know of the server's other relationships and scopes. */
struct fo_relationship_view {
    const struct fo_relationship *const *list;
    size_t count;
    bool (*scope_exists)(void *context, fo_ipv4_t subnet);
    bool (*scope_bootp_only)(void *context, fo_ipv4_t subnet); /* has a range for BOOTP alone */
    enum fo_state (*state_of)(void *context, const char *name);
    bool (*resync_running)(void *context, const char *name);
    void *context;
};

/* Each answers ERROR_SUCCESS or the first failing check's code, with one sentence in |why|. With
 * |collect| not NULL every failing check is reported to it (validate: all failures, not the
 * first); the first code is still the answer. Order and codes: MAPI §1.2. */
struct fo_check_sink {
    void (*failed)(void *context, uint32_t code, const char *sentence);
    void *context;
};
uint32_t fo_relationship_check_create(const struct fo_relationship *r,
                                      const struct fo_relationship_view *view,
                                      const struct fo_check_sink *collect, char *why,
                                      size_t why_capacity);
#define FO_SET_MCLT        0x01u
#define FO_SET_SAFE_PERIOD 0x02u
#define FO_SET_STATE       0x04u
#define FO_SET_PERCENTAGE  0x08u
#define FO_SET_MODE        0x10u
#define FO_SET_PREV_STATE  0x20u
#define FO_SET_SECRET      0x40u
uint32_t fo_relationship_check_set(const struct fo_relationship *r, uint32_t flags,
                                   const struct fo_relationship_view *view, char *why,
                                   size_t why_capacity);
uint32_t fo_relationship_check_add_scopes(const char *name, const fo_ipv4_t *scopes, size_t count,
                                          const struct fo_relationship_view *view, char *why,
                                          size_t why_capacity);
uint32_t fo_relationship_check_remove_scopes(const char *name, const fo_ipv4_t *scopes,
                                             size_t count, const struct fo_relationship_view *view,
                                             char *why, size_t why_capacity);
/** Changes that the checks allowed. Errors: FO_ENOMEM. */
FO_MUST_CHECK int fo_relationship_add_scopes(struct fo_relationship *r, const fo_ipv4_t *scopes,
                                             size_t count);
void fo_relationship_remove_scopes(struct fo_relationship *r, const fo_ipv4_t *scopes,
                                   size_t count);
/** UTF-16 code units of UTF-8 |text|; -1 when it is not UTF-8. */
long fo_utf16_units(const char *text);

#endif
