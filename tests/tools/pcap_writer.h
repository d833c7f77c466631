/* tests/tools/pcap_writer.h: small captures made in memory. */
#ifndef FO_TESTS_TOOLS_PCAP_WRITER_H
#define FO_TESTS_TOOLS_PCAP_WRITER_H

#include <criterion/criterion.h>
#include <string.h>

#include "proto/bytes.h"

struct pcap_writer {
    uint8_t data[1 << 14];
    struct fo_writer w;
    uint32_t seconds; /* of the next packet */
};

/** A big-endian pcap file of |link_type|. */
static inline void pcap_begin(struct pcap_writer *p, uint32_t magic, uint32_t link_type)
{
    p->w = fo_writer_of(p->data, sizeof p->data);
    p->seconds = 100;
    fo_write_u32(&p->w, magic);
    fo_write_u32(&p->w, 0x00020004u);
    fo_write_u64(&p->w, 0);
    fo_write_u32(&p->w, 65535);
    fo_write_u32(&p->w, link_type);
}

static inline void pcap_packet(struct pcap_writer *p, const uint8_t *packet, size_t length)
{
    fo_write_u32(&p->w, p->seconds++);
    fo_write_u32(&p->w, 500000);
    fo_write_u32(&p->w, (uint32_t)length);
    fo_write_u32(&p->w, (uint32_t)length);
    fo_write_bytes(&p->w, packet, length);
    cr_assert_eq(p->w.err, FO_OK);
}

struct packet {
    uint8_t data[2048];
    struct fo_writer w;
};

static inline void packet_begin(struct packet *k, const void *link, size_t length)
{
    k->w = fo_writer_of(k->data, sizeof k->data);
    fo_write_bytes(&k->w, link, length);
}

/** An IPv4 header from 10.0.0.1 to 10.0.0.2 before |length| bytes of |protocol|. */
static inline void packet_ipv4(struct packet *k, uint8_t protocol, uint16_t fragment, size_t length)
{
    fo_write_u16(&k->w, 0x4500);
    fo_write_u16(&k->w, (uint16_t)(20 + length));
    fo_write_u16(&k->w, 1);
    fo_write_u16(&k->w, fragment);
    fo_write_u8(&k->w, 64);
    fo_write_u8(&k->w, protocol);
    fo_write_u16(&k->w, 0);
    fo_write_u32(&k->w, 0x0a000001u);
    fo_write_u32(&k->w, 0x0a000002u);
}

static inline void packet_tcp(struct packet *k, uint16_t from, uint32_t sequence, bool syn,
                              const void *payload, size_t length)
{
    fo_write_u16(&k->w, from);
    fo_write_u16(&k->w, 647);
    fo_write_u32(&k->w, sequence);
    fo_write_u32(&k->w, 0);
    fo_write_u16(&k->w, syn ? 0x5002 : 0x5018);
    fo_write_u16(&k->w, 1000);
    fo_write_u32(&k->w, 0);
    fo_write_bytes(&k->w, payload, length);
}

#endif
