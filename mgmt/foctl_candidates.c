/* What a line may go on with: by the tables, and by what the server has. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "mgmt/foctl_completion.h"
#include "mgmt/foctl_pair.h"

#define WAIT_S "2" /* for the server, while somebody waits for a list */

/* Where the values come from, by what they are called. */
struct source {
    const char *label;
    const char *noun;    /* its list has them: the first column; NULL: none */
    const char *choices; /* with blanks between; NULL: none */
};

/* What help calls a value, or a word. */
static const struct source by_label[] = {
    {"SUBNET", "scope", NULL},      {"PREFIX", "prefix", NULL}, {"NAME", "relationship", NULL},
    {"INTERFACE", "binding", NULL}, {"FILE", NULL, ":files"},   {"PATH", NULL, ":files"},
    {"HOST[:PORT]", NULL, ":hosts"}};
static const struct source by_option[] = {
    {"role", NULL, "primary secondary"},
    {"mode", NULL, "load-balance hot-standby"},
    {"tls", NULL, "off desired required"},
    {"dialect", NULL, "draft isc"},
    {"state", NULL, "active declined doom"},
    {"kind", NULL, "dhcp bootp both"},
    {"for", NULL, "dhcp bootp both"},
    {"format", NULL, "dhcpd.conf"},
    {"stop-after", NULL, "prepare-a prepare-b commit-a"},
    {"name", NULL, ""}, /* these are called NAME, and are those of no relationship */
    {"local-name", NULL, ""},
    {"partner-name", NULL, ""},
};
static const struct source by_param[] = {
    {"ComputerName", NULL, ":hosts"},
    {"ScopeId", "scope", NULL},
    {"Prefix", "prefix", NULL},
    {"Name", "relationship", NULL},
    {"InterfaceAlias", "binding", NULL},
    {"Mode", NULL, "LoadBalance HotStandby"},
    {"ServerRole", NULL, "Active Standby"},
    {"State", NULL, "Active InActive"},
    {"AddressState", NULL, "Active Declined Doom"},
    {"Type", NULL, "Dhcp Bootp Both"},
};
#define FIND(table, label) find_source(table, sizeof table / sizeof table[0], label, strlen(label))

static const struct source *find_source(const struct source *table, size_t count, const char *label,
                                        size_t length)
{
    for (size_t i = 0; i < count; i++) {
        if (strlen(table[i].label) == length && strncmp(table[i].label, label, length) == 0)
            return &table[i];
    }
    return NULL;
}

/* --- offering --------------------------------------------------------------------------------- */

struct offers {
    const struct foctl_typed *line;
    const char *dashes; /* in front of each */
    bool addresses;     /* of "10.0.0.0/24" only what commands take, the address */
    size_t count;
};

/* Case counts for nothing in a cmdlet, and a shell puts right what was typed. What begins with a
 * colon is for the shell to list. */
static void offer(struct offers *o, const char *text, size_t length)
{
    const struct foctl_typed *l = o->line;
    bool shell = text[0] == ':';
    char whole[1024];

    (void)snprintf(whole, sizeof whole, "%s%.*s", o->dashes, (int)length, text);
    if (!shell && strncasecmp(whole, l->text, strlen(l->text)) != 0)
        return;
    (void)printf("%.*s%s\n", shell ? 0 : (int)l->before_length, l->before, whole);
    o->count++;
}

static void offer_text(struct offers *o, const char *text)
{
    offer(o, text, strlen(text));
}

static void offer_choices(struct offers *o, const char *choices)
{
    for (const char *at = choices; *at != '\0'; at += strspn(at, " ")) {
        size_t length = strcspn(at, " ");
        offer(o, at, length);
        at += length;
    }
}

static void take_name(void *context, const char *name)
{
    struct offers *o = context;

    offer(o, name, o->addresses ? strcspn(name, "/") : strlen(name));
}

/* The first column of `foctl NOUN list`. */
static void offer_names(struct offers *o, const char *noun)
{
    static struct foctl t;
    static char tool[] = "foctl", list[] = "list", timeout[] = "--timeout", wait[] = WAIT_S;
    const struct foctl_command *command = foctl_command_find(noun, list);
    char *argv[FOCTL_TYPED_PASSED + 8] = {tool, foctl_unconst(noun), list, timeout, wait};
    int argc = 5;

    for (int i = 0; i < o->line->passed_count; i++)
        argv[argc++] = o->line->passed[i];
    memset(&t, 0, sizeof t);
    t.take_name = take_name;
    t.names = o;
    o->addresses = strcmp(noun, "scope") == 0 || strcmp(noun, "prefix") == 0;
    if (foctl_begin(&t, command, argc, argv) == EXIT_DONE)
        (void)command->run(&t);
    fo_mgmt_disconnect(t.client);
}

static void offer_source(struct offers *o, const struct source *s)
{
    if (s != NULL && s->noun != NULL)
        offer_names(o, s->noun);
    else if (s != NULL)
        offer_choices(o, s->choices);
}

/* --- by the tables ---------------------------------------------------------------------------- */

static void offer_option_value(struct offers *o, const struct foctl_option *option)
{
    const struct source *s = FIND(by_option, option->name);

    offer_source(o, s != NULL ? s : FIND(by_label, option->value));
}

/* What is being made has no name that is known. */
static bool is_new(const struct foctl_cmdlet *c, const struct foctl_param *p)
{
    if (p->to == NULL)
        return p->position == 1 && c->verb != NULL && strcmp(c->verb, "create") == 0;
    return strcmp(p->to, "--name") == 0;
}

static void offer_param_value(struct offers *o, const struct foctl_param *p)
{
    if (p->kind == FOCTL_BOOL || p->kind == FOCTL_SWITCH)
        offer_choices(o, "$true $false");
    else if (!is_new(o->line->cmdlet, p))
        offer_source(o, FIND(by_param, p->name));
}

static void offer_options(struct offers *o)
{
    const struct foctl_option *lists[FOCTL_OPTION_LISTS] = {foctl_common_options};
    const struct foctl_command *c = o->line->command;
    size_t count = c != NULL ? foctl_option_lists(c, lists) : 1;

    o->dashes = "--";
    for (size_t i = 0; i < count; i++) {
        for (const struct foctl_option *one = lists[i]; one->name != NULL; one++) {
            if (i == 0 || foctl_option_find(lists[0], one->name, strlen(one->name)) == NULL)
                offer_text(o, one->name); /* --force stands in two */
        }
    }
    o->dashes = "";
}

/* Those of two letters are for who knows them. */
static void offer_params(struct offers *o)
{
    const struct foctl_param *own = o->line->cmdlet->params;

    o->dashes = "-";
    for (size_t i = 0; own[i].name != NULL; i++) {
        if (own[i].kind != FOCTL_NONE && !o->line->given[i])
            offer_text(o, own[i].name);
    }
    for (const struct foctl_param *p = foctl_common_params; p->name != NULL; p++) {
        if (p->kind != FOCTL_NONE && strlen(p->name) > 2)
            offer_text(o, p->name);
    }
    o->dashes = "";
}

static void offer_nouns(struct offers *o)
{
    const struct foctl_command *c;
    const char *last = "";

    for (size_t i = 0; (c = foctl_command_at(i)) != NULL; i++) {
        if (strcmp(c->noun, last) != 0)
            offer_text(o, c->noun);
        last = c->noun;
    }
    offer_text(o, "help");
    for (const struct foctl_cmdlet *row = foctl_cmdlets; row->name != NULL; row++)
        offer_text(o, row->name);
}

static void offer_verbs(struct offers *o)
{
    const struct foctl_command *c;

    for (size_t i = 0; (c = foctl_command_at(i)) != NULL; i++) {
        if (strcmp(c->noun, o->line->noun) == 0 && c->verb != NULL)
            offer_text(o, c->verb);
    }
}

/* The label of the next word: "NAME SUBNET…" goes on with the last, "[ADDRESS]" may be left out. */
static void offer_word(struct offers *o)
{
    const char *label = o->line->command->words;
    int left = o->line->words;

    for (; left > 0 && label[strcspn(label, " ")] != '\0'; left--)
        label += strcspn(label, " ") + 1;
    if (label[0] == '[')
        label++;
    if (left == 0 || strstr(label, "…") != NULL)
        offer_source(o, find_source(by_label, sizeof by_label / sizeof by_label[0], label,
                                    strcspn(label, " ]…")));
}

void foctl_candidates_print(const struct foctl_typed *l)
{
    struct offers o = {.line = l, .dashes = ""};
    bool dash = l->text[0] == '-' && l->before_length == 0 && !l->options_over;

    if (l->option != NULL) {
        offer_option_value(&o, l->option);
        return;
    }
    if (dash)
        (l->cmdlet != NULL && l->text[1] != '-' ? offer_params : offer_options)(&o);
    else if (l->param != NULL)
        offer_param_value(&o, l->param);
    else if (l->noun == NULL)
        offer_nouns(&o);
    else if (l->command == NULL)
        offer_verbs(&o);
    else if (l->cmdlet == NULL)
        offer_word(&o);
    if (o.count == 0 && !dash && l->text[0] == '\0' && l->before_length == 0 && l->command != NULL)
        (l->cmdlet != NULL ? offer_params : offer_options)(&o);
}
