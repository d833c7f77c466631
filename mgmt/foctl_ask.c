#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "mgmt/call.h"
#include "mgmt/foctl_preview.h"

int foctl_fail(int exit_code, const char *format, ...)
{
    va_list arguments;

    (void)fputs("foctl: ", stderr);
    va_start(arguments, format);
    (void)vfprintf(stderr, format, arguments);
    va_end(arguments);
    (void)fputc('\n', stderr);
    return exit_code;
}

int foctl_refused_code(const char *server, uint32_t code, const char *sentence)
{
    (void)fprintf(stderr, "%s%s%s (%u): %s\n", server != NULL ? server : "",
                  server != NULL ? ": " : "", fo_win32_name(code), code, sentence);
    return EXIT_REFUSED;
}

int foctl_refused(const char *server, const Mgmt__Reply *reply)
{
    return foctl_refused_code(server, reply->code, reply->sentence);
}

int foctl_connect_to(struct foctl *t, const char *text, struct fo_mgmt_client **out)
{
    struct fo_mgmt_target target;
    char why[400];

    if (fo_mgmt_target_parse(text, &target, why, sizeof why) != FO_OK)
        return foctl_fail(EXIT_USAGE, "%s", why);
    if (fo_mgmt_connect(&target, t->tls, t->timeout_s, out, why, sizeof why) != FO_OK)
        return foctl_fail(EXIT_UNREACHABLE, "%s", why);
    return EXIT_DONE;
}

int foctl_connect(struct foctl *t)
{
    char why[400];

    if (t->client != NULL)
        return EXIT_DONE;
    if (fo_mgmt_connect(&t->target, t->tls, t->timeout_s, &t->client, why, sizeof why) != FO_OK)
        return foctl_fail(EXIT_UNREACHABLE, "%s", why);
    return EXIT_DONE;
}

int foctl_ask_at(struct fo_mgmt_client *c, const char *server, bool refusals_too,
                 Mgmt__Request *request, Mgmt__Reply **out)
{
    if (fo_mgmt_call(c, request, out) != FO_OK)
        return foctl_fail(EXIT_UNREACHABLE, "%s%s%s", server != NULL ? server : "",
                          server != NULL ? ": " : "", fo_mgmt_trouble(c));
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
        return foctl_fail(EXIT_REFUSED,
                          "there is no terminal to ask at, so nothing was changed; --force says "
                          "yes, --what-if tells what would change");
    }
    (void)fputs(" [y/N] ", stderr);
    t->asked = fgets(line, sizeof line, stdin) != NULL && (line[0] == 'y' || line[0] == 'Y');
    return t->asked ? EXIT_DONE : foctl_fail(EXIT_REFUSED, "nothing was changed");
}
