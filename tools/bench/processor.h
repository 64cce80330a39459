/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef BENCH_PROCESSOR_H
#define BENCH_PROCESSOR_H

/* Where the process stays, and those that it starts; ends it if it cannot. */
void processor_keep(unsigned int which);

#endif /* BENCH_PROCESSOR_H */
