/* A fuzz target without a fuzzer: runs the files named, or all files of the directories named. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "tests/fuzz/fuzz.h"

#define INPUT_MAX (1u << 20)
#define PATH_TEXT 4096

static unsigned inputs;

static int run_file(const char *path)
{
    static uint8_t buffer[INPUT_MAX];
    FILE *file = fopen(path, "rb");
    uint8_t *exact;
    size_t length;
    if (file == NULL) {
        perror(path);
        return -1;
    }
    length = fread(buffer, 1, sizeof buffer, file);
    fclose(file);
    exact = malloc(length != 0 ? length : 1); /* so that sanitizers see its end */
    if (exact == NULL)
        return -1;
    for (size_t i = 0; i < length; i++)
        exact[i] = buffer[i];
    fprintf(stderr, "%s\n", path); /* the last line names the culprit */
    (void)LLVMFuzzerTestOneInput(exact, length);
    free(exact);
    inputs++;
    return 0;
}

static int run_directory(const char *path)
{
    DIR *directory = opendir(path);
    struct dirent *entry;
    int rc = 0;
    if (directory == NULL) {
        perror(path);
        return -1;
    }
    while (rc == 0 && (entry = readdir(directory)) != NULL) {
        char name[PATH_TEXT];
        if (entry->d_name[0] == '.')
            continue;
        (void)snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
        rc = run_file(name);
    }
    closedir(directory);
    return rc;
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        struct stat st;
        if (stat(argv[i], &st) != 0 && errno == ENOENT)
            continue; /* no bug of this target has been found yet */
        if ((S_ISDIR(st.st_mode) ? run_directory(argv[i]) : run_file(argv[i])) != 0)
            return 1;
    }
    printf("%u inputs\n", inputs);
    return 0;
}
