/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef BENCH_REST_H
#define BENCH_REST_H

/*
 * Returns when the machine has nothing else to do: a kernel that has just come
 * up tests its ciphers for a while. Ends the program if it always has.
 */
void rest_wait(void);

#endif /* BENCH_REST_H */
