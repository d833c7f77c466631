/* The list of interfaces, whoever fills it. */
#include "mgmt/interfaces.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void fo_interfaces_fini(struct fo_interfaces *i)
{
    for (size_t k = 0; k < i->count; k++)
        free(i->list[k].addresses);
    free(i->list);
    *i = (struct fo_interfaces){0};
}

struct fo_interface *fo_interfaces_add(struct fo_interfaces *i, uint32_t index, const char *name,
                                       bool loopback)
{
    struct fo_interface *grown;

    if (i->count == FO_INTERFACES_MAX) {
        i->cut = true;
        return NULL;
    }
    grown = realloc(i->list, (i->count + 1) * sizeof *grown);
    if (grown == NULL)
        return NULL;
    i->list = grown;
    grown[i->count] = (struct fo_interface){.index = index, .loopback = loopback};
    (void)snprintf(grown[i->count].name, sizeof grown[0].name, "%s", name);
    return &grown[i->count++];
}

bool fo_interface_add(struct fo_interfaces *i, struct fo_interface *one,
                      const struct fo_interface_address *address)
{
    struct fo_interface_address *grown;

    if (one->address_count == FO_INTERFACE_ADDRESSES) {
        i->cut = true;
        return true;
    }
    grown = realloc(one->addresses, (one->address_count + 1) * sizeof *grown);
    if (grown == NULL)
        return false;
    one->addresses = grown;
    grown[one->address_count++] = *address;
    return true;
}

static int by_address(const void *a, const void *b)
{
    const struct fo_interface_address *x = a, *y = b;

    return fo_ipv6_compare(x->address, y->address);
}

static int by_name(const void *a, const void *b)
{
    const struct fo_interface *x = a, *y = b;

    return strcmp(x->name, y->name);
}

void fo_interfaces_settle(struct fo_interfaces *i)
{
    size_t kept = 0;

    for (size_t k = 0; k < i->count; k++) {
        struct fo_interface *one = &i->list[k];
        if (one->address_count == 0)
            continue; /* it has no memory either */
        qsort(one->addresses, one->address_count, sizeof one->addresses[0], by_address);
        i->list[kept++] = *one;
    }
    i->count = kept;
    if (kept > 1)
        qsort(i->list, kept, sizeof i->list[0], by_name);
}
