/* state/accept_figure.c once more, with the cells counted that are looked up. */
#define fo_accept_cell cell_uncounted
#include "state/accept_figure.c"
#undef fo_accept_cell
enum fo_accept_rule fo_accept_cell(enum fo_binding_status own, enum fo_binding_status said);

#include "tests/coverage/reached.h"

#include <stdio.h>

#define STATUSES (FO_STATUS_COUNT - 1) /* without NONE */

static atomic_uint reached[STATUSES * STATUSES];

enum fo_accept_rule fo_accept_cell(enum fo_binding_status own, enum fo_binding_status said)
{
    if (own != FO_STATUS_NONE && own < FO_STATUS_COUNT && said != FO_STATUS_NONE &&
        said < FO_STATUS_COUNT)
        reached[(own - 1) * STATUSES + said - 1]++;
    return cell_uncounted(own, said);
}

static void name_cell(size_t i, char out[REACHED_NAME])
{
    snprintf(out, REACHED_NAME, "we have %s, told %s",
             fo_binding_status_name((int)(i / STATUSES) + 1),
             fo_binding_status_name((int)(i % STATUSES) + 1));
}

__attribute__((destructor)) static void tell(void)
{
    reached_write("cell", STATUSES * STATUSES, reached, name_cell);
}
