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

/*
 * One answer: when it came and how long after the one before it, in nanoseconds.
 * No delay of the reader can fall between two of these and be missed.
 */
struct sample {
	uint64_t at;
	uint64_t took;
};

struct reader {
	struct kvs *emptied; /* has @keys entries at first */
	struct kvs *beside; /* has READER_KEYS entries all the time */
	long keys;

	bool begun, over, stop;
	int error;
	struct sample *samples;
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
uint64_t reader_p999(const struct sample *samples, size_t count);

uint64_t reader_longest(const struct sample *samples, size_t count);

#endif /* KVS_TEST_READER_H */
