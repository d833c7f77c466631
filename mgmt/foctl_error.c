/* Errors: what was wrong, its code, and what to do. Words for people, an object for programs. */
#include <errno.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "mgmt/foctl.h"

#define SENTENCE_MAX 4096

static bool as_json;

void foctl_errors_as_json(bool on)
{
    as_json = on;
}

/* --- telling ---------------------------------------------------------------------------------- */

static void put_text(json_t *object, const char *key, const char *text)
{
    json_t *value = json_string(text != NULL ? text : "");

    (void)json_object_set_new(object, key, value != NULL ? value : json_string("(not UTF-8)"));
}

static void tell_program(const struct foctl_error *e, const char *advice)
{
    json_t *object = json_object();

    put_text(object, "error", fo_win32_name(e->code));
    (void)json_object_set_new(object, "code", json_integer(e->code));
    put_text(object, "sentence", e->sentence);
    put_text(object, "advice", advice);
    put_text(object, "server", e->server);
    if (e->line != 0) {
        (void)json_object_set_new(object, "line", json_integer(e->line));
        put_text(object, "address", e->address);
    }
    (void)json_dumpf(object, stderr, JSON_PRESERVE_ORDER | JSON_COMPACT);
    (void)fputc('\n', stderr);
    json_decref(object);
}

static void tell_person(const struct foctl_error *e, const char *advice)
{
    const char *name = fo_win32_name(e->code);

    if (e->line != 0)
        (void)fprintf(stderr, "line %u: ", e->line);
    if (e->line != 0 && e->address != NULL)
        (void)fprintf(stderr, "%s: ", e->address);
    if (e->line == 0 && !e->refused)
        (void)fputs("foctl: ", stderr);
    if (e->server != NULL)
        (void)fprintf(stderr, "%s: ", e->server);
    if (e->refused)
        (void)fprintf(stderr, "%s (%u): %s\n", name, e->code, e->sentence);
    else if (e->code != ERROR_SUCCESS)
        (void)fprintf(stderr, "%s [%s (%u)]\n", e->sentence, name, e->code);
    else
        (void)fprintf(stderr, "%s\n", e->sentence);
    if (advice[0] != '\0')
        (void)fprintf(stderr, "  what to do: %s\n", advice);
}

void foctl_tell(const struct foctl_error *e)
{
    const char *advice = e->advice != NULL ? e->advice : foctl_advice(e->code);

    (as_json ? tell_program : tell_person)(e, advice);
}

/* --- our own ---------------------------------------------------------------------------------- */

static int fail(int exit_code, struct foctl_error *e, const char *format, va_list arguments)
{
    char sentence[SENTENCE_MAX];

    (void)vsnprintf(sentence, sizeof sentence, format, arguments);
    e->sentence = sentence;
    foctl_tell(e);
    return exit_code;
}

int foctl_fail(int exit_code, const char *format, ...)
{
    struct foctl_error e = {.code = exit_code == EXIT_UNREACHABLE ? RPC_S_SERVER_UNAVAILABLE
                                    : exit_code == EXIT_USAGE     ? ERROR_INVALID_PARAMETER
                                                                  : ERROR_CANCELLED};
    va_list arguments;

    va_start(arguments, format);
    exit_code = fail(exit_code, &e, format, arguments);
    va_end(arguments);
    return exit_code;
}

int foctl_fail_code(int exit_code, uint32_t code, const char *format, ...)
{
    struct foctl_error e = {.code = code};
    va_list arguments;

    va_start(arguments, format);
    exit_code = fail(exit_code, &e, format, arguments);
    va_end(arguments);
    return exit_code;
}

int foctl_fail_advice(const char *advice, const char *format, ...)
{
    struct foctl_error e = {.code = ERROR_INVALID_PARAMETER, .advice = advice};
    va_list arguments;
    int exit_code;

    va_start(arguments, format);
    exit_code = fail(EXIT_USAGE, &e, format, arguments);
    va_end(arguments);
    return exit_code;
}

int foctl_fail_file(const char *path)
{
    struct foctl_error e = {.code = ERROR_INVALID_PARAMETER, .advice = "name a file to read"};
    char sentence[SENTENCE_MAX];

    if (errno == ENOENT)
        e = (struct foctl_error){.code = ERROR_FILE_NOT_FOUND,
                                 .advice = "see that it is there; a relative name counts from the "
                                           "current directory"};
    else if (errno == EACCES)
        e = (struct foctl_error){.code = ERROR_ACCESS_DENIED, .advice = "see who may read it"};
    (void)snprintf(sentence, sizeof sentence, "%s: %s", path, strerror(errno));
    e.sentence = sentence;
    foctl_tell(&e);
    return EXIT_USAGE;
}

int foctl_lost(const char *server, struct fo_mgmt_client *c)
{
    foctl_tell(&(struct foctl_error){
        .code = RPC_S_SERVER_UNAVAILABLE, .server = server, .sentence = fo_mgmt_trouble(c)});
    return EXIT_UNREACHABLE;
}

int foctl_no_memory(void)
{
    return foctl_fail_code(EXIT_REFUSED, ERROR_NOT_ENOUGH_MEMORY, "out of memory");
}

/* --- those of servers ------------------------------------------------------------------------- */

int foctl_refused_code(const char *server, uint32_t code, const char *sentence)
{
    foctl_tell(&(struct foctl_error){
        .code = code, .server = server, .sentence = sentence, .refused = true});
    return EXIT_REFUSED;
}

int foctl_refused(const char *server, const Mgmt__Reply *reply)
{
    return foctl_refused_code(server, reply->code, reply->sentence);
}
