#include "fo/outbox.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

void fo_outbox_init(struct fo_outbox *o)
{
    *o = (struct fo_outbox){0};
}

void fo_outbox_clear(struct fo_outbox *o)
{
    o->count = 0;
    o->used = 0;
    o->err = FO_OK;
}

void fo_outbox_fini(struct fo_outbox *o)
{
    free(o->effects);
    free(o->bytes);
    *o = (struct fo_outbox){0};
}

const uint8_t *fo_outbox_data(const struct fo_outbox *o, const struct fo_effect *e)
{
    assert(e->offset + e->length <= o->used);
    return o->bytes + e->offset;
}

struct fo_binding fo_outbox_binding(const struct fo_outbox *o, const struct fo_effect *e)
{
    struct fo_binding b = e->applied;
    b.client.id = e->length != 0 ? fo_outbox_data(o, e) : NULL;
    return b;
}

static size_t grown(size_t capacity, size_t needed, size_t first)
{
    size_t next = capacity != 0 ? capacity : first;
    while (next < needed)
        next *= 2;
    return next;
}

static size_t store_bytes(struct fo_outbox *o, const void *data, size_t length)
{
    size_t offset = o->used;
    if (o->used + length > o->room) {
        size_t room = grown(o->room, o->used + length, 4096);
        uint8_t *bytes = realloc(o->bytes, room);
        if (bytes == NULL) {
            o->err = FO_ENOMEM;
            return 0;
        }
        o->bytes = bytes;
        o->room = room;
    }
    if (length != 0)
        memcpy(o->bytes + offset, data, length);
    o->used += length;
    return offset;
}

static struct fo_effect *append(struct fo_outbox *o, enum fo_effect_kind kind, fo_link_id_t link,
                                const void *data, size_t length)
{
    size_t offset;
    if (o->err != FO_OK)
        return NULL;
    offset = store_bytes(o, data, length);
    if (o->err != FO_OK)
        return NULL;
    if (o->count == o->capacity) {
        size_t capacity = grown(o->capacity, o->count + 1, 64);
        struct fo_effect *effects = realloc(o->effects, capacity * sizeof *effects);
        if (effects == NULL) {
            o->err = FO_ENOMEM;
            return NULL;
        }
        o->effects = effects;
        o->capacity = capacity;
    }
    o->effects[o->count] =
        (struct fo_effect){.kind = kind, .link = link, .offset = offset, .length = length};
    return &o->effects[o->count++];
}

void fo_outbox_dial(struct fo_outbox *o, fo_link_id_t link, int relationship, fo_ipv4_t address,
                    uint16_t port, fo_ipv4_t local)
{
    struct fo_effect *e = append(o, FO_EFFECT_DIAL, link, NULL, 0);
    if (e == NULL)
        return;
    e->dial.address = address;
    e->dial.local = local;
    e->dial.port = port;
    e->dial.relationship = relationship;
}

void fo_outbox_send(struct fo_outbox *o, fo_link_id_t link, const void *data, size_t length)
{
    struct fo_effect *last = o->count != 0 ? &o->effects[o->count - 1] : NULL;
    if (last != NULL && last->kind == FO_EFFECT_SEND && last->link == link &&
        last->offset + last->length == o->used && o->err == FO_OK) {
        store_bytes(o, data, length);
        if (o->err == FO_OK)
            last->length += length;
        return;
    }
    append(o, FO_EFFECT_SEND, link, data, length);
}

void fo_outbox_start_tls(struct fo_outbox *o, fo_link_id_t link, int relationship, bool server_side)
{
    struct fo_effect *e = append(o, FO_EFFECT_START_TLS, link, NULL, 0);
    if (e == NULL)
        return;
    e->tls.server_side = server_side;
    e->tls.relationship = relationship;
}

void fo_outbox_close(struct fo_outbox *o, fo_link_id_t link)
{
    append(o, FO_EFFECT_CLOSE, link, NULL, 0);
}

void fo_outbox_applied(struct fo_outbox *o, const struct fo_binding *b)
{
    struct fo_effect *e = append(o, FO_EFFECT_APPLIED, 0, b->client.id, b->client.id_length);
    if (e == NULL)
        return;
    e->applied = *b;
    e->applied.client.id = NULL;
}

void fo_outbox_token(struct fo_outbox *o, enum fo_effect_kind kind, uint64_t token)
{
    struct fo_effect *e = append(o, kind, 0, NULL, 0);
    if (e != NULL)
        e->token = token;
}

void fo_outbox_notice(struct fo_outbox *o, enum fo_notice_level level, const char *text)
{
    size_t length = strlen(text);
    struct fo_effect *e = append(o, FO_EFFECT_NOTICE, 0, text, length);
    if (e == NULL)
        return;
    e->level = level;
    for (uint8_t *c = o->bytes + e->offset; length-- != 0; c++)
        if (*c < ' ' || *c == 0x7f)
            *c = '?'; /* one notice is one line, whatever names it quotes */
}
