/* A capture file as fodump reads it, and the same bytes as one direction of a connection. */
#include <string.h>

#include "proto/message.h"
#include "tests/fuzz/fuzz.h"
#include "tools/capture.h"

static void look(void *context, const struct capture_message *m)
{
    static struct fo_message message;
    static char line[65536];
    size_t *count = context;
    struct fo_fault fault;
    ++*count;
    if (m->data == NULL) {
        FUZZ_CHECK(m->damage != NULL);
        return;
    }
    FUZZ_CHECK(m->length >= FO_MESSAGE_MIN && m->length <= FO_MESSAGE_MAX);
    if (fo_message_decode(m->data, m->length, &message, &fault) == FO_OK)
        FUZZ_CHECK(fo_message_print(&message, line, sizeof line) == line);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t count = 0;
    int rc = capture_read(data, size, 647, look, &count);
    FUZZ_CHECK(rc == FO_OK || rc == FO_ETRUNCATED || rc == FO_EMALFORMED);
    FUZZ_CHECK(count <= size / FO_MESSAGE_MIN + 1);
    count = 0;
    capture_read_raw(data, size, look, &count);
    FUZZ_CHECK(count <= size / FO_MESSAGE_MIN + 1);
    return 0;
}
