/**
 * proto/frame.h: cuts a byte stream into messages (draft-12 §6.1: two length bytes open each).
 *
 * The cutter keeps at most one partial message (2047 bytes); whole ones are handed out straight
 * from the caller's bytes.
 */
#ifndef FO_PROTO_FRAME_H
#define FO_PROTO_FRAME_H

#include "proto/message.h"

struct fo_frame_cutter {
    uint8_t partial[FO_MESSAGE_MAX];
    size_t held; /* bytes in |partial| */
};

/**
 * fo_frame_next takes bytes from |*data|, |*length| (advancing both) until a message is whole.
 *
 * Returns 1 with |*out_message| (valid until the next call, may point into |*data| or into the
 * cutter), 0 when more bytes are needed, FO_EMALFORMED when the length field is below 12 or above
 * 2048: the link must then be closed (W-04).
 */
FO_MUST_CHECK int fo_frame_next(struct fo_frame_cutter *c, const uint8_t **data, size_t *length,
                                const uint8_t **out_message, size_t *out_length);

#endif
