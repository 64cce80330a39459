// SPDX-License-Identifier: GPL-2.0-only
/*
 * A store of very many entries that is emptied, by a flush, which makes them
 * absent at once, or by removing them one by one: their memory comes back soon,
 * and who reads on the other processor hardly notices.
 */
#include <errno.h>
#include <fcntl.h>

#include <kselftest_harness.h>

#include "many.h"
#include "reader.h"
#include "size.h"

#define RUNS 5

/* Keys that are looked for right after it. */
#define LOOKS 1000

/* As long as it takes to give the memory back, about. */
#define QUIET_NS UINT64_C(3000000000)

FIXTURE(empty)
{
	struct reader reader;
};

FIXTURE_VARIANT(empty)
{
	bool one_by_one;
};

/* clang-format off */
FIXTURE_VARIANT_ADD(empty, flush) {
	.one_by_one = false,
};

FIXTURE_VARIANT_ADD(empty, delete_range) {
	.one_by_one = true,
};

/* clang-format on */

static struct kvs *store_of(const char *name, unsigned int set, long entries)
{
	const struct kvs_store_options options = { .set = set };
	struct kvs *kvs;

	if (kvs_store_create(name, &options, O_RDWR, &kvs))
		return NULL;
	return many_put(kvs, entries, NULL) ? NULL : kvs;
}

FIXTURE_SETUP(empty)
{
	unsigned int set = variant->one_by_one ? KVS_OPTION_INDEX : 0;

	self->reader.keys = kvs_test_size("EMPTY_KEYS");
	self->reader.emptied = store_of("scale.empty", set, 0);
	ASSERT_NE(NULL, self->reader.emptied);
	self->reader.beside = store_of("scale.beside", 0, READER_KEYS);
	ASSERT_NE(NULL, self->reader.beside);
	ASSERT_EQ(0, reader_init(&self->reader));
	ASSERT_EQ(0, pin_to(0));
}

FIXTURE_TEARDOWN(empty)
{
	EXPECT_EQ(0, kvs_store_destroy(self->reader.emptied));
	EXPECT_EQ(0, kvs_store_destroy(self->reader.beside));
	kvs_close(self->reader.emptied);
	kvs_close(self->reader.beside);
}

/*
 * Where the host's processors are shared, an idle one here would leave more of
 * them to the reader, so this is not idle: only what is tested shall make a
 * difference.
 */
static void be_busy(uint64_t length)
{
	uint64_t until = boottime() + length;
	unsigned int turns;

	/* Emulated processors wait for each other to read the clock. */
	while (boottime() < until)
		for (turns = 0; turns < 100000; turns++)
			__asm__ volatile("");
}

static int empty_once(struct reader *reader, bool one_by_one)
{
	int ret;

	__atomic_store_n(&reader->begun, true, __ATOMIC_SEQ_CST);
	if (one_by_one)
		ret = kvs_delete_range(reader->emptied, NULL, NULL);
	else
		ret = kvs_store_flush(reader->emptied, NULL);
	__atomic_store_n(&reader->over, true, __ATOMIC_SEQ_CST);
	return ret;
}

static bool all_absent(const struct reader *reader)
{
	long i;

	for (i = 0; i < LOOKS; i++)
		if (many_get(reader->emptied, i * reader->keys / LOOKS) !=
		    -ENOENT)
			return false;
	return true;
}

static uint64_t p999_told(const char *when, const uint64_t *samples,
			  size_t count)
{
	uint64_t p999 = reader_p999(samples, count);

	printf("# %s: %zu reads, p99.9 %.1f us, longest %.1f us\n", when, count,
	       p999 / 1e3, reader_longest(samples, count) / 1e3);
	return p999;
}

/*
 * What was read while memory came back, from @from to @to, against what was
 * read before for as long.
 */
static double slowdown(const uint64_t *samples, size_t from, size_t to)
{
	uint64_t length = samples[to - 1] - samples[from];
	size_t before = from;
	double times;

	while (before && samples[from] - samples[before - 1] <= length)
		before--;
	times = p999_told("quiet", samples + before, from - before);
	times = p999_told("reclaim", samples + from, to - from) / times;
	printf("# %.3f s of reclaim: %.2f times\n", length / 1e9, times);
	return times;
}

/*
 * The seconds that the memory may take to come back, where it took @put to take
 * it: half as long is usual, with a reader beside it.
 */
static int patience(uint64_t put)
{
	return 10 + 2 * put / 1000000000;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

TEST_F_TIMEOUT(empty, readers_hardly_notice, 600)
{
	struct reader *reader = &self->reader;
	long most = kvs_test_size("EMPTY_SLOWDOWN");
	double times[RUNS];
	size_t from, to;
	uint64_t put;
	int i;

	for (i = 0; i < RUNS; i++) {
		put = boottime();
		ASSERT_EQ(0, many_put(reader->emptied, reader->keys, NULL));
		put = boottime() - put;
		printf("# %.3f s to put them\n", put / 1e9);
		ASSERT_EQ(reader->keys, many_entries(reader->emptied));
		ASSERT_EQ(0, reader_start(reader));
		be_busy(QUIET_NS);
		from = reader_mark(reader);
		ASSERT_EQ(0, empty_once(reader, variant->one_by_one));
		EXPECT_EQ(0, many_entries(reader->emptied));
		EXPECT_TRUE(all_absent(reader));
		EXPECT_TRUE(many_end(reader->emptied, patience(put)));
		to = reader_mark(reader);
		ASSERT_EQ(0, reader_stop(reader));
		ASSERT_LT(from, to);
		times[i] = slowdown(reader->samples, from, to);
	}
	qsort(times, RUNS, sizeof(*times), compare);
	printf("# median of %d: %.2f times\n", RUNS, times[RUNS / 2]);
	EXPECT_TRUE(!most || times[RUNS / 2] <= most);
}

TEST_HARNESS_MAIN
