// SPDX-License-Identifier: GPL-2.0-only
/*
 * The caps of a store: at them what needs more is ENOSPC, and what does not
 * goes on. The module is loaded with small caps for each test, and as it was
 * after it.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>

#include <kselftest_harness.h>

#include "control.h"
#include "crew.h"
#include "door.h"
#include "figures.h"
#include "module.h"
#include "request.h"
#include "size.h"
#include "store.h"

#define MAX_BYTES (2 << 20)
#define MAX_ENTRIES 100
#define VALUE_LEN 4000
#define KEYS_MOST 10000
#define FILLERS 3

/*
 * Above three quarters of 512 the table grows, to a size that is enough for all
 * that fits.
 */
#define TABLE_GROWS_AT 400
#define TABLE_BUCKETS 1024

struct _test_data_caps;

typedef int fill_fn(struct _test_data_caps *self, unsigned int member);

FIXTURE(caps)
{
	char before[512]; /* the parameters as they were */
	struct door door;
	fill_fn *fill;
	int fillers; /* who have not ended yet */
	char value[2 * VALUE_LEN];
};

FIXTURE_VARIANT(caps)
{
	enum door_kind kind;
	unsigned int how;
};

/* clang-format off */
FIXTURE_VARIANT_ADD(caps, ioctl) {
	.kind = DOOR_IOCTL_REQ,
};

FIXTURE_VARIANT_ADD(caps, uring) {
	.kind = DOOR_URING_REQ,
};

/* clang-format on */

static int reload(const char *options)
{
	int ret = module_unload_patiently();

	return ret ? ret : module_load(options);
}

FIXTURE_SETUP(caps)
{
	char options[128];

	module_parameters(self->before, sizeof(self->before));
	snprintf(options, sizeof(options), "max_bytes=%d max_entries=%d",
		 MAX_BYTES, KEYS_MOST);
	ASSERT_EQ(0, reload(options));
	ASSERT_EQ(0, door_open(&self->door, variant->kind, variant->how));
}

/* In the parent: a test that failed must not leave its caps behind. */
FIXTURE_TEARDOWN_PARENT(caps)
{
	EXPECT_EQ(0, reload(self->before));
}

static struct kvs_req numbered(__u16 verb, int number)
{
	char key[32];
	int len = snprintf(key, sizeof(key), "caps.%d", number);

	return req_key(verb, key, len);
}

static int put(struct _test_data_caps *self, int number, size_t len)
{
	struct kvs_req req = numbered(KVS_PUT, number);
	struct kvs_res res;

	req.value = addr_of(self->value);
	req.value_len = len;
	return door_do(&self->door, req, &res);
}

static int remove_one(struct _test_data_caps *self, int number)
{
	struct kvs_res res;

	return door_do(&self->door, numbered(KVS_DELETE, number), &res);
}

/*
 * A worker makes the table grow, sooner or later, and while it moves the entries
 * there are two tables. Both change what room there is at the cap, so let it be
 * done before. It looks at the table when something is inserted.
 */
static int wait_for_table(struct _test_data_caps *self)
{
	const long long least = TABLE_BUCKETS * sizeof(void *);
	int tries = 500, ret = 0;
	long long bytes;

	while (!ret && tries--) {
		bytes = figures_sysfs("table_bytes");
		if (bytes >= least && bytes < least + least / 2)
			return 0;
		usleep(10000);
		ret = remove_one(self, 0) ?: put(self, 0, VALUE_LEN);
	}
	return ret ?: -ETIMEDOUT;
}

/* Fills the store to its cap; how many entries that takes. */
static int fill(struct _test_data_caps *self, int *ret)
{
	int count = 0;

	while (count < KEYS_MOST) {
		if (count == TABLE_GROWS_AT) {
			*ret = wait_for_table(self);
			if (*ret)
				break;
		}
		*ret = put(self, count, VALUE_LEN);
		if (*ret)
			break;
		count++;
	}
	return count;
}

TEST_F(caps, writes_at_the_cap_of_bytes)
{
	int count, ret, i;

	count = fill(self, &ret);
	EXPECT_EQ(-ENOSPC, ret);
	EXPECT_LT(MAX_BYTES / VALUE_LEN / 2, count);
	EXPECT_GT(MAX_BYTES / VALUE_LEN, count);
	EXPECT_GE(MAX_BYTES, figures_sysfs("bytes"));
	EXPECT_EQ(1, figures_sysfs("rejected_bytes"));

	/* A new entry, and one that grows, need room */
	for (i = 0; i < 5; i++) {
		EXPECT_EQ(-ENOSPC, put(self, count + i, VALUE_LEN));
		EXPECT_EQ(-ENOSPC, put(self, i, 2 * VALUE_LEN));
	}
	EXPECT_EQ(11, figures_sysfs("rejected_bytes"));
	EXPECT_EQ(count, figures_sysfs("entries"));
	/* One that stays, or shrinks, does not */
	for (i = 0; i < 20; i++)
		EXPECT_EQ(0, put(self, i, VALUE_LEN));
	for (i = 0; i < 20; i++)
		EXPECT_EQ(0, put(self, i, 16));
	EXPECT_EQ(11, figures_sysfs("rejected_bytes"));
	door_close(&self->door);
}

TEST_F(caps, reads_and_deletes_at_the_cap_of_bytes)
{
	char buf[VALUE_LEN];
	struct kvs_req req;
	struct kvs_res res;
	int count, ret, i;

	count = fill(self, &ret);
	EXPECT_EQ(-ENOSPC, ret);
	for (i = 0; i < count; i++) {
		req = numbered(KVS_GET, i);
		req.value = addr_of(buf);
		req.value_len = sizeof(buf);
		EXPECT_EQ(0, door_do(&self->door, req, &res));
		EXPECT_EQ(VALUE_LEN, (int)res.len);
		EXPECT_EQ(0, door_do(&self->door, numbered(KVS_STAT, i), &res));
	}
	/* What a DELETE gives back can be had again, grace period or not */
	for (i = 0; i < 15; i++) {
		EXPECT_EQ(0, remove_one(self, i));
		EXPECT_EQ(0, put(self, count + i, VALUE_LEN));
	}
	EXPECT_EQ(count, figures_sysfs("entries"));
	EXPECT_GE(MAX_BYTES, figures_sysfs("bytes"));
	door_close(&self->door);
}

/* A key of at most 8 bytes, and 8 bytes of value */
static int put_short(struct _test_data_caps *self, int number)
{
	char key[9];
	int len = snprintf(key, sizeof(key), "%d", number % KEYS_MOST);
	struct kvs_req req = req_key(KVS_PUT, key, len);

	req.value = addr_of(self->value);
	req.value_len = 8;
	return control_request(self->door.fd, req);
}

TEST_F(caps, counters_at_the_cap_of_bytes)
{
	struct kvs_req add = numbered(KVS_ADD, -1);
	struct kvs_res res;
	int ret, number;

	add.operand = 1;
	add.flags = KVS_F_CREATE;
	ASSERT_EQ(0, door_do(&self->door, add, &res));
	fill(self, &ret);
	EXPECT_EQ(-ENOSPC, ret);
	/* The last bytes as well, by entries that cost what a counter costs */
	for (number = 0, ret = 0; !ret; number++)
		ret = put_short(self, number);
	EXPECT_EQ(-ENOSPC, ret);
	EXPECT_EQ(0, door_do(&self->door, add, &res));
	EXPECT_EQ(2, res.number);
	add = numbered(KVS_ADD, -2);
	add.flags = KVS_F_CREATE;
	EXPECT_EQ(-ENOSPC, door_do(&self->door, add, &res));
	EXPECT_EQ(0U, res.flags);
	door_close(&self->door);
}

/* Twice of this value does not fit, and yet it can be replaced. */
TEST_F(caps, replacing_at_the_cap_of_bytes)
{
	struct kvs_req req = numbered(KVS_PUT, 0);
	char *value = calloc(1, MAX_BYTES / 2);
	struct kvs_res res;
	int i;

	ASSERT_NE(NULL, value);
	req.value = addr_of(value);
	req.value_len = MAX_BYTES / 2;
	for (i = 0; i < 12; i++)
		EXPECT_EQ(0, door_do(&self->door, req, &res));
	EXPECT_EQ(0, figures_sysfs("rejected_bytes"));
	EXPECT_TRUE(figures_fall_to("bytes", MAX_BYTES, 10));
	free(value);
	door_close(&self->door);
}

TEST_F(caps, all_is_given_back)
{
	long long table = figures_sysfs("table_bytes");
	int count, ret, i;

	count = fill(self, &ret);
	for (i = 0; i < count; i++)
		EXPECT_EQ(0, remove_one(self, i));
	EXPECT_EQ(0, figures_sysfs("entries"));
	EXPECT_TRUE(figures_fall_to("bytes", 0, 10));
	EXPECT_TRUE(figures_fall_to("waiting_bytes", 0, 10));
	EXPECT_TRUE(figures_fall_to("table_bytes", table, 10));
	door_close(&self->door);
}

/*
 * Members that fill the store again and again, against each other. The table may
 * grow, in its worker, when memory has been charged: it counts for the next
 * charge.
 */
static int churn(struct _test_data_caps *self, unsigned int member)
{
	long rounds = kvs_test_size("CAPS_ROUNDS");
	struct kvs_req req;
	int first, i, ret;

	while (rounds--) {
		first = (member + 1) * KEYS_MOST;
		for (i = first, ret = 0; !ret; i++) {
			req = numbered(KVS_PUT, i);
			req.value = addr_of(self->value);
			req.value_len = VALUE_LEN;
			ret = control_request(self->door.fd, req);
		}
		if (ret != -ENOSPC)
			return -1;
		for (i -= 2; i >= first; i--)
			if (control_request(self->door.fd,
					    numbered(KVS_DELETE, i)))
				return -1;
	}
	return 0;
}

/* The cap holds at every moment, not only when somebody has filled up. */
static int watch(struct _test_data_caps *self)
{
	struct kvs_store_stats stats;

	do {
		if (store_stats(self->door.fd, &stats) ||
		    stats.bytes > stats.max_bytes ||
		    stats.entries > stats.max_entries)
			return -1;
	} while (__atomic_load_n(&self->fillers, __ATOMIC_SEQ_CST));
	return 0;
}

static int fill_or_watch(unsigned int member, void *arg)
{
	struct _test_data_caps *self = arg;
	int ret;

	if (member == FILLERS)
		return watch(self);
	ret = self->fill(self, member);
	__atomic_sub_fetch(&self->fillers, 1, __ATOMIC_SEQ_CST);
	return ret;
}

static int fill_watched(struct _test_data_caps *self, fill_fn *fill)
{
	self->fill = fill;
	self->fillers = FILLERS;
	return crew_threads(FILLERS + 1, fill_or_watch, self);
}

TEST_F(caps, nobody_passes_the_cap_of_bytes)
{
	EXPECT_EQ(0, fill_watched(self, churn));
	EXPECT_EQ(0, figures_sysfs("entries"));
	EXPECT_TRUE(figures_fall_to("bytes", 0, 10));
	door_close(&self->door);
}

static int insert_many(struct _test_data_caps *self, unsigned int member)
{
	int i, ret;

	for (i = 0; i < 2 * MAX_ENTRIES; i++) {
		struct kvs_req req =
			numbered(KVS_PUT, (member + 1) * KEYS_MOST + i);

		ret = control_request(self->door.fd, req);
		if (ret && ret != -ENOSPC)
			return -1;
	}
	return 0;
}

/* Another module, and the same door to it */
static int cap_entries(struct door *door)
{
	char options[64];

	door_close(door);
	snprintf(options, sizeof(options), "max_entries=%d", MAX_ENTRIES);
	return reload(options) ?: door_open(door, door->kind, door->how);
}

TEST_F(caps, cap_of_entries)
{
	int i;

	ASSERT_EQ(0, cap_entries(&self->door));
	for (i = 0; i < MAX_ENTRIES; i++)
		EXPECT_EQ(0, put(self, i, 8));
	EXPECT_EQ(-ENOSPC, put(self, i, 8));
	EXPECT_EQ(1, figures_sysfs("rejected_entries"));
	EXPECT_EQ(0, figures_sysfs("rejected_bytes"));
	EXPECT_EQ(0, put(self, 0, 1000));
	EXPECT_EQ(0, remove_one(self, 0));
	EXPECT_EQ(0, put(self, i, 8));
	EXPECT_EQ(-ENOSPC, put(self, 0, 8));

	for (i = 1; i <= MAX_ENTRIES; i++)
		EXPECT_EQ(0, remove_one(self, i));
	EXPECT_EQ(0, fill_watched(self, insert_many));
	EXPECT_EQ(MAX_ENTRIES, figures_sysfs("entries"));
	EXPECT_EQ(2 + 6 * MAX_ENTRIES - MAX_ENTRIES,
		  figures_sysfs("rejected_entries"));
	door_close(&self->door);
}

/* One place is left: whoever has it is the only one. */
struct place {
	int fd;
	enum door_kind kind;
	long turns;
	int holders;
	int taken;
};

static int take_or_leave(struct place *place, struct door *door, int number)
{
	struct kvs_res res;
	int ret = door_do(door, numbered(KVS_PUT, number), &res);

	if (ret)
		return ret == -ENOSPC ? 0 : ret;
	if (__atomic_fetch_add(&place->holders, 1, __ATOMIC_SEQ_CST))
		return -1;
	__atomic_fetch_add(&place->taken, 1, __ATOMIC_RELAXED);
	__atomic_fetch_sub(&place->holders, 1, __ATOMIC_SEQ_CST);
	return door_do(door, numbered(KVS_DELETE, number), &res);
}

static int take_place(unsigned int member, void *arg)
{
	struct place *place = arg;
	struct door door;
	int ret = 0;
	long turn;

	if (door_attach(&door, place->kind, 0, place->fd))
		return -1;
	for (turn = 0; turn < place->turns && !ret; turn++)
		ret = take_or_leave(place, &door, KEYS_MOST + member);
	door_detach(&door);
	return ret;
}

TEST_F(caps, last_place_is_taken_once)
{
	struct place place = { .kind = variant->kind,
			       .turns = kvs_test_size("CAPS_TURNS") };
	int i;

	ASSERT_EQ(0, cap_entries(&self->door));
	for (i = 1; i < MAX_ENTRIES; i++)
		ASSERT_EQ(0, put(self, i, 8));
	place.fd = self->door.fd;
	EXPECT_EQ(0, crew_threads(FILLERS, take_place, &place));
	EXPECT_LT(0, place.taken);
	EXPECT_EQ(MAX_ENTRIES - 1, figures_sysfs("entries"));
	door_close(&self->door);
}

TEST_HARNESS_MAIN
