// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whatever was done, and whatever failed: when the entries are gone nothing is
 * charged any more.
 */
#include "full_fixture.h"
#include "guard.h"

/* Rounds of everything that takes memory, or tries to. */
static int take_in_every_way(int fd)
{
	char *page = guard_alloc(1), *half = guard_end(page, 1, 1);
	struct kvs_value_args args = { .size = sizeof(args),
				       .old = addr_of(value),
				       .old_len = sizeof(value) };
	struct door door = { .kind = DOOR_IOCTL_REQ, .fd = fd };
	struct kvs_req large = req_put(KEY, value, VALUE_LEN);
	struct kvs_req taking = req_operands(req_delete(KEY), &args);
	__s64 number = 1;
	unsigned int i;

	for (i = 0; i < MAKERS; i++) {
		struct kvs_req req = maker(i, &number);

		CHECK(!control_request(fd, req));
		CHECK(!control_request(fd, req_ttl(req_touch(KEY, 0), HOUR)));
		CHECK(!control_request(fd, req_delete(KEY)));
		if (req.flags & KVS_F_APPEND)
			CHECK(!control_request(fd, req));
		else
			CHECK(!make_in_txn(&door, req));
		CHECK(control_request(fd, req_put(KEY, half, 5000)) == -EFAULT);
		CHECK(control_request(fd, req_flags(large, KVS_F_CREATE)) ==
		      -EEXIST);
		CHECK(make_in_txn(&door, req_if_version(large, 1)) == -ESTALE);
		CHECK(!control_request(fd, large));
		CHECK(!control_request(fd, req_flags(large, KVS_F_APPEND)));
		CHECK(!control_request(fd, req_flags(taking, KVS_F_RET_OLD)));
	}
	guard_free(page, 1);
	return 0;
}

static int all_comes_back(void *arg)
{
	int fd = store_make("exhaustion.mine"), staging;
	struct kvs_store_stats stats;

	(void)arg;
	CHECK(fd >= 0);
	staging = store_stage(fd, "exhaustion.next");
	CHECK(staging >= 0);
	CHECK(!take_in_every_way(fd) && !take_in_every_way(staging));
	CHECK(!control_request(staging, req_put(KEY, value, VALUE_LEN)));
	CHECK(!control_request(fd, req_ttl(req_put_str(KEY, "v"), 100000000)));
	CHECK(!store_publish(fd) && !take_in_every_way(staging));
	CHECK(!control_request(fd, req_delete(KEY)));
	CHECK(!store_stats(fd, &stats) && !stats.entries);
	CHECK(store_falls_to(fd, 0, 10) && store_falls_to(staging, 0, 10));
	CHECK(store_user_falls_to(fd, 0, 10));
	CHECK(!store_stats(fd, &stats));
	CHECK(!stats.user_entries && !stats.waiting_bytes);
	return 0;
}

TEST_F(full, all_comes_back)
{
	EXPECT_EQ(0, people_run(&alice, all_comes_back, NULL));
}

static int all_comes_back_within(void *arg)
{
	int *socket = arg, mine = control_open_default(O_RDWR);

	CHECK(mine >= 0 && !all_comes_back(NULL));
	CHECK(!put(mine, 0, 1, VALUE_LEN));
	pass_send(*socket, mine);
	return 0;
}

/* With its last handle a namespace gives back what is in it. */
TEST_F(full, namespace_gives_all_back)
{
	struct kvs_store_stats stats;
	int within, outside;

	ASSERT_EQ(0, people_run_root_of(&alice, all_comes_back_within,
					&self->sockets[1]));
	ASSERT_EQ(0, people_run(&alice, send_handle, &self->sockets[1]));
	within = pass_receive(self->sockets[0]);
	outside = pass_receive(self->sockets[0]);
	ASSERT_EQ(0, store_stats(outside, &stats));
	EXPECT_EQ(1ULL, stats.user_entries);
	close(within);
	EXPECT_TRUE(store_user_falls_to(outside, 0, 10));
	ASSERT_EQ(0, store_stats(outside, &stats));
	EXPECT_EQ(0ULL, stats.user_entries);
	close(outside);
}

TEST_HARNESS_MAIN
