#include "mgmt/dhcpsapi/ask.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

#include "mgmt/dhcpsapi/result.h"

#define TIMEOUT_S 30

char *fo_ask_text(struct fo_ask *a, const WCHAR *text)
{
    static char empty[] = "";
    char *copy = NULL;

    if (text == NULL)
        return empty;
    if (a->memory == NULL)
        a->memory = fo_result_new(0);
    if (a->memory != NULL)
        copy = fo_result_utf8(a->memory, text);
    if (copy != NULL)
        return copy;
    a->no_memory = true;
    return empty;
}

/* --- SIGPIPE ------------------------------------------------------------------------------------
 * A server that goes away must not end the program that asked it. OpenSSL writes to its socket
 * plainly, so the signal is held back on this thread and taken away if it came. */

struct guard {
    sigset_t before, pipe;
    bool was_pending;
};

static void guard_start(struct guard *g)
{
    sigset_t pending;

    (void)sigemptyset(&g->pipe);
    (void)sigaddset(&g->pipe, SIGPIPE);
    (void)sigpending(&pending);
    g->was_pending = sigismember(&pending, SIGPIPE) == 1;
    (void)pthread_sigmask(SIG_BLOCK, &g->pipe, &g->before);
}

static void guard_end(struct guard *g)
{
    const struct timespec at_once = {0};

    if (!g->was_pending)
        (void)sigtimedwait(&g->pipe, NULL, &at_once);
    (void)pthread_sigmask(SIG_SETMASK, &g->before, NULL);
}

/* --- the question ----------------------------------------------------------------------------- */

DWORD fo_ask_find(struct fo_ask *a, const WCHAR *server)
{
    const char *text = fo_ask_text(a, server);
    char why[200];

    if (a->no_memory)
        return ERROR_NOT_ENOUGH_MEMORY;
    if (text[0] == '\0')
        text = getenv("FO_SOCKET") != NULL ? getenv("FO_SOCKET") : FO_MGMT_SOCKET;
    if (fo_mgmt_target_parse(text, &a->target, why, sizeof why) != FO_OK)
        return RPC_S_SERVER_UNAVAILABLE;
    return ERROR_SUCCESS;
}

static DWORD code_of(int err, const struct fo_mgmt_target *target)
{
    if (err == FO_ENOMEM)
        return ERROR_NOT_ENOUGH_MEMORY;
    if (err == FO_EINVAL) /* no certificates */
        return ERROR_ACCESS_DENIED;
    if (err == FO_ELIMIT) /* no server takes a request of this size */
        return RPC_S_INVALID_BOUND;
    return target->path[0] != '\0' ? EPT_S_NOT_REGISTERED : RPC_S_SERVER_UNAVAILABLE;
}

void fo_ask_fini(struct fo_ask *a)
{
    struct guard guard;

    DhcpRpcFreeMemory(a->memory);
    if (a->reply != NULL)
        mgmt__reply__free_unpacked(a->reply, NULL);
    guard_start(&guard);
    fo_mgmt_disconnect(a->client);
    guard_end(&guard);
}

static int connect_to(struct fo_ask *a)
{
    struct fo_tls_files files = {getenv("FO_CA"), getenv("FO_CERT"), getenv("FO_KEY")};
    bool has_files = files.ca_file != NULL && files.cert_file != NULL && files.key_file != NULL;
    char why[400];

    return fo_mgmt_connect(&a->target, has_files ? &files : NULL, TIMEOUT_S, &a->client, why,
                           sizeof why);
}

DWORD fo_ask(struct fo_ask *a, const WCHAR *server, Mgmt__Request__CallCase call, void *message,
             Mgmt__Reply__ResultCase result)
{
    Mgmt__Request request = MGMT__REQUEST__INIT;
    struct guard guard;
    DWORD code = a->client == NULL ? fo_ask_find(a, server) : (DWORD)ERROR_SUCCESS;
    int err = FO_OK;

    if (a->no_memory)
        code = ERROR_NOT_ENOUGH_MEMORY;
    if (code != ERROR_SUCCESS)
        return code;
    if (a->reply != NULL) /* of an earlier question */
        mgmt__reply__free_unpacked(a->reply, NULL);
    a->reply = NULL;
    request.call_case = call;
    request.server_get = message; /* whichever it is: they share their place */
    guard_start(&guard);
    if (a->client == NULL)
        err = connect_to(a);
    if (err == FO_OK)
        err = fo_mgmt_call(a->client, &request, &a->reply);
    guard_end(&guard);
    if (err != FO_OK)
        return code_of(err, &a->target);
    if (a->reply->code != ERROR_SUCCESS)
        return a->reply->code;
    if (result != MGMT__REPLY__RESULT__NOT_SET && a->reply->result_case != result)
        return RPC_S_SERVER_UNAVAILABLE; /* it is none of ours */
    return ERROR_SUCCESS;
}

DWORD fo_ask_once(struct fo_ask *a, const WCHAR *server, Mgmt__Request__CallCase call,
                  void *message)
{
    DWORD code = fo_ask(a, server, call, message, MGMT__REPLY__RESULT__NOT_SET);

    fo_ask_fini(a);
    return code;
}
