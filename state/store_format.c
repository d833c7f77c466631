/* state/store_format.c: one sealed number. */
#include "state/store_format.h"

#include <string.h>

#include "state/record.h"

#define RECORD_VERSION 1
#define RECORD_MAX     16

static int read_format(void *context, const void *key, size_t key_length, const void *value,
                       size_t value_length)
{
    struct fo_reader r;
    uint8_t version;
    int rc = fo_record_open(value, value_length, RECORD_VERSION, &version, &r);

    (void)key, (void)key_length;
    if (rc != FO_OK)
        return rc;
    fo_read_u32(&r, context);
    return r.err == FO_OK ? FO_OK : FO_EDAMAGED;
}

static int write_format(struct fo_store *s)
{
    uint8_t value[RECORD_MAX];
    struct fo_writer w = fo_writer_of(value, sizeof(value));
    int rc = fo_store_begin(s);

    if (rc != FO_OK)
        return rc;
    fo_write_u8(&w, RECORD_VERSION);
    fo_write_u32(&w, FO_STORE_FORMAT);
    fo_record_seal(&w);
    rc = fo_store_put(s, FO_TABLE_META, FO_STORE_FORMAT_KEY, strlen(FO_STORE_FORMAT_KEY), value,
                      w.position);
    if (rc == FO_OK)
        return fo_store_commit(s);
    fo_store_abort(s);
    return rc;
}

int fo_store_check_format(struct fo_store *s)
{
    uint32_t format = 0;
    int rc = fo_store_get(s, FO_TABLE_META, FO_STORE_FORMAT_KEY, strlen(FO_STORE_FORMAT_KEY),
                          read_format, &format);

    if (rc == FO_ENOTFOUND || rc == FO_EDAMAGED)
        return write_format(s);
    if (rc == FO_OK && format > FO_STORE_FORMAT)
        return FO_EVERSION;
    return rc;
}
