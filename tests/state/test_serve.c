/* state/serve.h; draft-12 §9.3 to §9.14, conformance S-03, L-11. */
#include "state/serve.h"

#include <criterion/criterion.h>

static const struct {
    enum fo_state state;
    bool answers_new, answers_renew, balances, own, partners;
} expected[] = {
    {FO_STATE_NONE, 0, 0, 0, 0, 0},
    {FO_STATE_STARTUP, 0, 0, 0, 0, 0},                    /* §9.3.1 */
    {FO_STATE_NORMAL, 1, 1, 1, 1, 0},                     /* §9.8.2 */
    {FO_STATE_COMMUNICATIONS_INTERRUPTED, 1, 1, 0, 1, 0}, /* §9.9.2 */
    {FO_STATE_PARTNER_DOWN, 1, 1, 0, 1, 1},               /* §9.4.2 */
    {FO_STATE_POTENTIAL_CONFLICT, 0, 0, 0, 0, 0},         /* §9.10.2 */
    {FO_STATE_RECOVER, 0, 0, 0, 0, 0},                    /* §9.5.1 */
    {FO_STATE_RECOVER_WAIT, 0, 0, 0, 0, 0},               /* §9.6.1 */
    {FO_STATE_RECOVER_DONE, 0, 1, 0, 0, 0},               /* §9.7.1 */
    {FO_STATE_RESOLUTION_INTERRUPTED, 1, 1, 0, 1, 0},     /* §9.11.2 */
    {FO_STATE_CONFLICT_DONE, 1, 1, 0, 1, 0},              /* §9.12.2 */
    {FO_STATE_PAUSED, 0, 0, 0, 0, 0},                     /* §9.13 */
    {FO_STATE_SHUTDOWN, 0, 0, 0, 0, 0},                   /* §9.14.2 */
};

Test(serve, each_state_answers_whom_its_section_says) /* S-03, H-04 */
{
    cr_assert_eq(sizeof expected / sizeof expected[0], FO_STATE_COUNT);
    for (size_t i = 0; i < FO_STATE_COUNT; i++) {
        const struct fo_service *s = fo_service_of(expected[i].state);
        const char *name = fo_state_name((int)expected[i].state);
        cr_assert_eq(s->answers_new, expected[i].answers_new, "%s", name);
        cr_assert_eq(s->answers_renew, expected[i].answers_renew, "%s", name);
        cr_assert_eq(s->balances_load, expected[i].balances, "%s", name);
        cr_assert_eq(s->allocates_own, expected[i].own, "%s", name);
        cr_assert_eq(s->allocates_partners, expected[i].partners, "%s", name);
        cr_assert_not_null(s->source);
    }
}

Test(serve, a_number_that_is_no_state_answers_nobody)
{
    cr_assert_not(fo_service_of((enum fo_state)13)->answers_new);
    cr_assert_not(fo_service_of((enum fo_state)254)->answers_renew);
}

Test(serve, outside_partner_down_only_own_available_addresses_are_given) /* L-06, L-11 */
{
    for (int state = 0; state < FO_STATE_COUNT; state++) {
        if (state == FO_STATE_PARTNER_DOWN)
            continue;
        bool allocates = expected[state].own;
        for (size_t i = 0; i < FO_STATE_COUNT; i++) {
            if ((int)expected[i].state == state)
                allocates = expected[i].own;
        }
        for (int status = 0; status < FO_STATUS_COUNT; status++) {
            enum fo_binding_status s = (enum fo_binding_status)status;
            cr_assert_eq(fo_serve_may_allocate((enum fo_state)state, FO_ROLE_PRIMARY, s),
                         allocates && status == FO_STATUS_FREE);
            cr_assert_eq(fo_serve_may_allocate((enum fo_state)state, FO_ROLE_SECONDARY, s),
                         allocates && status == FO_STATUS_BACKUP);
        }
    }
}

Test(serve, in_partner_down_all_but_leased_and_abandoned_addresses_come_free_in_time)
{
    static const bool by_status[FO_STATUS_COUNT] = {
        [FO_STATUS_FREE] = true,     [FO_STATUS_BACKUP] = true, [FO_STATUS_EXPIRED] = true,
        [FO_STATUS_RELEASED] = true, [FO_STATUS_RESET] = true,
    };
    for (int role = FO_ROLE_PRIMARY; role <= FO_ROLE_SECONDARY; role++) {
        for (int status = 0; status < FO_STATUS_COUNT; status++)
            cr_assert_eq(fo_serve_may_allocate(FO_STATE_PARTNER_DOWN, (enum fo_role)role,
                                               (enum fo_binding_status)status),
                         by_status[status], "status %d", status);
    }
    cr_assert_not(
        fo_serve_may_allocate(FO_STATE_PARTNER_DOWN, FO_ROLE_PRIMARY, (enum fo_binding_status)40));
}
