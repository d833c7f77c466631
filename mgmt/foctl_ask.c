#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "mgmt/call.h"
#include "mgmt/foctl_preview.h"

/* The partner's has numbers of its own (MAPI §4.2). */
static uint32_t code_of_connect(int err, bool partner, bool local)
{
    if (err == FO_EINVAL)
        return ERROR_ACCESS_DENIED; /* no certificate */
    if (err == FO_ENOMEM)
        return ERROR_NOT_ENOUGH_MEMORY;
    if (!partner)
        return local ? EPT_S_NOT_REGISTERED : RPC_S_SERVER_UNAVAILABLE;
    if (err == FO_ENOTFOUND)
        return ERROR_DHCP_SERVER_NAME_NOT_RESOLVED;
    return err == FO_ECLOSED ? ERROR_DHCP_SERVER_NOT_RUNNING : ERROR_DHCP_SERVER_NOT_REACHABLE;
}

uint32_t foctl_try_partner(struct foctl *t, const char *text, struct fo_mgmt_client **out,
                           char *why, size_t why_capacity)
{
    struct fo_mgmt_target target;
    int err = fo_mgmt_target_parse(text, &target, why, why_capacity);

    if (err != FO_OK)
        return ERROR_INVALID_PARAMETER;
    err = fo_mgmt_connect(&target, t->tls, t->timeout_s, out, why, why_capacity);
    return err == FO_OK ? ERROR_SUCCESS : code_of_connect(err, true, target.path[0] != '\0');
}

int foctl_connect_to(struct foctl *t, const char *text, struct fo_mgmt_client **out)
{
    char why[400];
    uint32_t code = foctl_try_partner(t, text, out, why, sizeof why);

    if (code == ERROR_SUCCESS)
        return EXIT_DONE;
    return foctl_fail_code(code == ERROR_INVALID_PARAMETER ? EXIT_USAGE : EXIT_UNREACHABLE, code,
                           "%s", why);
}

int foctl_connect(struct foctl *t)
{
    char why[400];
    int err;

    if (t->client != NULL)
        return EXIT_DONE;
    err = fo_mgmt_connect(&t->target, t->tls, t->timeout_s, &t->client, why, sizeof why);
    if (err == FO_OK)
        return EXIT_DONE;
    return foctl_fail_code(EXIT_UNREACHABLE, code_of_connect(err, false, t->target.path[0] != '\0'),
                           "%s", why);
}

int foctl_ask_at(struct fo_mgmt_client *c, const char *server, bool refusals_too,
                 Mgmt__Request *request, Mgmt__Reply **out)
{
    if (fo_mgmt_call(c, request, out) != FO_OK)
        return foctl_lost(server, c);
    if ((*out)->code == ERROR_SUCCESS)
        return EXIT_DONE;
    if (refusals_too)
        return EXIT_REFUSED;
    (void)foctl_refused(server, *out);
    mgmt__reply__free_unpacked(*out, NULL);
    *out = NULL;
    return EXIT_REFUSED;
}

int foctl_ask(struct foctl *t, Mgmt__Request *request, Mgmt__Reply **out)
{
    int rc = foctl_connect(t);

    if (rc != EXIT_DONE)
        return rc;
    if (t->what_if && fo_call_changes(fo_call_find(request))) {
        rc = foctl_preview(t, t->client, "this server", request);
        return rc != EXIT_DONE ? rc : EXIT_TOLD;
    }
    return foctl_ask_at(t->client, NULL, false, request, out);
}

int foctl_do(struct foctl *t, Mgmt__Request *request)
{
    Mgmt__Reply *reply;
    int rc = foctl_ask(t, request, &reply);

    if (rc == EXIT_DONE)
        mgmt__reply__free_unpacked(reply, NULL);
    return rc == EXIT_TOLD ? EXIT_DONE : rc;
}

int foctl_confirm(struct foctl *t, const char *format, ...)
{
    va_list arguments;
    char line[16];

    if (foctl_has(&t->args, "force") || t->what_if || t->asked)
        return EXIT_DONE;
    va_start(arguments, format);
    (void)vfprintf(stderr, format, arguments);
    va_end(arguments);
    if (!isatty(STDIN_FILENO)) {
        (void)fputc('\n', stderr);
        return foctl_fail(EXIT_REFUSED, "there is no terminal to ask at, so nothing was changed");
    }
    (void)fputs(" [y/N] ", stderr);
    t->asked = fgets(line, sizeof line, stdin) != NULL && (line[0] == 'y' || line[0] == 'Y');
    return t->asked ? EXIT_DONE : foctl_fail(EXIT_REFUSED, "nothing was changed");
}
