/* Allocations of the libraries under fo/run. */
#include <stdlib.h>

#include <event2/event.h>
#include <openssl/crypto.h>

#include "tests/sweep/strike.h"

static void *tls_malloc(size_t size, const char *file, int line)
{
    (void)file;
    (void)line;
    return strike_fails(STRIKE_TLS) ? NULL : malloc(size);
}

static void *tls_realloc(void *block, size_t size, const char *file, int line)
{
    (void)file;
    (void)line;
    if (size == 0) {
        free(block);
        return NULL;
    }
    return strike_fails(STRIKE_TLS) ? NULL : realloc(block, size);
}

static void tls_free(void *block, const char *file, int line)
{
    (void)file;
    (void)line;
    free(block);
}

void strike_libraries(void)
{
    event_set_mem_functions(strike_malloc, strike_realloc, free);
    if (CRYPTO_set_mem_functions(tls_malloc, tls_realloc, tls_free) != 1)
        abort();
}
