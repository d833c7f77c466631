/* On which interfaces IPv6 is served (MAPI §1.3 DhcpSetServerBindingInfoV6, §1.4, §2.9). */
#include "mgmt/binding.h"
#include "mgmt/message6.h"
#include "proto/win32.h"

/* --- telling ---------------------------------------------------------------------------------- */

static bool add_binding(struct fo_call *c, const struct fo_interface *one, Mgmt__Binding *m)
{
    const struct fo_interface_address *primary = fo_binding_primary(one);

    mgmt__binding__init(m);
    m->id.data = fo_call_alloc(c, FO_BINDING_ID);
    m->description = fo_call_text(c, one->name);
    if (m->id.data == NULL || m->description == NULL)
        return false;
    m->id.len = FO_BINDING_ID;
    fo_binding_id(one->name, m->id.data);
    m->index = one->index;
    m->prefix_length = primary->length;
    m->cannot_modify = fo_binding_is_internal(one);
    m->served = fo_binding_serves(c->store, one);
    m->bound = m->cannot_modify || m->served;
    return fo_message_of_ipv6(c, primary->address, &m->primary) &&
           fo_message_of_ipv6(c, fo_ipv6_mask(primary->address, primary->length), &m->prefix);
}

bool fo_call_bindings(struct fo_call *c, Mgmt__Binding ***out_list, size_t *out_count)
{
    const struct fo_interfaces *i = c->facts->interfaces;
    size_t count = i != NULL ? i->count : 0;
    Mgmt__Binding *list = fo_call_alloc(c, count * sizeof *list);
    Mgmt__Binding **pointers = fo_call_alloc(c, count * sizeof(Mgmt__Binding *));

    if (list == NULL || pointers == NULL)
        return false;
    for (size_t k = 0; k < count; k++) {
        if (!add_binding(c, &i->list[k], &list[k]))
            return false;
        pointers[k] = &list[k];
    }
    *out_list = pointers;
    *out_count = count;
    return true;
}

static uint32_t check_flags(struct fo_call *c, uint32_t flags)
{
    return flags == 0 ? (uint32_t)ERROR_SUCCESS
                      : fo_call_refuse(c, ERROR_INVALID_PARAMETER, "Flags are %u, not 0.", flags);
}

uint32_t fo_call_binding_get(struct fo_call *c)
{
    Mgmt__Bindings *m = fo_call_alloc(c, sizeof *m);
    uint32_t code = check_flags(c, c->request->binding_get->flags);

    if (code != ERROR_SUCCESS)
        return code;
    if (m == NULL)
        return fo_call_no_memory(c);
    mgmt__bindings__init(m);
    if (!fo_call_bindings(c, &m->list, &m->n_list))
        return fo_call_no_memory(c);
    if (c->facts->interfaces != NULL)
        m->generation = fo_binding_generation(c->facts->interfaces);
    c->reply.result_case = MGMT__REPLY__RESULT_BINDINGS;
    c->reply.bindings = m;
    return ERROR_SUCCESS;
}

/* --- setting ---------------------------------------------------------------------------------- */

static uint32_t changed(struct fo_call *c, const char *what)
{
    return fo_call_refuse(c, ERROR_DHCP_NETWORK_CHANGED,
                          "%s since the list was read; read it again and decide anew.", what);
}

static bool has_address(const struct fo_interface *one, struct fo_ipv6 address)
{
    for (size_t k = 0; k < one->address_count; k++) {
        if (fo_ipv6_compare(one->addresses[k].address, address) == 0)
            return true;
    }
    return false;
}

static uint32_t check_element(struct fo_call *c, const Mgmt__Binding *m)
{
    const struct fo_interface *one = fo_binding_find(c->facts->interfaces, m->id.data, m->id.len);
    struct fo_ipv6 told;
    uint32_t code = fo_message_to_ipv6(c, "The primary address", &m->primary, &told);

    if (code != ERROR_SUCCESS)
        return code;
    if (m->cannot_modify || (one != NULL && fo_binding_is_internal(one))) {
        if (m->bound)
            return ERROR_SUCCESS; /* it is passed over */
        return fo_call_refuse(c, ERROR_DHCP_CANNOT_MODIFY_BINDINGS,
                              "Interface %s is internal: a loopback, or without a global IPv6 "
                              "address that was configured. Leave it bound.",
                              one != NULL ? one->name : m->description);
    }
    if (one == NULL)
        return changed(c, "An interface went");
    if (!fo_ipv6_is_zero(told) && !has_address(one, told))
        return changed(c, "An address went");
    return ERROR_SUCCESS;
}

static uint32_t check(struct fo_call *c, const Mgmt__BindingSet *m)
{
    uint32_t code = check_flags(c, m->flags);

    if (code != ERROR_SUCCESS)
        return code;
    if (m->bindings == NULL)
        return fo_call_refuse(c, ERROR_INVALID_PARAMETER, "No bindings are given.");
    if (c->facts->interfaces == NULL || c->facts->interfaces->count == 0)
        return fo_call_refuse(c, ERROR_INVALID_PARAMETER,
                              "This server has no interface with an IPv6 address.");
    if (m->bindings->generation != 0 &&
        m->bindings->generation != fo_binding_generation(c->facts->interfaces))
        return changed(c, "Interfaces or addresses came or went");
    for (size_t i = 0; i < m->bindings->n_list && code == ERROR_SUCCESS; i++)
        code = check_element(c, m->bindings->list[i]);
    return code;
}

static int choose(struct fo_call *c, const Mgmt__Binding *m)
{
    const struct fo_interface *one = fo_binding_find(c->facts->interfaces, m->id.data, m->id.len);
    bool bound = false;
    int rc;

    if (one == NULL || m->cannot_modify || fo_binding_is_internal(one))
        return FO_OK;
    rc = fo_binding_get(c->store, one->name, &bound);
    if (rc == FO_OK && bound == (m->bound != 0))
        return FO_OK;
    if (rc != FO_OK && rc != FO_EDAMAGED && rc != FO_EVERSION)
        return rc;
    return fo_binding_put(c->store, one->name, m->bound);
}

/* Every element is looked at before the first is changed. */
uint32_t fo_call_binding_set(struct fo_call *c)
{
    const Mgmt__BindingSet *m = c->request->binding_set;
    uint32_t code = check(c, m);

    for (size_t i = 0; code == ERROR_SUCCESS && c->err == FO_OK && i < m->bindings->n_list; i++)
        c->err = choose(c, m->bindings->list[i]);
    return code != ERROR_SUCCESS ? code : fo_call_code_of(c->err);
}
