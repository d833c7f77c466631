#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#include "mgmt/foctl.h"

#define BAR_WIDTH   30
#define TERMINAL_MS 200  /* how often a bar is drawn again */
#define LINE_MS     5000 /* how often a line is written where there is no terminal */

static int64_t now_ms(void)
{
    struct timespec ts;

    (void)clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

void foctl_progress_begin(struct foctl_progress *p, const struct foctl *t, const char *what)
{
    *p = (struct foctl_progress){.what = what, .terminal = t->terminal, .silent = t->json};
    p->began_ms = p->shown_ms = now_ms();
}

static void draw(const struct foctl_progress *p, uint64_t done, uint64_t total, int64_t ms)
{
    double seconds = (double)ms / 1000.0;
    double rate = seconds > 0 ? (double)done / seconds : 0;
    double share = total != 0 ? (double)done / (double)total : 0;
    char bar[BAR_WIDTH + 1];

    for (int i = 0; i < BAR_WIDTH; i++)
        bar[i] = i < (int)(share * BAR_WIDTH) ? '#' : '.';
    bar[BAR_WIDTH] = '\0';
    if (p->terminal)
        (void)fprintf(stderr, "\r%s [%s] ", p->what, bar);
    else
        (void)fprintf(stderr, "%s ", p->what);
    (void)fprintf(stderr, "%" PRIu64 " of %" PRIu64 ", %.0f/s", done, total, rate);
    if (rate > 0 && total > done)
        (void)fprintf(stderr, ", %.0f s left", (double)(total - done) / rate);
    (void)fputs(p->terminal ? "   " : "\n", stderr);
}

void foctl_progress_show(struct foctl_progress *p, uint64_t done, uint64_t total)
{
    int64_t now = now_ms();

    if (p->silent || now - p->shown_ms < (p->terminal ? TERMINAL_MS : LINE_MS))
        return;
    p->shown_ms = now;
    draw(p, done, total, now - p->began_ms);
}

void foctl_progress_end(struct foctl_progress *p, uint64_t done, uint64_t total)
{
    if (p->silent)
        return;
    draw(p, done, total, now_ms() - p->began_ms);
    if (p->terminal)
        (void)fputc('\n', stderr);
}
