/**
 * fo/daemon/process.h: what fod wants from the system: a log, fewer rights, a word to its manager.
 */
#ifndef FO_DAEMON_PROCESS_H
#define FO_DAEMON_PROCESS_H

#include <sys/types.h>

#include "fo/outbox.h"

/** Where lines go: standard error with time and level, or with the prefixes a journal reads. */
void fod_log_to_journal(bool journal);
/** One line. |context| is not used; the type is that of fo_run and fo_mgmt. */
void fod_log(void *context, enum fo_notice_level level, const char *line);
void fod_logf(enum fo_notice_level level, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/** Becomes |user| ("": stays), keeping the right to bind low ports only. Errors: FO_EIO with |why|.
 */
FO_MUST_CHECK int fod_become(const char *user, char *why, size_t why_capacity);
/** Gives up that last right, too. */
FO_MUST_CHECK int fod_drop_rights(char *why, size_t why_capacity);
/** Makes |path| with mode 0750 if it is absent and gives it to |user| ("": as is). Errors: FO_EIO.
 */
FO_MUST_CHECK int fod_make_directory(const char *path, const char *user, char *why,
                                     size_t why_capacity);
/** (gid_t)-1 for "". Errors: FO_ENOTFOUND with |why|. */
FO_MUST_CHECK int fod_find_group(const char *name, gid_t *out, char *why, size_t why_capacity);

/** Tells the service manager, if there is one: "READY=1", "RELOADING=1", "STOPPING=1". */
void fod_notify(const char *state);

#endif
