/* Sessions with the management service, one request after the other, for the target mgmt; one for
 * each noun, short enough for an input. */
#include <stdbool.h>
#include <string.h>

#include "mgmt/binding.h"
#include "mgmt/mgmt.pb-c.h"
#include "tests/fuzz/seeds.h"

#define SUBNET 0x0a000000u
#define OTHER  0x0a000100u

struct session {
    const char *directory, *noun;
    uint8_t bytes[1024];
    size_t used;
    unsigned count;
};

/* Each request stands behind a byte for the caller and two for its length; a seed holds all so
 * far. */
static void say(struct session *s, Mgmt__Request__CallCase which, void *message)
{
    Mgmt__Request q = MGMT__REQUEST__INIT;
    size_t length;
    q.id = s->count;
    q.call_case = which;
    q.server_get = message; /* the arms of the union are pointers all */
    length = mgmt__request__get_packed_size(&q);
    if (s->used + 3 + length > sizeof s->bytes)
        return;
    s->bytes[s->used++] = 0;
    s->bytes[s->used++] = (uint8_t)(length >> 8);
    s->bytes[s->used++] = (uint8_t)length;
    s->used += mgmt__request__pack(&q, s->bytes + s->used);
    seed_write(s->directory, "mgmt", s->noun, s->count++, s->bytes, s->used);
}
#define SAY(s, which, message) say(s, MGMT__REQUEST__CALL_##which, message)

static void two_scopes(struct session *s)
{
    Mgmt__Range range = MGMT__RANGE__INIT, *ranges[] = {&range};
    Mgmt__Scope scope = MGMT__SCOPE__INIT;
    scope.mask = 0xffffff00u;
    scope.ranges = ranges;
    scope.n_ranges = 1;
    for (uint32_t i = 0; i < 2; i++) {
        scope.subnet = SUBNET + (i << 8);
        range.first = scope.subnet + 10;
        range.last = scope.subnet + 99;
        SAY(s, SCOPE_CREATE, &scope);
    }
}

static void scopes(struct session *s)
{
    Mgmt__Range range = MGMT__RANGE__INIT, *ranges[] = {&range};
    Mgmt__Reservation reservation = MGMT__RESERVATION__INIT, *reservations[] = {&reservation};
    Mgmt__Scope scope = MGMT__SCOPE__INIT;
    Mgmt__ScopeElement element = MGMT__SCOPE_ELEMENT__INIT;
    Mgmt__Subnet subnet = MGMT__SUBNET__INIT;
    Mgmt__Page page = MGMT__PAGE__INIT;
    uint8_t client[] = {1, 2, 3, 4, 5, 6};
    scope.mask = 0xffffff00u;
    scope.name = scope.comment = (char[]){"first floor"};
    scope.ranges = ranges;
    scope.reservations = reservations;
    scope.n_ranges = scope.n_reservations = 1;
    reservation.client = (ProtobufCBinaryData){sizeof client, client};
    for (uint32_t i = 0; i < 2; i++) {
        scope.subnet = SUBNET + (i << 8);
        range.first = scope.subnet + 10;
        range.last = scope.subnet + 99;
        reservation.address = scope.subnet + 12;
        SAY(s, SCOPE_CREATE, &scope);
    }
    SAY(s, SCOPE_SET, &scope);
    SAY(s, SCOPE_REPLACE, &scope);
    element.subnet = subnet.subnet = SUBNET;
    element.element_case = MGMT__SCOPE_ELEMENT__ELEMENT_EXCLUSION;
    element.exclusion = &range;
    range.first = SUBNET + 30;
    range.last = SUBNET + 39;
    SAY(s, SCOPE_ELEMENT_ADD, &element);
    SAY(s, SCOPE_ELEMENT_REMOVE, &element);
    SAY(s, SCOPE_GET, &subnet);
    SAY(s, SCOPE_ENUM, &page);
    SAY(s, SCOPE_STATISTICS, &subnet);
    SAY(s, ADDRESS_STATUS_GET, &subnet);
    SAY(s, SCOPE_RELATIONSHIP_GET, &subnet);
}

static void relationships(struct session *s)
{
    Mgmt__Relationship r = MGMT__RELATIONSHIP__INIT;
    Mgmt__RelationshipSet set = MGMT__RELATIONSHIP_SET__INIT;
    Mgmt__RelationshipScopes more = MGMT__RELATIONSHIP_SCOPES__INIT;
    Mgmt__Name name = MGMT__NAME__INIT;
    Mgmt__EventsQuery events = MGMT__EVENTS_QUERY__INIT;
    Mgmt__Command command = MGMT__COMMAND__INIT;
    uint32_t first[] = {SUBNET}, second[] = {OTHER};
    two_scopes(s);
    r.name = name.name = more.name = events.name = command.name = (char[]){"alpha"};
    r.primary_server = 0x0a090001u;
    r.secondary_server = 0x0a090002u;
    r.percentage = 50;
    r.mclt_s = 3600;
    r.scopes = first;
    r.n_scopes = 1;
    SAY(s, RELATIONSHIP_VALIDATE, &r);
    SAY(s, RELATIONSHIP_CREATE, &r);
    set.flags = 0x1b;
    set.relationship = &r;
    SAY(s, RELATIONSHIP_SET, &set);
    more.scopes = second;
    more.n_scopes = 1;
    SAY(s, RELATIONSHIP_ADD_SCOPES, &more);
    SAY(s, RELATIONSHIP_REMOVE_SCOPES, &more);
    SAY(s, STATUS_GET, &name);
    SAY(s, EVENTS_GET, &events);
    SAY(s, RELATIONSHIP_GET, &name);
    command.kind = MGMT__COMMAND_KIND__TELL_PARTNER_DOWN;
    SAY(s, COMMAND, &command);
}

static void leases(struct session *s)
{
    Mgmt__Lease lease = MGMT__LEASE__INIT, *list[] = {&lease};
    Mgmt__LeaseMany many = MGMT__LEASE_MANY__INIT;
    Mgmt__LeaseSearch search = MGMT__LEASE_SEARCH__INIT;
    Mgmt__LeaseEnum all = MGMT__LEASE_ENUM__INIT;
    uint8_t hardware[] = {1, 2, 3, 4, 5, 6, 7}, unique[] = {0, 0, 0, 10, 1, 2, 3, 4, 5, 6, 7};
    two_scopes(s);
    lease.address = SUBNET + 20;
    lease.hardware = (ProtobufCBinaryData){sizeof hardware, hardware};
    lease.name = (char[]){"host"};
    lease.expires = 1800003600u;
    SAY(s, LEASE_CREATE, &lease);
    SAY(s, LEASE_SET, &lease);
    many.list = list;
    many.n_list = 1;
    many.renew = 1;
    SAY(s, LEASE_CREATE_MANY, &many);
    SAY(s, LEASE_ENUM, &all);
    search.key_case = MGMT__LEASE_SEARCH__KEY_HARDWARE;
    search.hardware = lease.hardware;
    SAY(s, LEASE_GET, &search);
    SAY(s, LEASE_INFO_GET, &search);
    SAY(s, LEASE_FAILOVER_GET, &search);
    SAY(s, LEASE_WALK, &all);
    SAY(s, LEASE_VQ_GET, &search);
    SAY(s, LEASE_VQ_WALK, &all);
    SAY(s, LEASE_DELETE, &search);
    SAY(s, LEASE_CREATE_VQ, &lease);
    lease.hardware.len = 0;
    lease.identifier = (ProtobufCBinaryData){sizeof hardware - 1, hardware + 1};
    lease.address++;
    SAY(s, LEASE_CREATE, &lease);
    SAY(s, LEASE_SET, &lease);
    search.key_case = MGMT__LEASE_SEARCH__KEY_UNIQUE_ID;
    search.unique_id = (ProtobufCBinaryData){sizeof unique, unique};
    SAY(s, LEASE_INFO_GET, &search);
    all.after = lease.address;
    all.after_is_lease = true;
    SAY(s, LEASE_WALK, &all);
    SAY(s, LEASE_DELETE, &search);
}

static void prefixes6(struct session *s)
{
    uint8_t net[16] = {0x20, 1, 0x0d, 0xb8}, first[16], last[16], client[] = {0, 1, 2, 3, 4, 5};
    Mgmt__Prefix6Info info = MGMT__PREFIX6_INFO__INIT;
    Mgmt__Prefix6 prefix = MGMT__PREFIX6__INIT;
    Mgmt__Address6 which = MGMT__ADDRESS6__INIT;
    Mgmt__Page6 page = MGMT__PAGE6__INIT;
    Mgmt__Prefix6Delete gone = MGMT__PREFIX6_DELETE__INIT;
    Mgmt__Range6 range = MGMT__RANGE6__INIT;
    Mgmt__Element6 element = MGMT__ELEMENT6__INIT;
    Mgmt__Element6Query elements = MGMT__ELEMENT6_QUERY__INIT;
    Mgmt__Lease6 lease = MGMT__LEASE6__INIT;
    Mgmt__Lease6Search search = MGMT__LEASE6_SEARCH__INIT;
    Mgmt__Lease6Query leases6 = MGMT__LEASE6_QUERY__INIT;
    memcpy(first, net, sizeof net);
    memcpy(last, net, sizeof net);
    first[15] = 1;
    last[15] = 9;
    prefix.prefix = which.address = gone.prefix = element.prefix = elements.prefix =
        leases6.prefix = (ProtobufCBinaryData){sizeof net, net};
    prefix.info = &info;
    info.name = info.comment = (char[]){"first floor"};
    SAY(s, PREFIX6_CREATE, &prefix);
    SAY(s, PREFIX6_SET, &prefix);
    SAY(s, PREFIX6_GET, &which);
    SAY(s, PREFIX6_ENUM, &page);
    range.first = (ProtobufCBinaryData){sizeof first, first};
    range.last = lease.address = search.address = (ProtobufCBinaryData){sizeof last, last};
    element.element_case = MGMT__ELEMENT6__ELEMENT_EXCLUSION;
    element.exclusion = &range;
    elements.kind = 2;
    SAY(s, ELEMENT6_ADD, &element);
    SAY(s, ELEMENT6_ENUM, &elements);
    SAY(s, ELEMENT6_REMOVE, &element);
    lease.duid = (ProtobufCBinaryData){sizeof client, client};
    lease.name = (char[]){"host"};
    search.key_case = MGMT__LEASE6_SEARCH__KEY_ADDRESS;
    SAY(s, LEASE6_CREATE, &lease);
    SAY(s, LEASE6_SET, &lease);
    SAY(s, LEASE6_GET, &search);
    SAY(s, LEASE6_ENUM, &leases6);
    SAY(s, LEASE6_DELETE, &search);
    SAY(s, PREFIX6_DELETE, &gone);
}

static void changes(struct session *s)
{
    Mgmt__Change change = MGMT__CHANGE__INIT;
    Mgmt__ChangeId which = MGMT__CHANGE_ID__INIT;
    Mgmt__Name name = MGMT__NAME__INIT;
    uint8_t id[16] = {1};
    name.name = (char[]){"alpha"};
    change.id = which.id = (ProtobufCBinaryData){sizeof id, id};
    change.decides_here = 1;
    change.decider = (char[]){"10.9.0.2:8647"};
    change.change_case = MGMT__CHANGE__CHANGE_REMOVE;
    change.remove = &name;
    SAY(s, CHANGE_PREPARE, &change);
    SAY(s, CHANGE_GET, &which);
    SAY(s, CHANGE_COMMIT, &which);
    SAY(s, CHANGE_ABORT, &which);
}

static void bindings(struct session *s)
{
    Mgmt__BindingQuery query = MGMT__BINDING_QUERY__INIT;
    Mgmt__Binding binding = MGMT__BINDING__INIT, *list[] = {&binding, &binding};
    Mgmt__Bindings all = MGMT__BINDINGS__INIT;
    Mgmt__BindingSet set = MGMT__BINDING_SET__INIT;
    uint8_t id[FO_BINDING_ID], primary[16] = {0x20, 1, 0x0d, 0xb8};
    fo_binding_id("eth0", id);
    primary[15] = 1;
    binding.id = (ProtobufCBinaryData){sizeof id, id};
    all.list = list;
    all.n_list = 2;
    set.bindings = &all;
    SAY(s, BINDING_SET, &set);
    SAY(s, BINDING_GET, &query);
    binding.bound = 1;
    binding.primary = (ProtobufCBinaryData){sizeof primary, primary};
    SAY(s, BINDING_SET, &set);
    SAY(s, BINDING_GET, &query);
}

void seed_requests(const char *directory)
{
    static void (*const nouns[])(struct session *) = {scopes,    relationships, leases,
                                                      prefixes6, changes,       bindings};
    static const char *const names[] = {"scopes",    "relationships", "leases",
                                        "prefixes6", "changes",       "bindings"};
    for (size_t i = 0; i < sizeof nouns / sizeof nouns[0]; i++) {
        struct session s = {.directory = directory, .noun = names[i]};
        nouns[i](&s);
    }
}
