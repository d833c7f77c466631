/**
 * proto/bytes.h: cursors over bytes that remember their first error.
 *
 * After an error a cursor reads zeros and writes nothing; callers check |err| once, at the end.
 * |fault_offset| is where the first error happened, counted from the start of the bytes.
 * All integers are big-endian (draft-12 §6.1).
 */
#ifndef FO_PROTO_BYTES_H
#define FO_PROTO_BYTES_H

#include "proto/types.h"

struct fo_reader {
    const uint8_t *data;
    size_t length;
    size_t position;
    int err;
    size_t fault_offset;
};
struct fo_writer {
    uint8_t *data;
    size_t capacity;
    size_t position;
    int err; /* FO_ENOSPACE when the buffer is too small */
};

struct fo_reader fo_reader_of(const void *data, size_t length);
void fo_read_u8(struct fo_reader *r, uint8_t *out);
void fo_read_u16(struct fo_reader *r, uint16_t *out);
void fo_read_u32(struct fo_reader *r, uint32_t *out);
void fo_read_u64(struct fo_reader *r, uint64_t *out);
/** Borrows |length| bytes of the input: *out points into it (NULL after an error). */
void fo_read_span(struct fo_reader *r, size_t length, const uint8_t **out);
size_t fo_reader_left(const struct fo_reader *r);
void fo_reader_fail(struct fo_reader *r, int err);

struct fo_writer fo_writer_of(void *data, size_t capacity);
void fo_write_u8(struct fo_writer *w, uint8_t v);
void fo_write_u16(struct fo_writer *w, uint16_t v);
void fo_write_u32(struct fo_writer *w, uint32_t v);
void fo_write_u64(struct fo_writer *w, uint64_t v);
void fo_write_bytes(struct fo_writer *w, const void *data, size_t length);

#endif
