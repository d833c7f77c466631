/* The configuration file of fod. What is refused says where; what is accepted is within its types.
 */
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fo/daemon/config.h"
#include "tests/fuzz/fuzz.h"

/* The reader wants a path: a file in memory has one. */
static const char *path_of(const uint8_t *data, size_t size)
{
    static char path[64];
    static int fd = -1;
    if (fd < 0) {
        fd = memfd_create("fod.conf", MFD_CLOEXEC);
        (void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    }
    FUZZ_CHECK(fd >= 0 && ftruncate(fd, 0) == 0);
    FUZZ_CHECK(pwrite(fd, data, size, 0) == (ssize_t)size);
    return path;
}

static void look(const struct fod_config *c)
{
    FUZZ_CHECK(c->listen_count >= 1 && c->listen_count <= FOD_LISTEN_MAX);
    for (size_t i = 0; i < c->scope_count; i++)
        FUZZ_CHECK((c->scopes[i].subnet & ~c->scopes[i].mask) == 0);
    for (size_t i = 0; i < c->peer_count; i++) {
        const struct fo_relationship *r = &c->peers[i];
        FUZZ_CHECK(r->role <= FO_ROLE_SECONDARY && r->mode <= FO_MODE_HOT_STANDBY);
        FUZZ_CHECK(r->tls <= FO_TLS_REQUIRED && r->percentage <= 100);
        FUZZ_CHECK(memchr(r->shared_secret, '\0', sizeof r->shared_secret) != NULL);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fod_config config = {0};
    char why[512];
    int rc;
    /* A secret file is opened where the text says: not here, where the text is anybody's. */
    if (memmem(data, size, "secret", 6) != NULL)
        return 0;
    rc = fod_config_read(path_of(data, size), &config, why, sizeof why);
    FUZZ_CHECK(rc == FO_OK || rc == FO_EINVAL);
    FUZZ_CHECK(memchr(why, '\0', sizeof why) != NULL);
    if (rc == FO_OK)
        look(&config);
    else
        FUZZ_CHECK(why[0] != '\0');
    fod_config_fini(&config);
    return 0;
}
