#include "mgmt/dhcpsapi/date.h"

#include "proto/types.h"

#define SECONDS_1601_TO_1970 11644473600ull
#define TICKS_PER_SECOND     10000000ull
#define LONG_OVER            1u /* before there was UTC */

DATE_TIME fo_date_of(uint32_t utc_s)
{
    uint64_t ticks = (utc_s + SECONDS_1601_TO_1970) * TICKS_PER_SECOND;

    if (utc_s == 0) /* a reservation without a lease */
        return (DATE_TIME){0};
    if (utc_s >= FO_UTC_INFINITE)
        return (DATE_TIME){0xffffffff, 0x7fffffff};
    return (DATE_TIME){(DWORD)ticks, (DWORD)(ticks >> 32)};
}

uint32_t fo_date_utc(DATE_TIME date)
{
    uint64_t ticks = (uint64_t)date.dwHighDateTime << 32 | date.dwLowDateTime;
    uint64_t seconds = ticks / TICKS_PER_SECOND;

    if (ticks == 0)
        return 0;
    if (seconds <= SECONDS_1601_TO_1970)
        return LONG_OVER;
    seconds -= SECONDS_1601_TO_1970;
    return seconds < FO_UTC_INFINITE ? (uint32_t)seconds : FO_UTC_INFINITE;
}
