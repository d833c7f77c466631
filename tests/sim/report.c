#include "tests/sim/report.h"

#include <inttypes.h>
#include <string.h>

#define COLUMN 58

/* One line of the story, folded into the column of its server. */
static void tell(const struct sim *k, const struct world_line *line, FILE *f)
{
    size_t length = strlen(line->text), at = 0;
    if (line->side < 0) {
        fprintf(f, "%10lld.%03lld | --- %s\n", (long long)line->ms / 1000,
                (long long)line->ms % 1000, line->text);
        return;
    }
    do {
        size_t part = length - at > COLUMN ? COLUMN : length - at;
        if (at == 0)
            fprintf(f, "%10lld.%03lld |", (long long)line->ms / 1000, (long long)line->ms % 1000);
        else
            fprintf(f, "%14s |", "");
        for (int i = 0; i < k->w.servers; i++)
            fprintf(f, " %-*.*s%s", COLUMN, i == line->side ? (int)part : 0, line->text + at,
                    i + 1 < k->w.servers ? " |" : "\n");
        at += part;
    } while (at < length);
}

static const char *dialect_name(enum sim_dialect d)
{
    return d == SIM_DRAFT ? "draft" : d == SIM_ISC ? "isc" : "mixed";
}

void report_broken(const struct sim *k, const struct sim_setup *setup, FILE *f)
{
    const struct world *w = &k->w;
    unsigned first = w->line_count > WORLD_LINES ? w->line_count - WORLD_LINES : 0;
    fprintf(f, "%14s |", "true time, s");
    for (int i = 0; i < w->servers; i++)
        fprintf(f, " server %-*d%s", COLUMN - 7, i, i + 1 < w->servers ? " |" : "\n");
    for (unsigned i = first; i < w->line_count; i++)
        tell(k, &w->lines[i % WORLD_LINES], f);
    fprintf(f, "promise broken at event %u, %lld s: %s\n", k->event, (long long)w->now_ms / 1000,
            k->broken);
    fprintf(f, "again: fosim --seed %" PRIu64 " --events %u --servers %u --dialect %s --log\n",
            setup->seed, setup->events, setup->servers, dialect_name(setup->dialect));
}

void report_add(struct sim_totals *sum, const struct sim_totals *one)
{
    sum->runs += one->runs;
    sum->events += one->events;
    sum->grants += one->grants;
    sum->renewals += one->renewals;
    sum->acked += one->acked;
    sum->by_hand += one->by_hand;
    sum->partner_downs += one->partner_downs;
    sum->lies += one->lies;
    sum->violations += one->violations;
    sum->simulated_ms += one->simulated_ms;
    for (int i = 0; i < FAULTS; i++)
        sum->faults[i] += one->faults[i];
}

uint64_t report_faults(const struct sim_totals *t)
{
    uint64_t sum = 0;
    for (int i = 0; i < FAULTS; i++)
        sum += t->faults[i];
    return sum;
}

double report_years(const struct sim_totals *t)
{
    return (double)t->simulated_ms / 1000 / 86400 / 365.25;
}

void report_totals(const struct sim_totals *t, double seconds, double cpu_seconds, FILE *f)
{
    double faults = (double)report_faults(t);
    fprintf(f, "faults:");
    for (int i = 0; i < FAULTS; i++)
        fprintf(f, " %s=%" PRIu64, fault_name((enum fault)i), t->faults[i]);
    fprintf(f,
            "\nseeds=%" PRIu64 " years=%.2f faults=%.0f events=%" PRIu64 " grants=%" PRIu64
            " renewals=%" PRIu64 " acknowledged=%" PRIu64 " partner-downs=%" PRIu64
            " violations=%" PRIu64 "\n",
            t->runs, report_years(t), faults, t->events, t->grants, t->renewals, t->acked,
            t->partner_downs, t->violations);
    fprintf(f, "time=%.1f s cpu=%.1f s faults/s/core=%.0f times-real-time/core=%.0f\n", seconds,
            cpu_seconds, faults / cpu_seconds, (double)t->simulated_ms / 1000 / cpu_seconds);
}
