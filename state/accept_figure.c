/* Source: draft-12 §7.1.3 with Figure 7.1.3-1. */
#include "state/accept.h"

/* One row of the figure: what we have, then the five columns of what the BNDUPD says. */
#define ROW(own, active, expired, released, free_or_backup, reset_or_abandoned)                    \
    [FO_STATUS_##own] = {                                                                          \
        [FO_STATUS_ACTIVE] = FO_ACCEPT_##active,                                                   \
        [FO_STATUS_EXPIRED] = FO_ACCEPT_##expired,                                                 \
        [FO_STATUS_RELEASED] = FO_ACCEPT_##released,                                               \
        [FO_STATUS_FREE] = FO_ACCEPT_##free_or_backup,                                             \
        [FO_STATUS_BACKUP] = FO_ACCEPT_##free_or_backup,                                           \
        [FO_STATUS_RESET] = FO_ACCEPT_##reset_or_abandoned,                                        \
        [FO_STATUS_ABANDONED] = FO_ACCEPT_##reset_or_abandoned,                                    \
    }

/* Source: Figure 7.1.3-1, its merged rows and columns written out. */
/* clang-format off */
static const unsigned char cells[FO_STATUS_COUNT][FO_STATUS_COUNT] = {
    /*             ACTIVE    EXPIRED   RELEASED  FREE,     RESET,
                                                 BACKUP    ABANDONED */
    ROW(ACTIVE,    NOTE5,    TIME2,    TIME1,    TIME2,    YES),
    ROW(EXPIRED,   TIME1,    YES,      YES,      YES,      YES),
    ROW(RELEASED,  TIME1,    TIME1,    YES,      YES,      YES),
    ROW(FREE,      YES,      YES,      YES,      YES,      YES),
    ROW(BACKUP,    YES,      YES,      YES,      YES,      YES),
    ROW(RESET,     TIME3,    YES,      YES,      YES,      YES),
    ROW(ABANDONED, REJECT16, REJECT16, REJECT16, REJECT16, YES),
};
/* clang-format on */

enum fo_accept_rule fo_accept_cell(enum fo_binding_status own, enum fo_binding_status said)
{
    if ((unsigned)own >= FO_STATUS_COUNT || (unsigned)said >= FO_STATUS_COUNT)
        return FO_ACCEPT_YES;
    return (enum fo_accept_rule)cells[own][said]; /* an address never touched: as good as FREE */
}
