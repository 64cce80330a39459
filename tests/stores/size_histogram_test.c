// SPDX-License-Identifier: GPL-2.0-only
/*
 * The histogram of sizes is that of the entries that are there: as a model has
 * it, whatever came, changed, was replaced, ended or went.
 */
#include <time.h>
#include <unistd.h>

#include <kselftest_harness.h>

#include "control.h"
#include "crew.h"
#include "door.h"
#include "histogram.h"
#include "request.h"
#include "size.h"
#include "store.h"
#include "txn.h"

#define STORE "sizes"
#define STAGING "sizes.staging"
#define KEY_SIZE 16

FIXTURE(sizes)
{
	int fd;
	__u32 number;
};

FIXTURE_SETUP(sizes)
{
	struct kvs_info info;

	self->fd = store_make(STORE);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, control_info(self->fd, &info));
	self->number = info.store_number;
}

FIXTURE_TEARDOWN(sizes)
{
	close(self->fd);
	store_clear(STORE);
}

static char value[1 << 20];

/**
 * struct model - the entries that there should be
 * @count: by bucket
 * @sum: bytes
 */
struct model {
	__u64 count[KVS_HISTOGRAM_BUCKETS];
	__u64 sum;
};

static bool add_to_model(struct model *model, int fd, const char *key,
			 __u32 buckets)
{
	struct kvs_stat stat;

	if (control_request(fd, req_stat(key, &stat)))
		return false;
	model->count[histogram_bucket(stat.charged, buckets)]++;
	model->sum += stat.charged;
	return true;
}

static void expect_model(struct __test_metadata *_metadata, int fd,
			 const struct model *model)
{
	struct kvs_histogram sizes;
	int i;

	ASSERT_EQ(0, histogram_take(fd, KVS_HISTOGRAM_SIZE, 0, &sizes));
	EXPECT_EQ(26U, sizes.out_buckets);
	EXPECT_EQ(1U, sizes.out_unit);
	EXPECT_EQ(model->sum, sizes.out_sum);
	EXPECT_TRUE(histogram_sum_fits(&sizes));
	for (i = 0; i < KVS_HISTOGRAM_BUCKETS; i++) {
		EXPECT_EQ(model->count[i], sizes.out_count[i])
		{
			TH_LOG("bucket %d", i);
		}
	}
}

/* Just these keys are there. */
static void expect_keys(struct __test_metadata *_metadata,
			struct _test_data_sizes *self, const char *const *keys)
{
	struct model model = {};
	__u64 count = 0;

	for (; *keys; keys++, count++)
		ASSERT_TRUE(add_to_model(&model, self->fd, *keys, 26))
		{
			TH_LOG("%s", *keys);
		}
	EXPECT_EQ(count, store_entries(self->fd));
	expect_model(_metadata, self->fd, &model);
}

/* NULL where none is. */
#define EXPECT_KEYS(...) \
	expect_keys(_metadata, self, (const char *const[]){ __VA_ARGS__, NULL })

static int put(int fd, const char *key, __u32 len)
{
	return control_request(fd, req_put(key, value, len));
}

/* From the smallest entry there is to the largest one. */
TEST_F(sizes, every_power_of_two)
{
	struct kvs_alter alter = { .set = KVS_SET_MAX_VALUE,
				   .max_value = KVS_MAX_VALUE };
	static char large[KVS_MAX_VALUE];
	struct kvs_histogram sizes;
	struct kvs_stat stat;
	__u32 len, bucket;

	ASSERT_EQ(0, store_alter(self->fd, alter));
	EXPECT_KEYS(NULL);
	for (len = 1; len <= KVS_MAX_VALUE; len *= 2) {
		ASSERT_EQ(0,
			  control_request(self->fd, req_put("k", large, len)));
		ASSERT_EQ(0, control_request(self->fd, req_stat("k", &stat)));
		EXPECT_LT(len, stat.charged);
		ASSERT_EQ(0, histogram_take(self->fd, KVS_HISTOGRAM_SIZE, 0,
					    &sizes));
		bucket = histogram_bucket(stat.charged, sizes.out_buckets);
		EXPECT_EQ(1ULL, sizes.out_count[bucket]);
		EXPECT_EQ(stat.charged, sizes.out_sum);
		EXPECT_KEYS("k");
	}
	EXPECT_EQ(sizes.out_buckets - 1, bucket);
	ASSERT_EQ(0, control_request(self->fd, req_delete("k")));
	EXPECT_KEYS(NULL);
}

TEST_F(sizes, what_is_written_again)
{
	struct kvs_req append = req_put("a", value, 200);

	append.flags |= KVS_F_APPEND;
	ASSERT_EQ(0, put(self->fd, "a", 100));
	ASSERT_EQ(0, put(self->fd, "b", 5000));
	EXPECT_KEYS("a", "b");
	/* In place, longer, shorter, and another kind */
	ASSERT_EQ(0, put(self->fd, "a", 10));
	ASSERT_EQ(0, put(self->fd, "b", 50000));
	EXPECT_KEYS("a", "b");
	ASSERT_EQ(0, control_request(self->fd, append));
	EXPECT_KEYS("a", "b");
	ASSERT_EQ(0, control_request(self->fd, append));
	ASSERT_EQ(0, put(self->fd, "b", 1));
	EXPECT_KEYS("a", "b");
	ASSERT_EQ(0, control_request(self->fd, req_delete("a")));
	ASSERT_EQ(0, control_request(self->fd, req_add_create("a", 1)));
	ASSERT_EQ(0, control_request(self->fd, req_add("a", 1)));
	EXPECT_KEYS("a", "b");
}

/* A deadline takes room of its own. */
TEST_F(sizes, deadlines)
{
	const __u64 hour = 3600ULL * 1000000000;
	struct kvs_req touch = req_ttl(req_touch("a", KVS_TOUCH_SET), hour);
	int ms;

	ASSERT_EQ(0, put(self->fd, "a", 300));
	ASSERT_EQ(0, control_request(self->fd, touch));
	ASSERT_EQ(0, control_request(self->fd,
				     req_ttl(req_put_str("b", "v"), 1000000)));
	ASSERT_EQ(0, put(self->fd, "c", 3000));
	for (ms = 0; ms < 5000 && store_entries(self->fd) > 2; ms++)
		usleep(1000);
	EXPECT_KEYS("a", "c");
}

/* What is not done is not counted. */
TEST_F(sizes, refused)
{
	struct kvs_alter alter = { .set = KVS_SET_MAX_ENTRIES,
				   .max_entries = 1 };
	struct kvs_req create = req_put("a", value, 5000);

	create.flags |= KVS_F_CREATE;
	ASSERT_EQ(0, put(self->fd, "a", 100));
	ASSERT_EQ(0, store_alter(self->fd, alter));
	EXPECT_EQ(-EEXIST, control_request(self->fd, create));
	EXPECT_EQ(-ENOSPC, put(self->fd, "b", 100));
	EXPECT_EQ(-ENOENT, control_request(self->fd, req_delete("b")));
	EXPECT_EQ(-EFBIG,
		  control_request(self->fd, req_put("a", value, 1 << 21)));
	EXPECT_KEYS("a");
}

TEST_F(sizes, transactions)
{
	struct kvs_alter alter = { .set = KVS_SET_MAX_ENTRIES,
				   .max_entries = 4 };
	static struct txn txn;
	struct door door;

	ASSERT_EQ(0, door_attach(&door, DOOR_IOCTL_REQ, 0, self->fd));
	ASSERT_EQ(0, put(self->fd, "a", 100));
	ASSERT_EQ(0, put(self->fd, "b", 100));
	txn_do(&txn, TXN_THEN, req_put("a", value, 7000));
	txn_do(&txn, TXN_THEN, req_delete("b"));
	txn_do(&txn, TXN_THEN, req_put("c", value, 1000));
	txn_do(&txn, TXN_THEN, req_add_create("d", 1));
	ASSERT_EQ(0, txn_run(&txn, &door));
	EXPECT_KEYS("a", "c", "d");
	/* There is an "a", and so nothing is done */
	memset(&txn, 0, sizeof(txn));
	txn_do(&txn, TXN_THEN, req_put("e", value, 300));
	txn_do(&txn, TXN_THEN, req_put("c", value, 10));
	txn_do(&txn, TXN_THEN,
	       req_flags(req_put("a", value, 10), KVS_F_CREATE));
	EXPECT_EQ(-EEXIST, txn_run(&txn, &door));
	EXPECT_KEYS("a", "c", "d");
	/* One of the two finds a place and gives it back */
	ASSERT_EQ(0, store_alter(self->fd, alter));
	memset(&txn, 0, sizeof(txn));
	txn_do(&txn, TXN_THEN, req_put("e", value, 300));
	txn_do(&txn, TXN_THEN, req_put("f", value, 3000));
	EXPECT_EQ(-ENOSPC, txn_run(&txn, &door));
	EXPECT_KEYS("a", "c", "d");
	door_detach(&door);
}

/* Contents take their sizes with them. */
TEST_F(sizes, flush_and_publish)
{
	int staging = store_stage(self->fd, STAGING);
	struct model none = {}, staged = {};

	ASSERT_LE(0, staging);
	ASSERT_EQ(0, put(self->fd, "a", 100));
	ASSERT_EQ(0, put(staging, "b", 1000));
	ASSERT_EQ(0, put(staging, "c", 10000));
	ASSERT_EQ(0, store_publish(self->fd));
	EXPECT_KEYS("b", "c");
	ASSERT_TRUE(add_to_model(&staged, staging, "a", 26));
	expect_model(_metadata, staging, &staged);
	ASSERT_EQ(0, control_request(staging, req_delete("a")));
	expect_model(_metadata, staging, &none);
	ASSERT_EQ(0, store_flush(self->fd));
	EXPECT_KEYS(NULL);
	ASSERT_EQ(0, put(self->fd, "d", 100));
	EXPECT_KEYS("d");
	close(staging);
}

TEST_F(sizes, in_sysfs)
{
	struct kvs_histogram sizes;
	int i;

	for (i = 0; i < 20; i++) {
		char key[KEY_SIZE];

		snprintf(key, sizeof(key), "%d", i);
		ASSERT_EQ(0, put(self->fd, key, 1 << i));
	}
	ASSERT_EQ(0, histogram_take(self->fd, KVS_HISTOGRAM_SIZE, 0, &sizes));
	EXPECT_TRUE(histogram_is_file(&sizes, self->number, "entry_sizes"));
}

#define MEMBERS 4
#define KEYS 100
#define BATCH 64
#define ABSENT UINT32_MAX

/**
 * struct member - one of those that write at the same time, to keys of its own
 * @fd: handle
 * @rounds: batches
 * @len: lengths of the values of its keys, or ABSENT
 * @puts, @deletes, @hits, @misses: what it was told
 * @seed: of what it draws
 */
struct member {
	int fd;
	long rounds;
	__u32 len[KEYS];
	__u64 puts, deletes, hits, misses;
	unsigned int seed;
};

static void key_of(char *key, unsigned int member, unsigned int number)
{
	snprintf(key, KEY_SIZE, "%u.%u", member, number);
}

/* Most values are small, as they are elsewhere. */
static __u32 draw_len(unsigned int *seed)
{
	return rand_r(seed) % (1 << rand_r(seed) % 13);
}

static struct kvs_req draw(struct member *member, const char *key)
{
	switch (rand_r(&member->seed) % 4) {
	case 0:
		return req_delete(key);
	case 1:
		return req_get(key, NULL, 0);
	default:
		return req_put(key, value, draw_len(&member->seed));
	}
}

/* Is the answer what the model wants? The model follows. */
static bool follow(struct member *member, __u32 *len, const struct kvs_req *req,
		   const struct kvs_res *res)
{
	int want = *len == ABSENT ? -ENOENT : 0;

	switch (req->verb) {
	case KVS_PUT:
		*len = req->value_len;
		member->puts++;
		return !res->status;
	case KVS_DELETE:
		member->deletes += !want;
		*len = ABSENT;
		return res->status == want;
	default:
		member->hits += !want;
		member->misses += !!want;
		return res->status == want && (want || res->len == *len);
	}
}

static int play(unsigned int number, void *arg)
{
	struct member *member = (struct member *)arg + number;
	struct kvs_res results[BATCH] = {};
	struct kvs_req reqs[BATCH];
	unsigned int keys[BATCH];
	char key[KEY_SIZE];
	long round;
	int i;

	for (round = 0; round < member->rounds; round++) {
		for (i = 0; i < BATCH; i++) {
			keys[i] = rand_r(&member->seed) % KEYS;
			key_of(key, number, keys[i]);
			reqs[i] = req_result(draw(member, key), &results[i]);
		}
		if (control_batch(member->fd, reqs, BATCH))
			return -1;
		for (i = 0; i < BATCH; i++)
			if (!follow(member, &member->len[keys[i]], &reqs[i],
				    &results[i]))
				return -1;
	}
	return 0;
}

static void prepare_members(struct member *members, int fd)
{
	int i, key;

	for (i = 0; i < MEMBERS; i++) {
		members[i] = (struct member){
			.fd = fd,
			.rounds = kvs_test_size("STATS_OPS") / MEMBERS / BATCH,
			.seed = 4711 + i,
		};
		for (key = 0; key < KEYS; key++)
			members[i].len[key] = ABSENT;
	}
}

/* Each key is there or not as its member has it. */
static void sum_members(struct __test_metadata *_metadata,
			const struct member *members, struct model *model)
{
	char key[KEY_SIZE];
	int i, k;

	for (i = 0; i < MEMBERS; i++) {
		for (k = 0; k < KEYS; k++) {
			key_of(key, i, k);
			ASSERT_EQ(members[i].len[k] != ABSENT,
				  add_to_model(model, members[i].fd, key, 26))
			{
				TH_LOG("%s", key);
			}
		}
	}
}

TEST_F_TIMEOUT(sizes, after_many_operations, 240)
{
	static struct member members[MEMBERS];
	struct kvs_store_stats stats;
	struct member sum = {};
	struct model model = {};
	int i;

	prepare_members(members, self->fd);
	EXPECT_EQ(0, crew_threads(MEMBERS, play, members));
	ASSERT_EQ(0, store_stats(self->fd, &stats));
	for (i = 0; i < MEMBERS; i++) {
		sum.puts += members[i].puts;
		sum.deletes += members[i].deletes;
		sum.hits += members[i].hits;
		sum.misses += members[i].misses;
	}
	EXPECT_LT(0ULL, sum.misses);
	EXPECT_EQ(sum.puts, stats.puts);
	EXPECT_EQ(sum.deletes, stats.deletes);
	EXPECT_EQ(sum.hits, stats.hits);
	EXPECT_EQ(sum.misses, stats.misses);
	EXPECT_EQ(0ULL, stats.misses_expired);
	EXPECT_EQ(stats.puts + stats.deletes, stats.version);
	sum_members(_metadata, members, &model);
	expect_model(_metadata, self->fd, &model);
	EXPECT_TRUE(store_falls_to(self->fd, model.sum, 20));
	EXPECT_EQ(model.sum, store_bytes(self->fd));
}

TEST_HARNESS_MAIN
