/* Temporary directories on the disk under measurement. */
#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/bench.h"

#define PLACES_MAX 32

static char *places[PLACES_MAX];
static size_t place_count;
static pid_t owner; /* children leave the directories alone */

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *walk)
{
    (void)status;
    (void)type;
    (void)walk;
    return remove(path);
}

void bench_place_remove(const char *path)
{
    (void)nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

static void remove_all(void)
{
    if (getpid() != owner)
        return;
    for (size_t i = 0; i < place_count; i++) {
        bench_place_remove(places[i]);
        free(places[i]);
    }
    place_count = 0;
}

char *bench_place_path(const char *directory, const char *name)
{
    char *path;
    if (asprintf(&path, "%s/%s", directory, name) < 0)
        bench_fail("out of memory");
    return path;
}

const char *bench_place_make(const struct bench_options *o)
{
    char *path = bench_place_path(o->dir, "fobench-XXXXXX");
    if (place_count == PLACES_MAX)
        bench_fail("more than %d temporary directories", PLACES_MAX);
    if (mkdtemp(path) == NULL)
        bench_fail("cannot make a directory in %s: %s", o->dir, strerror(errno));
    if (owner == 0) {
        owner = getpid();
        atexit(remove_all);
    }
    places[place_count++] = path;
    return path;
}
