/** tests/state/case6.h: a store for IPv6, changes in transactions of their own, addresses in short.
 */
#ifndef TESTS_STATE_CASE6_H
#define TESTS_STATE_CASE6_H

#include <criterion/criterion.h>
#include <string.h>

#include "state/change6.h"
#include "state/store_mem.h"

#define NOW 1700000000u

static struct fo_store *store;
static char why[200];

static inline struct fo_ipv6 at(const char *text)
{
    struct fo_ipv6 a;

    cr_assert_eq(fo_ipv6_parse(text, &a), FO_OK, "%s", text);
    return a;
}

static inline struct fo_client6 client_of(uint32_t iaid, const char *duid)
{
    struct fo_client6 c = {.iaid = iaid, .duid_length = (uint16_t)strlen(duid)};

    memcpy(c.duid, duid, c.duid_length);
    return c;
}

static inline struct fo_change6 change_begin(void)
{
    cr_assert_eq(fo_store_begin(store), FO_OK);
    why[0] = '\0';
    return (struct fo_change6){
        .store = store, .now = {NOW}, .why = why, .why_capacity = sizeof why};
}

/* Commits, as the loop does, whatever the code: a refusal has changed nothing. */
static inline uint32_t change_end(const struct fo_change6 *c, uint32_t code)
{
    cr_assert_eq(c->err, FO_OK);
    cr_expect(code == ERROR_SUCCESS || why[0] != '\0', "a refusal has a sentence: %u", code);
    cr_assert_eq(fo_store_commit(store), FO_OK);
    return code;
}

static inline uint32_t make_prefix(const char *text, uint8_t length)
{
    struct fo_prefix6 p = {.prefix = at(text), .length = length, .name = "lan"};
    struct fo_change6 c = change_begin();

    return change_end(&c, fo_change6_create_prefix(&c, &p));
}

static inline struct fo_lease6 lease_of(const char *address, uint32_t iaid, const char *duid)
{
    return (struct fo_lease6){.address = at(address),
                              .client = client_of(iaid, duid),
                              .state = FO_LEASE6_COMMITTED,
                              .valid_until = {NOW + 3600},
                              .preferred_until = {NOW + 1800},
                              .name = "pc",
                              .comment = "by hand"};
}

static inline uint32_t create_lease(const struct fo_lease6 *l)
{
    struct fo_change6 c = change_begin();

    return change_end(&c, fo_change6_create_lease(&c, l));
}

static inline uint32_t make_lease(const char *address, uint32_t iaid, const char *duid)
{
    struct fo_lease6 l = lease_of(address, iaid, duid);

    return create_lease(&l);
}

static inline uint32_t delete_lease(const char *address)
{
    struct fo_change6 c = change_begin();

    return change_end(&c, fo_change6_delete_lease(&c, at(address)));
}

static inline struct fo_element6 reservation_of(const char *address, uint32_t iaid,
                                                const char *duid)
{
    return (struct fo_element6){.kind = FO_ELEMENT6_RESERVATION,
                                .first = at(address),
                                .last = at(address),
                                .client = client_of(iaid, duid)};
}

static inline struct fo_element6 exclusion_of(const char *first, const char *last)
{
    return (struct fo_element6){
        .kind = FO_ELEMENT6_EXCLUSION, .first = at(first), .last = at(last)};
}

static inline uint32_t add(const char *prefix, struct fo_element6 e)
{
    struct fo_change6 c = change_begin();

    return change_end(&c, fo_change6_add_element(&c, at(prefix), &e));
}

static inline uint32_t take_away(const char *prefix, struct fo_element6 e)
{
    struct fo_change6 c = change_begin();

    return change_end(&c, fo_change6_remove_element(&c, at(prefix), &e));
}

static inline bool has_lease(const char *address)
{
    struct fo_lease6 l;

    return fo_lease6_get(store, at(address), &l) == FO_OK;
}

#endif
