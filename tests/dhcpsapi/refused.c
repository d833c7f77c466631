/* Creating relationships, and the refusals of every call of the failover family, in their order. */
#include <stddef.h>

#include "conformance.h"

/* --- create: a valid relationship of scope 0, and what is different in it -----------------------
 */

static LPWSTR long_name(size_t length)
{
    static char16_t name[200];

    for (size_t i = 0; i < length; i++)
        name[i] = u'n';
    name[length] = 0;
    return name;
}

static DWORD create(void (*change)(LPDHCP_FAILOVER_RELATIONSHIP r))
{
    DHCP_FAILOVER_RELATIONSHIP r = valid(u"lab", 0);

    change(&r);
    return DhcpV4FailoverCreateRelationship(server, &r);
}

/* CREATE(name, statements about |r|) is a row's function. */
#define CREATE(name, ...)                                                                          \
    static void change_##name(LPDHCP_FAILOVER_RELATIONSHIP r)                                      \
    {                                                                                              \
        __VA_ARGS__                                                                                \
    }                                                                                              \
    static DWORD name(void)                                                                        \
    {                                                                                              \
        return create(change_##name);                                                              \
    }

CREATE(no_name, r->RelationshipName = NULL;)
CREATE(no_primary, r->PrimaryServer = 0;)
CREATE(no_secondary, r->SecondaryServer = 0;)
CREATE(no_scopes, r->pScopes = NULL;)
CREATE(count_0, r->pScopes->NumElements = 0;)
CREATE(percent_100, r->Percentage = 100;)
CREATE(percent_0, r->Percentage = 0;)
CREATE(percent_101, r->Percentage = 101;)
CREATE(percent_255, r->Percentage = 255;)
CREATE(mode_2, r->Mode = (DHCP_FAILOVER_MODE)2;)
CREATE(type_2, r->ServerType = (DHCP_FAILOVER_SERVER)2;)
CREATE(name_126, r->RelationshipName = long_name(126);)
CREATE(name_127, r->RelationshipName = long_name(127);)
CREATE(name_127_unknown, r->RelationshipName = long_name(127); r->pScopes->Elements[0] = UNKNOWN;)
CREATE(half_a_surrogate, static char16_t name[2] = {0xd800}; r->RelationshipName = name;)

static DWORD nothing(void)
{
    return DhcpV4FailoverCreateRelationship(server, NULL);
}

static DWORD no_array(void)
{
    DHCP_FAILOVER_RELATIONSHIP r = valid(u"lab", 0);
    DHCP_IP_ARRAY scopes = {1, NULL};

    r.pScopes = &scopes;
    return DhcpV4FailoverCreateRelationship(server, &r);
}

static DWORD one_unknown(void)
{
    DHCP_FAILOVER_RELATIONSHIP r = valid(u"lab", 0);
    DHCP_IP_ADDRESS two[] = {SCOPE(0), UNKNOWN};
    DHCP_IP_ARRAY scopes = {2, two};
    DWORD code;

    r.pScopes = &scopes;
    code = DhcpV4FailoverCreateRelationship(server, &r);
    also(!is_failover(0), "the known scope is in failover");
    return code;
}

static DWORD reader_creates_101(void)
{
    return percent_101();
}

static DWORD make_lab(void)
{
    return make(u"lab", 0);
}

static DWORD the_32nd(void)
{
    also(make_many(31) == ERROR_SUCCESS, "31 relationships were not made");
    return make(u"lab", 31);
}

static DWORD the_31st(void)
{
    also(make_many(30) == ERROR_SUCCESS, "30 relationships were not made");
    return make(u"lab", 31);
}

static DWORD the_32nd_of_a_used_scope(void)
{
    also(make_many(31) == ERROR_SUCCESS, "31 relationships were not made");
    return make(u"lab", 0);
}

static DWORD used_scope(void)
{
    also(make(u"first", 0) == ERROR_SUCCESS, "the first was not made");
    return make(u"lab", 0);
}

static DWORD used_name(void)
{
    also(make(u"lab", 1) == ERROR_SUCCESS, "the first was not made");
    return make(u"lab", 0);
}

static DWORD used_both(void)
{
    also(make(u"lab", 0) == ERROR_SUCCESS, "the first was not made");
    return make(u"lab", 0);
}

static DWORD same_partner(void)
{
    also(make(u"first", 1) == ERROR_SUCCESS, "the first was not made");
    return make(u"lab", 0);
}

/* --- set ----------------------------------------------------------------------------------------
 */

static DWORD set(DWORD flags, LPWSTR name)
{
    DHCP_FAILOVER_RELATIONSHIP r = valid(name, 0);

    return DhcpV4FailoverSetRelationship(server, flags, &r);
}

static DWORD set_flags_0(void)
{
    return set(0, u"lab");
}
static DWORD set_flags_80(void)
{
    return set(0x80, u"lab");
}
static DWORD set_flags_81(void)
{
    return set(0x81, u"lab");
}
static DWORD set_unknown(void)
{
    return set(MCLT, u"nobody");
}
static DWORD set_nothing(void)
{
    return DhcpV4FailoverSetRelationship(server, MCLT, NULL);
}
static DWORD set_percent_101(void)
{
    DHCP_FAILOVER_RELATIONSHIP r = valid(u"lab", 0);

    r.Percentage = 101;
    return DhcpV4FailoverSetRelationship(server, PERCENTAGE, &r);
}
static DWORD set_mode_7(void)
{
    DHCP_FAILOVER_RELATIONSHIP r = valid(u"lab", 0);

    r.Mode = (DHCP_FAILOVER_MODE)7;
    return DhcpV4FailoverSetRelationship(server, MODE | PERCENTAGE, &r);
}
static DWORD set_mclt(void)
{
    return set(MCLT, u"lab");
}

/* --- delete, get, allocate
 * ------------------------------------------------------------------------ */

static DWORD delete_null(void)
{
    return DhcpV4FailoverDeleteRelationship(server, NULL);
}
static DWORD delete_unknown(void)
{
    return DhcpV4FailoverDeleteRelationship(server, u"nobody");
}
static DWORD delete_lab(void)
{
    return DhcpV4FailoverDeleteRelationship(server, u"lab");
}

static DWORD get(LPWSTR name)
{
    LPDHCP_FAILOVER_RELATIONSHIP r = NULL;
    DWORD code = DhcpV4FailoverGetRelationship(server, name, &r);

    also(r == NULL || code == ERROR_SUCCESS, "an output was written");
    DhcpRpcFreeMemory(r);
    return code;
}
static DWORD get_null(void)
{
    return get(NULL);
}
static DWORD get_into_null(void)
{
    return DhcpV4FailoverGetRelationship(server, u"lab", NULL);
}
static DWORD get_unknown(void)
{
    return get(u"nobody");
}
static DWORD made_and_got_by_a_user(void)
{
    call_as(ADMINISTRATOR);
    also(make(u"lab", 0) == ERROR_SUCCESS, "it was not made");
    call_as(USER);
    return get(u"lab");
}

static DWORD allocate_null(void)
{
    return DhcpV4FailoverTriggerAddrAllocation(server, NULL);
}
static DWORD allocate_unknown(void)
{
    return DhcpV4FailoverTriggerAddrAllocation(server, u"nobody");
}
static DWORD allocate_on_secondary(void)
{
    DHCP_FAILOVER_RELATIONSHIP r = valid(u"lab", 0);

    r.PrimaryServer = PARTNER;
    r.SecondaryServer = 0x7f000001;
    r.ServerType = SecondaryServer;
    also(DhcpV4FailoverCreateRelationship(server, &r) == ERROR_SUCCESS, "it was not made");
    return DhcpV4FailoverTriggerAddrAllocation(server, u"lab");
}

/* --- scopes of a relationship
 * ------------------------------------------------------------------------ */

typedef DWORD (*change_scopes)(LPWSTR server_address, LPDHCP_FAILOVER_RELATIONSHIP r);

static DWORD change(change_scopes call, LPWSTR name, DHCP_IP_ADDRESS first, DHCP_IP_ADDRESS second)
{
    DHCP_IP_ADDRESS list[] = {first, second};
    DHCP_IP_ARRAY scopes = {second != 0 ? 2 : first != 0 ? 1 : 0, list};
    DHCP_FAILOVER_RELATIONSHIP r = {.RelationshipName = name, .pScopes = &scopes};

    return call(server, &r);
}
#define ADD    DhcpV4FailoverAddScopeToRelationship
#define REMOVE DhcpV4FailoverDeleteScopeFromRelationship

static DWORD add_unknown(void)
{
    return change(ADD, u"lab", UNKNOWN, 0);
}
static DWORD add_to_none(void)
{
    return change(ADD, u"lab", SCOPE(1), 0);
}
static DWORD add_used_and_wrong(void)
{
    also(make(u"lab", 0) == ERROR_SUCCESS, "it was not made");
    return change(ADD, u"nobody", SCOPE(0), 0);
}
static DWORD add_free_and_wrong(void)
{
    also(make(u"lab", 0) == ERROR_SUCCESS, "it was not made");
    return change(ADD, u"nobody", SCOPE(1), 0);
}
static DWORD add_nothing(void)
{
    return change(ADD, u"lab", 0, 0);
}
static DWORD add_401(void)
{
    static DHCP_IP_ADDRESS list[401];
    DHCP_IP_ARRAY scopes = {401, list};
    DHCP_FAILOVER_RELATIONSHIP r = {.RelationshipName = u"lab", .pScopes = &scopes};

    for (DWORD i = 0; i < 401; i++)
        list[i] = UNKNOWN + (i << 8);
    return DhcpV4FailoverAddScopeToRelationship(server, &r);
}
static DWORD add_free_and_used(void)
{
    DWORD code;

    also(make(u"lab", 0) == ERROR_SUCCESS, "it was not made");
    code = change(ADD, u"lab", SCOPE(1), SCOPE(0));
    also(!is_failover(1), "the free scope was added");
    return code;
}

static DWORD remove_of_another(void)
{
    also(make(u"lab", 0) == ERROR_SUCCESS && make(u"other", 1) == ERROR_SUCCESS, "not made");
    return change(REMOVE, u"lab", SCOPE(1), 0);
}
static DWORD remove_unknown(void)
{
    return change(REMOVE, u"lab", UNKNOWN, 0);
}
static DWORD remove_of_none(void)
{
    return change(REMOVE, u"lab", SCOPE(1), 0);
}
static DWORD remove_one_stranger(void)
{
    DWORD code;

    also(make(u"lab", 0) == ERROR_SUCCESS, "it was not made");
    code = change(REMOVE, u"lab", SCOPE(0), SCOPE(1));
    also(is_failover(0), "the member was removed");
    return code;
}

static const struct row rows[] = {
    {"M-CR-03", "FailoverCreateRelationship", "pRelationship NULL", 87, nothing, 0},
    {"M-CR-04", "FailoverCreateRelationship", "RelationshipName NULL", 87, no_name, 0},
    {"M-CR-05", "FailoverCreateRelationship", "PrimaryServer 0", 87, no_primary, 0},
    {"M-CR-06", "FailoverCreateRelationship", "SecondaryServer 0", 87, no_secondary, 0},
    {"M-CR-07", "FailoverCreateRelationship", "pScopes NULL", 87, no_scopes, 0},
    {"M-CR-07", "FailoverCreateRelationship", "pScopes with no array", 87, no_array, 0},
    {"M-CR-07", "FailoverCreateRelationship", "pScopes with count 0", 87, count_0, 0},
    {"M-CR-08", "FailoverCreateRelationship", "Percentage 100", 0, percent_100, 0},
    {"M-CR-08", "FailoverCreateRelationship", "Percentage 0", 0, percent_0, 0},
    {"M-CR-09", "FailoverCreateRelationship", "Percentage 101", 87, percent_101, 0},
    {"M-CR-09", "FailoverCreateRelationship", "Percentage 255", 87, percent_255, 0},
    {"M-CR-10", "FailoverCreateRelationship", "Mode 2", 87, mode_2, 0},
    {"M-CR-11", "FailoverCreateRelationship", "ServerType 2", 87, type_2, 0},
    {"M-CR-12", "FailoverCreateRelationship", "one of two scopes unknown", 20005, one_unknown, 0},
    {"M-CR-13", "FailoverCreateRelationship", "a name of 126 characters", 0, name_126, 0},
    {"M-CR-14", "FailoverCreateRelationship", "a name of 127 characters", 20125, name_127, 0},
    {"M-CR-15", "FailoverCreateRelationship", "127 characters and an unknown scope", 20005,
     name_127_unknown, 0},
    {"M-CR-16", "FailoverCreateRelationship", "31 exist", 20128, the_32nd, 0},
    {"M-CR-17", "FailoverCreateRelationship", "30 exist", 0, the_31st, 0},
    {"M-CR-18", "FailoverCreateRelationship", "31 exist, scope used", 20128,
     the_32nd_of_a_used_scope, 0},
    {"M-CR-19", "FailoverCreateRelationship", "scope used", 20113, used_scope, 0},
    {"M-CR-20", "FailoverCreateRelationship", "name used", 20114, used_name, 0},
    {"M-CR-21", "FailoverCreateRelationship", "name and scope used", 20113, used_both, 0},
    {"M-CR-24", "FailoverCreateRelationship", "a user", 5, make_lab, USER},
    {"M-CR-25", "FailoverCreateRelationship", "a user, Percentage 101", 5, reader_creates_101,
     USER},
    {"M-CR-27", "FailoverCreateRelationship", "a second one with the partner", 0, same_partner, 0},
    {"UTF-16", "FailoverCreateRelationship", "half a surrogate pair in the name", 87,
     half_a_surrogate, 0},
    {"M-SR-01", "FailoverSetRelationship", "Flags 0", 87, set_flags_0, 0},
    {"M-SR-02", "FailoverSetRelationship", "Flags 0x80", 87, set_flags_80, 0},
    {"M-SR-02", "FailoverSetRelationship", "Flags 0x81", 87, set_flags_81, 0},
    {"M-SR-03", "FailoverSetRelationship", "unknown name", 20115, set_unknown, 0},
    {"M-SR-04", "FailoverSetRelationship", "Percentage 101", 87, set_percent_101, 0},
    {"M-SR-06", "FailoverSetRelationship", "Mode 7", 87, set_mode_7, 0},
    {"M-SR-08", "FailoverSetRelationship", "a user, Flags 0", 87, set_flags_0, USER},
    {"M-SR-08", "FailoverSetRelationship", "a user, pRelationship NULL", 87, set_nothing, USER},
    {"M-SR-09", "FailoverSetRelationship", "a user", 5, set_mclt, USER},
    {"M-DR-01", "FailoverDeleteRelationship", "a user, name NULL", 87, delete_null, USER},
    {"M-DR-02", "FailoverDeleteRelationship", "unknown name", 20115, delete_unknown, 0},
    {"M-DR-04", "FailoverDeleteRelationship", "a user", 5, delete_lab, USER},
    {"M-GR-01", "FailoverGetRelationship", "name NULL", 87, get_null, 0},
    {"M-GR-01", "FailoverGetRelationship", "output NULL", 87, get_into_null, 0},
    {"M-GR-02", "FailoverGetRelationship", "a user", 0, made_and_got_by_a_user, USER},
    {"M-GR-03", "FailoverGetRelationship", "nobody", 5, get_unknown, NOBODY},
    {"M-GR-04", "FailoverGetRelationship", "unknown name", 20115, get_unknown, 0},
    {"M-AS-02", "FailoverAddScopeToRelationship", "scope unknown", 20005, add_unknown, 0},
    {"M-AS-03", "FailoverAddScopeToRelationship", "no relationship at all", 2, add_to_none, 0},
    {"M-AS-04", "FailoverAddScopeToRelationship", "scope used, name wrong", 20113,
     add_used_and_wrong, 0},
    {"M-AS-05", "FailoverAddScopeToRelationship", "scope free, name wrong", 20115,
     add_free_and_wrong, 0},
    {"M-AS-08", "FailoverAddScopeToRelationship", "a user, no scope", 87, add_nothing, USER},
    {"M-AS-09", "FailoverAddScopeToRelationship", "401 scopes", 20130, add_401, 0},
    {"M-AS-10", "FailoverAddScopeToRelationship", "one free, one used", 20113, add_free_and_used,
     0},
    {"M-DS-03", "FailoverDeleteScopeFromRelationship", "scope of another", 20116, remove_of_another,
     0},
    {"M-DS-04", "FailoverDeleteScopeFromRelationship", "scope unknown", 20005, remove_unknown, 0},
    {"M-DS-05", "FailoverDeleteScopeFromRelationship", "no relationship at all", 2, remove_of_none,
     0},
    {"M-DS-07", "FailoverDeleteScopeFromRelationship", "one of two no member", 20116,
     remove_one_stranger, 0},
    {"M-TA-01", "FailoverTriggerAddrAllocation", "on the secondary", 20117, allocate_on_secondary,
     0},
    {"M-TA-02", "FailoverTriggerAddrAllocation", "unknown name", 20115, allocate_unknown, 0},
    {"M-TA-03", "FailoverTriggerAddrAllocation", "a user, name NULL", 5, allocate_null, USER},
    {"M-TA-03", "FailoverTriggerAddrAllocation", "name NULL", 87, allocate_null, 0},
};

const struct rows refused_rows = {"alone", rows, sizeof rows / sizeof rows[0], true};
