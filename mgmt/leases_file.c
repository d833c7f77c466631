#include "mgmt/leases_file.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct fo_leases_reader {
    struct fo_leases_entry *list;
    size_t count, capacity;
    struct fo_leases_entry now; /* the record being read */
    uint8_t id[FO_CLIENT_ID_MAX];
    bool in_lease, refused; /* refused: the record is read to its end and not kept */
    unsigned depth;         /* braces within something that is passed over */
    unsigned line;
    void (*skipped)(void *context, unsigned line, const char *why);
    void *context;
};

struct fo_leases_reader *
fo_leases_reader_new(void (*skipped)(void *context, unsigned line, const char *why), void *context)
{
    struct fo_leases_reader *r = calloc(1, sizeof *r);

    if (r == NULL)
        return NULL;
    r->skipped = skipped;
    r->context = context;
    return r;
}

void fo_leases_reader_free(struct fo_leases_reader *r)
{
    if (r == NULL)
        return;
    for (size_t i = 0; i < r->count; i++)
        free(r->list[i].id);
    free(r->list);
    free(r);
}

static void skip(struct fo_leases_reader *r, unsigned line, const char *why)
{
    if (r->skipped != NULL)
        r->skipped(r->context, line, why);
}

/* What is wrong inside a record costs the whole record: half a lease would be a wrong one. */
static void refuse(struct fo_leases_reader *r, const char *why)
{
    if (!r->refused)
        skip(r, r->line, why);
    r->refused = true;
}

/* --- values
 * ---------------------------------------------------------------------------------------------- */

/* "4 2023/11/16 10:00:00", "epoch 1700130000", "never". */
static bool read_time(const char *text, uint32_t *out)
{
    struct tm tm = {0};
    unsigned long long epoch;
    int weekday;
    time_t t;

    if (strncmp(text, "never", 5) == 0) {
        *out = FO_UTC_INFINITE;
        return true;
    }
    if (sscanf(text, "epoch %18llu", &epoch) == 1) {
        *out = epoch < FO_UTC_INFINITE ? (uint32_t)epoch : FO_UTC_INFINITE;
        return true;
    }
    if (sscanf(text, "%1d %4d/%2d/%2d %2d:%2d:%2d", &weekday, &tm.tm_year, &tm.tm_mon, &tm.tm_mday,
               &tm.tm_hour, &tm.tm_min, &tm.tm_sec) != 7 ||
        tm.tm_year < 1970 || tm.tm_mon < 1 || tm.tm_mon > 12 || tm.tm_mday < 1 || tm.tm_mday > 31 ||
        tm.tm_hour < 0 || tm.tm_hour > 23 || tm.tm_min < 0 || tm.tm_min > 59 || tm.tm_sec < 0 ||
        tm.tm_sec > 60)
        return false;
    tm.tm_year -= 1900;
    tm.tm_mon -= 1;
    t = timegm(&tm);
    if (t < 0)
        return false;
    *out = t < (time_t)FO_UTC_INFINITE ? (uint32_t)t : FO_UTC_INFINITE;
    return true;
}

static bool read_hex(const char *text, uint8_t *out, size_t capacity, size_t *out_length)
{
    size_t length = 0;
    bool more = true;

    while (more) {
        char *end;
        unsigned long byte = strtoul(text, &end, 16);
        if (!isxdigit((unsigned char)*text) || byte > 255 || length == capacity)
            return false;
        out[length++] = (uint8_t)byte;
        more = *end == ':';
        text = more ? end + 1 : end;
    }
    *out_length = length;
    return *text == ';' || *text == '\0';
}

/* A quoted text with octal escapes: \001, \", \\ and the usual letters. */
static bool read_quoted(const char *text, uint8_t *out, size_t capacity, size_t *out_length)
{
    size_t length = 0;

    for (text++; *text != '"'; text++) {
        unsigned byte = (unsigned char)*text;
        if (byte == '\0' || length == capacity)
            return false;
        if (byte == '\\') {
            int digits = 0;
            text++;
            for (byte = 0; digits < 3 && text[digits] >= '0' && text[digits] <= '7'; digits++)
                byte = byte * 8 + (unsigned)(text[digits] - '0');
            if (digits > 0)
                text += digits - 1;
            else if (*text == '\0')
                return false;
            else
                byte = *text == 'n'   ? '\n'
                       : *text == 't' ? '\t'
                       : *text == 'r' ? '\r'
                                      : (unsigned char)*text;
        }
        if (byte > 255)
            return false;
        out[length++] = (uint8_t)byte;
    }
    *out_length = length;
    return true;
}

/* --- the statements of a record
 * ------------------------------------------------------------------------------ */

static void take_state(struct fo_leases_reader *r, const char *text)
{
    static const struct {
        const char *word;
        enum fo_binding_status status;
    } states[] = {
        {"free", FO_STATUS_FREE},           {"active", FO_STATUS_ACTIVE},
        {"expired", FO_STATUS_EXPIRED},     {"released", FO_STATUS_RELEASED},
        {"abandoned", FO_STATUS_ABANDONED}, {"reset", FO_STATUS_RESET},
        {"backup", FO_STATUS_BACKUP},       {"bootp", FO_STATUS_ACTIVE},
    };
    size_t length = strcspn(text, "; \t");

    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
        if (strlen(states[i].word) == length && strncmp(states[i].word, text, length) == 0) {
            r->now.status = states[i].status;
            return;
        }
    }
    refuse(r, "the binding state is not known");
}

static void take_hardware(struct fo_leases_reader *r, const char *text)
{
    static const struct {
        const char *word;
        uint8_t type;
    } types[] = {{"ethernet ", 1}, {"token-ring ", 6}, {"fddi ", 8}, {"infiniband ", 32}};
    size_t length = 0;

    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        size_t skip_length = strlen(types[i].word);
        if (strncmp(text, types[i].word, skip_length) != 0)
            continue;
        if (!read_hex(text + skip_length, r->now.hw + 1, FO_HW_MAX - 1, &length))
            break;
        r->now.hw[0] = types[i].type;
        r->now.hw_length = (uint8_t)(length + 1);
        return;
    }
    refuse(r, "the hardware address cannot be read");
}

static void take_id(struct fo_leases_reader *r, const char *text)
{
    size_t length = 0;
    bool good = *text == '"' ? read_quoted(text, r->id, sizeof r->id, &length)
                             : read_hex(text, r->id, sizeof r->id, &length);

    if (!good)
        refuse(r, "the uid cannot be read");
    r->now.id_length = (uint8_t)length;
}

static void take_hostname(struct fo_leases_reader *r, const char *text)
{
    size_t length = 0;

    if (*text == '"' &&
        read_quoted(text, (uint8_t *)r->now.hostname, sizeof r->now.hostname - 1, &length))
        r->now.hostname[length] = '\0';
    else
        r->now.hostname[0] = '\0';
}

static void take_time(struct fo_leases_reader *r, const char *text, uint32_t *out)
{
    if (!read_time(text, out))
        refuse(r, "a time cannot be read");
}

/* The text after |word|, or NULL if |line| does not begin with it. */
static const char *after(const char *line, const char *word)
{
    size_t length = strlen(word);

    return strncmp(line, word, length) == 0 ? line + length : NULL;
}

static void take_statement(struct fo_leases_reader *r, const char *line)
{
    const struct {
        const char *word;
        uint32_t *out;
    } times[] = {
        {"starts ", &r->now.starts}, {"ends ", &r->now.ends},   {"tstp ", &r->now.tstp},
        {"tsfp ", &r->now.tsfp},     {"atsfp ", &r->now.atsfp}, {"cltt ", &r->now.cltt},
    };
    const char *rest;

    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        rest = after(line, times[i].word);
        if (rest != NULL) {
            take_time(r, rest, times[i].out);
            return;
        }
    }
    if ((rest = after(line, "binding state ")) != NULL)
        take_state(r, rest);
    else if ((rest = after(line, "hardware ")) != NULL)
        take_hardware(r, rest);
    else if ((rest = after(line, "uid ")) != NULL)
        take_id(r, rest);
    else if ((rest = after(line, "client-hostname ")) != NULL)
        take_hostname(r, rest);
    else if (after(line, "reserved;") != NULL)
        r->now.reserved = true;
    else if (after(line, "bootp;") != NULL || after(line, "dynamic-bootp;") != NULL)
        r->now.bootp = true;
    else if (after(line, "abandoned;") != NULL) /* before failover, dhcpd wrote no state */
        r->now.status = FO_STATUS_ABANDONED;
    /* "next binding state", "set", "option", "ddns-…" and the like are dhcpd's own affair. */
}

/* --- records
 * --------------------------------------------------------------------------------------------------
 */

static int keep(struct fo_leases_reader *r)
{
    struct fo_leases_entry *entry;

    if (r->count == r->capacity) {
        size_t capacity = r->capacity != 0 ? r->capacity * 2 : 256;
        struct fo_leases_entry *list = realloc(r->list, capacity * sizeof *list);
        if (list == NULL)
            return FO_ENOMEM;
        r->list = list;
        r->capacity = capacity;
    }
    entry = &r->list[r->count];
    *entry = r->now;
    if (entry->id_length != 0) {
        entry->id = malloc(entry->id_length);
        if (entry->id == NULL)
            return FO_ENOMEM;
        memcpy(entry->id, r->id, entry->id_length);
    }
    r->count++;
    return FO_OK;
}

static void begin(struct fo_leases_reader *r, const char *text)
{
    char address[FO_IPV4_TEXT];
    size_t length = strcspn(text, " \t{");

    r->now = (struct fo_leases_entry){.line = r->line};
    r->in_lease = true;
    r->refused = false;
    if (length < sizeof address) {
        memcpy(address, text, length);
        address[length] = '\0';
        if (fo_ipv4_parse(address, &r->now.address) == FO_OK)
            return;
    }
    refuse(r, "the address of the lease cannot be read");
}

/* How many braces |line| opens more than it closes; quoted ones do not count. */
static int braces(const char *line)
{
    bool quoted = false;
    int balance = 0;

    for (; *line != '\0'; line++) {
        if (*line == '\\' && line[1] != '\0')
            line++;
        else if (*line == '"')
            quoted = !quoted;
        else if (*line == '#' && !quoted)
            break;
        else if (!quoted)
            balance += *line == '{' ? 1 : *line == '}' ? -1 : 0;
    }
    return balance;
}

static void pass_over(struct fo_leases_reader *r, int balance)
{
    int depth = (int)r->depth + balance;

    r->depth = depth > 0 ? (unsigned)depth : 0;
}

int fo_leases_reader_line(struct fo_leases_reader *r, const char *line)
{
    const char *rest;
    int balance;

    r->line++;
    if (strlen(line) > FO_LEASES_LINE_MAX) {
        skip(r, r->line, "the line is too long");
        return FO_OK;
    }
    line += strspn(line, " \t\r\n");
    if (*line == '#' || *line == '\0')
        return FO_OK;
    balance = braces(line);
    rest = after(line, "lease ");
    if (rest != NULL && balance == 1) {
        /* Records do not nest: the one before was cut off, as by a crash of dhcpd. */
        if (r->in_lease)
            skip(r, r->now.line, "the record does not end");
        r->depth = 0;
        begin(r, rest);
    } else if (r->depth > 0 || balance > 0) {
        if (r->depth == 0 && !r->in_lease)
            skip(r, r->line, "not a lease");
        pass_over(r, balance);
    } else if (r->in_lease && *line == '}') {
        r->in_lease = false;
        return r->refused ? FO_OK : keep(r);
    } else if (r->in_lease) {
        take_statement(r, line);
    } else if (rest != NULL) {
        skip(r, r->line, "a record in one line");
    }
    return FO_OK;
}

static int by_address_and_line(const void *a, const void *b)
{
    const struct fo_leases_entry *x = a, *y = b;

    if (x->address != y->address)
        return x->address < y->address ? -1 : 1;
    return x->line < y->line ? -1 : x->line > y->line;
}

void fo_leases_reader_end(struct fo_leases_reader *r)
{
    size_t kept = 0;

    if (r->in_lease)
        skip(r, r->now.line, "the record does not end");
    r->in_lease = false;
    if (r->count != 0)
        qsort(r->list, r->count, sizeof r->list[0], by_address_and_line);
    for (size_t i = 0; i < r->count; i++) {
        if (i + 1 < r->count && r->list[i + 1].address == r->list[i].address)
            free(r->list[i].id);
        else
            r->list[kept++] = r->list[i];
    }
    r->count = kept;
}

size_t fo_leases_reader_count(const struct fo_leases_reader *r)
{
    return r->count;
}

const struct fo_leases_entry *fo_leases_reader_at(const struct fo_leases_reader *r, size_t index)
{
    return &r->list[index];
}
