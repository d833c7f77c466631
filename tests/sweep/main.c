/* Failures one by one: a table of scenes and of how many places to fail each has. */
#include <stdio.h>

#include "tests/sweep/sweep.h"

#define PLACES_MAX 50000
#define TLS_STEP   37 /* of OpenSSL's thousands, unless there is a second argument */

static bool sweep(const struct sweep_scene *scene, enum strike_at at, unsigned step)
{
    static const char *const names[STRIKE_PLACES] = {
        [STRIKE_MEMORY] = "allocation", [STRIKE_STORE] = "store", [STRIKE_TLS] = "of OpenSSL"};
    for (unsigned long n = 0; n < PLACES_MAX; n += step) {
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
            printf("%-12s %-12s %6lu calls, %s failed once\n", scene->name, names[at], n,
                   step == 1 ? "each" : "some");
            return n > 0; /* a scene without a place to fail shows nothing */
        }
    }
    printf("%-12s %-12s has no end\n", scene->name, names[at]);
    return false;
}

int main(int argc, char **argv)
{
    bool well = true;
    sweep_begin(argc > 1 ? argv[1] : NULL);
    for (size_t i = 0; sweep_scenes[i] != NULL; i++)
        for (int at = 0; at < STRIKE_PLACES; at++)
            if ((sweep_scenes[i]->at & 1u << at) != 0)
                well = sweep(sweep_scenes[i], (enum strike_at)at,
                             at == STRIKE_TLS && argc < 3 ? TLS_STEP : 1) &&
                       well;
    return well ? 0 : 1;
}
