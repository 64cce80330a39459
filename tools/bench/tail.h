/* SPDX-License-Identifier: GPL-2.0-only */
/* How long single calls take: not their mean, but what most do not exceed. */
#ifndef BENCH_TAIL_H
#define BENCH_TAIL_H

struct row;
struct spread;

/* Makes @calls of the row and adds what each took to the spread. */
void tail_sample(const struct row *row, unsigned int calls,
		 struct spread *spread);

/* The row's percentiles, one of its names each: ROW_p50 to ROW_p999. */
void tail_print(const struct row *row);

#endif /* BENCH_TAIL_H */
