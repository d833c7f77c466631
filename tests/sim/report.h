/**
 * tests/sim/report.h: what a run, or many, did; and the story of one that broke a promise.
 */
#ifndef FO_TESTS_SIM_REPORT_H
#define FO_TESTS_SIM_REPORT_H

#include "tests/sim/sim.h"

/** The promise, the newest lines of every server side by side, and how to see it again. */
void report_broken(const struct sim *k, const struct sim_setup *setup, FILE *f);
void report_add(struct sim_totals *sum, const struct sim_totals *one);
uint64_t report_faults(const struct sim_totals *t);
double report_years(const struct sim_totals *t);
/** Years, faults by kind, events, grants, violations, and how much faster than real time. */
void report_totals(const struct sim_totals *t, double seconds, double cpu_seconds, FILE *f);

#endif
