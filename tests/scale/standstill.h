/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How long the processors stood still, as they do where the host has others to
 * serve: on each a thread sleeps for a millisecond, over and over, and adds up
 * by how much it woke too late.
 */
#ifndef KVS_TEST_STANDSTILL_H
#define KVS_TEST_STANDSTILL_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#define STANDSTILL_CPUS 8

struct standstill_watch {
	pthread_t thread;
	int cpu;
	uint64_t least;
	uint64_t stood;
	bool *stop;
};

struct standstill {
	struct standstill_watch watches[STANDSTILL_CPUS];
	int count;
	bool stop;
};

/* What is shorter than @least nanoseconds does not count. 0 or -errno. */
int standstill_start(struct standstill *still, uint64_t least);

/* The nanoseconds of all processors together. */
uint64_t standstill_stop(struct standstill *still);

#endif /* KVS_TEST_STANDSTILL_H */
