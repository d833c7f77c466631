/* Two failover endpoints, ADDRESSES addresses, CLIENTS clients, and what can go wrong: see
 * README.md here. tables.pml is printed by tables.c out of state/.
 *
 * Time has no zero: a moment is kept as its distance from now, in ticks of one MCLT, so that any
 * amount of it may pass. What lies MCLT or more in the past is all the same to the rules, and is
 * 0. */
#include "tables.pml"

#ifndef ADDRESSES
#define ADDRESSES 1
#endif
#ifndef CLIENTS
#define CLIENTS 2
#endif
#ifndef CRASHES /* how often a server dies */
#define CRASHES 1
#endif
#ifndef LOSSES /* how many of these lose the store */
#define LOSSES 0
#endif
#ifndef CUTS /* how often the connection breaks with both alive */
#define CUTS 1
#endif
#ifndef LIES /* how often the operator says partner-down of a server that may be alive */
#define LIES 0
#endif
#ifndef TRANSACTIONS /* how often clients get, renew or give back a lease */
#define TRANSACTIONS 3
#endif
#ifndef MOVES /* how often the primary moves an address between the pools */
#define MOVES 0
#endif

#ifndef POOL /* whose a single address is at first */
#define POOL FREE
#endif

#define MCLT    1          /* ticks */
#define DESIRED 2          /* what a client wants, in ticks */
#define NOW     MCLT       /* a moment; later ones are greater */
#define OVER(moment) ((moment) <= NOW) /* two things never happen at the very same moment */
#define SERVERS 2
#define PRIMARY 0
#define OTHER(i) (1 - (i))
#define AT(i, a) ((i) * ADDRESSES + (a)) /* address |a| as server |i| has it */
#define BINDINGS (SERVERS * ADDRESSES)
#if ADDRESSES == 1
#define OWES(i) owed[i]
#define WAITS(i) queued[i]
#else
#define OWES(i) (owed[AT(i, 0)] || owed[AT(i, 1)])
#define WAITS(i) (queued[AT(i, 0)] || queued[AT(i, 1)])
#endif
#define NOBODY   0                       /* clients are 1.. */
#define MAX(x, y) ((x) > (y) -> (x) : (y))
#define MIN(x, y) ((x) < (y) -> (x) : (y))

/* --- what is on disk -------------------------------------------------------------------------- */

byte state[SERVERS] = NORMAL; /* never STARTUP: that is |starting| */
byte partner[SERVERS] = NORMAL; /* its last STATE */
byte down_wait[SERVERS]; /* of PARTNER-DOWN: ticks until its beginning + MCLT */
byte idle_wait[SERVERS] = MCLT; /* ticks until the last service + MCLT (§9.6.2) */
bit contact[SERVERS];    /* heard the partner since the entry to PARTNER-DOWN (§5.2.1) */
bit later[SERVERS];      /* the partner's PARTNER-DOWN began after our last service (§9.3.2) */
bit lost[SERVERS];       /* the store was lost and is not made good yet */
bit kept[SERVERS];       /* what the partner may have renewed before it lost its store is kept */
#ifdef MUTANT_UPDREQALL_FORGOTTEN
bit asked_all[SERVERS];
#endif

#if ADDRESSES == 1
byte status[BINDINGS] = POOL;
#else
byte status[BINDINGS] = {FREE, BACKUP, FREE, BACKUP};
#endif
byte client[BINDINGS];
byte lease[BINDINGS];    /* lease-expiration-time */
byte sent[BINDINGS];     /* potential-expiration-times: sent, acked, received */
byte acked[BINDINGS];
byte received[BINDINGS];
byte talked[BINDINGS];   /* client-last-transaction-time: the number of the transaction */
bit ours[BINDINGS];      /* the lease was granted here */
bit told[BINDINGS];      /* a BNDUPD of this status left us (§5.2.2) */
byte withheld[BINDINGS]; /* until then its client does not get it either: it may be another's */
bit late[BINDINGS];      /* granted in this PARTNER-DOWN (§5.2.1) */
bit agreed[BINDINGS] = 1;    /* the partner is up to date (§5.17) */

/* --- what a crash takes ----------------------------------------------------------------------- */

bit alive[SERVERS] = 1;
bit starting[SERVERS];
bit linked[SERVERS] = 1;           /* has not noticed yet that the connection broke */
bit comms[SERVERS] = 1;            /* communications are OK (§8.3) */
bit partner_starting[SERVERS]; /* S flag */
bit resolved[SERVERS];         /* our conflict is resolved, the primary's end of it not heard yet */
bit requested[SERVERS];        /* an UPDREQ of ours is open */
bit telling[SERVERS];          /* everything, before NORMAL */
bit all_told[SERVERS];
bit answering[SERVERS];        /* the partner's is */

bit queued[BINDINGS];
byte owed[BINDINGS];    /* UPDDONE waits for so many answers about it */
bit inflight[BINDINGS];
bit changed[BINDINGS];  /* since it left */
bit taken[BINDINGS];    /* the other's word since, which ours crossed */
bit recall[BINDINGS];

#ifdef MUTANT_ACK_BEFORE_COMMIT
bit uncommitted[BINDINGS];
#endif

/* --- the connection, clients, bounds ---------------------------------------------------------- */

/* A message: its kind and the state or address that it is about. */
#define KIND(m)     ((m) / 16)
#define ARGUMENT(m) ((m) % 16)
#define STATE          1
#define STATE_STARTING 2
#define BNDUPD         3
#define BNDACK         4
#define BNDREJECT      5
#define UPDREQ         6
#define UPDREQALL      7
#define UPDDONE        8

bit connected = 1;                        /* bytes get through */
chan line[SERVERS] = [10] of { byte }; /* from server i */

/* The BNDUPD under way about an address: there is never more than one (§6.3). */
byte up_status[BINDINGS], up_client[BINDINGS], up_lease[BINDINGS], up_potential[BINDINGS],
    up_talked[BINDINGS];

byte held_until[ADDRESSES * (CLIENTS + 1)]; /* what the client was told */
#define HELD(a, c) held_until[(a) * (CLIENTS + 1) + (c)]

byte transactions, crashes, losses, cuts, moves, lies;
bit estranged[SERVERS]; /* the partner took over, and the two have not talked since */

/* Scratch, not part of the state. */
hidden byte from, to, does, facts, rounds, event, n, k, f, m;
hidden byte base, until, potential, own, says, rule;
hidden byte same, other, accepts, was, still;

/* --- states: fo/state.c ----------------------------------------------------------------------- */

#define COMMS_OK          1
#define COMMS_FAILED      2
#define GOT_UPDDONE       3
#define STARTUP_OVER      4
#define RECOVER_WAIT_OVER 5
#define TOLD_PARTNER_DOWN 6

#define UNNOTICED(i) (alive[i] && linked[i] && !connected)
#define RUNS(i)   (alive[i] && !starting[i])
#define QUIET(i) (empty(line[i]) && !UNNOTICED(i) && !(RUNS(i) && comms[i] && WAITS(i)))
#define SERVES(i) (RUNS(i) && answers_renew[state[i]])

inline send(i, message)
{
    if
    :: connected -> assert(nfull(line[i])); line[i] ! message
    :: else
    fi
}

inline send_state(i)
{
    if
    :: !linked[i]
    :: linked[i] && starting[i] -> send(i, STATE_STARTING * 16 + resumed[state[i]])
    :: else -> send(i, STATE * 16 + state[i])
    fi
}

inline request_update(i)
{
    if
    :: comms[i] && !requested[i] ->
        requested[i] = 1;
        if /* after a break everything again: the first request may have been lost (§7.4.2) */
#ifdef MUTANT_UPDREQALL_FORGOTTEN
        :: lost[i] && !asked_all[i] -> asked_all[i] = 1; send(i, UPDREQALL * 16)
#else
        :: lost[i] -> send(i, UPDREQALL * 16)
#endif
        :: else -> send(i, UPDREQ * 16)
        fi
    :: else
    fi
}

inline queue_all(i)
{
    n = 0;
    do
    :: n < ADDRESSES ->
        queued[AT(i, n)] = !agreed[AT(i, n)] && !inflight[AT(i, n)];
        n++
    :: else -> break
    od
}

/* What it has not heard the partner must not be let loose on: NORMAL waits (§9.2). */
inline tell_all(i)
{
    telling[i] = 1;
    n = 0;
    do
    :: n < ADDRESSES -> owed[AT(i, n)] = !agreed[AT(i, n)]; n++
    :: else -> break
    od;
    queue_all(i)
}

inline enter(i)
{
    was = from == STARTUP && to == state[i]; /* resumed */
    printf("MODEL: server %d: state %d -> %d\n", i, from, to);
    starting[i] = 0;
    state[i] = to;
    if
    :: to == PARTNER_DOWN && !was ->
        down_wait[i] = MCLT;
        estranged[OTHER(i)] = 1;
        contact[i] = comms[i];
        later[OTHER(i)] = !SERVES(OTHER(i));
        n = 0;
        do
        :: n < ADDRESSES -> late[AT(i, n)] = 0; n++
        :: else -> break
        od
    :: to == NORMAL ->
        contact[i] = 0;
        resolved[i] = from == POTENTIAL_CONFLICT;
        queue_all(i)
    :: else
    fi;
    if
    :: SERVES(i) -> later[i] = 0; idle_wait[i] = MCLT
    :: else
    fi;
    assert(lies > 0 ||
           !(RUNS(OTHER(i)) && state[i] == PARTNER_DOWN && answers_new[state[OTHER(i)]]));
    assert(lies > 0 || !(RUNS(OTHER(i)) && state[OTHER(i)] == PARTNER_DOWN && answers_new[to]));
    send_state(i)
}

/* One event, and what follows from where the partner already is (§9.2). */
inline happens(i, what)
{
    event = what;
    rounds = 0;
    do
    :: rounds < 6 ->
        from = (starting[i] -> STARTUP : state[i]);
        facts = (i == PRIMARY -> IS_PRIMARY : 0) + (partner_starting[i] -> IS_STARTING : 0) +
                (later[i] || state[i] == RECOVER || state[i] == RECOVER_WAIT ||
                         state[i] == RECOVER_DONE -> IS_LATER : 0) +
                (resolved[i] -> IS_RESOLVED : 0) +
                (event == COMMS_OK -> (lost[i] -> IS_LOST : 0) : (comms[i] -> IS_CONNECTED : 0));
        does = 0;
        if
        :: event == COMMS_OK ->
            to = comms_ok_to[(from * FACTS + facts) * STATES + partner[i]];
            does = comms_ok_does[(from * FACTS + facts) * STATES + partner[i]]
        :: event == COMMS_FAILED -> to = comms_failed_to[from * FACTS + facts]
        :: event == GOT_UPDDONE ->
            to = upddone_to[(from * FACTS + facts) * STATES + partner[i]]
        :: event == STARTUP_OVER -> to = startup_over_to[from * FACTS + facts]
        :: event == RECOVER_WAIT_OVER -> to = recover_wait_over_to[from * FACTS + facts]
        :: event == TOLD_PARTNER_DOWN -> to = told_partner_down_to[from * FACTS + facts]
        fi;
#ifdef MUTANT_RECOVER_WAIT_LEFT_OUT
        if
        :: to == RECOVER_WAIT && from == RECOVER -> to = RECOVER_DONE
        :: else
        fi;
#endif
        if
        :: to == RESUME -> to = resumed[state[i]]
        :: to == RECOVER_WAIT && from == RECOVER && idle_wait[i] == 0 -> to = RECOVER_DONE
#ifndef MUTANT_NORMAL_AT_ONCE
        :: to == NORMAL && from == PARTNER_DOWN && !all_told[i] -> to = PARTNER_DOWN; tell_all(i)
#endif
        :: else
        fi;
        if
        :: to != from -> enter(i)
        :: else
        fi;
        if
        :: does & DO_REQUEST -> request_update(i)
        :: else
        fi;
        if
        :: to == from || !comms[i] -> break
        :: else -> event = COMMS_OK; rounds++
        fi
    :: else -> break
    od
}

/* --- bindings: fo/lease.c, fo/host.c ---------------------------------------------------------- */

#define AVAILABLE(s) ((s) == FREE || (s) == BACKUP)
#define ENDED(s)     ((s) == EXPIRED || (s) == RELEASED)
#define OWN(i)       ((i) == PRIMARY -> FREE : BACKUP)

/* What is news for the partner. */
#define NEWS(i, b)                                                                                 \
    agreed[b] = 0;                                                                                 \
    recall[b] = 0;                                                                                 \
    if                                                                                             \
    :: comms[i] && inflight[b] -> changed[b] = 1; taken[b] = 0                                     \
    :: comms[i] && !inflight[b] -> queued[b] = 1                                                   \
    :: else                                                                                        \
    fi

#define PROMISES_NOTHING(b) lease[b] = 0; sent[b] = 0; acked[b] = 0; received[b] = 0

/* When another client may have it in PARTNER-DOWN (state/lease_time.c). */
#ifdef MUTANT_MCLT_FORGOTTEN
#define WAITED(i, b) (lease[b] <= NOW && sent[b] <= NOW && acked[b] <= NOW && received[b] <= NOW)
#else
#define WAITED(i, b)                                                                               \
    (down_wait[i] == 0 && lease[b] == 0 && sent[b] == 0 && acked[b] == 0 && received[b] == 0)
#endif
#define REUSABLE(i, b)                                                                             \
    (allocates_partners[state[i]] && !(comms[i] && partner[i] == RECOVER_DONE) &&                     \
     (AVAILABLE(status[b]) -> WAITED(i, b) :                                                       \
      (late[b] && !contact[i] -> lease[b] <= NOW : WAITED(i, b))))

#ifdef MUTANT_PARTNERS_POOL
#define OWN_POOL(i, b)                                                                             \
    (status[b] == OWN(i) || (state[i] == COMMUNICATIONS_INTERRUPTED && AVAILABLE(status[b])))
#else
#define OWN_POOL(i, b) (status[b] == OWN(i))
#endif

/* From when a lease may run for MCLT: in RECOVER-DONE from the partner's PARTNER-DOWN (§9.7.1). */
#define BASE(i)                                                                                    \
    (state[i] == RECOVER_DONE && partner[i] == PARTNER_DOWN -> down_wait[OTHER(i)] : NOW)
#ifdef MUTANT_LEASE_CREEPS
#define KNOWN(b) MAX(MAX(acked[b], received[b]), lease[b])
#else
#define KNOWN(b) MAX(acked[b], received[b])
#endif
#define LONGEST(i, b) (MAX(BASE(i), KNOWN(b)) + MCLT)

#define MAY_RENEW(i, b, who)                                                                       \
    (client[b] == who && answers_renew[state[i]] && LONGEST(i, b) > NOW)
#define MAY_GIVE_AVAILABLE(i, b)                                                                   \
    (answers_new[state[i]] && ((allocates_own[state[i]] && OWN_POOL(i, b)) || REUSABLE(i, b)))
#define MAY_GIVE_ENDED(i, b, who) (REUSABLE(i, b) || (MAY_RENEW(i, b, who) && !told[b]))
#define MAY_GIVE(i, b, who)                                                                        \
    (RUNS(i) && (status[b] == ACTIVE -> MAY_RENEW(i, b, who) && withheld[b] <= NOW :               \
                 (AVAILABLE(status[b]) -> MAY_GIVE_AVAILABLE(i, b) :                               \
                  MAY_GIVE_ENDED(i, b, who))))

inline grant(i, a, who)
{
    k = AT(i, a);
    f = AT(OTHER(i), a);
    same = client[k] == who && !AVAILABLE(status[k]);
    if
    :: !same -> sent[k] = 0; acked[k] = 0; received[k] = 0; lease[k] = 0
    :: else
    fi;
    until = MIN(NOW + DESIRED, LONGEST(i, k));
    potential = MAX(until, NOW + (until - NOW) / 2 + DESIRED);

    /* Promise 2, by what the partner has on disk. */
    base = NOW;
    if
    :: client[f] == who -> base = MAX(MAX(MAX(NOW, lease[f]), sent[f]), MAX(acked[f], received[f]))
    :: else
    fi;
    assert(lies > 0 || state[i] == PARTNER_DOWN || lost[OTHER(i)] || until <= base + MCLT);
    /* Promise 1. */
    n = 1;
    do
    :: n <= CLIENTS -> assert(lies > 0 || n == who || HELD(a, n) <= NOW); n++
    :: else -> break
    od;

    printf("MODEL: server %d: address %d leased to %d for %d\n", i, a, who, until - NOW);
    transactions++;
    talked[k] = transactions;
    client[k] = who;
    /* Nobody knows whether the client heard of a renewal that is shorter than what it has. */
    lease[k] = (same && status[k] == ACTIVE -> MAX(lease[k], until) : until);
    sent[k] = MAX(sent[k], potential);
    status[k] = ACTIVE;
    ours[k] = 1;
    told[k] = 0;
    withheld[k] = 0;
    late[k] = state[i] == PARTNER_DOWN;
    HELD(a, who) = MAX(HELD(a, who), until);
    NEWS(i, k)
}

inline release(i, a, who)
{
    k = AT(i, a);
    printf("MODEL: server %d: address %d released\n", i, a);
    transactions++;
    talked[k] = transactions;
    HELD(a, who) = 0;
    status[k] = RELEASED;
    told[k] = told[k] && withheld[k] > NOW;
    NEWS(i, k)
}

inline become(i, b, what)
{
    printf("MODEL: server %d: address %d becomes %d\n", i, (b) % ADDRESSES, what);
    status[b] = what;
    told[b] = told[b] && withheld[b] > NOW;
    NEWS(i, b)
}

inline free_binding(b)
{
    status[b] = FREE;
    PROMISES_NOTHING(b);
    ours[b] = 0;
    told[b] = 0;
    withheld[b] = 0;
    late[b] = 0
}

/* --- lazy update: fo/update.c, fo/apply.c, state/accept.c ------------------------------------- */

inline forget_flight(b)
{
    up_status[b] = 0;
    up_client[b] = 0;
    up_lease[b] = 0;
    up_potential[b] = 0;
    up_talked[b] = 0
}

/* What a partner that lost its store promised once counts as well: it has to know of it again. */
#ifdef MUTANT_PROMISE_NOT_TOLD_BACK
#define KNOWS_ITS_WORD(i) 1
#else
#define KNOWS_ITS_WORD(i) (partner[i] == NORMAL || partner[i] == COMMUNICATIONS_INTERRUPTED)
#endif
#define RECKONED(i, b) (KNOWS_ITS_WORD(i) -> sent[b] : MAX(sent[b], received[b]))

inline send_update(i, a)
{
    k = AT(i, a);
    up_status[k] = (recall[k] -> FREE : status[k]);
    up_client[k] = client[k];
    up_lease[k] = (up_status[k] == ACTIVE -> lease[k] : 0);
    up_potential[k] = (up_status[k] == ACTIVE -> MAX(RECKONED(i, k), lease[k]) : 0);
    up_talked[k] = talked[k];
    queued[k] = 0;
    inflight[k] = 1;
    changed[k] = 0;
    taken[k] = 0;
    told[k] = 1;
    send(i, BNDUPD * 16 + a)
}

/* Figure 7.1.3-1. */
inline judge(i)
{
    own = status[k];
    says = up_status[f];
    other = up_client[f] != NOBODY && up_client[f] != client[k];
    accepts = 1;
    if
    :: own == ACTIVE && other && OVER(lease[k]) -> own = EXPIRED
    :: own == ACTIVE && other && !OVER(lease[k]) && ENDED(says) -> accepts = 0
    :: else
    fi;
    rule = accept_cell[own * STATUSES + says];
    if
    :: rule == ACCEPT_TIME1 -> accepts = accepts && up_talked[f] > talked[k]
    :: rule == ACCEPT_TIME2 -> accepts = accepts && OVER(lease[k])
    :: rule == ACCEPT_NOTE5 -> accepts = accepts && (i != PRIMARY || !other)
    :: else -> assert(rule == ACCEPT_YES)
    fi;
    /* Something of ours that the partner did not know crossed it: a hand-over, a later lease. */
    if
    :: i == PRIMARY && status[k] == BACKUP && inflight[k] && (says == FREE || ENDED(says)) ->
        accepts = 0
#ifndef MUTANT_EARLIER_END_BELIEVED
    :: inflight[k] && (status[k] == ACTIVE || ENDED(status[k])) && says != ACTIVE &&
           talked[k] > up_talked[f] ->
        accepts = 0
#endif
    :: else
    fi
}

inline store_update(i)
{
    own = (ENDED(up_status[f]) -> FREE : up_status[f]);
    same = up_client[f] == client[k] && client[k] != NOBODY;
    still = !agreed[k] && ours[k] && status[k] == ACTIVE && own == ACTIVE && same &&
            (up_talked[f] < talked[k] || up_lease[f] < lease[k] || up_potential[f] < sent[k]);
    if
    :: own == ACTIVE && same ->
        lease[k] = MAX(lease[k], up_lease[f]);
        received[k] = MAX(received[k], up_potential[f]);
        talked[k] = MAX(talked[k], up_talked[f])
    :: own == ACTIVE && !same ->
        lease[k] = up_lease[f];
        sent[k] = 0;
        acked[k] = 0;
        received[k] = up_potential[f];
        withheld[k] = 0;
        talked[k] = up_talked[f]
    :: else ->
        PROMISES_NOTHING(k);
        withheld[k] = 0;
        talked[k] = MAX(talked[k], up_talked[f])
    fi;
    status[k] = own;
    late[k] = 0;
    if
    :: up_client[f] != NOBODY -> client[k] = up_client[f]
    :: else
    fi;
    if
    :: still -> skip
    :: else ->
        /* Each may have taken the other's word: then the primary says how it is. */
        taken[k] = i == PRIMARY && inflight[k] &&
                   (own != (ENDED(up_status[k]) -> FREE : up_status[k]) ||
                    client[k] != up_client[k]);
        agreed[k] = !taken[k];
        ours[k] = 0;
        told[k] = 1;
        queued[k] = 0;
        owed[k] = (inflight[k] -> owed[k] : 0);
        recall[k] = 0
    fi;
    if
    :: inflight[k] && !still -> changed[k] = 1
    :: else
    fi
}

/* Promise 3: of a lease that was acknowledged the partner knows, or knows of something later. */
inline check_acknowledged(i, a)
{
    assert(!(ours[AT(i, a)] && agreed[AT(i, a)] && status[AT(i, a)] == ACTIVE &&
             lease[AT(i, a)] > NOW && !lost[OTHER(i)]) ||
           talked[AT(OTHER(i), a)] > talked[AT(i, a)] ||
           (status[AT(OTHER(i), a)] == ACTIVE && client[AT(OTHER(i), a)] == client[AT(i, a)] &&
            lease[AT(OTHER(i), a)] >= lease[AT(i, a)]))
}

inline got_update(i, a)
{
    k = AT(i, a);
    f = AT(OTHER(i), a);
    judge(i);
    if
#ifdef MUTANT_ACK_BEFORE_COMMIT
    :: accepts -> uncommitted[k] = 1; send(i, BNDACK * 16 + a)
#else
    :: accepts -> store_update(i); send(i, BNDACK * 16 + a)
#endif
    :: else -> send(i, BNDREJECT * 16 + a)
    fi
}

inline got_ack(i, a, accepted)
{
    k = AT(i, a);
    was = changed[k];
    inflight[k] = 0;
    changed[k] = 0;
    same = status[k] == up_status[k] && client[k] == up_client[k];
    if
    :: !(accepted) -> recall[k] = 0; agreed[k] = agreed[k] || taken[k]
    :: else ->
        if
        :: taken[k] -> received[k] = 0
        :: else
        fi;
        if
        :: up_status[k] == ACTIVE && same -> acked[k] = up_potential[k]
        :: else
        fi;
        if
        :: was
        :: !was && (recall[k] || (ENDED(up_status[k]) && same)) -> free_binding(k); agreed[k] = 1
        :: else -> agreed[k] = 1
        fi;
        if
        :: !was -> recall[k] = 0
        :: else
        fi
    fi;
    if
    :: was && !agreed[k] -> queued[k] = 1
    :: else
    fi;
    /* The newest form counts before NORMAL, and where it had changed before the request. */
    taken[k] = 0;
    owed[k] = (owed[k] == 2 || (telling[i] && owed[k])) && was && !agreed[k];
    forget_flight(k);
    check_acknowledged(i, a)
}

/* --- updates on request: fo/resync.c ---------------------------------------------------------- */

/* The partner lost its store. It may have renewed a lease, or given it back to its client, until
 * MCLT after what either told the other; and where it was told of the end, to another client. */
inline keep_what_it_renewed(i)
{
    kept[i] = 1;
    n = 0;
    do
    :: n < ADDRESSES ->
        k = AT(i, n);
        until = MAX(NOW, MAX(sent[k], received[k])) + MCLT;
        if
        :: ENDED(status[k]) || (status[k] == ACTIVE && lease[k] < until) ->
            printf("MODEL: server %d: address %d is kept\n", i, n);
            withheld[k] = (ENDED(status[k]) && told[k] -> NOW + MCLT : withheld[k]);
            status[k] = ACTIVE;
            lease[k] = until;
            sent[k] = MAX(sent[k], until);
            NEWS(i, k)
        :: else
        fi;
        n++
    :: else -> break
    od
}

inline got_request(i, all)
{
    answering[i] = 1;
    if
#ifndef MUTANT_RENEWALS_FORGOTTEN
    :: (all) && partner[i] == RECOVER && !kept[i] -> keep_what_it_renewed(i)
#endif
    :: else
    fi;
    n = 0;
    do
    :: n < ADDRESSES ->
        k = AT(i, n);
        agreed[k] = agreed[k] && !(all);
        taken[k] = taken[k] && !(all);
        owed[k] = (agreed[k] -> 0 : 1 + (inflight[k] && changed[k] && !taken[k]));
        queued[k] = !agreed[k] && !inflight[k];
        n++
    :: else -> break
    od
}

/* --- links: fo/link.c ------------------------------------------------------------------------- */

inline drain(i)
{
    do
    :: nempty(line[i]) -> line[i] ? m
    :: empty(line[i]) -> break
    od
}

inline forget_link(i)
{
    linked[i] = 0;
    comms[i] = 0;
    partner_starting[i] = 0;
#ifndef MUTANT_REQUEST_NOT_REPEATED
    requested[i] = 0;
#endif
    answering[i] = 0;
    telling[i] = 0;
    drain(OTHER(i));
    n = 0;
    do
    :: n < ADDRESSES ->
        k = AT(i, n);
        queued[k] = 0;
        owed[k] = 0;
        inflight[k] = 0;
        changed[k] = 0;
        taken[k] = 0;
        recall[k] = 0;
        n++
    :: else -> break
    od
}

inline notice_loss(i)
{
    was = comms[i];
    forget_link(i);
    if
    :: was -> happens(i, COMMS_FAILED)
    :: else
    fi
}

inline got(i)
{
    line[OTHER(i)] ? m;
    printf("MODEL: server %d: hears message %d about %d\n", i, KIND(m), ARGUMENT(m));
    if
    :: KIND(m) == STATE || KIND(m) == STATE_STARTING ->
        partner[i] = ARGUMENT(m);
        partner_starting[i] = KIND(m) == STATE_STARTING;
        comms[i] = 1;
        estranged[i] = 0;
        if
        :: partner[i] == NORMAL -> resolved[i] = 0
        :: else
        fi;
        if
#ifdef MUTANT_CONTACT_FORGOTTEN
        :: state[i] == PARTNER_DOWN && !starting[i] -> contact[i] = 1
#else
        :: state[i] == PARTNER_DOWN -> contact[i] = 1
#endif
        :: else
        fi;
        happens(i, COMMS_OK)
    :: KIND(m) == BNDUPD -> got_update(i, ARGUMENT(m))
    :: KIND(m) == BNDACK || KIND(m) == BNDREJECT -> got_ack(i, ARGUMENT(m), KIND(m) == BNDACK)
    :: KIND(m) == UPDREQ || KIND(m) == UPDREQALL -> got_request(i, KIND(m) == UPDREQALL)
    :: KIND(m) == UPDDONE ->
        if
        :: requested[i] ->
            requested[i] = 0;
            lost[i] = 0;
            happens(i, GOT_UPDDONE)
        :: else
        fi
    fi;
    m = 0
}

inline connect()
{
    n = 0;
    do
    :: n < BINDINGS -> forget_flight(n); n++
    :: else -> break
    od;
    connected = 1;
    linked[0] = 1;
    linked[1] = 1;
    send_state(0);
    send_state(1)
}

/* --- bad luck, and time ----------------------------------------------------------------------- */

inline die(i)
{
    printf("MODEL: server %d dies\n", i);
    crashes++;
    alive[i] = 0;
    starting[i] = 0;
    connected = 0;
    resolved[i] = 0;
    forget_link(i);
    n = 0;
    do
    :: n < ADDRESSES ->
#ifdef MUTANT_ACK_BEFORE_COMMIT
        uncommitted[AT(i, n)] = 0;
#endif
        check_acknowledged(OTHER(i), n);
        n++
    :: else -> break
    od
}

inline restart(i)
{
    printf("MODEL: server %d starts\n", i);
    alive[i] = 1;
    starting[i] = 1
}

inline lose_store(i)
{
    printf("MODEL: server %d has lost its store\n", i);
    losses++;
    state[i] = RECOVER;
    partner[i] = 0;
    idle_wait[i] = MCLT;
    down_wait[i] = 0;
    contact[i] = 0;
    later[i] = 0;
    lost[i] = 1;
    n = 0;
    do
    :: n < ADDRESSES ->
        k = AT(i, n);
        free_binding(k);
        client[k] = NOBODY;
        talked[k] = 0;
        agreed[k] = 0;
        n++
    :: else -> break
    od
}

#define PASS(moment) moment = ((moment) > 0 -> (moment) - 1 : 0)

inline tick()
{
    n = 0;
    do
    :: n < BINDINGS ->
        PASS(lease[n]);
        PASS(sent[n]);
        PASS(acked[n]);
        PASS(received[n]);
        PASS(withheld[n]);
        PASS(up_lease[n]);
        PASS(up_potential[n]);
        if /* leases end by the clock */
        :: SERVES(n / ADDRESSES) && status[n] == ACTIVE && OVER(lease[n]) ->
            become(n / ADDRESSES, n, EXPIRED)
        :: else
        fi;
        n++
    :: else -> break
    od;
    n = 0;
    do
    :: n < ADDRESSES * (CLIENTS + 1) -> PASS(held_until[n]); n++
    :: else -> break
    od;
    n = 0;
    do
    :: n < SERVERS ->
        PASS(down_wait[n]);
        idle_wait[n] = (SERVES(n) || idle_wait[n] == 0 -> idle_wait[n] : idle_wait[n] - 1);
        n++
    :: else -> break
    od;
    printf("MODEL: MCLT passes\n")
}

/* --- the processes: each is one thing that goes on by itself ---------------------------------- */

/* Happens whole or not at all: the batch of the loop, from one commit to the next. */
#define WHEN(guard, effects) :: d_step { guard -> effects; skip }

active [SERVERS] proctype endpoint()
{
#define me _pid
end:
    do
    WHEN(alive[me] && linked[me] && nempty(line[OTHER(me)]), got(me))
    WHEN(UNNOTICED(me), notice_loss(me))
    WHEN(RUNS(me) && answering[me] && !OWES(me), answering[me] = 0; send(me, UPDDONE * 16))
    WHEN(RUNS(me) && telling[me] && !OWES(me),
         telling[me] = 0; all_told[me] = 1; happens(me, COMMS_OK); all_told[me] = 0)
    WHEN(RUNS(me) && state[me] == RECOVER_WAIT && idle_wait[me] == 0,
         happens(me, RECOVER_WAIT_OVER))
    /* A server whose partner took over serves nobody before the two have talked: the operator who
     * said partner-down sees to it (§9.4). */
    WHEN(starting[me] && !estranged[me], happens(me, STARTUP_OVER))
    od
#undef me
}

#define FIRST_BINDING SERVERS
active [BINDINGS] proctype binding()
{
#define me ((_pid - FIRST_BINDING) / ADDRESSES)
#define a  ((_pid - FIRST_BINDING) % ADDRESSES)
#define b  AT(me, a)
#define TALKS (RUNS(me) && comms[me])
#define BALANCES (me == PRIMARY && TALKS && state[me] == NORMAL && moves < MOVES)
end:
    do
    WHEN(TALKS && queued[b] && !inflight[b] && agreed[b], queued[b] = 0)
    WHEN(TALKS && queued[b] && !inflight[b] && !agreed[b], send_update(me, a))
    /* What was refused is told again in NORMAL, later. */
    WHEN(TALKS && state[me] == NORMAL && !agreed[b] && !queued[b] && !inflight[b], queued[b] = 1)
    /* Time (§5.11), where the server served nobody when it came. */
    WHEN(SERVES(me) && status[b] == ACTIVE && OVER(lease[b]), become(me, b, EXPIRED))
    WHEN(RUNS(me) && state[me] == PARTNER_DOWN && ENDED(status[b]) && REUSABLE(me, b),
         free_binding(b); agreed[b] = 0)
    /* Pools (§5.4): given away at once, asked back until the secondary agrees. */
    WHEN(BALANCES && status[b] == FREE, moves++; become(me, b, BACKUP))
    WHEN(BALANCES && status[b] == BACKUP && !inflight[b] && !recall[b],
         moves++; become(me, b, BACKUP); recall[b] = 1)
#ifdef MUTANT_ACK_BEFORE_COMMIT
    WHEN(alive[me] && uncommitted[b],
         uncommitted[b] = 0; k = b; f = AT(OTHER(me), a); store_update(me))
#endif
    od
#undef me
#undef a
#undef b
}

/* Clients differ by name only: the first to come is 1. */
#define KNOWN_BY_NOW(who) (who == 1 || transactions > 0)

#define FIRST_CLIENT (FIRST_BINDING + BINDINGS)
active [BINDINGS * CLIENTS] proctype asking()
{
#define i   ((_pid - FIRST_CLIENT) % SERVERS)
#define a   ((_pid - FIRST_CLIENT) / SERVERS % ADDRESSES)
#define who ((_pid - FIRST_CLIENT) / BINDINGS + 1)
end:
    do
    WHEN(transactions < TRANSACTIONS && KNOWN_BY_NOW(who) && MAY_GIVE(i, AT(i, a), who),
         grant(i, a, who))
    WHEN(transactions < TRANSACTIONS && HELD(a, who) > NOW && SERVES(i) &&
             status[AT(i, a)] == ACTIVE && client[AT(i, a)] == who,
         release(i, a, who))
    od
#undef i
#undef a
#undef who
}

#define FIRST_FATE (FIRST_CLIENT + BINDINGS * CLIENTS)
active [SERVERS] proctype fate()
{
#define i (_pid - FIRST_FATE)
end:
    do
    WHEN(alive[i] && crashes < CRASHES, die(i))
    WHEN(!alive[i], restart(i))
    WHEN(!alive[i] && losses < LOSSES, lose_store(i); restart(i))
    /* The operator says partner-down of a server that is dead beyond doubt: the connection is given
     * up, the last heartbeat has run out. Not of one that has taken over itself, and not on a
     * server that is only just recovering. */
    WHEN(alive[i] && !linked[i] && !alive[OTHER(i)] && !estranged[i] &&
             state[OTHER(i)] != PARTNER_DOWN && state[i] != PARTNER_DOWN &&
             state[i] != RECOVER && state[i] != RECOVER_WAIT,
         happens(i, TOLD_PARTNER_DOWN))
    WHEN(alive[i] && lies < LIES, lies++; happens(i, TOLD_PARTNER_DOWN))
    od
#undef i
}

active proctype network()
{
end:
    do
    WHEN(connected && cuts < CUTS, cuts++; connected = 0)
    WHEN(alive[0] && alive[1] && !linked[0] && !linked[1], connect())
    od
}

active proctype time()
{
end:
    do
    /* Whatever is on its way arrives, or the connection is given up, before MCLT passes (§8.3). */
    WHEN(QUIET(0) && QUIET(1), tick())
    od
}

/* Promise 4: faults are bounded, so every run has a last one. */
#define BOTH_NORMAL (RUNS(0) && RUNS(1) && state[0] == NORMAL && state[1] == NORMAL)
#ifdef LIVENESS
ltl both_reach_normal { <>[] BOTH_NORMAL }
#endif
