/* What two ISC dhcpd 4.4.3-P1 said to each other (tests/data/isc-dhcpd), read and said again. */
#include <stdio.h>
#include <stdlib.h>

#include "tests/proto/hex.h"
#include "tools/capture.h"

/* The number of messages in each file as tshark 4.0.17 counts them:
 *   tshark -r FILE -Y dhcpfo -T fields -e dhcpfo.type | tr ',' '\n' | grep -c . */
static const struct {
    const char *name;
    unsigned messages;
} captures[] = {
    {"01-virgin-to-normal", 77},
    {"02-idle-contact", 95},
    {"03-allocate", 88},
    {"04-renew", 102},
    {"05-release", 98},
    {"06-expire", 124},
    {"07-decline-abandon", 94},
    {"08-poolreq", 174},
    {"09-kill-secondary-reconnect", 98},
    {"10-kill-primary-reconnect", 98},
    {"11-silent-link-loss", 104},
    {"12-partner-down-recover-updreqall", 160},
    {"13-partner-down-return-with-database", 141},
    {"14-recover-of-primary", 151},
    {"15-potential-conflict", 129},
    {"16-shutdown-omapi", 97},
    {"17-sigterm-reconnect", 86},
    {"18-connect-refused-wrong-name", 18},
    {"19-state-shutdown", 119},
};
#define CAPTURES (sizeof captures / sizeof captures[0])

static struct bytes_of_file {
    uint8_t data[1 << 16];
    size_t length;
} file;

static void load(const char *name)
{
    char path[512];
    FILE *in;

    (void)snprintf(path, sizeof path, "%s/isc-dhcpd/%s.pcap", FO_TEST_DATA, name);
    in = fopen(path, "rb");
    cr_assert_not_null(in, "%s", path);
    file.length = fread(file.data, 1, sizeof file.data, in);
    (void)fclose(in);
    cr_assert_lt(file.length, sizeof file.data);
}

struct counts {
    unsigned all;
    unsigned of_type[13];
};

static void say_again(void *context, const struct capture_message *received)
{
    static struct fo_message m;
    struct counts *counts = context;
    struct fo_fault fault;
    uint8_t again[FO_MESSAGE_MAX];
    struct fo_writer w = fo_writer_of(again, sizeof again);
    int rc;

    cr_assert_not_null(received->data, "%s", received->damage);
    rc = fo_message_decode(received->data, received->length, &m, &fault);
    cr_assert_eq(rc, FO_OK, "%s", fault.text);
    rc = fo_message_encode(&m, fo_dialect_get(FO_DIALECT_ISC), NULL, &w);
    cr_assert_eq(rc, FO_OK, "%s: %s", fo_message_type_name(m.type), fo_error_name(rc));
    cr_assert_eq(w.position, received->length);
    cr_assert_arr_eq(again, received->data, received->length);
    counts->all++;
    counts->of_type[m.type]++;
}

Test(captures, every_message_of_dhcpd_is_read_and_said_again_with_the_same_bytes)
{
    for (size_t i = 0; i < CAPTURES; i++) {
        struct counts counts = {.all = 0};

        load(captures[i].name);
        cr_assert_eq(capture_read(file.data, file.length, 647, say_again, &counts), FO_OK);
        cr_assert_eq(counts.all, captures[i].messages, "%s: %u messages", captures[i].name,
                     counts.all);
    }
}

Test(captures, the_messages_are_of_the_types_that_tshark_sees)
{
    /* 12-partner-down-recover-updreqall, by dhcpfo.type 1 to 12. */
    static const unsigned expected[13] = {0, 0, 0, 62, 62, 2, 2, 5, 3, 0, 15, 9, 0};
    struct counts counts = {.all = 0};

    load("12-partner-down-recover-updreqall");
    cr_assert_eq(capture_read(file.data, file.length, 647, say_again, &counts), FO_OK);
    cr_assert_arr_eq(counts.of_type, expected, sizeof expected);
}
