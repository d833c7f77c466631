/* A dhcpd.leases file as `foctl lease import` reads it. */
#include <stdlib.h>
#include <string.h>

#include "mgmt/leases_file.h"
#include "tests/fuzz/fuzz.h"

static void skipped(void *context, unsigned line, const char *why)
{
    (void)line;
    FUZZ_CHECK(why[0] != '\0');
    ++*(size_t *)context;
}

static void read_lines(struct fo_leases_reader *r, const uint8_t *data, size_t size)
{
    while (size != 0) {
        const uint8_t *end = memchr(data, '\n', size);
        size_t length = end != NULL ? (size_t)(end - data) + 1 : size;
        char *line = malloc(length + 1); /* of exactly this size: one byte more is seen */
        FUZZ_CHECK(line != NULL);
        memcpy(line, data, length);
        line[length] = '\0';
        FUZZ_CHECK(fo_leases_reader_line(r, line) == FO_OK);
        free(line);
        data += length;
        size -= length;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t skips = 0;
    struct fo_leases_reader *r = fo_leases_reader_new(skipped, &skips);
    const struct fo_leases_entry *entry, *before = NULL;
    FUZZ_CHECK(r != NULL);
    read_lines(r, data, size);
    fo_leases_reader_end(r);
    for (size_t i = 0; i < fo_leases_reader_count(r); i++) {
        entry = fo_leases_reader_at(r, i);
        FUZZ_CHECK(before == NULL || before->address < entry->address);
        FUZZ_CHECK(entry->status < FO_STATUS_COUNT);
        FUZZ_CHECK(entry->hw_length <= FO_HW_MAX);
        FUZZ_CHECK(entry->id_length == 0 || entry->id != NULL);
        FUZZ_CHECK(memchr(entry->hostname, '\0', sizeof entry->hostname) != NULL);
        before = entry;
    }
    fo_leases_reader_free(r);
    return 0;
}
