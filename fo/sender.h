/**
 * fo/sender.h: lazy update, outwards: what the partner has to be told, what is under way to it, and
 * what its answers mean (draft-12 §5.2, §7.1, §7.2, §8.4). sender.c chooses the next address,
 * update.c packs and sends, verdict.c takes the answers.
 */
#ifndef FO_SENDER_H
#define FO_SENDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proto/message.h"
#include "state/binding.h"

#ifndef FO_SMALL_LIMITS
#define FO_WINDOW_MAX 256   /* BNDUPD messages in flight, whatever the partner allows */
#define FO_QUEUE_MAX  65536 /* addresses waiting; beyond it a scan finds them */
#else                       /* a fuzzer is to reach them, and not to pay for room it cannot fill */
#define FO_WINDOW_MAX 8
#define FO_QUEUE_MAX  64
#endif
#define FO_BATCH_MAX 64 /* transactions in one BNDUPD */

struct fo_endpoint;
struct fo_step;

/** One transaction of a BNDUPD in flight. */
struct fo_flight_item {
    fo_ipv4_t address;
    fo_utc_t heard; /* client-last-transaction-time and option 13 as sent */
    fo_utc_t end;
    fo_utc_t potential; /* option 18 as sent: becomes APE (§7.2.2) */
    uint32_t client;    /* hash of the client it named */
    uint8_t status;     /* as sent */
    bool reserved;      /* R as sent */
};
struct fo_flight {
    uint32_t xid;
    uint16_t count;
    bool counted; /* UPDDONE waits for it (§7.3.2) */
    fo_mono_t sent;
    struct fo_flight_item *items; /* FO_BATCH_MAX, reused */
};

/** Lazy update: what waits, what is under way (§5.2, §8.4). */
struct fo_sender {
    fo_ipv4_t *queue; /* ring of FO_QUEUE_MAX, made on first use */
    uint32_t head, length;
    struct fo_flight flights[FO_WINDOW_MAX];
    uint32_t in_flight;
    bool scanning;    /* a walk over everything the partner lacks */
    bool scan_paused; /* it skipped enough for one pump */
    bool scan_again;  /* the queue turned addresses away: scan when this one is over */
    size_t scan_scope;
    fo_ipv4_t scan_next;
    bool counting;        /* something waits for the end of the walk and its answers ... */
    bool answering;       /* ... a request ... */
    uint32_t request_xid; /* ... with this xid */
    bool missed;          /* the walk passed an address whose newest form has to wait */
    bool repeated;        /* it is the second for a request, because of that */
    bool scans_turn;      /* and takes turns with the queue */
    uint32_t counted;     /* flights whose answer is waited for */
    uint64_t scan_sent;
};

void fo_sender_reset(struct fo_endpoint *ep); /* the link is gone */
void fo_sender_free(struct fo_sender *sender);
/** The partner lacks |address|: queue it, unless a scan will find it anyway. */
void fo_sender_queue(struct fo_endpoint *ep, fo_ipv4_t address);
/** Starts a scan over everything the partner lacks. */
void fo_sender_scan(struct fo_endpoint *ep);
/** The same; fo_resync_check() sees when all that was found is answered. */
void fo_sender_scan_counted(struct fo_endpoint *ep);
bool fo_sender_idle(const struct fo_endpoint *ep);
/** The next address to send, or false. */
bool fo_sender_next(struct fo_endpoint *ep, struct fo_binding *out);
void fo_update_pump(struct fo_step *st, struct fo_endpoint *ep);
void fo_update_acked(struct fo_step *st, struct fo_endpoint *ep, const struct fo_message *m);
/** Whether |taken|, the partner's word that came while ours about the address was under way, leaves
 * the partner with ours and us with its own if it takes ours as well. */
bool fo_update_crosses(const struct fo_endpoint *ep, const struct fo_binding *taken);
/** What was refused is told again in FO_RETRY_MS or so, at the latest. */
void fo_update_retry(const struct fo_step *st, struct fo_endpoint *ep);
/** When the oldest BNDUPD in flight has waited too long, in steady ms; INT64_MAX: none is. */
int64_t fo_update_stalls_at(const struct fo_endpoint *ep);
/** UPDDONE, or NORMAL, if everything that a counted scan found is answered. */
void fo_resync_check(struct fo_step *st, struct fo_endpoint *ep);

#endif
