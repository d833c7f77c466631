/** fo/run/clock.h: the two clocks, read. Nothing else in fo asks the system for the time. */
#ifndef FO_RUN_CLOCK_H
#define FO_RUN_CLOCK_H

#include "fo/event.h"

/** This moment: steady milliseconds, and UTC seconds with |offset_s| added. */
struct fo_now fo_run_clock_now(int32_t offset_s);
/** UTC milliseconds, to compare the clocks of two machines by. */
uint64_t fo_run_clock_utc_ms(int32_t offset_s);
/** Steady microseconds, for measuring. */
uint64_t fo_run_clock_us(void);

#endif
