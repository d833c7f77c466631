#include "tests/fuzz/options.h"

#include <string.h>

#include "proto/option.h"

void fuzz_digest(void *context, const uint8_t *data, size_t length,
                 uint8_t out_digest[FO_DIGEST_LENGTH])
{
    (void)context;
    memset(out_digest, 0x5a, FO_DIGEST_LENGTH);
    for (size_t i = 0; i < length; i++)
        out_digest[i % FO_DIGEST_LENGTH] =
            (uint8_t)(out_digest[i % FO_DIGEST_LENGTH] * 31u + data[i]);
}

static bool span_equal(const struct fo_span *a, const struct fo_span *b)
{
    return a->length == b->length && (a->length == 0 || memcmp(a->data, b->data, a->length) == 0);
}

static bool field_equal(const struct fo_option *o, const uint8_t *a, const uint8_t *b)
{
    switch (o->kind) {
    case FO_OPTION_U8:
        return *a == *b;
    case FO_OPTION_FLAGS:
        return memcmp(a, b, sizeof(uint16_t)) == 0;
    case FO_OPTION_U32:
        return memcmp(a, b, sizeof(uint32_t)) == 0;
    default:
        return span_equal((const struct fo_span *)(const void *)a,
                          (const struct fo_span *)(const void *)b);
    }
}

static bool options_equal(const void *a, const void *b, uint32_t present, bool in_group)
{
    for (unsigned code = 1; code <= FO_OPT_MAX; code++) {
        const struct fo_option *o = fo_option_get(code);
        uint16_t at = in_group ? o->in_group : o->in_message;
        if ((present & FO_OPT_BIT(code)) == 0)
            continue;
        FUZZ_CHECK(at != FO_OPTION_NOWHERE);
        if (!field_equal(o, (const uint8_t *)a + at, (const uint8_t *)b + at))
            return false;
    }
    return true;
}

bool fuzz_message_equal(const struct fo_message *a, const struct fo_message *b)
{
    const uint32_t digest = FO_OPT_BIT(FO_OPT_MESSAGE_DIGEST);
    if (a->type != b->type || a->xid != b->xid || a->time.s != b->time.s ||
        ((a->present ^ b->present) & ~digest) != 0 || a->group_count != b->group_count ||
        !options_equal(a, b, a->present & ~digest, false))
        return false;
    for (size_t i = 0; i < a->group_count; i++)
        if (a->groups[i].present != b->groups[i].present ||
            !options_equal(&a->groups[i], &b->groups[i], a->groups[i].present, true))
            return false;
    return true;
}
