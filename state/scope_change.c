/* Changes of a scope, each checked first. Source: MAPI §1.5, §2.10. */
#include "state/relationship.h"
#include "state/scope.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Puts the reason into |why| and passes |code| on. */
__attribute__((format(printf, 4, 5))) static uint32_t
refuse(uint32_t code, char *why, size_t why_capacity, const char *format, ...)
{
    if (why != NULL && why_capacity > 0) {
        va_list arguments;
        va_start(arguments, format);
        vsnprintf(why, why_capacity, format, arguments);
        va_end(arguments);
    }
    return code;
}

/* Two addresses as text, for the sentences. */
struct range_text {
    char first[FO_IPV4_TEXT], last[FO_IPV4_TEXT];
};
static struct range_text range_text(struct fo_range r)
{
    struct range_text t;
    fo_ipv4_text(r.first, t.first);
    fo_ipv4_text(r.last, t.last);
    return t;
}

/* --- the subnet ------------------------------------------------------------------------- */

static uint32_t check_text(const char *what, const char *text, uint32_t too_long, char *why,
                           size_t why_capacity)
{
    if (text == NULL)
        return ERROR_SUCCESS;
    if (strlen(text) > FO_SCOPE_NAME_MAX)
        return refuse(too_long, why, why_capacity, "The scope's %s has %zu bytes; %d are allowed.",
                      what, strlen(text), FO_SCOPE_NAME_MAX);
    if (fo_utf16_units(text) < 0)
        return refuse(ERROR_INVALID_PARAMETER, why, why_capacity,
                      "The scope's %s is not valid UTF-8.", what);
    return ERROR_SUCCESS;
}

uint32_t fo_scope_check_new(fo_ipv4_t subnet, fo_ipv4_t mask, const char *name, const char *comment,
                            char *why, size_t why_capacity)
{
    struct range_text t = range_text((struct fo_range){subnet, mask});
    if (subnet == 0)
        return refuse(ERROR_INVALID_PARAMETER, why, why_capacity,
                      "The subnet address 0.0.0.0 names no subnet.");
    if ((~mask & (~mask + 1)) != 0)
        return refuse(ERROR_INVALID_PARAMETER, why, why_capacity,
                      "The mask %s has a hole: its set bits must be the leading ones.", t.last);
    if ((subnet & mask) != subnet)
        return refuse(ERROR_INVALID_PARAMETER, why, why_capacity,
                      "The subnet address %s has bits outside its mask %s.", t.first, t.last);
    uint32_t code = check_text("name", name, ERROR_DHCP_SCOPE_NAME_TOO_LONG, why, why_capacity);
    if (code != ERROR_SUCCESS)
        return code;
    return check_text("comment", comment, ERROR_INVALID_PARAMETER, why, why_capacity);
}

/* --- ranges and exclusions --------------------------------------------------------------- */

static uint32_t check_range(const struct fo_scope *s, struct fo_range r, char *why,
                            size_t why_capacity)
{
    struct range_text t = range_text(r);
    if (r.last < r.first)
        return refuse(ERROR_DHCP_INVALID_RANGE, why, why_capacity,
                      "The range ends at %s, before it starts at %s.", t.last, t.first);
    if (!fo_scope_contains(s, r.first) || !fo_scope_contains(s, r.last)) {
        struct range_text subnet = range_text((struct fo_range){s->subnet, s->mask});
        return refuse(ERROR_DHCP_INVALID_RANGE, why, why_capacity,
                      "%s-%s is not inside the subnet %s mask %s.", t.first, t.last, subnet.first,
                      subnet.last);
    }
    return ERROR_SUCCESS;
}

/* The index of the first of the sorted |ranges| that does not end before |address|. */
static uint32_t find_range(const struct fo_range *ranges, uint32_t count, fo_ipv4_t address)
{
    uint32_t at = 0;
    while (at < count && ranges[at].last < address)
        at++;
    return at;
}

/* Opens a gap at |at| of an array of |*count| elements. */
static uint32_t insert_range(struct fo_range **ranges, uint32_t *count, uint32_t at,
                             struct fo_range r, char *why, size_t why_capacity)
{
    struct fo_range *grown = realloc(*ranges, (*count + 1) * sizeof **ranges);
    if (grown == NULL)
        return refuse(ERROR_NOT_ENOUGH_MEMORY, why, why_capacity,
                      "There is no memory for another range.");
    memmove(&grown[at + 1], &grown[at], (*count - at) * sizeof *grown);
    grown[at] = r;
    *ranges = grown;
    *count += 1;
    return ERROR_SUCCESS;
}

static void take_ranges(struct fo_range *ranges, uint32_t *count, uint32_t at, uint32_t number)
{
    memmove(&ranges[at], &ranges[at + number], (*count - at - number) * sizeof *ranges);
    *count -= number;
}

/* Room for the uses of |count| ranges. What was NULL said that all are for clients of DHCP. */
static bool make_room_for_uses(struct fo_scope *s, uint32_t count)
{
    struct fo_range_use *uses = realloc(s->uses, count * sizeof *uses);
    if (uses == NULL)
        return false;
    for (uint32_t i = 0; s->uses == NULL && i < s->range_count; i++)
        uses[i] = FO_RANGE_USE_DHCP;
    s->uses = uses;
    return true;
}

static uint32_t insert_new(struct fo_scope *s, uint32_t at, struct fo_range r,
                           struct fo_range_use use, char *why, size_t why_capacity)
{
    uint32_t code;
    if (s->range_count >= FO_SCOPE_RANGES_MAX)
        return refuse(ERROR_INVALID_PARAMETER, why, why_capacity,
                      "The scope has %u ranges already; %d are allowed.", s->range_count,
                      FO_SCOPE_RANGES_MAX);
    if (!make_room_for_uses(s, s->range_count + 1))
        return refuse(ERROR_NOT_ENOUGH_MEMORY, why, why_capacity,
                      "There is no memory for another range.");
    code = insert_range(&s->ranges, &s->range_count, at, r, why, why_capacity);
    if (code != ERROR_SUCCESS)
        return code;
    memmove(&s->uses[at + 1], &s->uses[at], (s->range_count - 1 - at) * sizeof *s->uses);
    s->uses[at] = use;
    return ERROR_SUCCESS;
}

static void take_whole(struct fo_scope *s, uint32_t at, uint32_t number)
{
    if (s->uses != NULL)
        memmove(&s->uses[at], &s->uses[at + number],
                (s->range_count - at - number) * sizeof *s->uses);
    take_ranges(s->ranges, &s->range_count, at, number);
}

/* [from, to) of the ranges that share an address with |r|. */
static uint32_t find_overlapped(const struct fo_scope *s, struct fo_range r, uint32_t *out_to)
{
    uint32_t from = find_range(s->ranges, s->range_count, r.first), to = from;
    while (to < s->range_count && s->ranges[to].first <= r.last)
        to++;
    *out_to = to;
    return from;
}

static bool is_of(const struct fo_scope *s, uint32_t range, enum fo_range_kind kind)
{
    return fo_scope_use(s, range).kind == kind;
}

uint32_t fo_scope_add_range_for(struct fo_scope *s, struct fo_range r, struct fo_range_use use,
                                char *why, size_t why_capacity)
{
    uint32_t from, to, code = check_range(s, r, why, why_capacity);
    if (code != ERROR_SUCCESS)
        return code;
    from = find_overlapped(s, r, &to);
    for (uint32_t i = from; i < to; i++) {
        if (!is_of(s, i, use.kind)) {
            struct range_text new = range_text(r), old = range_text(s->ranges[i]);
            return refuse(ERROR_DHCP_INVALID_RANGE, why, why_capacity,
                          "%s-%s overlaps the range %s-%s, which is for clients of another kind.",
                          new.first, new.last, old.first, old.last);
        }
    }
    if (from > 0 && is_of(s, from - 1, use.kind) && s->ranges[from - 1].last + 1 == r.first)
        from--;
    if (to < s->range_count && is_of(s, to, use.kind) && s->ranges[to].first - 1 == r.last)
        to++;
    if (from == to)
        return insert_new(s, from, r, use, why, why_capacity);
    if (r.first < s->ranges[from].first)
        s->ranges[from].first = r.first;
    s->ranges[from].last = s->ranges[to - 1].last > r.last ? s->ranges[to - 1].last : r.last;
    take_whole(s, from + 1, to - from - 1);
    return ERROR_SUCCESS;
}

uint32_t fo_scope_add_range(struct fo_scope *s, struct fo_range r, char *why, size_t why_capacity)
{
    return fo_scope_add_range_for(s, r, FO_RANGE_USE_DHCP, why, why_capacity);
}

uint32_t fo_scope_fit_range(struct fo_scope *s, struct fo_range r, struct fo_range_use use,
                            char *why, size_t why_capacity)
{
    uint32_t from, to, code = check_range(s, r, why, why_capacity);
    bool within, contains;
    if (code != ERROR_SUCCESS)
        return code;
    if (s->range_count == 0)
        return insert_new(s, 0, r, use, why, why_capacity);
    from = find_overlapped(s, r, &to);
    within = to == from + 1 && s->ranges[from].first <= r.first && r.last <= s->ranges[from].last;
    contains = from < to && r.first <= s->ranges[from].first && s->ranges[to - 1].last <= r.last;
    if (!within && !contains) {
        struct range_text t = range_text(r);
        return refuse(ERROR_DHCP_INVALID_RANGE, why, why_capacity,
                      "The scope has a range; %s-%s neither contains it nor lies within it.",
                      t.first, t.last);
    }
    if (!make_room_for_uses(s, s->range_count))
        return refuse(ERROR_NOT_ENOUGH_MEMORY, why, why_capacity,
                      "There is no memory for the kind of the range.");
    s->ranges[from] = r;
    s->uses[from] = use;
    take_whole(s, from + 1, to - from - 1);
    return ERROR_SUCCESS;
}

uint32_t fo_scope_remove_range(struct fo_scope *s, struct fo_range r, char *why,
                               size_t why_capacity)
{
    uint32_t at = find_range(s->ranges, s->range_count, r.first);
    if (at == s->range_count || s->ranges[at].first != r.first || s->ranges[at].last != r.last) {
        struct range_text t = range_text(r);
        return refuse(ERROR_DHCP_INVALID_RANGE, why, why_capacity,
                      "The scope has no range that is exactly %s-%s.", t.first, t.last);
    }
    take_whole(s, at, 1);
    return ERROR_SUCCESS;
}

uint32_t fo_scope_exclude(struct fo_scope *s, struct fo_range r, char *why, size_t why_capacity)
{
    uint32_t code = check_range(s, r, why, why_capacity);
    if (code != ERROR_SUCCESS)
        return code;
    uint32_t at = find_range(s->exclusions, s->exclusion_count, r.first);
    if (at < s->exclusion_count && s->exclusions[at].first <= r.last) {
        struct range_text new = range_text(r), old = range_text(s->exclusions[at]);
        return refuse(ERROR_DHCP_INVALID_RANGE, why, why_capacity,
                      "%s-%s overlaps the exclusion %s-%s.", new.first, new.last, old.first,
                      old.last);
    }
    if (s->exclusion_count >= FO_SCOPE_EXCLUSIONS_MAX)
        return refuse(ERROR_INVALID_PARAMETER, why, why_capacity,
                      "The scope has %u exclusions already; %d are allowed.", s->exclusion_count,
                      FO_SCOPE_EXCLUSIONS_MAX);
    return insert_range(&s->exclusions, &s->exclusion_count, at, r, why, why_capacity);
}

uint32_t fo_scope_unexclude(struct fo_scope *s, struct fo_range r, char *why, size_t why_capacity)
{
    struct range_text t = range_text(r);
    uint32_t at = find_range(s->exclusions, s->exclusion_count, r.first);
    if (at == s->exclusion_count || s->exclusions[at].first > r.first)
        return refuse(ERROR_DHCP_ELEMENT_CANT_REMOVE, why, why_capacity,
                      "%s is in no exclusion of the scope.", t.first);
    if (s->exclusions[at].first != r.first || s->exclusions[at].last != r.last) {
        struct range_text old = range_text(s->exclusions[at]);
        return refuse(ERROR_INVALID_PARAMETER, why, why_capacity,
                      "%s-%s is not the whole exclusion: that is %s-%s.", t.first, t.last,
                      old.first, old.last);
    }
    take_ranges(s->exclusions, &s->exclusion_count, at, 1);
    return ERROR_SUCCESS;
}

/* --- reservations ------------------------------------------------------------------------ */

/* Everything but the range. */
static uint32_t check_reservation(const struct fo_scope *s, const struct fo_reservation *r,
                                  char *why, size_t why_capacity)
{
    char text[FO_IPV4_TEXT];
    fo_ipv4_text(r->address, text);
    if (fo_scope_reservation(s, r->address) != NULL)
        return refuse(ERROR_DHCP_RESERVEDIP_EXITS, why, why_capacity, "%s is reserved already.",
                      text);
    const struct fo_reservation *other = fo_scope_reservation_of(s, r->id, r->id_length);
    if (other != NULL) {
        char other_text[FO_IPV4_TEXT];
        return refuse(ERROR_DHCP_RESERVEDIP_EXITS, why, why_capacity,
                      "The client of %s has a reservation already: %s.", text,
                      fo_ipv4_text(other->address, other_text));
    }
    if (s->reservation_count >= FO_SCOPE_RESERVATIONS_MAX)
        return refuse(ERROR_INVALID_PARAMETER, why, why_capacity,
                      "The scope has %u reservations already; %d are allowed.",
                      s->reservation_count, FO_SCOPE_RESERVATIONS_MAX);
    return ERROR_SUCCESS;
}

static uint32_t insert_reservation(struct fo_scope *s, const struct fo_reservation *r, char *why,
                                   size_t why_capacity)
{
    struct fo_reservation *grown =
        realloc(s->reservations, (s->reservation_count + 1) * sizeof *grown);
    if (grown == NULL)
        return refuse(ERROR_NOT_ENOUGH_MEMORY, why, why_capacity,
                      "There is no memory for another reservation.");
    uint32_t at = s->reservation_count;
    while (at > 0 && grown[at - 1].address > r->address)
        at--;
    memmove(&grown[at + 1], &grown[at], (s->reservation_count - at) * sizeof *grown);
    grown[at] = *r;
    s->reservations = grown;
    s->reservation_count += 1;
    return ERROR_SUCCESS;
}

static uint32_t reserve(struct fo_scope *s, const struct fo_reservation *r, bool inside, char *why,
                        size_t why_capacity)
{
    char text[FO_IPV4_TEXT];
    uint32_t code;
    if (r->id_length == 0)
        return refuse(ERROR_INVALID_PARAMETER, why, why_capacity,
                      "The reservation of %s names no client.", fo_ipv4_text(r->address, text));
    if (!inside && fo_scope_reservation(s, r->address) == NULL)
        return refuse(ERROR_DHCP_NOT_RESERVED_CLIENT, why, why_capacity,
                      "%s is in no range of the scope.", fo_ipv4_text(r->address, text));
    code = check_reservation(s, r, why, why_capacity);
    return code != ERROR_SUCCESS ? code : insert_reservation(s, r, why, why_capacity);
}

uint32_t fo_scope_reserve(struct fo_scope *s, const struct fo_reservation *r, char *why,
                          size_t why_capacity)
{
    return reserve(s, r, fo_scope_in_range(s, r->address), why, why_capacity);
}

uint32_t fo_scope_keep_reservation(struct fo_scope *s, const struct fo_reservation *r, char *why,
                                   size_t why_capacity)
{
    return reserve(s, r, fo_scope_contains(s, r->address), why, why_capacity);
}

uint32_t fo_scope_unreserve(struct fo_scope *s, fo_ipv4_t address, char *why, size_t why_capacity)
{
    const struct fo_reservation *found = fo_scope_reservation(s, address);
    if (found == NULL) {
        char text[FO_IPV4_TEXT];
        return refuse(ERROR_DHCP_NOT_RESERVED_CLIENT, why, why_capacity, "%s is not reserved.",
                      fo_ipv4_text(address, text));
    }
    size_t at = (size_t)(found - s->reservations);
    memmove(&s->reservations[at], &s->reservations[at + 1],
            (s->reservation_count - at - 1) * sizeof *s->reservations);
    s->reservation_count -= 1;
    return ERROR_SUCCESS;
}
