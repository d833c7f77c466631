#include <criterion/criterion.h>
#include <string.h>

#include "fo/outbox.h"

Test(outbox, bytes_to_one_link_in_a_row_are_one_effect)
{
    struct fo_outbox o;
    fo_outbox_init(&o);
    fo_outbox_send(&o, 2, "abc", 3);
    fo_outbox_send(&o, 2, "de", 2);
    fo_outbox_send(&o, 4, "f", 1);
    fo_outbox_send(&o, 2, "g", 1);
    cr_assert_eq(o.count, 3);
    cr_assert_eq(o.effects[0].length, 5);
    cr_assert_eq(memcmp(fo_outbox_data(&o, &o.effects[0]), "abcde", 5), 0);
    cr_assert_eq(o.effects[1].link, 4);
    cr_assert_eq(memcmp(fo_outbox_data(&o, &o.effects[2]), "g", 1), 0);
    fo_outbox_fini(&o);
}

Test(outbox, what_happens_in_between_keeps_bytes_apart)
{
    struct fo_outbox o; /* CLOSE and START_TLS come after what was sent before, not after more */
    fo_outbox_init(&o);
    fo_outbox_send(&o, 2, "abc", 3);
    fo_outbox_start_tls(&o, 2, 7, true);
    fo_outbox_send(&o, 2, "de", 2);
    fo_outbox_notice(&o, FO_NOTICE_ALARM, "careful");
    fo_outbox_send(&o, 2, "f", 1);
    fo_outbox_close(&o, 2);
    cr_assert_eq(o.count, 6);
    cr_assert_eq(o.effects[1].kind, FO_EFFECT_START_TLS);
    cr_assert(o.effects[1].tls.server_side);
    cr_assert_eq(o.effects[1].tls.relationship, 7);
    cr_assert_eq(o.effects[3].level, FO_NOTICE_ALARM);
    cr_assert_eq(memcmp(fo_outbox_data(&o, &o.effects[3]), "careful", 7), 0);
    cr_assert_eq(o.effects[5].kind, FO_EFFECT_CLOSE);
    fo_outbox_fini(&o);
}

Test(outbox, a_binding_comes_back_with_its_client_identifier)
{
    struct fo_outbox o;
    uint8_t id[255];
    struct fo_binding b = {.address = 0x0a000005, .status = FO_STATUS_ACTIVE}, got;
    memset(id, 0x5a, sizeof id);
    b.client.id = id;
    b.client.id_length = sizeof id;
    fo_outbox_init(&o);
    fo_outbox_applied(&o, &b);
    memset(id, 0, sizeof id); /* it was copied */
    b.client.id_length = 0;
    b.client.id = NULL;
    b.address++;
    for (int i = 0; i < 1000; i++) /* and survives the arena moving */
        fo_outbox_applied(&o, &b);
    got = fo_outbox_binding(&o, &o.effects[0]);
    cr_assert_eq(got.address, 0x0a000005);
    cr_assert_eq(got.client.id_length, 255);
    cr_assert_eq(got.client.id[0], 0x5a);
    cr_assert_eq(got.client.id[254], 0x5a);
    cr_assert_null(fo_outbox_binding(&o, &o.effects[1]).client.id);
    fo_outbox_fini(&o);
}

Test(outbox, clearing_forgets_effects_and_errors_and_keeps_the_memory)
{
    struct fo_outbox o = {0}; /* {0} does as well as init */
    fo_outbox_token(&o, FO_EFFECT_DURABLE, 42);
    fo_outbox_dial(&o, 2, 1, 0x0a090002, 647, 0x0a090001);
    cr_assert_eq(o.effects[0].token, 42);
    cr_assert_eq(o.effects[1].dial.port, 647);
    o.err = FO_ENOMEM;
    fo_outbox_close(&o, 2);
    cr_assert_eq(o.count, 2, "after an error nothing is added: the batch is thrown away");
    fo_outbox_clear(&o);
    cr_assert_eq(o.count, 0);
    cr_assert_eq(o.err, FO_OK);
    cr_assert_not_null(o.effects);
    fo_outbox_send(&o, 2, "x", 1);
    cr_assert_eq(o.count, 1);
    fo_outbox_fini(&o);
    fo_outbox_fini(&o);
}
