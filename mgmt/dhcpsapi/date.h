/**
 * mgmt/dhcpsapi/date.h: moments as Microsoft's structures have them (MAPI §2.1).
 */
#ifndef FO_MGMT_DHCPSAPI_DATE_H
#define FO_MGMT_DHCPSAPI_DATE_H

#include "mgmt/dhcpsapi/types.h"

/** 0 is 0/0, FO_UTC_INFINITE and above is never. */
DATE_TIME fo_date_of(uint32_t utc_s);
/** 0/0 is 0, what lies before 1970 is 1, long over, and what lies beyond 2038 FO_UTC_INFINITE. */
uint32_t fo_date_utc(DATE_TIME date);

#endif
