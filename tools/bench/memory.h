/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef BENCH_MEMORY_H
#define BENCH_MEMORY_H

/* Bytes that the machine has not free, when what it can do without is free. */
double memory_used(void);

#endif /* BENCH_MEMORY_H */
