/* pair.c: an administrator's program by Microsoft's DHCP calls alone, as one would write it for
 * Windows: it joins two servers in failover for a scope, makes a lease on the one and reads it on the
 * other, and takes everything away again.
 *
 *     pair SERVER1 SERVER2          for example: pair 192.0.2.1 192.0.2.2
 *
 * SERVER1 becomes the primary. Each is an IPv4 address, at which both its calls and its partner reach
 * the server. Ends with 0 if all went well; else it says which call answered what, on which server.
 *
 *     cc pair.c $(pkg-config --cflags --libs fodhcpsapi)         fod
 *     cl pair.c dhcpsapi.lib ws2_32.lib                          Windows
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#ifdef _WIN32
#include <winsock2.h>
#include <dhcpsapi.h>
#define W(text)         L##text
#define wait_a_moment() Sleep(200)
#else
#include <dhcpsapi.h>
#define W(text)         u##text
#define wait_a_moment() (void)nanosleep(&(struct timespec){.tv_nsec = 200000000}, NULL)
#endif

#define SUBNET     0x0a4d0000u /* 10.77.0.0 */
#define MASK       0xffffff00u
#define FIRST      (SUBNET + 10)
#define LAST       (SUBNET + 109)
#define PATIENCE_S 60

struct server {
    WCHAR name[16]; /* an address as text: where its calls go */
    DHCP_IP_ADDRESS address;
    DHCP_FAILOVER_SERVER role;
};
static struct server servers[2];
static WCHAR relationship_name[] = W("example-pair");

/* --- words ------------------------------------------------------------------------------------ */

static int failed(const char *call, const struct server *s, DWORD code)
{
    if (code == ERROR_SUCCESS)
        return 0;
    fprintf(stderr, "%s on %u.%u.%u.%u: error %lu\n", call, s->address >> 24,
            s->address >> 16 & 255, s->address >> 8 & 255, s->address & 255, (unsigned long)code);
    return 1;
}

static int take_server(const char *text, DHCP_FAILOVER_SERVER role, struct server *out)
{
    unsigned a, b, c, d;
    char rest;
    size_t length = strlen(text);

    if (sscanf(text, "%3u.%3u.%3u.%3u%c", &a, &b, &c, &d, &rest) != 4 || a > 255 || b > 255 ||
        c > 255 || d > 255 || length >= sizeof out->name / sizeof out->name[0]) {
        fprintf(stderr, "%s is no IPv4 address\n", text);
        return 1;
    }
    for (size_t i = 0; i <= length; i++)
        out->name[i] = (WCHAR)text[i];
    out->address = a << 24 | b << 16 | c << 8 | d;
    out->role = role;
    return 0;
}

/* --- the servers and the scope ---------------------------------------------------------------- */

/* Failover refuses clocks that are too far apart: better to see it before anything is made. */
static int clocks_differ(void)
{
    DWORD now[2], allowed = 60;

    for (int i = 0; i < 2; i++) {
        DWORD code = DhcpV4FailoverGetSystemTime(servers[i].name, &now[i], &allowed);
        if (failed("DhcpV4FailoverGetSystemTime", &servers[i], code))
            return 1;
    }
    if (now[0] > now[1] + allowed || now[1] > now[0] + allowed) {
        fprintf(stderr, "the clocks are more than %lu s apart\n", (unsigned long)allowed);
        return 1;
    }
    return 0;
}

static int make_scope(struct server *s)
{
    DHCP_SUBNET_INFO info = {.SubnetAddress = SUBNET,
                             .SubnetMask = MASK,
                             .SubnetName = W("example"),
                             .SubnetComment = W("made by pair.c"),
                             .SubnetState = DhcpSubnetEnabled};
    DHCP_BOOTP_IP_RANGE range = {.StartAddress = FIRST, .EndAddress = LAST};
    DHCP_SUBNET_ELEMENT_DATA_V5 element = {.ElementType = DhcpIpRangesDhcpOnly,
                                           .Element = {.IpRange = &range}};

    return failed("DhcpCreateSubnet", s, DhcpCreateSubnet(s->name, SUBNET, &info)) ||
           failed("DhcpAddSubnetElementV5", s, DhcpAddSubnetElementV5(s->name, SUBNET, &element));
}

/* --- the relationship ------------------------------------------------------------------------- */

static int make_relationship(struct server *s)
{
    DHCP_IP_ADDRESS scope = SUBNET;
    DHCP_IP_ARRAY scopes = {1, &scope};
    DHCP_FAILOVER_RELATIONSHIP r = {.PrimaryServer = servers[0].address,
                                    .SecondaryServer = servers[1].address,
                                    .Mode = LoadBalance,
                                    .ServerType = s->role,
                                    .Mclt = 3600,
                                    .RelationshipName = relationship_name,
                                    .PrimaryServerName = servers[0].name,
                                    .SecondaryServerName = servers[1].name,
                                    .pScopes = &scopes,
                                    .Percentage = 50};

    return failed("DhcpV4FailoverCreateRelationship", s,
                  DhcpV4FailoverCreateRelationship(s->name, &r));
}

static FSM_STATE state_of(struct server *s)
{
    LPDHCP_FAILOVER_RELATIONSHIP r = NULL;
    FSM_STATE state = NO_STATE;

    if (DhcpV4FailoverGetRelationship(s->name, relationship_name, &r) == ERROR_SUCCESS) {
        state = r->State;
        DhcpRpcFreeMemory(r);
    }
    return state;
}

static int are_normal(void)
{
    time_t give_up = time(NULL) + PATIENCE_S;

    while (state_of(&servers[0]) != NORMAL || state_of(&servers[1]) != NORMAL) {
        if (time(NULL) > give_up) {
            fprintf(stderr, "not NORMAL in %d s: states %d and %d\n", PATIENCE_S,
                    (int)state_of(&servers[0]), (int)state_of(&servers[1]));
            return 0;
        }
        wait_a_moment();
    }
    return 1;
}

/* --- the lease -------------------------------------------------------------------------------- */

static DHCP_IP_ADDRESS free_address_of(struct server *s)
{
    DWORD status;

    for (DHCP_IP_ADDRESS address = FIRST; address <= LAST; address++) {
        if (DhcpV4FailoverGetAddressStatus(s->name, address, &status) == ERROR_SUCCESS &&
            status == (DWORD)s->role)
            return address;
    }
    return 0;
}

static int make_lease(struct server *s, DHCP_IP_ADDRESS address)
{
    static BYTE mac[] = {0x02, 0x00, 0x00, 0xaa, 0xbb, 0xcc};
    unsigned long long ticks = ((unsigned long long)time(NULL) + 600 + 11644473600ull) * 10000000;
    DHCP_CLIENT_INFO_PB info = {.ClientIpAddress = address,
                                .ClientHardwareAddress = {sizeof mac, mac},
                                .ClientName = W("printer-3.example"),
                                .ClientComment = W("made by pair.c"),
                                .ClientLeaseExpires = {(DWORD)ticks, (DWORD)(ticks >> 32)},
                                .bClientType = CLIENT_TYPE_DHCP,
                                .AddressState = ADDRESS_STATE_ACTIVE};

    return failed("DhcpV4CreateClientInfo", s, DhcpV4CreateClientInfo(s->name, &info));
}

/* Updates are lazy: the partner has it a moment later. */
static int partner_reads(struct server *s, DHCP_IP_ADDRESS address)
{
    DHCP_SEARCH_INFO by = {.SearchType = DhcpClientIpAddress,
                           .SearchInfo = {.ClientIpAddress = address}};
    LPDHCPV4_FAILOVER_CLIENT_INFO lease = NULL;
    time_t give_up = time(NULL) + PATIENCE_S;
    DWORD code;

    while ((code = DhcpV4FailoverGetClientInfo(s->name, &by, &lease)) == ERROR_DHCP_JET_ERROR &&
           time(NULL) <= give_up)
        wait_a_moment();
    if (failed("DhcpV4FailoverGetClientInfo", s, code))
        return 0;
    printf("lease %u.%u.%u.%u of", address >> 24, address >> 16 & 255, address >> 8 & 255,
           address & 255);
    for (DWORD i = 5; i < lease->ClientHardwareAddress.DataLength; i++) /* behind subnet and type */
        printf(" %02x", lease->ClientHardwareAddress.Data[i]);
    printf(", which the partner reckons with until %lu\n", (unsigned long)lease->RecvPotExpTime);
    DhcpRpcFreeMemory(lease);
    return 1;
}

static int end_lease(struct server *s, struct server *partner, DHCP_IP_ADDRESS address)
{
    DHCP_SEARCH_INFO by = {.SearchType = DhcpClientIpAddress,
                           .SearchInfo = {.ClientIpAddress = address}};
    LPDHCP_CLIENT_INFO_PB lease;
    time_t give_up = time(NULL) + PATIENCE_S;

    if (failed("DhcpDeleteClientInfo", s, DhcpDeleteClientInfo(s->name, &by)))
        return 1;
    while (DhcpV4GetClientInfo(partner->name, &by, &lease) == ERROR_SUCCESS) {
        DhcpRpcFreeMemory(lease);
        if (time(NULL) > give_up) {
            fprintf(stderr, "the partner has the lease still\n");
            return 1;
        }
        wait_a_moment();
    }
    return 0;
}

/* --- all of it -------------------------------------------------------------------------------- */

static int make_and_read(void)
{
    DHCP_IP_ADDRESS address;

    if (clocks_differ() || make_scope(&servers[0]) || make_scope(&servers[1]) ||
        make_relationship(&servers[1]) || make_relationship(&servers[0]) || !are_normal())
        return 1;
    printf("both servers are in NORMAL\n");
    address = free_address_of(&servers[0]);
    if (address == 0) {
        fprintf(stderr, "the primary has no address to give\n");
        return 1;
    }
    return make_lease(&servers[0], address) || !partner_reads(&servers[1], address) ||
           end_lease(&servers[0], &servers[1], address);
}

/* A scope goes when it is in no relationship, and takes along what is left in it. */
static int take_away(void)
{
    int wrong = 0;

    for (int i = 0; i < 2; i++) {
        struct server *s = &servers[i];
        wrong += failed("DhcpV4FailoverDeleteRelationship", s,
                        DhcpV4FailoverDeleteRelationship(s->name, relationship_name));
        wrong += failed("DhcpDeleteSubnet", s, DhcpDeleteSubnet(s->name, SUBNET, DhcpFullForce));
    }
    return wrong;
}

int main(int argc, char **argv)
{
    int wrong;

    if (argc != 3) {
        fprintf(stderr, "usage: pair SERVER1 SERVER2\n");
        return 2;
    }
    if (take_server(argv[1], PrimaryServer, &servers[0]) ||
        take_server(argv[2], SecondaryServer, &servers[1]))
        return 2;
    wrong = make_and_read();
    wrong += take_away();
    return wrong != 0;
}
