#include "tools/capture.h"

#include <stdlib.h>
#include <string.h>

#define WAITING_MAX 256 /* segments of one direction that may wait for an earlier one */

/** Payload that came before the bytes in front of it. */
struct waiting {
    struct waiting *next;
    uint32_t sequence;
    size_t length;
    uint8_t data[];
};

/** One direction of one connection. */
struct direction {
    struct direction *older;
    struct pcap_end from;
    struct pcap_end to;
    uint32_t first;    /* sequence number of the first byte */
    uint32_t expected; /* and of the next one */
    struct waiting *waiting;
    unsigned waiting_count;
    struct fo_frame_cutter cutter;
    bool damaged;
};

struct capture {
    struct direction *directions; /* the newest first */
    capture_fn each;
    void *context;
};

static bool same_end(const struct pcap_end *a, const struct pcap_end *b)
{
    return a->port == b->port && a->address_length == b->address_length &&
           memcmp(a->address, b->address, a->address_length) == 0;
}

static void report_damage(const struct capture *c, struct direction *d, int64_t time_us,
                          const char *damage)
{
    struct capture_message m = {.time_us = time_us, .from = d->from, .to = d->to, .damage = damage};

    d->damaged = true;
    c->each(c->context, &m);
}

/* Bytes that follow directly on what the direction had before. */
static void cut_messages(const struct capture *c, struct direction *d, int64_t time_us,
                         const uint8_t *data, size_t length)
{
    struct capture_message m = {.time_us = time_us, .from = d->from, .to = d->to};
    int rc = 1;

    while (!d->damaged && rc == 1) {
        rc = fo_frame_next(&d->cutter, &data, &length, &m.data, &m.length);
        if (rc == 1)
            c->each(c->context, &m);
    }
    if (rc < 0)
        report_damage(c, d, time_us, "header at offset 0: a message length outside 12 to 2048");
}

/* Uses what of a segment is new and in order; false: it has to wait. */
static bool advance(const struct capture *c, struct direction *d, int64_t time_us,
                    uint32_t sequence, const uint8_t *data, size_t length)
{
    uint32_t known = d->expected - sequence; /* bytes of it that came before, modulo 2^32 */

    if ((int32_t)known < 0)
        return false;
    if (known < length) {
        d->expected += (uint32_t)(length - known);
        cut_messages(c, d, time_us, data + known, length - known);
    }
    return true;
}

static int keep_waiting(struct direction *d, const struct pcap_segment *s)
{
    struct waiting *w;

    if (d->waiting_count == WAITING_MAX)
        return FO_OK; /* the gap stays and is reported at the end */
    w = malloc(sizeof *w + s->payload_length);
    if (w == NULL)
        return FO_ENOMEM;
    w->sequence = s->sequence;
    w->length = s->payload_length;
    memcpy(w->data, s->payload, s->payload_length);
    w->next = d->waiting;
    d->waiting = w;
    d->waiting_count++;
    return FO_OK;
}

/* Uses one waiting segment whose turn has come; false: none is ready. */
static bool use_waiting(const struct capture *c, struct direction *d, int64_t time_us)
{
    for (struct waiting **w = &d->waiting; *w != NULL; w = &(*w)->next) {
        struct waiting *ready = *w;

        if (advance(c, d, time_us, ready->sequence, ready->data, ready->length)) {
            *w = ready->next;
            d->waiting_count--;
            free(ready);
            return true;
        }
    }
    return false;
}

/* The direction that |s| belongs to; a SYN, or the first segment seen, begins a new one. */
static struct direction *direction_of(struct capture *c, const struct pcap_segment *s)
{
    uint32_t first = s->sequence + (s->syn ? 1u : 0u);
    struct direction *d;

    for (d = c->directions; d != NULL; d = d->older) {
        if (same_end(&d->from, &s->from) && same_end(&d->to, &s->to))
            break;
    }
    /* The same SYN again is a retransmission, not another connection. */
    if (d != NULL && (!s->syn || d->first == first))
        return d;
    d = calloc(1, sizeof *d);
    if (d == NULL)
        return NULL;
    d->from = s->from;
    d->to = s->to;
    d->first = first;
    d->expected = first;
    d->older = c->directions;
    c->directions = d;
    return d;
}

static int take_segment(struct capture *c, const struct pcap_segment *s)
{
    struct direction *d = direction_of(c, s);

    if (d == NULL)
        return FO_ENOMEM;
    if (s->payload_length == 0 || d->damaged)
        return FO_OK;
    if (!advance(c, d, s->time_us, s->sequence, s->payload, s->payload_length))
        return keep_waiting(d, s);
    while (use_waiting(c, d, s->time_us)) {
    }
    return FO_OK;
}

/* What did not come to an end, and the memory. */
static void finish(struct capture *c, int64_t time_us)
{
    while (c->directions != NULL) {
        struct direction *d = c->directions;
        const uint8_t *nothing = NULL;
        size_t length = 0;
        const uint8_t *message;
        size_t message_length;

        if (!d->damaged && d->waiting != NULL)
            report_damage(c, d, time_us, "bytes are missing from the capture");
        else if (!d->damaged &&
                 fo_frame_next(&d->cutter, &nothing, &length, &message, &message_length) == 0 &&
                 d->cutter.held > 0)
            report_damage(c, d, time_us, "the last message is incomplete");
        while (d->waiting != NULL) {
            struct waiting *w = d->waiting;

            d->waiting = w->next;
            free(w);
        }
        c->directions = d->older;
        free(d);
    }
}

int capture_read(const uint8_t *data, size_t length, uint16_t port, capture_fn each, void *context)
{
    struct capture c = {.each = each, .context = context};
    struct pcap_segment s = {0};
    struct pcap_file file;
    int rc = pcap_open(&file, data, length);

    if (rc != FO_OK)
        return rc;
    while ((rc = pcap_next(&file, &s)) == 1) {
        if (s.from.port != port && s.to.port != port)
            continue;
        rc = take_segment(&c, &s);
        if (rc != FO_OK)
            break;
    }
    finish(&c, s.time_us);
    return rc;
}

void capture_read_raw(const uint8_t *data, size_t length, capture_fn each, void *context)
{
    struct direction d = {0};
    struct capture c = {.each = each, .context = context};

    cut_messages(&c, &d, 0, data, length);
    if (!d.damaged && d.cutter.held > 0)
        report_damage(&c, &d, 0, "the last message is incomplete");
}
