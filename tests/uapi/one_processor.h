/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * For programs whose tests do one thing after the other: they stay on one
 * processor. Their tests are many and short, and most of what each would cost
 * is the harness's processes waking each other across processors. The threads
 * that rings have in the kernel are not bound by this.
 */
#ifndef KVS_TEST_ONE_PROCESSOR_H
#define KVS_TEST_ONE_PROCESSOR_H

#include <sched.h>
#include <stdlib.h>

static void __attribute__((constructor)) one_processor(void)
{
	int processor = sched_getcpu();
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(processor, &set);
	if (processor < 0 || sched_setaffinity(0, sizeof(set), &set))
		abort();
}

#endif /* KVS_TEST_ONE_PROCESSOR_H */
