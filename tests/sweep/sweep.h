/** tests/sweep/sweep.h: each function plays its scene with the n-th call failing, for n = 0, 1, …
 *  until nothing fails any more, and looks after each time whether everything is as it should be.
 */
#ifndef FO_TESTS_SWEEP_SWEEP_H
#define FO_TESTS_SWEEP_SWEEP_H

#include "tests/sweep/strike.h"

struct sweep_scene {
    const char *name;
    void *(*prepare)(void);              /* everything well, up to the scene; watched stores */
    void (*play)(void *context);         /* the failure may come here, and nowhere else */
    const char *(*judge)(void *context); /* what is wrong now; NULL: nothing. Nothing fails here */
    void (*clear)(void *context);
    bool without_store;
};

extern const struct sweep_scene sweep_connect, sweep_replicate, sweep_resync, sweep_restart;
extern const struct sweep_scene sweep_create, sweep_import, sweep_news;

#endif
