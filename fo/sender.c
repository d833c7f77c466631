/* What the partner has to be told: a queue of addresses for what changes now, a scan in address
 * order for everything else it lacks (draft-12 §5.2, §5.17, §7.3). */
#include <stdlib.h>
#include <string.h>

#include "fo/endpoint.h"

void fo_sender_free(struct fo_sender *sender)
{
    free(sender->queue);
    for (size_t i = 0; i < FO_WINDOW_MAX; i++)
        free(sender->flights[i].items);
    *sender = (struct fo_sender){0};
}

void fo_sender_reset(struct fo_endpoint *ep)
{
    struct fo_sender *sender = &ep->sender;
    const uint8_t marks = FO_MARK_QUEUED | FO_MARK_INFLIGHT | FO_MARK_CHANGED | FO_MARK_TAKEN |
                          FO_MARK_REJECTED | FO_MARK_RECALL;
    for (; sender->length != 0; sender->length--) {
        fo_server_mark(ep->server, sender->queue[sender->head], 0, marks);
        sender->head = (sender->head + 1) % FO_QUEUE_MAX;
    }
    for (size_t i = 0; i < FO_WINDOW_MAX; i++) {
        struct fo_flight *flight = &sender->flights[i];
        for (size_t k = 0; k < flight->count; k++)
            fo_server_mark(ep->server, flight->items[k].address, 0, marks);
        flight->count = 0;
    }
    sender->head = 0;
    sender->in_flight = 0;
    sender->counted = 0;
    sender->scanning = false;
    sender->scan_again = false;
    sender->counting = false;
    sender->answering = false;
    sender->missed = false;
    sender->scan_paused = false;
}

void fo_sender_queue(struct fo_endpoint *ep, fo_ipv4_t address)
{
    struct fo_sender *sender = &ep->sender;
    uint8_t marks = fo_server_marks(ep->server, address);
    if (!ep->comms_ok || (marks & FO_MARK_QUEUED) != 0)
        return; /* on reconnection a scan finds it */
    if ((marks & FO_MARK_INFLIGHT) != 0) {
        fo_server_mark(ep->server, address, FO_MARK_CHANGED, FO_MARK_TAKEN);
        return; /* an update never overtakes one of the same address */
    }
    if (sender->queue == NULL) {
        sender->queue = malloc(FO_QUEUE_MAX * sizeof *sender->queue);
        if (sender->queue == NULL) {
            ep->server->err = FO_ENOMEM;
            return;
        }
    }
    if (sender->length == FO_QUEUE_MAX) {
        sender->scan_again = true; /* a scan under way may be past this address already */
        return;
    }
    sender->queue[(sender->head + sender->length++) % FO_QUEUE_MAX] = address;
    fo_server_mark(ep->server, address, FO_MARK_QUEUED, FO_MARK_REJECTED);
}

void fo_sender_scan(struct fo_endpoint *ep)
{
    struct fo_sender *sender = &ep->sender;
    sender->scanning = true;
    sender->scan_again = false;
    sender->scan_scope = 0;
    sender->scan_next = 0;
}

void fo_sender_scan_counted(struct fo_endpoint *ep)
{
    struct fo_sender *sender = &ep->sender;
    fo_sender_scan(ep);
    sender->counting = true;
    sender->missed = false;
    sender->repeated = false;
    sender->scan_sent = 0;
    sender->counted = 0;
    for (size_t i = 0; i < FO_WINDOW_MAX; i++)
        sender->flights[i].counted = false;
}

bool fo_sender_idle(const struct fo_endpoint *ep)
{
    return ep->sender.length == 0 && !ep->sender.scanning && !ep->sender.scan_again &&
           ep->sender.in_flight == 0;
}

static bool next_queued(struct fo_endpoint *ep, struct fo_binding *out)
{
    struct fo_sender *sender = &ep->sender;
    while (sender->length != 0) {
        fo_ipv4_t address = sender->queue[sender->head];
        uint8_t marks = fo_server_marks(ep->server, address);
        sender->head = (sender->head + 1) % FO_QUEUE_MAX;
        sender->length--;
        fo_server_mark(ep->server, address, 0, FO_MARK_QUEUED);
        if ((marks & FO_MARK_QUEUED) != 0 && (marks & FO_MARK_INFLIGHT) == 0 &&
            fo_lease_db_get(ep->server->leases, address, out) == FO_OK &&
            !fo_endpoint_up_to_date(ep, out))
            return true;
    }
    return false;
}

static void scan_finished(struct fo_sender *sender)
{
    sender->scanning = false;
    if (!sender->counting)
        return;
    /* What waits for the end waits for what is under way now, not for what comes later (§7.3.2). */
    for (size_t i = 0; i < FO_WINDOW_MAX; i++) {
        struct fo_flight *flight = &sender->flights[i];
        if (flight->count != 0) {
            flight->counted = true;
            sender->counted++;
        }
    }
}

/* Whether the scan has something to say about |b| now. */
static bool takes(struct fo_endpoint *ep, const struct fo_binding *b)
{
    uint8_t marks = fo_server_marks(ep->server, b->address);
    if (fo_endpoint_up_to_date(ep, b))
        return false;
    if ((marks & FO_MARK_INFLIGHT) != 0) {
        ep->sender.missed =
            ep->sender.missed || (marks & (FO_MARK_CHANGED | FO_MARK_TAKEN)) == FO_MARK_CHANGED;
        return false;
    }
    ep->sender.scan_sent++;
    fo_server_mark(ep->server, b->address, 0, FO_MARK_QUEUED);
    return true;
}

static bool next_scanned(struct fo_endpoint *ep, struct fo_binding *out)
{
    struct fo_sender *sender = &ep->sender;
    unsigned skipped = 0;
    if (!sender->scanning && sender->scan_again && !sender->counting)
        fo_sender_scan(ep); /* a request is answered first: UPDDONE must not wait for it */
    sender->scan_paused = false;
    while (sender->scanning && sender->scan_scope < ep->r.scope_count) {
        fo_ipv4_t subnet = ep->r.scopes[sender->scan_scope];
        while (fo_lease_db_next_in(ep->server->leases, subnet, sender->scan_next, false, out)) {
            sender->scan_next = out->address + 1;
            if (takes(ep, out))
                return true;
            if (++skipped == FO_SCAN_PER_PUMP) {
                sender->scan_paused = true;
                return false;
            }
            if (sender->scan_next == 0)
                break;
        }
        sender->scan_scope++;
        sender->scan_next = 0;
    }
    if (sender->scanning)
        scan_finished(sender);
    return false;
}

/* The queue first: what clients do now must not wait behind a scan. While a request is answered
 * the two take turns, for UPDDONE must not wait for clients that change more than the partner can
 * take (§7.3.2). */
bool fo_sender_next(struct fo_endpoint *ep, struct fo_binding *out)
{
    struct fo_sender *sender = &ep->sender;
    sender->scans_turn = sender->counting && sender->scanning && !sender->scans_turn;
    if (sender->scans_turn && next_scanned(ep, out))
        return true;
    return next_queued(ep, out) || next_scanned(ep, out);
}
