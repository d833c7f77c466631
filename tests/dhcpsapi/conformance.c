/* Runs one phase of the rows: conformance PHASE HOST:PORT CERTIFICATES [tls]; in $FO_PARTNER is
 * where the partner is managed. */
#include "conformance.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

LPWSTR server;
const char *row_id;
static char16_t tls_server[64], partner[64];
static const char *certificates;
static bool over_tls;
static int failures;

void also(bool truth, const char *sentence)
{
    if (truth)
        return;
    printf("FAIL %-8s %s\n", row_id, sentence);
    failures++;
}

DHCP_FAILOVER_RELATIONSHIP valid(LPWSTR name, int n)
{
    static DHCP_IP_ADDRESS scope;
    static DHCP_IP_ARRAY scopes;

    scope = SCOPE(n);
    scopes = (DHCP_IP_ARRAY){1, &scope};
    return (DHCP_FAILOVER_RELATIONSHIP){.PrimaryServer = 0x7f000001,
                                        .SecondaryServer = PARTNER,
                                        .Mode = LoadBalance,
                                        .ServerType = PrimaryServer,
                                        .Mclt = 3600,
                                        .RelationshipName = name,
                                        .pScopes = &scopes,
                                        .Percentage = 50};
}

DWORD make(LPWSTR name, int n)
{
    DHCP_FAILOVER_RELATIONSHIP r = valid(name, n);

    return DhcpV4FailoverCreateRelationship(server, &r);
}

DWORD make_many(int count)
{
    char16_t name[] = u"many-00";
    DWORD code = ERROR_SUCCESS;

    for (int i = 0; i < count && code == ERROR_SUCCESS; i++) {
        name[5] = (char16_t)(u'0' + i / 10);
        name[6] = (char16_t)(u'0' + i % 10);
        code = make(name, i);
    }
    return code;
}

bool is_failover(int n)
{
    LPDHCP_FAILOVER_RELATIONSHIP r;
    DWORD code = DhcpV4FailoverGetScopeRelationship(server, SCOPE(n), &r);

    if (code == ERROR_SUCCESS)
        DhcpRpcFreeMemory(r);
    return code == ERROR_SUCCESS;
}

bool same_text(const char16_t *a, const char16_t *b)
{
    while (*a != 0 && *a == *b) {
        a++;
        b++;
    }
    return *a == *b;
}

DWORD find_lease(DHCP_IP_ADDRESS address, LPDHCPV4_FAILOVER_CLIENT_INFO *out)
{
    DHCP_SEARCH_INFO by = {DhcpClientIpAddress, {.ClientIpAddress = address}};

    return DhcpV4FailoverGetClientInfo(server, &by, out);
}

void call_as(enum caller caller)
{
    static const char *const stems[] = {"admin", "reader", "nobody"};
    char path[512];

    server = over_tls || caller != ADMINISTRATOR ? tls_server : NULL;
    (void)snprintf(path, sizeof path, "%s/%s.pem", certificates, stems[caller]);
    (void)setenv("FO_CERT", path, 1);
    (void)snprintf(path, sizeof path, "%s/%s.key", certificates, stems[caller]);
    (void)setenv("FO_KEY", path, 1);
}

void call_partner(void)
{
    call_as(ADMINISTRATOR);
    server = partner;
}

static void clear(void)
{
    LPDHCP_FAILOVER_RELATIONSHIP_ARRAY all;
    DHCP_RESUME_HANDLE handle = 0;
    DWORD read, left;

    if (DhcpV4FailoverEnumRelationship(server, &handle, NEVER, &all, &read, &left) != ERROR_SUCCESS)
        return;
    for (DWORD i = 0; i < read; i++)
        also(DhcpV4FailoverDeleteRelationship(server, all->pRelationships[i].RelationshipName) ==
                 ERROR_SUCCESS,
             "a relationship of the row before cannot be deleted");
    DhcpRpcFreeMemory(all);
}

static void run(const struct rows *rows)
{
    for (size_t i = 0; i < rows->count; i++) {
        const struct row *row = &rows->list[i];
        int before = failures;
        DWORD code;

        row_id = row->id;
        call_as(ADMINISTRATOR);
        if (rows->clean)
            clear();
        call_as(row->caller);
        code = row->run();
        if (code != row->expected) {
            printf("FAIL %-8s %s: %s: %u, not %u\n", row->id, row->call, row->condition, code,
                   row->expected);
            failures++;
        } else if (failures == before) {
            printf("ok   %-8s %s: %s: %u\n", row->id, row->call, row->condition, code);
        }
    }
}

static void take_place(const char *text, char16_t out[64])
{
    for (size_t i = 0; text != NULL && text[i] != '\0' && i < 63; i++)
        out[i] = (char16_t)text[i];
}

int main(int argc, char **argv)
{
    /* alone_rows last of their phase: what they leave is looked at in the next. */
    static const struct rows *const all[] = {
        &refused_rows,       &told_rows,      &leases4_rows,       &leases4_kept_rows,
        &leases4_vq_rows,    &v6_prefix_rows, &v6_lease_rows,      &v6_kept_rows,
        &v6_binding_rows,    &scopes4_rows,   &scopes4_added_rows, &scopes4_removed_rows,
        &scopes4_later_rows, &alone_rows,     &restarted_rows,     &leases4_normal_rows,
        &normal_rows,        &syncing_rows,   &secret_rows,        &leases4_interrupted_rows,
        &interrupted_rows,   &down_rows,      &ended_rows,
    };
    bool known = false;

    if (argc < 4)
        return 2;
    take_place(argv[2], tls_server);
    take_place(getenv("FO_PARTNER"), partner);
    certificates = argv[3];
    over_tls = argc > 4;
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        if (strcmp(all[i]->phase, argv[1]) != 0)
            continue;
        known = true;
        run(all[i]);
    }
    printf("%d failed\n", failures);
    return known && failures == 0 ? 0 : 1;
}
