/* Writes first inputs for the fuzz targets: seeds DIRECTORY CAPTURE... makes DIRECTORY/<target>/,
 * some from captures of real servers. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tests/fuzz/seeds.h"
#include "tools/capture.h"

#define CAPTURE_MAX (1u << 20)
#define STREAM_MAX  4096 /* bytes of one direction that make a seed */

struct seeds {
    const char *directory;
    const char *capture; /* name of the capture file, without its folder */
    unsigned messages;
    uint8_t stream[2][2 + STREAM_MAX]; /* by the port: to the failover port, and from it */
    size_t used[2];
};

void seed_write(const char *directory, const char *target, const char *name, unsigned number,
                const void *data, size_t length)
{
    char path[4096];
    FILE *file;
    (void)snprintf(path, sizeof path, "%s/%s", directory, target);
    if (mkdir(path, 0777) != 0 && errno != EEXIST)
        perror(path);
    (void)snprintf(path, sizeof path, "%s/%s/%s-%u", directory, target, name, number);
    file = fopen(path, "wb");
    if (file == NULL || fwrite(data, 1, length, file) != length)
        perror(path);
    if (file != NULL)
        fclose(file);
}

static void take_message(void *context, const struct capture_message *m)
{
    struct seeds *s = context;
    unsigned way = m->from.port == 647;
    if (m->data == NULL)
        return;
    seed_write(s->directory, "message", s->capture, s->messages++, m->data, m->length);
    if (s->used[way] + m->length > sizeof s->stream[way])
        return;
    memcpy(s->stream[way] + s->used[way], m->data, m->length);
    s->used[way] += m->length;
}

/* Scripts of the endpoint target: see fuzz_endpoint.c for what the bytes mean. Each begins with
 * the relationship and the state that the server resumes; then a partner calls, is called, tells
 * its state, exchanges leases, and time passes. */
static void write_scripts(const char *directory)
{
    static const uint8_t call[2][10] = {
        {15, 2, 1, 0, 6, 0, 5, 9, 0, 0}, /* as primary: dial, CONNECTACK */
        {0, 0, 7, 7, 4, 9, 9, 0, 0, 0},  /* as secondary: be called, CONNECT */
    };
    static const uint8_t play[] = {
        6,  7,    9, 0, 2, 0x83,                            /* STATE NORMAL */
        11, 0,    3,                                        /* a client is served */
        7,  7,    3, 0,                                     /* BNDACK */
        8,  7,    2, 0, 2, 20,   3, 0x83, 0xe4, 0xe4, 0x83, /* BNDUPD, ACTIVE */
        9,  7,    8, 0,                                     /* UPDREQ and POOLREQ at once */
        15, 0x33,                                           /* 20 s */
        6,  7,    7, 6, 7, 10,                              /* UPDDONE, CONTACT */
        15, 0x34,                                           /* 4 minutes: nothing is heard */
        13, 0,                                              /* a crash */
    };
    uint8_t script[10 + 10 + sizeof play];
    unsigned number = 0;
    memcpy(script + 20, play, sizeof play);
    for (unsigned what = 0; what < 4; what++) {         /* role and dialect */
        for (unsigned state = 0; state < 11; state++) { /* NORMAL and those behind it */
            const uint8_t head[10] = {(uint8_t)what, 50,   1,   0, (uint8_t)state, 0, 2,
                                      0x83,          0x83, 0x83};
            memcpy(script, head, sizeof head);
            memcpy(script + 10, call[what & 1u], 10);
            seed_write(directory, "endpoint", "play", number++, script, sizeof script);
        }
    }
}

/* Once with sessions of paper, once with OpenSSL's. */
static void write_upgrade(const char *directory, const char *name, unsigned number,
                          const uint8_t *script, size_t length)
{
    uint8_t real[16] = {(uint8_t)(script[0] | 0x38u), 0xff};
    memcpy(real + 2, script + 1, length - 1);
    seed_write(directory, "tls", name, 2 * number, script, length);
    seed_write(directory, "tls", name, 2 * number + 1, real, length + 1);
}

/* Scripts of the target tls: see fuzz_tls.c. A partner greets, shakes hands and says something
 * within TLS; others spoil that in every way there is. */
static void write_upgrades(const char *directory)
{
    static const uint8_t endings[][8] = {
        {4, 4, 4, 3, 15, 7, 0, 0},   /* whole; greets again, protected */
        {4, 4, 8, 3, 1, 2, 3, 0},    /* bytes within TLS that are no message */
        {4, 4, 10, 1, 2, 12, 0, 0},  /* close_notify */
        {6, 1, 0, 6, 1, 0, 4, 0},    /* with another certificate */
        {6, 4, 0, 40, 255, 4, 4, 0}, /* a byte is changed */
        {9, 3, 22, 3, 1, 4, 4, 0},   /* what is no handshake */
        {11, 4, 4, 2, 0, 0, 0, 0},   /* it ends */
    };
    uint8_t script[4 + sizeof endings[0]] = {0};
    unsigned number = 0;
    for (unsigned setup = 0; setup < 8; setup++) {
        for (uint8_t later = 0; later < 2; later++) {
            const uint8_t hasty[] = {(uint8_t)setup, 0, 0, 13, later, 4, 4, 15, 7};
            write_upgrade(directory, "hasty", 2 * setup + later, hasty, sizeof hasty);
        }
        for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
            script[0] = (uint8_t)setup;
            script[3] = 3; /* behind a call, from the partner */
            memcpy(script + 4, endings[i], sizeof endings[i]);
            write_upgrade(directory, "upgrade", number++, script, sizeof script);
        }
    }
}

static void write_texts(const char *directory)
{
    static const char config[] =
        "server-name = \"a\"\nstore-size = 0\nlog = \"stderr\"\nclock-offset = 5\n"
        "failover { listen = {\"0.0.0.0:647\", \"10.9.0.1\"} connections = 9 }\n"
        "management { socket = \"s\" users-group = \"u\" tls-listen = \"0.0.0.0:8647\" }\n"
        "tls { ca = \"a\" certificate = \"b\" key = \"c\" }\n"
        "scope \"10.0.0.0/24\" { name = \"x\" range = {\"10.0.0.10-10.0.0.99\"}\n"
        "  exclude = {\"10.0.0.50-10.0.0.59\"} }\n"
        "failover-peer \"alpha\" { role = \"primary\" address = \"10.9.0.1\"\n"
        "  peer-address = \"10.9.0.2\" mode = \"hot-standby\" percent = 5 mclt = 600 split = 128\n"
        "  tls = \"off\" dialect = \"isc\" scopes = {\"10.0.0.0\"} }\n";
    static const char leases[] =
        "lease 10.0.0.20 {\n  starts 4 2023/11/16 10:00:00;\n  ends epoch 1700130000; # x\n"
        "  tstp never;\n  cltt 4 2023/11/16 10:00:00;\n  binding state active;\n"
        "  next binding state expired;\n  hardware ethernet 02:00:00:00:00:01;\n"
        "  uid \"\\001\\002\\\"a\";\n  reserved;\n  client-hostname \"host\";\n}\n"
        "failover peer \"x\" state {\n  my state normal at 4 2023/11/16 10:00:00;\n}\n"
        "lease 10.0.0.21 {\n  uid 01:02:03;\n  binding state backup;\n}\n";
    static const char dhcpd_conf[] =
        "key k { secret \"a;{\"; }; # x\nfailover peer \"lab\" {\n  primary; address 192.0.2.1;\n"
        "  peer address 192.0.2.2; port 519; peer port 520; mclt 60; split 128;\n"
        "  max-response-delay 30; max-unacked-updates 10; load balance max seconds 3;\n}\n"
        "group { shared-network n { subnet 10.1.0.0 netmask 255.255.255.0 { }\n"
        "  pool { failover peer \"lab\"; range 10.1.0.10 10.1.0.99; range 10.1.0.9; } } }\n";
    seed_write(directory, "config", "whole", 0, config, sizeof config - 1);
    seed_write(directory, "dhcpd_conf", "whole", 0, dhcpd_conf, sizeof dhcpd_conf - 1);
    seed_write(directory, "leases", "whole", 0, leases, sizeof leases - 1);
}

static int take_capture(const char *directory, const char *path)
{
    static uint8_t data[CAPTURE_MAX];
    static struct seeds s;
    const char *slash = strrchr(path, '/');
    FILE *file = fopen(path, "rb");
    size_t length;
    s = (struct seeds){.directory = directory,
                       .capture = slash != NULL ? slash + 1 : path,
                       .used = {2, 2}}; /* the frame target's choice of pieces stands in front */
    if (file == NULL) {
        perror(path);
        return -1;
    }
    length = fread(data, 1, sizeof data, file);
    fclose(file);
    if (capture_read(data, length, 647, take_message, &s) != FO_OK) {
        fprintf(stderr, "%s: not a capture\n", path);
        return -1;
    }
    for (unsigned way = 0; way < 2; way++)
        seed_write(directory, "frame", s.capture, way, s.stream[way], s.used[way]);
    seed_write(directory, "capture", s.capture, 0, data, length);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fprintf(stderr, "usage: seeds DIRECTORY CAPTURE...\n");
        return 2;
    }
    if (mkdir(argv[1], 0777) != 0 && errno != EEXIST) {
        perror(argv[1]);
        return 1;
    }
    write_scripts(argv[1]);
    write_upgrades(argv[1]);
    write_texts(argv[1]);
    seed_requests(argv[1]);
    seed_records(argv[1]);
    for (int i = 2; i < argc; i++)
        if (take_capture(argv[1], argv[i]) != 0)
            return 1;
    return 0;
}
