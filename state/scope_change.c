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

uint32_t fo_scope_add_range(struct fo_scope *s, struct fo_range r, char *why, size_t why_capacity)
{
    uint32_t code = check_range(s, r, why, why_capacity);
    if (code != ERROR_SUCCESS)
        return code;

    /* [from, to) are the ranges that |r| overlaps or touches. */
    uint32_t from = find_range(s->ranges, s->range_count, r.first == 0 ? 0 : r.first - 1);
    uint32_t to = from;
    while (to < s->range_count && (r.last == UINT32_MAX || s->ranges[to].first <= r.last + 1))
        to++;
    if (from < to) {
        struct fo_range *grown = &s->ranges[from];
        if (r.first < grown->first)
            grown->first = r.first;
        grown->last = s->ranges[to - 1].last > r.last ? s->ranges[to - 1].last : r.last;
        take_ranges(s->ranges, &s->range_count, from + 1, to - from - 1);
        return ERROR_SUCCESS;
    }
    if (s->range_count >= FO_SCOPE_RANGES_MAX)
        return refuse(ERROR_INVALID_PARAMETER, why, why_capacity,
                      "The scope has %u ranges already; %d are allowed.", s->range_count,
                      FO_SCOPE_RANGES_MAX);
    return insert_range(&s->ranges, &s->range_count, from, r, why, why_capacity);
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
    take_ranges(s->ranges, &s->range_count, at, 1);
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

uint32_t fo_scope_reserve(struct fo_scope *s, const struct fo_reservation *r, char *why,
                          size_t why_capacity)
{
    char text[FO_IPV4_TEXT];
    fo_ipv4_text(r->address, text);
    if (r->id_length == 0)
        return refuse(ERROR_INVALID_PARAMETER, why, why_capacity,
                      "The reservation of %s names no client.", text);
    if (fo_scope_reservation(s, r->address) != NULL)
        return refuse(ERROR_DHCP_RESERVEDIP_EXITS, why, why_capacity, "%s is reserved already.",
                      text);
    if (!fo_scope_in_range(s, r->address))
        return refuse(ERROR_DHCP_NOT_RESERVED_CLIENT, why, why_capacity,
                      "%s is in no range of the scope.", text);
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
