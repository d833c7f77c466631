/**
 * fo/outbox.h: what should happen because of events, kept back until the store has committed.
 *
 * Effects are carried out in order. Bytes and texts lie in one arena, addressed by offset.
 */
#ifndef FO_OUTBOX_H
#define FO_OUTBOX_H

#include "fo/event.h"
#include "proto/message.h"

enum fo_effect_kind {
    FO_EFFECT_DIAL,      /* connect |link| to |address|:|port| from |local| */
    FO_EFFECT_SEND,      /* bytes on |link| */
    FO_EFFECT_START_TLS, /* on |link|, after what was sent before; |server_side| says the role */
    FO_EFFECT_CLOSE,     /* |link|, after what was sent before */
    FO_EFFECT_APPLIED,   /* the partner's update changed |binding|: tell the host */
    FO_EFFECT_DURABLE,   /* the report with |token| is on disk */
    FO_EFFECT_ACKED,     /* ... and the partner has it */
    FO_EFFECT_NOTICE     /* a line for log and journal */
};

enum fo_notice_level { FO_NOTICE_INFO, FO_NOTICE_WARNING, FO_NOTICE_ALARM };

struct fo_effect {
    enum fo_effect_kind kind;
    fo_link_id_t link;
    size_t offset, length; /* SEND: bytes; NOTICE: text; APPLIED: client-identifier bytes */
    union {
        struct {
            fo_ipv4_t address, local;
            uint16_t port;
            int relationship; /* its number, for the driver's partner check */
        } dial;
        struct {
            bool server_side;
            int relationship; /* whose partner the certificate must belong to */
        } tls;
        struct fo_binding applied; /* client.id is NULL: use fo_outbox_binding() */
        uint64_t token;
        enum fo_notice_level level;
    };
};

struct fo_outbox {
    struct fo_effect *effects;
    size_t count, capacity;
    uint8_t *bytes;
    size_t used, room;
    int err; /* sticky FO_ENOMEM: the batch must then be thrown away */
};

void fo_outbox_init(struct fo_outbox *o);  /* {0} does as well */
void fo_outbox_clear(struct fo_outbox *o); /* keeps the memory */
void fo_outbox_fini(struct fo_outbox *o);

/** Borrowed until the outbox changes. */
const uint8_t *fo_outbox_data(const struct fo_outbox *o, const struct fo_effect *e);
/** The binding of an APPLIED effect, client-identifier borrowed from the outbox. */
struct fo_binding fo_outbox_binding(const struct fo_outbox *o, const struct fo_effect *e);

/* For fo/ only. SEND effects to one link in a row are joined. Errors go to |err|. */
void fo_outbox_dial(struct fo_outbox *o, fo_link_id_t link, int relationship, fo_ipv4_t address,
                    uint16_t port, fo_ipv4_t local);
void fo_outbox_send(struct fo_outbox *o, fo_link_id_t link, const void *data, size_t length);
void fo_outbox_start_tls(struct fo_outbox *o, fo_link_id_t link, int relationship,
                         bool server_side);
void fo_outbox_close(struct fo_outbox *o, fo_link_id_t link);
void fo_outbox_applied(struct fo_outbox *o, const struct fo_binding *b);
void fo_outbox_token(struct fo_outbox *o, enum fo_effect_kind kind, uint64_t token);
void fo_outbox_notice(struct fo_outbox *o, enum fo_notice_level level, const char *text);

#endif
