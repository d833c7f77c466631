#define HASH_NONFATAL_OOM 1
#include "fo/run/news.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct fo_news {
    pthread_mutex_t mutex;
    TAILQ_HEAD(fo_news_queue, fo_news_item) queue;
    struct fo_news_item *by_address;
    size_t tokens;
    int fd;
};

struct fo_news *fo_news_new(void)
{
    struct fo_news *n = calloc(1, sizeof *n);

    if (n == NULL)
        return NULL;
    n->fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (n->fd < 0) {
        free(n);
        return NULL;
    }
    pthread_mutex_init(&n->mutex, NULL);
    TAILQ_INIT(&n->queue);
    return n;
}

void fo_news_free(struct fo_news *n)
{
    struct fo_news_item *item;

    if (n == NULL)
        return;
    while ((item = fo_news_take(n)) != NULL)
        free(item);
    close(n->fd);
    pthread_mutex_destroy(&n->mutex);
    free(n);
}

int fo_news_fd(const struct fo_news *n)
{
    return n->fd;
}

/* The eventfd is not empty exactly while the queue is not; both change under the mutex. */
static void append(struct fo_news *n, struct fo_news_item *item)
{
    const uint64_t one = 1;
    ssize_t written = sizeof one;

    if (TAILQ_EMPTY(&n->queue))
        written = write(n->fd, &one, sizeof one);
    (void)written; /* an empty counter takes 1 */
    TAILQ_INSERT_TAIL(&n->queue, item, next);
}

static void set_binding(struct fo_news_item *item, const struct fo_binding *b)
{
    item->binding = *b;
    item->binding.client.id = item->client_id;
    if (b->client.id_length > 0)
        memcpy(item->client_id, b->client.id, b->client.id_length);
}

int fo_news_lease(struct fo_news *n, const struct fo_binding *b)
{
    struct fo_news_item *item = NULL;
    int rc = FO_OK;

    pthread_mutex_lock(&n->mutex);
    HASH_FIND(hh, n->by_address, &b->address, sizeof b->address, item);
    if (item != NULL) {
        set_binding(item, b);
    } else if ((item = calloc(1, sizeof *item)) != NULL) {
        item->kind = FO_NEWS_LEASE;
        set_binding(item, b);
        HASH_ADD(hh, n->by_address, binding.address, sizeof item->binding.address, item);
        if (item->hh.tbl != NULL) {
            append(n, item);
        } else { /* the table had no memory */
            free(item);
            rc = FO_ENOMEM;
        }
    } else {
        rc = FO_ENOMEM;
    }
    pthread_mutex_unlock(&n->mutex);
    return rc;
}

int fo_news_token(struct fo_news *n, enum fo_news_kind kind, uint64_t token)
{
    struct fo_news_item *item = calloc(1, sizeof *item);

    if (item == NULL)
        return FO_ENOMEM;
    item->kind = kind;
    item->token = token;
    pthread_mutex_lock(&n->mutex);
    n->tokens++;
    append(n, item);
    pthread_mutex_unlock(&n->mutex);
    return FO_OK;
}

struct fo_news_item *fo_news_take(struct fo_news *n)
{
    struct fo_news_item *item;
    uint64_t count;
    ssize_t got = 0;

    pthread_mutex_lock(&n->mutex);
    item = TAILQ_FIRST(&n->queue);
    if (item != NULL) {
        TAILQ_REMOVE(&n->queue, item, next);
        if (item->kind == FO_NEWS_LEASE)
            HASH_DELETE(hh, n->by_address, item);
        else
            n->tokens--;
        if (TAILQ_EMPTY(&n->queue))
            got = read(n->fd, &count, sizeof count);
    }
    pthread_mutex_unlock(&n->mutex);
    (void)got;
    return item;
}

size_t fo_news_tokens(struct fo_news *n)
{
    size_t tokens;

    pthread_mutex_lock(&n->mutex);
    tokens = n->tokens;
    pthread_mutex_unlock(&n->mutex);
    return tokens;
}
