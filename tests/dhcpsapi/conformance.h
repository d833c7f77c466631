/**
 * tests/dhcpsapi/conformance.h: statements about Microsoft's calls, one row each, and what the rows
 * are made of. The server has the scopes and leases that conformance.sh makes.
 */
#ifndef TESTS_DHCPSAPI_CONFORMANCE_H
#define TESTS_DHCPSAPI_CONFORMANCE_H

#include <dhcpsapi.h>
#include <stdbool.h>
#include <stddef.h>

/* Who calls. Administrators use the way that the program was started for; the others have
 * certificates, so they use TLS. */
enum caller { ADMINISTRATOR, USER, NOBODY };

struct row {
    const char *id;        /* MAPI §8 */
    const char *call;      /* without DhcpV4, Dhcp */
    const char *condition; /* what is true, or given, when it is called */
    DWORD expected;
    DWORD (*run)(void);
    enum caller caller;
};
struct rows {
    const char *phase; /* what conformance.sh has brought about */
    const struct row *list;
    size_t count;
    bool clean; /* every row begins without relationships */
};
extern const struct rows refused_rows, told_rows, alone_rows, restarted_rows, normal_rows,
    interrupted_rows;
extern const struct rows leases4_rows, leases4_kept_rows, leases4_vq_rows, leases4_normal_rows,
    leases4_interrupted_rows, syncing_rows, secret_rows, down_rows, ended_rows;
extern const struct rows v6_prefix_rows, v6_lease_rows, v6_kept_rows, v6_binding_rows;
extern const struct rows scopes4_rows, scopes4_added_rows, scopes4_removed_rows, scopes4_later_rows;

/* Scopes: 10.0.N.0/24, N 0 to 39, range .10 to .109. */
#define SCOPE(n)  (0x0a000000u + ((DWORD)(n) << 8))
#define SCOPES    40
#define UNKNOWN   0xac100000u /* 172.16.0.0: no scope */
#define PARTNER   0x7f000002u /* 127.0.0.2, secondary */
#define LEASES    37          /* this scope has ten leases, .10 to .19 */
#define NEVER     0xffffffffu
#define UNTOUCHED 4711u /* what outputs hold that nothing is written to */

extern LPWSTR server; /* of the caller */
extern const char *row_id;

/** Also this has to be true, beside the code. */
void also(bool truth, const char *sentence);
/** A relationship that can be made: load balance, this server the primary, scope |n|. */
DHCP_FAILOVER_RELATIONSHIP valid(LPWSTR name, int n);
/** The same, made. */
DWORD make(LPWSTR name, int n);
/** Makes |count| relationships on scopes 0, 1, …; the code of the last. */
DWORD make_many(int count);
/** Switches to another caller within a row. */
void call_as(enum caller caller);
/** Switches to the partner, as an administrator over TLS, until call_as(). */
void call_partner(void);
bool is_failover(int n);
bool same_text(const char16_t *a, const char16_t *b);
/** Ownership: gives |*out| (DhcpRpcFreeMemory). */
DWORD find_lease(DHCP_IP_ADDRESS address, LPDHCPV4_FAILOVER_CLIENT_INFO *out);

#endif
