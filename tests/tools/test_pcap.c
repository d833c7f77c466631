#include "tests/tools/pcap_writer.h"
#include "tools/pcap.h"

#define MICRO 0xa1b2c3d4u
#define NANO  0xa1b23c4du

static struct pcap_writer p;
static struct packet k;
static struct pcap_file file;
static struct pcap_segment s;

/* One packet with "hello" behind the given link header; true when it is read as such. */
static bool hello_is_read(uint32_t link_type, const char *link, size_t link_length)
{
    pcap_begin(&p, MICRO, link_type);
    packet_begin(&k, link, link_length);
    packet_ipv4(&k, 6, 0, 25);
    packet_tcp(&k, 4000, 77, false, "hello", 5);
    fo_write_bytes(&k.w, "\0\0\0", 3); /* padding of the link, not payload */
    pcap_packet(&p, k.data, k.w.position);
    cr_assert_eq(pcap_open(&file, p.data, p.w.position), FO_OK);
    if (pcap_next(&file, &s) != 1)
        return false;
    cr_assert_eq(s.time_us, 100500000);
    cr_assert_eq(s.from.port, 4000);
    cr_assert_eq(s.to.port, 647);
    cr_assert_eq(s.from.address_length, 4);
    cr_assert_arr_eq(s.from.address, "\x0a\0\0\1", 4);
    cr_assert_arr_eq(s.to.address, "\x0a\0\0\2", 4);
    cr_assert_eq(s.sequence, 77);
    cr_assert_not(s.syn);
    cr_assert_eq(s.payload_length, 5);
    cr_assert_arr_eq(s.payload, "hello", 5);
    cr_assert_eq(pcap_next(&file, &s), 0);
    return true;
}

Test(pcap, every_link_type_that_is_listed_is_read)
{
    cr_assert(hello_is_read(1, "\1\2\3\4\5\6\1\2\3\4\5\7\x08\x00", 14));
    cr_assert(hello_is_read(1, "\1\2\3\4\5\6\1\2\3\4\5\7\x81\x00\0\5\x08\x00", 18));
    cr_assert(hello_is_read(1, "\1\2\3\4\5\6\1\2\3\4\5\7\x88\xa8\0\5\x81\x00\0\5\x08\x00", 22));
    cr_assert(hello_is_read(113, "\0\0\0\1\0\6\1\2\3\4\5\6\0\0\x08\x00", 16));
    cr_assert(hello_is_read(276, "\x08\x00\0\0\0\0\0\2\0\1\0\6\1\2\3\4\5\6\0\0", 20));
    cr_assert(hello_is_read(101, "", 0));
    cr_assert(hello_is_read(12, "", 0));
    cr_assert(hello_is_read(228, "", 0));
    cr_assert_not(hello_is_read(1, "\1\2\3\4\5\6\1\2\3\4\5\7\x08\x06", 14), "ARP");
}

Test(pcap, ipv6_and_its_extension_headers_are_read)
{
    pcap_begin(&p, MICRO, 101);
    packet_begin(&k, "\x60\0\0\0\0\x1e\0\x40", 8); /* 8 of hop-by-hop, 20 of TCP, 2 of payload */
    for (unsigned i = 0; i < 32; i++)
        fo_write_u8(&k.w, (uint8_t)i);
    fo_write_u64(&k.w, 0x0600000000000000u);
    packet_tcp(&k, 4000, 1, true, "hi", 2);
    pcap_packet(&p, k.data, k.w.position);
    cr_assert_eq(pcap_open(&file, p.data, p.w.position), FO_OK);
    cr_assert_eq(pcap_next(&file, &s), 1);
    cr_assert_eq(s.from.address_length, 16);
    cr_assert_eq(s.from.address[15], 15);
    cr_assert_eq(s.to.address[0], 16);
    cr_assert(s.syn);
    cr_assert_eq(s.payload_length, 2);
}

Test(pcap, packets_that_are_something_else_are_passed_over)
{
    pcap_begin(&p, MICRO, 101);
    packet_begin(&k, "", 0);
    packet_ipv4(&k, 17, 0, 20); /* UDP */
    packet_tcp(&k, 4000, 1, false, "", 0);
    pcap_packet(&p, k.data, k.w.position);
    packet_begin(&k, "", 0);
    packet_ipv4(&k, 6, 0x2000, 20); /* a fragment */
    packet_tcp(&k, 4000, 2, false, "", 0);
    pcap_packet(&p, k.data, k.w.position);
    pcap_packet(&p, k.data, 0);
    packet_begin(&k, "", 0);
    packet_ipv4(&k, 6, 0, 20);
    packet_tcp(&k, 4000, 3, false, "", 0);
    pcap_packet(&p, k.data, k.w.position);
    cr_assert_eq(pcap_open(&file, p.data, p.w.position), FO_OK);
    cr_assert_eq(pcap_next(&file, &s), 1);
    cr_assert_eq(s.sequence, 3);
    cr_assert_eq(pcap_next(&file, &s), 0);
}

Test(pcap, a_packet_cut_anywhere_is_passed_over_or_shorter)
{
    packet_begin(&k, "\1\2\3\4\5\6\1\2\3\4\5\7\x08\x00", 14);
    packet_ipv4(&k, 6, 0, 25);
    packet_tcp(&k, 4000, 77, false, "hello", 5);
    for (size_t length = 0; length < k.w.position; length++) {
        int rc;

        pcap_begin(&p, MICRO, 1);
        pcap_packet(&p, k.data, length);
        cr_assert_eq(pcap_open(&file, p.data, p.w.position), FO_OK);
        rc = pcap_next(&file, &s);
        cr_assert_eq(rc, length >= 54 ? 1 : 0, "%zu bytes", length);
        if (rc == 1)
            cr_assert_eq(s.payload_length, length - 54);
    }
}

Test(pcap, nanoseconds_become_microseconds)
{
    pcap_begin(&p, NANO, 101);
    packet_begin(&k, "", 0);
    packet_ipv4(&k, 6, 0, 20);
    packet_tcp(&k, 4000, 1, false, "", 0);
    pcap_packet(&p, k.data, k.w.position);
    cr_assert_eq(pcap_open(&file, p.data, p.w.position), FO_OK);
    cr_assert_eq(pcap_next(&file, &s), 1);
    cr_assert_eq(s.time_us, 100000500);
}

Test(pcap, the_other_byte_order_is_recognised)
{
    static const uint8_t little[24] = {0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, [16] = 0xff, [20] = 1};

    cr_assert_eq(pcap_open(&file, little, sizeof little), FO_OK);
    cr_assert(file.swapped);
    cr_assert_eq(file.link_type, 1);
    cr_assert_eq(pcap_next(&file, &s), 0);
}

Test(pcap, what_is_no_capture_is_refused)
{
    pcap_begin(&p, 0x0a0d0d0au, 1); /* pcapng */
    cr_assert_eq(pcap_open(&file, p.data, p.w.position), FO_EMALFORMED);
    pcap_begin(&p, MICRO, 105); /* 802.11 */
    cr_assert_eq(pcap_open(&file, p.data, p.w.position), FO_EMALFORMED);
    cr_assert_eq(pcap_open(&file, p.data, 23), FO_ETRUNCATED);
}

Test(pcap, a_file_that_ends_in_a_packet_is_refused)
{
    pcap_begin(&p, MICRO, 101);
    packet_begin(&k, "", 0);
    packet_ipv4(&k, 6, 0, 20);
    packet_tcp(&k, 4000, 1, false, "", 0);
    pcap_packet(&p, k.data, k.w.position);
    for (size_t length = 25; length < p.w.position; length++) {
        cr_assert_eq(pcap_open(&file, p.data, length), FO_OK);
        cr_assert_eq(pcap_next(&file, &s), FO_ETRUNCATED);
    }
}
