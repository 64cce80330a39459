/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Traces: which item is asked for, request by request, the same in every run.
 */
#ifndef BENCH_TRACE_H
#define BENCH_TRACE_H

#include <stdint.h>

#define REQUESTS 1000000

/**
 * struct trace_kind - how a trace is made
 * @name: what it is called
 * @make: fills REQUESTS numbers of items
 * @skew: Zipf's exponent: the item of rank r is asked for as often as 1 / r^skew
 *	says; which item has which rank is drawn
 * @seed: of all that is drawn
 */
struct trace_kind {
	const char *name;
	void (*make)(const struct trace_kind *kind, uint32_t *trace);
	double skew;
	uint64_t seed;
};

#define TRACES 4

extern const struct trace_kind traces[TRACES];

#endif /* BENCH_TRACE_H */
