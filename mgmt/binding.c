#include "mgmt/binding.h"

#include <openssl/evp.h>
#include <string.h>

#include "state/record.h"

#define VERSION   1
#define VALUE_MAX (1 + 1 + 2 + FO_INTERFACE_NAME + 4)

/* --- what an interface is --------------------------------------------------------------------- */

/* RFC 9562 §5.5: SHA-1 over a namespace, which is ours alone, and the name. */
void fo_binding_id(const char *interface, uint8_t out[FO_BINDING_ID])
{
    static const uint8_t space[FO_BINDING_ID] = {0x5b, 0x0c, 0x1d, 0x7e, 0x2f, 0x94, 0x4e, 0x21,
                                                 0x9a, 0x63, 0x0d, 0xf0, 0xd6, 0x11, 0xc4, 0x08};
    uint8_t text[FO_BINDING_ID + FO_INTERFACE_NAME], digest[EVP_MAX_MD_SIZE] = {0};
    size_t length = strnlen(interface, FO_INTERFACE_NAME);

    memcpy(text, space, sizeof space);
    memcpy(text + sizeof space, interface, length);
    (void)EVP_Digest(text, sizeof space + length, digest, NULL, EVP_sha1(), NULL);
    memcpy(out, digest, FO_BINDING_ID);
    out[6] = (uint8_t)((out[6] & 0x0f) | 0x50);
    out[8] = (uint8_t)((out[8] & 0x3f) | 0x80);
}

const struct fo_interface *fo_binding_find(const struct fo_interfaces *i, const uint8_t *id,
                                           size_t id_length)
{
    uint8_t own[FO_BINDING_ID];

    for (size_t k = 0; k < i->count && id_length == sizeof own; k++) {
        fo_binding_id(i->list[k].name, own);
        if (memcmp(own, id, sizeof own) == 0)
            return &i->list[k];
    }
    return NULL;
}

const struct fo_interface_address *fo_binding_primary(const struct fo_interface *one)
{
    const struct fo_interface_address *best = &one->addresses[0];

    for (size_t k = 1; k < one->address_count; k++) {
        const struct fo_interface_address *a = &one->addresses[k];
        if (a->global && (!best->global || (a->configured && !best->configured)))
            best = a;
    }
    return best;
}

bool fo_binding_is_internal(const struct fo_interface *one)
{
    const struct fo_interface_address *primary = fo_binding_primary(one);

    return one->loopback || !primary->global || !primary->configured;
}

/* --- the list --------------------------------------------------------------------------------- */

static void add(EVP_MD_CTX *md, const struct fo_interface *one)
{
    (void)EVP_DigestUpdate(md, &one->index, sizeof one->index);
    (void)EVP_DigestUpdate(md, one->name, sizeof one->name);
    for (size_t k = 0; k < one->address_count; k++) {
        const struct fo_interface_address *a = &one->addresses[k];
        const uint8_t kind[] = {a->length, a->global, a->configured};
        (void)EVP_DigestUpdate(md, &a->address, sizeof a->address);
        (void)EVP_DigestUpdate(md, kind, sizeof kind);
    }
}

uint64_t fo_binding_generation(const struct fo_interfaces *i)
{
    uint8_t digest[EVP_MAX_MD_SIZE] = {0};
    EVP_MD_CTX *md = EVP_MD_CTX_new();
    uint64_t generation = 0;

    if (md != NULL && EVP_DigestInit_ex(md, EVP_sha256(), NULL) == 1) {
        for (size_t k = 0; k < i->count; k++)
            add(md, &i->list[k]);
        (void)EVP_DigestFinal_ex(md, digest, NULL);
    }
    EVP_MD_CTX_free(md);
    memcpy(&generation, digest, sizeof generation);
    return generation != 0 ? generation : 1;
}

struct fo_ipv6 fo_binding_owner(const struct fo_interfaces *i, struct fo_store *store,
                                struct fo_ipv6 address)
{
    struct fo_ipv6 other = {0};

    for (size_t k = 0; k < i->count; k++) {
        const struct fo_interface *one = &i->list[k];
        const struct fo_interface_address *primary = fo_binding_primary(one);
        struct fo_ipv6 prefix = fo_ipv6_mask(primary->address, primary->length);
        if (!fo_binding_serves(store, one))
            continue;
        if (fo_ipv6_within(address, prefix, primary->length))
            return primary->address;
        if (fo_ipv6_is_zero(other))
            other = primary->address;
    }
    return other;
}

/* --- choices ---------------------------------------------------------------------------------- */

static int take_choice(void *context, const void *key, size_t key_length, const void *value,
                       size_t value_length)
{
    char name[FO_INTERFACE_NAME + 1];
    uint8_t version, bound;
    struct fo_reader r;
    int rc = fo_record_open(value, value_length, VERSION, &version, &r);

    (void)key;
    (void)key_length;
    if (rc != FO_OK)
        return rc;
    fo_read_u8(&r, &bound);
    fo_record_read_text(&r, name, sizeof name);
    if (r.err != FO_OK || fo_reader_left(&r) > 0 || bound > 1)
        return FO_EDAMAGED;
    *(bool *)context = bound != 0;
    return FO_OK;
}

int fo_binding_get(struct fo_store *store, const char *interface, bool *out_bound)
{
    uint8_t id[FO_BINDING_ID];
    int rc;

    *out_bound = false;
    fo_binding_id(interface, id);
    rc = fo_store_get(store, FO_TABLE_BINDING6, id, sizeof id, take_choice, out_bound);
    if (rc != FO_ENOTFOUND)
        return rc;
    *out_bound = true;
    return FO_OK;
}

int fo_binding_judge(void *context, const void *key, size_t key_length, const void *value,
                     size_t value_length)
{
    bool bound;

    (void)context;
    return key_length != FO_BINDING_ID ? FO_EDAMAGED
                                       : take_choice(&bound, key, key_length, value, value_length);
}

/* The name is for whoever reads the store. */
int fo_binding_put(struct fo_store *store, const char *interface, bool bound)
{
    uint8_t id[FO_BINDING_ID], value[VALUE_MAX];
    struct fo_writer w = fo_writer_of(value, sizeof value);

    fo_binding_id(interface, id);
    fo_write_u8(&w, VERSION);
    fo_write_u8(&w, bound ? 1 : 0);
    fo_record_write_text(&w, interface);
    fo_record_seal(&w);
    return w.err != FO_OK
               ? w.err
               : fo_store_put(store, FO_TABLE_BINDING6, id, sizeof id, value, w.position);
}

bool fo_binding_serves(struct fo_store *store, const struct fo_interface *one)
{
    bool bound = false;

    return !fo_binding_is_internal(one) && fo_binding_get(store, one->name, &bound) == FO_OK &&
           bound;
}
