#include "tests/fo/compare.h"

#include <criterion/criterion.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct list { /* messages of one kind from one of the two servers, in order */
    const struct recorded *items[RECORDING_MESSAGES];
    bool matched[RECORDING_MESSAGES];
    size_t count;
};

static struct fo_message m, n;

unsigned differences_of(const struct differences *d, const char *text)
{
    for (size_t i = 0; i < d->count; i++)
        if (strcmp(d->list[i].text, text) == 0)
            return d->list[i].times;
    return 0;
}

__attribute__((format(printf, 2, 3))) static void differ(struct differences *out,
                                                         const char *format, ...)
{
    char text[sizeof out->list[0].text];
    size_t i = 0;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    while (i < out->count && strcmp(out->list[i].text, text) != 0)
        i++;
    cr_assert_lt(i, DIFFERENCES);
    if (i == out->count)
        memcpy(out->list[out->count++].text, text, sizeof text);
    out->list[i].times++;
}

/* A message as a reader would call it: "BNDUPD ACTIVE", "STATE NORMAL startup". */
static const char *word_of(const struct recorded *one, char *word, size_t capacity)
{
    const char *type;
    recorded_decode(one, &m);
    type = fo_message_type_name(m.type);
    if (m.type == FO_MSG_BNDUPD)
        snprintf(word, capacity, "%s %s%s", type, fo_binding_status_name(m.groups[0].status),
                 m.groups[0].start_time_of_state.s == 0 ? " never used" : "");
    else if (m.type == FO_MSG_STATE)
        snprintf(word, capacity, "%s %s%s", type, fo_state_name(fo_state_from_wire(m.server_state)),
                 (m.server_flags & FO_SERVER_FLAG_STARTUP) != 0 ? " startup" : "");
    else if ((m.present & FO_OPT_BIT(FO_OPT_REJECT_REASON)) != 0)
        snprintf(word, capacity, "%s %u", type, m.reject_reason);
    else
        snprintf(word, capacity, "%s", type);
    return word;
}

/* --- two messages, option by option -------------------------------------------------- */

struct option {
    uint16_t code, length;
    const uint8_t *value;
};

/* The options of |one| as they stand in its bytes. */
static size_t options_of(const struct recorded *one, struct option *out, size_t most)
{
    struct fo_reader r = fo_reader_of(one->bytes, one->length);
    const uint8_t *header;
    size_t count = 0;
    fo_read_span(&r, one->bytes[3], &header);
    while (fo_reader_left(&r) > 0) {
        struct option *o = &out[count++];
        cr_assert_lt(count, most);
        fo_read_u16(&r, &o->code);
        fo_read_u16(&r, &o->length);
        fo_read_span(&r, o->length, &o->value);
    }
    cr_assert_eq(r.err, FO_OK);
    return count;
}

static bool is_time(unsigned code)
{
    return code == FO_OPT_CLIENT_LAST_TRANSACTION_TIME || code == FO_OPT_LEASE_EXPIRATION_TIME ||
           code == FO_OPT_POTENTIAL_EXPIRATION_TIME || code == FO_OPT_START_TIME_OF_STATE;
}

static bool same_value(const struct option *a, const struct option *b)
{
    uint32_t x = 0, y = 0;
    if (a->length != b->length)
        return false;
    if (!is_time(a->code))
        return memcmp(a->value, b->value, a->length) == 0;
    for (size_t i = 0; i < a->length; i++) {
        x = x << 8 | a->value[i];
        y = y << 8 | b->value[i];
    }
    return llabs((int64_t)x - y) <= 1;
}

static const struct option *find(const struct option *list, size_t count, unsigned code)
{
    for (size_t i = 0; i < count; i++)
        if (list[i].code == code)
            return &list[i];
    return NULL;
}

static void compare_options(const struct recorded *dhcpd, const struct recorded *ours,
                            struct differences *out)
{
    struct option theirs[32], own[32];
    size_t their_count = options_of(dhcpd, theirs, 32), own_count = options_of(ours, own, 32);
    char word[64];
    bool same_codes = their_count == own_count;
    word_of(dhcpd, word, sizeof word);
    if (dhcpd->bytes[3] != ours->bytes[3])
        differ(out, "%s: another payload offset", word);
    for (size_t i = 0; i < their_count; i++) {
        const struct option *same = find(own, own_count, theirs[i].code);
        if (same == NULL)
            differ(out, "%s: only dhcpd has %s", word, fo_option_name(theirs[i].code));
        else if (!same_value(same, &theirs[i]))
            differ(out, "%s: another %s", word, fo_option_name(theirs[i].code));
        same_codes = same_codes && same != NULL;
    }
    for (size_t i = 0; i < own_count; i++) {
        if (find(theirs, their_count, own[i].code) == NULL)
            differ(out, "%s: only ours has %s", word, fo_option_name(own[i].code));
        if (same_codes && own[i].code != theirs[i].code)
            differ(out, "%s: options in another order", word);
    }
}

/* --- what was said ------------------------------------------------------------------- */

static bool of_story(unsigned type)
{
    return type != FO_MSG_BNDUPD && type != FO_MSG_BNDACK && type != FO_MSG_CONTACT;
}

static bool of_updates(unsigned type)
{
    return type == FO_MSG_BNDUPD;
}

static void collect(const struct replay *r, bool (*wanted)(unsigned type), struct list *dhcpd,
                    struct list *ours)
{
    dhcpd->count = ours->count = 0;
    memset(dhcpd->matched, 0, sizeof dhcpd->matched);
    memset(ours->matched, 0, sizeof ours->matched);
    for (size_t i = 0; i < r->recording.count; i++) {
        const struct recorded *one = &r->recording.messages[i];
        if (one->by == r->side && wanted(one->bytes[2]))
            dhcpd->items[dhcpd->count++] = one;
    }
    for (size_t i = 0; i < r->said_count; i++)
        if (wanted(r->said[i].bytes[2]))
            ours->items[ours->count++] = &r->said[i];
}

static void report_unmatched(const struct list *list, const char *who, struct differences *out)
{
    char word[64];
    for (size_t i = 0; i < list->count; i++)
        if (!list->matched[i])
            differ(out, "%s: only %s", word_of(list->items[i], word, sizeof word), who);
}

static bool same_word(const struct recorded *a, const struct recorded *b)
{
    char x[64], y[64];
    return a->connection == b->connection &&
           strcmp(word_of(a, x, sizeof x), word_of(b, y, sizeof y)) == 0;
}

/* Requests and states have an order: what corresponds is the longest common subsequence. */
static void compare_stories(const struct replay *r, struct differences *out)
{
    static struct list dhcpd, ours;
    static unsigned longest[64][64]; /* of what is left from here on */
    size_t i, k;
    collect(r, of_story, &dhcpd, &ours);
    cr_assert(dhcpd.count < 64 && ours.count < 64);
    memset(longest, 0, sizeof longest);
    for (i = dhcpd.count; i-- > 0;) {
        for (k = ours.count; k-- > 0;) {
            unsigned skip =
                longest[i + 1][k] > longest[i][k + 1] ? longest[i + 1][k] : longest[i][k + 1];
            longest[i][k] =
                same_word(dhcpd.items[i], ours.items[k]) ? longest[i + 1][k + 1] + 1 : skip;
        }
    }
    for (i = k = 0; i < dhcpd.count && k < ours.count;) {
        if (same_word(dhcpd.items[i], ours.items[k])) {
            dhcpd.matched[i] = ours.matched[k] = true;
            compare_options(dhcpd.items[i++], ours.items[k++], out);
        } else if (longest[i + 1][k] >= longest[i][k + 1]) {
            i++;
        } else {
            k++;
        }
    }
    report_unmatched(&dhcpd, "dhcpd", out);
    report_unmatched(&ours, "ours", out);
}

static bool same_update(const struct recorded *a, const struct recorded *b)
{
    recorded_decode(a, &m);
    recorded_decode(b, &n);
    return a->connection == b->connection && m.groups[0].address == n.groups[0].address &&
           m.groups[0].status == n.groups[0].status;
}

/* Updates are in order for each address, not among addresses. */
static void compare_updates(const struct replay *r, struct differences *out)
{
    static struct list dhcpd, ours;
    collect(r, of_updates, &dhcpd, &ours);
    for (size_t i = 0; i < dhcpd.count; i++) {
        for (size_t k = 0; k < ours.count && !dhcpd.matched[i]; k++) {
            const struct recorded *theirs = dhcpd.items[i], *own = ours.items[k];
            if (ours.matched[k] || !same_update(theirs, own))
                continue;
            dhcpd.matched[i] = ours.matched[k] = true;
            compare_options(theirs, own, out);
        }
    }
    report_unmatched(&dhcpd, "dhcpd", out);
    report_unmatched(&ours, "ours", out);
}

static void compare_contacts(const struct replay *r, struct differences *out)
{
    int more = 0;
    for (size_t i = 0; i < r->recording.count; i++)
        more -= r->recording.messages[i].by == r->side &&
                r->recording.messages[i].bytes[2] == FO_MSG_CONTACT;
    for (size_t i = 0; i < r->said_count; i++)
        more += r->said[i].bytes[2] == FO_MSG_CONTACT;
    if (more != 0)
        differ(out, "CONTACT: %s from ours", more > 0 ? "more" : "fewer");
}

/* --- verdicts ------------------------------------------------------------------------ */

/* The BNDACK with that xid on that connection; NULL: there is none. */
static const struct recorded *answer_in(const struct recorded *list, size_t count,
                                        enum recording_side by, unsigned connection, uint32_t xid)
{
    for (size_t i = 0; i < count; i++) {
        if (list[i].by != by || list[i].connection != connection ||
            list[i].bytes[2] != FO_MSG_BNDACK)
            continue;
        recorded_decode(&list[i], &n);
        if (n.xid == xid)
            return &list[i];
    }
    return NULL;
}

static unsigned reason_of(const struct recorded *ack)
{
    recorded_decode(ack, &n);
    return n.groups[0].reject_reason;
}

static void compare_verdicts(const struct replay *r, struct differences *out)
{
    char word[64];
    for (size_t i = 0; i < r->recording.count; i++) {
        const struct recorded *one = &r->recording.messages[i], *dhcpd, *ours;
        uint32_t xid;
        if (one->by == r->side || one->bytes[2] != FO_MSG_BNDUPD)
            continue;
        word_of(one, word, sizeof word);
        recorded_decode(one, &m);
        xid = m.xid;
        dhcpd = answer_in(r->recording.messages, r->recording.count, r->side, one->connection, xid);
        ours = answer_in(r->said, r->said_count, r->side, one->connection, xid);
        if (dhcpd == NULL && ours == NULL)
            continue;
        if (dhcpd == NULL || ours == NULL)
            differ(out, "BNDACK of %s: only %s", word + strlen("BNDUPD "), ours ? "ours" : "dhcpd");
        else if (reason_of(dhcpd) != reason_of(ours))
            differ(out, "BNDACK of %s: dhcpd %u, ours %u", word + strlen("BNDUPD "),
                   reason_of(dhcpd), reason_of(ours));
        else
            compare_options(dhcpd, ours, out);
    }
}

void compare(const struct replay *r, struct differences *out)
{
    *out = (struct differences){.count = 0};
    compare_stories(r, out);
    compare_updates(r, out);
    compare_contacts(r, out);
    compare_verdicts(r, out);
}
