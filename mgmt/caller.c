#include "mgmt/caller.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include <openssl/x509v3.h>

#define GROUPS_MAX 256 /* supplementary groups of a caller that are looked at */

static void make_printable(char *text)
{
    for (; *text != '\0'; text++) {
        if (*text < ' ' || *text > '~' || *text == '"')
            *text = '?';
    }
}

/* --- processes ------------------------------------------------------------------------------- */

static bool is_member(gid_t wanted, gid_t own, const gid_t *groups, size_t count)
{
    if (wanted == (gid_t)-1)
        return false;
    for (size_t i = 0; i < count; i++) {
        if (groups[i] == wanted)
            return true;
    }
    return own == wanted;
}

static enum fo_right right_of(const struct fo_caller_rules *rules, int fd, const struct ucred *peer)
{
    gid_t groups[GROUPS_MAX];
    socklen_t group_bytes = sizeof groups;
    size_t count;

    if (peer->uid == 0 || peer->uid == geteuid())
        return FO_RIGHT_ADMINISTER;
    if (getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, groups, &group_bytes) != 0)
        group_bytes = 0;
    count = group_bytes / sizeof groups[0];
    if (is_member(rules->administrators_group, peer->gid, groups, count))
        return FO_RIGHT_ADMINISTER;
    if (is_member(rules->users_group, peer->gid, groups, count))
        return FO_RIGHT_READ;
    return FO_RIGHT_NONE;
}

void fo_caller_of_process(const struct fo_caller_rules *rules, int fd, struct fo_caller *out)
{
    struct ucred peer;
    socklen_t length = sizeof peer;

    *out = (struct fo_caller){.right = FO_RIGHT_NONE, .who = "nobody", .from = "socket"};
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &length) != 0)
        return;
    (void)snprintf(out->who, sizeof out->who, "uid=%u", (unsigned)peer.uid);
    (void)snprintf(out->from, sizeof out->from, "pid=%d", (int)peer.pid);
    out->right = right_of(rules, fd, &peer);
}

/* --- certificates ---------------------------------------------------------------------------- */

static const struct {
    const char *word;
    int type; /* of a GENERAL_NAME; -1: organizational unit */
} kinds[] = {
    {"ou:", -1}, {"dns:", GEN_DNS}, {"email:", GEN_EMAIL}, {"uri:", GEN_URI}, {"ip:", GEN_IPADD},
};

/* What stands behind the kind of a name; NULL: |name| is none. */
static const char *take_kind(const char *name, int *out_type)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        size_t length = strlen(kinds[i].word);
        if (strncmp(name, kinds[i].word, length) != 0)
            continue;
        *out_type = kinds[i].type;
        return name + length;
    }
    return NULL;
}

/* The bytes of an address as a certificate has them; 0: it is none. */
static size_t take_address(const char *text, uint8_t out[16])
{
    if (inet_pton(AF_INET, text, out) == 1)
        return 4;
    return inet_pton(AF_INET6, text, out) == 1 ? 16 : 0;
}

bool fo_caller_name_valid(const char *text)
{
    uint8_t address[16];
    int type;
    const char *value = take_kind(text, &type);

    if (value == NULL || value[0] == '\0')
        return false;
    return type != GEN_IPADD || take_address(value, address) != 0;
}

static bool has_unit(const X509 *certificate, const char *unit)
{
    const X509_NAME *subject = X509_get_subject_name(certificate);

    for (int i = 0; i < X509_NAME_entry_count(subject); i++) {
        const X509_NAME_ENTRY *entry = X509_NAME_get_entry(subject, i);
        const ASN1_STRING *value = X509_NAME_ENTRY_get_data(entry);
        if (OBJ_obj2nid(X509_NAME_ENTRY_get_object(entry)) == NID_organizationalUnitName &&
            ASN1_STRING_length(value) == (int)strlen(unit) &&
            memcmp(ASN1_STRING_get0_data(value), unit, strlen(unit)) == 0)
            return true;
    }
    return false;
}

static bool is_name(const GENERAL_NAME *name, int type, const char *text)
{
    const ASN1_STRING *value;
    uint8_t address[16];

    if (name->type != type)
        return false;
    if (type == GEN_IPADD) {
        value = name->d.iPAddress;
        return ASN1_STRING_length(value) == (int)take_address(text, address) &&
               memcmp(ASN1_STRING_get0_data(value), address, (size_t)ASN1_STRING_length(value)) ==
                   0;
    }
    value = name->d.ia5;
    return ASN1_STRING_length(value) == (int)strlen(text) &&
           strncasecmp((const char *)ASN1_STRING_get0_data(value), text, strlen(text)) == 0;
}

static bool has_name(X509 *certificate, const char *wanted)
{
    int type;
    const char *text = take_kind(wanted, &type);
    GENERAL_NAMES *names;
    bool found = false;

    if (text == NULL)
        return false;
    if (type == -1)
        return has_unit(certificate, text);
    names = X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
    for (int i = 0; !found && i < sk_GENERAL_NAME_num(names); i++)
        found = is_name(sk_GENERAL_NAME_value(names, i), type, text);
    GENERAL_NAMES_free(names);
    return found;
}

static bool has_one(X509 *certificate, const struct fo_caller_names *names)
{
    for (size_t i = 0; i < names->count; i++) {
        if (has_name(certificate, names->list[i]))
            return true;
    }
    return false;
}

static bool is_server(X509 *certificate)
{
    return (X509_get_extension_flags(certificate) & EXFLAG_XKUSAGE) != 0 &&
           (X509_get_extended_key_usage(certificate) & XKU_SSL_SERVER) != 0;
}

void fo_caller_of_certificate(const struct fo_caller_rules *rules, SSL *session,
                              struct fo_caller *out)
{
    X509 *certificate = SSL_get0_peer_certificate(session);

    out->right = FO_RIGHT_NONE;
    (void)snprintf(out->who, sizeof out->who, "nobody");
    if (certificate == NULL || SSL_get_verify_result(session) != X509_V_OK)
        return;
    (void)X509_NAME_oneline(X509_get_subject_name(certificate), out->who, sizeof out->who);
    make_printable(out->who);
    if (has_one(certificate, &rules->administrators))
        out->right = FO_RIGHT_ADMINISTER;
    else if (has_one(certificate, &rules->users) || is_server(certificate))
        out->right = FO_RIGHT_READ;
}
