#include "tools/pcap.h"

#include <string.h>

#define FILE_HEADER   24
#define PACKET_HEADER 16

#define MAGIC_MICRO 0xa1b2c3d4u
#define MAGIC_NANO  0xa1b23c4du

/* Link types, as the registry of tcpdump.org numbers them. */
#define LINK_ETHERNET 1
#define LINK_RAW_BSD  12
#define LINK_RAW      101
#define LINK_SLL      113
#define LINK_IPV4     228
#define LINK_IPV6     229
#define LINK_SLL2     276

#define ETHER_IPV4 0x0800
#define ETHER_IPV6 0x86dd
#define ETHER_VLAN 0x8100
#define ETHER_QINQ 0x88a8

#define PROTOCOL_HOP_BY_HOP  0
#define PROTOCOL_TCP         6
#define PROTOCOL_ROUTING     43
#define PROTOCOL_DESTINATION 60

#define TCP_SYN 0x02

/** What is left of a packet below the layers already taken off. */
struct rest {
    const uint8_t *data;
    size_t length;
};

static unsigned be16(const uint8_t *p)
{
    return (unsigned)p[0] << 8 | p[1];
}

static uint32_t be32(const uint8_t *p)
{
    return (uint32_t)be16(p) << 16 | be16(p + 2);
}

static uint32_t file_u32(const struct pcap_file *file, const uint8_t *p)
{
    uint32_t big = be32(p);

    return file->swapped ? __builtin_bswap32(big) : big;
}

static bool take_off(struct rest *rest, size_t length)
{
    if (rest->length < length)
        return false;
    rest->data += length;
    rest->length -= length;
    return true;
}

static bool link_is_known(uint32_t type)
{
    return type == LINK_ETHERNET || type == LINK_RAW_BSD || type == LINK_RAW || type == LINK_SLL ||
           type == LINK_IPV4 || type == LINK_IPV6 || type == LINK_SLL2;
}

int pcap_open(struct pcap_file *file, const uint8_t *data, size_t length)
{
    uint32_t magic;

    *file = (struct pcap_file){.data = data, .length = length, .position = FILE_HEADER};
    if (length < FILE_HEADER)
        return FO_ETRUNCATED;
    magic = be32(data);
    file->swapped = magic != MAGIC_MICRO && magic != MAGIC_NANO;
    magic = file_u32(file, data);
    if (magic != MAGIC_MICRO && magic != MAGIC_NANO)
        return FO_EMALFORMED;
    file->nanoseconds = magic == MAGIC_NANO;
    file->link_type = file_u32(file, data + 20) & 0xffffu;
    return link_is_known(file->link_type) ? FO_OK : FO_EMALFORMED;
}

/* Takes the link layer off; false when no IP packet follows. */
static bool take_link(uint32_t link_type, struct rest *rest)
{
    const uint8_t *start = rest->data;
    unsigned type;

    switch (link_type) {
    case LINK_ETHERNET:
        if (!take_off(rest, 14))
            return false;
        type = be16(start + 12);
        break;
    case LINK_SLL:
        if (!take_off(rest, 16))
            return false;
        type = be16(start + 14);
        break;
    case LINK_SLL2:
        if (!take_off(rest, 20))
            return false;
        type = be16(start);
        break;
    default:
        return true;
    }
    while ((type == ETHER_VLAN || type == ETHER_QINQ) && rest->length >= 4) {
        type = be16(rest->data + 2);
        (void)take_off(rest, 4);
    }
    return type == ETHER_IPV4 || type == ETHER_IPV6;
}

/* A packet may be followed by padding of the link, and may be cut by the capture. */
static void trim(struct rest *rest, size_t length)
{
    if (rest->length > length)
        rest->length = length;
}

static void set_addresses(struct pcap_segment *s, const uint8_t *source, uint8_t length)
{
    memcpy(s->from.address, source, length);
    memcpy(s->to.address, source + length, length);
    s->from.address_length = length;
    s->to.address_length = length;
}

static bool take_ipv4(struct rest *rest, struct pcap_segment *s)
{
    const uint8_t *ip = rest->data;
    size_t header;

    if (rest->length < 20)
        return false;
    header = (size_t)(ip[0] & 15u) * 4;
    if (header < 20 || be16(ip + 2) < header || (be16(ip + 6) & 0x3fffu) != 0 ||
        ip[9] != PROTOCOL_TCP)
        return false;
    set_addresses(s, ip + 12, 4);
    trim(rest, be16(ip + 2));
    return take_off(rest, header);
}

static bool is_extension(unsigned protocol)
{
    return protocol == PROTOCOL_HOP_BY_HOP || protocol == PROTOCOL_ROUTING ||
           protocol == PROTOCOL_DESTINATION;
}

static bool take_ipv6(struct rest *rest, struct pcap_segment *s)
{
    const uint8_t *ip = rest->data;
    unsigned next;

    if (!take_off(rest, 40))
        return false;
    next = ip[6];
    set_addresses(s, ip + 8, 16);
    trim(rest, be16(ip + 4));
    while (is_extension(next)) {
        const uint8_t *extension = rest->data;

        if (rest->length < 8 || !take_off(rest, ((size_t)extension[1] + 1) * 8))
            return false;
        next = extension[0];
    }
    return next == PROTOCOL_TCP;
}

static bool take_tcp(struct rest *rest, struct pcap_segment *s)
{
    const uint8_t *tcp = rest->data;
    size_t header;

    if (rest->length < 20)
        return false;
    header = (size_t)(tcp[12] >> 4) * 4;
    if (header < 20 || !take_off(rest, header))
        return false;
    s->from.port = (uint16_t)be16(tcp);
    s->to.port = (uint16_t)be16(tcp + 2);
    s->sequence = be32(tcp + 4);
    s->syn = (tcp[13] & TCP_SYN) != 0;
    s->payload = rest->data;
    s->payload_length = rest->length;
    return true;
}

static bool parse_packet(const struct pcap_file *file, struct rest rest, struct pcap_segment *s)
{
    unsigned version;

    if (!take_link(file->link_type, &rest) || rest.length == 0)
        return false;
    version = rest.data[0] >> 4;
    if (version == 4 ? !take_ipv4(&rest, s) : version != 6 || !take_ipv6(&rest, s))
        return false;
    return take_tcp(&rest, s);
}

int pcap_next(struct pcap_file *file, struct pcap_segment *out)
{
    while (file->position < file->length) {
        const uint8_t *header = file->data + file->position;
        size_t left = file->length - file->position;
        struct pcap_segment segment = {0};
        struct rest packet;

        if (left < PACKET_HEADER)
            return FO_ETRUNCATED;
        packet = (struct rest){header + PACKET_HEADER, file_u32(file, header + 8)};
        if (packet.length > left - PACKET_HEADER)
            return FO_ETRUNCATED;
        file->position += PACKET_HEADER + packet.length;
        segment.time_us = (int64_t)file_u32(file, header) * 1000000 +
                          file_u32(file, header + 4) / (file->nanoseconds ? 1000 : 1);
        if (parse_packet(file, packet, &segment)) {
            *out = segment;
            return 1;
        }
    }
    return 0;
}
