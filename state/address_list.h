/**
 * state/address_list.h: addresses noted in any order, wanted in address order.
 *
 * Memory: 8 bytes per address noted (half of it is what sorting needs, so that sorting cannot
 * fail), at most twice that by doubling.
 */
#ifndef FO_STATE_ADDRESS_LIST_H
#define FO_STATE_ADDRESS_LIST_H

#include "proto/types.h"

struct fo_address_list {
    fo_ipv4_t *items; /* |capacity| of them, and as many again for the sort */
    size_t count, capacity;
};

void fo_address_list_fini(struct fo_address_list *l); /* {0} is an empty list */
/** Errors: FO_ENOMEM. */
FO_MUST_CHECK int fo_address_list_add(struct fo_address_list *l, fo_ipv4_t address);
/** Linear; a list already in order costs one look at each. */
void fo_address_list_sort(struct fo_address_list *l);
/** Drops the addresses within [first, last]. */
void fo_address_list_drop(struct fo_address_list *l, fo_ipv4_t first, fo_ipv4_t last);

#endif
