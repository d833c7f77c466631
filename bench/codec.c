/* fobench codec: nanoseconds per BNDUPD, alone and with 28 transactions in it, which is what fits
 * into 2048 bytes with two identifiers each (draft-12 §6.3). */
#include "bench/bench.h"
#include "bench/leases.h"
#include "proto/message.h"

#define GROUPS_FULL  28
#define ROUNDS_CHECK 256 /* messages between looks at the clock */

static void fill(struct fo_message *m, unsigned groups, uint8_t ids[][LEASE_ID_LENGTH],
                 struct fo_binding *bindings)
{
    const fo_utc_t now = fo_utc(1800000000);
    fo_message_reset(m, FO_MSG_BNDUPD, 7);
    m->time = now;
    for (unsigned i = 0; i < groups; i++) {
        struct fo_binding *b = &bindings[i];
        struct fo_group *g = &m->groups[m->group_count++];
        *b = lease_binding(i, now, ids[i]);
        *g = (struct fo_group){.address = b->address, .status = b->status};
        g->present =
            FO_OPT_BIT(FO_OPT_ASSIGNED_IP_ADDRESS) | FO_OPT_BIT(FO_OPT_BINDING_STATUS) |
            FO_OPT_BIT(FO_OPT_CLIENT_IDENTIFIER) | FO_OPT_BIT(FO_OPT_CLIENT_HARDWARE_ADDRESS) |
            FO_OPT_BIT(FO_OPT_LEASE_EXPIRATION_TIME) |
            FO_OPT_BIT(FO_OPT_POTENTIAL_EXPIRATION_TIME) | FO_OPT_BIT(FO_OPT_START_TIME_OF_STATE) |
            FO_OPT_BIT(FO_OPT_CLIENT_LAST_TRANSACTION_TIME);
        g->client_identifier = (struct fo_span){b->client.id, b->client.id_length};
        g->hardware_address = (struct fo_span){b->client.hw, b->client.hw_length};
        g->lease_expiration_time = b->lease_expiration;
        g->potential_expiration_time = b->sent_potential_expiration;
        g->start_time_of_state = b->start_of_state;
        g->client_last_transaction_time = b->client_last_transaction;
    }
}

static size_t encode(const struct fo_message *m, uint8_t bytes[FO_MESSAGE_MAX])
{
    struct fo_writer w = fo_writer_of(bytes, FO_MESSAGE_MAX);
    int rc = fo_message_encode(m, fo_dialect_get(FO_DIALECT_DRAFT), NULL, &w);
    if (rc != FO_OK)
        bench_fail("a BNDUPD does not encode: %s", fo_strerror(rc));
    return w.position;
}

static void decode(const uint8_t *bytes, size_t length, struct fo_message *out)
{
    struct fo_fault fault;
    if (fo_message_decode(bytes, length, out, &fault) != FO_OK)
        bench_fail("a BNDUPD does not decode: %s", fault.text);
}

static double per_second(const struct fo_message *m, struct fo_message *scratch, bool decoding,
                         double seconds)
{
    uint8_t bytes[FO_MESSAGE_MAX];
    size_t length = encode(m, bytes);
    uint64_t start = bench_now_ns(), rounds = 0;
    do {
        for (int i = 0; i < ROUNDS_CHECK; i++) {
            if (decoding)
                decode(bytes, length, scratch);
            else
                length = encode(m, bytes);
        }
        rounds += ROUNDS_CHECK;
    } while (bench_seconds_since(start) < seconds);
    return (double)rounds / bench_seconds_since(start);
}

void bench_codec(const struct bench_options *o, const json_t *machine, json_t *out)
{
    static const unsigned sizes[] = {1, GROUPS_FULL};
    static const char *const names[] = {"single", "batch_of_28"};
    static struct fo_message m, scratch;
    static struct fo_binding bindings[GROUPS_FULL];
    static uint8_t ids[GROUPS_FULL][LEASE_ID_LENGTH];
    double seconds = o->quick ? 0.02 : 0.5;
    (void)machine; /* no disk, no network */
    for (int i = 0; i < 2; i++) {
        uint8_t bytes[FO_MESSAGE_MAX];
        json_t *group = bench_put_group(out, names[i]);
        double encoded, decoded;
        fill(&m, sizes[i], ids, bindings);
        bench_put_count(group, "bytes", encode(&m, bytes));
        encoded = per_second(&m, &scratch, false, seconds);
        decoded = per_second(&m, &scratch, true, seconds);
        bench_put(group, "encode_ns_per_message", 1e9 / encoded);
        bench_put(group, "encode_ns_per_binding", 1e9 / encoded / sizes[i]);
        bench_put(group, "decode_ns_per_message", 1e9 / decoded);
        bench_put(group, "decode_ns_per_binding", 1e9 / decoded / sizes[i]);
    }
}
