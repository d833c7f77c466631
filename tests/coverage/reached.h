/**
 * tests/coverage/reached.h: which entries of a table a program used, told when it ends.
 *
 * gcov counts lines; a table is data. So the preset `coverage` links each program with a copy of
 * the table's own source whose look-up counts, in the place of the one in fo_state (the linker
 * takes objects first): nothing in state/ knows of it.
 */
#ifndef FO_TESTS_COVERAGE_REACHED_H
#define FO_TESTS_COVERAGE_REACHED_H

#include <stdatomic.h>
#include <stddef.h>

#define REACHED_NAME 160

typedef void reached_name_fn(size_t entry, char out[REACHED_NAME]);

/** Appends a line for each entry to the file that FO_REACHED names, if it does: |table|, program,
 *  count, name, with tabs between. A test program does so once per process. */
void reached_write(const char *table, size_t count, const atomic_uint *counts,
                   reached_name_fn *name);

#endif
