// SPDX-License-Identifier: GPL-2.0-only
/*
 * One who takes all that he may is refused what is more, by every operation and
 * through every door; nobody else notices.
 */
#include <sys/mman.h>

#include "crew.h"
#include "full_fixture.h"
#include "size.h"

static const struct person bob = { .uid = 1001, .gid = 1001 };
static const struct person carol = { .uid = 1002, .gid = 1002 };
static const struct person root = {};

static int refuse_through(enum door_kind kind, int fd, int want)
{
	unsigned int i;
	__s64 number = 1;
	struct kvs_res res;
	struct door door;

	CHECK(!door_attach(&door, kind, 0, fd));
	for (i = 0; i < MAKERS; i++) {
		struct kvs_req req = maker(i, &number);

		CHECK(door_do(&door, req, &res) == want);
		if (!(req.flags & KVS_F_APPEND))
			CHECK(make_in_txn(&door, req) == want);
		CHECK(door_do(&door, req_get(KEY, NULL, 0), &res) == -ENOENT);
	}
	CHECK(!door_do(&door, req_get("0.1", NULL, 0), &res));
	CHECK(!door_do(&door, req_touch("0.1", KVS_TOUCH_PERSIST), &res));
	CHECK(!door_do(&door, req_put("0.1", value, 10), &res));
	door_detach(&door);
	return 0;
}

static int refuse_all(int fd, size_t len, int want)
{
	enum door_kind kind;
	int ret;

	CHECK(fill(fd, 0, len, &ret) > 10);
	CHECK(ret == want);
	for (kind = DOOR_IOCTL_REQ; kind <= DOOR_URING_REQ; kind++)
		if (refuse_through(kind, fd, want))
			return 1;
	return 0;
}

static int refuse_entries_of_user(void *arg)
{
	(void)arg;
	return refuse_all(store_open(STORE, O_RDWR), 10, -EDQUOT);
}

TEST_F(full, user_by_every_operation)
{
	EXPECT_EQ(0, people_run(&alice, refuse_entries_of_user, NULL));
}

TEST_F(full, store_by_every_operation)
{
	struct kvs_alter alter = { .set = KVS_SET_MAX_ENTRIES,
				   .max_entries = 100 };

	ASSERT_EQ(0, store_alter(self->fd, alter));
	EXPECT_EQ(0, refuse_all(self->fd, 10, -ENOSPC));
}

/*
 * The status of a transaction is that of the operation that cannot be made, its
 * number that one's index, and all have a result of their own.
 */
static int refuse_large_value(void *arg)
{
	static struct txn txn;
	int fd = store_open(STORE, O_RDWR), ret;
	struct door door = { .kind = DOOR_IOCTL_REQ, .fd = fd };

	(void)arg;
	CHECK(fill(fd, 0, 10, &ret) == USER_ENTRIES && ret == -EDQUOT);
	txn_do(&txn, TXN_THEN, req_get("0.1", NULL, 0));
	txn_do(&txn, TXN_THEN, req_put(KEY, value, sizeof(value)));
	CHECK(txn_run(&txn, &door) == -EDQUOT);
	CHECK(txn.answer.number == 1);
	CHECK(txn.res[TXN_THEN][0].status == -ECANCELED);
	CHECK(txn.res[TXN_THEN][1].status == -EDQUOT);
	return 0;
}

TEST_F(full, large_value_of_a_transaction_is_named)
{
	EXPECT_EQ(0, people_run(&alice, refuse_large_value, NULL));
}

/* One who is full all the time, others who are not, and one who watches. */
struct neighbours {
	int over; /* in memory of all */
	int (*exhaust)(struct neighbours *neighbours);
	int watched; /* a handle of who is full */
	int full; /* how often he was */
};

static bool is_over(struct neighbours *neighbours)
{
	return __atomic_load_n(&neighbours->over, __ATOMIC_SEQ_CST);
}

static int exhaust(struct neighbours *neighbours, int fd)
{
	long rounds = 2 * kvs_test_size("QUOTA_ROUNDS");
	int count, ret;

	CHECK(fd >= 0);
	while (rounds--) {
		count = fill(fd, 0, rounds % 2 ? 10 : 2 * VALUE_LEN, &ret);
		CHECK(ret == -EDQUOT);
		__atomic_add_fetch(&neighbours->full, 1, __ATOMIC_SEQ_CST);
		while (count--)
			CHECK(!remove_one(fd, 0, count));
	}
	return 0;
}

static int exhaust_user(struct neighbours *neighbours)
{
	return people_become(&alice) ||
	       exhaust(neighbours, store_open(STORE, O_RDWR));
}

/* Somebody in there, who has no quota of his own outside. */
static int exhaust_within(void *arg)
{
	const struct person user = { .uid = 1, .gid = 1 };

	return people_become(&user) ||
	       exhaust(arg, control_open_default(O_RDWR));
}

static int exhaust_namespace(struct neighbours *neighbours)
{
	return people_run_mapped(&alice, 2, exhaust_within, neighbours);
}

/* Far from his quota, whatever that of others is: nothing is refused. */
static int go_on(struct neighbours *neighbours, int fd, int who)
{
	struct kvs_store_stats stats;
	int i;

	CHECK(fd >= 0);
	do {
		for (i = 0; i < 20; i++)
			CHECK(!put(fd, who, i, i * 50));
		for (i = 0; i < 20; i++)
			CHECK(!remove_one(fd, who, i));
	} while (!is_over(neighbours));
	CHECK(!store_stats(fd, &stats));
	CHECK(!stats.rejected_bytes && !stats.rejected_entries);
	return 0;
}

static int go_on_within(void *arg)
{
	return go_on(arg, control_open_default(O_RDWR), 3);
}

static int watch(struct neighbours *neighbours)
{
	struct kvs_store_stats stats;

	do {
		CHECK(!store_stats(neighbours->watched, &stats));
		CHECK(stats.user_bytes <= stats.user_max_bytes);
		CHECK(stats.user_entries <= stats.user_max_entries);
	} while (!is_over(neighbours));
	return 0;
}

static int be_neighbours(unsigned int member, void *arg)
{
	struct neighbours *neighbours = arg;
	int ret;

	switch (member) {
	case 0:
		ret = neighbours->exhaust(neighbours);
		__atomic_store_n(&neighbours->over, 1, __ATOMIC_SEQ_CST);
		return ret;
	case 1:
		return people_become(&bob) ||
		       go_on(neighbours, store_open(STORE, O_RDWR), 1);
	case 2:
		return go_on(neighbours, store_open(STORE, O_RDWR), 2);
	case 3:
		return people_run_root_of(&carol, go_on_within, neighbours);
	default:
		return watch(neighbours);
	}
}

static void expect_peace(struct __test_metadata *_metadata,
			 struct _test_data_full *self,
			 int (*exhaust)(struct neighbours *neighbours))
{
	struct neighbours *neighbours = mmap(NULL, sizeof(*neighbours),
					     PROT_READ | PROT_WRITE,
					     MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	ASSERT_NE(MAP_FAILED, neighbours);
	ASSERT_EQ(0, people_run(&alice, send_handle, &self->sockets[1]));
	neighbours->watched = pass_receive(self->sockets[0]);
	neighbours->exhaust = exhaust;
	ASSERT_LE(0, neighbours->watched);
	EXPECT_EQ(0, crew_processes(5, be_neighbours, neighbours));
	EXPECT_LT(1, neighbours->full);
	EXPECT_TRUE(store_user_falls_to(neighbours->watched, 0, 10));
	EXPECT_TRUE(store_user_falls_to(self->fd, 0, 10));
}

TEST_F(full, user_is_nobody_elses)
{
	expect_peace(_metadata, self, exhaust_user);
}

TEST_F(full, namespace_is_nobody_elses)
{
	expect_peace(_metadata, self, exhaust_namespace);
}

/* Half of what alice has, which she keeps. */
static int fill_half(void *arg)
{
	int fd = store_open(STORE, O_RDWR), i;

	(void)arg;
	CHECK(fd >= 0);
	for (i = 0; i < USER_ENTRIES / 2; i++)
		CHECK(!put(fd, 4, i, 100));
	return 0;
}

/* The other half, by somebody who could have more if only she could. */
static int fill_other_half(void *arg)
{
	const struct person user = { .uid = 1, .gid = 1 };
	struct kvs_store_stats stats;
	int fd, i, ret;

	(void)arg;
	CHECK(!people_become(&user));
	fd = control_open_default(O_RDWR);
	CHECK(fd >= 0);
	CHECK(fill(fd, 0, 100, &ret) == USER_ENTRIES / 2 && ret == -EDQUOT);
	for (i = 0; i < 20; i++)
		CHECK(put(fd, 1, i, i * 100) == -EDQUOT);
	CHECK(!store_stats(fd, &stats));
	CHECK(stats.user_entries == USER_ENTRIES / 2);
	CHECK(stats.user_bytes == stats.bytes);
	for (i = 0; i < USER_ENTRIES / 2; i++)
		CHECK(!remove_one(fd, 0, i));
	CHECK(store_user_falls_to(fd, 0, 10));
	return 0;
}

/* What the owner of the namespace is refused, its user is not charged. */
TEST_F(full, refusal_above_leaves_no_trace)
{
	ASSERT_EQ(0, people_run(&alice, fill_half, NULL));
	EXPECT_EQ(0, people_run_mapped(&alice, 2, fill_other_half, NULL));
}

/* All of them in all stores: together they take no more than there may be. */
static int take_all(unsigned int member, void *arg)
{
	static const struct person *const people[] = { &root, &alice, &bob,
						       &carol };
	const char *name = member % 2 ? STORE : OTHER;
	int fd, ret;

	(void)arg;
	CHECK(!people_become(people[member]));
	fd = store_open(name, O_RDWR);
	CHECK(fd >= 0);
	fill(fd, member, VALUE_LEN, &ret);
	CHECK(ret == -ENOSPC || (member && ret == -EDQUOT));
	return 0;
}

TEST_F(full, total_is_never_passed)
{
	long rounds = kvs_test_size("QUOTA_ROUNDS");
	struct kvs_store_stats stats;
	int fds[] = { self->fd, self->other }, i;
	__u64 total;

	while (rounds--) {
		ASSERT_EQ(0, crew_processes(4, take_all, NULL));
		for (i = 0, total = 0; i < 2; i++) {
			ASSERT_EQ(0, store_stats(fds[i], &stats));
			total += stats.bytes;
		}
		EXPECT_GE((__u64)TOTAL_BYTES, total);
		EXPECT_LT((__u64)TOTAL_BYTES / 4 * 3, total);
		for (i = 0; i < 2; i++) {
			ASSERT_EQ(0, store_flush(fds[i]));
			EXPECT_TRUE(store_falls_to(fds[i], 0, 10));
		}
	}
}

TEST_HARNESS_MAIN
