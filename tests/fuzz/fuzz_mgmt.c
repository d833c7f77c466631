/* Management requests, packed as they arrive in frames, on a living server: each is answered with
 * a code and a sentence, and leaves server and store as they promise to be. */
#include <stdlib.h>
#include <string.h>

#include "mgmt/change.h"
#include "mgmt/interfaces.h"
#include "proto/win32.h"
#include "tests/fuzz/driver.h"

#define REQUESTS_MAX 64

enum { AS_NOBODY = 0x01, AS_READER = 0x02, RESTART = 0x04, TICK = 0x08 }; /* in front of each */

static struct fuzz_driver driver;
/* What the machine has: two interfaces that IPv6 may be served on, and one that is internal. */
static struct fo_interface_address addresses[] = {
    {{0x20010db800000000u, 1}, 64, true, true},
    {{0x20010db800000001u, 1}, 64, true, true},
    {{0, 1}, 128, false, true},
};
static struct fo_interface interfaces[] = {
    {2, "eth0", false, &addresses[0], 1},
    {3, "eth1", false, &addresses[1], 1},
    {1, "lo", true, &addresses[2], 1},
};
static struct fo_interfaces machine = {interfaces, 3, false};

static struct fo_call_facts facts = {.server_name = "fuzz", .version = "0", .interfaces = &machine};

static void start(struct fuzz_driver *d)
{
    fo_changes_free(facts.changes);
    fuzz_start(d);
    facts.changes = fo_changes_new();
    FUZZ_CHECK(facts.changes != NULL);
    FUZZ_CHECK(fo_changes_load(facts.changes, d->store, true) == FO_OK);
}

/* What the client would get: it must come through the wire. */
static void look_at_reply(struct fo_call *c, uint32_t code)
{
    size_t length;
    uint8_t *packed;
    Mgmt__Reply *back;
    c->reply.code = code;
    c->reply.sentence = c->why;
    length = mgmt__reply__get_packed_size(&c->reply);
    packed = malloc(length + 1);
    FUZZ_CHECK(packed != NULL && mgmt__reply__pack(&c->reply, packed) == length);
    back = mgmt__reply__unpack(NULL, length, packed);
    FUZZ_CHECK(back != NULL && back->code == code);
    FUZZ_CHECK(code == ERROR_SUCCESS || c->why[0] != '\0' || fo_win32_sentence(code)[0] != '\0');
    mgmt__reply__free_unpacked(back, NULL);
    free(packed);
}

static void make_call(struct fuzz_driver *d, const Mgmt__Request *request, enum fo_right right)
{
    const struct fo_call_row *row = fo_call_find(request);
    struct fo_call c = {.request = request,
                        .facts = &facts,
                        .right = right,
                        .server = d->server,
                        .store = d->store,
                        .now = d->now,
                        .out = &d->out};
    char room[FO_CALL_SUBJECT];
    uint32_t code;
    bool changes;
    if (row == NULL)
        return;
    mgmt__reply__init(&c.reply);
    changes = fo_call_changes(row);
    FUZZ_CHECK(fo_call_subject(&c, room) != NULL); /* the audit asks for refused ones too */
    code = fo_call_admit(&c, row);
    if (code != ERROR_SUCCESS) {
        look_at_reply(&c, code);
        fo_call_fini(&c);
        return;
    }
    if (changes)
        fuzz_begin(d);
    code = fo_call_run(&c, row);
    FUZZ_CHECK(c.err == FO_OK);
    look_at_reply(&c, code);
    fo_call_fini(&c);
    if (changes)
        fuzz_end(d);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input in = {data, size};
    struct fuzz_driver *d = &driver;
    fuzz_driver_init(d);
    d->own_texts = true; /* names of relationships are an administrator's */
    start(d);
    for (int i = 0; i < REQUESTS_MAX && fuzz_more(&in); i++) {
        uint8_t how = fuzz_u8(&in);
        size_t length;
        const uint8_t *bytes = fuzz_bytes(&in, 2048, &length);
        Mgmt__Request *request = mgmt__request__unpack(NULL, length, bytes);
        if (request != NULL)
            make_call(d, request,
                      (how & AS_NOBODY) != 0   ? FO_RIGHT_NONE
                      : (how & AS_READER) != 0 ? FO_RIGHT_READ
                                               : FO_RIGHT_ADMINISTER);
        mgmt__request__free_unpacked(request, NULL);
        if ((how & TICK) != 0) {
            d->now.mono.ms += 60000;
            d->now.utc = fo_utc_add(d->now.utc, 60);
            fuzz_tick(d);
        }
        if ((how & RESTART) != 0)
            start(d);
    }
    fo_changes_free(facts.changes);
    facts.changes = NULL;
    fuzz_driver_fini(d);
    return 0;
}
