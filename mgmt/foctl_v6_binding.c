/* The noun binding: on which interfaces IPv6 is served. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mgmt/foctl_v6.h"

#define GENERATION_TEXT 17

static const char *prefix_text(const Mgmt__Binding *m, char out[FO_IPV6_TEXT + 4])
{
    char text[FO_IPV6_TEXT];

    (void)snprintf(out, FO_IPV6_TEXT + 4, "%s/%u", fo_ipv6_text(foctl_v6_of(&m->primary), text),
                   m->prefix_length);
    return out;
}

void foctl_v6_put_binding(struct foctl_sheet *s, const Mgmt__Binding *m)
{
    char address[FO_IPV6_TEXT + 4], id[3 * 16 + 1];

    foctl_put_text(s, "interface", "INTERFACE", m->description);
    foctl_put_number(s, "index", "INDEX", m->index);
    foctl_put_text(s, "address", "ADDRESS", prefix_text(m, address));
    foctl_put_flag(s, "bound", NULL, m->bound);
    foctl_put_flag(s, "internal", "INTERNAL", m->cannot_modify);
    foctl_put_flag(s, "served", "V6-SERVED", m->served);
    foctl_put_text(s, "id", NULL, foctl_hex_text(m->id.data, m->id.len, id, sizeof id));
}

void foctl_v6_put_served(struct foctl_sheet *s, Mgmt__Binding *const *list, size_t count)
{
    char **texts = calloc(count + 1, sizeof(char *));
    size_t n = 0;

    for (size_t i = 0; texts != NULL && i < count; i++) {
        char address[FO_IPV6_TEXT + 4], text[FO_IPV6_TEXT + 32];
        if (!list[i]->served)
            continue;
        (void)snprintf(text, sizeof text, "%.15s=%s", list[i]->description,
                       prefix_text(list[i], address));
        texts[n] = strdup(text);
        if (texts[n] != NULL)
            n++;
    }
    foctl_put_list(s, "v6_served", "V6-SERVED", (const char *const *)texts, n);
    while (n > 0)
        free(texts[--n]);
    free(texts);
}

static int get(struct foctl *t, Mgmt__Reply **out)
{
    Mgmt__BindingQuery m = MGMT__BINDING_QUERY__INIT;
    Mgmt__Request q = MGMT__REQUEST__INIT;

    q.call_case = MGMT__REQUEST__CALL_BINDING_GET;
    q.binding_get = &m;
    return foctl_ask(t, &q, out);
}

static const char *generation_text(const Mgmt__Bindings *m, char out[GENERATION_TEXT])
{
    (void)snprintf(out, GENERATION_TEXT, "%016" PRIx64, m->generation);
    return out;
}

int foctl_binding_list(struct foctl *t)
{
    struct foctl_sheet *card, *list;
    char generation[GENERATION_TEXT];
    Mgmt__Reply *reply;
    int rc = get(t, &reply);

    if (rc != EXIT_DONE)
        return rc;
    card = foctl_card_new();
    list = foctl_list_new();
    foctl_put_text(card, "generation", "GENERATION", generation_text(reply->bindings, generation));
    for (size_t i = 0; i < reply->bindings->n_list; i++) {
        foctl_row(list);
        foctl_v6_put_binding(list, reply->bindings->list[i]);
    }
    foctl_put_sheet(card, "interfaces", list);
    foctl_print(t, card);
    mgmt__reply__free_unpacked(reply, NULL);
    return EXIT_DONE;
}

/* --- set -------------------------------------------------------------------------------------- */

static Mgmt__Binding *find(const Mgmt__Bindings *m, const char *name)
{
    for (size_t i = 0; i < m->n_list; i++) {
        if (strcmp(m->list[i]->description, name) == 0)
            return m->list[i];
    }
    return NULL;
}

static int take_generation(struct foctl *t, uint64_t *out)
{
    const char *text = foctl_arg(&t->args, "generation");
    char *end;

    if (text == NULL)
        return EXIT_DONE;
    *out = strtoull(text, &end, 16);
    if (*text == '\0' || *end != '\0' || *out == 0)
        return foctl_fail(EXIT_USAGE, "--generation '%s': expected that of foctl binding list",
                          text);
    return EXIT_DONE;
}

/* The interfaces named, of the list that was just read. */
static int choose(struct foctl *t, const Mgmt__Bindings *read, bool bound, Mgmt__Bindings *out)
{
    for (int i = 0; i < t->args.word_count; i++) {
        Mgmt__Binding *one = find(read, t->args.words[i]);
        if (one == NULL)
            return foctl_fail_code(EXIT_REFUSED, ERROR_FILE_NOT_FOUND,
                                   "there is no interface '%s' with an IPv6 address",
                                   t->args.words[i]);
        one->bound = bound;
        out->list[out->n_list++] = one;
    }
    return EXIT_DONE;
}

int foctl_binding_set(struct foctl *t)
{
    Mgmt__BindingSet m = MGMT__BINDING_SET__INIT;
    Mgmt__Bindings chosen = MGMT__BINDINGS__INIT;
    Mgmt__Request q = MGMT__REQUEST__INIT;
    Mgmt__Binding *list[FOCTL_BINDINGS_MAX];
    bool bind = foctl_has(&t->args, "bind");
    Mgmt__Reply *reply;
    int rc;

    if (bind == foctl_has(&t->args, "unbind"))
        return foctl_fail(EXIT_USAGE, "say --bind or --unbind");
    rc = get(t, &reply);
    if (rc != EXIT_DONE)
        return rc;
    chosen.list = list;
    chosen.generation = reply->bindings->generation;
    rc = choose(t, reply->bindings, bind, &chosen);
    if (rc == EXIT_DONE)
        rc = take_generation(t, &chosen.generation);
    m.bindings = &chosen;
    q.call_case = MGMT__REQUEST__CALL_BINDING_SET;
    q.binding_set = &m;
    if (rc == EXIT_DONE)
        rc = foctl_do(t, &q);
    mgmt__reply__free_unpacked(reply, NULL);
    return rc;
}
