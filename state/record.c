/* state/record.c: the envelope of every record, addresses as keys, bindings. */
#include "state/record.h"

#include <assert.h>
#include <string.h>

#define BINDING_VERSION 2 /* 1 had no last_partner_update */
#define CRC_LENGTH      4

void fo_record_seal(struct fo_writer *w)
{
    uint32_t crc = w->err == FO_OK ? fo_crc32c(w->data, w->position) : 0;

    fo_write_u32(w, crc);
}

int fo_record_open(const void *value, size_t length, uint8_t max_version, uint8_t *out_version,
                   struct fo_reader *out_body)
{
    const uint8_t *bytes = value;
    struct fo_reader tail;
    uint32_t crc;

    if (length < 1 + CRC_LENGTH)
        return FO_EDAMAGED;
    tail = fo_reader_of(bytes + length - CRC_LENGTH, CRC_LENGTH);
    fo_read_u32(&tail, &crc);
    if (crc != fo_crc32c(bytes, length - CRC_LENGTH) || bytes[0] == 0)
        return FO_EDAMAGED;
    if (bytes[0] > max_version)
        return FO_EVERSION;
    *out_version = bytes[0];
    *out_body = fo_reader_of(bytes + 1, length - 1 - CRC_LENGTH);
    return FO_OK;
}

void fo_record_write_text(struct fo_writer *w, const char *text)
{
    size_t length = strlen(text);

    fo_write_u16(w, (uint16_t)length);
    fo_write_bytes(w, text, length);
}

void fo_record_read_text(struct fo_reader *r, char *out, size_t capacity)
{
    const uint8_t *text;
    uint16_t length;

    fo_read_u16(r, &length);
    fo_read_span(r, length, &text);
    if (text == NULL)
        return;
    if (length >= capacity || memchr(text, 0, length) != NULL) {
        fo_reader_fail(r, FO_EDAMAGED);
        return;
    }
    memcpy(out, text, length);
    out[length] = '\0';
}

void fo_record_put_address(fo_ipv4_t address, uint8_t out_key[4])
{
    struct fo_writer w = fo_writer_of(out_key, 4);

    fo_write_u32(&w, address);
}

int fo_record_get_address(const void *key, size_t length, fo_ipv4_t *out_address)
{
    struct fo_reader r = fo_reader_of(key, length);
    fo_ipv4_t address;

    fo_read_u32(&r, &address);
    if (r.err != FO_OK || fo_reader_left(&r) > 0)
        return FO_EDAMAGED;
    *out_address = address;
    return FO_OK;
}

size_t fo_record_write_binding(const struct fo_binding *b, uint8_t out[FO_RECORD_BINDING_MAX])
{
    struct fo_writer w = fo_writer_of(out, FO_RECORD_BINDING_MAX);

    fo_write_u8(&w, BINDING_VERSION);
    fo_write_u8(&w, b->status);
    fo_write_u8(&w, b->flags);
    fo_write_u32(&w, b->lease_expiration.s);
    fo_write_u32(&w, b->sent_potential_expiration.s);
    fo_write_u32(&w, b->acked_potential_expiration.s);
    fo_write_u32(&w, b->received_potential_expiration.s);
    fo_write_u32(&w, b->client_last_transaction.s);
    fo_write_u32(&w, b->start_of_state.s);
    fo_write_u32(&w, b->acked_epoch);
    fo_write_u8(&w, b->client.hw_length);
    fo_write_bytes(&w, b->client.hw, b->client.hw_length);
    fo_write_u8(&w, b->client.id_length);
    fo_write_bytes(&w, b->client.id, b->client.id_length);
    fo_write_u32(&w, b->last_partner_update.s);
    fo_record_seal(&w);
    assert(w.err == FO_OK);
    return w.position;
}

static void read_client(struct fo_reader *r, struct fo_client *out)
{
    const uint8_t *hw;

    fo_read_u8(r, &out->hw_length);
    if (out->hw_length > FO_HW_MAX)
        fo_reader_fail(r, FO_EDAMAGED);
    fo_read_span(r, out->hw_length, &hw);
    if (hw != NULL && r->err == FO_OK)
        memcpy(out->hw, hw, out->hw_length);
    fo_read_u8(r, &out->id_length);
    fo_read_span(r, out->id_length, &out->id);
}

int fo_record_read_binding(const void *key, size_t key_length, const void *value, size_t length,
                           struct fo_binding *out)
{
    struct fo_binding b = {0};
    struct fo_reader r;
    uint8_t version;
    int rc = fo_record_get_address(key, key_length, &b.address);

    if (rc == FO_OK)
        rc = fo_record_open(value, length, BINDING_VERSION, &version, &r);
    if (rc != FO_OK)
        return rc;
    fo_read_u8(&r, &b.status);
    fo_read_u8(&r, &b.flags);
    fo_read_u32(&r, &b.lease_expiration.s);
    fo_read_u32(&r, &b.sent_potential_expiration.s);
    fo_read_u32(&r, &b.acked_potential_expiration.s);
    fo_read_u32(&r, &b.received_potential_expiration.s);
    fo_read_u32(&r, &b.client_last_transaction.s);
    fo_read_u32(&r, &b.start_of_state.s);
    fo_read_u32(&r, &b.acked_epoch);
    read_client(&r, &b.client);
    if (version != 1)
        fo_read_u32(&r, &b.last_partner_update.s);
    if (r.err != FO_OK || fo_reader_left(&r) > 0)
        return FO_EDAMAGED;
    if (b.status == FO_STATUS_NONE || b.status >= FO_STATUS_COUNT)
        return FO_EDAMAGED;
    *out = b;
    return FO_OK;
}
