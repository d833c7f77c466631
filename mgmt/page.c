#include "mgmt/page.h"

#include "fo/run/clock.h"
#include "mgmt/call.h"

#define BYTES (FO_FRAME_MAX / 2) /* so that it fits a frame with the entry that goes beyond */
#define OFTEN 16u                /* entries between looks at the clock */

size_t fo_page_limit(uint32_t asked)
{
    return asked != 0 && asked < FO_PAGE_MAX ? asked : FO_PAGE_MAX;
}

struct fo_page fo_page_begin(uint32_t asked)
{
    return (struct fo_page){.limit = fo_page_limit(asked), .began_us = fo_run_clock_us()};
}

static bool took_long(const struct fo_page *p)
{
    return p->count >= FO_PAGE_SURE && p->count % OFTEN == 0 &&
           fo_run_clock_us() - p->began_us > FO_PAGE_US;
}

bool fo_page_has_room(const struct fo_page *p)
{
    return p->count < p->limit && p->bytes < BYTES && !took_long(p);
}

void fo_page_add(struct fo_page *p, size_t bytes)
{
    p->bytes += bytes;
    p->count++;
}
