// SPDX-License-Identifier: GPL-2.0-only
/*
 * SIEVE, entry by entry, at a cap of entries: who goes is known exactly. A model
 * says so for any sequence of operations.
 */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include <kselftest_harness.h>

#include "control.h"
#include "door.h"
#include "evict.h"
#include "request.h"
#include "size.h"
#include "store.h"

#define CAP 20
#define LONG 300 /* bytes; is not overwritten where it stands */

static const char value[LONG];

FIXTURE(evict)
{
	struct door door;
	int fd;
};

FIXTURE_VARIANT(evict)
{
	enum door_kind kind;
	unsigned int how;
};

/* clang-format off */
FIXTURE_VARIANT_ADD(evict, ioctl) {
	.kind = DOOR_IOCTL_REQ,
};

FIXTURE_VARIANT_ADD(evict, uring) {
	.kind = DOOR_URING_REQ,
};

FIXTURE_VARIANT_ADD(evict, uring_async) {
	.kind = DOOR_URING_VEC, .how = DOOR_ASYNC,
};

/* clang-format on */

FIXTURE_SETUP(evict)
{
	self->fd = evict_make(0, CAP);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, door_attach(&self->door, variant->kind, variant->how,
				 self->fd));
}

FIXTURE_TEARDOWN(evict)
{
	door_detach(&self->door);
	close(self->fd);
	store_clear(EVICT_STORE);
}

static int put_len(struct _test_data_evict *self, unsigned int number,
		   size_t len, __u32 flags)
{
	struct kvs_req req = evict_put(number, value, len);
	struct kvs_res res;

	return door_do(&self->door, req_flags(req, flags), &res);
}

static int put(struct _test_data_evict *self, unsigned int number)
{
	return put_len(self, number, 8, 0);
}

static int get(struct _test_data_evict *self, unsigned int number, __u32 flags)
{
	struct kvs_req req = evict_req(KVS_GET, number);
	struct kvs_res res;

	return door_do(&self->door, req_flags(req, flags), &res);
}

/* Puts @count keys from @first on; how many it could. */
static unsigned int put_from(struct _test_data_evict *self, unsigned int first,
			     unsigned int count)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		if (put(self, first + i))
			break;
	return i;
}

/* How many of the keys from @first to @end are there. */
static unsigned int count_from(struct _test_data_evict *self,
			       unsigned int first, unsigned int end)
{
	unsigned int count = 0;

	for (; first < end; first++)
		count += evict_has(self->fd, first);
	return count;
}

TEST_F(evict, unvisited_in_the_order_they_came)
{
	unsigned int i;

	ASSERT_EQ(CAP, put_from(self, 0, CAP));
	EXPECT_EQ(0ULL, evict_stats(self->fd).evictions);
	for (i = 0; i < 3 * CAP; i++) {
		ASSERT_EQ(0, put(self, CAP + i));
		EXPECT_FALSE(evict_has(self->fd, i));
		EXPECT_TRUE(evict_has(self->fd, i + 1));
		EXPECT_EQ(i + 1, evict_stats(self->fd).evictions);
		EXPECT_EQ((__u64)CAP, store_entries(self->fd));
	}
}

TEST_F(evict, visited_stay_and_the_hand_goes_on)
{
	ASSERT_EQ(CAP, put_from(self, 0, CAP));
	ASSERT_EQ(0, get(self, 0, 0));
	ASSERT_EQ(0, get(self, 1, 0));
	ASSERT_EQ(0, get(self, 3, 0));
	ASSERT_EQ(0, put(self, CAP));
	EXPECT_FALSE(evict_has(self->fd, 2));
	/* 0 and 1 were passed, 3 is next: the hand does not go back */
	ASSERT_EQ(0, put(self, CAP + 1));
	EXPECT_FALSE(evict_has(self->fd, 4));
	EXPECT_EQ(4U, count_from(self, 0, 6));
	/* All to the newest, and then the oldest again */
	ASSERT_EQ(CAP - 5, put_from(self, CAP + 2, CAP - 5));
	EXPECT_EQ(3U, count_from(self, 0, CAP));
	ASSERT_EQ(2, put_from(self, 100, 2));
	EXPECT_EQ(3U, count_from(self, 0, CAP));
}

TEST_F(evict, no_trace_of_those_who_leave_none)
{
	struct kvs_res res;

	ASSERT_EQ(CAP, put_from(self, 0, CAP));
	EXPECT_EQ(0U, evict_flags(self->fd, 0));
	ASSERT_EQ(0, get(self, 0, KVS_F_NO_TOUCH));
	ASSERT_EQ(0, put(self, 1));
	ASSERT_EQ(0, door_do(&self->door, evict_req(KVS_STAT, 2), &res));
	EXPECT_EQ(0U, evict_flags(self->fd, 0));
	EXPECT_EQ(0U, evict_flags(self->fd, 1));
	EXPECT_EQ(0U, evict_flags(self->fd, 2));
	ASSERT_EQ(3, put_from(self, CAP, 3));
	EXPECT_EQ(0U, count_from(self, 0, 3));
	EXPECT_EQ(3ULL, evict_stats(self->fd).evicted_unfetched);
}

TEST_F(evict, visited_and_fetched)
{
	const __u32 both = KVS_STAT_VISITED | KVS_STAT_FETCHED;

	ASSERT_EQ(CAP, put_from(self, 0, CAP));
	ASSERT_EQ(0, get(self, 0, 0));
	EXPECT_EQ(both, evict_flags(self->fd, 0));
	ASSERT_EQ(0, put(self, CAP));
	EXPECT_EQ(KVS_STAT_FETCHED, evict_flags(self->fd, 0));
	ASSERT_EQ(0, get(self, 0, 0));
	EXPECT_EQ(both, evict_flags(self->fd, 0));
	/* From 2 to the end, and not 0 again before all others */
	ASSERT_EQ(CAP - 2, put_from(self, CAP + 1, CAP - 2));
	EXPECT_EQ(CAP - 1ULL, evict_stats(self->fd).evicted_unfetched);
	EXPECT_EQ(CAP - 1ULL, evict_stats(self->fd).evictions);
	EXPECT_EQ(both, evict_flags(self->fd, 0));
}

/* Where it stands, in other memory, and with a copy made for a deadline. */
TEST_F(evict, replacement_keeps_place_and_bit)
{
	struct kvs_req touch = evict_req(KVS_TOUCH, 3);
	struct kvs_res res;

	ASSERT_EQ(CAP, put_from(self, 0, CAP));
	ASSERT_EQ(0, get(self, 1, 0));
	ASSERT_EQ(0, get(self, 3, 0));
	ASSERT_EQ(0, put_len(self, 0, LONG, 0));
	ASSERT_EQ(0, put_len(self, 1, LONG, 0));
	ASSERT_EQ(0, put(self, 2));
	ASSERT_EQ(0, door_do(&self->door, req_ttl(touch, 1ULL << 50), &res));
	EXPECT_EQ(0U, evict_flags(self->fd, 0));
	EXPECT_EQ(KVS_STAT_VISITED | KVS_STAT_FETCHED,
		  evict_flags(self->fd, 1));
	EXPECT_EQ(KVS_STAT_VISITED | KVS_STAT_FETCHED,
		  evict_flags(self->fd, 3));
	EXPECT_EQ(0ULL, evict_stats(self->fd).evictions);
	ASSERT_EQ(3, put_from(self, CAP, 3));
	EXPECT_FALSE(evict_has(self->fd, 0));
	EXPECT_TRUE(evict_has(self->fd, 1));
	EXPECT_FALSE(evict_has(self->fd, 2));
	EXPECT_TRUE(evict_has(self->fd, 3));
	EXPECT_FALSE(evict_has(self->fd, 4));
}

/* The one under the hand goes: the hand is at the next. */
TEST_F(evict, deletion_under_the_hand)
{
	struct kvs_res res;

	ASSERT_EQ(CAP + 1, put_from(self, 0, CAP + 1));
	ASSERT_EQ(0, door_do(&self->door, evict_req(KVS_DELETE, 1), &res));
	ASSERT_EQ(2, put_from(self, 100, 2));
	EXPECT_FALSE(evict_has(self->fd, 2));
	EXPECT_TRUE(evict_has(self->fd, 3));
	EXPECT_EQ(2ULL, evict_stats(self->fd).evictions);
}

TEST_F(evict, everything_visited)
{
	unsigned int i;

	ASSERT_EQ(CAP, put_from(self, 0, CAP));
	for (i = 0; i < CAP; i++)
		ASSERT_EQ(0, get(self, i, 0));
	ASSERT_EQ(0, put(self, CAP));
	EXPECT_FALSE(evict_has(self->fd, 0));
	EXPECT_EQ(0ULL, evict_stats(self->fd).evicted_unfetched);
	EXPECT_EQ(KVS_STAT_FETCHED, evict_flags(self->fd, 1));
}

/* One call passes 64, and takes the one that it is at. */
TEST_F(evict, hand_passes_64)
{
	const unsigned int many = 3 * EVICT_PASSES;
	struct kvs_alter alter = { .set = KVS_SET_MAX_ENTRIES,
				   .max_entries = many };
	unsigned int i;

	ASSERT_EQ(0, store_alter(self->fd, alter));
	ASSERT_EQ(many, put_from(self, 0, many));
	for (i = 0; i < many; i++)
		ASSERT_EQ(0, get(self, i, 0));
	ASSERT_EQ(0, put(self, many));
	EXPECT_EQ(many - 1, count_from(self, 0, many));
	EXPECT_FALSE(evict_has(self->fd, EVICT_PASSES));
	EXPECT_EQ(KVS_STAT_FETCHED, evict_flags(self->fd, EVICT_PASSES - 1));
	EXPECT_EQ(KVS_STAT_FETCHED | KVS_STAT_VISITED,
		  evict_flags(self->fd, EVICT_PASSES + 1));
	ASSERT_EQ(0, put(self, many + 1));
	EXPECT_FALSE(evict_has(self->fd, 2 * EVICT_PASSES + 1));
	EXPECT_EQ(many - 2, count_from(self, 0, many));
}

/* After a cap was lowered what is too much goes with the next that comes. */
TEST_F(evict, lowered_cap)
{
	struct kvs_alter alter = { .set = KVS_SET_MAX_ENTRIES,
				   .max_entries = CAP / 2 };

	ASSERT_EQ(CAP, put_from(self, 0, CAP));
	ASSERT_EQ(0, store_alter(self->fd, alter));
	EXPECT_EQ((__u64)CAP, store_entries(self->fd));
	ASSERT_EQ(0, put(self, CAP));
	EXPECT_EQ(CAP / 2ULL, store_entries(self->fd));
	EXPECT_EQ(CAP / 2 + 1ULL, evict_stats(self->fd).evictions);
}

/* Only what was put while the store evicts, and only then. */
TEST_F(evict, policy_altered)
{
	struct kvs_alter alter = { .set = KVS_SET_POLICY };
	unsigned int i;

	ASSERT_EQ(CAP / 2, put_from(self, 0, CAP / 2));
	ASSERT_EQ(0, store_alter(self->fd, alter));
	ASSERT_EQ(CAP / 2, put_from(self, CAP / 2, CAP / 2));
	EXPECT_EQ(-ENOSPC, put(self, CAP));
	EXPECT_EQ(0ULL, evict_stats(self->fd).evictions);
	EXPECT_EQ(1ULL, evict_stats(self->fd).rejected_entries);
	alter.policy = KVS_POLICY_EVICT;
	ASSERT_EQ(0, store_alter(self->fd, alter));
	for (i = 0; i < CAP / 2; i++) {
		ASSERT_EQ(0, put(self, CAP + i));
		EXPECT_FALSE(evict_has(self->fd, i));
	}
	ASSERT_EQ(2 * CAP, put_from(self, 100, 2 * CAP));
	EXPECT_EQ(CAP / 2U, count_from(self, CAP / 2, CAP));
	/* One that is put again is one of those that may go */
	ASSERT_EQ(0, put(self, CAP / 2));
	ASSERT_EQ(2 * CAP, put_from(self, 200, 2 * CAP));
	EXPECT_EQ(CAP / 2U - 1, count_from(self, CAP / 2, CAP));
}

TEST_F(evict, told_of)
{
	struct kvs_alter alter = { .set = KVS_SET_POLICY };
	struct kvs_list_item item;

	ASSERT_TRUE(store_find(self->fd, 0, EVICT_STORE, &item));
	EXPECT_EQ(KVS_STORE_EVICTS, item.flags);
	ASSERT_EQ(0, store_alter(self->fd, alter));
	ASSERT_TRUE(store_find(self->fd, 0, EVICT_STORE, &item));
	EXPECT_EQ(0U, item.flags);
	alter.policy = KVS_POLICY_EVICT + 1;
	EXPECT_EQ(-EINVAL, store_alter(self->fd, alter));
	alter = (struct kvs_alter){ .set = KVS_SET_MAX_PINNED,
				    .max_pinned = ~0ULL };
	EXPECT_EQ(-EINVAL, store_alter(self->fd, alter));
}

/* The model: entries by age, and a hand. */
#define KEYS 60

struct sieve {
	int newer[KEYS], older[KEYS]; /* -1: the end */
	bool listed[KEYS], pinned[KEYS], visited[KEYS], fetched[KEYS];
	int newest, oldest, hand;
	unsigned int entries;
	__u64 evictions, unfetched;
};

static void sieve_list(struct sieve *sieve, int key)
{
	sieve->newer[key] = -1;
	sieve->older[key] = sieve->newest;
	if (sieve->newest >= 0)
		sieve->newer[sieve->newest] = key;
	else
		sieve->oldest = key;
	sieve->newest = key;
	sieve->listed[key] = true;
}

static void sieve_unlist(struct sieve *sieve, int key)
{
	int newer = sieve->newer[key], older = sieve->older[key];

	if (sieve->hand == key)
		sieve->hand = newer;
	if (newer >= 0)
		sieve->older[newer] = older;
	else
		sieve->newest = older;
	if (older >= 0)
		sieve->newer[older] = newer;
	else
		sieve->oldest = newer;
	sieve->listed[key] = false;
}

static void sieve_remove(struct sieve *sieve, int key)
{
	if (sieve->listed[key])
		sieve_unlist(sieve, key);
	sieve->pinned[key] = false;
	sieve->visited[key] = false;
	sieve->fetched[key] = false;
	sieve->entries--;
}

static bool sieve_evict(struct sieve *sieve)
{
	unsigned int passed;
	int key;

	for (passed = 0;; passed++) {
		key = sieve->hand >= 0 ? sieve->hand : sieve->oldest;
		if (key < 0)
			return false;
		sieve->hand = sieve->newer[key];
		if (!sieve->visited[key] || passed == EVICT_PASSES)
			break;
		sieve->visited[key] = false;
	}
	sieve->evictions++;
	sieve->unfetched += !sieve->fetched[key];
	sieve_remove(sieve, key);
	return true;
}

static bool sieve_has(const struct sieve *sieve, int key)
{
	return sieve->listed[key] || sieve->pinned[key];
}

static int sieve_put(struct sieve *sieve, int key, bool pinned)
{
	bool had = sieve_has(sieve, key);

	if (!had && sieve->entries == CAP && !sieve_evict(sieve))
		return -ENOSPC;
	sieve->entries += !had;
	if (pinned && sieve->listed[key]) {
		sieve_unlist(sieve, key);
		sieve->visited[key] = false;
	} else if (!pinned && !sieve->listed[key]) {
		sieve_list(sieve, key);
	}
	sieve->pinned[key] = pinned;
	return 0;
}

static int sieve_get(struct sieve *sieve, int key)
{
	if (!sieve_has(sieve, key))
		return -ENOENT;
	sieve->fetched[key] = true;
	if (sieve->listed[key])
		sieve->visited[key] = true;
	return 0;
}

static int sieve_delete(struct sieve *sieve, int key)
{
	if (!sieve_has(sieve, key))
		return -ENOENT;
	sieve_remove(sieve, key);
	return 0;
}

static bool sieve_agrees(const struct sieve *sieve, int fd, int key)
{
	__u32 flags = evict_flags(fd, key);
	__u32 want = 0;

	if (!sieve_has(sieve, key))
		return flags == ~0U;
	if (sieve->visited[key])
		want |= KVS_STAT_VISITED;
	if (sieve->fetched[key])
		want |= KVS_STAT_FETCHED;
	if (sieve->pinned[key])
		want |= KVS_STAT_PINNED;
	return flags == want;
}

/* Half of the operations put, a few of those pinned; most others get. */
TEST_F(evict, model)
{
	struct sieve sieve = { .newest = -1, .oldest = -1, .hand = -1 };
	const long steps = kvs_test_size("EVICT_STEPS");
	unsigned int random = 1;
	struct kvs_res res;
	int want, got, key, i;
	long step;

	for (step = 0; step < steps; step++) {
		unsigned int draw = rand_r(&random) % 100;
		__u32 flags = draw < 4 ? KVS_F_PINNED : 0;
		size_t len = draw % 2 ? LONG : 8;

		key = rand_r(&random) % KEYS;
		if (draw < 50) {
			want = sieve_put(&sieve, key, flags);
			got = put_len(self, key, len, flags);
		} else if (draw < 90) {
			want = sieve_get(&sieve, key);
			got = get(self, key, 0);
		} else {
			want = sieve_delete(&sieve, key);
			got = door_do(&self->door, evict_req(KVS_DELETE, key),
				      &res);
		}
		ASSERT_EQ(want, got)
		{
			TH_LOG("step %ld, key %d, draw %u", step, key, draw);
		}
		for (i = 0; i < KEYS && !(step % 10); i++)
			ASSERT_TRUE(sieve_agrees(&sieve, self->fd, i))
			{
				TH_LOG("step %ld: key %d", step, i);
			}
	}
	EXPECT_EQ(sieve.evictions, evict_stats(self->fd).evictions);
	EXPECT_EQ(sieve.unfetched, evict_stats(self->fd).evicted_unfetched);
	EXPECT_LT(steps / 20, (long)sieve.evictions);
}

TEST_HARNESS_MAIN
