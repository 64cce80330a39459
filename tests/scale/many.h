/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Very many entries in a store. Key and value of each are its number.
 */
#ifndef KVS_TEST_MANY_H
#define KVS_TEST_MANY_H

#include <kvs.h>
#include <stdbool.h>

/*
 * Deadlines: evenly over some time, from @begin (CLOCK_BOOTTIME) on for
 * @length, but not in the order of the numbers.
 */
struct spread {
	uint64_t begin;
	uint64_t length;
	long count;
};

/* Those of @count that end later than @now. */
long spread_left(const struct spread *spread, uint64_t now);

uint64_t boottime(void);

/* Keeps this thread, and those it makes, on one processor; 0 or -errno. */
int pin_to(int cpu);

/* Entries 0 to @count - 1; @spread gives them deadlines, unless it is NULL. */
int many_put(struct kvs *kvs, long count, const struct spread *spread);

/* 0 if entry @number is there and as it was put, -EBADMSG if it is not so. */
int many_get(struct kvs *kvs, long number);

uint64_t many_entries(struct kvs *kvs);

/* Whether no entry is left after so many seconds, and no byte charged. */
bool many_end(struct kvs *kvs, int seconds);

#endif /* KVS_TEST_MANY_H */
