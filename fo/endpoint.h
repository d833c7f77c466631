/**
 * fo/endpoint.h: the inside of a server, shared by the sources of fo/ and by nobody else.
 *
 * A failover endpoint is one side of one relationship (draft-12 §2.2): all state, timers, queues
 * and the single link belong to it.
 */
#ifndef FO_ENDPOINT_H
#define FO_ENDPOINT_H

#include "fo/endpoint_record.h"
#include "fo/sender.h"
#include "fo/server.h"
#include "proto/frame.h"
#include "state/accept.h"
#include "state/transition.h"

#ifndef FO_SMALL_LIMITS
#define FO_TOKENS_MAX     65536 /* reports waiting for the partner's acknowledgement */
#define FO_HOLDS_MAX      8192  /* addresses offered and not taken yet */
#define FO_REJECTIONS_MAX 4096  /* refused updates remembered */
#else /* a fuzzer is to reach them, and not to pay for room it cannot fill */
#define FO_TOKENS_MAX     16
#define FO_HOLDS_MAX      8
#define FO_REJECTIONS_MAX 8
#endif
#define FO_CONNECT_WAIT_MS   15000 /* §7.8.2, §7.9.2: how long CONNECT or CONNECTACK may take */
#define FO_DUE_PER_STEP      2000  /* expiries handled before other events get their turn */
#define FO_BALANCE_PER_ROUND 4096  /* addresses moved before the partner had time to answer */
#define FO_SHUTDOWN_WAIT_MS  5000  /* §9.14: for the partner to say PARTNER-DOWN */
#define FO_STRANGER_TELL_MS  60000 /* between two lines about strangers */
#define FO_BALANCE_PERIOD_MS 60000
#define FO_LINES_A_MINUTE    600    /* of the log about one relationship; others are counted */
#define FO_RETRY_MS          900000 /* what the partner refused is told again, "considerably" later */
#define FO_EXPIRY_MARGIN_S   3  /* after lease-expiration-time: clocks are a second or two apart */
#define FO_EXPIRY_GRACE_S    30 /* the server that granted a lease reports its end first */
#define FO_SCAN_PER_PUMP     20000  /* addresses a scan skips before other work gets its turn */
#define FO_UPDATE_STALL_MS   120000 /* no UPDDONE and no BNDUPD: drop the link (§9.5.2) */
#define FO_HEAR_FIRST_MS     20000 /* no UPDDONE and no BNDUPD: fo_resync_hear_first() is in vain */
#define FO_ACK_STALL_MS      120000 /* no BNDACK for a BNDUPD: drop the link (§9.8.4) */

/* Marks of an address in the lease database (volatile). */
#define FO_MARK_QUEUED   0x01u
#define FO_MARK_INFLIGHT 0x02u
#define FO_MARK_CHANGED  0x04u /* changed while in flight */
#define FO_MARK_REJECTED 0x08u /* the partner refused our last word on it */
#define FO_MARK_RECALL   0x10u /* a BACKUP address we ask back: sent as FREE, ours once acked */
#define FO_MARK_HELD     0x20u /* offered to a client, which has not asked for it yet */
#define FO_MARK_TAKEN    0x40u /* the partner's word, while another one of ours was in flight */

enum fo_link_phase {
    FO_LINK_DIALLING,
    FO_LINK_WAIT_CONNECT,    /* accepted, or a stimulus: the partner speaks first */
    FO_LINK_WAIT_CONNECTACK, /* we sent CONNECT */
    FO_LINK_WAIT_TLS,        /* CONNECTACK agreed on TLS; handshake running (§8.2) */
    FO_LINK_ESTABLISHED      /* CONNECT and CONNECTACK are done */
};

struct fo_endpoint;
struct fo_link {
    fo_link_id_t id;
    bool accepted, secure;
    fo_ipv4_t partner;
    enum fo_link_phase phase;
    struct fo_endpoint *endpoint; /* NULL until CONNECT tells. Its link is this one only if
                                     endpoint->link says so: a handshake the partner began does
                                     not take the place before the CONNECT under TLS */
    uint32_t next_xid, connect_xid;
    uint32_t last_xid; /* heard; with a digest xids must rise (§11.1) */
    bool xid_heard;
    fo_mono_t deadline; /* for anything but ESTABLISHED */
    struct fo_frame_cutter cutter;
    struct fo_link *next;
};

struct fo_journal {
    struct fo_journal_entry *entries; /* ring of FO_JOURNAL_MAX, by sequence */
    uint64_t next, saved;             /* next sequence; everything below |saved| is on disk */
    uint64_t first;
};

/* What was logged in the minute that began at |since|, and what was not. */
struct fo_speech {
    fo_mono_t since;
    uint32_t lines;
    uint64_t withheld;
};

/* What is known of differences in configuration. */
struct fo_drift {
    fo_mono_t tell_at;
    bool heard;      /* on this link */
    uint8_t differs; /* by the last word */
    uint8_t told;    /* what the operator was told */
    fo_utc_t since;
};

struct fo_endpoint {
    struct fo_server *server;
    int number;
    struct fo_relationship r;
    const struct fo_dialect *dialect;
    struct fo_digest digest;
    bool has_digest;

    struct fo_endpoint_record rec;
    bool rec_dirty, config_dirty;
    enum fo_state state; /* STARTUP, or rec.state */
    fo_mono_t startup_until;
    fo_mono_t heartbeat_at;
    fo_mono_t stop_at; /* SHUTDOWN: how long the partner has to take over (§9.14) */

    struct fo_link *link; /* dialled, or bound by CONNECT */
    fo_mono_t redial_at;
    fo_utc_t connect_sent; /* the time in our last CONNECT */
    bool unanswered;       /* the partner closed on it without a word */
    char call_failed[96];  /* why the last call did not get through; "": it did */
    bool comms_ok;         /* §8.3 */
    bool partner_startup;
    bool telling, all_told;   /* before NORMAL can come (§9.2): fo_endpoint_told() */
    bool resolution_finished; /* we ended a conflict; CONFLICT-DONE is then no surprise */
    uint32_t partner_max_unacked, partner_receive_timer_s;
    fo_mono_t last_sent, last_received, last_update;
    char partner_vendor[64];
    const struct fo_dialect *partner_kind; /* of a link: in whatever dialect we speak to it */
    bool hears_first;                      /* what the partner did alone: fo_resync_hear_first() */

    int32_t clock_delta_s; /* what is added to the partner's times */
    int32_t clock_sample_s;
    int32_t clock_lowest_s; /* of the last |clock_samples|, at most one a second */
    unsigned clock_samples;
    fo_mono_t clock_sample_at;
    unsigned clock_odd; /* samples far from the running value, in a row */
    fo_mono_t clock_odd_at;
    bool clock_known;

    struct fo_sender sender;
    bool request_open; /* our UPDREQ or UPDREQALL waits for UPDDONE */
    uint32_t request_xid;
    uint64_t request_received;   /* transactions since */
    fo_utc_t partner_lost_since; /* of its RECOVER in which its renewals were reckoned with */
    bool state_held;             /* our STATE waits until the partner has said its own */
    bool resync_wanted;          /* operator: UPDREQALL at the next chance */

    fo_mono_t retry_at;    /* NORMAL: tell again what was refused (§7.2.1); 0: nothing was */
    fo_mono_t balance_at;  /* next look at the pools */
    fo_ipv4_t pool_rest;   /* the scope whose share was cut short by the round: it is completed
                            * without a threshold; 0: none */
    bool pool_request_due; /* secondary: POOLREQ once our updates are acked (§9.8.1) */
    fo_mono_t pool_request_at;

    struct fo_drift drift;
    struct fo_journal journal;
    struct fo_speech speech;
    uint32_t told_rejections[2];    /* reasons among the events of this link: the partner's, ours */
    struct fo_endpoint_status seen; /* counters and last fault */
};

struct fo_hold {
    fo_ipv4_t address;
    uint32_t client;
    fo_mono_t until;
};
struct fo_token;
struct fo_remembered;

struct fo_server {
    struct fo_server_config config;
    char vendor_class[64];
    struct fo_store *store;
    struct fo_lease_db *leases;
    struct fo_endpoint *endpoints[FO_RELATIONSHIPS_MAX]; /* in name order */
    size_t endpoint_count;
    int next_number;
    struct fo_link *links;
    fo_link_id_t next_link;
    struct fo_hold holds[FO_HOLDS_MAX];
    uint32_t hold_head, hold_count;
    struct fo_token *tokens;          /* uthash by address */
    struct fo_remembered *rejections; /* uthash by address, oldest first */
    uint64_t strangers;               /* connections from addresses that are no partner's */
    fo_mono_t stranger_told;
    bool unsafe; /* a relationship's record is in quarantine: scopes of nobody stay silent */
    int err;     /* sticky FO_ENOMEM or store error of the present batch */
    struct fo_message in, out_message; /* scratch */
    uint8_t whole[FO_MESSAGE_MAX];     /* the bytes of |in| if they came in pieces */
};

/* The arguments that travel together through a step. */
struct fo_step {
    struct fo_server *server;
    struct fo_now now;
    struct fo_outbox *out;
};

/* --- endpoint.c -------------------------------------------------------------------------- */
struct fo_endpoint *fo_endpoint_new(struct fo_server *s, const struct fo_relationship *r);
void fo_endpoint_free(struct fo_endpoint *ep);
struct fo_endpoint *fo_endpoint_find(const struct fo_server *s, const char *name);
struct fo_endpoint *fo_endpoint_of_address(const struct fo_server *s, fo_ipv4_t address);
FO_MUST_CHECK int fo_endpoint_renew_digest(struct fo_endpoint *ep);
/** Starts the start-up procedure (§9.3) from ep->rec. */
void fo_endpoint_start(struct fo_step *st, struct fo_endpoint *ep);
bool fo_endpoint_up_to_date(const struct fo_endpoint *ep, const struct fo_binding *b);
/** Stores a binding; failures stick to server->err. */
void fo_endpoint_put(struct fo_server *s, const struct fo_binding *b);
void fo_server_due(struct fo_server *s, fo_ipv4_t address, fo_utc_t due);
uint8_t fo_server_marks(const struct fo_server *s, fo_ipv4_t address);
void fo_server_mark(struct fo_server *s, fo_ipv4_t address, uint8_t set, uint8_t clear);
uint32_t fo_client_hash(const struct fo_client *c);
void fo_server_why(char *why, size_t capacity, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* --- relationships.c, restore.c ------------------------------------------------------------ */
void fo_server_insert(struct fo_server *s, struct fo_endpoint *ep);
/** A relationship made anew takes its damaged record out of quarantine; whether there was one. */
bool fo_quarantine_forgive(struct fo_server *s, const char *name);

/* --- journal.c ----------------------------------------------------------------------------- */
/** A line for the log; |journal| keeps it as well. */
void fo_endpoint_notice(struct fo_step *st, struct fo_endpoint *ep, enum fo_notice_level level,
                        bool journal, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
/** Counts an offence of the partner and remembers the sentence; logs it. */
void fo_endpoint_fault(struct fo_step *st, struct fo_endpoint *ep, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/** Text that a stranger chose, made fit for logs and screens: what does not print, and quotation
 *  marks, become '?'. Cut to |capacity|, which is not 0; returns |out|. */
char *fo_partner_text(const struct fo_span *said, char *out, size_t capacity);
#define FO_PARTNER_TEXT 96 /* as much as a line needs */
/** The same for a refusal; an alarm where only an operator can help (clocks, TLS, digests). */
void fo_endpoint_refusal(struct fo_step *st, struct fo_endpoint *ep, enum fo_reject reason,
                         const char *format, ...) __attribute__((format(printf, 4, 5)));
FO_MUST_CHECK int fo_journal_flush(struct fo_endpoint *ep);
FO_MUST_CHECK int fo_journal_load(struct fo_endpoint *ep);
FO_MUST_CHECK int fo_journal_forget(struct fo_endpoint *ep); /* deletes it from the store */
void fo_journal_free(struct fo_journal *j);

/* --- state.c: the single door to a state ------------------------------------------------------ */
void fo_endpoint_event(struct fo_step *st, struct fo_endpoint *ep, enum fo_state_event event,
                       const char *cause);
/** Whether the table has more than a refusal for |event| now. */
bool fo_endpoint_may(const struct fo_endpoint *ep, enum fo_state_event event);
void fo_endpoint_heard_state(struct fo_step *st, struct fo_endpoint *ep,
                             const struct fo_message *m);
/** Everything that a counted scan found is answered: the way to NORMAL may be free. */
void fo_endpoint_told(struct fo_step *st, struct fo_endpoint *ep);
void fo_endpoint_timers(struct fo_step *st, struct fo_endpoint *ep);
int64_t fo_endpoint_next_ms(const struct fo_endpoint *ep, struct fo_now now);
fo_utc_t fo_endpoint_recover_until(const struct fo_endpoint *ep);

/* --- announce.c ------------------------------------------------------------------------------- */
/** Tells the partner our state, unless that would harm it: then it is held back. */
void fo_endpoint_send_state(struct fo_step *st, struct fo_endpoint *ep);
/** Tells what was held back, now that more is known of the partner, or drops the link. */
void fo_endpoint_send_held(struct fo_step *st, struct fo_endpoint *ep);

/* --- link.c ------------------------------------------------------------------------------------
 */
void fo_links_event(struct fo_step *st, const struct fo_event *event);
void fo_links_timers(struct fo_step *st);
int64_t fo_links_next_ms(const struct fo_server *s);
void fo_endpoint_dial(struct fo_step *st, struct fo_endpoint *ep);
/** Encodes and sends; |m|'s header is filled in. The xid is the caller's. */
void fo_link_send(struct fo_step *st, struct fo_link *link, struct fo_message *m);
uint32_t fo_link_xid(struct fo_link *link);
/** Sends a message without options. */
void fo_link_send_bare(struct fo_step *st, struct fo_link *link, uint8_t type, uint32_t xid);
/** When to call again after a refusal: later, but never not at all (§7.9, §7.12). */
void fo_endpoint_back_off(struct fo_step *st, struct fo_endpoint *ep);
/** DISCONNECT with a reason (§7.12) if it is established, then close; the endpoint is detached. */
void fo_link_disconnect(struct fo_step *st, struct fo_link *link, enum fo_reject reason,
                        const char *text);
void fo_link_close(struct fo_step *st, struct fo_link *link);
void fo_link_drop(struct fo_step *st, struct fo_link *link, const char *why);
struct fo_link *fo_link_find(const struct fo_server *s, fo_link_id_t id); /* NULL: gone */
void fo_links_free(struct fo_server *s);
/** Closes what is left of |ep|'s links, those in the middle of a TLS handshake too. */
void fo_endpoint_close_links(struct fo_step *st, struct fo_endpoint *ep);
/** The endpoint lost its link: communications failed (§8.6). */
void fo_endpoint_lost_link(struct fo_step *st, struct fo_endpoint *ep, const char *why);

/* --- receive.c -------------------------------------------------------------------------------- */
void fo_receive_bytes(struct fo_step *st, fo_link_id_t id, const uint8_t *data, size_t length);

/* --- connect.c -----------------------------------------------------------------------------------
 */
void fo_connect_send(struct fo_step *st, struct fo_link *link);
void fo_connect_received(struct fo_step *st, struct fo_link *link, const struct fo_message *m,
                         const uint8_t *data, size_t length);
void fo_connectack_received(struct fo_step *st, struct fo_link *link, const struct fo_message *m);

/* --- clock.c
 * --------------------------------------------------------------------------------------- */
/** Our clock minus the sender's, by the time in a header; saturates. */
int32_t fo_clock_difference(fo_utc_t now, fo_utc_t sent);
void fo_clock_start(struct fo_endpoint *ep, int32_t sample_s);
void fo_clock_sample(struct fo_step *st, struct fo_endpoint *ep, fo_utc_t sent);

/* --- drift.c --------------------------------------------------------------------------------- */
void fo_drift_start(struct fo_step *st, struct fo_endpoint *ep); /* communications are good */
void fo_drift_timers(struct fo_step *st, struct fo_endpoint *ep);
int64_t fo_drift_next_ms(const struct fo_endpoint *ep); /* steady ms; INT64_MAX: never */
/** A CONTACT of the partner. */
void fo_drift_heard(struct fo_step *st, struct fo_endpoint *ep, const struct fo_message *m);
void fo_drift_status(const struct fo_endpoint *ep, struct fo_endpoint_status *out);

/* --- apply.c
 * ------------------------------------------------------------------------------------------ */
void fo_apply_update(struct fo_step *st, struct fo_endpoint *ep, const struct fo_message *m);

/* --- resync.c
 * ------------------------------------------------------------------------------------------ */
void fo_resync_request(struct fo_step *st, struct fo_endpoint *ep);
/** Asks for what the partner did while the two could not talk, and holds our own updates back until
 *  it was all told: for a partner that would believe an older word of ours over its own later one.
 *  Draft gap: §7.3 has nobody ask in NORMAL, and §7.1.3 has a receiver judge for itself. */
void fo_resync_hear_first(struct fo_step *st, struct fo_endpoint *ep);
/** The partner tells nothing any more; our own updates wait no longer. */
void fo_resync_give_up(struct fo_step *st, struct fo_endpoint *ep);
void fo_resync_requested(struct fo_step *st, struct fo_endpoint *ep, const struct fo_message *m);
void fo_resync_done(struct fo_step *st, struct fo_endpoint *ep, const struct fo_message *m);

/* --- scopes.c -------------------------------------------------------------------------------- */
/** The partner may have leases in |subnets| that it could not tell: it is asked for everything, and
 *  until it has told all nothing there is given but in PARTNER-DOWN, as if it were the partner's. */
void fo_scopes_came(struct fo_endpoint *ep, const fo_ipv4_t *subnets, size_t count);
void fo_scopes_heard(struct fo_endpoint *ep);
bool fo_scopes_unheard(const struct fo_endpoint *ep, fo_ipv4_t address);

/* --- reservations.c ----------------------------------------------------------------------------
 */
/** Whether this server may give the available address |b| at all; |reserved|: to the client of its
 *  reservation. */
bool fo_reservation_ours(const struct fo_endpoint *ep, const struct fo_binding *b, bool reserved);
/** The primary: asks the partner to agree to the reservations it does not know. */
void fo_reservations_tell(struct fo_endpoint *ep);
/** Before a scope is replaced: what was agreed of reservations that go or change is over. */
void fo_reservations_change(struct fo_server *s, const struct fo_scope *old,
                            const struct fo_scope *changed);

/* --- balance.c
 * ------------------------------------------------------------------------------------------ */
void fo_balance_run(struct fo_step *st, struct fo_endpoint *ep);
void fo_balance_requested(struct fo_step *st, struct fo_endpoint *ep, const struct fo_message *m);
void fo_balance_answered(struct fo_step *st, struct fo_endpoint *ep, const struct fo_message *m);
void fo_balance_ask(struct fo_step *st, struct fo_endpoint *ep);

/* --- rejections.c ---------------------------------------------------------------------------- */
/** An update of |address| was refused: counts it, tells it, remembers it for fo_server_address().
 */
void fo_rejection_note(struct fo_step *st, struct fo_endpoint *ep, fo_ipv4_t address,
                       const struct fo_rejection *r);
/** Only remembers it. */
void fo_rejection_remember(struct fo_server *s, fo_ipv4_t address,
                           const struct fo_rejection *rejection);
/** An update of |address| was accepted, or it is in no relationship any more. */
void fo_rejection_forget(struct fo_server *s, fo_ipv4_t address);
struct fo_rejection fo_rejection_of(const struct fo_server *s, fo_ipv4_t address);
void fo_rejections_free(struct fo_server *s);

/* --- lease.c
 * ---------------------------------------------------------------------------------------------- */
void fo_lease_report(struct fo_step *st, const struct fo_report *report);
/** Leases that ended, and freed addresses whose wait is over. */
void fo_lease_due(struct fo_step *st);
/** On entering PARTNER-DOWN: when each address of nobody becomes ours (§9.4.2). */
void fo_lease_partner_down(struct fo_step *st, struct fo_endpoint *ep);
/** When an ACTIVE lease is looked at again: its end and a margin the partner does not see, or the
 *  time to renew it for its client (FO_BINDING_EXTEND), halfway from |now|; 0: at once. */
fo_utc_t fo_lease_look_at(const struct fo_binding *b, fo_utc_t now);
fo_utc_t fo_lease_reusable(const struct fo_endpoint *ep, const struct fo_binding *b);
/** Whether this server may take what the partner thinks its own, once that is reusable: not while
 *  the partner waits in RECOVER-DONE to use it. */
bool fo_lease_takes_partners(const struct fo_endpoint *ep);
/** An address nobody holds any more: FREE, its lease times forgotten (§5.11). */
void fo_lease_free(struct fo_server *s, struct fo_binding *b, fo_utc_t now, uint32_t acked_epoch);
/** The partner acknowledged what was reported for |address|. */
void fo_tokens_acked(struct fo_step *st, fo_ipv4_t address);
void fo_tokens_add(struct fo_server *s, fo_ipv4_t address, uint64_t token);
/** The partner's later word replaced what was reported for |address|: nobody acknowledges it. */
void fo_tokens_forget(struct fo_server *s, fo_ipv4_t address);
void fo_tokens_free(struct fo_server *s);

#endif
