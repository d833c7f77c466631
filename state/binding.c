/* Source: draft-12 §5.11 with Figure 5.11-1, §7.1.1 with Table 7.1.1-1, §5.2.2, §5.4. */
#include "state/binding.h"

#include <stdio.h>
#include <string.h>

static bool bytes_equal(const uint8_t *a, size_t a_length, const uint8_t *b, size_t b_length)
{
    return a_length == b_length && memcmp(a, b, a_length) == 0;
}

bool fo_client_equal(const struct fo_client *a, const struct fo_client *b)
{
    if (a->id_length > 0 && b->id_length > 0)
        return bytes_equal(a->id, a->id_length, b->id, b->id_length);
    if (a->id_length > 0 || b->id_length > 0 || a->hw_length == 0)
        return false;
    return bytes_equal(a->hw, a->hw_length, b->hw, b->hw_length);
}

bool fo_client_known(const struct fo_client *c)
{
    return c->id_length > 0 || c->hw_length > 0;
}

enum fo_binding_status fo_binding_available_status(enum fo_role role)
{
    return role == FO_ROLE_PRIMARY ? FO_STATUS_FREE : FO_STATUS_BACKUP;
}

#define S(status) (1u << FO_STATUS_##status)
#define ANY       (S(FREE) | S(ACTIVE) | S(EXPIRED) | S(RELEASED) | S(ABANDONED) | S(RESET) | S(BACKUP))

/* Source: Figure 5.11-1. A renewal is a grant too, and so is the return of a lease that ended to
 * the client it came from (§5.2.2). A reservation moves FREE to BACKUP and back (§5.13). */
static const struct {
    enum fo_move_cause cause;
    unsigned from, to; /* sets of S() */
} moves[] = {
    {FO_MOVE_GRANT, S(FREE) | S(BACKUP), S(ACTIVE)},
    {FO_MOVE_GRANT, S(ACTIVE), S(ACTIVE)},
    {FO_MOVE_GRANT, S(EXPIRED) | S(RELEASED), S(ACTIVE)},
    {FO_MOVE_EXPIRY, S(ACTIVE), S(EXPIRED)},
    {FO_MOVE_RELEASE, S(ACTIVE), S(RELEASED)},
    {FO_MOVE_DECLINE, ANY, S(ABANDONED)},
    {FO_MOVE_OPERATOR, ANY, S(RESET)},
    {FO_MOVE_OPERATOR, S(FREE), S(BACKUP)},
    {FO_MOVE_OPERATOR, S(BACKUP), S(FREE)},
    {FO_MOVE_BALANCE, S(FREE), S(BACKUP)},
    {FO_MOVE_BALANCE, S(BACKUP), S(FREE)},
    {FO_MOVE_ACKED, S(EXPIRED) | S(RELEASED) | S(RESET), S(FREE)},
    {FO_MOVE_PARTNER, ANY, ANY},
};

bool fo_binding_may_move(enum fo_binding_status from, enum fo_binding_status to,
                         enum fo_move_cause cause)
{
    if ((unsigned)from >= FO_STATUS_COUNT || (unsigned)to >= FO_STATUS_COUNT)
        return false;
    for (size_t i = 0; i < sizeof moves / sizeof moves[0]; i++) {
        if (moves[i].cause == cause && (moves[i].from & 1u << from) && (moves[i].to & 1u << to))
            return true;
    }
    return false;
}

bool fo_binding_is_available(unsigned status)
{
    return status == FO_STATUS_FREE || status == FO_STATUS_BACKUP;
}

bool fo_binding_is_over(unsigned status)
{
    return status == FO_STATUS_EXPIRED || status == FO_STATUS_RELEASED;
}

bool fo_binding_is_ended(unsigned status)
{
    return fo_binding_is_over(status) || status == FO_STATUS_RESET;
}

bool fo_binding_may_return(const struct fo_binding *b, const struct fo_client *client)
{
    return fo_binding_is_over(b->status) && !(b->flags & FO_BINDING_SENT) &&
           fo_client_equal(&b->client, client);
}

/* Source: Table 7.1.1-1. */
static const enum fo_client_rule client_rules[FO_STATUS_COUNT] = {
    [FO_STATUS_NONE] = FO_CLIENT_MUST_NOT,  [FO_STATUS_ACTIVE] = FO_CLIENT_MUST,
    [FO_STATUS_EXPIRED] = FO_CLIENT_SHOULD, [FO_STATUS_RELEASED] = FO_CLIENT_SHOULD,
    [FO_STATUS_FREE] = FO_CLIENT_MAY,       [FO_STATUS_RESET] = FO_CLIENT_MAY,
    [FO_STATUS_BACKUP] = FO_CLIENT_MAY,     [FO_STATUS_ABANDONED] = FO_CLIENT_MUST_NOT,
};

enum fo_client_rule fo_binding_client_rule(enum fo_binding_status status)
{
    return (unsigned)status < FO_STATUS_COUNT ? client_rules[status] : FO_CLIENT_MUST_NOT;
}

static void hex_text(const uint8_t *bytes, size_t length, char *out)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < length; i++) {
        *out++ = digits[bytes[i] >> 4];
        *out++ = digits[bytes[i] & 0xf];
        if (i + 1 < length)
            *out++ = ':';
    }
    *out = '\0';
}

char *fo_binding_print(const struct fo_binding *b, char *out, size_t capacity)
{
    char address[FO_IPV4_TEXT];
    char hw[3 * FO_HW_MAX + 1];
    char id[3 * FO_CLIENT_ID_MAX + 1];
    hex_text(b->client.hw, b->client.hw_length, hw);
    hex_text(b->client.id, b->client.id_length, id);
    snprintf(out, capacity, "%s %s%s%s%s%s LE=%lu SPE=%lu APE=%lu RPE=%lu",
             fo_ipv4_text(b->address, address), fo_binding_status_name(b->status),
             hw[0] ? " hw=" : "", hw, id[0] ? " id=" : "", id, (unsigned long)b->lease_expiration.s,
             (unsigned long)b->sent_potential_expiration.s,
             (unsigned long)b->acked_potential_expiration.s,
             (unsigned long)b->received_potential_expiration.s);
    return out;
}
