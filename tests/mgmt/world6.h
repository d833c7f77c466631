/** tests/mgmt/world6.h: IPv6 in short, on a world of mgmt_world.h. */
#ifndef TESTS_MGMT_WORLD6_H
#define TESTS_MGMT_WORLD6_H

#include <string.h>

#include <criterion/criterion.h>

#include "mgmt_world.h"
#include "proto/ipv6.h"

/** Sixteen bytes for a message, in static memory that is used in turn. */
static inline ProtobufCBinaryData bytes_at(const char *text)
{
    static uint8_t room[64][FO_IPV6_LENGTH];
    static unsigned next;
    struct fo_ipv6 a;
    uint8_t *bytes = room[next++ % 64];
    struct fo_writer w = fo_writer_of(bytes, FO_IPV6_LENGTH);

    cr_assert_eq(fo_ipv6_parse(text, &a), FO_OK, "%s", text);
    fo_write_ipv6(&w, a);
    return (ProtobufCBinaryData){FO_IPV6_LENGTH, bytes};
}

static inline bool same_address(const ProtobufCBinaryData *m, const char *text)
{
    ProtobufCBinaryData wanted = bytes_at(text);

    return m->len == wanted.len && memcmp(m->data, wanted.data, wanted.len) == 0;
}

static inline ProtobufCBinaryData duid_of(const char *text)
{
    static uint8_t room[64][300];
    static unsigned next;
    uint8_t *bytes = room[next++ % 64];

    memcpy(bytes, text, strlen(text));
    return (ProtobufCBinaryData){strlen(text), bytes};
}

static inline uint32_t make_prefix(struct mgmt_world *w, const char *prefix, uint32_t length)
{
    Mgmt__Prefix6 m = MGMT__PREFIX6__INIT;
    Mgmt__Prefix6Info info = MGMT__PREFIX6_INFO__INIT;
    Mgmt__Request q = request_of(MGMT__REQUEST__CALL_PREFIX6_CREATE, &m);

    m.prefix = bytes_at(prefix);
    m.info = &info;
    info.length = length;
    return mgmt_world_code(w, &q);
}

static inline Mgmt__Lease6 lease6_of(const char *address, uint32_t iaid, const char *duid)
{
    Mgmt__Lease6 m = MGMT__LEASE6__INIT;

    m.address = bytes_at(address);
    m.iaid = iaid;
    m.duid = duid_of(duid);
    return m;
}

static inline uint32_t make_lease6(struct mgmt_world *w, const char *address, uint32_t iaid,
                                   const char *duid)
{
    Mgmt__Lease6 m = lease6_of(address, iaid, duid);
    Mgmt__Request q = request_of(MGMT__REQUEST__CALL_LEASE6_CREATE, &m);

    return mgmt_world_code(w, &q);
}

/** |first| NULL: a reservation of |last| for (1, "client"). */
static inline uint32_t change_element(struct mgmt_world *w, Mgmt__Request__CallCase call,
                                      const char *prefix, const char *first, const char *last)
{
    Mgmt__Element6 m = MGMT__ELEMENT6__INIT;
    Mgmt__Range6 range = MGMT__RANGE6__INIT;
    Mgmt__Reservation6 reservation = MGMT__RESERVATION6__INIT;
    Mgmt__Request q = request_of(call, &m);

    m.prefix = bytes_at(prefix);
    if (first != NULL) {
        m.element_case = MGMT__ELEMENT6__ELEMENT_EXCLUSION;
        m.exclusion = &range;
        range.first = bytes_at(first);
        range.last = bytes_at(last);
    } else {
        m.element_case = MGMT__ELEMENT6__ELEMENT_RESERVATION;
        m.reservation = &reservation;
        reservation.address = bytes_at(last);
        reservation.duid = duid_of("client");
        reservation.iaid = 1;
    }
    return mgmt_world_code(w, &q);
}

#endif
