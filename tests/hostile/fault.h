/* SPDX-License-Identifier: GPL-2.0-only */
/* Allocations that fail on purpose, of those made below certain code. */
#ifndef KVS_TEST_FAULT_H
#define KVS_TEST_FAULT_H

#include <stdbool.h>

/* Whether this kernel can do it; stock ones cannot. */
bool fault_possible(void);

/*
 * Count what is allocated below the module, as it is loaded now, or below the
 * init functions of modules. 0 or -errno.
 */
int fault_below_module(void);
int fault_below_initcalls(void);

/* Of those, count none below this function of the kernel. 0 or -errno. */
int fault_not_below(const char *name);

/* Count what is allocated anywhere, as it is without us. */
void fault_anywhere(void);

/*
 * The nth allocation from now on that a thread of this process makes will fail;
 * each thread counts for itself, workers of io_uring included.
 */
void faults_arm(unsigned int nth);

/* Ends that; did one fail? */
bool faults_happened(void);

#endif /* KVS_TEST_FAULT_H */
