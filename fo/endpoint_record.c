/* The endpoint on disk: its version, then the fields in the order of the struct (draft-12 §9.2), and
 * at the end what came with version 2: which scopes are unheard. */
#include "fo/endpoint.h"

#include <string.h>

#include "state/record.h"

#define RECORD_VERSION 2

int fo_endpoint_record_write(const struct fo_endpoint_record *r, uint8_t *out, size_t capacity,
                             size_t *out_length)
{
    struct fo_writer w = fo_writer_of(out, capacity);
    size_t cause = strnlen(r->cause, sizeof r->cause - 1);
    fo_write_u8(&w, RECORD_VERSION);
    fo_write_u8(&w, (uint8_t)r->state);
    fo_write_u32(&w, r->since.s);
    fo_write_u8(&w, (uint8_t)r->resume);
    fo_write_u8(&w, (uint8_t)r->partner_state);
    fo_write_u32(&w, r->partner_since.s);
    fo_write_u32(&w, r->mclt_s);
    fo_write_u32(&w, r->mclt_longest_s);
    fo_write_bytes(&w, r->buckets.map, sizeof r->buckets.map);
    fo_write_u32(&w, r->update_epoch);
    fo_write_u8(&w, (uint8_t)((r->virgin ? 1 : 0) | (r->lost_storage ? 2 : 0) |
                              (r->contact_since_down ? 4 : 0) | (r->scopes_unheard ? 8 : 0)));
    fo_write_u32(&w, r->operational_until.s);
    fo_write_u32(&w, r->down_since.s);
    fo_write_u32(&w, r->last_connect.s);
    fo_write_u8(&w, (uint8_t)cause);
    fo_write_bytes(&w, r->cause, cause);
    fo_write_u16(&w, r->unheard_count);
    for (uint16_t i = 0; i < r->unheard_count; i++)
        fo_write_u32(&w, r->unheard[i]);
    fo_record_seal(&w);
    *out_length = w.position;
    return w.err;
}

static bool state_known(uint8_t state)
{
    return state > FO_STATE_STARTUP && state < FO_STATE_COUNT;
}

static bool stopped(uint8_t state)
{
    return state == FO_STATE_PAUSED || state == FO_STATE_SHUTDOWN;
}

static void read_unheard(struct fo_reader *body, struct fo_endpoint_record *r)
{
    fo_read_u16(body, &r->unheard_count);
    if (r->unheard_count > FO_SCOPES_PER_CALL_MAX)
        fo_reader_fail(body, FO_EDAMAGED);
    for (uint16_t i = 0; body->err == FO_OK && i < r->unheard_count; i++)
        fo_read_u32(body, &r->unheard[i]);
}

int fo_endpoint_record_read(const void *value, size_t length, struct fo_endpoint_record *out)
{
    struct fo_endpoint_record r = {0};
    struct fo_reader body;
    const uint8_t *span;
    uint8_t version, state, resume, partner, flags, cause;
    int rc = fo_record_open(value, length, RECORD_VERSION, &version, &body);
    if (rc != FO_OK)
        return rc;
    fo_read_u8(&body, &state);
    fo_read_u32(&body, &r.since.s);
    fo_read_u8(&body, &resume);
    fo_read_u8(&body, &partner);
    fo_read_u32(&body, &r.partner_since.s);
    fo_read_u32(&body, &r.mclt_s);
    fo_read_u32(&body, &r.mclt_longest_s);
    fo_read_span(&body, sizeof r.buckets.map, &span);
    if (span != NULL)
        memcpy(r.buckets.map, span, sizeof r.buckets.map);
    fo_read_u32(&body, &r.update_epoch);
    fo_read_u8(&body, &flags);
    fo_read_u32(&body, &r.operational_until.s);
    fo_read_u32(&body, &r.down_since.s);
    fo_read_u32(&body, &r.last_connect.s);
    fo_read_u8(&body, &cause);
    fo_read_span(&body, cause, &span);
    if (version >= 2)
        read_unheard(&body, &r);
    if (body.err != FO_OK || !state_known(state) || resume >= FO_STATE_COUNT ||
        partner >= FO_STATE_COUNT || cause >= sizeof r.cause || r.update_epoch == 0)
        return FO_EDAMAGED;
    if (stopped(state) && (!state_known(resume) || stopped(resume)))
        return FO_EDAMAGED; /* it would resume nothing */
    memcpy(r.cause, span, cause);
    r.state = (enum fo_state)state;
    r.resume = (enum fo_state)resume;
    r.partner_state = (enum fo_state)partner;
    r.virgin = (flags & 1) != 0;
    r.lost_storage = (flags & 2) != 0;
    r.contact_since_down = (flags & 4) != 0;
    r.scopes_unheard = (flags & 8) != 0;
    *out = r;
    return FO_OK;
}
