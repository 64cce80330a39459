/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One row, measured: the median of some rounds, each the loop less the same loop
 * around nothing, for each operation.
 */
#ifndef BENCH_MEASURE_H
#define BENCH_MEASURE_H

#include <stdint.h>

struct row;

/* Ends the program if a call does not do what it has to. */
double measure(const struct row *row);

/* One call; ends the program if it does not do what it has to. */
void measure_call(const struct row *row, const uint32_t *keys);

/* The same calls without an end, for somebody who looks on from outside. */
void measure_forever(const struct row *row) __attribute((noreturn));

/* Returns when three rounds of @row agree within one percent. */
void measure_settle(const struct row *row);

#endif /* BENCH_MEASURE_H */
