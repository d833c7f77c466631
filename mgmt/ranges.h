/**
 * mgmt/ranges.h: the addresses of a scope as ranges in order, none touching the next.
 */
#ifndef FO_MGMT_RANGES_H
#define FO_MGMT_RANGES_H

#include "mgmt/mgmt.pb-c.h"
#include "mgmt/dhcpd_conf.h"

struct fo_ranges {
    struct fo_dhcpd_range *list;
    size_t count;
};

/** Those of |scope| without its exclusions. Ownership: fo_ranges_fini. Errors: FO_ENOMEM. */
FO_MUST_CHECK int fo_ranges_of_scope(const Mgmt__Scope *scope, struct fo_ranges *out);
/** Those of |count| ranges in any order. Ownership: copies; fo_ranges_fini. Errors: FO_ENOMEM. */
FO_MUST_CHECK int fo_ranges_of_list(const struct fo_dhcpd_range *list, size_t count,
                                    struct fo_ranges *out);
void fo_ranges_fini(struct fo_ranges *r);
/** The same addresses. */
bool fo_ranges_equal(const struct fo_ranges *a, const struct fo_ranges *b);

#endif
