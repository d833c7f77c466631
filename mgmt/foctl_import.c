/* Takes over the leases of ISC dhcpd. Many frames are under way at a time, each with many leases.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "mgmt/call.h"
#include "mgmt/foctl_preview.h"
#include "mgmt/leases_file.h"

#define PER_FRAME 500
#define UNDER_WAY 8

#define ADVISED_MAX 16

/* One frame that waits for its answer. */
struct batch {
    uint64_t id;
    size_t count;
    const struct fo_leases_entry *entries[PER_FRAME];
};

struct import {
    struct foctl *t;
    struct fo_leases_reader *reader;
    bool quiet, renew;
    uint32_t advised[ADVISED_MAX]; /* codes: people need to read once what to do */
    size_t advised_count;
    uint64_t taken, refused, passed_over, bad_records;
    struct batch under_way[UNDER_WAY];
    size_t first, waiting; /* a ring: answers come in the order of the questions */
    struct foctl_progress progress;
    uint64_t done, total;
};

static bool is_advised(struct import *m, uint32_t code)
{
    for (size_t i = 0; i < m->advised_count; i++) {
        if (m->advised[i] == code)
            return true;
    }
    if (m->advised_count < ADVISED_MAX)
        m->advised[m->advised_count++] = code;
    return false;
}

/* |address| may be NULL. */
static void tell(struct import *m, unsigned line, const char *address, uint32_t code,
                 const char *sentence, bool refused)
{
    struct foctl_error e = {
        .code = code, .sentence = sentence, .refused = refused, .line = line, .address = address};

    if (m->quiet)
        return;
    if (is_advised(m, code) && !m->t->json)
        e.advice = "";
    foctl_tell(&e);
}

static void tell_skipped(struct import *m, unsigned line, const char *address, uint32_t code,
                         const char *why)
{
    char sentence[200];

    (void)snprintf(sentence, sizeof sentence, "skipped: %s", why);
    tell(m, line, address, code, sentence, false);
}

static void skipped(void *context, unsigned line, const char *why)
{
    struct import *m = context;

    if (strcmp(why, "not a lease") == 0)
        return; /* a lease file holds other things, too */
    m->bad_records++;
    tell_skipped(m, line, NULL, ERROR_INVALID_DATA, why);
}

static void pass_over(struct import *m, const struct fo_leases_entry *e, uint32_t code,
                      const char *why)
{
    char text[FO_IPV4_TEXT];

    m->passed_over++;
    if (why != NULL)
        tell_skipped(m, e->line, fo_ipv4_text(e->address, text), code, why);
}

/* --- the file
 * ---------------------------------------------------------------------------------------------- */

static int read_file(struct import *m, const char *path)
{
    FILE *file = fopen(path, "r");
    char *line = NULL;
    size_t room = 0;
    int rc = FO_OK, told = EXIT_DONE;

    if (file == NULL)
        return foctl_fail_file(path);
    while (rc == FO_OK && getline(&line, &room, file) >= 0)
        rc = fo_leases_reader_line(m->reader, line);
    if (ferror(file) != 0)
        told = foctl_fail_file(path);
    free(line);
    (void)fclose(file);
    if (told != EXIT_DONE)
        return told;
    if (rc != FO_OK)
        return foctl_no_memory(); /* nothing else can happen */
    fo_leases_reader_end(m->reader);
    m->total = fo_leases_reader_count(m->reader);
    return EXIT_DONE;
}

/* --- answers
 * --------------------------------------------------------------------------------------------------
 */

static void tell_refusal(struct import *m, const struct fo_leases_entry *e,
                         const Mgmt__Check *check)
{
    char text[FO_IPV4_TEXT];

    tell(m, e->line, fo_ipv4_text(e->address, text), check->code,
         check->sentence[0] != '\0' ? check->sentence : fo_win32_sentence(check->code), true);
}

static void take_codes(struct import *m, const struct batch *b, const Mgmt__Checks *codes)
{
    for (size_t i = 0; i < b->count && i < codes->n_list; i++) {
        if (codes->list[i]->code == ERROR_SUCCESS) {
            m->taken++;
            continue;
        }
        m->refused++;
        tell_refusal(m, b->entries[i], codes->list[i]);
    }
}

static int take_answer(struct import *m)
{
    struct batch *b = &m->under_way[m->first];
    Mgmt__Reply *reply;
    int rc = EXIT_DONE;

    if (fo_mgmt_receive(m->t->client, &reply) != FO_OK)
        return foctl_lost(NULL, m->t->client);
    if (reply->code != ERROR_SUCCESS || reply->id != b->id)
        rc = foctl_refused(NULL, reply);
    else
        take_codes(m, b, reply->lease_codes);
    mgmt__reply__free_unpacked(reply, NULL);
    m->done += b->count;
    foctl_progress_show(&m->progress, m->done, m->total);
    m->first = (m->first + 1) % UNDER_WAY;
    m->waiting--;
    return rc;
}

/* --- questions
 * ----------------------------------------------------------------------------------------------------
 */

static void describe(const struct fo_leases_entry *e, Mgmt__Lease *out)
{
    union {
        const char *in;
        char *out;
    } name = {.in = e->hostname};
    union {
        const uint8_t *in;
        uint8_t *out;
    } hw = {.in = e->hw};

    mgmt__lease__init(out);
    out->address = e->address;
    out->expires = e->ends;
    out->name = name.out;
    out->hardware = (ProtobufCBinaryData){e->hw_length, hw.out};
    out->client_id = (ProtobufCBinaryData){e->id_length, e->id};
    if (e->status == FO_STATUS_ABANDONED) {
        out->state_given_case = MGMT__LEASE__STATE_GIVEN_ADDRESS_STATE;
        out->address_state = 2; /* DECLINED */
    }
}

static int send_batch(struct import *m, struct batch *b)
{
    static Mgmt__Lease leases[PER_FRAME];
    Mgmt__Lease *list[PER_FRAME];
    Mgmt__LeaseMany many = MGMT__LEASE_MANY__INIT;
    Mgmt__Request q = MGMT__REQUEST__INIT;

    for (size_t i = 0; i < b->count; i++) {
        describe(b->entries[i], &leases[i]);
        list[i] = &leases[i];
    }
    many.list = list;
    many.n_list = b->count;
    many.renew = m->renew;
    q.call_case = MGMT__REQUEST__CALL_LEASE_CREATE_MANY;
    q.lease_create_many = &many;
    if (m->t->what_if)
        return foctl_preview(m->t, m->t->client, "this server", &q);
    if (fo_mgmt_send(m->t->client, &q) != FO_OK)
        return foctl_lost(NULL, m->t->client);
    b->id = q.id;
    m->waiting++;
    return EXIT_DONE;
}

/* What an address is worth taking over for: somebody holds it, or nobody may. */
static bool is_wanted(struct import *m, const struct fo_leases_entry *e, uint32_t now)
{
    const char *why = NULL;
    uint32_t code = ERROR_INVALID_DATA;

    if (e->status != FO_STATUS_ACTIVE && e->status != FO_STATUS_ABANDONED) {
        pass_over(m, e, code, NULL); /* nobody holds it: nothing is lost */
        return false;
    }
    if (e->hw_length == 0 && e->id_length == 0)
        why = "it names no client";
    else if (e->status == FO_STATUS_ACTIVE && e->ends == FO_UTC_NONE)
        why = "it has no end";
    else if (e->status == FO_STATUS_ACTIVE && e->ends <= now) {
        why = "it has ended";
        code = ERROR_SUCCESS; /* as it should be */
    }
    if (why != NULL)
        pass_over(m, e, code, why);
    return why == NULL;
}

static int send_all(struct import *m)
{
    uint32_t now = (uint32_t)time(NULL);
    size_t next = 0, total = fo_leases_reader_count(m->reader);
    int rc = EXIT_DONE;

    while (rc == EXIT_DONE && next < total) {
        struct batch *b = &m->under_way[(m->first + m->waiting) % UNDER_WAY];
        b->count = 0;
        for (; next < total && b->count < PER_FRAME; next++) {
            const struct fo_leases_entry *e = fo_leases_reader_at(m->reader, next);
            if (is_wanted(m, e, now))
                b->entries[b->count++] = e;
            else
                m->done++;
        }
        if (b->count != 0)
            rc = send_batch(m, b);
        if (rc == EXIT_DONE && m->waiting == UNDER_WAY)
            rc = take_answer(m);
    }
    while (rc == EXIT_DONE && m->waiting != 0)
        rc = take_answer(m);
    return rc;
}

static void print_summary(struct import *m)
{
    struct foctl_sheet *card = foctl_card_new();

    foctl_put_number(card, "taken", "TAKEN", m->taken);
    foctl_put_number(card, "refused", "REFUSED", m->refused);
    foctl_put_number(card, "passed_over", "PASSED-OVER", m->passed_over);
    foctl_put_number(card, "unreadable", "UNREADABLE", m->bad_records);
    foctl_print(m->t, card);
}

int foctl_lease_import(struct foctl *t)
{
    static struct import m;
    int rc = foctl_connect(t);

    m.t = t;
    m.quiet = foctl_has(&t->args, "quiet");
    m.renew = foctl_has(&t->args, "renew");
    if (rc != EXIT_DONE)
        return rc;
    m.reader = fo_leases_reader_new(skipped, &m);
    if (m.reader == NULL)
        return foctl_no_memory();
    rc = read_file(&m, t->args.words[0]);
    if (rc == EXIT_DONE) {
        foctl_progress_begin(&m.progress, t, "import");
        rc = send_all(&m);
        foctl_progress_end(&m.progress, m.done, m.total);
        if (!t->what_if)
            print_summary(&m);
    }
    fo_leases_reader_free(m.reader);
    return rc == EXIT_DONE && m.refused != 0 ? EXIT_REFUSED : rc;
}
