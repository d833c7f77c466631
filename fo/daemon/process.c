#include "fo/daemon/process.h"

#include <cap-ng.h>
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#ifdef FO_HAVE_SYSTEMD
#include <systemd/sd-daemon.h>
#endif

/* --- log
 * -------------------------------------------------------------------------------------------------------
 */

static bool to_journal;

void fod_log_to_journal(bool journal)
{
    to_journal = journal;
}

/* Names come from outside: what is written stays one line. */
static void print_line(const char *line)
{
    for (; *line != '\0'; line++)
        (void)fputc((unsigned char)*line < ' ' ? '?' : *line, stderr);
    (void)fputc('\n', stderr);
}

void fod_log(void *context, enum fo_notice_level level, const char *line)
{
    static const struct {
        const char *priority, *word;
    } levels[] = {{"<6>", "info"}, {"<4>", "warning"}, {"<1>", "alarm"}};
    char when[32] = "";
    time_t now = time(NULL);
    struct tm tm;

    (void)context;
    if (to_journal) {
        (void)fputs(levels[level].priority, stderr);
    } else {
        if (gmtime_r(&now, &tm) != NULL)
            (void)strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%SZ", &tm);
        (void)fprintf(stderr, "%s %s ", when, levels[level].word);
    }
    print_line(line);
}

void fod_logf(enum fo_notice_level level, const char *format, ...)
{
    char line[640];
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    fod_log(NULL, level, line);
}

/* --- rights
 * ------------------------------------------------------------------------------------------------------
 */

static int fail(const char *what, const char *name, char *why, size_t why_capacity)
{
    (void)snprintf(why, why_capacity, "%s %s: %s", what, name,
                   errno != 0 ? strerror(errno) : "not known");
    return FO_EIO;
}

int fod_become(const char *user, char *why, size_t why_capacity)
{
    const struct passwd *entry;

    if (user[0] == '\0' || geteuid() != 0)
        return FO_OK;
    errno = 0;
    entry = getpwnam(user);
    if (entry == NULL)
        return fail("user", user, why, why_capacity);
    capng_clear(CAPNG_SELECT_BOTH);
    if (capng_update(CAPNG_ADD, CAPNG_EFFECTIVE | CAPNG_PERMITTED, CAP_NET_BIND_SERVICE) != 0 ||
        capng_change_id((int)entry->pw_uid, (int)entry->pw_gid,
                        CAPNG_INIT_SUPP_GRP | CAPNG_CLEAR_BOUNDING) != 0)
        return fail("cannot become user", user, why, why_capacity);
    return FO_OK;
}

int fod_drop_rights(char *why, size_t why_capacity)
{
    if (geteuid() == 0)
        return FO_OK; /* asked to stay root */
    capng_clear(CAPNG_SELECT_CAPS);
    if (capng_apply(CAPNG_SELECT_CAPS) != 0)
        return fail("cannot drop", "capabilities", why, why_capacity);
    return FO_OK;
}

int fod_make_directory(const char *path, const char *user, char *why, size_t why_capacity)
{
    const struct passwd *entry;

    if (mkdir(path, 0750) != 0) {
        if (errno == EEXIST)
            return FO_OK;
        return fail("directory", path, why, why_capacity);
    }
    if (user[0] == '\0' || geteuid() != 0)
        return FO_OK;
    errno = 0;
    entry = getpwnam(user);
    if (entry == NULL)
        return fail("user", user, why, why_capacity);
    if (chown(path, entry->pw_uid, entry->pw_gid) != 0)
        return fail("directory", path, why, why_capacity);
    return FO_OK;
}

int fod_find_group(const char *name, gid_t *out, char *why, size_t why_capacity)
{
    const struct group *entry;

    *out = (gid_t)-1;
    if (name[0] == '\0')
        return FO_OK;
    errno = 0;
    entry = getgrnam(name);
    if (entry == NULL) {
        (void)fail("group", name, why, why_capacity);
        return FO_ENOTFOUND;
    }
    *out = entry->gr_gid;
    return FO_OK;
}

/* --- the service manager
 * --------------------------------------------------------------------------------------------- */

void fod_notify(const char *state)
{
#ifdef FO_HAVE_SYSTEMD
    (void)sd_notify(0, state);
#else
    (void)state;
#endif
}
