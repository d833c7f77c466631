/* What an administrator does about a code. */
#include <stddef.h>

#include "mgmt/foctl.h"

static const struct {
    uint32_t code;
    const char *advice;
} rows[] = {
    {ERROR_FILE_NOT_FOUND, "see what there is: foctl NOUN list"},
    {ERROR_ACCESS_DENIED, "ask as a member of the administrators' group, or with a certificate of "
                          "OU 'DHCP Administrators' (--cert, --key)"},
    {ERROR_NOT_ENOUGH_MEMORY, "free memory on the machine that says so, and try again"},
    {ERROR_INVALID_DATA, "look at that line of the file; what is right of it was taken"},
    {ERROR_INVALID_PARAMETER, "see what is expected: foctl NOUN VERB --help"},
    {ERROR_DISK_FULL, "make room where fod keeps its store (state-directory)"},
    {ERROR_BUSY, "try again in some seconds; 'foctl status' tells what is under way"},
    {ERROR_CANCELLED, "say yes, or give --force; --what-if tells what would change"},
    {RPC_S_SERVER_UNAVAILABLE, "see that fod runs there and that nothing is between; --server or "
                               "--socket say where it is"},
    {EPT_S_NOT_REGISTERED, "start fod, or name its socket with --socket"},
    {ERROR_DHCP_SUBNET_NOT_PRESENT, "see which scopes there are: foctl scope list; make it: foctl "
                                    "scope create"},
    {ERROR_DHCP_ELEMENT_CANT_REMOVE, "end its leases first, or give --force"},
    {ERROR_DHCP_ADDRESS_NOT_AVAILABLE, "make the lease on the partner, or take another address: "
                                       "foctl scope statistics"},
    {ERROR_DHCP_JET_ERROR, "see that it exists: foctl lease list; if it does, fod's log says what "
                           "its store lacks"},
    {ERROR_DHCP_CLIENT_EXISTS, "see who has it: foctl lease show; change it with foctl lease set"},
    {ERROR_DHCP_INVALID_DHCP_CLIENT, "see which leases there are: foctl lease list"},
    {ERROR_DHCP_NOT_RESERVED_CLIENT, "reserve an address within the ranges: foctl scope show"},
    {ERROR_DHCP_RESERVED_CLIENT, "end the reservation first: foctl scope unreserve"},
    {ERROR_DHCP_RESERVEDIP_EXITS, "see the reservations: foctl scope show"},
    {ERROR_DHCP_INVALID_RANGE, "take addresses of the scope that no other range has: foctl scope "
                               "show"},
    {ERROR_DHCP_SUBNET_EXISTS, "see which scopes there are: foctl scope list"},
    {ERROR_DHCP_FO_SCOPE_ALREADY_IN_RELATIONSHIP, "see which one: foctl scope show; take it out "
                                                  "with foctl relationship remove-scope"},
    {ERROR_DHCP_FO_RELATIONSHIP_EXISTS, "take another name, or delete the old one on the server "
                                        "that has it: foctl relationship delete NAME --one-sided"},
    {ERROR_DHCP_FO_RELATIONSHIP_DOES_NOT_EXIST, "see which there are: foctl relationship list"},
    {ERROR_DHCP_FO_SCOPE_NOT_IN_RELATIONSHIP, "see which scopes it has: foctl relationship show"},
    {ERROR_DHCP_FO_RELATION_IS_SECONDARY, "ask the primary (--server)"},
    {ERROR_DHCP_FO_TIME_OUT_OF_SYNC, "set both clocks right, by NTP for example, and try again"},
    {ERROR_DHCP_FO_STATE_NOT_NORMAL, "wait for NORMAL; 'foctl status NAME' says what it waits for"},
    {ERROR_DHCP_NO_ADMIN_PERMISSION,
     "use a certificate, or a user, that is a DHCP administrator on "
     "both servers"},
    {ERROR_DHCP_SERVER_NOT_REACHABLE, "see that the machine runs and that no firewall is between; "
                                      "--partner-management says where it is"},
    {ERROR_DHCP_SERVER_NOT_RUNNING, "start fod there, and see that it listens where "
                                    "--partner-management says (management { tls-listen })"},
    {ERROR_DHCP_SERVER_NAME_NOT_RESOLVED, "give the address instead of the name, or put the name "
                                          "into DNS"},
    {ERROR_DHCP_FO_RELATIONSHIP_NAME_TOO_LONG, "take a name of at most 126 characters"},
    {ERROR_DHCP_FO_MAX_RELATIONSHIPS, "delete one that is not needed, or put the scopes into an "
                                      "existing one: foctl relationship add-scope"},
    {ERROR_DHCP_FO_MAX_ADD_SCOPES, "add at most 400 scopes at a time"},
    {ERROR_DHCP_FO_RANGE_PART_OF_REL, "take the scope out of its relationship first"},
    {ERROR_DHCP_FO_SCOPE_SYNC_IN_PROGRESS, "wait until the exchange has ended: foctl status NAME"},
};

const char *foctl_advice(uint32_t code)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].code == code)
            return rows[i].advice;
    }
    return "";
}
