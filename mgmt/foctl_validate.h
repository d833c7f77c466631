/**
 * mgmt/foctl_validate.h: within foctl: the checks of relationship validate, by file.
 *
 * Each check is a row of one list: which, of which server, how it came out, why, and what to do.
 */
#ifndef FO_MGMT_FOCTL_VALIDATE_H
#define FO_MGMT_FOCTL_VALIDATE_H

#include "mgmt/foctl_pair.h"

enum foctl_verdict { FOCTL_OK, FOCTL_WARNING, FOCTL_FAILED, FOCTL_SKIPPED };

#define FOCTL_BOTH "both"

struct foctl_flight {
    struct foctl *t;
    struct foctl_pair pair; /* its clients are NULL as long as they are not reached */
    const char *partner;    /* its management; NULL: this server alone */
    const char *skipped;    /* why what needs both is not checked; NULL: it is */
    Mgmt__Relationship *ours, theirs;
    Mgmt__Reply *of_ours, *of_theirs; /* what each server says of it; NULL: not asked */
    struct foctl_sheet *list;
    bool failed;
};

/* Rows. |code| 0: there is none for it. */
void foctl_flight_row(struct foctl_flight *f, const char *check, const char *server,
                      enum foctl_verdict v, uint32_t code, const char *sentence,
                      const char *advice);
void foctl_flight_pass(struct foctl_flight *f, const char *check, const char *server,
                       const char *sentence);
/** With the advice of the code. */
void foctl_flight_fail(struct foctl_flight *f, const char *check, const char *server, uint32_t code,
                       const char *sentence);
/** Whether what needs both servers can be checked; if not, a row says why. */
bool foctl_flight_both(struct foctl_flight *f, const char *check);

/* Each answers an exit code: EXIT_DONE however the check came out. */
FO_MUST_CHECK int foctl_validate_names(struct foctl_flight *f);
FO_MUST_CHECK int foctl_validate_scopes(struct foctl_flight *f);
FO_MUST_CHECK int foctl_validate_ports(struct foctl_flight *f);
FO_MUST_CHECK int foctl_validate_certificates(struct foctl_flight *f);

#endif
