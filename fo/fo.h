/**
 * fo.h: DHCP failover for a DHCP server.
 *
 * You have a DHCP server and its lease database. fo joins it with a partner server, so that either
 * can carry on when the other is gone and no address is ever given to two clients. Your part:
 *
 *   1. fo_open() an engine and fo_start() its thread;
 *   2. tell it your scopes (fo_scope_set) and your relationship (fo_relationship_set);
 *   3. for each client message ask fo_may_serve(); for a new client fo_choose() an address, at
 *      REQUEST check it again with fo_may_give(); fo_lease_time() tells how long the lease may be;
 *   4. after your own commit call fo_report(); hold the client's ACK until the token comes back as
 *      durable (not for the partner: failover is lazy, draft-12 §2.2);
 *   5. when fo_event_fd() becomes readable, fo_drain() calls you back with the partner's leases.
 *
 * Questions may be asked from any thread and take microseconds. Callbacks run only inside
 * fo_drain(), on the thread that calls it. Times are UTC seconds, intervals seconds. Strings and
 * structures passed in are copied; what callbacks get is borrowed for the call. Every function
 * that can fail returns FO_OK or a negative FO_E… (fo_strerror()), and changes nothing when it
 * fails.
 *
 * Source: draft-ietf-dhc-failover-12; sections are named where a rule comes from.
 */
#ifndef FO_FO_H
#define FO_FO_H

#include "proto/api.h"
#include "proto/err.h"
#include "proto/types.h"

#ifdef __cplusplus
extern "C" {
#endif

struct fo; /* a running engine */

struct fo_options {
    const char *store_path;     /* directory, made if absent; NULL: memory only (tests) */
    const char *listen_address; /* IPv4 text; NULL: all */
    uint16_t listen_port;       /* 0: 647 */
    const char *ca_file, *cert_file, *key_file;              /* PEM; all NULL: plain TCP only */
    void (*log)(void *context, int level, const char *line); /* level 0 info, 1 warning, 2 alarm;
                                                                called on fo's own thread */
    void *context;
};

/** Opens the store, restores the state, binds the port; the partner is not called yet.
 *  |why| (may be NULL): one sentence naming what failed. Ownership: gives |*out| (fo_close). */
FO_API int fo_open(const struct fo_options *options, struct fo **out, char *why,
                   size_t why_capacity);
/** Starts the thread that talks to partners. Errors: FO_ESTATE if it runs, FO_ENOMEM. */
FO_API int fo_start(struct fo *f);
/** Says goodbye to partners, stops the thread, closes all. Accepts NULL. */
FO_API void fo_close(struct fo *f);

/* --- set-up -------------------------------------------------------------------------------- */
struct fo_range_text {
    const char *first, *last; /* IPv4 text, inclusive */
};
/** Makes a scope or replaces its ranges: |subnet| and |mask| as text, e.g. "10.0.0.0",
 *  "255.255.255.0". Errors: FO_EINVAL with |why|. */
FO_API int fo_scope_set(struct fo *f, const char *subnet, const char *mask,
                        const struct fo_range_text *ranges, size_t range_count, char *why,
                        size_t why_capacity);

struct fo_pairing {
    const char *name;             /* the same on both servers, at most 126 characters */
    const char *role;             /* "primary" or "secondary" */
    const char *local, *partner;  /* IPv4 text */
    uint16_t partner_port;        /* 0: 647 */
    const char *dialect;          /* "draft", "isc"; NULL: draft, or as the partner shows */
    const char *tls;              /* "off", "desired", "required"; NULL: required if
                                     certificates are configured */
    const char *partner_tls_name; /* name the partner's certificate must carry; NULL: its
                                     address */
    const char *shared_secret;    /* message digest (§11.1); NULL: none */
    uint32_t mclt_s;              /* 0: 3600; the primary's value rules (§7.8.2) */
    unsigned primary_percent;     /* share of clients the primary serves; 0..100 */
    uint32_t safe_period_s;       /* 0: never partner-down by itself (§10) */
    uint32_t receive_timer_s;     /* 0: 30 */
    const char *const *scopes;    /* subnets, as text */
    size_t scope_count;
    int lost_storage; /* this server had a database and lost it (§9.3.2) */
};
/** Makes the relationship, or leaves an existing one of that name as it is (FO_EEXISTS). */
FO_API int fo_relationship_set(struct fo *f, const struct fo_pairing *pairing, char *why,
                               size_t why_capacity);
FO_API int fo_relationship_remove(struct fo *f, const char *name);

/* --- questions, any thread ------------------------------------------------------------------- */
/** A client as its messages show it: |hw| opens with the hardware type byte; |id| is option 61
 *  (type byte included) or NULL when the client sent none. */
struct fo_client_key {
    const uint8_t *hw;
    size_t hw_length;
    const uint8_t *id;
    size_t id_length;
};
enum fo_verdict { FO_SERVE, FO_SILENT, FO_REFUSE }; /* silence is not refusal */
enum fo_client_asks {
    FO_ASKS_NEW,    /* DISCOVER, REQUEST in SELECTING or INIT-REBOOT, BOOTP */
    FO_ASKS_RENEW,  /* REQUEST in RENEWING or REBINDING */
    FO_ASKS_RELEASE /* RELEASE, DECLINE */
};
FO_API enum fo_verdict fo_may_serve(struct fo *f, const char *subnet,
                                    const struct fo_client_key *client, enum fo_client_asks asks,
                                    uint32_t secs);
/** An address of ours for a new client, the |candidate| (0: none) if it may be; held for the
 *  client for |hold_ms|. Errors: FO_ENOSPACE, FO_ENOTFOUND, FO_ESTATE. */
FO_API int fo_choose(struct fo *f, const char *subnet, const struct fo_client_key *client,
                     fo_ipv4_t candidate, uint32_t hold_ms, fo_ipv4_t *out_address);
FO_API enum fo_verdict fo_may_give(struct fo *f, fo_ipv4_t address,
                                   const struct fo_client_key *client, char *why,
                                   size_t why_capacity);
/** Seconds that may be granted: |desired_s| or less, never more (§5.2.1). */
FO_API uint32_t fo_lease_time(struct fo *f, fo_ipv4_t address, const struct fo_client_key *client,
                              uint32_t desired_s);

/* --- reports, any thread --------------------------------------------------------------------- */
enum fo_lease_event { FO_LEASE_GRANTED, FO_LEASE_RELEASED, FO_LEASE_DECLINED };
struct fo_lease_report {
    enum fo_lease_event event;
    fo_ipv4_t address;
    struct fo_client_key client;
    uint32_t lease_end; /* UTC; 0xffffffff: infinite. GRANTED only. An earlier one than before, of a
                         * lease that runs, counts when that is over: the answer may be lost */
    uint32_t desired_s; /* what the client would get without failover */
    uint64_t token;     /* yours, not 0: comes back through on_durable, then on_acked */
};
FO_API int fo_report(struct fo *f, const struct fo_lease_report *report);

/* --- news, on the thread that drains -----------------------------------------------------------
 */
struct fo_lease {
    fo_ipv4_t address;
    const char *status;          /* "ACTIVE", "FREE", … (§12.3) */
    struct fo_client_key client; /* hw_length 0: none known */
    uint32_t lease_end;
    uint32_t client_last_transaction;
};
struct fo_callbacks {
    void (*apply)(void *context, const struct fo_lease *lease);  /* the partner's lease: store it */
    void (*remove)(void *context, const struct fo_lease *lease); /* no longer leased: drop it */
    void (*on_durable)(void *context, uint64_t token); /* now the client may be answered */
    void (*on_acked)(void *context, uint64_t token);   /* the partner has it too */
    void *context;
};
/** A descriptor that is readable while fo_drain() has something to do. */
FO_API int fo_event_fd(struct fo *f);
/** Calls back for at most |limit| pieces of news (0: all); returns how many. */
FO_API size_t fo_drain(struct fo *f, const struct fo_callbacks *callbacks, size_t limit);
/** Visits every lease known, in address order: to compare two databases at start. Ours decides who
 *  may, the later client_last_transaction decides who has. */
FO_API int fo_each_lease(struct fo *f, void (*visit)(void *context, const struct fo_lease *lease),
                         void *context);

/* --- what is going on --------------------------------------------------------------------------
 */
struct fo_snapshot {
    char state[32]; /* "NORMAL", … (§9) */
    char partner_state[32];
    uint32_t state_since;
    int communications_ok;
    int32_t clock_delta_s; /* our clock minus the partner's */
    uint64_t waiting;      /* leases the partner has not acknowledged */
    char cause[160];       /* why this state */
    char exit[320];        /* what ends it */
    uint32_t exit_at;      /* 0: no time is known */
};
FO_API int fo_get_snapshot(struct fo *f, const char *relationship, struct fo_snapshot *out);
/** The operator says the partner is down (§9.4). Never when it may be alive and merely cut off. */
FO_API int fo_partner_down(struct fo *f, const char *relationship, char *why, size_t why_capacity);

#ifdef __cplusplus
}
#endif
#endif
