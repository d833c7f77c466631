#include "mgmt/call.h"

#include <stdarg.h>
#include <stdio.h>

#include "mgmt/change.h"
#include "proto/win32.h"

enum order { RIGHTS_FIRST, ARGUMENTS_FIRST };

struct fo_call_row {
    Mgmt__Request__CallCase which;
    const char *name; /* Microsoft's, where there is one */
    enum fo_right right;
    enum order order;
    bool changes;
    bool often;                           /* a host may make thousands in a second */
    uint32_t (*check)(struct fo_call *c); /* arguments alone; NULL: the handler checks them */
    uint32_t (*run)(struct fo_call *c);   /* NULL: answered by the service, when it is known */
};

#define READS   FO_RIGHT_READ, RIGHTS_FIRST, false, false
#define CHANGES FO_RIGHT_ADMINISTER, RIGHTS_FIRST, true, false
#define LEASES  FO_RIGHT_ADMINISTER, RIGHTS_FIRST, true, true
/* MAPI §7.3: these look at their arguments before they look at the caller. */
#define READS_LATE   FO_RIGHT_READ, ARGUMENTS_FIRST, false, false
#define CHANGES_LATE FO_RIGHT_ADMINISTER, ARGUMENTS_FIRST, true, false
/* Changes nothing, but tells what only those need to know who may change. */
#define REHEARSES FO_RIGHT_ADMINISTER, RIGHTS_FIRST, false, false

#define CALL(which) MGMT__REQUEST__CALL_##which

static const struct fo_call_row rows[] = {
    {CALL(SERVER_GET), "ServerGet", READS, NULL, fo_call_server_get},
    {CALL(RELATIONSHIP_CREATE), "DhcpV4FailoverCreateRelationship", CHANGES, NULL,
     fo_call_relationship_create},
    {CALL(RELATIONSHIP_VALIDATE), "RelationshipValidate", REHEARSES, NULL,
     fo_call_relationship_validate},
    {CALL(RELATIONSHIP_SET), "DhcpV4FailoverSetRelationship", CHANGES_LATE,
     fo_call_relationship_set_check, fo_call_relationship_set},
    {CALL(RELATIONSHIP_DELETE), "DhcpV4FailoverDeleteRelationship", CHANGES_LATE,
     fo_call_relationship_delete_check, fo_call_relationship_delete},
    {CALL(RELATIONSHIP_GET), "DhcpV4FailoverGetRelationship", READS_LATE,
     fo_call_relationship_get_check, fo_call_relationship_get},
    {CALL(RELATIONSHIP_ENUM), "DhcpV4FailoverEnumRelationship", READS, NULL,
     fo_call_relationship_enum},
    {CALL(RELATIONSHIP_ADD_SCOPES), "DhcpV4FailoverAddScopeToRelationship", CHANGES_LATE,
     fo_call_relationship_add_check, fo_call_relationship_add},
    {CALL(RELATIONSHIP_REMOVE_SCOPES), "DhcpV4FailoverDeleteScopeFromRelationship", CHANGES_LATE,
     fo_call_relationship_remove_check, fo_call_relationship_remove},
    {CALL(SCOPE_RELATIONSHIP_GET), "DhcpV4FailoverGetScopeRelationship", READS_LATE,
     fo_call_scope_relationship_check, fo_call_scope_relationship},
    {CALL(COMMAND), "Command", CHANGES, NULL, fo_call_command},
    {CALL(STATUS_GET), "StatusGet", READS, NULL, fo_call_status},
    {CALL(EVENTS_GET), "EventsGet", READS, NULL, fo_call_events},
    {CALL(ADDRESS_STATUS_GET), "DhcpV4FailoverGetAddressStatus", READS, NULL,
     fo_call_address_status},
    {CALL(SCOPE_CREATE), "DhcpCreateSubnet", CHANGES, NULL, fo_call_scope_create},
    {CALL(SCOPE_SET), "DhcpSetSubnetInfo", CHANGES, NULL, fo_call_scope_set},
    {CALL(SCOPE_DELETE), "DhcpDeleteSubnet", CHANGES, NULL, fo_call_scope_delete},
    {CALL(SCOPE_GET), "ScopeGet", READS, NULL, fo_call_scope_get},
    {CALL(SCOPE_ENUM), "ScopeEnum", READS, NULL, fo_call_scope_enum},
    {CALL(SCOPE_STATISTICS), "DhcpV4FailoverGetScopeStatistics", READS_LATE,
     fo_call_scope_statistics_check, fo_call_scope_statistics},
    {CALL(SCOPE_ELEMENT_ADD), "ScopeElementAdd", CHANGES, NULL, fo_call_scope_element_add},
    {CALL(SCOPE_ELEMENT_REMOVE), "ScopeElementRemove", CHANGES, NULL, fo_call_scope_element_remove},
    {CALL(SCOPE_REPLACE), "ScopeReplace", CHANGES, NULL, fo_call_scope_replace},
    {CALL(SCOPE_SERVES), "ScopeServes", READS, NULL, fo_call_scope_serves},
    {CALL(SUBNET_ELEMENT_ADD), "DhcpAddSubnetElementV5", CHANGES, NULL, fo_call_subnet_element_add},
    {CALL(SUBNET_ELEMENT_REMOVE), "DhcpRemoveSubnetElementV5", CHANGES, NULL,
     fo_call_subnet_element_remove},
    {CALL(SUBNET_ELEMENT_ENUM), "DhcpEnumSubnetElementsV5", READS, NULL,
     fo_call_subnet_element_enum},
    {CALL(SUBNET_ENUM), "DhcpEnumSubnets", READS, NULL, fo_call_subnet_enum},
    {CALL(SUBNET_GET), "DhcpGetSubnetInfo", READS, NULL, fo_call_subnet_get},
    {CALL(FREE_ADDRESSES), "DhcpV4GetFreeIPAddress", READS_LATE, fo_call_free_addresses_check,
     fo_call_free_addresses},
    {CALL(LEASE_CREATE), "DhcpV4CreateClientInfo", LEASES, NULL, fo_call_lease_create},
    {CALL(LEASE_CREATE_MANY), "LeaseCreateMany", LEASES, NULL, fo_call_lease_create_many},
    {CALL(LEASE_GET), "LeaseGet", READS_LATE, fo_call_lease_get_check, fo_call_lease_get},
    {CALL(LEASE_ENUM), "LeaseEnum", READS, NULL, fo_call_lease_enum},
    {CALL(LEASE_SET), "DhcpSetClientInfoVQ", LEASES, NULL, fo_call_lease_set},
    {CALL(LEASE_DELETE), "DhcpDeleteClientInfo", LEASES, NULL, fo_call_lease_delete},
    {CALL(LEASE_CREATE_VQ), "DhcpCreateClientInfoVQ", LEASES, NULL, fo_call_lease_create_vq},
    {CALL(LEASE_INFO_GET), "DhcpV4GetClientInfo", READS_LATE, fo_call_lease_get_check,
     fo_call_lease_info_get},
    {CALL(LEASE_FAILOVER_GET), "DhcpV4FailoverGetClientInfo", READS_LATE, fo_call_lease_get_check,
     fo_call_lease_failover_get},
    {CALL(LEASE_WALK), "DhcpV4EnumSubnetClients", READS, NULL, fo_call_lease_walk},
    {CALL(LEASE_VQ_GET), "DhcpGetClientInfoVQ", READS, NULL, fo_call_lease_vq_get},
    {CALL(LEASE_VQ_WALK), "DhcpEnumSubnetClientsVQ", READS, NULL, fo_call_lease_vq_walk},
    {CALL(BINDING_GET), "DhcpGetServerBindingInfoV6", READS, NULL, fo_call_binding_get},
    {CALL(BINDING_SET), "DhcpSetServerBindingInfoV6", CHANGES, NULL, fo_call_binding_set},
    {CALL(PREFIX6_CREATE), "DhcpCreateSubnetV6", CHANGES, NULL, fo_call_prefix6_create},
    {CALL(PREFIX6_SET), "DhcpSetSubnetInfoV6", CHANGES, NULL, fo_call_prefix6_set},
    {CALL(PREFIX6_DELETE), "DhcpDeleteSubnetV6", CHANGES, NULL, fo_call_prefix6_delete},
    {CALL(PREFIX6_GET), "DhcpGetSubnetInfoV6", READS, NULL, fo_call_prefix6_get},
    {CALL(PREFIX6_ENUM), "DhcpEnumSubnetsV6", READS, NULL, fo_call_prefix6_enum},
    {CALL(ELEMENT6_ADD), "DhcpAddSubnetElementV6", CHANGES, NULL, fo_call_element6_add},
    {CALL(ELEMENT6_REMOVE), "DhcpRemoveSubnetElementV6", CHANGES, NULL, fo_call_element6_remove},
    {CALL(ELEMENT6_ENUM), "DhcpEnumSubnetElementsV6", READS, NULL, fo_call_element6_enum},
    {CALL(LEASE6_CREATE), "DhcpV6CreateClientInfo", LEASES, NULL, fo_call_lease6_create},
    {CALL(LEASE6_SET), "DhcpSetClientInfoV6", LEASES, NULL, fo_call_lease6_set},
    {CALL(LEASE6_GET), "DhcpGetClientInfoV6", READS, NULL, fo_call_lease6_get},
    {CALL(LEASE6_DELETE), "DhcpDeleteClientInfoV6", LEASES, NULL, fo_call_lease6_delete},
    {CALL(LEASE6_ENUM), "DhcpEnumSubnetClientsV6", READS, NULL, fo_call_lease6_enum},
    {CALL(CHANGE_PREPARE), "ChangePrepare", CHANGES, NULL, fo_call_change_prepare},
    {CALL(CHANGE_COMMIT), "ChangeCommit", CHANGES, NULL, fo_call_change_commit},
    {CALL(CHANGE_ABORT), "ChangeAbort", CHANGES, NULL, fo_call_change_abort},
    {CALL(CHANGE_GET), "ChangeGet", READS, NULL, fo_call_change_get},
    {CALL(PROBE), "Probe", REHEARSES, fo_call_probe_check, NULL},
};

const struct fo_call_row *fo_call_find(const Mgmt__Request *request)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].which == request->call_case)
            return &rows[i];
    }
    return NULL;
}

const char *fo_call_name(const struct fo_call_row *row)
{
    return row->name;
}

bool fo_call_waits(const struct fo_call_row *row)
{
    return row->run == NULL;
}

bool fo_call_changes(const struct fo_call_row *row)
{
    return row->changes;
}

static uint32_t check_right(struct fo_call *c, const struct fo_call_row *row)
{
    if (c->right >= row->right)
        return ERROR_SUCCESS;
    return fo_call_refuse(c, ERROR_ACCESS_DENIED, "%s needs the right of %s.", row->name,
                          row->right == FO_RIGHT_READ ? "DHCP Users" : "DHCP Administrators");
}

static uint32_t check_arguments(struct fo_call *c, const struct fo_call_row *row)
{
    return row->check != NULL ? row->check(c) : (uint32_t)ERROR_SUCCESS;
}

uint32_t fo_call_admit(struct fo_call *c, const struct fo_call_row *row)
{
    uint32_t code;

    if (row->order == ARGUMENTS_FIRST) {
        code = check_arguments(c, row);
        return code != ERROR_SUCCESS ? code : check_right(c, row);
    }
    code = check_right(c, row);
    return code != ERROR_SUCCESS ? code : check_arguments(c, row);
}

bool fo_call_often(const struct fo_call_row *row)
{
    return row->often;
}

uint32_t fo_call_run(struct fo_call *c, const struct fo_call_row *row)
{
    return row->run(c);
}

/* --- words ----------------------------------------------------------------------------------- */

uint32_t fo_call_refuse(struct fo_call *c, uint32_t code, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(c->why, sizeof c->why, format, arguments);
    va_end(arguments);
    return code;
}

uint32_t fo_call_no_memory(struct fo_call *c)
{
    return fo_call_refuse(c, ERROR_NOT_ENOUGH_MEMORY, "No memory is left for the answer.");
}

uint32_t fo_call_code_of(int err)
{
    switch (err) {
    case FO_OK:
        return ERROR_SUCCESS;
    case FO_ENOMEM:
        return ERROR_NOT_ENOUGH_MEMORY;
    case FO_EFULL:
    case FO_ENOSPACE:
        return ERROR_DISK_FULL;
    case FO_ENOTFOUND:
        return ERROR_FILE_NOT_FOUND;
    case FO_EINVAL:
        return ERROR_INVALID_PARAMETER;
    case FO_ECLOSED:
        return EPT_S_NOT_REGISTERED;
    default:
        return ERROR_DHCP_JET_ERROR;
    }
}
