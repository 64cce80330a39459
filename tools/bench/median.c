// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>

#include "median.h"

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

double median(double *values, size_t count)
{
	qsort(values, count, sizeof(values[0]), compare);
	return values[count / 2];
}
