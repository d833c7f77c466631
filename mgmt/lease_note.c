#include "mgmt/lease_note.h"

#include <string.h>

#include "state/record.h"

#define VERSION  2    /* 1: lengths of texts had one byte, and there was no owner_address */
#define NOTE_MAX 1280 /* bytes of a record; the longest note needs fewer */

static void write_text(struct fo_writer *w, const char *text)
{
    size_t length = strlen(text);

    fo_write_u16(w, (uint16_t)length);
    fo_write_bytes(w, text, length);
}

static void read_text(struct fo_reader *r, uint8_t version, char *out, size_t capacity)
{
    const uint8_t *text;
    uint16_t length;
    uint8_t short_length = 0;

    if (version == 1)
        fo_read_u8(r, &short_length);
    length = short_length;
    if (version != 1)
        fo_read_u16(r, &length);
    if (length >= capacity)
        fo_reader_fail(r, FO_EDAMAGED);
    fo_read_span(r, length, &text);
    if (r->err != FO_OK)
        return;
    memcpy(out, text, length);
    out[length] = '\0';
}

static void read_bytes(struct fo_reader *r, const uint8_t **out, uint8_t *out_length)
{
    fo_read_u8(r, out_length);
    fo_read_span(r, *out_length, out);
}

static int note_read(const void *value, size_t length, struct fo_client *out_client,
                     struct fo_lease_note *out)
{
    struct fo_lease_note note = {0};
    struct fo_client client = {0};
    struct fo_reader body;
    const uint8_t *hw;
    uint8_t version;
    int rc = fo_record_open(value, length, VERSION, &version, &body);

    if (rc != FO_OK)
        return rc;
    read_bytes(&body, &hw, &client.hw_length);
    read_bytes(&body, &client.id, &client.id_length);
    read_text(&body, version, note.name, sizeof note.name);
    read_text(&body, version, note.comment, sizeof note.comment);
    read_text(&body, version, note.policy, sizeof note.policy);
    fo_read_u8(&body, &note.address_state);
    fo_read_u8(&body, &note.client_type);
    if (version != 1)
        fo_read_u32(&body, &note.owner_address);
    if (body.err != FO_OK || client.hw_length > FO_HW_MAX)
        return FO_EDAMAGED;
    memcpy(client.hw, hw, client.hw_length);
    *out_client = client;
    *out = note;
    return FO_OK;
}

struct wanted {
    const struct fo_client *client;
    struct fo_lease_note *out;
};

static int take_if_same_client(void *context, const void *key, size_t key_length, const void *value,
                               size_t value_length)
{
    struct wanted *wanted = context;
    struct fo_lease_note note;
    struct fo_client client;
    int rc = note_read(value, value_length, &client, &note);

    (void)key;
    (void)key_length;
    if (rc != FO_OK)
        return rc;
    if (!fo_client_equal(&client, wanted->client))
        return FO_ENOTFOUND;
    *wanted->out = note;
    return FO_OK;
}

int fo_lease_note_get(struct fo_store *store, fo_ipv4_t address, const struct fo_client *client,
                      struct fo_lease_note *out)
{
    struct wanted wanted = {client, out};
    uint8_t key[4];

    fo_record_put_address(address, key);
    return fo_store_get(store, FO_TABLE_LEASE_NOTE, key, sizeof key, take_if_same_client, &wanted);
}

int fo_lease_note_put(struct fo_store *store, fo_ipv4_t address, const struct fo_client *client,
                      const struct fo_lease_note *note)
{
    uint8_t value[NOTE_MAX];
    struct fo_writer w = fo_writer_of(value, sizeof value);
    uint8_t key[4];

    fo_write_u8(&w, VERSION);
    fo_write_u8(&w, client->hw_length);
    fo_write_bytes(&w, client->hw, client->hw_length);
    fo_write_u8(&w, client->id_length);
    fo_write_bytes(&w, client->id, client->id_length);
    write_text(&w, note->name);
    write_text(&w, note->comment);
    write_text(&w, note->policy);
    fo_write_u8(&w, note->address_state);
    fo_write_u8(&w, note->client_type);
    fo_write_u32(&w, note->owner_address);
    fo_record_seal(&w);
    if (w.err != FO_OK)
        return w.err;
    fo_record_put_address(address, key);
    return fo_store_put(store, FO_TABLE_LEASE_NOTE, key, sizeof key, value, w.position);
}

int fo_lease_note_forget(struct fo_store *store, fo_ipv4_t address)
{
    uint8_t key[4];

    fo_record_put_address(address, key);
    return fo_store_del(store, FO_TABLE_LEASE_NOTE, key, sizeof key);
}

struct search {
    const char *name;
    fo_ipv4_t found;
};
#define SEARCH_HIT 1 /* ends the walk; no FO_E… is positive */

static int stop_at_name(void *context, const void *key, size_t key_length, const void *value,
                        size_t value_length)
{
    struct search *search = context;
    struct fo_lease_note note;
    struct fo_client client;

    /* A damaged note hides one name, not the rest of the table. */
    if (note_read(value, value_length, &client, &note) != FO_OK ||
        strcmp(note.name, search->name) != 0)
        return FO_OK;
    if (fo_record_get_address(key, key_length, &search->found) != FO_OK)
        return FO_OK;
    return SEARCH_HIT;
}

int fo_lease_note_find(struct fo_store *store, const char *name, fo_ipv4_t from,
                       fo_ipv4_t *out_address)
{
    struct search search = {.name = name};
    uint8_t key[4];
    int rc;

    fo_record_put_address(from, key);
    rc = fo_store_walk(store, FO_TABLE_LEASE_NOTE, key, sizeof key, stop_at_name, &search);
    if (rc < 0)
        return rc;
    if (rc != SEARCH_HIT)
        return FO_ENOTFOUND;
    *out_address = search.found;
    return FO_OK;
}
