/** tests/fuzz/options.h: messages option by option, as the tables of proto/ describe them. */
#ifndef FO_TESTS_FUZZ_OPTIONS_H
#define FO_TESTS_FUZZ_OPTIONS_H

#include "proto/message.h"
#include "tests/fuzz/fuzz.h"

/** A digest like any other as far as proto/ can tell; |context| is not used. */
void fuzz_digest(void *context, const uint8_t *data, size_t length,
                 uint8_t out_digest[FO_DIGEST_LENGTH]);

/** Whether both say the same; the digest aside, which belongs to the link. */
bool fuzz_message_equal(const struct fo_message *a, const struct fo_message *b);

#endif
