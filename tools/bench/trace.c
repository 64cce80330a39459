// SPDX-License-Identifier: GPL-2.0-only
/*
 * Traces: see trace.h.
 */
#include <math.h>

#include "item.h"
#include "random.h"
#include "trace.h"

/**
 * struct zipf - what is needed to draw items by Zipf's law
 * @below: the share of requests for ranks up to this one
 * @item: the item of this rank
 * @state: of the generator
 */
struct zipf {
	double below[ITEMS];
	uint32_t item[ITEMS];
	uint64_t state;
};

static struct zipf zipf;

static void zipf_share(double skew)
{
	double sum = 0;
	uint32_t i;

	for (i = 0; i < ITEMS; i++) {
		sum += pow(i + 1, -skew);
		zipf.below[i] = sum;
	}
	for (i = 0; i < ITEMS; i++)
		zipf.below[i] /= sum;
}

static void zipf_shuffle(void)
{
	uint32_t i, j, item;

	for (i = 0; i < ITEMS; i++)
		zipf.item[i] = i;
	for (i = ITEMS - 1; i > 0; i--) {
		j = random_below(&zipf.state, i + 1);
		item = zipf.item[i];
		zipf.item[i] = zipf.item[j];
		zipf.item[j] = item;
	}
}

static void zipf_init(const struct trace_kind *kind)
{
	zipf.state = kind->seed;
	zipf_share(kind->skew);
	zipf_shuffle();
}

/* The first rank whose share ends above what was drawn: exact, no rejection. */
static uint32_t zipf_next(void)
{
	double share = random_share(&zipf.state);
	uint32_t low = 0, high = ITEMS - 1, middle;

	while (low < high) {
		middle = (low + high) / 2;
		if (zipf.below[middle] > share)
			high = middle;
		else
			low = middle + 1;
	}
	return zipf.item[low];
}

static void make_zipf(const struct trace_kind *kind, uint32_t *trace)
{
	uint32_t i;

	zipf_init(kind);
	for (i = 0; i < REQUESTS; i++)
		trace[i] = zipf_next();
}

/* All items, one after the other, again and again. */
static void make_loop(const struct trace_kind *kind, uint32_t *trace)
{
	uint32_t i;

	(void)kind;
	for (i = 0; i < REQUESTS; i++)
		trace[i] = i % ITEMS;
}

/* For each request a coin says whether it is Zipf's next or the loop's. */
static void make_mixed(const struct trace_kind *kind, uint32_t *trace)
{
	uint32_t scanned = 0;
	uint32_t i;

	zipf_init(kind);
	for (i = 0; i < REQUESTS; i++)
		trace[i] = random_below(&zipf.state, 2) ? scanned++ % ITEMS :
							  zipf_next();
}

const struct trace_kind traces[TRACES] = {
	{ "zipf-0.99", make_zipf, 0.99, 1 },
	{ "zipf-0.8", make_zipf, 0.8, 2 },
	{ "loop", make_loop, 0, 0 },
	{ "zipf-scan", make_mixed, 0.99, 3 },
};
