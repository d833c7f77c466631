/* fodump: the failover messages of a capture file or of a stream of bytes, one per line. */
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/message.h"
#include "tools/capture.h"

#define FAILOVER_PORT 647 /* §8.2 */
#define LINE_MAX_TEXT 65536
#define ENDPOINT_TEXT (INET6_ADDRSTRLEN + 8)

enum { EXIT_DAMAGED = 1, EXIT_USAGE = 2 };

struct dump {
    bool raw;
    bool started;
    int64_t start_us; /* time of the first message */
    unsigned damaged; /* messages and streams that could not be read */
};

static const char usage[] =
    "usage: fodump [--port N] FILE.pcap\n"
    "       fodump --raw [FILE]\n"
    "Prints the DHCP failover messages of a capture (TCP port 647 unless N is given), or of\n"
    "the bare bytes of one direction. Exit: 0 done, 1 something is damaged, 2 usage.\n";

static const char *endpoint_text(const struct pcap_end *end, char out[ENDPOINT_TEXT])
{
    char address[INET6_ADDRSTRLEN];
    bool ipv4 = end->address_length == 4;

    (void)inet_ntop(ipv4 ? AF_INET : AF_INET6, end->address, address, sizeof address);
    (void)snprintf(out, ENDPOINT_TEXT, ipv4 ? "%s:%u" : "[%s]:%u", address, end->port);
    return out;
}

static void print_place(struct dump *dump, const struct capture_message *m)
{
    char from[ENDPOINT_TEXT];
    char to[ENDPOINT_TEXT];

    if (dump->raw)
        return;
    if (!dump->started)
        dump->start_us = m->time_us;
    dump->started = true;
    printf("%.6f %s > %s ", (double)(m->time_us - dump->start_us) / 1e6,
           endpoint_text(&m->from, from), endpoint_text(&m->to, to));
}

static void print_message(void *context, const struct capture_message *m)
{
    static struct fo_message message;
    static char line[LINE_MAX_TEXT];
    struct dump *dump = context;
    struct fo_fault fault;

    print_place(dump, m);
    if (m->data == NULL) {
        dump->damaged++;
        printf("DAMAGED STREAM: %s\n", m->damage);
    } else if (fo_message_decode(m->data, m->length, &message, &fault) != FO_OK) {
        dump->damaged++;
        printf("DAMAGED: %s\n", fault.text);
    } else {
        printf("%s\n", fo_message_print(&message, line, sizeof line));
    }
}

/* Everything that |in| has; NULL when memory or reading fails. */
static uint8_t *read_all(FILE *in, size_t *out_length)
{
    size_t capacity = 1u << 16;
    size_t length = 0;
    uint8_t *data = malloc(capacity);

    while (data != NULL) {
        uint8_t *larger;

        length += fread(data + length, 1, capacity - length, in);
        if (length < capacity)
            break;
        capacity *= 2;
        larger = realloc(data, capacity);
        if (larger == NULL)
            free(data);
        data = larger;
    }
    if (data != NULL && ferror(in)) {
        free(data);
        return NULL;
    }
    *out_length = length;
    return data;
}

static int dump_file(const char *path, bool raw, uint16_t port)
{
    struct dump dump = {.raw = raw};
    FILE *in = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");
    uint8_t *data;
    size_t length = 0;
    int rc = FO_OK;

    if (in == NULL) {
        fprintf(stderr, "fodump: %s: %s\n", path, strerror(errno));
        return EXIT_DAMAGED;
    }
    data = read_all(in, &length);
    if (data == NULL)
        rc = FO_EIO;
    else if (raw)
        capture_read_raw(data, length, print_message, &dump);
    else
        rc = capture_read(data, length, port, print_message, &dump);
    free(data);
    if (in != stdin)
        (void)fclose(in);
    if (rc != FO_OK)
        fprintf(stderr, "fodump: %s: %s\n", path, fo_strerror(rc));
    return rc != FO_OK || dump.damaged > 0 ? EXIT_DAMAGED : EXIT_SUCCESS;
}

/* A port from 1 to 65535; 0 for anything else. */
static uint16_t parse_port(const char *text)
{
    char *end;
    unsigned long port = strtoul(text, &end, 10);

    return *end == '\0' && text[0] != '-' && port <= UINT16_MAX ? (uint16_t)port : 0;
}

int main(int argc, char **argv)
{
    static const struct option long_options[] = {
        {"port", required_argument, NULL, 'p'},
        {"raw", no_argument, NULL, 'r'},
        {"help", no_argument, NULL, 'h'},
        {0},
    };
    uint16_t port = FAILOVER_PORT;
    bool raw = false;
    int c;

    while ((c = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
        if (c == 'r') {
            raw = true;
        } else if (c == 'p') {
            port = parse_port(optarg);
        } else {
            fputs(usage, c == 'h' ? stdout : stderr);
            return c == 'h' ? EXIT_SUCCESS : EXIT_USAGE;
        }
    }
    if (port == 0 || argc - optind > 1 || (argc == optind && !raw)) {
        fputs(usage, stderr);
        return EXIT_USAGE;
    }
    return dump_file(argc > optind ? argv[optind] : "-", raw, port);
}
