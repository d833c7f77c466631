/** fo/run/door.h: the inside of the public face (fo/fo.h), shared by door.c, setup.c and ask.c. */
#ifndef FO_RUN_DOOR_H
#define FO_RUN_DOOR_H

#include <pthread.h>

#include "fo/fo.h"
#include "fo/run/news.h"
#include "fo/run/run.h"

struct fo {
    struct fo_run *run;
    struct fo_news *news;
    bool has_tls;
    void (*log)(void *context, int level, const char *line);
    void *context;
    pthread_mutex_t mutex; /* |running|, and changes while the thread does not run */
    pthread_t thread;
    bool running;
};

/** Runs |change| in the next batch and waits until it is committed. |context| is handed to it. */
FO_MUST_CHECK int fo_door_change(struct fo *f, fo_run_change change, void *context);

/** The client that |key| names, its identifier borrowed. Errors: FO_EINVAL. */
FO_MUST_CHECK int fo_door_client(const struct fo_client_key *key, struct fo_client *out);

/* Infinite is 0xffffffff for a host and FO_UTC_INFINITE inside. */
fo_utc_t fo_door_utc(uint32_t s);
uint32_t fo_door_seconds(fo_utc_t t);

#endif
