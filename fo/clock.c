/* The difference between the two servers' clocks: measured, smoothed, corrected (draft-12 §5.10).
 *
 * Draft gap: how to smooth is left open. Delay on the way only ever makes a sample larger, so a
 * smaller one is believed at once and a larger one when eight in a row, a second apart, agree: what
 * waited in a broken link must not move the lease times it carries. At most two seconds are taken
 * for none, because header times are whole seconds: correcting by it would let equal clocks drift
 * apart on disk. Three samples in a row that are more than 30 s off mean that a clock was set:
 * start again and raise an alarm.
 */
#include <stdlib.h>

#include "fo/endpoint.h"

#define SLACK_S  2
#define ODD_S    30
#define APART_MS 1000
#define WINDOW   8
/* Beyond any two clocks, and small enough to be negated, or taken a slack from. */
#define FARTHEST_S 0x7fffff00

static int32_t settled(int32_t sample_s)
{
    return sample_s >= -SLACK_S && sample_s <= SLACK_S ? 0 : sample_s;
}

int32_t fo_clock_difference(fo_utc_t now, fo_utc_t sent)
{
    int64_t wide = (int64_t)now.s - (int64_t)sent.s;
    return (int32_t)(wide > FARTHEST_S ? FARTHEST_S : wide < -FARTHEST_S ? -FARTHEST_S : wide);
}

void fo_clock_start(struct fo_endpoint *ep, int32_t sample_s)
{
    ep->clock_sample_s = sample_s;
    ep->clock_delta_s = settled(sample_s);
    ep->clock_odd = 0;
    ep->clock_samples = 0;
    ep->clock_known = true;
}

/* A sample that is not far from the running value. */
static void smooth(struct fo_endpoint *ep, int32_t sample, fo_mono_t now)
{
    if (ep->clock_samples == 0 || sample < ep->clock_lowest_s)
        ep->clock_lowest_s = sample;
    if (sample < ep->clock_delta_s - SLACK_S) {
        ep->clock_delta_s = settled(sample);
        ep->clock_samples = 0;
        return;
    }
    if (ep->clock_samples != 0 && now.ms - ep->clock_sample_at.ms < APART_MS)
        return; /* what is read in one go counts once */
    ep->clock_sample_at = now;
    if (++ep->clock_samples < WINDOW)
        return;
    if (ep->clock_lowest_s > ep->clock_delta_s + SLACK_S)
        ep->clock_delta_s = settled(ep->clock_lowest_s);
    ep->clock_samples = 0;
}

void fo_clock_sample(struct fo_step *st, struct fo_endpoint *ep, fo_utc_t sent)
{
    int32_t sample = fo_clock_difference(st->now.utc, sent);
    int64_t off = (int64_t)sample - ep->clock_delta_s;
    if (!ep->clock_known) {
        fo_clock_start(ep, sample);
        return;
    }
    ep->clock_sample_s = sample;
    if (llabs(off) > ODD_S) {
        /* What waited while one of us was stopped is read in one go: that counts once. */
        if (ep->clock_odd != 0 && st->now.mono.ms - ep->clock_odd_at.ms < APART_MS)
            return;
        ep->clock_odd_at = st->now.mono;
        if (++ep->clock_odd < 3)
            return;
        fo_endpoint_notice(
            st, ep, FO_NOTICE_ALARM, true,
            "clock=set difference=%d s (was %d s): one of the two clocks was changed", sample,
            ep->clock_delta_s);
        fo_clock_start(ep, sample);
        return;
    }
    ep->clock_odd = 0;
    smooth(ep, sample, st->now.mono);
}
