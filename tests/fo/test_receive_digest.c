#include <criterion/criterion.h>
#include <string.h>

#include "fo/endpoint.h"
#include "tests/fo/peer.h"

/* The message digest on a link (draft-12 §11.1, §12.17), with a function that is easy to compute.
 */

static void secret(struct fo_relationship *r)
{
    strcpy(r->shared_secret, "quiet");
}

static void begin(struct peer *p, enum fo_role role, struct fo_digest *digest)
{
    peer_init(p, role, secret);
    cr_assert_eq(peer_digest_new("quiet", digest), FO_OK);
    p->digest = digest;
}

static void end(struct peer *p, struct fo_digest *digest)
{
    peer_fini(p);
    peer_digest_free(digest);
}

Test(receive_digest, every_message_carries_it_as_the_first_option_and_verifies)
{
    for (int role = 0; role < 2; role++) { /* */
        struct peer p;
        struct fo_digest digest;
        fo_link_id_t id;
        const struct fo_message *m;
        unsigned count = 0;
        begin(&p, (enum fo_role)role, &digest);
        id = peer_normal(&p);
        peer_report(&p, &(struct fo_report){.kind = FO_REPORT_GRANT,
                                            .address = ADDRESS(20),
                                            .client = world_client(1),
                                            .lease_end = fo_utc_add(peer_now(&p).utc, 600),
                                            .desired_s = 600});
        peer_words(&p, FO_MSG_BNDUPD);
        peer_active(&p, ADDRESS(150), 2, 600);
        peer_send(&p, id, &p.words);
        peer_send_bare(&p, id, FO_MSG_POOLREQ);
        peer_run(&p, SECONDS(20));
        peer_link(&p, id)->read = 0;
        while ((m = peer_next(&p, id)) != NULL) {
            count++;
            cr_assert_eq(p.said_bytes[12] << 8 | p.said_bytes[13], 17, "%s",
                         fo_message_type_name(m->type));
            cr_assert_eq(p.said_bytes[14] << 8 | p.said_bytes[15], 17);
            cr_assert_eq(fo_message_verify(p.said_bytes, p.said_length, m, &digest), FO_REJECT_NONE,
                         "%s", fo_message_type_name(m->type));
        }
        cr_assert_geq(count, 8);
        cr_assert(peer_status(&p).digest_on);
        end(&p, &digest);
    }
}

Test(receive_digest, one_flipped_bit_anywhere_ends_the_link_with_20_and_an_alarm)
{
    struct peer p; /* every bit of a STATE that the framing does not need */
    struct fo_digest digest;
    uint8_t bytes[FO_MESSAGE_MAX];
    size_t length;
    begin(&p, FO_ROLE_SECONDARY, &digest);
    for (size_t bit = 32; bit < 38u * 8; bit += 7) {
        fo_link_id_t id;
        struct fo_message *m;
        if (bit >= 12 * 8 && bit < 17 * 8)
            continue;             /* the option's own header: then it is another option */
        peer_run(&p, SECONDS(2)); /* no CONNECT twice in a second */
        id = peer_join(&p, FO_STATE_RECOVER);
        while (peer_next(&p, id) != NULL)
            ;
        m = peer_words(&p, FO_MSG_STATE);
        m->present =
            PEER_OPT(SERVER_STATE) | PEER_OPT(SERVER_FLAGS) | PEER_OPT(START_TIME_OF_STATE);
        m->server_state = 6;
        length = peer_write(&p, m, bytes);
        bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
        peer_bytes(&p, id, bytes, length);
        cr_assert(peer_closed(&p, id), "bit %zu", bit);
        cr_assert_eq(peer_next(&p, id)->type, FO_MSG_DISCONNECT);
        cr_assert_eq(p.said.reject_reason, 20, "bit %zu", bit);
        cr_assert_neq(strlen(p.alarms), 0);
        p.alarms[0] = '\0';
    }
    end(&p, &digest);
}

Test(receive_digest, a_message_without_it_ends_the_link_with_21)
{
    struct peer p; /* */
    struct fo_digest digest;
    fo_link_id_t id;
    begin(&p, FO_ROLE_SECONDARY, &digest);
    id = peer_join(&p, FO_STATE_RECOVER);
    while (peer_next(&p, id) != NULL)
        ;
    p.digest = NULL;
    peer_send_bare(&p, id, FO_MSG_CONTACT);
    cr_assert_eq(peer_next(&p, id)->reject_reason, 21);
    cr_assert(peer_closed(&p, id));
    cr_assert_neq(strlen(p.alarms), 0);
    end(&p, &digest);
}

Test(receive_digest, an_unknown_type_must_carry_it_too)
{
    for (int with = 0; with < 2; with++) { /* W-10 and A-03 */
        struct peer p;
        struct fo_digest digest;
        uint8_t bytes[FO_MESSAGE_MAX];
        size_t length;
        fo_link_id_t id;
        begin(&p, FO_ROLE_SECONDARY, &digest);
        id = peer_join(&p, FO_STATE_RECOVER);
        p.digest = with ? &digest : NULL;
        length = peer_write(&p, peer_words(&p, FO_MSG_CONTACT), bytes);
        bytes[2] = 200;
        if (with) {
            memset(bytes + 17, 0, 16);
            digest.compute(digest.context, bytes, length, bytes + 17);
        }
        peer_bytes(&p, id, bytes, length);
        cr_assert_eq(peer_closed(&p, id), !with);
        end(&p, &digest);
    }
}

static uint8_t refused(struct peer *p)
{
    fo_link_id_t id = peer_call(p);
    peer_send(p, id, peer_connect(p));
    cr_assert_eq(peer_next(p, id)->type, FO_MSG_CONNECTACK);
    cr_assert(peer_closed(p, id));
    return p->said.reject_reason;
}

Test(receive_digest, a_connect_is_refused_with_21_without_and_20_with_a_wrong_one)
{
    struct peer p; /* §7.8.2 step 4, A-02, A-03; the refusal itself is signed */
    struct fo_digest digest, wrong;
    begin(&p, FO_ROLE_SECONDARY, &digest);
    cr_assert_eq(peer_digest_new("loud", &wrong), FO_OK);
    p.digest = NULL;
    cr_assert_eq(refused(&p), 21);
    cr_assert_eq(fo_message_verify(p.said_bytes, p.said_length, &p.said, &digest), FO_REJECT_NONE);
    p.digest = &wrong;
    cr_assert_eq(refused(&p), 20);
    peer_digest_free(&wrong);
    end(&p, &digest);
}

Test(receive_digest, a_connect_with_one_is_refused_with_13_where_none_is_configured)
{
    struct peer p; /* */
    struct fo_digest digest;
    peer_init(&p, FO_ROLE_SECONDARY, NULL);
    cr_assert_eq(peer_digest_new("quiet", &digest), FO_OK);
    p.digest = &digest;
    cr_assert_eq(refused(&p), 13);
    end(&p, &digest);
}

Test(receive_digest, another_type_of_digest_is_refused_with_12)
{
    struct peer p; /* A-03, §12.17: all other types are not allowed */
    struct fo_digest digest;
    uint8_t bytes[FO_MESSAGE_MAX];
    size_t length;
    fo_link_id_t id;
    begin(&p, FO_ROLE_SECONDARY, &digest);
    id = peer_call(&p);
    length = peer_write(&p, peer_connect(&p), bytes);
    cr_assert_eq(bytes[16], 1);
    bytes[16] = 2;
    peer_bytes(&p, id, bytes, length);
    cr_assert_eq(peer_next(&p, id)->reject_reason, 12);
    end(&p, &digest);
}

Test(receive_digest, a_connectack_without_it_ends_the_call)
{
    struct peer p; /* §7.9.1: if CONNECT had one, CONNECTACK must */
    struct fo_digest digest;
    fo_link_id_t id;
    begin(&p, FO_ROLE_PRIMARY, &digest);
    id = peer_dialled(&p);
    peer_answer(&p, id);
    peer_next(&p, id);
    p.digest = NULL;
    peer_send(&p, id, peer_connectack(&p, p.said.xid));
    cr_assert(peer_closed(&p, id));
    cr_assert_neq(strlen(p.alarms), 0);
    end(&p, &digest);
}

Test(receive_digest, a_replayed_connect_is_refused_also_after_a_restart)
{
    struct peer p; /* the same time, or an older one */
    struct fo_digest digest;
    uint8_t bytes[FO_MESSAGE_MAX];
    size_t length;
    fo_link_id_t id;
    begin(&p, FO_ROLE_SECONDARY, &digest);
    id = peer_call(&p);
    length = peer_write(&p, peer_connect(&p), bytes);
    peer_bytes(&p, id, bytes, length);
    cr_assert_eq(peer_next(&p, id)->present & PEER_OPT(REJECT_REASON), 0);
    peer_hang_up(&p, id);
    id = peer_call(&p);
    peer_bytes(&p, id, bytes, length);
    cr_assert_eq(peer_next(&p, id)->reject_reason, 6);
    cr_assert(peer_closed(&p, id));
    peer_restart(&p);
    id = peer_call(&p);
    peer_bytes(&p, id, bytes, length);
    cr_assert_eq(peer_next(&p, id)->reject_reason, 6);
    peer_run(&p, SECONDS(1)); /* a later one is welcome */
    peer_establish(&p);
    end(&p, &digest);
}

Test(receive_digest, a_message_played_back_on_the_same_link_ends_it)
{
    struct peer p; /* §11.1: each xid greater than the one before; not for responses */
    struct fo_digest digest;
    uint8_t bytes[FO_MESSAGE_MAX];
    size_t length;
    fo_link_id_t id;
    begin(&p, FO_ROLE_SECONDARY, &digest);
    id = peer_join(&p, FO_STATE_RECOVER);
    while (peer_next(&p, id) != NULL)
        ;
    length = peer_write(&p, peer_words(&p, FO_MSG_POOLREQ), bytes);
    peer_bytes(&p, id, bytes, length);
    cr_assert_not(peer_closed(&p, id));
    peer_words(&p, FO_MSG_UPDDONE)->xid = 3;
    peer_send(&p, id, &p.words);
    cr_assert_not(peer_closed(&p, id));
    peer_bytes(&p, id, bytes, length);
    cr_assert(peer_closed(&p, id));
    cr_assert_eq(peer_find(&p, id, FO_MSG_DISCONNECT)->reject_reason, 20);
    end(&p, &digest);
}

Test(receive_digest, two_servers_with_a_secret_reach_normal_and_come_back_at_once_after_a_loss)
{
    struct world w; /* a second CONNECT within one second would look like a replay */
    world_init(&w);
    for (int i = 0; i < SIDES; i++) {
        w.side[i].config.digest_new = peer_digest_new;
        w.side[i].config.digest_free = peer_digest_free;
        world_start(&w, i);
    }
    world_pair_both(&w, secret);
    cr_assert(world_until(&w, FO_STATE_NORMAL, FO_STATE_NORMAL, SECONDS(60)));
    cr_assert(world_status(&w, 0).digest_on);
    world_kill(&w, 1);
    world_start(&w, 1);
    cr_assert(world_until(&w, FO_STATE_NORMAL, FO_STATE_NORMAL, SECONDS(15)));
    cr_assert_null(strstr(w.side[1].alarms, "refused"), "%s", w.side[1].alarms);
    world_fini(&w);
}

static void secret_and_automatic(struct fo_relationship *r)
{
    secret(r);
    r->dialect_auto = true;
}

Test(receive_digest, a_partner_that_signs_is_no_dhcpd_whatever_it_calls_itself)
{
    struct peer p; /* a dialect without a digest would silence us for good */
    struct fo_digest digest;
    fo_link_id_t id;
    peer_init(&p, FO_ROLE_SECONDARY, secret_and_automatic);
    cr_assert_eq(peer_digest_new("quiet", &digest), FO_OK);
    p.digest = &digest;
    id = peer_call(&p);
    p.dialect = FO_DIALECT_ISC;
    (void)peer_connect(&p); /* its vendor class */
    p.dialect = FO_DIALECT_DRAFT;
    peer_send(&p, id, &p.words);
    cr_assert_eq(peer_status(&p).dialect, FO_DIALECT_DRAFT);
    cr_assert_eq(peer_next(&p, id)->type, FO_MSG_CONNECTACK);
    cr_assert_eq(fo_message_verify(p.said_bytes, p.said_length, &p.said, &digest), FO_REJECT_NONE);
    end(&p, &digest);
}
