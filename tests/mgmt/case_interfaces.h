/** tests/mgmt/case_interfaces.h: lists of interfaces as a machine might have them. */
#ifndef TESTS_MGMT_CASE_INTERFACES_H
#define TESTS_MGMT_CASE_INTERFACES_H

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "mgmt/binding.h"

static inline struct fo_ipv6 at(const char *text)
{
    struct fo_ipv6 a;

    cr_assert_eq(fo_ipv6_parse(text, &a), FO_OK, "%s", text);
    return a;
}

/* Texts ADDRESS/LENGTH until NULL; one that a router or a lease gave begins with ~. */
static inline void add_interface(struct fo_interfaces *i, uint32_t index, const char *name,
                                 bool loopback, ...)
{
    struct fo_interface *one = fo_interfaces_add(i, index, name, loopback);
    const char *text;
    va_list texts;

    cr_assert_not_null(one);
    va_start(texts, loopback);
    while ((text = va_arg(texts, const char *)) != NULL) {
        struct fo_interface_address a = {.configured = text[0] != '~'};
        char copy[FO_IPV6_TEXT];
        size_t length;
        text += text[0] == '~';
        length = strcspn(text, "/");
        memcpy(copy, text, length);
        copy[length] = '\0';
        a.address = at(copy);
        a.length = (uint8_t)atoi(text + length + 1);
        a.global = fo_ipv6_is_unicast(a.address);
        cr_assert(fo_interface_add(i, one, &a));
    }
    va_end(texts);
}

#endif
