/**
 * proto/win32.h: the Win32 codes that management calls answer with.
 *
 * Source: dhcpsapi.h of the Windows SDK and Microsoft's page "DHCP Server Management API Error
 * Codes"; where names clash the number rules. EXITS in some symbols is how Microsoft spells them:
 * ERROR_DHCP_SUBNET_EXITS (20004) and ERROR_DHCP_SUBNET_EXISTS (20052) are two codes.
 */
#ifndef FO_PROTO_WIN32_H
#define FO_PROTO_WIN32_H

#include <stdint.h>

/* X(symbol, number, sentence) */
#define FO_WIN32_LIST(X)                                                                           \
    X(ERROR_SUCCESS, 0, "The operation completed successfully.")                                   \
    X(ERROR_FILE_NOT_FOUND, 2, "The entry was not found.")                                         \
    X(ERROR_ACCESS_DENIED, 5, "Access is denied: the caller lacks the right for this call.")       \
    X(ERROR_NOT_ENOUGH_MEMORY, 8, "Not enough memory is available.")                               \
    X(ERROR_INVALID_DATA, 13, "The data is not valid.")                                            \
    X(ERROR_NOT_SUPPORTED, 50, "The request is not supported.")                                    \
    X(ERROR_INVALID_PARAMETER, 87, "A parameter is not valid.")                                    \
    X(ERROR_BUFFER_OVERFLOW, 111, "The data is too long.")                                         \
    X(ERROR_DISK_FULL, 112, "There is not enough space on the disk.")                              \
    X(ERROR_CALL_NOT_IMPLEMENTED, 120, "This function is not supported on this system.")           \
    X(ERROR_BUSY, 170, "Another change of the same thing is under way.")                           \
    X(ERROR_MORE_DATA, 234, "More data is available.")                                             \
    X(ERROR_NO_MORE_ITEMS, 259, "No more data is available.")                                      \
    X(ERROR_CANCELLED, 1223, "Nobody said yes.")                                                   \
    X(ERROR_TIMEOUT, 1460, "The operation did not finish in time.")                                \
    X(RPC_S_SERVER_UNAVAILABLE, 1722, "The server cannot be reached.")                             \
    X(RPC_S_INVALID_BOUND, 1734, "An argument is out of bounds.")                                  \
    X(EPT_S_NOT_REGISTERED, 1753, "The service is not running.")                                   \
    X(ERROR_DUPLICATE_TAG, 2014, "The entry exists already.")                                      \
    X(ERROR_DHCP_REGISTRY_INIT_FAILED, 20000,                                                      \
      "The service could not read its stored configuration.")                                      \
    X(ERROR_DHCP_DATABASE_INIT_FAILED, 20001, "The service could not open its lease database.")    \
    X(ERROR_DHCP_RPC_INIT_FAILED, 20002, "The management service could not start.")                \
    X(ERROR_DHCP_NETWORK_INIT_FAILED, 20003, "The service could not open its network sockets.")    \
    X(ERROR_DHCP_SUBNET_EXITS, 20004, "The superscope or subnet exists already.")                  \
    X(ERROR_DHCP_SUBNET_NOT_PRESENT, 20005, "There is no such scope or prefix on this server.")    \
    X(ERROR_DHCP_PRIMARY_NOT_FOUND, 20006, "The primary host of the scope was not found.")         \
    X(ERROR_DHCP_ELEMENT_CANT_REMOVE, 20007, "The scope element is in use and cannot be removed.") \
    X(ERROR_DHCP_OPTION_EXITS, 20009, "The option definition exists already.")                     \
    X(ERROR_DHCP_OPTION_NOT_PRESENT, 20010, "There is no such option.")                            \
    X(ERROR_DHCP_ADDRESS_NOT_AVAILABLE, 20011, "The address is not available.")                    \
    X(ERROR_DHCP_RANGE_FULL, 20012, "Every address of the range is taken.")                        \
    X(ERROR_DHCP_JET_ERROR, 20013, "The lease database failed or does not hold the record.")       \
    X(ERROR_DHCP_CLIENT_EXISTS, 20014, "There is a lease record for this client already.")         \
    X(ERROR_DHCP_INVALID_DHCP_MESSAGE, 20015, "The DHCP message is malformed.")                    \
    X(ERROR_DHCP_INVALID_DHCP_CLIENT, 20016, "There is no lease record for this client.")          \
    X(ERROR_DHCP_SERVICE_PAUSED, 20017, "The service is paused.")                                  \
    X(ERROR_DHCP_NOT_RESERVED_CLIENT, 20018,                                                       \
      "The client has no reservation, or the reservation lies outside the range.")                 \
    X(ERROR_DHCP_RESERVED_CLIENT, 20019,                                                           \
      "The client is reserved; use the calls for reservations.")                                   \
    X(ERROR_DHCP_RANGE_TOO_SMALL, 20020, "The address range is too small.")                        \
    X(ERROR_DHCP_IPRANGE_EXITS, 20021, "The address range exists already.")                        \
    X(ERROR_DHCP_RESERVEDIP_EXITS, 20022, "The address or the client is reserved already.")        \
    X(ERROR_DHCP_INVALID_RANGE, 20023, "The range is not valid or overlaps another one.")          \
    X(ERROR_DHCP_RANGE_EXTENDED, 20024, "The range was extended.")                                 \
    X(ERROR_EXTEND_TOO_SMALL, 20025, "The extension is smaller than the least that can be added.") \
    X(WARNING_EXTENDED_LESS, 20026, "The range was extended by less than was asked for.")          \
    X(ERROR_DHCP_JET_CONV_REQUIRED, 20027,                                                         \
      "The lease database has an older format and must be converted.")                             \
    X(ERROR_SERVER_INVALID_BOOT_FILE_TABLE, 20028, "The table of boot files is not valid.")        \
    X(ERROR_SERVER_UNKNOWN_BOOT_FILE_NAME, 20029, "There is no such boot file name.")              \
    X(ERROR_DHCP_SUPER_SCOPE_NAME_TOO_LONG, 20030, "The name of the superscope is too long.")      \
    X(ERROR_DHCP_IP_ADDRESS_IN_USE, 20032, "The address is in use.")                               \
    X(ERROR_DHCP_LOG_FILE_PATH_TOO_LONG, 20033, "The path of the audit log is too long.")          \
    X(ERROR_DHCP_UNSUPPORTED_CLIENT, 20034, "A client of this kind is not supported.")             \
    X(ERROR_DHCP_JET97_CONV_REQUIRED, 20036,                                                       \
      "The lease database has a very old format and must be converted.")                           \
    X(ERROR_DHCP_ROGUE_INIT_FAILED, 20037,                                                         \
      "The check whether this server is authorised could not start.")                              \
    X(ERROR_DHCP_ROGUE_SAMSHUTDOWN, 20038,                                                         \
      "The server stopped because it is not authorised in a small business network.")              \
    X(ERROR_DHCP_ROGUE_NOT_AUTHORIZED, 20039,                                                      \
      "The server is not authorised to serve this network.")                                       \
    X(ERROR_DHCP_ROGUE_DS_UNREACHABLE, 20040,                                                      \
      "The directory that authorises servers cannot be reached.")                                  \
    X(ERROR_DHCP_ROGUE_DS_CONFLICT, 20041, "The directory contradicts itself about this server.")  \
    X(ERROR_DHCP_ROGUE_NOT_OUR_ENTERPRISE, 20042,                                                  \
      "The network belongs to another organisation's directory.")                                  \
    X(ERROR_DHCP_ROGUE_STANDALONE_IN_DS, 20043,                                                    \
      "A stand-alone server found a network that has a directory.")                                \
    X(ERROR_DHCP_CLASS_NOT_FOUND, 20044, "There is no such user or vendor class.")                 \
    X(ERROR_DHCP_CLASS_ALREADY_EXISTS, 20045, "The user or vendor class exists already.")          \
    X(ERROR_DHCP_SCOPE_NAME_TOO_LONG, 20046, "The name of the scope is too long.")                 \
    X(ERROR_DHCP_DEFAULT_SCOPE_EXITS, 20047, "There is a default scope already.")                  \
    X(ERROR_DHCP_CANT_CHANGE_ATTRIBUTE, 20048, "This attribute cannot be changed.")                \
    X(ERROR_DHCP_IPRANGE_CONV_ILLEGAL, 20049, "The range cannot change between DHCP and BOOTP.")   \
    X(ERROR_DHCP_NETWORK_CHANGED, 20050, "Interfaces or addresses changed meanwhile; try again.")  \
    X(ERROR_DHCP_CANNOT_MODIFY_BINDINGS, 20051, "This interface binding cannot be changed.")       \
    X(ERROR_DHCP_SUBNET_EXISTS, 20052, "The scope exists already or overlaps another scope.")      \
    X(ERROR_DHCP_MSCOPE_EXISTS, 20053, "The multicast scope exists already.")                      \
    X(ERROR_MSCOPE_RANGE_TOO_SMALL, 20054, "The range of the multicast scope is too small.")       \
    X(ERROR_DHCP_EXEMPTION_EXISTS, 20055, "The exemption exists already.")                         \
    X(ERROR_DHCP_EXEMPTION_NOT_PRESENT, 20056, "There is no such exemption.")                      \
    X(ERROR_DHCP_INVALID_PARAMETER_OPTION32, 20057, "The value of option 32 is not valid.")        \
    X(ERROR_DDS_NO_DS_AVAILABLE, 20070, "No directory is available.")                              \
    X(ERROR_DDS_NO_DHCP_ROOT, 20071, "The directory has no place for DHCP objects.")               \
    X(ERROR_DDS_UNEXPECTED_ERROR, 20072, "The directory failed unexpectedly.")                     \
    X(ERROR_DDS_TOO_MANY_ERRORS, 20073, "The directory failed too often.")                         \
    X(ERROR_DDS_DHCP_SERVER_NOT_FOUND, 20074, "The directory knows no such DHCP server.")          \
    X(ERROR_DDS_OPTION_ALREADY_EXISTS, 20075, "The directory holds this option already.")          \
    X(ERROR_DDS_OPTION_DOES_NOT_EXIST, 20076, "The directory holds no such option.")               \
    X(ERROR_DDS_CLASS_EXISTS, 20077, "The directory holds this class already.")                    \
    X(ERROR_DDS_CLASS_DOES_NOT_EXIST, 20078, "The directory holds no such class.")                 \
    X(ERROR_DDS_SERVER_ALREADY_EXISTS, 20079, "The directory holds this server already.")          \
    X(ERROR_DDS_SERVER_DOES_NOT_EXIST, 20080, "The directory holds no such server.")               \
    X(ERROR_DDS_SERVER_ADDRESS_MISMATCH, 20081,                                                    \
      "The server's address differs from the one in the directory.")                               \
    X(ERROR_DDS_SUBNET_EXISTS, 20082, "The directory holds this subnet already.")                  \
    X(ERROR_DDS_SUBNET_HAS_DIFF_SSCOPE, 20083,                                                     \
      "The directory has the subnet in another superscope.")                                       \
    X(ERROR_DDS_SUBNET_NOT_PRESENT, 20084, "The directory holds no such subnet.")                  \
    X(ERROR_DDS_RESERVATION_NOT_PRESENT, 20085, "The directory holds no such reservation.")        \
    X(ERROR_DDS_RESERVATION_CONFLICT, 20086,                                                       \
      "The reservation conflicts with one in the directory.")                                      \
    X(ERROR_DDS_POSSIBLE_RANGE_CONFLICT, 20087,                                                    \
      "The range may conflict with one in the directory.")                                         \
    X(ERROR_DDS_RANGE_DOES_NOT_EXIST, 20088, "The directory holds no such range.")                 \
    X(ERROR_DHCP_DELETE_BUILTIN_CLASS, 20089, "A built-in class cannot be deleted.")               \
    X(ERROR_DHCP_INVALID_SUBNET_PREFIX, 20091, "The IPv6 prefix is not valid.")                    \
    X(ERROR_DHCP_INVALID_DELAY, 20092, "The delay of the scope is not valid.")                     \
    X(ERROR_DHCP_LINKLAYER_ADDRESS_EXISTS, 20093,                                                  \
      "The link-layer address is in the filter list already.")                                     \
    X(ERROR_DHCP_LINKLAYER_ADDRESS_RESERVATION_EXISTS, 20094,                                      \
      "There is a reservation for this link-layer address.")                                       \
    X(ERROR_DHCP_LINKLAYER_ADDRESS_DOES_NOT_EXIST, 20095,                                          \
      "The link-layer address is not in the filter list.")                                         \
    X(ERROR_DHCP_HARDWARE_ADDRESS_TYPE_ALREADY_EXEMPT, 20101,                                      \
      "This hardware type is exempt from filtering already.")                                      \
    X(ERROR_DHCP_UNDEFINED_HARDWARE_ADDRESS_TYPE, 20102, "The hardware type is not known.")        \
    X(ERROR_DHCP_OPTION_TYPE_MISMATCH, 20103, "The value does not have the type of the option.")   \
    X(ERROR_DHCP_POLICY_BAD_PARENT_EXPR, 20104,                                                    \
      "The policy condition names a parent that does not fit.")                                    \
    X(ERROR_DHCP_POLICY_EXISTS, 20105, "The policy exists already.")                               \
    X(ERROR_DHCP_POLICY_RANGE_EXISTS, 20106, "The range of the policy exists already.")            \
    X(ERROR_DHCP_POLICY_RANGE_BAD, 20107, "The range of the policy is not valid.")                 \
    X(ERROR_DHCP_RANGE_INVALID_IN_SERVER_POLICY, 20108,                                            \
      "A policy of the whole server cannot have ranges.")                                          \
    X(ERROR_DHCP_INVALID_POLICY_EXPRESSION, 20109, "The condition of the policy is not valid.")    \
    X(ERROR_DHCP_INVALID_PROCESSING_ORDER, 20110, "The position of the policy is not valid.")      \
    X(ERROR_DHCP_POLICY_NOT_FOUND, 20111, "There is no such policy.")                              \
    X(ERROR_SCOPE_RANGE_POLICY_RANGE_CONFLICT, 20112,                                              \
      "The range of a policy conflicts with the range of the scope.")                              \
    X(ERROR_DHCP_FO_SCOPE_ALREADY_IN_RELATIONSHIP, 20113,                                          \
      "The scope is in a failover relationship already.")                                          \
    X(ERROR_DHCP_FO_RELATIONSHIP_EXISTS, 20114,                                                    \
      "A failover relationship of this name exists already.")                                      \
    X(ERROR_DHCP_FO_RELATIONSHIP_DOES_NOT_EXIST, 20115, "There is no such failover relationship.") \
    X(ERROR_DHCP_FO_SCOPE_NOT_IN_RELATIONSHIP, 20116,                                              \
      "The scope is not in this failover relationship.")                                           \
    X(ERROR_DHCP_FO_RELATION_IS_SECONDARY, 20117,                                                  \
      "This server is the secondary of the failover relationship.")                                \
    X(ERROR_DHCP_FO_NOT_SUPPORTED, 20118, "Failover is not supported here.")                       \
    X(ERROR_DHCP_FO_TIME_OUT_OF_SYNC, 20119, "The clocks of the two servers are too far apart.")   \
    X(ERROR_DHCP_FO_STATE_NOT_NORMAL, 20120, "The failover relationship is not in NORMAL.")        \
    X(ERROR_DHCP_NO_ADMIN_PERMISSION, 20121, "The caller is not an administrator of that server.") \
    X(ERROR_DHCP_SERVER_NOT_REACHABLE, 20122, "The DHCP server cannot be reached.")                \
    X(ERROR_DHCP_SERVER_NOT_RUNNING, 20123, "The DHCP service is not running on that server.")     \
    X(ERROR_DHCP_SERVER_NAME_NOT_RESOLVED, 20124, "The name of the server has no address.")        \
    X(ERROR_DHCP_FO_RELATIONSHIP_NAME_TOO_LONG, 20125,                                             \
      "The name of the failover relationship is longer than 126 characters.")                      \
    X(ERROR_DHCP_REACHED_END_OF_SELECTION, 20126,                                                  \
      "The range ended before enough free addresses were found.")                                  \
    X(ERROR_DHCP_FO_ADDSCOPE_LEASES_NOT_SYNCED, 20127,                                             \
      "The leases of the added scopes did not reach the partner.")                                 \
    X(ERROR_DHCP_FO_MAX_RELATIONSHIPS, 20128,                                                      \
      "The server has the most failover relationships it may have, 31.")                           \
    X(ERROR_DHCP_FO_IPRANGE_TYPE_CONV_ILLEGAL, 20129,                                              \
      "The range of a scope in failover cannot be opened to BOOTP.")                               \
    X(ERROR_DHCP_FO_MAX_ADD_SCOPES, 20130, "One call names more scopes than the limit, 400.")      \
    X(ERROR_DHCP_FO_BOOT_NOT_SUPPORTED, 20131,                                                     \
      "A scope that serves BOOTP cannot join a failover relationship.")                            \
    X(ERROR_DHCP_FO_RANGE_PART_OF_REL, 20132,                                                      \
      "The range belongs to a scope in a failover relationship.")                                  \
    X(ERROR_DHCP_FO_SCOPE_SYNC_IN_PROGRESS, 20133,                                                 \
      "The scope is being synchronised with the partner; try again later.")                        \
    X(ERROR_DHCP_FO_FEATURE_NOT_SUPPORTED, 20134,                                                  \
      "The partner does not support this feature of failover.")                                    \
    X(ERROR_DHCP_POLICY_FQDN_RANGE_UNSUPPORTED, 20135,                                             \
      "A policy about domain names cannot have ranges.")                                           \
    X(ERROR_DHCP_POLICY_FQDN_OPTION_UNSUPPORTED, 20136,                                            \
      "A policy about domain names cannot have this option.")                                      \
    X(ERROR_DHCP_POLICY_EDIT_FQDN_UNSUPPORTED, 20137,                                              \
      "A policy cannot be changed to or from one about domain names.")                             \
    X(ERROR_DHCP_NAP_NOT_SUPPORTED, 20138, "Network access protection is no longer supported.")    \
    X(ERROR_LAST_DHCP_SERVER_ERROR, 20139, "The end of the block of DHCP server codes.")

enum fo_win32 {
#define FO_WIN32_ENUM(symbol, number, sentence) symbol = number,
    FO_WIN32_LIST(FO_WIN32_ENUM)
#undef FO_WIN32_ENUM
};

/** The symbol of |code| ("ERROR_DHCP_FO_RELATIONSHIP_EXISTS"); "unknown" for others. Static. */
const char *fo_win32_name(uint32_t code);
/** What |code| means, one sentence; never NULL. Static. */
const char *fo_win32_sentence(uint32_t code);

#endif
