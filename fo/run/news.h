/**
 * fo/run/news.h: what the host will be told when it drains: the partner's leases, and tokens.
 *
 * First in, first out; but a lease that changes again before it was told keeps its place and shows
 * its newest form, so leases wait at most once per address of the scopes. Any thread.
 */
#ifndef FO_RUN_NEWS_H
#define FO_RUN_NEWS_H

#include <sys/queue.h>

#include <uthash.h>

#include "state/binding.h"

enum fo_news_kind { FO_NEWS_LEASE, FO_NEWS_DURABLE, FO_NEWS_ACKED };

struct fo_news_item {
    TAILQ_ENTRY(fo_news_item) next;
    UT_hash_handle hh; /* by binding.address; leases only */
    enum fo_news_kind kind;
    uint64_t token;
    struct fo_binding binding; /* client.id points to |client_id| */
    uint8_t client_id[FO_CLIENT_ID_MAX];
};

struct fo_news;

struct fo_news *fo_news_new(void);    /* NULL: no memory or no descriptor */
void fo_news_free(struct fo_news *n); /* accepts NULL */
/** Readable while something waits. */
int fo_news_fd(const struct fo_news *n);

/** Errors: FO_ENOMEM. */
FO_MUST_CHECK int fo_news_lease(struct fo_news *n, const struct fo_binding *b);
FO_MUST_CHECK int fo_news_token(struct fo_news *n, enum fo_news_kind kind, uint64_t token);
/** Takes the oldest piece; gives it (free). NULL: nothing waits. */
struct fo_news_item *fo_news_take(struct fo_news *n);
/** How many tokens wait. */
size_t fo_news_tokens(struct fo_news *n);

#endif
