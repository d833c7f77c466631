/* Stop-watches: wall, processor, memory. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bench/bench.h"

uint64_t bench_now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

double bench_seconds_since(uint64_t start_ns)
{
    return (double)(bench_now_ns() - start_ns) / 1e9;
}

static FILE *open_proc(pid_t pid, const char *name)
{
    char path[64];
    FILE *f;
    if (pid == 0)
        pid = getpid();
    snprintf(path, sizeof path, "/proc/%ld/%s", (long)pid, name);
    f = fopen(path, "r");
    if (f == NULL)
        bench_fail("cannot read %s: %s", path, strerror(errno));
    return f;
}

double bench_cpu_seconds(pid_t pid)
{
    unsigned long user = 0, system = 0;
    char line[1024];
    FILE *f = open_proc(pid, "stat");
    const char *after = fgets(line, sizeof line, f) != NULL ? strrchr(line, ')') : NULL;
    /* Behind the name: state, 10 numbers, then utime and stime (proc_pid_stat(5)). */
    if (after == NULL ||
        sscanf(after, ") %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system) != 2)
        bench_fail("cannot read the processor time of process %ld", (long)pid);
    fclose(f);
    return (double)(user + system) / (double)sysconf(_SC_CLK_TCK);
}

uint64_t bench_anonymous_bytes(pid_t pid)
{
    unsigned long kilobytes = 0;
    bool found = false;
    char line[256];
    FILE *f = open_proc(pid, "smaps_rollup");
    while (!found && fgets(line, sizeof line, f) != NULL)
        found = sscanf(line, "Anonymous: %lu kB", &kilobytes) == 1;
    fclose(f);
    if (!found)
        bench_fail("smaps_rollup has no line \"Anonymous\"");
    return (uint64_t)kilobytes * 1024;
}

static void send_all(int fd, const void *data, size_t length)
{
    const char *at = data;
    while (length != 0) {
        ssize_t n = write(fd, at, length);
        if (n <= 0)
            _exit(1);
        at += n;
        length -= (size_t)n;
    }
}

static bool receive_all(int fd, void *data, size_t length)
{
    char *at = data;
    while (length != 0) {
        ssize_t n = read(fd, at, length);
        if (n <= 0)
            return false;
        at += n;
        length -= (size_t)n;
    }
    return true;
}

void bench_in_child(void (*work)(const void *context, void *result), const void *context,
                    void *result, size_t length)
{
    int ends[2], status = 0;
    bool whole;
    pid_t pid;
    if (pipe(ends) != 0 || (pid = fork()) < 0)
        bench_fail("cannot start a child: %s", strerror(errno));
    if (pid == 0) {
        close(ends[0]);
        work(context, result);
        send_all(ends[1], result, length);
        _exit(0);
    }
    close(ends[1]);
    whole = receive_all(ends[0], result, length);
    close(ends[0]);
    waitpid(pid, &status, 0);
    if (!whole || status != 0)
        bench_fail("a part of the benchmark failed (see above)");
}
