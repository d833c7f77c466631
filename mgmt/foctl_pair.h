/**
 * mgmt/foctl_pair.h: foctl's half of changes over two servers (mgmt/change.h).
 */
#ifndef FO_MGMT_FOCTL_PAIR_H
#define FO_MGMT_FOCTL_PAIR_H

#include "mgmt/foctl.h"

/** protobuf-c wants texts without const and does not write to them. */
char *foctl_unconst(const char *text);

/** The relationship of that name on our server. Ownership: gives |*out|. */
FO_MUST_CHECK int foctl_relationship_get(struct foctl *t, const char *name, Mgmt__Reply **out);

/** The same on any server; |server| and |refusals_too| as for foctl_ask_at. */
FO_MUST_CHECK int foctl_relationship_get_at(struct fo_mgmt_client *c, const char *server,
                                            bool refusals_too, const char *name, Mgmt__Reply **out);

/** A relationship as the options of create describe it; borrows them and |room|. */
struct foctl_relationship_room {
    fo_ipv4_t scopes[FOCTL_GIVEN_MAX];
    char secret[256], local_name[256], partner_name[256];
    uint8_t buckets[32];
};
FO_MUST_CHECK int foctl_take_relationship(struct foctl *t, struct foctl_relationship_room *room,
                                          Mgmt__Relationship *out);
/** Creates |m| on our server alone. */
FO_MUST_CHECK int foctl_relationship_create_here(struct foctl *t, Mgmt__Relationship *m);
/** Prints the side of the partner of |m| as dhcpd.conf has it, with the pools of its scopes. */
FO_MUST_CHECK int foctl_print_dhcpd_conf(struct foctl *t, const Mgmt__Relationship *m);
/** Of --secret-file, its first line, or of --secret, after asking. */
FO_MUST_CHECK int foctl_take_secret(struct foctl *t, char *out, size_t capacity, bool *out_given);

/** Whether --scope names |subnet|, or is not given. */
bool foctl_scope_wanted(const struct foctl *t, fo_ipv4_t subnet);

/** Two servers and what they told about themselves. */
struct foctl_pair {
    struct foctl *t;
    struct fo_mgmt_client *a, *b; /* ours (of |t|), the partner's */
    Mgmt__Reply *about_a, *about_b;
    const char *partner; /* management address of b */
    char decider[600];   /* of a, as b reaches it */
};
/** Connects both and asks who they are. foctl_pair_close in any case. */
FO_MUST_CHECK int foctl_pair_meet(struct foctl *t, const char *partner, struct foctl_pair *out);
/** The same with the partner of |m|, at --partner-management or where it is remembered to be. */
FO_MUST_CHECK int foctl_pair_meet_partner(struct foctl *t, const Mgmt__Relationship *m,
                                          struct foctl_pair *out);
/** By how much a's clock is ahead of b's, rounded. */
int64_t foctl_pair_clock_delta_s(const struct foctl_pair *p);
/** ERROR_DHCP_FO_TIME_OUT_OF_SYNC if they are too far apart. */
FO_MUST_CHECK int foctl_pair_compare_clocks(const struct foctl_pair *p);
/** All that a change needs: meets, finds out how b reaches a, compares clocks. |partner|: HOST[:PORT] or a path; |local|: our failover
 *  address. foctl_pair_close in any case. */
FO_MUST_CHECK int foctl_pair_open(struct foctl *t, const char *partner, fo_ipv4_t local,
                                  struct foctl_pair *out);
void foctl_pair_close(struct foctl_pair *p);
/** Failover addresses of both, as they tell or as they were reached; told if one cannot be found. */
FO_MUST_CHECK int foctl_pair_addresses(const struct foctl_pair *p, fo_ipv4_t *out_local,
                                       fo_ipv4_t *out_partner);
/** Whether the certificate of |m| is for |wanted|, "DNS:beta" or "IP:192.0.2.2". */
bool foctl_pair_certified(const Mgmt__Server *m, const char *wanted);
/** Where the partner finds our server, in |p->decider|; told if it cannot. |local|: as above. */
FO_MUST_CHECK int foctl_pair_name_decider(struct foctl_pair *p, fo_ipv4_t local);
/** What goes to the partner: the same but for the role and what it needs to find us (MAPI §2.2).
 *  Borrows |ours| and |p|. */
Mgmt__Relationship foctl_pair_mirrored(const struct foctl_pair *p, const Mgmt__Relationship *ours);
/** The failover address of the server that holds |m|. */
fo_ipv4_t foctl_relationship_local(const Mgmt__Relationship *m);
/** Carries |ours| and |theirs| out on both or neither. Ids and decider are filled in here. */
FO_MUST_CHECK int foctl_pair_change(struct foctl_pair *p, Mgmt__Change *ours, Mgmt__Change *theirs);
/** Scopes of |subnets| that the partner does not have, from our server. Ownership: gives replies
 *  and the list (foctl_pair_free_scopes). */
struct foctl_pair_scopes {
    Mgmt__Reply **replies;
    Mgmt__Scope **list;
    size_t count;
};
FO_MUST_CHECK int foctl_pair_missing_scopes(struct foctl_pair *p, const fo_ipv4_t *subnets,
                                            size_t count, struct foctl_pair_scopes *out);
void foctl_pair_free_scopes(struct foctl_pair_scopes *s);

#endif
