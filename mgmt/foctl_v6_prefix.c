/* The noun prefix: IPv6 prefixes, their exclusions and reservations. */
#include <stdio.h>

#include "mgmt/foctl_pair.h"
#include "mgmt/foctl_v6.h"

/* --- asking ----------------------------------------------------------------------------------- */

/* PREFIX of the command line, with its length if that was given. */
static int take_prefix(struct foctl *t, struct fo_ipv6 *out, uint32_t *out_length)
{
    return foctl_v6_prefix(t->args.words[0], out, out_length) == FO_OK ? EXIT_DONE : EXIT_USAGE;
}

static int get_prefix(struct foctl *t, struct fo_ipv6 prefix, Mgmt__Reply **out)
{
    Mgmt__Address6 m = MGMT__ADDRESS6__INIT;
    Mgmt__Request q = MGMT__REQUEST__INIT;
    uint8_t room[FO_IPV6_LENGTH];
    int rc;

    m.address = foctl_v6_bytes(prefix, room);
    q.call_case = MGMT__REQUEST__CALL_PREFIX6_GET;
    q.prefix6_get = &m;
    rc = foctl_ask(t, &q, out);
    if (rc != EXIT_DONE || (*out)->prefix6->info != NULL)
        return rc;
    mgmt__reply__free_unpacked(*out, NULL);
    return foctl_fail(EXIT_UNREACHABLE, "the answer tells nothing about the prefix");
}

/* --- showing ---------------------------------------------------------------------------------- */

int foctl_prefix_list(struct foctl *t)
{
    struct foctl_sheet *list = foctl_list_new();
    Mgmt__Page6 page = MGMT__PAGE6__INIT;
    Mgmt__Request q = MGMT__REQUEST__INIT;
    uint8_t room[FO_IPV6_LENGTH];
    bool more = true;
    int rc = foctl_connect(t);

    q.call_case = MGMT__REQUEST__CALL_PREFIX6_ENUM;
    q.prefix6_enum = &page;
    while (rc == EXIT_DONE && more) {
        Mgmt__Reply *reply = NULL;
        rc = foctl_ask_at(t->client, NULL, true, &q, &reply);
        if (rc == EXIT_UNREACHABLE)
            break;
        more = rc == EXIT_DONE && reply->prefixes6->more;
        for (size_t i = 0; rc == EXIT_DONE && i < reply->prefixes6->n_list; i++) {
            foctl_row(list);
            foctl_v6_put_prefix(list, reply->prefixes6->list[i], false);
            page.after = foctl_v6_bytes(foctl_v6_of(&reply->prefixes6->list[i]->prefix), room);
        }
        if (rc == EXIT_REFUSED)
            rc = reply->code == ERROR_NO_MORE_ITEMS ? EXIT_DONE : foctl_refused(NULL, reply);
        mgmt__reply__free_unpacked(reply, NULL);
    }
    foctl_print(t, list);
    return rc;
}

static void put_element(struct foctl_sheet *list, const Mgmt__Element6 *m)
{
    char range[FOCTL_V6_RANGE_TEXT], duid[3 * FOCTL_DUID_MAX + 1];

    foctl_row(list);
    if (m->element_case == MGMT__ELEMENT6__ELEMENT_EXCLUSION) {
        foctl_put_text(list, "range", "EXCLUDED", foctl_v6_range_text(m->exclusion, range));
    } else if (m->element_case == MGMT__ELEMENT6__ELEMENT_RESERVATION) {
        foctl_v6_put_address(list, "address", "RESERVED", &m->reservation->address);
        foctl_put_text(
            list, "duid", "DUID",
            foctl_hex_text(m->reservation->duid.data, m->reservation->duid.len, duid, sizeof duid));
        foctl_put_number(list, "iaid", "IAID", m->reservation->iaid);
    }
}

/* Where the next page begins. */
static void go_on(const Mgmt__Element6 *m, Mgmt__Range6 *after, uint8_t rooms[2][FO_IPV6_LENGTH])
{
    bool exclusion = m->element_case == MGMT__ELEMENT6__ELEMENT_EXCLUSION;

    if (m->element_case == MGMT__ELEMENT6__ELEMENT__NOT_SET)
        return;
    after->first = foctl_v6_bytes(
        foctl_v6_of(exclusion ? &m->exclusion->first : &m->reservation->address), rooms[0]);
    after->last = foctl_v6_bytes(
        foctl_v6_of(exclusion ? &m->exclusion->last : &m->reservation->address), rooms[1]);
}

static int put_elements(struct foctl *t, struct fo_ipv6 prefix, uint32_t kind,
                        struct foctl_sheet *list)
{
    Mgmt__Element6Query query = MGMT__ELEMENT6_QUERY__INIT;
    Mgmt__Range6 after = MGMT__RANGE6__INIT;
    Mgmt__Request q = MGMT__REQUEST__INIT;
    uint8_t rooms[3][FO_IPV6_LENGTH];
    bool more = true;
    int rc = EXIT_DONE;

    query.prefix = foctl_v6_bytes(prefix, rooms[2]);
    query.kind = kind;
    query.after = &after;
    q.call_case = MGMT__REQUEST__CALL_ELEMENT6_ENUM;
    q.element6_enum = &query;
    while (rc == EXIT_DONE && more) {
        Mgmt__Reply *reply = NULL;
        rc = foctl_ask_at(t->client, NULL, true, &q, &reply);
        if (rc == EXIT_UNREACHABLE)
            return rc;
        more = rc == EXIT_DONE && reply->elements6->more;
        for (size_t i = 0; rc == EXIT_DONE && i < reply->elements6->n_list; i++) {
            put_element(list, reply->elements6->list[i]);
            go_on(reply->elements6->list[i], &after, rooms);
        }
        if (rc == EXIT_REFUSED)
            rc = reply->code == ERROR_NO_MORE_ITEMS ? EXIT_DONE : foctl_refused(NULL, reply);
        mgmt__reply__free_unpacked(reply, NULL);
    }
    return rc;
}

int foctl_prefix_show(struct foctl *t)
{
    struct foctl_sheet *card, *exclusions, *reservations;
    struct fo_ipv6 prefix;
    Mgmt__Reply *reply;
    uint32_t length;
    int rc = take_prefix(t, &prefix, &length);

    if (rc == EXIT_DONE)
        rc = get_prefix(t, prefix, &reply);
    if (rc != EXIT_DONE)
        return rc;
    card = foctl_card_new();
    exclusions = foctl_list_new();
    reservations = foctl_list_new();
    foctl_v6_put_prefix(card, reply->prefix6, true);
    rc = put_elements(t, prefix, 2, exclusions);
    if (rc == EXIT_DONE)
        rc = put_elements(t, prefix, 1, reservations);
    foctl_put_sheet(card, "exclusions", exclusions);
    foctl_put_sheet(card, "reservations", reservations);
    if (rc == EXIT_DONE)
        foctl_print(t, card);
    else
        foctl_discard(card);
    mgmt__reply__free_unpacked(reply, NULL);
    return rc;
}

/* --- prefixes --------------------------------------------------------------------------------- */

/* What no option names stays as it is. */
static int take_info(struct foctl *t, Mgmt__Prefix6Info *m)
{
    const char *name = foctl_arg(&t->args, "name"), *comment = foctl_arg(&t->args, "comment");
    const char *preference = foctl_arg(&t->args, "preference");

    if (preference != NULL &&
        foctl_number("--preference", preference, UINT16_MAX, &m->preference) != FO_OK)
        return EXIT_USAGE;
    if (name != NULL)
        m->name = foctl_unconst(name);
    if (comment != NULL)
        m->comment = foctl_unconst(comment);
    if (foctl_has(&t->args, "enabled"))
        m->state = 0;
    if (foctl_has(&t->args, "disabled"))
        m->state = 1;
    return EXIT_DONE;
}

static int send_prefix(struct foctl *t, Mgmt__Request__CallCase call, struct fo_ipv6 prefix,
                       Mgmt__Prefix6Info *info)
{
    Mgmt__Prefix6 m = MGMT__PREFIX6__INIT;
    Mgmt__Request q = MGMT__REQUEST__INIT;
    uint8_t room[FO_IPV6_LENGTH];
    int rc = take_info(t, info);

    m.prefix = foctl_v6_bytes(prefix, room);
    m.info = info;
    q.call_case = call;
    q.prefix6_create = &m;
    return rc != EXIT_DONE ? rc : foctl_do(t, &q);
}

int foctl_prefix_create(struct foctl *t)
{
    Mgmt__Prefix6Info info = MGMT__PREFIX6_INFO__INIT;
    struct fo_ipv6 prefix;
    int rc = take_prefix(t, &prefix, &info.length);

    if (rc == EXIT_DONE && info.length == 0)
        return foctl_fail(EXIT_USAGE, "prefix '%s': its length is needed, as in 2001:db8::/64",
                          t->args.words[0]);
    return rc != EXIT_DONE ? rc : send_prefix(t, MGMT__REQUEST__CALL_PREFIX6_CREATE, prefix, &info);
}

int foctl_prefix_set(struct foctl *t)
{
    Mgmt__Prefix6Info info = MGMT__PREFIX6_INFO__INIT;
    struct fo_ipv6 prefix;
    Mgmt__Reply *reply;
    uint32_t length;
    int rc = take_prefix(t, &prefix, &length);

    if (rc == EXIT_DONE)
        rc = get_prefix(t, prefix, &reply);
    if (rc != EXIT_DONE)
        return rc;
    info = *reply->prefix6->info;
    if (length != 0)
        info.length = length; /* another one is refused */
    rc = send_prefix(t, MGMT__REQUEST__CALL_PREFIX6_SET, prefix, &info);
    mgmt__reply__free_unpacked(reply, NULL);
    return rc;
}

int foctl_prefix_delete(struct foctl *t)
{
    Mgmt__Prefix6Delete m = MGMT__PREFIX6_DELETE__INIT;
    Mgmt__Request q = MGMT__REQUEST__INIT;
    uint8_t room[FO_IPV6_LENGTH];
    struct fo_ipv6 prefix;
    uint32_t length;
    int rc = take_prefix(t, &prefix, &length);

    m.prefix = foctl_v6_bytes(prefix, room);
    m.force = foctl_has(&t->args, "force");
    q.call_case = MGMT__REQUEST__CALL_PREFIX6_DELETE;
    q.prefix6_delete = &m;
    return rc != EXIT_DONE ? rc : foctl_do(t, &q);
}

/* --- elements --------------------------------------------------------------------------------- */

/* The server takes what lies outside a prefix, and does nothing, as is documented: so we look. */
static int check_inside(struct foctl *t, struct fo_ipv6 prefix, struct fo_ipv6 first,
                        struct fo_ipv6 last)
{
    char text[FO_IPV6_TEXT], bound[FO_IPV6_TEXT];
    Mgmt__Reply *reply;
    int rc = get_prefix(t, prefix, &reply);
    uint32_t length;

    if (rc != EXIT_DONE)
        return rc;
    length = reply->prefix6->info->length;
    mgmt__reply__free_unpacked(reply, NULL);
    if (fo_ipv6_compare(first, last) > 0)
        return foctl_fail(EXIT_USAGE, "the range begins at %s, behind its end",
                          fo_ipv6_text(first, text));
    if (length <= FO_IPV6_BITS && fo_ipv6_within(first, prefix, length) &&
        fo_ipv6_within(last, prefix, length))
        return EXIT_DONE;
    return foctl_fail(EXIT_USAGE, "%s lies outside prefix %s/%u",
                      fo_ipv6_text(fo_ipv6_within(first, prefix, length) ? last : first, text),
                      fo_ipv6_text(prefix, bound), length);
}

static int send_element(struct foctl *t, Mgmt__Element6 *m, struct fo_ipv6 prefix, bool add)
{
    Mgmt__Request q = MGMT__REQUEST__INIT;
    uint8_t room[FO_IPV6_LENGTH];

    m->prefix = foctl_v6_bytes(prefix, room);
    q.call_case = add ? MGMT__REQUEST__CALL_ELEMENT6_ADD : MGMT__REQUEST__CALL_ELEMENT6_REMOVE;
    q.element6_add = m;
    return foctl_do(t, &q);
}

static int change_exclusion(struct foctl *t, bool add)
{
    Mgmt__Element6 m = MGMT__ELEMENT6__INIT;
    Mgmt__Range6 range = MGMT__RANGE6__INIT;
    uint8_t rooms[2][FO_IPV6_LENGTH];
    struct fo_ipv6 prefix, first, last;
    uint32_t length;
    int rc = take_prefix(t, &prefix, &length);

    if (rc == EXIT_DONE && foctl_v6_range(t->args.words[1], &first, &last) != FO_OK)
        rc = EXIT_USAGE;
    if (rc == EXIT_DONE && add)
        rc = check_inside(t, prefix, first, last);
    if (rc != EXIT_DONE)
        return rc;
    range.first = foctl_v6_bytes(first, rooms[0]);
    range.last = foctl_v6_bytes(last, rooms[1]);
    m.element_case = MGMT__ELEMENT6__ELEMENT_EXCLUSION;
    m.exclusion = &range;
    return send_element(t, &m, prefix, add);
}

int foctl_prefix_exclude(struct foctl *t)
{
    return change_exclusion(t, true);
}

int foctl_prefix_unexclude(struct foctl *t)
{
    return change_exclusion(t, false);
}

static int change_reservation(struct foctl *t, bool add)
{
    Mgmt__Element6 m = MGMT__ELEMENT6__INIT;
    Mgmt__Reservation6 reservation = MGMT__RESERVATION6__INIT;
    struct foctl_client6 client = {.duid_length = 0};
    struct fo_ipv6 prefix, address;
    uint8_t room[FO_IPV6_LENGTH];
    uint32_t length;
    int rc = take_prefix(t, &prefix, &length);

    if (rc == EXIT_DONE && foctl_v6_address("address", t->args.words[1], &address) != FO_OK)
        rc = EXIT_USAGE;
    if (rc == EXIT_DONE && add &&
        foctl_v6_client(t->args.words[2], t->args.words[3], &client) != FO_OK)
        rc = EXIT_USAGE;
    if (rc == EXIT_DONE && add)
        rc = check_inside(t, prefix, address, address);
    if (rc != EXIT_DONE)
        return rc;
    reservation.address = foctl_v6_bytes(address, room);
    reservation.duid = (ProtobufCBinaryData){client.duid_length, client.duid};
    reservation.iaid = client.iaid;
    m.element_case = MGMT__ELEMENT6__ELEMENT_RESERVATION;
    m.reservation = &reservation;
    return send_element(t, &m, prefix, add);
}

int foctl_prefix_reserve(struct foctl *t)
{
    return change_reservation(t, true);
}

int foctl_prefix_unreserve(struct foctl *t)
{
    return change_reservation(t, false);
}
