#include <criterion/criterion.h>
#include <string.h>

#include "fo/endpoint.h"
#include "tests/fo/peer.h"

/* What arrives on a link: bytes, types, order (draft-12 §6.1, §7.8, §8.2). */

static void read_all(struct peer *p, fo_link_id_t id)
{
    while (peer_next(p, id) != NULL)
        ;
}

static void header(uint8_t out[12], unsigned length, uint8_t type)
{
    memset(out, 0, 12);
    out[0] = (uint8_t)(length >> 8);
    out[1] = (uint8_t)length;
    out[2] = type;
    out[3] = 12;
    out[4] = WORLD_UTC >> 24; /* near enough to now */
    out[5] = (WORLD_UTC >> 16) & 0xff;
    out[6] = (WORLD_UTC >> 8) & 0xff;
    out[7] = WORLD_UTC & 0xff;
}

Test(receive, an_unknown_type_below_128_closes_the_link_after_a_disconnect)
{
    static const uint8_t types[] = {0, 13, 100, 127}; /* W-10, §6.1; C-19 */
    for (size_t i = 0; i < sizeof types; i++) {
        struct peer p;
        uint8_t bytes[12];
        fo_link_id_t id;
        peer_init(&p, FO_ROLE_SECONDARY, NULL);
        id = peer_join(&p, FO_STATE_RECOVER);
        read_all(&p, id);
        header(bytes, 12, types[i]);
        peer_bytes(&p, id, bytes, 12);
        cr_assert(peer_closed(&p, id), "type %u", types[i]);
        cr_assert_eq(peer_next(&p, id)->type, FO_MSG_DISCONNECT);
        cr_assert_eq(p.said.reject_reason, 254);
        cr_assert_eq(peer_status(&p).faults, 1);
        peer_fini(&p);
    }
}

Test(receive, an_unknown_type_from_128_on_is_ignored_and_counts_as_heard)
{
    static const uint8_t types[] = {128, 200, 255}; /* W-10, C-18 */
    struct peer p;
    fo_link_id_t id;
    peer_init(&p, FO_ROLE_SECONDARY, NULL);
    id = peer_join(&p, FO_STATE_RECOVER);
    for (size_t i = 0; i < sizeof types; i++) {
        uint8_t bytes[12];
        header(bytes, 12, types[i]);
        peer_run(&p, SECONDS(25)); /* together longer than the receive timer of 30 s */
        peer_bytes(&p, id, bytes, 12);
        cr_assert_not(peer_closed(&p, id), "type %u", types[i]);
    }
    cr_assert_eq(peer_status(&p).faults, 0);
    peer_fini(&p);
}

Test(receive, a_length_outside_12_to_2048_closes_the_link)
{
    static const unsigned lengths[] = {0, 1, 11, 2049, 65535}; /* W-04 */
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        struct peer p;
        uint8_t bytes[12];
        fo_link_id_t id;
        peer_init(&p, FO_ROLE_SECONDARY, NULL);
        id = peer_join(&p, FO_STATE_RECOVER);
        header(bytes, lengths[i], FO_MSG_CONTACT);
        peer_bytes(&p, id, bytes, 12);
        cr_assert(peer_closed(&p, id), "length %u", lengths[i]);
        cr_assert_eq(peer_status(&p).faults, 1);
        peer_fini(&p);
    }
}

Test(receive, a_bad_length_before_connect_closes_the_link_without_a_word)
{
    struct peer p; /* W-04; DISCONNECT belongs to established links (§7.12) */
    uint8_t bytes[12];
    fo_link_id_t id;
    peer_init(&p, FO_ROLE_SECONDARY, NULL);
    id = peer_call(&p);
    header(bytes, 3000, FO_MSG_CONNECT);
    peer_bytes(&p, id, bytes, 12);
    cr_assert(peer_closed(&p, id));
    cr_assert_null(peer_next(&p, id));
    peer_fini(&p);
}

Test(receive, an_option_past_the_end_closes_the_link)
{
    struct peer p; /* W-08 */
    uint8_t bytes[16];
    fo_link_id_t id;
    peer_init(&p, FO_ROLE_SECONDARY, NULL);
    id = peer_join(&p, FO_STATE_RECOVER);
    header(bytes, 16, FO_MSG_STATE);
    memcpy(bytes + 12, (uint8_t[]){0, 24, 0, 9}, 4);
    peer_bytes(&p, id, bytes, 16);
    cr_assert(peer_closed(&p, id));
    peer_fini(&p);
}

Test(receive, a_duplicate_option_in_state_closes_the_link)
{
    struct peer p; /* W-09 */
    uint8_t bytes[FO_MESSAGE_MAX];
    size_t length;
    fo_link_id_t id;
    struct fo_message *m;
    peer_init(&p, FO_ROLE_SECONDARY, NULL);
    id = peer_join(&p, FO_STATE_RECOVER);
    m = peer_words(&p, FO_MSG_STATE);
    m->present = PEER_OPT(SERVER_STATE) | PEER_OPT(SERVER_FLAGS) | PEER_OPT(START_TIME_OF_STATE);
    m->server_state = 6;
    length = peer_write(&p, m, bytes);
    memcpy(bytes + length, (uint8_t[]){0, 24, 0, 1, 6}, 5);
    bytes[1] = (uint8_t)(length + 5);
    peer_bytes(&p, id, bytes, length + 5);
    cr_assert(peer_closed(&p, id));
    peer_fini(&p);
}

Test(receive, a_message_may_come_byte_by_byte)
{
    struct peer p; /* W-06 */
    uint8_t bytes[FO_MESSAGE_MAX];
    size_t length;
    fo_link_id_t id;
    peer_init(&p, FO_ROLE_SECONDARY, NULL);
    id = peer_call(&p);
    length = peer_write(&p, peer_connect(&p), bytes);
    for (size_t i = 0; i < length; i++) {
        cr_assert_null(peer_next(&p, id));
        peer_bytes(&p, id, bytes + i, 1);
    }
    cr_assert_eq(peer_next(&p, id)->type, FO_MSG_CONNECTACK);
    peer_fini(&p);
}

Test(receive, several_messages_may_come_at_once)
{
    struct peer p; /* W-06 */
    uint8_t bytes[2 * FO_MESSAGE_MAX];
    size_t length;
    fo_link_id_t id;
    peer_init(&p, FO_ROLE_SECONDARY, NULL);
    id = peer_call(&p);
    length = peer_write(&p, peer_connect(&p), bytes);
    length += peer_write(&p, peer_words(&p, FO_MSG_UPDREQ), bytes + length);
    peer_bytes(&p, id, bytes, length);
    cr_assert_eq(peer_next(&p, id)->type, FO_MSG_CONNECTACK);
    cr_assert_eq(peer_status(&p).messages_in, 1);
    peer_fini(&p);
}

Test(receive, xids_are_unique_on_a_connection)
{
    struct peer p; /* W-12 */
    fo_link_id_t id;
    const struct fo_message *m;
    uint32_t last = 0;
    bool first = true;
    peer_init(&p, FO_ROLE_PRIMARY, NULL);
    id = peer_normal(&p);
    peer_link(&p, id)->read = 0; /* from CONNECT on */
    peer_run(&p, SECONDS(20));
    while ((m = peer_next(&p, id)) != NULL) {
        if (m->type == FO_MSG_UPDDONE || m->type == FO_MSG_BNDACK || m->type == FO_MSG_POOLRESP)
            continue;
        cr_assert(first || m->xid > last);
        last = m->xid;
        first = false;
    }
    peer_fini(&p);
}

Test(receive, a_message_has_the_time_at_which_it_is_sent)
{
    struct peer p; /* W-11 */
    fo_link_id_t id;
    const struct fo_message *m;
    unsigned count = 0;
    peer_init(&p, FO_ROLE_PRIMARY, NULL);
    id = peer_normal(&p);
    read_all(&p, id);
    for (int second = 0; second < 60; second++) {
        peer_run(&p, SECONDS(1));
        peer_send_bare(&p, id, FO_MSG_CONTACT);
        for (; (m = peer_next(&p, id)) != NULL; count++) {
            cr_assert_leq(m->time.s, peer_now(&p).utc.s);
            cr_assert_geq(m->time.s + 1, peer_now(&p).utc.s);
        }
    }
    cr_assert_geq(count, 6); /* CONTACT every 10 s */
    peer_fini(&p);
}

Test(receive, bytes_behind_the_agreement_on_tls_close_the_connection)
{
    for (int part = 0; part < 2; part++) { /* a whole message, or the beginning of one: injected */
        struct peer p;
        uint8_t bytes[2 * FO_MESSAGE_MAX];
        size_t length;
        fo_link_id_t id;
        peer_init(&p, FO_ROLE_SECONDARY, NULL);
        fo_endpoint_find(p.server, PEER_NAME)->r.tls = FO_TLS_REQUIRED;
        id = peer_call(&p);
        peer_connect(&p)->tls_request = 2;
        length = peer_write(&p, &p.words, bytes);
        length += peer_write(&p, peer_words(&p, FO_MSG_CONTACT), bytes + length);
        peer_bytes(&p, id, bytes, length - (part ? 5 : 0));
        cr_assert(peer_closed(&p, id));
        cr_assert_not(peer_status(&p).link_up);
        peer_fini(&p);
    }
}

Test(receive, bytes_between_the_agreement_and_the_handshake_close_the_connection)
{
    struct peer p;
    fo_link_id_t id;
    peer_init(&p, FO_ROLE_PRIMARY, NULL);
    fo_endpoint_find(p.server, PEER_NAME)->r.tls = FO_TLS_REQUIRED;
    id = peer_dialled(&p);
    peer_answer(&p, id);
    peer_connectack(&p, peer_next(&p, id)->xid)->present |= PEER_OPT(TLS_REPLY);
    p.words.tls_reply = 1;
    peer_send(&p, id, &p.words);
    peer_send_bare(&p, id, FO_MSG_CONTACT);
    cr_assert(peer_closed(&p, id));
    peer_fini(&p);
}

Test(receive, anything_but_connect_on_a_new_connection_closes_it)
{
    struct peer p; /* C-02, §7.8 */
    fo_link_id_t id;
    peer_init(&p, FO_ROLE_SECONDARY, NULL);
    id = peer_call(&p);
    peer_send_bare(&p, id, FO_MSG_CONTACT);
    cr_assert(peer_closed(&p, id));
    cr_assert_null(peer_next(&p, id));
    peer_fini(&p);
}

Test(receive, connect_on_an_established_link_ends_it_with_7)
{
    struct peer p; /* §7.8: it is the first message; twice is an error */
    fo_link_id_t id;
    peer_init(&p, FO_ROLE_SECONDARY, NULL);
    id = peer_join(&p, FO_STATE_RECOVER);
    read_all(&p, id);
    peer_send(&p, id, peer_connect(&p));
    cr_assert_eq(peer_next(&p, id)->type, FO_MSG_DISCONNECT);
    cr_assert_eq(p.said.reject_reason, 7);
    cr_assert(peer_closed(&p, id));
    peer_fini(&p);
}
