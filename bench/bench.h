/**
 * bench/bench.h: what the parts of fobench share: options, stop-watches, a place for figures.
 *
 * A benchmark that cannot go on says why and ends the process (bench_fail): half a figure is no
 * figure. Children and temporary directories are gone afterwards all the same.
 */
#ifndef FO_BENCH_BENCH_H
#define FO_BENCH_BENCH_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct bench_options {
    const char *dir; /* where stores are made: on the disk that is to be measured */
    uint64_t leases; /* 0: each benchmark's own number */
    bool json;
    bool quick;        /* smaller numbers everywhere: does it work at all? */
    const char *fod;   /* the daemon's program */
    const char *certs; /* make-certs.sh */
};

/** Fills |out| with figures by name; |machine| has those of bench_limits(). */
typedef void (*bench_run)(const struct bench_options *o, const json_t *machine, json_t *out);
void bench_codec(const struct bench_options *o, const json_t *machine, json_t *out);
void bench_store(const struct bench_options *o, const json_t *machine, json_t *out);
void bench_engine(const struct bench_options *o, const json_t *machine, json_t *out);
void bench_pair(const struct bench_options *o, const json_t *machine, json_t *out);
void bench_management(const struct bench_options *o, const json_t *machine, json_t *out);
void bench_resync(const struct bench_options *o, const json_t *machine, json_t *out);
/** What the machine itself does: fsyncs, TLS over loopback, LMDB commits (bench/limits.c). */
void bench_limits(const struct bench_options *o, json_t *out);

void bench_fail(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));

/* --- measure.c ------------------------------------------------------------------------------ */
uint64_t bench_now_ns(void); /* steady */
double bench_seconds_since(uint64_t start_ns);
/** User and system time of a process; |pid| 0: this one. */
double bench_cpu_seconds(pid_t pid);
/** Anonymous resident memory (smaps_rollup): heap and stacks, not mapped files. */
uint64_t bench_anonymous_bytes(pid_t pid);
/** Runs |work| in a child process, so that its memory and its caches are its own; copies the
 *  |length| bytes that it left in |result| back to the caller's |result|. */
void bench_in_child(void (*work)(const void *context, void *result), const void *context,
                    void *result, size_t length);

/* --- place.c ---------------------------------------------------------------------------------- */
/** Makes an empty directory below o->dir, removed at exit. The path is borrowed until then. */
const char *bench_place_make(const struct bench_options *o);
/** "|directory|/|name|". Ownership: gives it (free). */
char *bench_place_path(const char *directory, const char *name);
void bench_place_remove(const char *path); /* with all that is in it; silent if absent */

/* --- report.c -----------------------------------------------------------------------------------
 */
void bench_put(json_t *out, const char *name, double value);
void bench_put_count(json_t *out, const char *name, uint64_t value);
json_t *bench_put_group(json_t *out, const char *name); /* borrowed */
double bench_get(const json_t *from, const char *name); /* 0: absent */
/** The figure |name| of |from| also in |out|. */
void bench_put_copy(json_t *out, const json_t *from, const char *name);
/** |value| as a share of the machine's |limit|, as "NAME". */
void bench_put_ratio(json_t *out, const char *name, double value, double limit);
/** Whether |value| holds the floor: {"value", "floor", "holds"}. */
void bench_put_floor(json_t *out, const char *name, double value, double floor, bool at_most);
void bench_print(const json_t *figures, bool as_json);

#endif
