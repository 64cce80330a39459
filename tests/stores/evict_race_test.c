// SPDX-License-Identifier: GPL-2.0-only
/*
 * Eviction while others read, write, and do things to the store as a whole.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <kselftest_harness.h>

#include "control.h"
#include "crew.h"
#include "evict.h"
#include "request.h"
#include "size.h"
#include "store.h"

#define MAX_BYTES (1 << 18)
#define KEYS 1000
#define LEN 900
#define WRITERS 4
#define STAGING EVICT_STORE ".next"

/* What a crew works at. */
struct work {
	int fd;
	long turns;
	int ended; /* writers who have */
	__u64 most; /* of what a watcher saw */
	unsigned int hits;
};

FIXTURE(race)
{
	struct work work;
};

FIXTURE_SETUP(race)
{
	self->work = (struct work){
		.fd = evict_make(MAX_BYTES, 0),
		.turns = kvs_test_size("EVICT_TURNS"),
	};
	ASSERT_LE(0, self->work.fd);
}

FIXTURE_TEARDOWN(race)
{
	close(self->work.fd);
	store_clear(STAGING);
	store_clear(EVICT_STORE);
}

/* The whole of a value says whose it is. */
static void fill_value(char *value, unsigned int number, size_t len)
{
	memset(value, 'a' + number % 26, len);
}

static bool value_is_of(const char *value, unsigned int number, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (value[i] != (char)('a' + number % 26))
			return false;
	return true;
}

/* Writers put; ENOSPC is no answer while there is something to evict. */
static int write_values(struct work *work, unsigned int seed)
{
	static const size_t lens[] = { LEN, 40, 250, 5000 };
	char value[5000];
	long i;
	int ret;

	for (i = 0; i < work->turns; i++) {
		unsigned int draw = rand_r(&seed);
		unsigned int number = draw % KEYS;
		size_t len = lens[draw / KEYS % ARRAY_SIZE(lens)];

		fill_value(value, number, len);
		ret = control_request(work->fd, evict_put(number, value, len));
		if (ret) {
			printf("# PUT: %d at turn %ld\n", ret, i);
			return 1;
		}
	}
	return 0;
}

static int read_values(struct work *work, unsigned int seed)
{
	char value[5000];

	while (__atomic_load_n(&work->ended, __ATOMIC_ACQUIRE) < WRITERS) {
		unsigned int number = rand_r(&seed) % KEYS;
		struct kvs_req req = evict_req(KVS_GET, number);
		struct kvs_res res;
		int ret;

		req.value = addr_of(value);
		req.value_len = sizeof(value);
		ret = control_request(work->fd, req_result(req, &res));
		if (ret && ret != -ENOENT)
			return 1;
		if (!ret && !value_is_of(value, number, res.len))
			return 1;
		work->hits += !ret;
	}
	return 0;
}

static int watch_bytes(struct work *work)
{
	while (__atomic_load_n(&work->ended, __ATOMIC_ACQUIRE) < WRITERS) {
		__u64 bytes = store_bytes(work->fd);

		if (bytes > work->most)
			work->most = bytes;
	}
	return 0;
}

/* Of six, four write, one reads and one watches. */
static int one_of_six(unsigned int member, void *arg)
{
	struct work *work = arg;
	int ret;

	if (member == WRITERS)
		return read_values(work, member);
	if (member > WRITERS)
		return watch_bytes(work);
	ret = write_values(work, member + 1);
	__atomic_fetch_add(&work->ended, 1, __ATOMIC_RELEASE);
	return ret;
}

TEST_F(race, never_over_the_cap)
{
	struct work *work = &self->work;
	struct kvs_store_stats stats;

	EXPECT_EQ(0, crew_threads(WRITERS + 2, one_of_six, work));
	stats = evict_stats(work->fd);
	EXPECT_GE((__u64)MAX_BYTES, work->most);
	EXPECT_LT(MAX_BYTES / 2ULL, work->most);
	EXPECT_LT(0U, work->hits);
	EXPECT_EQ((__u64)WRITERS * work->turns, stats.puts);
	EXPECT_LT(0ULL, stats.evictions);
	EXPECT_GE(stats.evictions, stats.evicted_unfetched);
	printf("# %llu evicted, at most %llu bytes, %llu refused\n",
	       stats.evictions, work->most, stats.rejected_bytes);
}

/* The same at a cap of entries. */
static int insert_and_count(unsigned int member, void *arg)
{
	struct work *work = arg;
	long i;

	for (i = 0; i < work->turns; i++) {
		unsigned int number = member * 100000 + i % 90000;

		if (control_request(work->fd, evict_put(number, "v", 1)) ||
		    store_entries(work->fd) > KEYS / 10)
			return 1;
	}
	return 0;
}

TEST_F(race, never_over_the_cap_of_entries)
{
	struct kvs_alter alter = { .set = KVS_SET_MAX_ENTRIES,
				   .max_entries = KEYS / 10 };
	struct work *work = &self->work;
	struct kvs_store_stats stats;

	ASSERT_EQ(0, store_alter(work->fd, alter));
	EXPECT_EQ(0, crew_threads(WRITERS, insert_and_count, work));
	stats = evict_stats(work->fd);
	EXPECT_EQ(stats.puts, stats.evictions + stats.entries);
	EXPECT_EQ(0ULL, stats.rejected_entries);
}

/* Of two, one writes, and one does things to the store meanwhile. */
typedef int act_fn(struct work *work, unsigned int turn);

struct acts {
	struct work *work;
	act_fn *act;
};

static int one_of_two(unsigned int member, void *arg)
{
	struct acts *acts = arg;
	struct work *work = acts->work;
	unsigned int turn = 0;
	int ret = 0;

	if (!member) {
		ret = write_values(work, 1);
		__atomic_fetch_add(&work->ended, WRITERS, __ATOMIC_RELEASE);
		return ret;
	}
	while (!ret &&
	       __atomic_load_n(&work->ended, __ATOMIC_ACQUIRE) < WRITERS)
		ret = acts->act(work, turn++);
	if (ret)
		printf("# act %u: %d\n", turn, ret);
	return ret;
}

static int flush(struct work *work, unsigned int turn)
{
	usleep(turn % 5 * 1000);
	return store_flush(work->fd);
}

TEST_F(race, flush)
{
	struct acts acts = { &self->work, flush };

	EXPECT_EQ(0, crew_threads(2, one_of_two, &acts));
	EXPECT_LT(0ULL, evict_stats(self->work.fd).flushes);
}

static int publish(struct work *work, unsigned int turn)
{
	usleep(turn % 5 * 1000);
	return store_publish(work->fd);
}

TEST_F(race, publish)
{
	struct kvs_alter alter = { .set = KVS_SET_MAX_BYTES,
				   .max_bytes = MAX_BYTES / 4 };
	struct acts acts = { &self->work, publish };
	int staging;

	/* Few values fill both, even if few are put. */
	ASSERT_EQ(0, store_alter(self->work.fd, alter));
	staging = store_stage(self->work.fd, STAGING);
	ASSERT_LE(0, staging);
	EXPECT_EQ(0, crew_threads(2, one_of_two, &acts));
	EXPECT_LT(0ULL, evict_stats(self->work.fd).publishes);
	/* Whatever came from there and went back, who wrote evicted here */
	EXPECT_LT(0ULL, evict_stats(self->work.fd).evictions);
	EXPECT_EQ(0ULL, evict_stats(staging).evictions);
	EXPECT_EQ(0, store_destroy(staging));
	close(staging);
}

/* Entries with a rank and without, pinned and not, one after the other. */
static int alter(struct work *work, unsigned int turn)
{
	struct kvs_alter wish = { .set = KVS_SET_POLICY | KVS_SET_MAX_BYTES,
				  .policy = turn % 2,
				  .max_bytes = MAX_BYTES };
	unsigned int number = turn % KEYS;
	int ret;

	/* The writer shall find room while nothing is evicted */
	if (wish.policy == KVS_POLICY_REJECT)
		wish.max_bytes *= 8;
	ret = store_alter(work->fd, wish);
	if (ret)
		return ret;
	ret = control_request(work->fd, req_flags(evict_put(number, "p", 1),
						  KVS_F_PINNED));
	if (ret && ret != -ENOSPC)
		return ret;
	ret = control_request(work->fd, evict_req(KVS_DELETE, number));
	return ret == -ENOENT ? 0 : ret;
}

static int put_or_not(unsigned int member, void *arg)
{
	struct acts *acts = arg;
	struct work *work = acts->work;
	unsigned int seed = member, turn;
	char value[LEN] = "";
	int ret = 0;
	long i;

	if (!member) {
		for (turn = 0; !ret && turn < work->turns / 20; turn++)
			ret = alter(work, turn);
		return ret;
	}
	for (i = 0; i < work->turns; i++) {
		unsigned int number = rand_r(&seed) % KEYS;

		ret = control_request(work->fd,
				      evict_put(number, value, sizeof(value)));
		if (ret && ret != -ENOSPC)
			return ret;
	}
	return 0;
}

/* What is pinned is counted to the byte whatever came between. */
TEST_F(race, alter)
{
	struct acts acts = { &self->work, alter };
	int fd = self->work.fd;
	unsigned int i;

	EXPECT_EQ(0, crew_threads(3, put_or_not, &acts));
	for (i = 0; i < KEYS; i++)
		control_request(fd, evict_req(KVS_DELETE, i));
	EXPECT_EQ(0ULL, store_entries(fd));
	EXPECT_EQ(0ULL, evict_stats(fd).pinned_bytes);
	EXPECT_TRUE(store_falls_to(fd, 0, 10));
}

/* A transaction that says so did what it says, whatever the policy is by then. */
static int flip_or_transact(unsigned int member, void *arg)
{
	struct work *work = arg;
	struct kvs_alter wish = { .set = KVS_SET_POLICY };
	__u64 number = 0, found;
	struct kvs_res res, sum;
	struct kvs_req op = evict_put(1, &number, sizeof(number));
	struct kvs_req get = evict_req(KVS_GET, 1);
	struct kvs_txn_args args = {
		.size = sizeof(args),
		.thens = addr_of(&op),
		.then_count = 1,
	};
	struct kvs_req txn =
		req_operands((struct kvs_req){ .verb = KVS_TXN }, &args);

	while (member &&
	       __atomic_load_n(&work->ended, __ATOMIC_ACQUIRE) < WRITERS) {
		wish.policy = !wish.policy;
		if (store_alter(work->fd, wish))
			return 1;
	}
	op = req_result(op, &res);
	get.value = addr_of(&found);
	get.value_len = sizeof(found);
	for (number = 0; !member && number < (__u64)work->turns * 5; number++) {
		if (control_request(work->fd, req_result(txn, &sum)) ||
		    control_request(work->fd, get) || found != number) {
			printf("# turn %llu: %llu\n", number, found);
			__atomic_store_n(&work->ended, WRITERS,
					 __ATOMIC_RELEASE);
			return 1;
		}
	}
	__atomic_store_n(&work->ended, WRITERS, __ATOMIC_RELEASE);
	return 0;
}

TEST_F(race, transact)
{
	EXPECT_EQ(0, crew_threads(2, flip_or_transact, &self->work));
}

/* All of an entry's states meet: deadlines, pins, reads, and room. */
static int do_anything(unsigned int member, void *arg)
{
	struct work *work = arg;
	unsigned int seed = member + 1;
	char value[LEN] = "";
	long i;
	int ret;

	for (i = 0; i < work->turns; i++) {
		unsigned int draw = rand_r(&seed);
		struct kvs_req req =
			evict_put(draw % KEYS, value, sizeof(value));

		switch (draw / KEYS % 8) {
		case 0:
			req = evict_req(KVS_DELETE, draw % KEYS);
			break;
		case 1:
			req = req_ttl(req, draw % 3000000 + 1);
			break;
		case 2:
			req = req_flags(req, KVS_F_PINNED);
			break;
		case 3:
			req = evict_req(KVS_TOUCH, draw % KEYS);
			req = req_ttl(req, 1ULL << 40);
			break;
		case 4:
			req = evict_req(KVS_GET, draw % KEYS);
			break;
		case 5:
			req = req_flags(req, KVS_F_IF_NEWER);
			req.cond = i + 1;
			break;
		}
		ret = control_request(work->fd, req);
		if (ret && ret != -ENOENT && ret != -ESTALE &&
		    !(ret == -ENOSPC && draw / KEYS % 8 < 4)) {
			printf("# %u: %d\n", draw / KEYS % 8, ret);
			return 1;
		}
	}
	return 0;
}

TEST_F(race, anything)
{
	int fd = self->work.fd;
	unsigned int i;

	EXPECT_EQ(0, crew_threads(WRITERS, do_anything, &self->work));
	EXPECT_LT(0ULL, evict_stats(fd).evictions);
	for (i = 0; i < KEYS; i++)
		control_request(fd, evict_req(KVS_DELETE, i));
	EXPECT_EQ(0ULL, store_entries(fd));
	EXPECT_EQ(0ULL, evict_stats(fd).pinned_bytes);
	EXPECT_TRUE(store_falls_to(fd, 0, 10));
}

/* Bytes that wait for a grace period are bounded, whatever the cap. */
#define LARGE (1 << 20)
#define LARGE_CAP (96ULL << 20)
#define WAITING_MAX (32ULL << 20)

static int put_large(unsigned int member, void *arg)
{
	static char value[LARGE];
	struct work *work = arg;
	struct kvs_store_stats stats;
	long i;

	for (i = 0; i < work->turns / 20; i++) {
		unsigned int number = member * 1000 + i;

		if (control_request(work->fd, evict_put(number, value, LARGE)))
			return 1;
		stats = evict_stats(work->fd);
		if (stats.waiting_bytes > work->most)
			work->most = stats.waiting_bytes;
		if (stats.bytes > LARGE_CAP)
			return 1;
	}
	return 0;
}

TEST_F(race, waiting_is_bounded)
{
	struct kvs_alter alter = { .set = KVS_SET_MAX_BYTES,
				   .max_bytes = LARGE_CAP };

	if (store_alter(self->work.fd, alter))
		SKIP(return, "so much is more than the module may take");
	EXPECT_EQ(0, crew_threads(WRITERS, put_large, &self->work));
	EXPECT_LT(0ULL, evict_stats(self->work.fd).evictions);
	printf("# at most %llu bytes waited\n", self->work.most);
	/* One more for each that was let in when there was still room */
	EXPECT_GE(WAITING_MAX + WRITERS * 2 * LARGE, self->work.most);
}

/* It goes while it is written to, and all that it had with it. */
static int write_until_gone(unsigned int member, void *arg)
{
	struct work *work = arg;
	char value[LEN] = "";
	unsigned int i;
	int ret = 0;

	for (i = 0; !ret || ret == -ENOSPC; i++)
		ret = control_request(work->fd,
				      evict_put(member * 100000 + i % 50000,
						value, sizeof(value)));
	return ret != -EIDRM;
}

static int destroy_or_write(unsigned int member, void *arg)
{
	struct work *work = arg;

	if (member < WRITERS)
		return write_until_gone(member, arg);
	usleep(200000);
	return store_destroy(work->fd);
}

TEST_F(race, destroy)
{
	unsigned int rounds;

	for (rounds = 0; rounds < 5; rounds++) {
		EXPECT_EQ(0, crew_threads(WRITERS + 1, destroy_or_write,
					  &self->work));
		close(self->work.fd);
		self->work.fd = evict_make(MAX_BYTES, 0);
		ASSERT_LE(0, self->work.fd);
	}
}

TEST_HARNESS_MAIN
