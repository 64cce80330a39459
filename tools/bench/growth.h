/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a reader of kvs notices of another process that makes the table grow from
 * ten thousand entries to a million.
 */
#ifndef BENCH_GROWTH_H
#define BENCH_GROWTH_H

#include <stdbool.h>

bool growth_wanted(void);

/* get_ioctl_quiet_p999 and get_ioctl_growing_p999, medians of some turns. */
void growth_print(void);

#endif /* BENCH_GROWTH_H */
