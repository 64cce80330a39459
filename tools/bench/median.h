/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef BENCH_MEDIAN_H
#define BENCH_MEDIAN_H

#include <stddef.h>

/* Sorts the values. Of an even number it is the greater of the middle two. */
double median(double *values, size_t count);

#endif /* BENCH_MEDIAN_H */
