/* What two ISC dhcpd 4.4.3-P1 said to each other (tests/data/isc-dhcpd), read and said again. */
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/proto/hex.h"
#include "tools/capture.h"

/* How many messages of which dhcpfo.type (1 to 12) each file has, as tshark 4.0.17 counts them:
 *   tshark -r FILE -Y dhcpfo -T fields -e dhcpfo.type | tr ',' '\n' | sort -n | uniq -c
 */
static const struct {
    const char *name;
    unsigned of_type[13];
} captures[] = {
    {"01-virgin-to-normal", {0, 0, 0, 30, 30, 1, 1, 4, 2, 0, 8, 1, 0}},
    {"02-idle-contact", {0, 0, 0, 30, 30, 1, 1, 4, 2, 0, 8, 19, 0}},
    {"03-allocate", {0, 0, 0, 36, 36, 1, 1, 4, 2, 0, 8, 0, 0}},
    {"04-renew", {0, 0, 0, 42, 42, 1, 1, 4, 2, 0, 8, 2, 0}},
    {"05-release", {0, 0, 0, 40, 40, 1, 1, 4, 2, 0, 8, 2, 0}},
    {"06-expire", {0, 0, 0, 37, 37, 1, 1, 4, 2, 0, 8, 34, 0}},
    {"07-decline-abandon", {0, 0, 0, 38, 38, 1, 1, 4, 2, 0, 8, 2, 0}},
    {"08-poolreq", {0, 1, 1, 76, 76, 1, 1, 4, 2, 0, 8, 4, 0}},
    {"09-kill-secondary-reconnect", {0, 0, 0, 37, 37, 2, 2, 4, 2, 0, 12, 2, 0}},
    {"10-kill-primary-reconnect", {0, 0, 0, 37, 37, 2, 2, 4, 2, 0, 12, 2, 0}},
    {"11-silent-link-loss", {0, 0, 0, 40, 39, 2, 2, 4, 2, 0, 12, 3, 0}},
    {"12-partner-down-recover-updreqall", {0, 0, 0, 62, 62, 2, 2, 5, 3, 0, 15, 9, 0}},
    {"13-partner-down-return-with-database", {0, 0, 0, 55, 52, 2, 2, 5, 3, 0, 15, 7, 0}},
    {"14-recover-of-primary", {0, 0, 0, 58, 58, 2, 2, 5, 3, 0, 15, 8, 0}},
    {"15-potential-conflict", {0, 0, 0, 48, 48, 2, 2, 4, 4, 2, 15, 4, 0}},
    {"16-shutdown-omapi", {0, 0, 0, 37, 35, 2, 2, 4, 2, 0, 12, 3, 0}},
    {"17-sigterm-reconnect", {0, 0, 0, 31, 31, 2, 2, 4, 2, 0, 12, 2, 0}},
    {"18-connect-refused-wrong-name", {0, 0, 0, 0, 0, 9, 9, 0, 0, 0, 0, 0, 0}},
    {"19-state-shutdown", {0, 0, 0, 44, 41, 2, 2, 4, 2, 0, 13, 11, 0}},
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
    cr_assert_lt(m.type, 13);
    counts->of_type[m.type]++;
}

Test(captures, every_message_of_dhcpd_is_read_and_said_again_with_the_same_bytes)
{
    for (size_t i = 0; i < CAPTURES; i++) {
        struct counts counts = {{0}};

        load(captures[i].name);
        cr_assert_eq(capture_read(file.data, file.length, 647, say_again, &counts), FO_OK);
        for (unsigned type = 0; type < 13; type++)
            cr_assert_eq(counts.of_type[type], captures[i].of_type[type],
                         "%s: %u messages of type %u", captures[i].name, counts.of_type[type],
                         type);
    }
}

Test(captures, none_is_left_out)
{
    glob_t files;
    cr_assert_eq(glob(FO_TEST_DATA "/isc-dhcpd/*.pcap", 0, NULL, &files), 0);
    cr_assert_eq(files.gl_pathc, CAPTURES);
    globfree(&files);
}
