#include "tests/fo/recording.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "tools/capture.h"

struct reading {
    struct recording *out;
    uint32_t pairs[64]; /* ports of the connections seen so far */
};

static unsigned connection_of(struct reading *reading, const struct capture_message *m)
{
    bool from_a = m->from.address[3] == 1;
    uint32_t pair = ((uint32_t)(from_a ? m->from.port : m->to.port) << 16) |
                    (from_a ? m->to.port : m->from.port);
    unsigned i = 0;
    while (reading->pairs[i] != 0 && reading->pairs[i] != pair)
        i++;
    reading->pairs[i] = pair;
    return i + 1;
}

static void record(void *context, const struct capture_message *m)
{
    struct reading *reading = context;
    struct recording *out = reading->out;
    struct recorded *one = &out->messages[out->count++];
    cr_assert_not_null(m->data, "%s", m->damage);
    cr_assert_lt(out->count, RECORDING_MESSAGES);
    if (out->count == 1)
        out->utc0_us = m->time_us;
    one->ms = (m->time_us - out->utc0_us) / 1000;
    one->by = m->from.address[3] == 1 ? SIDE_A : SIDE_B;
    one->connection = connection_of(reading, m);
    one->length = m->length;
    memcpy(one->bytes, m->data, m->length);
}

void recording_read(struct recording *out, const char *name)
{
    static uint8_t data[65536];
    struct reading reading = {.out = out};
    char path[512];
    size_t length;
    FILE *file;
    out->count = 0;
    snprintf(path, sizeof path, "%s/isc-dhcpd/%s.pcap", FO_TEST_DATA, name);
    file = fopen(path, "rb");
    cr_assert_not_null(file, "%s", path);
    length = fread(data, 1, sizeof data, file);
    fclose(file);
    cr_assert_eq(capture_read(data, length, 647, record, &reading), FO_OK);
}

void recorded_decode(const struct recorded *one, struct fo_message *out)
{
    struct fo_fault fault;
    cr_assert_eq(fo_message_decode(one->bytes, one->length, out, &fault), FO_OK, "%s", fault.text);
}
