/**
 * mgmt/audit.h: a line for every change, done or refused: who, from where, what, result.
 *
 * Lines go to the log, and to a file if there is one. In the log, what the same caller does again
 * and again with leases is one line a second, with a count; and no more than 600 lines stand there
 * in a minute, the rest is counted. The file has every single one. What a change contains is in
 * neither, so no secret is.
 */
#ifndef FO_MGMT_AUDIT_H
#define FO_MGMT_AUDIT_H

#include "mgmt/caller.h"

struct fo_audit;
struct fo_audit_entry {
    fo_utc_t when;
    const struct fo_caller *caller;
    const char *call; /* Microsoft's name, where there is one */
    const char *on;   /* relationship, scope or address; any bytes */
    uint32_t code;    /* Win32 */
    bool often;       /* one of many: may be counted */
};

/** |path| NULL or "": no file. Lines for the log go to |log|, which is called with |context|.
 *  Ownership: gives |*out| (fo_audit_free). Errors: FO_EIO (|why| names the file), FO_ENOMEM. */
FO_MUST_CHECK int
fo_audit_new(const char *path,
             void (*log)(void *context, enum fo_notice_level level, const char *line),
             void *context, struct fo_audit **out, char *why, size_t why_capacity);
void fo_audit_free(struct fo_audit *a); /* says what it counted; accepts NULL */
void fo_audit_note(struct fo_audit *a, const struct fo_audit_entry *entry);
/** To be called about once a second: says what was counted. */
void fo_audit_tick(struct fo_audit *a, fo_utc_t now);
/** Opens the file anew, after somebody moved it away. Errors: FO_EIO; the old one is kept. */
FO_MUST_CHECK int fo_audit_reopen(struct fo_audit *a, char *why, size_t why_capacity);

#endif
