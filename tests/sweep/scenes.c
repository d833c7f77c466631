/* The scenes of the engine and of management. */
#include <stddef.h>

#include "tests/sweep/sweep.h"

const struct sweep_scene *const sweep_scenes[] = {
    &sweep_connect, &sweep_replicate, &sweep_resync, &sweep_restart,
    &sweep_create,  &sweep_import,    &sweep_news,   NULL,
};

void sweep_begin(const char *argument)
{
    (void)argument;
}
