#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "fo/run/news.h"

static struct fo_news *news;

static void set_up(void)
{
    news = fo_news_new();
    cr_assert_not_null(news);
}
static void tear_down(void)
{
    fo_news_free(news);
}
TestSuite(news, .init = set_up, .fini = tear_down);

static bool readable(void)
{
    struct pollfd p = {.fd = fo_news_fd(news), .events = POLLIN};

    return poll(&p, 1, 0) == 1;
}
static void add_lease(fo_ipv4_t address, uint32_t end, const char *id)
{
    struct fo_binding b = {.address = address, .status = FO_STATUS_ACTIVE};

    b.lease_expiration = fo_utc(end);
    b.client.id = (const uint8_t *)id;
    b.client.id_length = (uint8_t)strlen(id);
    cr_assert_eq(fo_news_lease(news, &b), FO_OK);
}

Test(news, the_descriptor_is_readable_exactly_while_something_waits)
{
    cr_expect(!readable());
    add_lease(1, 10, "a");
    cr_assert_eq(fo_news_token(news, FO_NEWS_DURABLE, 7), FO_OK);
    cr_expect(readable());
    free(fo_news_take(news));
    cr_expect(readable());
    free(fo_news_take(news));
    cr_expect(!readable());
    cr_expect_null(fo_news_take(news));
    add_lease(1, 10, "a");
    cr_expect(readable());
}

Test(news, a_lease_that_changes_again_keeps_its_place_and_shows_its_newest_form)
{
    struct fo_news_item *item;

    add_lease(1, 10, "first");
    add_lease(2, 10, "other");
    add_lease(1, 20, "new");
    item = fo_news_take(news);
    cr_expect_eq(item->binding.address, 1);
    cr_expect_eq(item->binding.lease_expiration.s, 20);
    cr_expect_eq(item->binding.client.id_length, 3);
    cr_expect_arr_eq(item->binding.client.id, "new", 3);
    free(item);
    item = fo_news_take(news);
    cr_expect_eq(item->binding.address, 2);
    free(item);
    cr_expect_null(fo_news_take(news));
}

Test(news, a_lease_told_once_may_come_again)
{
    struct fo_news_item *item;

    add_lease(1, 10, "a");
    free(fo_news_take(news));
    add_lease(1, 30, "a");
    item = fo_news_take(news);
    cr_assert_not_null(item);
    cr_expect_eq(item->binding.lease_expiration.s, 30);
    free(item);
}

Test(news, tokens_are_all_kept_and_counted)
{
    for (uint64_t i = 1; i <= 3; i++)
        cr_assert_eq(fo_news_token(news, FO_NEWS_ACKED, i), FO_OK);
    cr_expect_eq(fo_news_tokens(news), 3);
    for (uint64_t i = 1; i <= 3; i++) {
        struct fo_news_item *item = fo_news_take(news);

        cr_expect_eq(item->kind, FO_NEWS_ACKED);
        cr_expect_eq(item->token, i);
        free(item);
    }
    cr_expect_eq(fo_news_tokens(news), 0);
}
