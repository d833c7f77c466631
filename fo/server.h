/**
 * fo/server.h: one server's whole failover life: scopes, leases, relationships and their
 * endpoints, links.
 *
 * Pure: the driver (fo/run, or a simulator) owns sockets, clock, and the store's transaction:
 *
 *     fo_store_begin -> fo_server_step ... -> fo_server_flush -> fo_store_commit -> carry out the
 *     outbox; on any failure: fo_server_free, fo_server_new, fo_server_restore, all links closed.
 *
 * The functions that change something (fo_server_*_create and so on) are called between begin and
 * flush like fo_server_step. Not thread-safe: fo/run guards it.
 */
#ifndef FO_SERVER_H
#define FO_SERVER_H

#include "fo/event.h"
#include "fo/outbox.h"
#include "state/lease_db.h"
#include "state/relationship.h"
#include "state/serve.h"

struct fo_server;

/** Facts of the process that never change while it runs. Borrowed strings are copied. */
struct fo_server_config {
    const char *vendor_class; /* option 28; NULL: "fo" */
    bool tls_available;       /* certificates are configured */
    /* Makes the digest function for a shared secret (HMAC-MD5 keyed with it); NULL: no digests.
     * Ownership: gives a context that |digest_free| takes back. */
    int (*digest_new)(const char *secret, struct fo_digest *out_digest);
    void (*digest_free)(struct fo_digest *digest);
    uint32_t startup_s;     /* §5.9, §9.3: 0 gives 10 s, or 30 s if down longer than MCLT */
    uint32_t redial_s;      /* 0: 5 s; after a rejection 12 times as long */
    uint32_t heartbeat_s;   /* how often "operational until" is stored; 0: 10 s */
    uint32_t drift_s;       /* how often the partner is told how we are configured; 0: 20 s */
    uint16_t failover_port; /* default partner port; 0: 647 */
};

struct fo_server *fo_server_new(const struct fo_server_config *config, struct fo_store *store);
void fo_server_free(struct fo_server *s);

struct fo_restore_report {
    struct fo_lease_db_load leases;
    size_t relationships;
    uint64_t damaged; /* all records set aside, of any table */
};
/** Reads everything from the store and starts the start-up procedure (§9.3) of each endpoint.
 *  Opens its own transactions. Errors: of the store; FO_ENOMEM. */
FO_MUST_CHECK int fo_server_restore(struct fo_server *s, struct fo_now now, struct fo_outbox *out,
                                    struct fo_restore_report *out_report);

/** One event. Errors: FO_ENOMEM, or of the store: the batch must then be thrown away. What a
 *  partner does wrong is never an error here. */
FO_MUST_CHECK int fo_server_step(struct fo_server *s, const struct fo_event *event,
                                 struct fo_outbox *out);
/** Writes what the steps changed into the open transaction. */
FO_MUST_CHECK int fo_server_flush(struct fo_server *s, struct fo_now now, struct fo_outbox *out);
/** When the next FO_EVENT_TICK is wanted; INT64_MAX: never. */
fo_mono_t fo_server_next_wake(const struct fo_server *s, struct fo_now now);

/** The process ends in good order: DISCONNECT and close on every link. */
void fo_server_goodbye(struct fo_server *s, struct fo_now now, struct fo_outbox *out);

struct fo_lease_db *fo_server_leases(struct fo_server *s); /* borrowed; read only for others */

/* --- scopes: Win32 codes, |why| one sentence (may be NULL) --------------------------------- */
uint32_t fo_server_scope_create(struct fo_server *s, const struct fo_scope *scope, char *why,
                                size_t why_capacity);
/** Replaces ranges, exclusions, reservations, texts, state of an existing scope. Also these two:
 *  ERROR_DHCP_FO_IPRANGE_TYPE_CONV_ILLEGAL, a scope of a relationship has no range for BOOTP alone.
 */
uint32_t fo_server_scope_set(struct fo_server *s, const struct fo_scope *scope,
                             struct fo_outbox *out, char *why, size_t why_capacity);
uint32_t fo_server_scope_delete(struct fo_server *s, fo_ipv4_t subnet, bool force, char *why,
                                size_t why_capacity);

/* --- relationships --------------------------------------------------------------------------- */
/** How a new endpoint begins: FO_BIRTH_VIRGIN: both servers start together, nobody waits (§9.6.2);
 *  FO_BIRTH_LOST: this server lost its storage: RECOVER with UPDREQALL and the MCLT wait. */
enum fo_birth { FO_BIRTH_VIRGIN, FO_BIRTH_LOST };
uint32_t fo_server_relationship_create(struct fo_server *s, const struct fo_relationship *r,
                                       enum fo_birth birth, struct fo_now now,
                                       struct fo_outbox *out, char *why, size_t why_capacity);
/** The same checks, every failure reported, nothing changed. */
uint32_t fo_server_relationship_validate(struct fo_server *s, const struct fo_relationship *r,
                                         const struct fo_check_sink *collect, char *why,
                                         size_t why_capacity);
uint32_t fo_server_relationship_set(struct fo_server *s, const struct fo_relationship *r,
                                    uint32_t flags, struct fo_now now, struct fo_outbox *out,
                                    char *why, size_t why_capacity);
uint32_t fo_server_relationship_delete(struct fo_server *s, const char *name, struct fo_now now,
                                       struct fo_outbox *out, char *why, size_t why_capacity);
uint32_t fo_server_relationship_add_scopes(struct fo_server *s, const char *name,
                                           const fo_ipv4_t *scopes, size_t count, struct fo_now now,
                                           struct fo_outbox *out, char *why, size_t why_capacity);
uint32_t fo_server_relationship_remove_scopes(struct fo_server *s, const char *name,
                                              const fo_ipv4_t *scopes, size_t count,
                                              struct fo_now now, struct fo_outbox *out, char *why,
                                              size_t why_capacity);
/** Dry runs of the three above, for a two-server change being prepared. */
uint32_t fo_server_relationship_check_add(struct fo_server *s, const char *name,
                                          const fo_ipv4_t *scopes, size_t count, char *why,
                                          size_t why_capacity);
uint32_t fo_server_relationship_check_remove(struct fo_server *s, const char *name,
                                             const fo_ipv4_t *scopes, size_t count, char *why,
                                             size_t why_capacity);
uint32_t fo_server_relationship_check_set(struct fo_server *s, const struct fo_relationship *r,
                                          uint32_t flags, char *why, size_t why_capacity);
size_t fo_server_relationship_count(const struct fo_server *s);
/** By position in name order, or by name; NULL: none. Borrowed until relationships change. */
const struct fo_relationship *fo_server_relationship_at(const struct fo_server *s, size_t index);
const struct fo_relationship *fo_server_relationship_find(const struct fo_server *s,
                                                          const char *name);
/** By the number used in effects and by fo_lease_db_owner(); NULL: none (any more). */
const struct fo_relationship *fo_server_relationship_numbered(const struct fo_server *s, int n);
/** Commands of an operator, checked: ERROR_DHCP_FO_STATE_NOT_NORMAL or 87 when not possible. */
uint32_t fo_server_command(struct fo_server *s, const char *name, enum fo_command command,
                           struct fo_now now, struct fo_outbox *out, char *why,
                           size_t why_capacity);

/* --- what a host asks (microseconds, no store) ------------------------------------------------ */
enum fo_answer {
    FO_ANSWER_SERVE,  /* answer the client */
    FO_ANSWER_SILENT, /* say nothing: the partner will, or nobody may now */
    FO_ANSWER_REFUSE  /* this address must not be used: NAK */
};
enum fo_serve_cause {
    FO_SERVE_ALONE,         /* the scope is in no relationship */
    FO_SERVE_DISABLED,      /* the scope answers nobody; releases are heard */
    FO_SERVE_QUARANTINE,    /* it may be in one whose record could not be read */
    FO_SERVE_STATE,         /* this state treats all clients alike (§9) */
    FO_SERVE_BUCKET,        /* as the client's hash has it (§9.8.2) */
    FO_SERVE_WAITED,        /* of the partner's share, but it has waited long (§12.10) */
    FO_SERVE_PARTNER_EMPTY, /* of the partner's share, which has no address to give */
};
struct fo_serve_view {
    enum fo_answer answer;
    enum fo_serve_cause cause;
    enum fo_state state; /* NONE: in no relationship, and there are no buckets */
    uint8_t bucket;
    enum fo_role owner; /* whose the bucket is */
    bool owner_here;
};
/** What fo_server_may_serve() answers, and why. */
void fo_server_serve_view(const struct fo_server *s, fo_ipv4_t subnet,
                          const struct fo_client *client, enum fo_client_message message,
                          uint32_t secs, struct fo_serve_view *out);
/** May this server answer? |secs| is the client's secs field (§12.10). A scope in no relationship
 *  is always served, unless it is disabled: then neither new clients nor renewals are. */
enum fo_answer fo_server_may_serve(struct fo_server *s, fo_ipv4_t subnet,
                                   const struct fo_client *client, enum fo_client_message message,
                                   uint32_t secs);
/**
 * Chooses an address for a new client: the one it holds, its reservation, the one it had, the
 * |candidate| of the host (0: none), any other of ours. It is held for it for |hold_ms| (0: not).
 * Errors: FO_ENOSPACE (nothing of ours is available), FO_ENOTFOUND (no such scope), FO_ESTATE.
 */
FO_MUST_CHECK int fo_server_choose(struct fo_server *s, fo_ipv4_t subnet,
                                   const struct fo_client *client, fo_ipv4_t candidate,
                                   uint32_t hold_ms, struct fo_now now, fo_ipv4_t *out_address);
/** A report that |client| was given |address| is on its way to fo_server_step: nobody else is given
 *  it for |hold_ms|. */
void fo_server_hold(struct fo_server *s, fo_ipv4_t address, const struct fo_client *client,
                    uint32_t hold_ms, struct fo_now now);
/** May |client| be given (or keep) exactly this address now? |why| is one sentence if not. Nothing
 * of what is for BOOTP alone is given. A disabled scope does not matter here: an administrator may
 *  make leases in it. */
enum fo_answer fo_server_may_give(struct fo_server *s, fo_ipv4_t address,
                                  const struct fo_client *client, struct fo_now now, char *why,
                                  size_t why_capacity);
/** The lease to grant in seconds: the desired one, only ever shortened (§5.2.1). */
uint32_t fo_server_lease_time(struct fo_server *s, fo_ipv4_t address,
                              const struct fo_client *client, uint32_t desired_s,
                              struct fo_now now);

/* --- what is seen ------------------------------------------------------------------------------
 */
struct fo_endpoint_status {
    char relationship[FO_RELATIONSHIP_NAME_BYTES + 1];
    enum fo_role role;
    enum fo_state state; /* STARTUP included */
    fo_utc_t state_since;
    char state_cause[160];  /* why it is there */
    char state_exit[320];   /* what ends it */
    fo_utc_t state_exit_at; /* when at the latest; 0: no time is known */
    enum fo_state partner_state;
    bool partner_startup;
    fo_utc_t partner_since;
    bool link_up, communications_ok, link_secure, digest_on;
    int32_t clock_delta_s; /* our clock minus the partner's */
    uint32_t mclt_s;       /* in force */
    enum fo_dialect_name dialect;
    char partner_vendor[64];
    uint32_t unacked, window;              /* BNDUPD messages in flight, and the partner's limit */
    uint64_t queued;                       /* addresses waiting to be sent */
    bool resync_sending;                   /* we answer UPDREQ or UPDREQALL */
    bool resync_receiving;                 /* we wait for UPDDONE */
    uint64_t resync_done, resync_total;    /* addresses; total 0: unknown */
    uint64_t bndupd_sent, bndupd_received; /* transactions (addresses) */
    uint64_t bndack_sent, bndack_received;
    uint64_t rejected_by_partner, rejected_by_us;
    uint64_t messages_in, messages_out, bytes_in, bytes_out;
    uint64_t faults; /* messages that were malformed, out of place or refused */
    char last_fault[160];
    fo_utc_t last_contact;               /* when the partner was last heard; 0: never */
    bool drift_known;                    /* the partner told how it is configured, on this link */
    bool settings_differ, scopes_differ; /* from the partner's, in two words of it in a row */
    fo_utc_t differ_since;               /* when that was found; 0: they do not */
};
/** Errors: FO_ENOTFOUND. */
FO_MUST_CHECK int fo_server_status(struct fo_server *s, const char *name, struct fo_now now,
                                   struct fo_endpoint_status *out);

struct fo_journal_entry {
    uint64_t sequence;
    fo_utc_t when;
    enum fo_notice_level level;
    char text[256];
};
/** The journal of a relationship, oldest first, at most FO_JOURNAL_MAX kept across restarts. */
#ifndef FO_SMALL_LIMITS
#define FO_JOURNAL_MAX 256
#else /* see fo/endpoint.h */
#define FO_JOURNAL_MAX 16
#endif
FO_MUST_CHECK int fo_server_journal(struct fo_server *s, const char *name,
                                    void (*visit)(void *context,
                                                  const struct fo_journal_entry *entry),
                                    void *context);
/** The newest update of an address that one of the two refused (§7.1.3, §12.21). */
enum fo_rejected_by {
    FO_REJECTED_BY_NOBODY, /* or an update was accepted since */
    FO_REJECTED_BY_PARTNER,
    FO_REJECTED_BY_US,
    FO_REJECTED_UNSENT /* we lack what it must carry: the partner was not told (Table 7.1-1) */
};
struct fo_rejection {
    enum fo_rejected_by by;
    uint8_t status; /* binding-status of the update */
    uint8_t reason; /* enum fo_reject, as the wire has it */
    fo_utc_t when;
    char said[64]; /* option 16 of the partner's BNDACK, fit for a screen */
};
/** Who owns an address and whether the partner is up to date on it. */
struct fo_address_view {
    bool in_relationship;
    enum fo_role owner;  /* of an available address; of a lease: who granted it */
    bool partner_has_it; /* the partner acknowledged what we know */
    bool in_flight, queued, rejected;
    struct fo_rejection rejection;
};
FO_MUST_CHECK int fo_server_address(struct fo_server *s, fo_ipv4_t address,
                                    struct fo_address_view *out);

#endif
