#include "mgmt/dhcpd_words.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A file being read. Names outlive their texts: statements and errors point to them. */
struct source {
    char *name, *text;
    size_t length, at;
    unsigned line;
};

struct fo_dhcpd_words {
    struct source stack[FO_DHCPD_INCLUDES_MAX];
    size_t depth;
    char **names;
    size_t name_count;
};

struct fo_dhcpd_words *fo_dhcpd_words_new(void)
{
    return calloc(1, sizeof(struct fo_dhcpd_words));
}

void fo_dhcpd_words_free(struct fo_dhcpd_words *w)
{
    if (w == NULL)
        return;
    while (w->depth > 0)
        free(w->stack[--w->depth].text);
    while (w->name_count > 0)
        free(w->names[--w->name_count]);
    free(w->names);
    free(w);
}

/* --- files
 * -------------------------------------------------------------------------------------------- */

static int keep_name(struct fo_dhcpd_words *w, char *name)
{
    char **names = realloc(w->names, (w->name_count + 1) * sizeof *names);

    if (names == NULL)
        return FO_ENOMEM;
    w->names = names;
    names[w->name_count++] = name;
    return FO_OK;
}

/* Takes |name| and |text|, also when it fails. */
static int push(struct fo_dhcpd_words *w, char *name, char *text, size_t length,
                char why[FO_DHCPD_WHY_MAX])
{
    int rc = name != NULL && text != NULL ? FO_OK : FO_ENOMEM;

    if (rc == FO_OK && w->depth == FO_DHCPD_INCLUDES_MAX) {
        (void)snprintf(why, FO_DHCPD_WHY_MAX, "%.200s: files include each other too deeply", name);
        rc = FO_EINVAL;
    } else if (rc == FO_OK) {
        rc = keep_name(w, name);
    }
    if (rc == FO_ENOMEM)
        (void)snprintf(why, FO_DHCPD_WHY_MAX, "out of memory");
    if (rc != FO_OK) {
        free(name);
        free(text);
        return rc;
    }
    w->stack[w->depth++] = (struct source){.name = name, .text = text, .length = length, .line = 1};
    return FO_OK;
}

int fo_dhcpd_words_push(struct fo_dhcpd_words *w, const char *name, const char *text, size_t length,
                        char why[FO_DHCPD_WHY_MAX])
{
    char *copy = malloc(length + 1);

    if (copy != NULL && length != 0)
        memcpy(copy, text, length);
    return push(w, strdup(name), copy, length, why);
}

static char *beside(const struct fo_dhcpd_words *w, const char *path)
{
    const char *name = w->depth > 0 ? w->stack[w->depth - 1].name : "";
    const char *slash = strrchr(name, '/');
    size_t directory = path[0] != '/' && slash != NULL ? (size_t)(slash - name) + 1 : 0;
    char *full = malloc(directory + strlen(path) + 1);

    if (full == NULL)
        return NULL;
    memcpy(full, name, directory);
    memcpy(full + directory, path, strlen(path) + 1);
    return full;
}

static int read_file(int fd, char **out_text, size_t *out_length)
{
    struct stat about;
    size_t length = 0;
    ssize_t n = 1;
    char *text;

    if (fstat(fd, &about) != 0 || !S_ISREG(about.st_mode) || about.st_size > FO_DHCPD_FILE_MAX)
        return FO_EINVAL;
    text = malloc((size_t)about.st_size + 1);
    if (text == NULL)
        return FO_ENOMEM;
    while (n > 0 && length < (size_t)about.st_size) {
        n = read(fd, text + length, (size_t)about.st_size - length);
        length += n > 0 ? (size_t)n : 0;
    }
    *out_text = text;
    *out_length = length;
    return FO_OK;
}

int fo_dhcpd_words_open(struct fo_dhcpd_words *w, const char *path, char why[FO_DHCPD_WHY_MAX])
{
    char *name = beside(w, path), *text = NULL;
    size_t length = 0;
    int fd, rc;

    if (name == NULL)
        return push(w, NULL, NULL, 0, why);
    fd = open(name, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0) {
        (void)snprintf(why, FO_DHCPD_WHY_MAX, "%.200s: %s", name, strerror(errno));
        free(name);
        return FO_EINVAL;
    }
    rc = read_file(fd, &text, &length);
    (void)close(fd);
    if (rc == FO_EINVAL) {
        (void)snprintf(why, FO_DHCPD_WHY_MAX, "%.200s: not a file, or larger than %u bytes", name,
                       FO_DHCPD_FILE_MAX);
        free(name);
        return rc;
    }
    return push(w, name, text, length, why);
}

/* --- words
 * -------------------------------------------------------------------------------------------- */

static int peek(const struct source *s)
{
    return s->at < s->length ? (unsigned char)s->text[s->at] : EOF;
}

static int take(struct source *s)
{
    int c = peek(s);

    if (c == '\n')
        s->line++;
    if (c != EOF)
        s->at++;
    return c;
}

static void pass_blanks(struct source *s)
{
    while (peek(s) != EOF && (isspace(peek(s)) || peek(s) == '#' || peek(s) == '\0')) {
        if (take(s) == '#') {
            while (peek(s) != EOF && peek(s) != '\n')
                (void)take(s);
        }
    }
}

/* The room for one more word; what does not fit is read all the same. */
struct room {
    char *text; /* NULL: the statement has too many words */
    size_t length;
    bool whole;
};

static void put(struct room *r, int c)
{
    if (r->text == NULL)
        return;
    if (r->length == FO_DHCPD_WORD_MAX || c == '\0')
        r->whole = false;
    else
        r->text[r->length++] = (char)c;
}

/* What a backslash makes of the characters after it: \n, \t, \r, \b, \x1f, \037, or themselves. */
static int unescaped(struct source *s)
{
    static const char letters[] = "ntrb", meant[] = "\n\t\r\b";
    int c = take(s), value = 0;
    const char *letter = c != EOF && c != '\0' ? strchr(letters, c) : NULL;

    if (letter != NULL)
        return meant[letter - letters];
    if (c == 'x' && isxdigit(peek(s))) {
        for (int i = 0; i < 2 && isxdigit(peek(s)); i++) {
            int digit = take(s);
            value = value * 16 + (isdigit(digit) ? digit - '0' : tolower(digit) - 'a' + 10);
        }
        return value;
    }
    if (c < '0' || c > '3')
        return c;
    value = c - '0';
    for (int i = 0; i < 2 && peek(s) >= '0' && peek(s) <= '7'; i++)
        value = value * 8 + (take(s) - '0');
    return value;
}

/* Behind the opening quote, to behind the closing one. */
static int read_quoted(struct source *s, struct room *r, char why[FO_DHCPD_WHY_MAX])
{
    unsigned line = s->line;
    int c;

    while ((c = take(s)) != '"') {
        if (c == '\\')
            c = unescaped(s);
        if (c == EOF) {
            (void)snprintf(why, FO_DHCPD_WHY_MAX, "%.200s:%u: the quoted text does not end",
                           s->name, line);
            return FO_EINVAL;
        }
        put(r, c);
    }
    return FO_OK;
}

static int read_word(struct source *s, struct fo_dhcpd_statement *out, char why[FO_DHCPD_WHY_MAX])
{
    struct room r = {.whole = true};
    int rc = FO_OK;

    if (out->count < FO_DHCPD_WORDS_MAX)
        r.text = out->words[out->count].text;
    else
        out->whole = false;
    if (peek(s) == '"') {
        (void)take(s);
        rc = read_quoted(s, &r, why);
    } else {
        while (peek(s) != EOF && !isspace(peek(s)) && strchr(";{}\"#", peek(s)) == NULL)
            put(&r, take(s));
    }
    if (r.text == NULL || rc != FO_OK)
        return rc;
    r.text[r.length] = '\0';
    out->words[out->count++].whole = r.whole;
    return FO_OK;
}

/* The source that has something left, behind blanks and comments. */
static struct source *current(struct fo_dhcpd_words *w)
{
    while (w->depth > 0) {
        struct source *s = &w->stack[w->depth - 1];
        pass_blanks(s);
        if (peek(s) != EOF || w->depth == 1)
            return s;
        free(s->text);
        w->depth--;
    }
    return NULL;
}

static bool at_end(struct source *s, enum fo_dhcpd_end *out_end)
{
    switch (peek(s)) {
    case ';':
        *out_end = FO_DHCPD_SEMICOLON;
        break;
    case '{':
        *out_end = FO_DHCPD_OPEN;
        break;
    case '}':
        *out_end = FO_DHCPD_CLOSE;
        break;
    case EOF:
        *out_end = FO_DHCPD_OVER;
        return true;
    default:
        return false;
    }
    (void)take(s);
    return true;
}

int fo_dhcpd_words_next(struct fo_dhcpd_words *w, struct fo_dhcpd_statement *out,
                        char why[FO_DHCPD_WHY_MAX])
{
    struct source *s = current(w);

    out->count = 0;
    out->whole = true;
    out->end = FO_DHCPD_OVER;
    out->file = s != NULL ? s->name : "";
    out->line = s != NULL ? s->line : 0;
    while (s != NULL && !at_end(s, &out->end)) {
        int rc = read_word(s, out, why);
        if (rc != FO_OK)
            return rc;
        pass_blanks(s); /* a statement does not go on in another file */
    }
    return FO_OK;
}
