#include "proto/frame.h"

#include <string.h>

#define LENGTH_FIELD 2 /* §6.1: the message length opens every message */

static size_t length_field(const uint8_t *message)
{
    return (size_t)message[0] << 8 | message[1];
}

static bool length_is_legal(size_t length)
{
    return length >= FO_MESSAGE_MIN && length <= FO_MESSAGE_MAX;
}

/* Moves bytes from the input until |wanted| of them are held; false: the input ended before. */
static bool hold(struct fo_frame_cutter *c, const uint8_t **data, size_t *length, size_t wanted)
{
    size_t more = wanted > c->held ? wanted - c->held : 0;

    if (more > *length)
        more = *length;
    if (more > 0)
        memcpy(c->partial + c->held, *data, more);
    c->held += more;
    *data += more;
    *length -= more;
    return c->held >= wanted;
}

/* A message of which the cutter holds the beginning. */
static int finish_partial(struct fo_frame_cutter *c, const uint8_t **data, size_t *length,
                          const uint8_t **out_message, size_t *out_length)
{
    size_t whole;

    if (!hold(c, data, length, LENGTH_FIELD))
        return 0;
    whole = length_field(c->partial);
    if (!length_is_legal(whole))
        return FO_EMALFORMED;
    if (!hold(c, data, length, whole))
        return 0;
    *out_message = c->partial;
    *out_length = whole;
    return 1;
}

/* True when the held message was whole, and so was handed out by the call before. */
static bool was_handed_out(const struct fo_frame_cutter *c)
{
    return c->held >= FO_MESSAGE_MIN && c->held == length_field(c->partial);
}

int fo_frame_next(struct fo_frame_cutter *c, const uint8_t **data, size_t *length,
                  const uint8_t **out_message, size_t *out_length)
{
    size_t whole;

    if (was_handed_out(c))
        c->held = 0;
    if (*length == 0)
        return 0;
    if (c->held > 0 || *length < LENGTH_FIELD)
        return finish_partial(c, data, length, out_message, out_length);
    whole = length_field(*data);
    if (!length_is_legal(whole))
        return FO_EMALFORMED;
    if (whole > *length)
        return finish_partial(c, data, length, out_message, out_length);
    *out_message = *data;
    *out_length = whole;
    *data += whole;
    *length -= whole;
    return 1;
}
