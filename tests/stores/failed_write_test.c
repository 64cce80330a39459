// SPDX-License-Identifier: GPL-2.0-only
/*
 * What fails changes nothing: value, version, deadline and flags are what they
 * were.
 */
#include <errno.h>
#include <stdio.h>

#include "guard.h"
#include "request.h"
#include "small_fixture.h"

#define KEY "failed.key"
#define HOUR 3600000000000ULL

/* What stands under KEY, as a whole. */
struct state {
	struct kvs_res res;
	char value[64];
};

static void take_down(int fd, struct state *state)
{
	struct kvs_req get = req_get(KEY, state->value, sizeof(state->value));

	memset(state, 0, sizeof(*state));
	control_request(fd, req_result(get, &state->res));
	/* Time passes, but nothing here takes an hour */
	state->res.ttl = (state->res.ttl + HOUR - 1) / HOUR;
}

static char large[SMALL_MAX_VALUE + 1];
static struct kvs_value_args wrong_value = { .size = sizeof(wrong_value) };
static struct kvs_value_args no_room = { .size = sizeof(no_room) };
static struct kvs_value_args bad_room = { .size = sizeof(bad_room) };
static struct kvs_bitop_args bitop = { .size = sizeof(bitop),
				       .op = KVS_BITOP_OR };

static struct kvs_bucket_args bucket = { .size = sizeof(bucket),
					 .interval_ns = 1,
					 .burst = 1,
					 .cost = 1 };

static struct kvs_req if_eq(struct kvs_req req)
{
	return req_flags(req_operands(req, &wrong_value), KVS_F_IF_EQ);
}

static struct kvs_req ret_old(struct kvs_req req,
			      const struct kvs_value_args *args)
{
	return req_flags(req_operands(req, args), KVS_F_RET_OLD);
}

/* Until there is no room for another one. */
static int take_all_room(int fd)
{
	char key[32];
	int i, ret = 0;

	for (i = 0; !ret; i++) {
		snprintf(key, sizeof(key), "traps.fill.%d", i);
		ret = control_request(fd, req_put(key, large, 4000));
	}
	return ret;
}

/* With all that an entry can have besides its value. */
static int put_old(int fd)
{
	struct kvs_req req = req_put_str(KEY, "old value");

	req.user_flags = 7;
	req.cond = 5;
	return control_request(fd,
			       req_ttl(req_flags(req, KVS_F_IF_NEWER), HOUR));
}

struct failure {
	int status;
	struct kvs_req req;
};

static void expect_failures(struct __test_metadata *_metadata,
			    struct door *door, const struct failure *rows,
			    size_t count)
{
	struct state before, after;
	struct kvs_res res;
	__u64 version;
	size_t i;

	take_down(door->fd, &before);
	ASSERT_EQ(0, before.res.status);
	version = control_version(door->fd);
	for (i = 0; i < count; i++) {
		EXPECT_EQ(rows[i].status, door_do(door, rows[i].req, &res));
		take_down(door->fd, &after);
		EXPECT_EQ(0, memcmp(&before, &after, sizeof(after)))
		{
			TH_LOG("row %zu", i);
		}
		EXPECT_EQ(version, control_version(door->fd));
	}
}

/* @half is memory of which no more than the first byte is there. */
TEST_F(small, failed_write_keeps_the_old_value)
{
	char *page = guard_alloc(1), *half = guard_end(page, 1, 1);
	const __u32 append = KVS_F_APPEND;
	const struct failure rows[] = {
		{ -EFBIG, req_put(KEY, large, SMALL_MAX_VALUE + 1) },
		{ -EFBIG,
		  req_flags(req_put(KEY, large, SMALL_MAX_VALUE), append) },
		{ -EFAULT, req_put(KEY, half, 2) },
		{ -EFAULT, req_put(KEY, half, 5000) },
		{ -EFAULT, req_flags(req_put(KEY, half, 2), append) },
		{ -EFAULT, req_flags(req_put(KEY, half, 600), append) },
		{ -EFAULT, req_ttl(req_get(KEY, half, 64), 2 * HOUR) },
	};
	const struct failure full[] = {
		{ -ENOSPC, req_put(KEY, large, SMALL_MAX_VALUE) },
		{ -ENOSPC, req_flags(req_put(KEY, large, 90000), append) },
	};

	ASSERT_EQ(0, put_old(self->fd));
	expect_failures(_metadata, &self->door, rows, ARRAY_SIZE(rows));
	ASSERT_EQ(-ENOSPC, take_all_room(self->fd));
	expect_failures(_metadata, &self->door, full, ARRAY_SIZE(full));
	guard_free(page, 1);
}

TEST_F(small, failed_condition_keeps_the_old_value)
{
	const struct kvs_req put = req_put_str(KEY, "new");
	struct failure rows[] = {
		{ -ESTALE, req_flags(put, KVS_F_IF_NEWER) },
		{ -EEXIST, req_flags(put, KVS_F_CREATE) },
		{ -ESTALE, req_if_version(put, 12345) },
		{ -ESTALE, req_if_version(req_delete(KEY), 12345) },
		{ -ESTALE,
		  req_if_version(req_flags(put, KVS_F_APPEND), 12345) },
		{ -ESTALE, if_eq(put) },
		{ -ESTALE, if_eq(req_delete(KEY)) },
		{ -ESTALE, req_ttl(req_touch(KEY, KVS_TOUCH_IF_NONE), HOUR) },
		{ -ESTALE,
		  req_if_version(req_ttl(req_get(KEY, large, 64), 2 * HOUR),
				 12345) },
	};

	rows[0].req.cond = 5;
	wrong_value.expect = addr_of("old");
	wrong_value.expect_len = 3;
	ASSERT_EQ(0, put_old(self->fd));
	expect_failures(_metadata, &self->door, rows, ARRAY_SIZE(rows));
}

/* An answer that there is no room for, and what is for counters alone. */
TEST_F(small, failed_answer_keeps_the_old_value)
{
	char *page = guard_alloc(1);
	const struct kvs_req put = req_put_str(KEY, "new");
	const struct failure rows[] = {
		{ -ERANGE, ret_old(put, &no_room) },
		{ -ERANGE, ret_old(req_delete(KEY), &no_room) },
		{ -EFAULT, ret_old(put, &bad_room) },
		{ -EFAULT, ret_old(req_delete(KEY), &bad_room) },
		{ -ERANGE, req_ttl(req_get(KEY, large, 1), 2 * HOUR) },
		{ -EPROTOTYPE, req_ttl(req_add_create(KEY, 1), 2 * HOUR) },
		{ -EPROTOTYPE, req_ttl(req_number(KVS_XCHG, KEY, 1), HOUR) },
		{ -EPROTOTYPE, req_operands(req_verb(KVS_BITOP, KEY), &bitop) },
		{ -EPROTOTYPE,
		  req_operands(req_verb(KVS_BUCKET, KEY), &bucket) },
	};

	no_room.old = addr_of(large);
	no_room.old_len = 1;
	bad_room.old = addr_of(guard_end(page, 1, 1));
	bad_room.old_len = 64;
	ASSERT_EQ(0, put_old(self->fd));
	expect_failures(_metadata, &self->door, rows, ARRAY_SIZE(rows));
	guard_free(page, 1);
}

/* Nor has it another deadline, where the call would have given it one. */
TEST_F(small, failed_sum_keeps_the_old_value)
{
	struct kvs_add_args bounds = { .size = sizeof(bounds), .max = 1 };
	__s64 most = INT64_MAX;
	const struct kvs_req add = req_ttl(req_add(KEY, 1), 2 * HOUR);
	const struct failure rows[] = {
		{ -EOVERFLOW, add },
		{ -EOVERFLOW, req_flags(add, KVS_F_CREATE) },
		{ -EOVERFLOW, req_flags(req_args(add, &bounds), KVS_F_MAX) },
	};

	ASSERT_EQ(0,
		  control_request(self->fd,
				  req_ttl(req_put_counter(KEY, &most), HOUR)));
	expect_failures(_metadata, &self->door, rows, ARRAY_SIZE(rows));
}

TEST_HARNESS_MAIN
