/**
 * proto/win32.h: the Win32 codes that management calls answer with.
 *
 * Source: dhcpsapi.h of the Windows SDK and Microsoft's page "DHCP Server Management API Error
 * Codes"; where names clash the number rules.
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
    X(ERROR_NOT_SUPPORTED, 50, "The request is not supported.")                                    \
    X(ERROR_INVALID_PARAMETER, 87, "A parameter is not valid.")                                    \
    X(ERROR_BUFFER_OVERFLOW, 111, "The data is too long.")                                         \
    X(ERROR_DISK_FULL, 112, "There is not enough space on the disk.")                              \
    X(ERROR_CALL_NOT_IMPLEMENTED, 120, "This function is not supported on this system.")           \
    X(ERROR_MORE_DATA, 234, "More data is available.")                                             \
    X(ERROR_NO_MORE_ITEMS, 259, "No more data is available.")                                      \
    X(ERROR_TIMEOUT, 1460, "The operation did not finish in time.")                                \
    X(RPC_S_SERVER_UNAVAILABLE, 1722, "The server cannot be reached.")                             \
    X(RPC_S_INVALID_BOUND, 1734, "An argument is out of bounds.")                                  \
    X(EPT_S_NOT_REGISTERED, 1753, "The service is not running.")                                   \
    X(ERROR_DUPLICATE_TAG, 2014, "The entry exists already.")

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
