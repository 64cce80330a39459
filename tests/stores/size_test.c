// SPDX-License-Identifier: GPL-2.0-only
/*
 * What an entry costs: 48 bytes besides its key and its value, 24 more where the
 * store has an index, in one allocation of a size that is nearly exact.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <kselftest_harness.h>

#include "control.h"
#include "request.h"
#include "size.h"
#include "store.h"

#define STORE "size.test"
#define FINE 512 /* to here sizes are in steps of 16 */
#define COARSE 1024 /* to here of 64, then in shares of a slab */
#define SLAB 8192 /* above there are whole pages */
#define VALUE_MOST 20000

FIXTURE(size)
{
	int fd;
};

FIXTURE_VARIANT(size)
{
	__u32 flags;
	__u64 header; /* of an entry without deadline and application version */
};

/* clang-format off */
FIXTURE_VARIANT_ADD(size, plain) {
	.header = 48,
};

FIXTURE_VARIANT_ADD(size, indexed) {
	.flags = KVS_CREATE_INDEX, .header = 48 + 24,
};

/* clang-format on */

FIXTURE_SETUP(size)
{
	struct kvs_create wish = store_wish(STORE);

	wish.flags = variant->flags;
	self->fd = store_make_as(wish);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(size)
{
	EXPECT_EQ(0, store_destroy(self->fd));
	close(self->fd);
}

static __u64 round_up(__u64 bytes, __u64 step)
{
	return (bytes + step - 1) / step * step;
}

static char bytes[VALUE_MOST];

/* What STAT says of an entry with such a key and such a value. */
static __u64 charged(int fd, size_t key_len, size_t value_len)
{
	struct kvs_req req = req_key(KVS_PUT, bytes, key_len);
	struct kvs_stat stat;

	/* What is there might be overwritten, and keep its size */
	control_request(fd, req_key(KVS_DELETE, bytes, key_len));
	req.value = addr_of(bytes);
	req.value_len = value_len;
	if (control_request(fd, req))
		return 0;
	req = req_key(KVS_STAT, bytes, key_len);
	req.value = addr_of(&stat);
	req.value_len = sizeof(stat);
	return control_request(fd, req) ? 0 : stat.charged;
}

TEST_F(size, fixed_overhead)
{
	const size_t keys[] = { 8, 16, 24, 32, 64, 128, 256 };
	const size_t values[] = { 0, 8, 16, 64, 100, 136, 200, 256 };
	unsigned int k, v, exact = 0;
	size_t len;
	__u64 got;

	for (k = 0; k < ARRAY_SIZE(keys); k++) {
		for (v = 0; v < ARRAY_SIZE(values); v++) {
			len = keys[k] + values[v];
			got = charged(self->fd, keys[k], values[v]);
			if ((variant->header + len) % 16 ||
			    variant->header + len > FINE)
				continue;
			exact++;
			EXPECT_EQ(variant->header, got - len)
			{
				TH_LOG("key %zu value %zu", keys[k], values[v]);
			}
		}
	}
	EXPECT_LT(20U, exact);
	got = charged(self->fd, 16, 64);
	printf("# A key of 16 and a value of 64 bytes take %llu\n", got);
	EXPECT_EQ(round_up(variant->header + 16 + 64, 16), got);
}

/* Keys are padded to 8 bytes; no value up to 256 is out of line. */
TEST_F(size, steps_of_16)
{
	size_t key, value;
	__u64 need;

	for (key = 1; key <= 40; key += 3)
		for (value = 0; value <= 256; value += 5) {
			need = variant->header + round_up(key, 8) + value;
			ASSERT_EQ(round_up(need, 16),
				  charged(self->fd, key, value))
			{
				TH_LOG("key %zu value %zu", key, value);
			}
		}
}

/*
 * Of a large value the reference count comes with it, 8 bytes. The sizes on both
 * sides of each border, and some in between.
 */
TEST_F(size, large_values)
{
	static const size_t needs[] = { 384,  496,   497,  512,	 513,  575,
					577,  1023,  1024, 1025, 1057, 2000,
					4000, 6544,  6545, 8191, 8192, 8193,
					9000, 12288, 12289 };
	__u64 need, got, step;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(needs); i++) {
		need = needs[i];
		step = need <= FINE ? 16 : need <= COARSE ? 64 : need / 3;
		if (need > SLAB)
			step = sysconf(_SC_PAGESIZE);
		got = charged(self->fd, 16, need - variant->header - 16 - 8);
		ASSERT_LE(need, got);
		ASSERT_GT(need + step, got)
		{
			TH_LOG("%llu bytes: %llu", need, got);
		}
	}
}

/* Objects of a slab cache, or -1. */
static long objects(const char *cache)
{
	FILE *file = fopen("/proc/slabinfo", "re");
	char line[512], name[64];
	long active, found = -1;

	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, "%63s %ld", name, &active) == 2 &&
		    !strcmp(name, cache))
			found = active;
	if (file)
		fclose(file);
	return found;
}

static int put_many(int fd, long count)
{
	char key[32];
	int ret = 0;
	long i;

	for (i = 0; i < count && !ret; i++) {
		snprintf(key, sizeof(key), "%016ld", i);
		ret = control_request(fd, req_put(key, bytes, 64));
	}
	return ret;
}

/* A cache counts whole slabs that are in use by a processor. */
#define SLACK 2000

TEST_F(size, one_allocation)
{
	const long count = kvs_test_size("SIZE_ENTRIES");
	const __u64 size = round_up(variant->header + 16 + 64, 16);
	char cache[32];
	long before;
	__u64 cost;

	snprintf(cache, sizeof(cache), "kvs-%llu", size);
	/* The cache is there, and what was put before has gone from it */
	ASSERT_EQ(size, charged(self->fd, 16, 64));
	ASSERT_EQ(0, store_flush(self->fd));
	ASSERT_TRUE(store_falls_to(self->fd, 0, 10));
	cost = store_bytes(self->fd);
	before = objects(cache);
	ASSERT_LE(0, before);
	ASSERT_EQ(0, put_many(self->fd, count));
	EXPECT_EQ(count * size, store_bytes(self->fd) - cost);
	EXPECT_LE(count, objects(cache) - before + SLACK);
	EXPECT_GE(count + SLACK, objects(cache) - before);
}

TEST_HARNESS_MAIN
