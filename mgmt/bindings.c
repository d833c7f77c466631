/* The interfaces of the machine, kept up to date, and one line in the log for each that begins or
 * ends to serve IPv6. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mgmt/binding.h"

/* Where IPv6 was served when it was last told. */
struct served {
    char name[FO_INTERFACE_NAME + 1];
    struct fo_ipv6 address;
    uint8_t length;
};

struct fo_bindings {
    struct fo_bindings_options o;
    struct fo_interfaces_watch *watch;
    struct fo_interfaces list;
    struct served *served; /* in the order of names */
    size_t served_count;
    bool silent; /* the kernel did not answer last time */
};

static void tell(struct fo_bindings *b, bool warning, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static void tell(struct fo_bindings *b, bool warning, const char *format, ...)
{
    char line[200];
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    if (b->o.log != NULL)
        b->o.log(b->o.context, warning, line);
}

/* --- what is served --------------------------------------------------------------------------- */

static bool gather(struct fo_bindings *b, struct served **out, size_t *out_count)
{
    struct served *list = calloc(b->list.count + 1, sizeof *list);
    size_t count = 0;

    if (list == NULL)
        return false;
    for (size_t i = 0; i < b->list.count; i++) {
        const struct fo_interface *one = &b->list.list[i];
        const struct fo_interface_address *primary = fo_binding_primary(one);
        if (!fo_binding_serves(b->o.store, one))
            continue;
        memcpy(list[count].name, one->name, sizeof list[count].name);
        list[count].address = primary->address;
        list[count++].length = primary->length;
    }
    *out = list;
    *out_count = count;
    return true;
}

static void tell_served(struct fo_bindings *b, const struct served *s, const char *cause)
{
    char text[FO_IPV6_TEXT];

    tell(b, false, "binding: interface=%s v6=served address=%s/%u cause=%s", s->name,
         fo_ipv6_text(s->address, text), s->length, cause);
}

/* Both lists are in the order of names. */
static void tell_differences(struct fo_bindings *b, const struct served *now, size_t now_count,
                             const char *cause)
{
    size_t old = 0, new = 0;

    while (old < b->served_count || new < now_count) {
        int order = old == b->served_count ? 1
                    : new == now_count     ? -1
                                           : strcmp(b->served[old].name, now[new].name);
        if (order < 0) {
            tell(b, false, "binding: interface=%s v6=not-served cause=%s", b->served[old].name,
                 cause);
        } else if (order > 0 || fo_ipv6_compare(b->served[old].address, now[new].address) != 0 ||
                   b->served[old].length != now[new].length) {
            tell_served(b, &now[new], cause);
        }
        old += order <= 0;
        new += order >= 0;
    }
}

static void look(struct fo_bindings *b, const char *cause)
{
    struct served *now;
    size_t count;

    if (!gather(b, &now, &count))
        return; /* it is told the next time */
    tell_differences(b, now, count, cause);
    free(b->served);
    b->served = now;
    b->served_count = count;
}

/* --- the list --------------------------------------------------------------------------------- */

static void read_again(struct fo_bindings *b, const char *cause)
{
    struct fo_interfaces fresh;
    int rc = fo_interfaces_read(&fresh);
    bool cut = b->list.cut;

    if (rc != FO_OK) {
        if (!b->silent)
            tell(b, true, "binding: the kernel does not list its interfaces: %s", fo_strerror(rc));
        b->silent = true;
        return;
    }
    b->silent = false;
    fo_interfaces_fini(&b->list);
    b->list = fresh;
    if (fresh.cut && !cut)
        tell(b, true,
             "binding: there are more than %d links, or %d addresses of one; the others "
             "stay unseen",
             FO_INTERFACES_MAX, FO_INTERFACE_ADDRESSES);
    look(b, cause);
}

static void on_change(void *context)
{
    read_again(context, "addresses");
}

int fo_bindings_new(const struct fo_bindings_options *o, struct fo_bindings **out)
{
    struct fo_bindings *b = calloc(1, sizeof *b);
    int rc;

    if (b == NULL)
        return FO_ENOMEM;
    b->o = *o;
    rc = fo_interfaces_watch_new(o->base, on_change, b, &b->watch);
    if (rc != FO_OK)
        tell(b, true, "binding: the kernel does not tell of changes of addresses: %s",
             fo_strerror(rc));
    read_again(b, "start");
    *out = b;
    return FO_OK;
}

void fo_bindings_free(struct fo_bindings *b)
{
    if (b == NULL)
        return;
    fo_interfaces_watch_free(b->watch);
    fo_interfaces_fini(&b->list);
    free(b->served);
    free(b);
}

const struct fo_interfaces *fo_bindings_list(const struct fo_bindings *b)
{
    return &b->list;
}

void fo_bindings_chosen(struct fo_bindings *b)
{
    look(b, "administrator");
}
