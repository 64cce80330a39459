/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is counted while something runs: nanoseconds, which are instructions in a
 * guest where each takes one, or instructions by the processor's own counter.
 */
#ifndef BENCH_METER_H
#define BENCH_METER_H

#include <stdbool.h>
#include <stdint.h>

/* @unit: "insn" where the clock counts instructions, else "ns". */
void meter_clock(const char *unit);

/*
 * Instructions of this process and of the kernel for it; ends the program where
 * the machine does not count them.
 */
void meter_perf(void);

uint64_t meter_read(void);

/* Of what meter_read() counts. */
const char *meter_unit(void);

#endif /* BENCH_METER_H */
