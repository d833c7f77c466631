/* Notices: one line for the log when something changed, and a bounded memory of them per
 * relationship that survives restarts, for "why am I in this state?". */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fo/endpoint.h"
#include "state/record.h"

#define RECORD_VERSION 1
#define SEQUENCE_MAX   (UINT64_MAX / 2) /* no journal gets that far: a damaged key */
#define NAME_KEY_MAX   (FO_RELATIONSHIP_NAME_BYTES + 1 + 8)

static void remember(struct fo_endpoint *ep, fo_utc_t when, enum fo_notice_level level,
                     const char *text)
{
    struct fo_journal *j = &ep->journal;
    struct fo_journal_entry *e;
    if (j->entries == NULL) {
        j->entries = calloc(FO_JOURNAL_MAX, sizeof *j->entries);
        if (j->entries == NULL) {
            ep->server->err = FO_ENOMEM;
            return;
        }
    }
    e = &j->entries[j->next % FO_JOURNAL_MAX];
    e->sequence = j->next++;
    e->when = when;
    e->level = level;
    snprintf(e->text, sizeof e->text, "%s", text);
}

char *fo_partner_text(const struct fo_span *said, char *out, size_t capacity)
{
    size_t length = said->length < capacity ? said->length : capacity - 1;
    for (size_t i = 0; i < length; i++) {
        char c = (char)said->data[i];
        out[i] = c >= ' ' && c <= '~' && c != '"' ? c : '?';
    }
    out[length] = '\0';
    return out;
}

static void say(struct fo_step *st, struct fo_endpoint *ep, enum fo_notice_level level,
                bool journal, const char *text)
{
    char line[256 + FO_RELATIONSHIP_NAME_BYTES + 32];
    snprintf(line, sizeof line, "endpoint: relationship=%s %s", ep->r.name, text);
    fo_outbox_notice(st->out, level, line);
    if (journal)
        remember(ep, st->now.utc, level, text);
}

/* A partner that does something a thousand times a second must not fill the log, nor push
 * everything else out of the memory of events. */
static bool may_be_said(struct fo_step *st, struct fo_endpoint *ep)
{
    struct fo_speech *speech = &ep->speech;
    char text[96];
    if (st->now.mono.ms >= speech->since.ms + 60000) {
        snprintf(text, sizeof text, "lines=withheld count=%" PRIu64, speech->withheld);
        if (speech->withheld != 0)
            say(st, ep, FO_NOTICE_WARNING, true, text);
        *speech = (struct fo_speech){.since = st->now.mono};
    }
    if (speech->lines++ < FO_LINES_A_MINUTE)
        return true;
    if (speech->withheld++ == 0)
        say(st, ep, FO_NOTICE_WARNING, true, "lines=withheld cause=\"too many in one minute\"");
    return false;
}

void fo_endpoint_notice(struct fo_step *st, struct fo_endpoint *ep, enum fo_notice_level level,
                        bool journal, const char *format, ...)
{
    char text[256];
    va_list args;
    if (!may_be_said(st, ep))
        return;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    say(st, ep, level, journal, text);
}

/* One that repeats is counted; the memory of events is for what changes. */
__attribute__((format(printf, 4, 0))) static void fault(struct fo_step *st, struct fo_endpoint *ep,
                                                        enum fo_notice_level level,
                                                        const char *format, va_list args)
{
    char text[sizeof ep->seen.last_fault];
    bool other;
    vsnprintf(text, sizeof text, format, args);
    other = strcmp(text, ep->seen.last_fault) != 0;
    memcpy(ep->seen.last_fault, text, sizeof text);
    ep->seen.faults++;
    fo_endpoint_notice(st, ep, level, other, "fault=\"%s\" count=%" PRIu64, ep->seen.last_fault,
                       ep->seen.faults);
}

void fo_endpoint_fault(struct fo_step *st, struct fo_endpoint *ep, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fault(st, ep, FO_NOTICE_WARNING, format, args);
    va_end(args);
}

static bool needs_operator(enum fo_reject reason)
{
    switch (reason) {
    case FO_REJECT_TIME_MISMATCH:
    case FO_REJECT_TLS_NOT_SUPPORTED:
    case FO_REJECT_TLS_NOT_CONFIGURED:
    case FO_REJECT_TLS_REQUIRED:
    case FO_REJECT_DIGEST_NOT_SUPPORTED:
    case FO_REJECT_DIGEST_NOT_CONFIGURED:
    case FO_REJECT_DIGEST_MISMATCH:
    case FO_REJECT_DIGEST_MISSING:
        return true;
    default:
        return false;
    }
}

void fo_endpoint_refusal(struct fo_step *st, struct fo_endpoint *ep, enum fo_reject reason,
                         const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fault(st, ep, needs_operator(reason) ? FO_NOTICE_ALARM : FO_NOTICE_WARNING, format, args);
    va_end(args);
}

/* Key: name, a zero byte, the sequence number. */
static size_t journal_key(const struct fo_endpoint *ep, uint64_t sequence,
                          uint8_t out[NAME_KEY_MAX])
{
    struct fo_writer w = fo_writer_of(out, NAME_KEY_MAX);
    fo_write_bytes(&w, ep->r.name, strlen(ep->r.name));
    fo_write_u8(&w, 0);
    fo_write_u64(&w, sequence);
    return w.position;
}

static int write_entry(struct fo_endpoint *ep, const struct fo_journal_entry *e)
{
    uint8_t key[NAME_KEY_MAX], value[sizeof e->text + 32];
    size_t key_length = journal_key(ep, e->sequence, key);
    struct fo_writer w = fo_writer_of(value, sizeof value);
    fo_write_u8(&w, RECORD_VERSION);
    fo_write_u32(&w, e->when.s);
    fo_write_u8(&w, (uint8_t)e->level);
    fo_write_bytes(&w, e->text, strlen(e->text));
    fo_record_seal(&w);
    if (w.err != FO_OK)
        return w.err;
    return fo_store_put(ep->server->store, FO_TABLE_JOURNAL, key, key_length, value, w.position);
}

int fo_journal_flush(struct fo_endpoint *ep)
{
    struct fo_journal *j = &ep->journal;
    uint64_t oldest = j->next > FO_JOURNAL_MAX ? j->next - FO_JOURNAL_MAX : 0;
    uint8_t key[NAME_KEY_MAX];
    int rc = FO_OK;
    if (j->saved < oldest)
        j->saved = oldest;
    while (rc == FO_OK && j->saved < j->next) {
        rc = write_entry(ep, &j->entries[j->saved % FO_JOURNAL_MAX]);
        if (rc == FO_OK)
            j->saved++;
    }
    while (rc == FO_OK && j->first < oldest) {
        size_t length = journal_key(ep, j->first++, key);
        rc = fo_store_del(ep->server->store, FO_TABLE_JOURNAL, key, length);
    }
    return rc;
}

static int load_entry(void *context, const void *key, size_t key_length, const void *value,
                      size_t value_length)
{
    struct fo_endpoint *ep = context;
    size_t name = strlen(ep->r.name);
    struct fo_reader k = fo_reader_of(key, key_length), body;
    const uint8_t *span, *text;
    uint8_t zero, version, level;
    uint64_t sequence;
    fo_utc_t when;
    char line[sizeof ep->journal.entries->text];
    size_t length;
    fo_read_span(&k, name, &span);
    fo_read_u8(&k, &zero);
    fo_read_u64(&k, &sequence);
    if (k.err != FO_OK || fo_reader_left(&k) != 0 || zero != 0 ||
        memcmp(span, ep->r.name, name) != 0)
        return 1; /* the next relationship's entries begin */
    if (fo_record_open(value, value_length, RECORD_VERSION, &version, &body) != FO_OK)
        return 0; /* a damaged line of the journal is only a missing line */
    fo_read_u32(&body, &when.s);
    fo_read_u8(&body, &level);
    length = fo_reader_left(&body);
    fo_read_span(&body, length, &text);
    if (body.err != FO_OK || length >= sizeof line || level > FO_NOTICE_ALARM ||
        sequence > SEQUENCE_MAX)
        return 0;
    memcpy(line, text, length);
    line[length] = '\0';
    if (ep->journal.next == 0 || sequence - ep->journal.next > FO_JOURNAL_MAX)
        ep->journal.first = sequence; /* what lies before a wide gap is not shown any more */
    ep->journal.next = sequence;
    remember(ep, when, (enum fo_notice_level)level, line);
    return ep->server->err;
}

int fo_journal_load(struct fo_endpoint *ep)
{
    uint8_t key[NAME_KEY_MAX];
    size_t length = journal_key(ep, 0, key);
    int rc = fo_store_walk(ep->server->store, FO_TABLE_JOURNAL, key, length, load_entry, ep);
    ep->journal.saved = ep->journal.next;
    return rc > 0 || rc == FO_ENOTFOUND ? FO_OK : rc;
}

struct found_key {
    const struct fo_endpoint *ep;
    uint8_t bytes[NAME_KEY_MAX];
    size_t length;
};

static int find_key(void *context, const void *key, size_t key_length, const void *value,
                    size_t value_length)
{
    struct found_key *f = context;
    size_t name = strlen(f->ep->r.name);
    (void)value;
    (void)value_length;
    if (key_length == name + 1 + 8 && memcmp(key, f->ep->r.name, name) == 0 &&
        ((const uint8_t *)key)[name] == 0) {
        memcpy(f->bytes, key, key_length);
        f->length = key_length;
    }
    return 1;
}

/* By what lies in the store: a line that could not be read has to go as well. */
int fo_journal_forget(struct fo_endpoint *ep)
{
    struct found_key f = {.ep = ep};
    uint8_t from[NAME_KEY_MAX];
    size_t length = journal_key(ep, 0, from);
    for (;;) {
        int rc;
        f.length = 0;
        rc = fo_store_walk(ep->server->store, FO_TABLE_JOURNAL, from, length, find_key, &f);
        if (rc < 0 && rc != FO_ENOTFOUND)
            return rc;
        if (f.length == 0)
            return FO_OK;
        rc = fo_store_del(ep->server->store, FO_TABLE_JOURNAL, f.bytes, f.length);
        if (rc != FO_OK)
            return rc;
    }
}

void fo_journal_free(struct fo_journal *j)
{
    free(j->entries);
    *j = (struct fo_journal){0};
}
