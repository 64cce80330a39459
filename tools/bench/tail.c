// SPDX-License-Identifier: GPL-2.0-only
/*
 * Single calls, timed: see tail.h. What reading the clock costs is in it, for
 * everybody.
 */
#include <stdio.h>

#include "measure.h"
#include "meter.h"
#include "run.h"
#include "shapes.h"
#include "spread.h"
#include "tail.h"

#define SAMPLES 100000
/* Of calls that take long, so many nanoseconds of them, and so many */
#define LONG_NS 1500000000
#define LONG_SAMPLES 3000
#define CHUNK 1000

static const struct {
	const char *suffix;
	double part;
} percentiles[] = {
	{ "p50", 0.5 },
	{ "p90", 0.9 },
	{ "p99", 0.99 },
	{ "p999", 0.999 },
};

void tail_sample(const struct row *row, unsigned int calls,
		 struct spread *spread)
{
	const uint32_t *keys = deck.draws[row->draw];
	uint64_t before, after;

	before = meter_read();
	for (; calls; calls--, keys++) {
		measure_call(row, keys);
		after = meter_read();
		spread_add(spread, after - before);
		before = after;
	}
}

static bool enough(const struct spread *spread, uint64_t end)
{
	if (spread->count >= SAMPLES)
		return true;
	return spread->count >= LONG_SAMPLES && meter_read() >= end;
}

void tail_print(const struct row *row)
{
	static struct spread spread;
	uint64_t end = meter_read() + LONG_NS;
	char name[NAME_SIZE];
	unsigned int i;

	spread = (struct spread){ 0 };
	while (!enough(&spread, end))
		tail_sample(row, CHUNK, &spread);
	for (i = 0; i < sizeof(percentiles) / sizeof(percentiles[0]); i++) {
		snprintf(name, sizeof(name), "%s_%s", row->name,
			 percentiles[i].suffix);
		run_print(name, spread_at(&spread, percentiles[i].part), "ns");
	}
}
