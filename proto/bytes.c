#include "proto/bytes.h"

#include <string.h>

struct fo_reader fo_reader_of(const void *data, size_t length)
{
    return (struct fo_reader){.data = data, .length = length};
}

size_t fo_reader_left(const struct fo_reader *r)
{
    return r->err == FO_OK ? r->length - r->position : 0;
}

void fo_reader_fail(struct fo_reader *r, int err)
{
    if (r->err != FO_OK)
        return;
    r->err = err;
    r->fault_offset = r->position;
}

void fo_read_span(struct fo_reader *r, size_t length, const uint8_t **out)
{
    *out = NULL;
    if (r->err != FO_OK)
        return;
    if (length > r->length - r->position) {
        fo_reader_fail(r, FO_ETRUNCATED);
        return;
    }
    *out = r->data + r->position;
    r->position += length;
}

/* A big-endian number of |size| bytes; 0 after an error. */
static uint64_t read_number(struct fo_reader *r, size_t size)
{
    const uint8_t *bytes;
    uint64_t value = 0;

    fo_read_span(r, size, &bytes);
    if (bytes == NULL)
        return 0;
    for (size_t i = 0; i < size; i++)
        value = value << 8 | bytes[i];
    return value;
}

void fo_read_u8(struct fo_reader *r, uint8_t *out)
{
    *out = (uint8_t)read_number(r, 1);
}

void fo_read_u16(struct fo_reader *r, uint16_t *out)
{
    *out = (uint16_t)read_number(r, 2);
}

void fo_read_u32(struct fo_reader *r, uint32_t *out)
{
    *out = (uint32_t)read_number(r, 4);
}

void fo_read_u64(struct fo_reader *r, uint64_t *out)
{
    *out = read_number(r, 8);
}

struct fo_writer fo_writer_of(void *data, size_t capacity)
{
    return (struct fo_writer){.data = data, .capacity = capacity};
}

void fo_write_bytes(struct fo_writer *w, const void *data, size_t length)
{
    if (w->err != FO_OK)
        return;
    if (length > w->capacity - w->position) {
        w->err = FO_ENOSPACE;
        return;
    }
    if (length > 0)
        memcpy(w->data + w->position, data, length);
    w->position += length;
}

void fo_write_u8(struct fo_writer *w, uint8_t v)
{
    fo_write_bytes(w, &v, 1);
}

void fo_write_u16(struct fo_writer *w, uint16_t v)
{
    const uint8_t bytes[2] = {(uint8_t)(v >> 8), (uint8_t)v};

    fo_write_bytes(w, bytes, sizeof bytes);
}

void fo_write_u32(struct fo_writer *w, uint32_t v)
{
    const uint8_t bytes[4] = {(uint8_t)(v >> 24), (uint8_t)(v >> 16), (uint8_t)(v >> 8),
                              (uint8_t)v};

    fo_write_bytes(w, bytes, sizeof bytes);
}

void fo_write_u64(struct fo_writer *w, uint64_t v)
{
    fo_write_u32(w, (uint32_t)(v >> 32));
    fo_write_u32(w, (uint32_t)v);
}
