#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "fo/endpoint.h"
#include "tests/fo/peer.h"

struct reading {
    unsigned count;
    uint64_t first, last;
    bool ordered, empty_line;
    char newest[256];
    enum fo_notice_level level;
    fo_utc_t when;
};

static void read_one(void *context, const struct fo_journal_entry *e)
{
    struct reading *r = context;
    if (r->count == 0)
        r->first = e->sequence;
    r->ordered = r->count == 0 || (r->ordered && e->sequence > r->last);
    r->empty_line = r->empty_line || e->text[0] == '\0';
    r->last = e->sequence;
    r->level = e->level;
    r->when = e->when;
    r->count++;
    snprintf(r->newest, sizeof r->newest, "%s", e->text);
}

static struct reading read_all(struct peer *p)
{
    struct reading r = {0};
    cr_assert_eq(fo_server_journal(p->server, PEER_NAME, read_one, &r), FO_OK);
    cr_assert(r.ordered, "oldest first");
    cr_assert_not(r.empty_line);
    return r;
}

struct lines {
    unsigned from, count;
    const char *name;
};

static void write_lines(void *context, struct fo_server *s, struct fo_now now,
                        struct fo_outbox *out)
{
    const struct lines *l = context;
    struct fo_step st = {s, now, out};
    for (unsigned i = 0; i < l->count; i++)
        fo_endpoint_notice(&st, fo_endpoint_find(s, l->name), FO_NOTICE_WARNING, true, "line %u",
                           l->from + i);
}

static void write(struct peer *p, unsigned from, unsigned count)
{
    struct lines l = {from, count, PEER_NAME};
    peer_batch(p, NULL, 0, write_lines, &l);
}

static int count_one(void *context, const void *key, size_t key_length, const void *value,
                     size_t value_length)
{
    (void)key;
    (void)key_length;
    (void)value;
    (void)value_length;
    ++*(unsigned *)context;
    return 0;
}

static unsigned stored(struct peer *p)
{
    unsigned n = 0;
    cr_assert_eq(fo_store_walk(p->store, FO_TABLE_JOURNAL, NULL, 0, count_one, &n), FO_OK);
    return n;
}

Test(journal, a_line_is_kept_with_its_time_and_level)
{
    struct peer p;
    struct reading r;
    peer_init(&p, FO_ROLE_PRIMARY, NULL);
    peer_run(&p, SECONDS(3));
    write(&p, 1, 1);
    r = read_all(&p);
    cr_assert_str_eq(r.newest, "line 1");
    cr_assert_eq(r.level, FO_NOTICE_WARNING);
    cr_assert_eq(r.when.s, peer_now(&p).utc.s);
    peer_fini(&p);
}

Test(journal, it_is_bounded_in_memory_and_on_disk)
{
    struct peer p;
    struct reading r;
    peer_init(&p, FO_ROLE_PRIMARY, NULL);
    for (unsigned i = 0; i < 10; i++) {
        write(&p, 50 * i, 50);
        cr_assert_leq(stored(&p), FO_JOURNAL_MAX);
    }
    r = read_all(&p);
    cr_assert_eq(r.count, FO_JOURNAL_MAX);
    cr_assert_eq(r.last - r.first, FO_JOURNAL_MAX - 1);
    cr_assert_str_eq(r.newest, "line 499");
    cr_assert_eq(stored(&p), FO_JOURNAL_MAX);
    peer_fini(&p);
}

Test(journal, more_lines_in_one_batch_than_it_holds_leave_the_newest)
{
    struct peer p;
    struct reading r;
    peer_init(&p, FO_ROLE_PRIMARY, NULL);
    write(&p, 0, 500);
    r = read_all(&p);
    cr_assert_eq(r.count, FO_JOURNAL_MAX);
    cr_assert_eq(stored(&p), FO_JOURNAL_MAX);
    peer_restart(&p);
    cr_assert_geq(read_all(&p).last, r.last);
    peer_fini(&p);
}

Test(journal, it_is_there_again_after_a_restart_and_goes_on)
{
    struct peer p;
    struct reading before, after;
    peer_init(&p, FO_ROLE_PRIMARY, NULL);
    write(&p, 0, 300);
    before = read_all(&p);
    peer_restart(&p);
    after = read_all(&p);
    cr_assert_eq(after.count, FO_JOURNAL_MAX);
    cr_assert_eq(after.last, before.last + 1); /* state=STARTUP */
    write(&p, 300, 1);
    after = read_all(&p);
    cr_assert_eq(after.last, before.last + 2);
    cr_assert_str_eq(after.newest, "line 300");
    cr_assert_eq(stored(&p), FO_JOURNAL_MAX);
    peer_fini(&p);
}

static int second_key(void *context, const void *key, size_t key_length, const void *value,
                      size_t value_length)
{
    uint8_t *out = context;
    (void)value;
    (void)value_length;
    if (out[0]++ < 5)
        return 0;
    out[1] = (uint8_t)key_length;
    memcpy(out + 2, key, key_length);
    return 1;
}

Test(journal, a_damaged_line_is_only_a_missing_line)
{
    struct peer p;
    struct reading before, after;
    uint8_t key[128] = {0};
    peer_init(&p, FO_ROLE_PRIMARY, NULL);
    write(&p, 0, 20);
    before = read_all(&p);
    cr_assert_eq(fo_store_walk(p.store, FO_TABLE_JOURNAL, NULL, 0, second_key, key), 1);
    cr_assert_eq(fo_store_mem_damage(p.store, FO_TABLE_JOURNAL, key + 2, key[1], 50), FO_OK);
    peer_restart(&p);
    cr_assert_eq(p.report.damaged, 0);
    after = read_all(&p);
    cr_assert_eq(after.count, before.count); /* one fewer, and state=STARTUP */
    cr_assert_eq(after.last, before.last + 1);
    peer_fini(&p);
}

static void delete_alpha(void *context, struct fo_server *s, struct fo_now now,
                         struct fo_outbox *out)
{
    (void)context;
    cr_assert_eq(fo_server_relationship_delete(s, PEER_NAME, now, out, NULL, 0), ERROR_SUCCESS);
}

Test(journal, it_goes_with_its_relationship_down_to_the_last_damaged_line)
{
    struct peer p;
    uint8_t key[128] = {0};
    peer_init(&p, FO_ROLE_PRIMARY, NULL);
    write(&p, 0, 20);
    cr_assert_eq(fo_store_walk(p.store, FO_TABLE_JOURNAL, NULL, 0, second_key, key), 1);
    cr_assert_eq(fo_store_mem_damage(p.store, FO_TABLE_JOURNAL, key + 2, key[1], 50), FO_OK);
    peer_restart(&p);
    peer_batch(&p, NULL, 0, delete_alpha, NULL);
    cr_assert_eq(stored(&p), 0);
    peer_fini(&p);
}

Test(journal, relationships_whose_names_begin_alike_keep_theirs_apart)
{
    struct peer p; /* "alpha" and "alphabet": a zero byte stands behind the name */
    struct fo_relationship r = peer_relationship(FO_ROLE_PRIMARY, "alphabet");
    fo_ipv4_t scope = SUBNET + 256;
    struct lines l = {0, 300, "alphabet"};
    unsigned alphas;
    peer_init(&p, FO_ROLE_PRIMARY, NULL);
    peer_scope(&p, 1);
    r.scopes = &scope;
    cr_assert_eq(peer_create(&p, &r, FO_BIRTH_VIRGIN, NULL), ERROR_SUCCESS);
    alphas = read_all(&p).count;
    peer_batch(&p, NULL, 0, write_lines, &l);
    cr_assert_eq(read_all(&p).count, alphas);
    peer_restart(&p);
    cr_assert_eq(read_all(&p).count, alphas + 1);
    peer_batch(&p, NULL, 0, delete_alpha, NULL);
    cr_assert_eq(stored(&p), FO_JOURNAL_MAX);
    peer_fini(&p);
}

Test(journal, a_fault_that_repeats_is_counted_and_kept_once)
{
    struct peer p; /* what could repeat for ever must not push out the rest */
    unsigned before;
    peer_init(&p, FO_ROLE_SECONDARY, NULL);
    before = read_all(&p).count;
    for (int i = 0; i < 5; i++) {
        fo_link_id_t id = peer_call(&p);
        peer_connect(&p)->mclt_s = 0;
        peer_send(&p, id, &p.words);
    }
    cr_assert_eq(peer_status(&p).faults, 5);
    cr_assert_not_null(strstr(peer_status(&p).last_fault, "MCLT"));
    cr_assert_eq(read_all(&p).count, before + 1);
    peer_fini(&p);
}

/* Each STATE is a change, and worth a line; but nobody outside decides how long our log is. */
Test(journal, a_partner_cannot_make_it_say_as_much_as_it_likes)
{
    struct peer p;
    struct reading before, after;
    fo_link_id_t id;
    peer_init(&p, FO_ROLE_PRIMARY, NULL);
    id = peer_normal(&p);
    before = read_all(&p);
    for (unsigned i = 0; i < 2000; i++) {
        peer_send_state(&p, id, FO_STATE_COMMUNICATIONS_INTERRUPTED, 0);
        peer_send_state(&p, id, FO_STATE_NORMAL, 0);
    }
    after = read_all(&p);
    cr_assert_leq(after.last - before.last, FO_LINES_A_MINUTE + 1);
    cr_assert_not_null(strstr(after.newest, "lines=withheld cause="), "%s", after.newest);
    for (unsigned i = 0; i < 4; i++) {
        peer_run(&p, SECONDS(16));
        peer_send_bare(&p, id, FO_MSG_CONTACT);
    }
    cr_assert_str_eq(read_all(&p).newest, after.newest);
    peer_send_state(&p, id, FO_STATE_COMMUNICATIONS_INTERRUPTED, 0);
    cr_assert_eq(read_all(&p).last, after.last + 2, "how many were withheld, and the news");
    cr_assert_not_null(strstr(read_all(&p).newest, "partner-state="));
    peer_fini(&p);
}

Test(journal, what_a_stranger_wrote_is_printed_safely)
{
    char text[8];
    struct fo_span said = {(const uint8_t *)"a\n\x1b\xc3\"zzzzzz", 11};
    cr_assert_str_eq(fo_partner_text(&said, text, sizeof text), "a????zz");
}
