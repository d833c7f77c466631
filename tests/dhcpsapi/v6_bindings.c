/* Interface bindings (M-BI-…), in a network namespace that tests/e2e/bindings.sh makes: lan and wan
 * have a configured global address (2001:db8:1::1, 2001:db8:2::1), tun has none. */
#include <stdlib.h>
#include <string.h>

#include "v6.h"

#define LAN 0x20010db800010000u
#define WAN 0x20010db800020000u

static LPDHCPV6_BIND_ELEMENT_ARRAY list;

static DWORD get(void)
{
    DhcpRpcFreeMemory(list);
    list = NULL;
    return DhcpGetServerBindingInfoV6(server, 0, &list);
}

static LPDHCPV6_BIND_ELEMENT find(const char16_t *name)
{
    static DHCPV6_BIND_ELEMENT none;

    for (DWORD i = 0; list != NULL && i < list->NumElements; i++) {
        if (same_text(list->Elements[i].IfDescription, name))
            return &list->Elements[i];
    }
    also(false, "an interface is not there");
    return &none;
}

static DWORD set(DHCPV6_BIND_ELEMENT *elements, DWORD count)
{
    DHCPV6_BIND_ELEMENT_ARRAY array = {count, elements};

    return DhcpSetServerBindingInfoV6(server, 0, &array);
}

/* What the list says of |name|, asked anew. */
static bool is_bound(const char16_t *name)
{
    also(get() == 0, "no list");
    return find(name)->fBoundToDHCPServer != 0;
}

static DWORD bind(const char16_t *name, BOOL bound)
{
    DHCPV6_BIND_ELEMENT one;

    also(get() == 0, "no list");
    one = *find(name);
    one.fBoundToDHCPServer = bound;
    return set(&one, 1);
}

/* --- get (M-BI-08) ---------------------------------------------------------------------------- */

static DWORD told(void)
{
    DWORD code = get();
    LPDHCPV6_BIND_ELEMENT lan = find(u"lan");

    also(lan->Flags == 0 && lan->fBoundToDHCPServer && lan->IfIdSize == 16 && lan->IpV6IfIndex != 0,
         "lan is not as it should be");
    also(same6(lan->AdapterPrimaryAddress, (DHCP_IPV6_ADDRESS){LAN, 1}) &&
             same6(lan->AdapterSubnetAddress, (DHCP_IPV6_ADDRESS){LAN, 0}),
         "its address is another");
    also(find(u"lo")->Flags == DHCP_ENDPOINT_FLAG_CANT_MODIFY, "the loopback is not internal");
    also(find(u"tun")->Flags == DHCP_ENDPOINT_FLAG_CANT_MODIFY, "link-local is enough");
    also(memcmp(lan->IfId, find(u"wan")->IfId, 16) != 0, "two of one id");
    return code;
}
static DWORD got_with_flags(void)
{
    LPDHCPV6_BIND_ELEMENT_ARRAY got;

    return DhcpGetServerBindingInfoV6(server, 1, &got);
}
static DWORD got_into_nothing(void)
{
    return DhcpGetServerBindingInfoV6(server, 0, NULL);
}

/* --- set (M-BI-01 to -07) --------------------------------------------------------------------- */

static DWORD set_with_flags(void)
{
    DHCPV6_BIND_ELEMENT_ARRAY array = {0, NULL};

    return DhcpSetServerBindingInfoV6(server, 1, &array);
}
static DWORD set_to_nothing(void)
{
    return DhcpSetServerBindingInfoV6(server, 0, NULL);
}
static DWORD internal_unbound(void)
{
    return bind(u"lo", 0);
}
static DWORD internal_without_its_flag(void)
{
    DHCPV6_BIND_ELEMENT one;

    also(get() == 0, "no list");
    one = *find(u"tun");
    one.Flags = 0;
    one.fBoundToDHCPServer = 0;
    return set(&one, 1);
}
static DWORD internal_alone(void)
{
    DHCPV6_BIND_ELEMENT two[2];
    DWORD code;

    also(get() == 0, "no list");
    two[0] = *find(u"lo");
    two[1] = *find(u"tun");
    code = set(two, 2);
    also(is_bound(u"lan") && is_bound(u"wan"), "something changed");
    return code;
}
static DWORD as_it_came(void)
{
    also(get() == 0, "no list");
    return set(list->Elements, list->NumElements);
}
static DWORD unknown_id(void)
{
    DHCPV6_BIND_ELEMENT two[2];
    BYTE id[16] = {1};
    DWORD code;

    also(get() == 0, "no list");
    two[0] = *find(u"lan");
    two[0].fBoundToDHCPServer = 0;
    two[1] = *find(u"wan");
    two[1].IfId = id;
    code = set(two, 2);
    also(is_bound(u"lan"), "the one before it was unbound");
    return code;
}
static DWORD unbound(void)
{
    DWORD code = bind(u"lan", 0);

    also(!is_bound(u"lan") && is_bound(u"wan"), "it is not what it was told");
    also(bind(u"lan", 1) == 0 && is_bound(u"lan"), "it cannot be bound again");
    return code;
}
static DWORD by_its_id_alone(void)
{
    DHCPV6_BIND_ELEMENT one = {.fBoundToDHCPServer = 0, .IfIdSize = 16};
    DWORD code;

    also(get() == 0, "no list");
    one.IfId = find(u"lan")->IfId;
    code = set(&one, 1);
    also(!is_bound(u"lan") && bind(u"lan", 1) == 0, "it is bound");
    return code;
}
static DWORD by_a_user(void)
{
    return set_with_flags();
}

/* --- what changed since the list was read ----------------------------------------------------- */

static void run(const char *command)
{
    also(system(command) == 0, command);
}

static DWORD address_came(void)
{
    DHCPV6_BIND_ELEMENT one;
    DWORD code;

    also(get() == 0, "no list");
    one = *find(u"lan");
    one.fBoundToDHCPServer = 0;
    run("ip -6 address add 2001:db8:9::1/64 dev wan nodad");
    code = set(&one, 1);
    also(is_bound(u"lan"), "it was unbound all the same");
    also(bind(u"lan", 1) == 0, "read again, it is refused");
    run("ip -6 address del 2001:db8:9::1/64 dev wan");
    return code;
}
static DWORD address_went(void)
{
    DHCPV6_BIND_ELEMENT one;
    DWORD code;

    run("ip -6 address add 2001:db8:9::1/64 dev wan nodad");
    also(get() == 0, "no list");
    one = *find(u"lan");
    one.fBoundToDHCPServer = 0;
    run("ip -6 address del 2001:db8:9::1/64 dev wan");
    code = set(&one, 1);
    also(is_bound(u"lan"), "it was unbound all the same");
    return code;
}
static DWORD came_and_went(void)
{
    DHCPV6_BIND_ELEMENT one;

    also(get() == 0, "no list");
    one = *find(u"lan");
    run("ip -6 address add 2001:db8:9::1/64 dev wan nodad");
    run("ip -6 address del 2001:db8:9::1/64 dev wan");
    return set(&one, 1);
}

/* --- leases ----------------------------------------------------------------------------------- */

static DWORD owner_of_a_lease(void)
{
    DHCP_IPV6_ADDRESS prefix = {WAN, 0}, address = {WAN, 9};
    LPDHCP_CLIENT_INFO_V6 got = NULL;
    DWORD code;

    fresh6(0);
    also(make_prefix6(prefix) == 0, "no prefix");
    code = create6(address, 1, 1);
    also(get6(address, &got) == 0 && same6(got->OwnerHost.IpAddress, (DHCP_IPV6_ADDRESS){WAN, 1}),
         "the owner is not this server");
    DhcpRpcFreeMemory(got);
    return code;
}

static const struct row rows[] = {
    {"§2.9", "GetServerBindingInfoV6", "what there is", 0, told, 0},
    {"M-BI-08", "GetServerBindingInfoV6", "Flags 1", 87, got_with_flags, 0},
    {"§1.4", "GetServerBindingInfoV6", "output NULL", 87, got_into_nothing, 0},
    {"§7.1", "GetServerBindingInfoV6", "DHCP Users", 0, told, USER},
    {"M-BI-01", "SetServerBindingInfoV6", "Flags 1", 87, set_with_flags, 0},
    {"M-BI-02", "SetServerBindingInfoV6", "array NULL", 87, set_to_nothing, 0},
    {"M-BI-03", "SetServerBindingInfoV6", "CANT_MODIFY, unbind", 20051, internal_unbound, 0},
    {"M-BI-03", "SetServerBindingInfoV6", "flag left out (R)", 20051, internal_without_its_flag, 0},
    {"M-BI-04", "SetServerBindingInfoV6", "only CANT_MODIFY, bound", 0, internal_alone, 0},
    {"M-BI-04", "SetServerBindingInfoV6", "the list as it came", 0, as_it_came, 0},
    {"M-BI-05", "SetServerBindingInfoV6", "unknown IfId", 20050, unknown_id, 0},
    {"M-BI-06", "SetServerBindingInfoV6", "unbind", 0, unbound, 0},
    {"M-BI-06", "SetServerBindingInfoV6", "unbind, IfId alone", 0, by_its_id_alone, 0},
    {"M-BI-07", "SetServerBindingInfoV6", "DHCP Users, Flags 1", 5, by_a_user, USER},
    {"§1.3", "SetServerBindingInfoV6", "an address came", 20050, address_came, 0},
    {"§1.3", "SetServerBindingInfoV6", "an address went", 20050, address_went, 0},
    {"§1.3", "SetServerBindingInfoV6", "one came and went", 0, came_and_went, 0},
    {"M-L6-01", "V6CreateClientInfo", "owner = server", 0, owner_of_a_lease, 0},
};

const struct rows v6_binding_rows = {"bindings", rows, sizeof rows / sizeof rows[0], false};
