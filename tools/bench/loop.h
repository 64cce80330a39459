/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The loop that is timed, around a call or around nothing: drawing a key and
 * looking at the value is in both. Where it is used the compiler does not see
 * what is in it, so that it stays the same.
 */
#ifndef BENCH_LOOP_H
#define BENCH_LOOP_H

#include "row.h"

static inline unsigned int loop_per(const struct row *row)
{
	return row->per ? row->per : 1;
}

/* Returns how many operations went wrong. */
unsigned long loop(const struct row *row, unsigned int calls);

/* One call, on these keys. */
unsigned int loop_once(const struct row *row, const uint32_t *keys);

#endif /* BENCH_LOOP_H */
