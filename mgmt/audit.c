#include "mgmt/audit.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "proto/win32.h"

#define LINE_MAX_BYTES   640
#define LINES_A_MINUTE   600
#define SUBJECT_MAX      160 /* what is longer is cut */
#define COMPLAIN_AFTER_S 60

struct fo_audit {
    char *path; /* NULL: no file */
    int fd;
    uint32_t complained; /* about the file; seconds */
    void (*log)(void *context, enum fo_notice_level level, const char *line);
    void *context;
    char line[LINE_MAX_BYTES]; /* the last of those that repeat, and how often it came again */
    char same[LINE_MAX_BYTES]; /* what makes two of them the same */
    uint64_t again;
    uint32_t minute, lines; /* of this minute */
    uint64_t withheld;
};

static int open_file(const char *path, char *why, size_t why_capacity)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);

    if (fd < 0)
        (void)snprintf(why, why_capacity, "management: audit-file %s: %s", path, strerror(errno));
    return fd;
}

int fo_audit_new(const char *path,
                 void (*log)(void *context, enum fo_notice_level level, const char *line),
                 void *context, struct fo_audit **out, char *why, size_t why_capacity)
{
    struct fo_audit *a = calloc(1, sizeof *a);

    if (a == NULL)
        return FO_ENOMEM;
    a->fd = -1;
    a->log = log;
    a->context = context;
    if (path != NULL && path[0] != '\0') {
        a->path = strdup(path);
        a->fd = a->path != NULL ? open_file(path, why, why_capacity) : -1;
        if (a->fd < 0) {
            int rc = a->path != NULL ? FO_EIO : FO_ENOMEM;
            free(a->path);
            free(a);
            return rc;
        }
    }
    *out = a;
    return FO_OK;
}

int fo_audit_reopen(struct fo_audit *a, char *why, size_t why_capacity)
{
    int fd;

    if (a->path == NULL)
        return FO_OK;
    fd = open_file(a->path, why, why_capacity);
    if (fd < 0)
        return FO_EIO;
    (void)close(a->fd);
    a->fd = fd;
    return FO_OK;
}

/* --- the log --------------------------------------------------------------------------------- */

static void to_log(struct fo_audit *a, enum fo_notice_level level, const char *line)
{
    if (a->log != NULL)
        a->log(a->context, level, line);
}

static void say(struct fo_audit *a, fo_utc_t now, const char *line)
{
    char text[64];

    if (now.s / 60 != a->minute) {
        (void)snprintf(text, sizeof text, "audit: withheld=%" PRIu64, a->withheld);
        if (a->withheld != 0)
            to_log(a, FO_NOTICE_WARNING, text);
        a->minute = now.s / 60;
        a->lines = 0;
        a->withheld = 0;
    }
    if (a->lines++ < LINES_A_MINUTE)
        to_log(a, FO_NOTICE_INFO, line);
    else
        a->withheld++;
}

void fo_audit_tick(struct fo_audit *a, fo_utc_t now)
{
    char line[LINE_MAX_BYTES + 48];

    if (a->again != 0) {
        (void)snprintf(line, sizeof line, "%s and=%" PRIu64 " like it", a->line, a->again);
        say(a, now, line);
    }
    a->same[0] = '\0';
    a->again = 0;
}

void fo_audit_free(struct fo_audit *a)
{
    if (a == NULL)
        return;
    fo_audit_tick(a, fo_utc(a->minute * 60));
    if (a->fd >= 0)
        (void)close(a->fd);
    free(a->path);
    free(a);
}

/* --- the file -------------------------------------------------------------------------------- */

/* A full disk stops no change: it is said, once a minute. */
static void to_file(struct fo_audit *a, fo_utc_t now, const char *line)
{
    char text[LINE_MAX_BYTES + 32], when[32];
    time_t seconds = now.s;
    struct tm parts;
    int length;

    if (a->fd < 0 || gmtime_r(&seconds, &parts) == NULL)
        return;
    (void)strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%SZ", &parts);
    length = snprintf(text, sizeof text, "%s %s\n", when, line);
    if (write(a->fd, text, (size_t)length) == length ||
        (a->complained != 0 && now.s - a->complained < COMPLAIN_AFTER_S))
        return;
    a->complained = now.s;
    (void)snprintf(text, sizeof text, "audit: file=%.200s cause=\"%s\": changes are not in it",
                   a->path, strerror(errno));
    to_log(a, FO_NOTICE_ALARM, text);
}

/* --- a change -------------------------------------------------------------------------------- */

static void make_printable(char *text)
{
    for (; *text != '\0'; text++) {
        if ((unsigned char)*text < ' ' || *text == '"' || *text == 0x7f)
            *text = '?';
    }
}

void fo_audit_note(struct fo_audit *a, const struct fo_audit_entry *e)
{
    char line[LINE_MAX_BYTES], same[LINE_MAX_BYTES], on[SUBJECT_MAX];

    (void)snprintf(on, sizeof on, "%s", e->on);
    make_printable(on);
    (void)snprintf(same, sizeof same, "by=\"%s\" from=\"%s\" call=%s result=%s(%" PRIu32 ")",
                   e->caller->who, e->caller->from, e->call, fo_win32_name(e->code), e->code);
    (void)snprintf(line, sizeof line,
                   "audit: by=\"%s\" from=\"%s\" call=%s on=\"%s\" result=%s(%" PRIu32 ")",
                   e->caller->who, e->caller->from, e->call, on, fo_win32_name(e->code), e->code);
    to_file(a, e->when, line);
    if (e->often && strcmp(same, a->same) == 0) {
        memcpy(a->line, line, sizeof line);
        a->again++;
        return;
    }
    fo_audit_tick(a, e->when);
    if (e->often)
        memcpy(a->same, same, sizeof same);
    say(a, e->when, line);
}
