/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Throughput of two processes, each on a processor of its own, beside that of
 * one. Rounds of all rows and both numbers take turns, so that what changes
 * meanwhile changes for all of them.
 */
#ifndef BENCH_SCALING_H
#define BENCH_SCALING_H

#include <stdbool.h>

bool scaling_wanted(void);

/* The medians: ROW_1cpu and ROW_2cpu, and of each round ROW_scaling. */
void scaling_print(void);

#endif /* BENCH_SCALING_H */
