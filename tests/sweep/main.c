/* Failures one by one: a table of scenes and of how many places to fail each has. */
#include <stdio.h>

#include "tests/sweep/sweep.h"

#define PLACES_MAX 20000

static bool sweep(const struct sweep_scene *scene, enum strike_at at)
{
    static const char *const names[] = {[STRIKE_MEMORY] = "allocation", [STRIKE_STORE] = "store"};
    for (unsigned long n = 0; n < PLACES_MAX; n++) {
        void *context = scene->prepare();
        const char *wrong;
        bool struck;
        strike_arm(at, n);
        scene->play(context);
        struck = strike_disarm();
        wrong = scene->judge(context);
        if (wrong != NULL) {
            printf("%-12s %-12s FAILED with call %lu failing: %s\n", scene->name, names[at], n + 1,
                   wrong);
            return false;
        }
        scene->clear(context);
        if (!struck) {
            printf("%-12s %-12s %6lu calls, each failed once\n", scene->name, names[at], n);
            return n > 0; /* a scene without a place to fail shows nothing */
        }
    }
    printf("%-12s %-12s has no end\n", scene->name, names[at]);
    return false;
}

int main(void)
{
    static const struct sweep_scene *const scenes[] = {
        &sweep_connect, &sweep_replicate, &sweep_resync, &sweep_restart,
        &sweep_create,  &sweep_import,    &sweep_news,
    };
    bool well = true;
    for (size_t i = 0; i < sizeof scenes / sizeof scenes[0]; i++)
        for (int at = STRIKE_MEMORY;
             at <= (scenes[i]->without_store ? STRIKE_MEMORY : STRIKE_STORE); at++)
            well = sweep(scenes[i], (enum strike_at)at) && well;
    return well ? 0 : 1;
}
