/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Everything that is measured, each in a process of its own, printed as
 * NAME, tab, value, tab, unit.
 */
#ifndef BENCH_RUN_H
#define BENCH_RUN_H

#include <stdbool.h>

/**
 * struct plan - what is to be measured
 * @few: not the rows of a million entries
 * @forever: the first row over and over
 * @processors: also what shows on several processors only: how long single
 *	operations take, how throughput grows, what growing costs
 * @list: only say what there is
 */
struct plan {
	bool few;
	bool forever;
	bool processors;
	bool list;
};

/* Whether all went well. */
bool run_all(const struct plan *plan);

/* One line of the table. */
void run_print(const char *name, double value, const char *unit);

#endif /* BENCH_RUN_H */
