/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef BENCH_FAILURE_H
#define BENCH_FAILURE_H

/* A line on stderr, and the program fails. */
void die(const char *format, ...) __attribute((format(printf, 1, 2), noreturn));

/* The same unless @err, a negative errno of what was done, is 0. */
void must(int err, const char *what);

#endif /* BENCH_FAILURE_H */
