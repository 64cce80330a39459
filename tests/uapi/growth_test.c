// SPDX-License-Identifier: GPL-2.0-only
/*
 * While the table grows from few entries to very many and back, readers never
 * miss a key that is there, and never see one that has not come or has gone.
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>

#include <kselftest_harness.h>

#include "control.h"
#include "crew.h"
#include "request.h"
#include "size.h"

#define FEW 10
#define READERS 2

/* Keys from 0 to low are there; from high on none is. */
struct growth {
	int fd;
	long many;
	long low, high;
	bool done;
	unsigned long reads;
};

static struct kvs_req numbered(__u16 verb, long number)
{
	char key[16];
	int len = snprintf(key, sizeof(key), "growth.%ld", number);

	return req_key(verb, key, len);
}

/* Puts or deletes keys from first up to last, in batches. */
static int change(int fd, __u16 verb, long first, long last)
{
	static struct kvs_req reqs[KVS_MAX_BATCH];
	static struct kvs_res res[KVS_MAX_BATCH];
	static __u64 values[KVS_MAX_BATCH];
	long i, count = last - first;

	for (i = 0; i < count; i++) {
		reqs[i] = numbered(verb, first + i);
		reqs[i].result = addr_of(&res[i]);
		if (verb == KVS_PUT) {
			values[i] = first + i;
			reqs[i].value = addr_of(&values[i]);
			reqs[i].value_len = sizeof(values[i]);
		}
	}
	if (control_batch(fd, reqs, count))
		return -1;
	for (i = 0; i < count; i++) {
		if (res[i].status)
			return res[i].status;
	}
	return 0;
}

static long load(const long *word)
{
	return __atomic_load_n(word, __ATOMIC_SEQ_CST);
}

static void store(long *word, long value)
{
	__atomic_store_n(word, value, __ATOMIC_SEQ_CST);
}

static int grow(struct growth *growth)
{
	long first, last;
	int ret;

	for (first = FEW; first < growth->many; first = last) {
		last = first + 500;
		if (last > growth->many)
			last = growth->many;
		store(&growth->high, last);
		ret = change(growth->fd, KVS_PUT, first, last);
		if (ret)
			return ret;
		store(&growth->low, last);
	}
	return 0;
}

static int shrink(struct growth *growth)
{
	long first, last;
	int ret;

	for (last = growth->many; last > FEW; last = first) {
		first = last - 500;
		if (first < FEW)
			first = FEW;
		store(&growth->low, first);
		ret = change(growth->fd, KVS_DELETE, first, last);
		if (ret)
			return ret;
		store(&growth->high, first);
	}
	return 0;
}

/*
 * The bounds are read before and after: only a key that was in them all the
 * time must be there, only one that was out of them all the time must not.
 */
static int read_one(struct growth *growth, long number)
{
	struct kvs_req req = numbered(KVS_GET, number);
	long low = load(&growth->low), high = load(&growth->high);
	__u64 value = 0;
	int ret;

	req.value = addr_of(&value);
	req.value_len = sizeof(value);
	ret = control_request(growth->fd, req);
	if (!ret && value != (__u64)number)
		return -1;
	if (ret && ret != -ENOENT)
		return ret;
	if (ret && number < low && number < load(&growth->low))
		return ret;
	if (!ret && number >= high && number >= load(&growth->high))
		return -EEXIST;
	return 0;
}

static int read_all(struct growth *growth, unsigned int seed)
{
	int failed = 0;
	long number;

	while (!__atomic_load_n(&growth->done, __ATOMIC_SEQ_CST)) {
		seed = seed * 1664525 + 1013904223;
		number = seed >> 4;
		/* Half of them among those that never go, or nearly never */
		number %= seed & 8 ? growth->many + FEW :
				     load(&growth->low) + 1;
		failed |= read_one(growth, number);
		__atomic_add_fetch(&growth->reads, 1, __ATOMIC_RELAXED);
	}
	return failed;
}

static int member_main(unsigned int member, void *arg)
{
	struct growth *growth = arg;
	int ret;

	if (member)
		return read_all(growth, member);
	/* Two readers need no more than one processor: this has the other */
	setpriority(PRIO_PROCESS, 0, -15);
	ret = grow(growth);
	if (!ret)
		ret = shrink(growth);
	__atomic_store_n(&growth->done, true, __ATOMIC_SEQ_CST);
	return ret;
}

FIXTURE(growth)
{
	struct growth growth;
};

FIXTURE_SETUP(growth)
{
	struct growth *growth = &self->growth;

	growth->fd = control_open_default(O_RDWR);
	ASSERT_LE(0, growth->fd);
	growth->many = kvs_test_size("GROWTH_ENTRIES");
	growth->low = FEW;
	growth->high = FEW;
	ASSERT_EQ(0, change(growth->fd, KVS_PUT, 0, FEW));
}

FIXTURE_TEARDOWN(growth)
{
	EXPECT_EQ(0, change(self->growth.fd, KVS_DELETE, 0, FEW));
	close(self->growth.fd);
}

TEST_F(growth, readers_miss_nothing)
{
	EXPECT_EQ(0, crew_threads(1 + READERS, member_main, &self->growth));
	EXPECT_GT(self->growth.reads, 1000UL);
	EXPECT_EQ(FEW, self->growth.high);
}

TEST_HARNESS_MAIN
