/**
 * mgmt/foctl_diff.h: what two servers have differently of one relationship and its scopes.
 */
#ifndef FO_MGMT_FOCTL_DIFF_H
#define FO_MGMT_FOCTL_DIFF_H

#include "mgmt/foctl_pair.h"

/** Hears of each difference: what, as each of the two has it; "-" stands for nothing. */
struct foctl_differences {
    void (*add)(void *context, const char *what, const char *ours, const char *theirs);
    void *context;
};

/** Name, comment, state and the like, ranges, exclusions, reservations. */
void foctl_diff_scopes(const struct foctl_differences *d, const Mgmt__Scope *ours,
                       const Mgmt__Scope *theirs);
/** All that must be the same on both servers, and the roles, which must not. Not the secret, which
 *  no server tells. */
void foctl_diff_relationships(const struct foctl_differences *d, const Mgmt__Relationship *ours,
                              const Mgmt__Relationship *theirs);
/** A scope of one server. EXIT_DONE with |*out| NULL: it has none. Ownership: gives |*out|. */
FO_MUST_CHECK int foctl_diff_get_scope(struct fo_mgmt_client *c, const char *server,
                                       fo_ipv4_t subnet, Mgmt__Reply **out);
/** The difference of one scope that either may lack. */
FO_MUST_CHECK int foctl_diff_scope_at(struct foctl_pair *p, fo_ipv4_t subnet,
                                      const struct foctl_differences *d);

#endif
