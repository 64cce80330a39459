/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Who has how much of the kernel's memory. Who loses something in each cycle of
 * a test has more after every round of many cycles; what the rest of the kernel
 * does meanwhile comes and goes.
 */
#ifndef KVS_TEST_MEMORY_H
#define KVS_TEST_MEMORY_H

#include <stdbool.h>

#define MEMORY_CACHES 400

struct memory_cache {
	char name[32];
	long objects;
};

struct memory {
	long free_kb; /* MemFree */
	long vmalloc_kb; /* VmallocUsed */
	long percpu_kb; /* Percpu */
	unsigned int caches;
	struct memory_cache cache[MEMORY_CACHES];
};

/* Gives back what is only cached, then counts. */
void memory_read(struct memory *memory);

/*
 * Did something grow from each sample to the next, by one or more in every
 * cycle? Tells what on stdout.
 */
bool memory_grows(const struct memory *samples, int count, long cycles);

#endif /* KVS_TEST_MEMORY_H */
