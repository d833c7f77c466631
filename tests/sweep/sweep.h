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
    unsigned at; /* where it may fail: bits of 1u << enum strike_at */
};
#define SWEEP_ENGINE (1u << STRIKE_MEMORY | 1u << STRIKE_STORE)

extern const struct sweep_scene sweep_connect, sweep_replicate, sweep_resync, sweep_restart;
extern const struct sweep_scene sweep_create, sweep_import, sweep_news;
extern const struct sweep_scene sweep_open, sweep_link, sweep_upgrade, sweep_door;
/** Before the first scene; |argument| is the program's. */
void sweep_begin(const char *argument);
/** Those of the program that is linked; ends with NULL. */
extern const struct sweep_scene *const sweep_scenes[];

#endif
