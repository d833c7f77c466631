/**
 * mgmt/dhcpsapi/result.h: the memory of outputs. One block owns what hangs from it, so that one
 * DhcpRpcFreeMemory frees all of it.
 */
#ifndef FO_MGMT_DHCPSAPI_RESULT_H
#define FO_MGMT_DHCPSAPI_RESULT_H

#include <stddef.h>

#include "mgmt/dhcpsapi/types.h"

/** Zeroed memory of its own; NULL without. Ownership: gives (DhcpRpcFreeMemory). */
void *fo_result_new(size_t size);
/** Zeroed memory that lives as long as |owner|, which fo_result_new gave; NULL without. */
void *fo_result_add(void *owner, size_t size);
/** UTF-8 |text| as UTF-16, living as long as |owner|; NULL without memory. */
LPWSTR fo_result_text(void *owner, const char *text);
/** The other way round; a surrogate without its other half becomes bytes that are no UTF-8. */
char *fo_result_utf8(void *owner, const WCHAR *text);

#endif
