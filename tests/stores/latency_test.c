// SPDX-License-Identifier: GPL-2.0-only
/*
 * Latencies: each request is counted once while they are measured, and nothing
 * at all otherwise.
 */
#include <stdatomic.h>
#include <stddef.h>
#include <unistd.h>

#include "crew.h"
#include "figures.h"
#include "histogram.h"
#include "request.h"
#include "scan.h"
#include "size.h"
#include "small_fixture.h"
#include "txn.h"

static const struct {
	__u32 verb;
	const char *file;
} measured[] = {
	{ KVS_GET, "latency/get" },
	{ KVS_PUT, "latency/put" },
	{ KVS_DELETE, "latency/delete" },
	{ KVS_ADD, "latency/add" },
	{ KVS_STAT, "latency/stat" },
	{ KVS_XCHG, "latency/xchg" },
	{ KVS_BITOP, "latency/bitop" },
	{ KVS_BUCKET, "latency/bucket" },
	{ KVS_TOUCH, "latency/touch" },
	{ KVS_TXN, "latency/txn" },
	{ KVS_SCAN, "latency/scan" },
	{ KVS_DELETE_RANGE, "latency/delete_range" },
};

static __u64 total(int fd, __u32 verb)
{
	return histogram_total(fd, KVS_HISTOGRAM_LATENCY, verb);
}

static __u32 number_of(int fd)
{
	struct kvs_info info;

	return control_info(fd, &info) ? ~0U : info.store_number;
}

static const struct kvs_bucket_args bucket = {
	.size = sizeof(bucket),
	.interval_ns = 1,
	.burst = 1000,
	.cost = 1,
};

static const struct kvs_bitop_args bitop = {
	.size = sizeof(bitop),
	.op = KVS_BITOP_OR,
	.operand = 1,
	.mask = 1,
};

/* One of each in @txn's stead, @times over. */
static int do_each(struct door *door, int times)
{
	static struct scan scan;
	static struct txn txn;
	struct kvs_req reqs[] = {
		req_put_str("a", "value"),
		req_get("a", NULL, 0),
		req_stat("a", NULL),
		req_touch("a", KVS_TOUCH_PERSIST),
		req_delete("a"),
		req_add_create("n", 1),
		req_number(KVS_XCHG, "n", 1),
		req_operands(req_verb(KVS_BITOP, "n"), &bitop),
		req_flags(req_operands(req_verb(KVS_BUCKET, "b"), &bucket),
			  KVS_F_CREATE),
	};
	struct kvs_res res;
	size_t i;

	scan_begin(&scan, 0);
	memset(&txn, 0, sizeof(txn));
	txn_do(&txn, TXN_THEN, req_put_str("t", "value"));
	txn_do(&txn, TXN_THEN, req_put_str("u", "value"));
	while (times--) {
		for (i = 0; i < ARRAY_SIZE(reqs); i++)
			if (door_do(door, reqs[i], &res))
				return -1;
		/* It has no index: what is refused counts, too. */
		if (scan_page(&scan, door, sizeof(scan.page)) != -EOPNOTSUPP ||
		    scan_delete(&scan, door) != -EOPNOTSUPP ||
		    txn_run(&txn, door))
			return -1;
	}
	return 0;
}

/* Every histogram of latencies, here and in sysfs, has this many. */
static void expect_each(struct __test_metadata *_metadata, int fd,
			__u32 buckets, __u64 want)
{
	struct kvs_histogram taken;
	__u32 number = number_of(fd);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(measured); i++) {
		const char *file = measured[i].file;

		ASSERT_EQ(0, histogram_take(fd, KVS_HISTOGRAM_LATENCY,
					    measured[i].verb, &taken));
		EXPECT_EQ(buckets, taken.out_buckets);
		EXPECT_EQ(want, total(fd, measured[i].verb))
		{
			TH_LOG("%s", file);
		}
		EXPECT_TRUE(histogram_sum_fits(&taken));
		EXPECT_EQ(!want, !taken.out_sum);
		EXPECT_TRUE(histogram_is_file(&taken, number, file));
	}
}

TEST_F(small, off_as_made)
{
	struct kvs_histogram taken;

	ASSERT_EQ(0, do_each(&self->door, 3));
	expect_each(_metadata, self->fd, 0, 0);
	ASSERT_EQ(0, histogram_take(self->fd, KVS_HISTOGRAM_LATENCY, KVS_GET,
				    &taken));
	EXPECT_EQ(0U, taken.out_unit);
	EXPECT_EQ(0ULL, taken.out_sum);
	EXPECT_TRUE(is_zero(taken.out_count, sizeof(taken.out_count)));
}

TEST_F(small, each_is_counted_once)
{
	ASSERT_EQ(0, histogram_measure(self->fd, true));
	expect_each(_metadata, self->fd, KVS_HISTOGRAM_BUCKETS, 0);
	ASSERT_EQ(0, do_each(&self->door, 3));
	expect_each(_metadata, self->fd, KVS_HISTOGRAM_BUCKETS, 3);
	/* What is on goes on */
	ASSERT_EQ(0, histogram_measure(self->fd, true));
	ASSERT_EQ(0, do_each(&self->door, 2));
	expect_each(_metadata, self->fd, KVS_HISTOGRAM_BUCKETS, 5);
	/* What is off is forgotten */
	ASSERT_EQ(0, histogram_measure(self->fd, false));
	ASSERT_EQ(0, histogram_measure(self->fd, false));
	expect_each(_metadata, self->fd, 0, 0);
	ASSERT_EQ(0, do_each(&self->door, 2));
	ASSERT_EQ(0, histogram_measure(self->fd, true));
	expect_each(_metadata, self->fd, KVS_HISTOGRAM_BUCKETS, 0);
	ASSERT_EQ(0, do_each(&self->door, 1));
	expect_each(_metadata, self->fd, KVS_HISTOGRAM_BUCKETS, 1);
}

/* A value that no request makes room for without sleeping goes to a worker. */
TEST_F(small, once_where_it_begins_again)
{
	static char value[SMALL_MAX_VALUE];
	struct kvs_res res;
	int i;

	ASSERT_EQ(0, histogram_measure(self->fd, true));
	for (i = 0; i < 7; i++)
		ASSERT_EQ(0, door_do(&self->door,
				     req_put("a", value, sizeof(value) - i),
				     &res));
	EXPECT_EQ(7ULL, total(self->fd, KVS_PUT));
}

/* What was understood is counted, whatever came of it; what was not is not. */
TEST_F(small, failures)
{
	struct kvs_req wrong = req_get("none", NULL, 0);
	struct kvs_res res;

	wrong.flags |= KVS_F_CREATE;
	ASSERT_EQ(0, histogram_measure(self->fd, true));
	EXPECT_EQ(-ENOENT,
		  door_do(&self->door, req_get("none", NULL, 0), &res));
	EXPECT_EQ(-ENOENT, door_do(&self->door, req_delete("none"), &res));
	EXPECT_EQ(1ULL, total(self->fd, KVS_GET));
	EXPECT_EQ(1ULL, total(self->fd, KVS_DELETE));
	EXPECT_EQ(-EOPNOTSUPP, door_do(&self->door, wrong, &res));
	EXPECT_EQ(-EOPNOTSUPP,
		  door_do(&self->door, req_verb(KVS_WAIT, "none"), &res));
	EXPECT_EQ(1ULL, total(self->fd, KVS_GET));
}

TEST_F(small, batches)
{
	struct kvs_req reqs[100];
	struct kvs_res res[100];
	int i;

	ASSERT_EQ(0, histogram_measure(self->fd, true));
	for (i = 0; i < 100; i++)
		reqs[i] = req_result(req_put_str("a", "value"), &res[i]);
	ASSERT_EQ(0, control_batch(self->fd, reqs, 100));
	EXPECT_EQ(100ULL, total(self->fd, KVS_PUT));
}

/* The branch is there for all, the counts are not. */
TEST_F(small, two_stores)
{
	int other = store_make("latency.other");

	ASSERT_LE(0, other);
	ASSERT_EQ(0, histogram_measure(other, true));
	ASSERT_EQ(0, do_each(&self->door, 1));
	expect_each(_metadata, self->fd, 0, 0);
	expect_each(_metadata, other, KVS_HISTOGRAM_BUCKETS, 0);
	ASSERT_EQ(0, histogram_measure(self->fd, true));
	ASSERT_EQ(0, histogram_measure(other, false));
	ASSERT_EQ(0, do_each(&self->door, 2));
	expect_each(_metadata, self->fd, KVS_HISTOGRAM_BUCKETS, 2);
	ASSERT_EQ(0, histogram_measure(other, true));
	ASSERT_EQ(0, control_request(other, req_put_str("a", "v")));
	EXPECT_EQ(1ULL, total(other, KVS_PUT));
	close(other);
	store_clear("latency.other");
	ASSERT_EQ(0, do_each(&self->door, 1));
	expect_each(_metadata, self->fd, KVS_HISTOGRAM_BUCKETS, 3);
}

/* It is the name that is measured, not the contents. */
TEST_F(small, publish)
{
	int staging = store_stage(self->fd, "latency.staging");

	ASSERT_LE(0, staging);
	ASSERT_EQ(0, histogram_measure(self->fd, true));
	ASSERT_EQ(0, store_publish(self->fd));
	ASSERT_EQ(0, control_request(self->fd, req_put_str("a", "v")));
	ASSERT_EQ(0, control_request(staging, req_put_str("a", "v")));
	EXPECT_EQ(1ULL, total(self->fd, KVS_PUT));
	expect_each(_metadata, staging, 0, 0);
	ASSERT_EQ(0, histogram_measure(staging, true));
	ASSERT_EQ(0, control_request(staging, req_put_str("a", "v")));
	EXPECT_EQ(1ULL, total(staging, KVS_PUT));
	EXPECT_EQ(1ULL, total(self->fd, KVS_PUT));
	close(staging);
}

TEST(the_default_store)
{
	int fd = control_open_default(O_RDWR);

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, histogram_measure(fd, true));
	EXPECT_EQ(-ENOENT, control_request(fd, req_get("none", NULL, 0)));
	EXPECT_EQ(1ULL, total(fd, KVS_GET));
	EXPECT_LT(0, figures_sysfs("max_bytes"));
	ASSERT_EQ(0, histogram_measure(fd, false));
	EXPECT_EQ(0ULL, total(fd, KVS_GET));
	close(fd);
}

struct load {
	int fd;
	long turns;
	atomic_int running;
	atomic_long done;
};

#define MEMBERS 4

/* The first of them switches, the others go on until it is done. */
static int switch_or_get(unsigned int member, void *arg)
{
	struct load *load = arg;
	long turn;
	int ret = 0;

	for (turn = 0; !member && turn < load->turns && !ret; turn++)
		ret = histogram_measure(load->fd, turn % 2);
	if (!member)
		load->running = 0;
	while (load->running && !ret) {
		ret = control_request(load->fd, req_put_str("a", "value"));
		load->done++;
	}
	return ret;
}

TEST_F_TIMEOUT(small, switched_under_load, 120)
{
	struct load load = {
		.fd = self->fd,
		.turns = kvs_test_size("MEASURE_TURNS"),
		.running = 1,
	};
	struct kvs_store_stats stats;

	EXPECT_EQ(0, crew_threads(MEMBERS, switch_or_get, &load));
	EXPECT_LT(0, load.done);
	ASSERT_EQ(0, store_stats(self->fd, &stats));
	EXPECT_EQ((__u64)load.done, stats.puts);
	ASSERT_EQ(0, histogram_measure(self->fd, false));
	ASSERT_EQ(0, histogram_measure(self->fd, true));
	ASSERT_EQ(0, do_each(&self->door, 3));
	expect_each(_metadata, self->fd, KVS_HISTOGRAM_BUCKETS, 3);
}

/* All of them switch at once: one state comes of it. */
static int switch_all(unsigned int member, void *arg)
{
	struct load *load = arg;
	long turn;

	for (turn = 0; turn < load->turns; turn++)
		if (histogram_measure(load->fd, (turn + member) % 3))
			return -1;
	return 0;
}

TEST_F_TIMEOUT(small, switched_by_many, 120)
{
	struct load load = {
		.fd = self->fd,
		.turns = kvs_test_size("MEASURE_TURNS"),
	};

	EXPECT_EQ(0, crew_threads(MEMBERS, switch_all, &load));
	ASSERT_EQ(0, histogram_measure(self->fd, false));
	expect_each(_metadata, self->fd, 0, 0);
	ASSERT_EQ(0, histogram_measure(self->fd, true));
	ASSERT_EQ(0, do_each(&self->door, 1));
	expect_each(_metadata, self->fd, KVS_HISTOGRAM_BUCKETS, 1);
}

/* Nothing of it is left on a store that is gone. */
TEST_F(small, destroyed)
{
	struct kvs_histogram taken;

	ASSERT_EQ(0, histogram_measure(self->fd, true));
	ASSERT_EQ(0, store_destroy(self->fd));
	EXPECT_EQ(-EIDRM, histogram_measure(self->fd, false));
	EXPECT_EQ(-EIDRM, histogram_measure(self->fd, true));
	EXPECT_EQ(-EIDRM, histogram_take(self->fd, KVS_HISTOGRAM_LATENCY,
					 KVS_GET, &taken));
	EXPECT_EQ(-EIDRM,
		  histogram_take(self->fd, KVS_HISTOGRAM_SIZE, 0, &taken));
}

/* What nobody can mean, each for itself; nothing is written then. */
static void refuse(struct __test_metadata *_metadata, int fd, __u32 kind,
		   __u32 verb)
{
	struct kvs_histogram taken;

	EXPECT_EQ(-EOPNOTSUPP, histogram_take(fd, kind, verb, &taken))
	{
		TH_LOG("kind %u, verb %u", kind, verb);
	}
	EXPECT_TRUE(is_poison(&taken.out_buckets,
			      sizeof(taken) - offsetof(struct kvs_histogram,
						       out_buckets)));
}

static bool is_measured(__u32 verb)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(measured); i++)
		if (measured[i].verb == verb)
			return true;
	return false;
}

TEST_F(small, malformed)
{
	static const __u32 others[] = { 255,	   256,	      65535,
					1U << 16,  INT32_MAX, 1U << 31,
					UINT32_MAX };
	struct kvs_histogram taken;
	__u32 number;
	size_t i;

	for (number = 0; number < 100; number++) {
		if (number < KVS_HISTOGRAM_SIZE || number > KVS_HISTOGRAM_LAG)
			refuse(_metadata, self->fd, number, 0);
		if (number) {
			refuse(_metadata, self->fd, KVS_HISTOGRAM_SIZE, number);
			refuse(_metadata, self->fd, KVS_HISTOGRAM_LAG, number);
		}
		if (!is_measured(number)) {
			refuse(_metadata, self->fd, KVS_HISTOGRAM_LATENCY,
			       number);
			continue;
		}
		EXPECT_EQ(0, histogram_take(self->fd, KVS_HISTOGRAM_LATENCY,
					    number, &taken));
	}
	for (i = 0; i < ARRAY_SIZE(others); i++) {
		refuse(_metadata, self->fd, others[i], 0);
		refuse(_metadata, self->fd, KVS_HISTOGRAM_LATENCY, others[i]);
	}
}

TEST_F(small, malformed_measure)
{
	struct kvs_measure measure = { .size = sizeof(measure) };
	int bit;

	for (bit = 0; bit < 32; bit++) {
		measure.latency = 1;
		measure.reserved = 1U << bit;
		EXPECT_EQ(-EOPNOTSUPP,
			  control_ioctl(self->fd, KVS_IOC_MEASURE, &measure));
		measure.reserved = 0;
		measure.latency = bit ? 1U << bit : 3;
		EXPECT_EQ(-EINVAL,
			  control_ioctl(self->fd, KVS_IOC_MEASURE, &measure));
	}
	expect_each(_metadata, self->fd, 0, 0);
}

TEST_HARNESS_MAIN
