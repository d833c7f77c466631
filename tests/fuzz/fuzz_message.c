/* One message: decode, print, verify, and what may be written again says the same again. */
#include <stdlib.h>
#include <string.h>

#include "tests/fuzz/options.h"

static struct fo_message message, again;

static void print(const struct fo_message *m, size_t capacity)
{
    char *text = malloc(capacity); /* of exactly this size: one byte more is seen */
    if (text == NULL)
        return;
    FUZZ_CHECK(fo_message_print(m, text, capacity) == text);
    FUZZ_CHECK(memchr(text, '\0', capacity) != NULL);
    for (const char *c = text; *c != '\0'; c++)
        FUZZ_CHECK(*c >= ' ' && *c <= '~');
    free(text);
}

static void write_again(const struct fo_message *m, enum fo_dialect_name name, bool digested)
{
    const struct fo_dialect *dialect = fo_dialect_get(name);
    const struct fo_digest digest = {fuzz_digest, NULL};
    uint8_t bytes[FO_MESSAGE_MAX];
    struct fo_writer w = fo_writer_of(bytes, sizeof bytes);
    int rc = fo_message_encode(m, dialect, digested ? &digest : NULL, &w);
    FUZZ_CHECK(w.err == FO_OK);
    if (rc != FO_OK) {
        FUZZ_CHECK(rc == FO_ENOSPACE || rc == FO_EMISSING || rc == FO_EFORBIDDEN);
        FUZZ_CHECK(w.position == 0);
        return;
    }
    FUZZ_CHECK(w.position == (size_t)(bytes[0] << 8 | bytes[1]));
    FUZZ_CHECK(fo_message_decode(bytes, w.position, &again, NULL) == FO_OK);
    FUZZ_CHECK(fuzz_message_equal(m, &again));
    FUZZ_CHECK(fo_message_verify(bytes, w.position, &again, digested ? &digest : NULL) ==
               FO_REJECT_NONE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct fo_digest digest = {fuzz_digest, NULL};
    struct fo_fault fault;
    int rc;
    if (size > FO_MESSAGE_MAX)
        return 0; /* the frame cutter hands out nothing longer */
    rc = fo_message_decode(data, size, &message, &fault);
    if (rc != FO_OK) {
        FUZZ_CHECK(memchr(fault.text, '\0', sizeof fault.text) != NULL);
        FUZZ_CHECK(fault.err == rc && fault.offset <= size && fault.text[0] != '\0');
        FUZZ_CHECK(message.present == 0 && message.group_count == 0);
        return 0;
    }
    FUZZ_CHECK(message.group_count <= FO_GROUPS_MAX);
    print(&message, 1);
    print(&message, 1 + data[size - 1]);
    print(&message, 8192);
    (void)fo_message_missing(&message);
    (void)fo_message_verify(data, size, &message, NULL);
    (void)fo_message_verify(data, size, &message, &digest);
    write_again(&message, FO_DIALECT_DRAFT, false);
    write_again(&message, FO_DIALECT_DRAFT, true);
    write_again(&message, FO_DIALECT_ISC, false);
    return 0;
}
