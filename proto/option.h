/**
 * proto/option.h: what is true of an option wherever it stands, one row per option.
 *
 * Source: draft-12 §6.2 (format), §12 (options).
 */
#ifndef FO_PROTO_OPTION_H
#define FO_PROTO_OPTION_H

#include "proto/message.h"

#define FO_OPTION_HEADER_LENGTH 4 /* code and length, two bytes each (§6.2) */
#define FO_OPTION_LENGTH_MAX    (FO_MESSAGE_MAX - FO_HEADER_LENGTH - FO_OPTION_HEADER_LENGTH)
#define FO_OPTION_NOWHERE       0xffffu

enum fo_option_kind {
    FO_OPTION_U8 = 1,
    FO_OPTION_FLAGS, /* a uint16_t; the dialect says how many bytes are sent */
    FO_OPTION_U32,   /* number, interval, moment or IPv4 address */
    FO_OPTION_BYTES, /* a struct fo_span */
    FO_OPTION_DHCP,  /* a struct fo_span: 4 bytes of magic, then options of that magic (§12.7) */
    FO_OPTION_DIGEST /* a type byte and the digest (§12.17) */
};

struct fo_option {
    uint8_t kind;      /* enum fo_option_kind */
    uint16_t shortest; /* lengths of the value that are accepted */
    uint16_t longest;
    bool skip_misfit;    /* another length makes the option absent instead of malformed */
    uint16_t in_message; /* where the value is kept: offset in struct fo_message, */
    uint16_t in_group;   /* offset in struct fo_group; or FO_OPTION_NOWHERE */
};

/** The row of |code|; NULL for a code that the draft does not have. Ownership: static. */
const struct fo_option *fo_option_get(unsigned code);

/**
 * fo_option_take stores a received value at |field| as the row's kind says.
 *
 * Ownership: a stored span borrows |value|.
 * Returns:   1 stored; 0 to be ignored (§12.7: unknown magic; or skip_misfit);
 *            FO_EMALFORMED for a length outside the row.
 */
FO_MUST_CHECK int fo_option_take(const struct fo_option *o, const uint8_t *value, size_t length,
                                 void *field);

/** Appends the option |code| with the value kept at |field|; errors stay in |w|. */
void fo_option_write(struct fo_writer *w, unsigned code, const void *field,
                     const struct fo_dialect *dialect);
/** Bytes that fo_option_write appends for it. */
size_t fo_option_size(unsigned code, const void *field, const struct fo_dialect *dialect);

#endif
