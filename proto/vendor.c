#include "proto/vendor.h"

#include <string.h>

#include "proto/bytes.h"

enum { SETTINGS = 1, SCOPES = 2 };

static void write_fact(struct fo_writer *w, uint16_t code, uint64_t value)
{
    fo_write_u16(w, code);
    fo_write_u16(w, sizeof value);
    fo_write_u64(w, value);
}

size_t fo_vendor_write(const struct fo_vendor_facts *facts, uint8_t out[FO_VENDOR_FACTS_MAX])
{
    struct fo_writer w = fo_writer_of(out, FO_VENDOR_FACTS_MAX);

    if (facts->has_settings)
        write_fact(&w, SETTINGS, facts->settings);
    if (facts->has_scopes)
        write_fact(&w, SCOPES, facts->scopes);
    return w.position;
}

static void read_fact(struct fo_reader *r, uint16_t length, bool *out_has, uint64_t *out)
{
    if (length != sizeof *out)
        fo_reader_fail(r, FO_EMALFORMED);
    fo_read_u64(r, out);
    *out_has = true;
}

int fo_vendor_read(const uint8_t *data, size_t length, struct fo_vendor_facts *out)
{
    struct fo_reader r = fo_reader_of(data, length);
    const uint8_t *unknown;
    uint16_t code, size;

    memset(out, 0, sizeof *out);
    while (r.err == FO_OK && fo_reader_left(&r) > 0) {
        fo_read_u16(&r, &code);
        fo_read_u16(&r, &size);
        if (code == SETTINGS)
            read_fact(&r, size, &out->has_settings, &out->settings);
        else if (code == SCOPES)
            read_fact(&r, size, &out->has_scopes, &out->scopes);
        else
            fo_read_span(&r, size, &unknown);
    }
    if (r.err != FO_OK)
        memset(out, 0, sizeof *out);
    return r.err;
}
