/* The scene of the door to a host: what was taken in is handed out, once each. */
#include <stdlib.h>

#include "fo/run/news.h"
#include "tests/sweep/sweep.h"

#define LEASES 400 /* enough for the table to grow */

struct scene {
    struct fo_news *news;
    bool taken_in[LEASES];
};

static void *empty(void)
{
    struct scene *s = calloc(1, sizeof *s);
    s->news = fo_news_new();
    return s;
}

static void take_in(void *context)
{
    struct scene *s = context;
    for (unsigned i = 0; i < LEASES; i++) {
        struct fo_binding b = {.address = i + 1, .status = FO_STATUS_ACTIVE};
        s->taken_in[i] = fo_news_lease(s->news, &b) == FO_OK;
    }
}

static const char *judge(void *context)
{
    struct scene *s = context;
    struct fo_news_item *item;
    while ((item = fo_news_take(s->news)) != NULL) {
        unsigned i = item->binding.address - 1;
        free(item);
        if (i >= LEASES || !s->taken_in[i])
            return "a lease that nobody took in, or one twice";
        s->taken_in[i] = false;
    }
    for (unsigned i = 0; i < LEASES; i++)
        if (s->taken_in[i])
            return "a lease is gone";
    return NULL;
}

static void clear(void *context)
{
    struct scene *s = context;
    fo_news_free(s->news);
    free(s);
}

const struct sweep_scene sweep_news = {"news", empty, take_in, judge, clear, 1u << STRIKE_MEMORY};
