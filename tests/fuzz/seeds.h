/** tests/fuzz/seeds.h: the parts of the generator of first inputs. */
#ifndef FO_TESTS_FUZZ_SEEDS_H
#define FO_TESTS_FUZZ_SEEDS_H

#include <stddef.h>
#include <stdint.h>

/** Writes DIRECTORY/<target>/<name>-<number>. */
void seed_write(const char *directory, const char *target, const char *name, unsigned number,
                const void *data, size_t length);

void seed_requests(const char *directory); /* seeds_mgmt.c */
void seed_records(const char *directory);  /* seeds_store.c */

#endif
