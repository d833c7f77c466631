#include "proto/ipv6.h"

#include <arpa/inet.h>

int fo_ipv6_compare(struct fo_ipv6 a, struct fo_ipv6 b)
{
    if (a.high != b.high)
        return a.high < b.high ? -1 : 1;
    return a.low < b.low ? -1 : a.low > b.low;
}

bool fo_ipv6_is_zero(struct fo_ipv6 a)
{
    return a.high == 0 && a.low == 0;
}

/* The first |length| of 64 bits, 0 to 64. */
static uint64_t first_bits(unsigned length)
{
    return length == 0 ? 0 : UINT64_MAX << (64 - length);
}

static struct fo_ipv6 mask_of(unsigned length)
{
    if (length <= 64)
        return (struct fo_ipv6){first_bits(length), 0};
    return (struct fo_ipv6){UINT64_MAX, first_bits(length - 64)};
}

struct fo_ipv6 fo_ipv6_mask(struct fo_ipv6 a, unsigned length)
{
    struct fo_ipv6 mask = mask_of(length);

    return (struct fo_ipv6){a.high & mask.high, a.low & mask.low};
}

bool fo_ipv6_within(struct fo_ipv6 a, struct fo_ipv6 prefix, unsigned length)
{
    return fo_ipv6_compare(fo_ipv6_mask(a, length), prefix) == 0;
}

struct fo_ipv6 fo_ipv6_last(struct fo_ipv6 prefix, unsigned length)
{
    struct fo_ipv6 mask = mask_of(length);

    return (struct fo_ipv6){prefix.high | ~mask.high, prefix.low | ~mask.low};
}

struct fo_ipv6 fo_ipv6_next(struct fo_ipv6 a)
{
    a.low++;
    if (a.low == 0)
        a.high++;
    return a;
}

bool fo_ipv6_is_link_local(struct fo_ipv6 a)
{
    return a.high >> 54 == 0x3fa; /* fe80::/10 */
}

bool fo_ipv6_is_unicast(struct fo_ipv6 a)
{
    bool multicast = a.high >> 56 == 0xff;
    bool loopback_or_none = a.high == 0 && a.low <= 1;

    return !multicast && !loopback_or_none && !fo_ipv6_is_link_local(a);
}

static void to_bytes(struct fo_ipv6 a, uint8_t out[FO_IPV6_LENGTH])
{
    struct fo_writer w = fo_writer_of(out, FO_IPV6_LENGTH);

    fo_write_ipv6(&w, a);
}

char *fo_ipv6_text(struct fo_ipv6 a, char out[FO_IPV6_TEXT])
{
    struct in6_addr address;

    to_bytes(a, address.s6_addr);
    if (inet_ntop(AF_INET6, &address, out, FO_IPV6_TEXT) == NULL)
        out[0] = '\0';
    return out;
}

int fo_ipv6_parse(const char *text, struct fo_ipv6 *out)
{
    struct in6_addr address;
    struct fo_reader r;

    if (inet_pton(AF_INET6, text, &address) != 1)
        return FO_EINVAL;
    r = fo_reader_of(address.s6_addr, FO_IPV6_LENGTH);
    fo_read_ipv6(&r, out);
    return FO_OK;
}

void fo_write_ipv6(struct fo_writer *w, struct fo_ipv6 a)
{
    fo_write_u64(w, a.high);
    fo_write_u64(w, a.low);
}

void fo_read_ipv6(struct fo_reader *r, struct fo_ipv6 *out)
{
    fo_read_u64(r, &out->high);
    fo_read_u64(r, &out->low);
}
