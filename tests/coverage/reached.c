/* The file is shared by many processes: each hands over all its lines at once. */
#include "tests/coverage/reached.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A test of Criterion runs in a process of another name than its program has. */
static const char *program(char path[PATH_MAX])
{
    ssize_t length = readlink("/proc/self/exe", path, PATH_MAX - 1);
    if (length < 0)
        abort(); /* better no figure than a wrong one */
    path[length] = '\0';
    return strrchr(path, '/') + 1;
}

void reached_write(const char *table, size_t count, const atomic_uint *counts,
                   reached_name_fn *name)
{
    const char *path = getenv("FO_REACHED");
    char *text = NULL, one[REACHED_NAME];
    size_t length = 0;
    char exe[PATH_MAX];
    if (path == NULL)
        return;
    FILE *lines = open_memstream(&text, &length);
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (lines == NULL || fd < 0)
        abort();
    for (size_t i = 0; i < count; i++) {
        name(i, one);
        fprintf(lines, "%s\t%s\t%u\t%s\n", table, program(exe), counts[i], one);
    }
    if (fclose(lines) != 0 || write(fd, text, length) != (ssize_t)length || close(fd) != 0)
        abort();
    free(text);
}
