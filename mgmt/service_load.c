/* What the service reads before it opens its doors: changes in doubt, the tables of IPv6, the
 * interfaces of the machine. */
#include "mgmt/binding.h"
#include "mgmt/connection.h"
#include "state/lease6.h"

static void on_damage(void *context, enum fo_table table, const char *what)
{
    static const char *const names[FO_TABLE_COUNT] = {
        [FO_TABLE_PREFIX6] = "prefix6",
        [FO_TABLE_ELEMENT6] = "element6",
        [FO_TABLE_LEASE6] = "lease6",
        [FO_TABLE_CLIENT6] = "client6",
    };

    fo_mgmt_log(context, FO_NOTICE_ALARM, "store: table=%s damaged %s", names[table], what);
}

/* It stays where it is: an interface of which nothing is known would be served. */
static int look_at_choice(void *context, const void *key, size_t key_length, const void *value,
                          size_t value_length)
{
    if (fo_binding_judge(NULL, key, key_length, value, value_length) != FO_OK)
        fo_mgmt_log(context, FO_NOTICE_ALARM,
                    "store: table=binding6 damaged; IPv6 is not served on an interface until "
                    "somebody chooses again: foctl binding list");
    return FO_OK;
}

int fo_service_load(struct fo_mgmt *m)
{
    struct fo_store *store = fo_run_store(m->run);
    uint64_t damaged;
    int rc = fo_changes_load(m->changes, store, true);

    if (rc == FO_OK)
        rc = fo_lease6_restore(store, on_damage, m, &damaged);
    return rc == FO_OK ? fo_store_walk(store, FO_TABLE_BINDING6, NULL, 0, look_at_choice, m) : rc;
}

static void on_binding(void *context, bool warning, const char *line)
{
    fo_mgmt_log(context, warning ? FO_NOTICE_WARNING : FO_NOTICE_INFO, "%s", line);
}

int fo_service_open_bindings(struct fo_mgmt *m)
{
    const struct fo_bindings_options o = {.base = fo_run_base(m->run),
                                          .store = fo_run_store(m->run),
                                          .log = on_binding,
                                          .context = m};
    int rc = fo_bindings_new(&o, &m->bindings);

    if (rc == FO_OK)
        m->facts.interfaces = fo_bindings_list(m->bindings);
    return rc;
}
