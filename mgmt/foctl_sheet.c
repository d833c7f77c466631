#include <inttypes.h>
#include <jansson.h>
#include <libsmartcols/libsmartcols.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mgmt/foctl.h"

#define COLUMNS_MAX 40
#define INNER_MAX   4

/* The words for people and the values for programs are kept side by side. */
struct foctl_sheet {
    bool card;
    json_t *rows; /* an array of objects; a card has one */
    char *heads[COLUMNS_MAX];
    size_t column_count, column;
    char **cells; /* row by row, column_count each */
    size_t row_count;
    struct {
        const char *key;
        struct foctl_sheet *sheet;
    } inner[INNER_MAX];
    size_t inner_count;
};

static void *must(void *memory)
{
    if (memory == NULL)
        exit(foctl_no_memory());
    return memory;
}

static struct foctl_sheet *sheet_new(bool card)
{
    struct foctl_sheet *s = must(calloc(1, sizeof *s));

    s->card = card;
    s->rows = must(json_array());
    return s;
}

struct foctl_sheet *foctl_list_new(void)
{
    return sheet_new(false);
}

struct foctl_sheet *foctl_card_new(void)
{
    struct foctl_sheet *s = sheet_new(true);

    foctl_row(s);
    return s;
}

void foctl_row(struct foctl_sheet *s)
{
    (void)json_array_append_new(s->rows, must(json_object()));
    s->row_count++;
    s->column = 0;
    s->cells = must(realloc(s->cells, s->row_count * COLUMNS_MAX * sizeof s->cells[0]));
    memset(&s->cells[(s->row_count - 1) * COLUMNS_MAX], 0, COLUMNS_MAX * sizeof s->cells[0]);
}

static void set_value(struct foctl_sheet *s, const char *key, json_t *value)
{
    json_t *row = json_array_get(s->rows, json_array_size(s->rows) - 1);

    (void)json_object_set_new(row, key, must(value));
}

/* Names come from outside: nothing of them may steer a terminal. */
static char *printable(const char *text)
{
    char *copy = must(strdup(text));

    for (char *p = copy; *p != '\0'; p++) {
        if ((unsigned char)*p < ' ' || *p == 0x7f)
            *p = '?';
    }
    return copy;
}

static void put(struct foctl_sheet *s, const char *head, const char *text)
{
    if (head == NULL || s->column == COLUMNS_MAX)
        return;
    if (s->row_count == 1) {
        s->heads[s->column] = must(strdup(head));
        s->column_count++;
    }
    s->cells[(s->row_count - 1) * COLUMNS_MAX + s->column++] = printable(text);
}

void foctl_put_text(struct foctl_sheet *s, const char *key, const char *head, const char *text)
{
    json_t *value = json_string(text);

    set_value(s, key, value != NULL ? value : json_string("(not UTF-8)"));
    put(s, head, text);
}

void foctl_put_number(struct foctl_sheet *s, const char *key, const char *head, uint64_t n)
{
    char text[24];

    (void)snprintf(text, sizeof text, "%" PRIu64, n);
    set_value(s, key, json_integer((json_int_t)n));
    put(s, head, text);
}

void foctl_put_signed(struct foctl_sheet *s, const char *key, const char *head, int64_t n)
{
    char text[24];

    (void)snprintf(text, sizeof text, "%" PRId64, n);
    set_value(s, key, json_integer(n));
    put(s, head, text);
}

void foctl_put_flag(struct foctl_sheet *s, const char *key, const char *head, bool flag)
{
    set_value(s, key, json_boolean(flag));
    put(s, head, flag ? "yes" : "no");
}

void foctl_put_time(struct foctl_sheet *s, const char *key, const char *head, uint32_t utc)
{
    char text[FOCTL_TIME_TEXT], text_key[64];

    foctl_time_text(utc, text);
    (void)snprintf(text_key, sizeof text_key, "%s_text", key);
    set_value(s, key, json_integer(utc));
    set_value(s, text_key, json_string(text));
    put(s, head, text);
}

void foctl_put_address(struct foctl_sheet *s, const char *key, const char *head, fo_ipv4_t a)
{
    char text[FO_IPV4_TEXT];

    foctl_put_text(s, key, head, fo_ipv4_text(a, text));
}

void foctl_put_list(struct foctl_sheet *s, const char *key, const char *head,
                    const char *const *texts, size_t count)
{
    json_t *list = must(json_array());
    size_t length = 1, used = 0;
    char *joined;

    for (size_t i = 0; i < count; i++) {
        (void)json_array_append_new(list, json_string(texts[i]));
        length += strlen(texts[i]) + 1;
    }
    joined = must(calloc(1, length));
    for (size_t i = 0; i < count; i++)
        used += (size_t)snprintf(joined + used, length - used, i == 0 ? "%s" : " %s", texts[i]);
    set_value(s, key, list);
    put(s, head, joined);
    free(joined);
}

void foctl_put_sheet(struct foctl_sheet *s, const char *key, struct foctl_sheet *inner)
{
    if (s->inner_count == INNER_MAX)
        return;
    s->inner[s->inner_count].key = key;
    s->inner[s->inner_count].sheet = inner;
    s->inner_count++;
}

/* --- comparing
 * --------------------------------------------------------------------------------------- */

/* A value as people read it. A moment is there twice, as number and as text: only the text is told.
 */
static char *value_text(const struct foctl_sheet *s, const char *key)
{
    json_t *row = s != NULL ? json_array_get(s->rows, 0) : NULL, *value, *item;
    char text_key[64], number[24], *out;
    size_t length = 2, i;

    (void)snprintf(text_key, sizeof text_key, "%s_text", key);
    value = json_object_get(row, text_key);
    if (value == NULL)
        value = json_object_get(row, key);
    if (json_is_integer(value)) {
        (void)snprintf(number, sizeof number, "%lld", (long long)json_integer_value(value));
        return must(strdup(number));
    }
    if (json_is_boolean(value))
        return must(strdup(json_is_true(value) ? "yes" : "no"));
    if (json_is_string(value) && json_string_length(value) != 0)
        return must(strdup(json_string_value(value)));
    json_array_foreach(value, i, item) length += json_string_length(item) + 1;
    out = must(calloc(1, length));
    json_array_foreach(value, i, item)(void)
        snprintf(out + strlen(out), length - strlen(out), "%s%s", i == 0 ? "" : " ",
                 json_string_value(item));
    if (out[0] == '\0')
        (void)snprintf(out, length, "-");
    return out;
}

static bool is_text_of_moment(const json_t *row, const char *key)
{
    size_t length = strlen(key);
    char *number;
    bool is;

    if (length < 6 || strcmp(key + length - 5, "_text") != 0)
        return false;
    number = must(strndup(key, length - 5));
    is = json_object_get(row, number) != NULL;
    free(number);
    return is;
}

/* Of what comes or goes as a whole, only what is said of it. */
static bool is_nothing(const char *was, const char *will)
{
    const char *text = strcmp(was, "-") == 0 ? will : was;

    return strcmp(text, "no") == 0 || strcmp(text, "0") == 0;
}

void foctl_compare(const struct foctl_sheet *before, const struct foctl_sheet *after,
                   void (*visit)(void *context, const char *key, const char *before,
                                 const char *after),
                   void *context)
{
    json_t *row = json_array_get((after != NULL ? after : before)->rows, 0), *value;
    const char *key;

    json_object_foreach(row, key, value)
    {
        char *was, *will;
        if (is_text_of_moment(row, key))
            continue;
        was = value_text(before, key);
        will = value_text(after, key);
        if (strcmp(was, will) != 0 && !((before == NULL || after == NULL) && is_nothing(was, will)))
            visit(context, key, was, will);
        free(was);
        free(will);
    }
}

/* --- printing
 * ---------------------------------------------------------------------------------------- */

static const char *cell(const struct foctl_sheet *s, size_t row, size_t column)
{
    const char *text = s->cells[row * COLUMNS_MAX + column];

    return text != NULL ? text : "";
}

static void print_table(const struct foctl *t, const struct foctl_sheet *s)
{
    struct libscols_table *table;

    if (s->row_count == 0)
        return;
    table = must(scols_new_table());
    if (!t->terminal)
        (void)scols_table_set_termforce(table, SCOLS_TERMFORCE_NEVER);
    for (size_t k = 0; k < s->column_count; k++)
        must(scols_table_new_column(table, s->heads[k], 0, 0));
    for (size_t i = 0; i < s->row_count; i++) {
        struct libscols_line *line = must(scols_table_new_line(table, NULL));
        for (size_t k = 0; k < s->column_count; k++)
            (void)scols_line_set_data(line, k, cell(s, i, k));
    }
    (void)scols_print_table(table);
    scols_unref_table(table);
}

static void print_card(const struct foctl_sheet *s)
{
    size_t width = 0;

    for (size_t k = 0; k < s->column_count; k++) {
        size_t length = strlen(s->heads[k]);
        width = length > width ? length : width;
    }
    for (size_t k = 0; k < s->column_count; k++)
        (void)printf("%-*s  %s\n", (int)width, s->heads[k], cell(s, 0, k));
}

static json_t *to_json(const struct foctl_sheet *s)
{
    json_t *out = s->card ? json_incref(json_array_get(s->rows, 0)) : json_incref(s->rows);

    for (size_t i = 0; i < s->inner_count && s->card; i++)
        (void)json_object_set_new(out, s->inner[i].key, to_json(s->inner[i].sheet));
    return out;
}

static void print_words(const struct foctl *t, const struct foctl_sheet *s)
{
    if (s->card)
        print_card(s);
    else
        print_table(t, s);
    for (size_t i = 0; i < s->inner_count; i++) {
        if (s->inner[i].sheet->row_count == 0)
            continue;
        (void)putchar('\n');
        print_words(t, s->inner[i].sheet);
    }
}

static void hand_names(const struct foctl *t, const struct foctl_sheet *s)
{
    for (size_t i = 0; i < s->row_count && !s->card; i++)
        t->take_name(t->names, cell(s, i, 0));
    for (size_t i = 0; i < s->inner_count; i++)
        hand_names(t, s->inner[i].sheet);
}

void foctl_discard(struct foctl_sheet *s)
{
    for (size_t i = 0; i < s->inner_count; i++)
        foctl_discard(s->inner[i].sheet);
    for (size_t k = 0; k < s->column_count; k++)
        free(s->heads[k]);
    for (size_t i = 0; i < s->row_count * COLUMNS_MAX; i++)
        free(s->cells[i]);
    free(s->cells);
    json_decref(s->rows);
    free(s);
}

void foctl_print(struct foctl *t, struct foctl_sheet *s)
{
    if (t->take_name != NULL) {
        hand_names(t, s);
    } else if (t->json) {
        json_t *out = to_json(s);
        (void)json_dumpf(out, stdout, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
        (void)putchar('\n');
        json_decref(out);
    } else {
        print_words(t, s);
    }
    foctl_discard(s);
}
