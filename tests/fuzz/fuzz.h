/**
 * tests/fuzz/fuzz.h: what the fuzz targets share.
 *
 * A target is one function of the bytes an outsider chooses. libFuzzer calls it in the `fuzz`
 * preset; replay.c calls it with kept inputs in every other build.
 */
#ifndef FO_TESTS_FUZZ_H
#define FO_TESTS_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/** A promise that no input may break; says which one and aborts. */
#define FUZZ_CHECK(promise)                                                                        \
    do {                                                                                           \
        if (!(promise))                                                                            \
            fuzz_broken(__FILE__, __LINE__, #promise);                                             \
    } while (0)
void fuzz_broken(const char *file, int line, const char *promise) __attribute__((noreturn));

/** FUZZ_LOG is set: what is sent and said is to be printed. */
bool fuzz_is_loud(void);

/** The input as a source of choices; after its end every choice is 0. */
struct fuzz_input {
    const uint8_t *data;
    size_t left;
};
bool fuzz_more(const struct fuzz_input *in);
uint8_t fuzz_u8(struct fuzz_input *in);
uint16_t fuzz_u16(struct fuzz_input *in);
uint32_t fuzz_u32(struct fuzz_input *in);
/** 0..|count|-1. */
unsigned fuzz_pick(struct fuzz_input *in, unsigned count);
/** Up to |most| bytes, the length chosen by the input; borrowed. */
const uint8_t *fuzz_bytes(struct fuzz_input *in, size_t most, size_t *out_length);
/** A moment near |now|, or one of those that mean something else. */
uint32_t fuzz_time(struct fuzz_input *in, uint32_t now);

#endif
