/**
 * mgmt/dhcpsapi/gathered.h: lists of which nobody knows how long they will be.
 */
#ifndef FO_MGMT_DHCPSAPI_GATHERED_H
#define FO_MGMT_DHCPSAPI_GATHERED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Pointers gathered page by page, up to a number of bytes. {0} and then fo_gathered_fini. */
struct fo_gathered {
    void **list; /* malloc'd */
    size_t count, capacity;
    size_t bytes, most_bytes; /* of the caller's memory; FO_GATHER_ALL: no end */
    bool full;                /* something did not fit */
};
#define FO_GATHER_ALL 0xffffffffu
/** Whether |size| more bytes fit: the first one always does. If so they count. */
bool fo_gathered_fits(struct fo_gathered *g, size_t size);
/** False: |item| is NULL, or no memory. */
bool fo_gathered_add(struct fo_gathered *g, void *item);
void fo_gathered_fini(struct fo_gathered *g);
/** PreferredMaximum as the walks over leases take it (MAPI §1.4): 1024 to 65536, or FO_GATHER_ALL. */
size_t fo_gathered_clamp(uint32_t bytes);

#endif
