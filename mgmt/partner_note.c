#include "mgmt/partner_note.h"

#include <string.h>

#include "state/record.h"

#define PREFIX  "partner:"
#define VERSION 1

static size_t make_key(const char *name, char out[FO_STORE_KEY_MAX])
{
    size_t length = strnlen(name, FO_RELATIONSHIP_NAME_BYTES);

    memcpy(out, PREFIX, strlen(PREFIX));
    memcpy(out + strlen(PREFIX), name, length);
    return strlen(PREFIX) + length;
}

static int read_text(void *context, const void *key, size_t key_length, const void *value,
                     size_t value_length)
{
    char *out = context;
    struct fo_reader body;
    const uint8_t *text;
    uint8_t version;
    size_t length;
    int rc = fo_record_open(value, value_length, VERSION, &version, &body);

    (void)key;
    (void)key_length;
    if (rc != FO_OK)
        return rc;
    length = fo_reader_left(&body);
    if (length > FO_PARTNER_NOTE_MAX)
        return FO_EDAMAGED;
    fo_read_span(&body, length, &text);
    memcpy(out, text, length);
    out[length] = '\0';
    return FO_OK;
}

int fo_partner_note_get(struct fo_store *store, const char *name, char out[FO_PARTNER_NOTE_MAX + 1])
{
    char key[FO_STORE_KEY_MAX];
    size_t length = make_key(name, key);

    return fo_store_get(store, FO_TABLE_META, key, length, read_text, out);
}

int fo_partner_note_put(struct fo_store *store, const char *name, const char *text)
{
    char key[FO_STORE_KEY_MAX];
    uint8_t value[FO_PARTNER_NOTE_MAX + 8];
    struct fo_writer w = fo_writer_of(value, sizeof value);
    size_t key_length = make_key(name, key);
    size_t length = strlen(text);

    if (length > FO_PARTNER_NOTE_MAX)
        return FO_EINVAL;
    if (length == 0)
        return fo_store_del(store, FO_TABLE_META, key, key_length);
    fo_write_u8(&w, VERSION);
    fo_write_bytes(&w, text, length);
    fo_record_seal(&w);
    if (w.err != FO_OK)
        return w.err;
    return fo_store_put(store, FO_TABLE_META, key, key_length, value, w.position);
}
