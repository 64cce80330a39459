/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A thread that reads without pause from a store that is emptied meanwhile and
 * from one beside it, looks at each answer and notes how long it took.
 */
#ifndef KVS_TEST_READER_H
#define KVS_TEST_READER_H

#include <kvs.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

struct reader {
	struct kvs *emptied; /* has @keys entries at first */
	struct kvs *beside; /* has READER_KEYS entries all the time */
	long keys;

	bool begun, over, stop;
	int error;
	/*
	 * When each answer came, in nanoseconds, and before the first, when it
	 * was asked for. What it took is the time since the one before it: no
	 * delay of the reader can fall between two of these and be missed.
	 */
	uint64_t *samples;
	size_t count;
	pthread_t thread;
};

#define READER_KEYS 1000

int reader_init(struct reader *reader);

/* On processor 1; the samples of the last time are gone. */
int reader_start(struct reader *reader);

/* 0, or what the reader found to be wrong. */
int reader_stop(struct reader *reader);

/* How many answers came so far: marks a place in the samples. */
size_t reader_mark(struct reader *reader);

/* The nanoseconds that all but one in a thousand of these took at most. */
uint64_t reader_p999(const uint64_t *samples, size_t count);

uint64_t reader_longest(const uint64_t *samples, size_t count);

#endif /* KVS_TEST_READER_H */
