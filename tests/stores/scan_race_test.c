// SPDX-License-Identifier: GPL-2.0-only
/*
 * SCAN while others write: what is there the whole time is shown exactly once,
 * in order, and each item is one state of its entry.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <kselftest_harness.h>

#include "control.h"
#include "crew.h"
#include "scan.h"
#include "size.h"
#include "store.h"
#include "txn.h"

#define STORE "scan.race"
#define STAGING "scan.race.staging"
#define STABLE 200 /* even numbers below twice of it are always there */
#define HOT 4
#define GROWTH 1500
#define LONGEST 600

FIXTURE(race)
{
	int fd;
	long rounds;
	unsigned int stable; /* so many are always there, if any must be */
	__u64 flushed; /* generation that the last FLUSH has ended */
	int over;
};

FIXTURE_SETUP(race)
{
	struct kvs_create wish = store_wish(STORE);

	wish.flags = KVS_CREATE_INDEX;
	self->fd = store_make_as(wish);
	ASSERT_LE(0, self->fd);
	self->rounds = kvs_test_size("SCAN_ROUNDS");
}

FIXTURE_TEARDOWN(race)
{
	close(self->fd);
	store_clear(STORE);
}

static bool is_over(struct _test_data_race *race)
{
	return __atomic_load_n(&race->over, __ATOMIC_SEQ_CST);
}

static struct kvs_req numbered(__u16 verb, unsigned int number)
{
	char key[32];
	int len = snprintf(key, sizeof(key), "key.%06u", number);

	return req_key(verb, key, len);
}

/* The number, the generation, and bytes that tell whether they are of one. */
static int put(int fd, unsigned int number, __u64 generation, size_t len)
{
	struct kvs_req req = numbered(KVS_PUT, number);
	__u64 value[LONGEST / 8] = { number, generation };

	memset(value + 2, (int)(generation + len), LONGEST - 16);
	req.value = addr_of(value);
	req.value_len = len;
	return control_request(fd, req);
}

static size_t length_of(unsigned int round)
{
	static const size_t lengths[] = { 16, 40, 248, 300, LONGEST, 24 };

	return lengths[round % 6];
}

static int put_stable(int fd, __u64 generation)
{
	int ret = 0;
	unsigned int i;

	for (i = 0; i < STABLE && !ret; i++)
		ret = put(fd, 2 * i, generation, length_of(generation + i));
	return ret;
}

/* What a scan has seen. */
struct seen {
	char key[KVS_MAX_KEY];
	size_t len;
	unsigned int stable;
	__u64 oldest; /* generation that may still be seen */
	bool descending;
};

static bool is_in_order(const struct seen *seen,
			const struct kvs_scan_item *item)
{
	size_t least = seen->len < item->key_len ? seen->len : item->key_len;
	int side = memcmp(seen->key, scan_key(item), least);

	if (!seen->len)
		return true;
	if (!side)
		side = (int)seen->len - item->key_len;
	return seen->descending ? side > 0 : side < 0;
}

static int check_value(const struct seen *seen,
		       const struct kvs_scan_item *item, unsigned int number)
{
	const __u8 *value = (const __u8 *)scan_value(item);
	__u64 head[2];
	size_t i;

	if (item->value_len < sizeof(head))
		return -10;
	memcpy(head, value, sizeof(head));
	if (head[0] != number)
		return -11;
	if (head[1] < seen->oldest)
		return -12;
	for (i = sizeof(head); i < item->value_len; i++)
		if (value[i] != (__u8)(head[1] + item->value_len))
			return -13;
	return 0;
}

static int check_item(struct seen *seen, const struct kvs_scan_item *item)
{
	unsigned int number;

	if (!is_in_order(seen, item))
		return -1;
	memcpy(seen->key, scan_key(item), item->key_len);
	seen->len = item->key_len;
	seen->key[seen->len] = 0;
	number = strtoul(seen->key + strlen("key."), NULL, 10);
	if (number % 2)
		return 0;
	if (number < 2 * STABLE)
		seen->stable++;
	return check_value(seen, item, number);
}

/* One whole scan, in pages of some size. */
static int scan_all(struct _test_data_race *race, struct door *door,
		    struct scan *scan, struct seen *seen, size_t room)
{
	const struct kvs_scan_item *item;
	int ret, i;

	seen->len = 0;
	seen->stable = 0;
	seen->oldest = __atomic_load_n(&race->flushed, __ATOMIC_SEQ_CST) + 1;
	scan_begin(scan, seen->descending ? KVS_SCAN_DESCENDING : 0);
	do {
		ret = scan_page(scan, door, room);
		item = scan_first(scan);
		for (i = 0; !ret && i < scan->res.number; i++) {
			ret = check_item(seen, item);
			item = scan_next(item);
		}
	} while (!ret && scan_has_more(scan));
	return ret;
}

static int scan_through(struct _test_data_race *race, unsigned int member,
			struct scan *scan, struct seen *seen)
{
	long rounds = race->rounds;
	struct door door;
	int ret;

	ret = door_attach(&door, member ? DOOR_URING_REQ : DOOR_IOCTL_REQ, 0,
			  race->fd);
	if (ret)
		return ret;
	while (rounds-- && !ret) {
		seen->descending = !seen->descending;
		ret = scan_all(race, &door, scan, seen,
			       rounds % 3 ? SCAN_PAGE : 700);
		if (!ret && race->stable && seen->stable != race->stable)
			ret = -2;
	}
	door_detach(&door);
	return ret;
}

static int scan_often(struct _test_data_race *race, unsigned int member)
{
	struct scan *scan = malloc(sizeof(*scan));
	struct seen seen = {};
	int ret = -1;

	if (scan)
		ret = scan_through(race, member, scan, &seen);
	__atomic_store_n(&race->over, 1, __ATOMIC_SEQ_CST);
	if (ret)
		printf("# scanner %u: %d behind %s, %u stable keys\n", member,
		       ret, seen.key, seen.stable);
	free(scan);
	return ret;
}

/* In place and in memory of their own, shorter and longer. */
static int replace(struct _test_data_race *race)
{
	__u64 generation = 1;
	int ret = 0;

	while (!ret && !is_over(race))
		ret = put_stable(race->fd, ++generation);
	return ret;
}

/* Around the stable keys, in numbers that let the table grow and shrink. */
static int come_and_go(struct _test_data_race *race)
{
	unsigned int i;
	int ret = 0;

	while (!ret && !is_over(race)) {
		for (i = 0; i < GROWTH && !ret; i++)
			ret = put(race->fd, 2 * i + 1, 0, length_of(i));
		for (i = 0; i < GROWTH && !ret; i++)
			ret = control_request(race->fd,
					      numbered(KVS_DELETE, 2 * i + 1));
	}
	return ret;
}

/* Two that come and go, and one that stays, in one step. */
static int transact(struct _test_data_race *race)
{
	__u64 value[2] = { 2, 1 };
	struct txn *txn = malloc(sizeof(*txn));
	struct door door;
	struct kvs_req req;
	int ret, round;

	ret = txn ? door_attach(&door, DOOR_IOCTL_REQ, 0, race->fd) : -ENOMEM;
	for (round = 0; !ret && !is_over(race); round++) {
		memset(&txn->args, 0, sizeof(txn->args));
		req = numbered(KVS_PUT, 2);
		req.value = addr_of(value);
		req.value_len = sizeof(value);
		txn_do(txn, TXN_THEN, req);
		txn_do(txn, TXN_THEN,
		       numbered(round % 2 ? KVS_DELETE : KVS_PUT, 9001));
		txn_do(txn, TXN_THEN,
		       numbered(round % 2 ? KVS_DELETE : KVS_PUT, 9003));
		ret = txn_run(txn, &door);
	}
	free(txn);
	return ret;
}

static int among_writers(unsigned int member, void *arg)
{
	int ret;

	if (member < 2)
		return scan_often(arg, member);
	if (member == 2)
		ret = replace(arg);
	else if (member == 3)
		ret = come_and_go(arg);
	else
		ret = transact(arg);
	if (ret)
		printf("# member %u: %d\n", member, ret);
	return ret;
}

TEST_F_TIMEOUT(race, what_stays_is_seen_once, 240)
{
	self->stable = STABLE;
	ASSERT_EQ(0, put_stable(self->fd, 1));
	EXPECT_EQ(0, crew_threads(5, among_writers, self));
}

/* Values that are written over in place while they are read. */
static int overwrite(struct _test_data_race *race, unsigned int member)
{
	__u64 generation = member;
	unsigned int i;
	int ret = 0;

	while (!ret && !is_over(race)) {
		generation++;
		for (i = 0; i < HOT && !ret; i++)
			ret = put(race->fd, 2 * i, generation,
				  generation % 2 ? 248 : 200);
	}
	return ret;
}

static int among_overwrites(unsigned int member, void *arg)
{
	int ret;

	if (member < 2)
		return scan_often(arg, member);
	ret = overwrite(arg, member);
	if (ret)
		printf("# member %u: %d\n", member, ret);
	return ret;
}

TEST_F_TIMEOUT(race, no_value_is_torn, 240)
{
	unsigned int i;

	for (i = 0; i < HOT; i++)
		ASSERT_EQ(0, put(self->fd, 2 * i, 1, 248));
	self->stable = HOT;
	self->rounds *= 100;
	EXPECT_EQ(0, crew_threads(4, among_overwrites, self));
}

/* What a FLUSH that has returned took away is not seen any more. */
static int flush_often(struct _test_data_race *race)
{
	__u64 generation = 1;
	int ret = 0;

	while (!ret && !is_over(race)) {
		ret = store_flush(race->fd);
		__atomic_store_n(&race->flushed, generation, __ATOMIC_SEQ_CST);
		if (!ret)
			ret = put_stable(race->fd, ++generation);
	}
	return ret;
}

static int among_flushes(unsigned int member, void *arg)
{
	int ret;

	if (member < 2)
		return scan_often(arg, member);
	ret = flush_often(arg);
	if (ret)
		printf("# flusher: %d\n", ret);
	return ret;
}

TEST_F_TIMEOUT(race, what_is_flushed_is_gone, 240)
{
	EXPECT_EQ(0, crew_threads(3, among_flushes, self));
}

/* The keys are in both sets, so they are there the whole time. */
static int publish_often(struct _test_data_race *race)
{
	int ret = 0;

	while (!ret && !is_over(race))
		ret = store_publish(race->fd);
	return ret;
}

static int among_publishes(unsigned int member, void *arg)
{
	int ret;

	if (member < 2)
		return scan_often(arg, member);
	ret = member == 2 ? publish_often(arg) : replace(arg);
	if (ret)
		printf("# member %u: %d\n", member, ret);
	return ret;
}

TEST_F_TIMEOUT(race, published_sets, 240)
{
	int staging = store_stage(self->fd, STAGING);

	ASSERT_LE(0, staging);
	ASSERT_EQ(0, put_stable(staging, 1));
	self->stable = STABLE;
	ASSERT_EQ(0, put_stable(self->fd, 1));
	EXPECT_EQ(0, crew_threads(4, among_publishes, self));
	close(staging);
}

TEST_HARNESS_MAIN
