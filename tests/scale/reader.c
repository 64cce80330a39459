// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <sys/mman.h>
#include <time.h>

#include "many.h"
#include "reader.h"

/* For forty seconds of answers that take 5 us. */
#define SAMPLES_MAX 8000000

static uint64_t monotonic(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * UINT64_C(1000000000) + now.tv_nsec;
}

/*
 * There until it begins to be emptied, gone once that is over. The marks are read
 * on the side of the call where they prove that.
 */
static int read_emptied(struct reader *reader, long number)
{
	bool over = __atomic_load_n(&reader->over, __ATOMIC_SEQ_CST);
	int ret = many_get(reader->emptied, number);

	if (!ret && over)
		return -EEXIST;
	if (ret == -ENOENT && __atomic_load_n(&reader->begun, __ATOMIC_SEQ_CST))
		return 0;
	return ret;
}

static int read_one(struct reader *reader, unsigned int random)
{
	if (random & 1)
		return read_emptied(reader, (random >> 1) % reader->keys);
	return many_get(reader->beside, (random >> 1) % READER_KEYS);
}

static void *reader_main(void *arg)
{
	struct reader *reader = arg;
	unsigned int random = 1;
	size_t n = 0;

	reader->error = pin_to(1);
	reader->samples[-1] = monotonic();
	while (!reader->error &&
	       !__atomic_load_n(&reader->stop, __ATOMIC_SEQ_CST)) {
		random = random * 1664525 + 1013904223;
		reader->error = read_one(reader, random >> 4);
		reader->samples[n] = monotonic();
		__atomic_store_n(&reader->count, ++n, __ATOMIC_SEQ_CST);
		if (n == SAMPLES_MAX)
			reader->error = -ENOSPC;
	}
	return NULL;
}

/* All of the memory is there before: a fault would take time from an answer. */
int reader_init(struct reader *reader)
{
	uint64_t *samples;

	samples = mmap(NULL, (1 + SAMPLES_MAX) * sizeof(*samples),
		       PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	if (samples == MAP_FAILED)
		return -errno;
	reader->samples = samples + 1;
	return 0;
}

int reader_start(struct reader *reader)
{
	reader->begun = false;
	reader->over = false;
	reader->stop = false;
	reader->count = 0;
	return -pthread_create(&reader->thread, NULL, reader_main, reader);
}

int reader_stop(struct reader *reader)
{
	__atomic_store_n(&reader->stop, true, __ATOMIC_SEQ_CST);
	pthread_join(reader->thread, NULL);
	if (reader->error)
		printf("# the reader ended with %d\n", reader->error);
	return reader->error;
}

size_t reader_mark(struct reader *reader)
{
	return __atomic_load_n(&reader->count, __ATOMIC_SEQ_CST);
}

static uint64_t took(const uint64_t *sample)
{
	return sample[0] - sample[-1];
}

static size_t slower_than(uint64_t limit, const uint64_t *samples, size_t count)
{
	size_t slower = 0, i;

	for (i = 0; i < count; i++)
		slower += took(&samples[i]) > limit;
	return slower;
}

/* Bisection: the smallest limit that few enough are above. */
uint64_t reader_p999(const uint64_t *samples, size_t count)
{
	uint64_t low = 0, high = UINT64_C(1) << 40, middle;

	while (low < high) {
		middle = (low + high) / 2;
		if (slower_than(middle, samples, count) * 1000 <= count)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

uint64_t reader_longest(const uint64_t *samples, size_t count)
{
	uint64_t longest = 0;
	size_t i;

	for (i = 0; i < count; i++)
		if (took(&samples[i]) > longest)
			longest = took(&samples[i]);
	return longest;
}
