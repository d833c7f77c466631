/* The options of relationship create, read. */
#include <stdio.h>
#include <string.h>

#include "mgmt/foctl_pair.h"
#include "state/relationship.h"

char *foctl_unconst(const char *text)
{
    union {
        const char *in;
        char *out;
    } u = {.in = text};

    return u.out;
}

static int read_secret(const char *path, char *out, size_t capacity)
{
    FILE *file = fopen(path, "r");
    bool fits = true;

    if (file == NULL)
        return foctl_fail_file(path);
    if (fgets(out, (int)capacity, file) == NULL)
        out[0] = '\0';
    fits = strchr(out, '\n') != NULL || fgetc(file) == EOF;
    (void)fclose(file);
    out[strcspn(out, "\r\n")] = '\0';
    if (!fits)
        return foctl_fail(EXIT_USAGE, "--secret-file %s: the secret is longer than %zu bytes", path,
                          capacity - 2);
    return EXIT_DONE;
}

int foctl_take_secret(struct foctl *t, char *out, size_t capacity, bool *out_given)
{
    const char *file = foctl_arg(&t->args, "secret-file"), *text = foctl_arg(&t->args, "secret");

    *out_given = file != NULL || text != NULL;
    out[0] = '\0';
    if (file != NULL)
        return read_secret(file, out, capacity);
    if (text == NULL || text[0] == '\0')
        return EXIT_DONE;
    if (strlen(text) >= capacity - 1)
        return foctl_fail(EXIT_USAGE, "--secret: the secret is longer than %zu bytes",
                          capacity - 2);
    (void)snprintf(out, capacity, "%s", text);
    return foctl_confirm(t, "The secret stands on the command line, where other users of this "
                            "machine can read it (--secret-file hides it). Use it?");
}

static int take_choice(struct foctl *t, const char *name, const char *const *words, uint32_t *out)
{
    const char *text = foctl_arg(&t->args, name);

    if (text == NULL)
        return FO_OK;
    return foctl_choice(name, text, words, out);
}

static int take_number(struct foctl *t, const char *name, uint32_t most, uint32_t *out)
{
    const char *text = foctl_arg(&t->args, name);

    return text == NULL ? FO_OK : foctl_number(name, text, most, out);
}

static int take_seconds(struct foctl *t, const char *name, uint32_t *out)
{
    const char *text = foctl_arg(&t->args, name);

    return text == NULL ? FO_OK : foctl_seconds(name, text, out);
}

struct sides {
    fo_ipv4_t ours, theirs;
    const char *our_name, *their_name;
};

/* A name is only good for TLS if the certificate has it. */
static const char *certified_name(const Mgmt__Server *m, char *room, size_t capacity)
{
    (void)snprintf(room, capacity, "DNS:%s", m->name);
    if (!foctl_pair_certified(m, room))
        return "";
    (void)snprintf(room, capacity, "%s", m->name);
    return room;
}

/* What is not said both servers tell themselves. */
static int ask_sides(struct foctl *t, const char *management, struct foctl_relationship_room *room,
                     struct sides *out)
{
    struct foctl_pair pair;
    int rc = foctl_pair_meet(t, management, &pair);

    if (rc == EXIT_DONE)
        rc = foctl_pair_addresses(&pair, &out->ours, &out->theirs);
    if (rc == EXIT_DONE) {
        out->our_name =
            certified_name(pair.about_a->server, room->local_name, sizeof room->local_name);
        out->their_name =
            certified_name(pair.about_b->server, room->partner_name, sizeof room->partner_name);
    }
    foctl_pair_close(&pair);
    return rc;
}

static int take_sides(struct foctl *t, struct foctl_relationship_room *room, struct sides *out)
{
    const char *local = foctl_arg(&t->args, "local"), *partner = foctl_arg(&t->args, "partner");
    const char *management = foctl_arg(&t->args, "partner-management");
    int rc = EXIT_DONE;

    if ((local == NULL || partner == NULL) && management == NULL)
        return foctl_fail(EXIT_USAGE, "--local and --partner are needed, or --partner-management, "
                                      "to ask both servers");
    out->our_name = out->their_name = "";
    if (local == NULL || partner == NULL)
        rc = ask_sides(t, management, room, out);
    if (rc != EXIT_DONE)
        return rc;
    if ((local != NULL && foctl_address("--local", local, &out->ours) != FO_OK) ||
        (partner != NULL && foctl_address("--partner", partner, &out->theirs) != FO_OK))
        return EXIT_USAGE;
    if (foctl_has(&t->args, "local-name"))
        out->our_name = foctl_arg(&t->args, "local-name");
    if (foctl_has(&t->args, "partner-name"))
        out->their_name = foctl_arg(&t->args, "partner-name");
    return EXIT_DONE;
}

static int take_addresses(struct foctl *t, struct foctl_relationship_room *room,
                          Mgmt__Relationship *m)
{
    static const char *const roles[] = {"primary", "secondary", NULL};
    const char *role = foctl_arg(&t->args, "role"), *name = foctl_arg(&t->args, "name");
    struct sides sides;
    bool primary;
    int rc;

    if (name == NULL || role == NULL)
        return foctl_fail(EXIT_USAGE, "--name and --role are needed");
    if (foctl_choice("--role", role, roles, &m->role) != FO_OK)
        return EXIT_USAGE;
    rc = take_sides(t, room, &sides);
    if (rc != EXIT_DONE)
        return rc;
    primary = m->role == FO_ROLE_PRIMARY;
    m->name = foctl_unconst(name);
    m->primary_server = primary ? sides.ours : sides.theirs;
    m->secondary_server = primary ? sides.theirs : sides.ours;
    m->primary_server_name = foctl_unconst(primary ? sides.our_name : sides.their_name);
    m->secondary_server_name = foctl_unconst(primary ? sides.their_name : sides.our_name);
    return EXIT_DONE;
}

static int take_buckets(struct foctl *t, struct foctl_relationship_room *room,
                        Mgmt__Relationship *m)
{
    const char *hba = foctl_arg(&t->args, "hba"), *split = foctl_arg(&t->args, "split");
    size_t length = sizeof room->buckets;
    uint32_t n;

    if (hba != NULL && split != NULL)
        return foctl_fail(EXIT_USAGE, "--hba and --split exclude each other");
    if (hba != NULL) {
        if (foctl_hex("--hba", hba, room->buckets, &length) != FO_OK)
            return EXIT_USAGE;
        if (length != sizeof room->buckets)
            return foctl_fail(EXIT_USAGE, "--hba has %zu bytes; 32 are needed", length);
    } else if (split != NULL) {
        struct fo_buckets buckets;
        if (foctl_number("--split", split, FO_BUCKETS, &n) != FO_OK)
            return EXIT_USAGE;
        buckets = fo_load_balance_split(n);
        memcpy(room->buckets, buckets.map, sizeof room->buckets);
    } else {
        return EXIT_DONE;
    }
    m->buckets.data = room->buckets;
    m->buckets.len = sizeof room->buckets;
    return EXIT_DONE;
}

bool foctl_scope_wanted(const struct foctl *t, fo_ipv4_t subnet)
{
    fo_ipv4_t wanted;
    const char *text;

    if (!foctl_has(&t->args, "scope"))
        return true;
    for (size_t i = 0; (text = foctl_arg_at(&t->args, "scope", i)) != NULL; i++) {
        if (fo_ipv4_parse(text, &wanted) == FO_OK && wanted == subnet)
            return true;
    }
    return false;
}

static int take_scopes(struct foctl *t, struct foctl_relationship_room *room, Mgmt__Relationship *m)
{
    const char *text;

    while ((text = foctl_arg_at(&t->args, "scope", m->n_scopes)) != NULL) {
        char address[FO_IPV4_TEXT];
        size_t length = strcspn(text, "/"); /* the mask is known */
        if (length >= sizeof address)
            length = sizeof address - 1;
        memcpy(address, text, length);
        address[length] = '\0';
        if (foctl_address("--scope", address, &room->scopes[m->n_scopes]) != FO_OK)
            return EXIT_USAGE;
        m->n_scopes++;
    }
    m->scopes = room->scopes;
    return EXIT_DONE;
}

int foctl_take_relationship(struct foctl *t, struct foctl_relationship_room *room,
                            Mgmt__Relationship *out)
{
    static const char *const modes[] = {"load-balance", "hot-standby", NULL};
    static const char *const tls[] = {"off", "desired", "required", NULL};
    const char *dialect = foctl_arg(&t->args, "dialect");
    int rc = take_addresses(t, room, out);
    bool given;

    if (rc != EXIT_DONE)
        return rc;
    out->mclt_s = FO_DEFAULT_MCLT_S;
    if (take_choice(t, "mode", modes, &out->mode) != FO_OK)
        return EXIT_USAGE;
    out->percentage = out->mode == FO_MODE_LOAD_BALANCE ? 50 : 5;
    if (take_choice(t, "tls", tls, &out->tls) != FO_OK ||
        take_number(t, "percent", 255, &out->percentage) != FO_OK ||
        take_number(t, "partner-port", UINT16_MAX, &out->partner_port) != FO_OK ||
        take_number(t, "max-unacked", UINT16_MAX, &out->max_unacked) != FO_OK ||
        take_seconds(t, "mclt", &out->mclt_s) != FO_OK ||
        take_seconds(t, "safe-period", &out->safe_period_s) != FO_OK ||
        take_seconds(t, "receive-timer", &out->receive_timer_s) != FO_OK ||
        take_seconds(t, "max-clock-skew", &out->max_clock_skew_s) != FO_OK ||
        take_seconds(t, "load-balance-max", &out->load_balance_max_s) != FO_OK)
        return EXIT_USAGE;
    if (dialect != NULL)
        out->dialect = foctl_unconst(dialect);
    out->lost_storage = foctl_has(&t->args, "lost-storage");
    rc = foctl_take_secret(t, room->secret, sizeof room->secret, &given);
    if (given)
        out->shared_secret = room->secret;
    if (rc == EXIT_DONE)
        rc = take_buckets(t, room, out);
    return rc != EXIT_DONE ? rc : take_scopes(t, room, out);
}
