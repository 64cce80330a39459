// SPDX-License-Identifier: GPL-2.0-only
/*
 * Requests without flags, which go a short way where they can: whatever its key
 * holds and however long it is, a request with a short result, or with none, does
 * what it does with a full one, which other cases look at.
 */
#include <errno.h>
#include <unistd.h>

#include "door_fixture.h"
#include "steps.h"

#define ROOM 320 /* of all values here */
#define FAR (3600 * 1000000000ULL)
#define OVER 1000000ULL

/**
 * struct state - what the key holds before
 * @len: of its value; -1: there is none
 * @flags: KVS_F_*
 * @ttl: with KVS_F_TTL
 * @app_version: with KVS_F_IF_NEWER
 */
struct state {
	int len;
	__u32 flags;
	__u64 ttl;
	__u64 app_version;
};

static const struct state states[] = {
	{ .len = -1 },
	{ .len = 0 },
	{ .len = 1 },
	{ .len = 8 },
	{ .len = 64 },
	{ .len = 71 },
	{ .len = 256 },
	{ .len = 257 },
	{ .len = 8, .flags = KVS_F_COUNTER },
	{ .len = 8, .flags = KVS_F_COUNTER | KVS_F_TTL, .ttl = FAR },
	{ .len = 64, .flags = KVS_F_TTL, .ttl = FAR },
	{ .len = 64, .flags = KVS_F_TTL, .ttl = OVER },
	{ .len = 64, .flags = KVS_F_PINNED },
	{ .len = 64, .flags = KVS_F_IF_NEWER, .app_version = 7 },
};

/* What is asked: with a length of a PUT, the room of a GET, a delta of an ADD. */
static const struct {
	__u16 verb;
	__s64 operand;
	__u32 user_flags;
} asks[] = {
	{ .verb = KVS_GET, .operand = ROOM },
	{ .verb = KVS_GET, .operand = 64 },
	{ .verb = KVS_GET, .operand = 0 },
	{ .verb = KVS_PUT, .operand = 0 },
	{ .verb = KVS_PUT, .operand = 1, .user_flags = 5 },
	{ .verb = KVS_PUT, .operand = 8 },
	{ .verb = KVS_PUT, .operand = 63 },
	{ .verb = KVS_PUT, .operand = 64 },
	{ .verb = KVS_PUT, .operand = 65 },
	{ .verb = KVS_ADD, .operand = 1 },
	{ .verb = KVS_ADD, .operand = -3 },
	{ .verb = KVS_ADD, .operand = INT64_MAX },
};

static const __u16 lengths[] = { 1, 7, 8, 9, 16, 17, 24, 25, 31, 32, 33 };

/* What came of a request. */
struct outcome {
	int status;
	struct kvs_res res;
	unsigned char buf[ROOM];
	struct kvs_res left;
	unsigned char value[ROOM];
};

static const unsigned char bytes[ROOM] = "Values are cut out of this.";
static const char name[] = "plain.0123456789abcdefghijklmnopqrs";

/* What follows the key is ignored, so that is not zero. */
static struct kvs_req req_named(__u16 verb, __u16 len)
{
	struct kvs_req req = req_key(verb, name, len);

	if (len <= KVS_INLINE_KEY)
		poison(req.key + len, KVS_INLINE_KEY - len);
	return req;
}

static int make(int fd, const struct state *state, __u16 key_len)
{
	struct kvs_req req = req_named(KVS_DELETE, key_len);
	int ret = control_request(fd, req);

	if (ret && ret != -ENOENT)
		return ret;
	if (state->len < 0)
		return 0;
	req = req_named(KVS_PUT, key_len);
	req.flags = state->flags;
	req.value = addr_of(bytes);
	req.value_len = state->len;
	req.ttl = state->ttl;
	req.cond = state->app_version;
	ret = control_request(fd, req);
	if (state->ttl == OVER)
		usleep(2 * OVER / 1000);
	return ret;
}

static struct kvs_req ask(size_t i, __u16 key_len, struct outcome *outcome)
{
	struct kvs_req req = req_named(asks[i].verb, key_len);

	req.user_flags = asks[i].user_flags;
	req.value = asks[i].operand;
	if (asks[i].verb == KVS_ADD)
		return req;
	req.value_len = asks[i].operand;
	req.value = addr_of(bytes + 16);
	if (asks[i].verb == KVS_GET)
		req.value = addr_of(outcome->buf);
	return req;
}

static void look(struct door *door, __u16 key_len, struct outcome *outcome)
{
	struct kvs_req req = req_named(KVS_GET, key_len);

	poison(outcome->value, sizeof(outcome->value));
	req.value = addr_of(outcome->value);
	req.value_len = sizeof(outcome->value);
	door_do(door, req, &outcome->left);
	/* What differs each time. */
	outcome->left.version = 0;
	outcome->left.ttl = outcome->left.ttl == KVS_TTL_NEVER;
}

static void clear(struct outcome *outcome)
{
	poison(&outcome->res, sizeof(outcome->res));
	poison(outcome->buf, sizeof(outcome->buf));
}

enum result { FULL, SHORT, NONE };

/* From the state anew. */
static int run(struct door *door, const struct state *state, size_t i,
	       __u16 key_len, enum result result, struct outcome *outcome)
{
	struct kvs_req req = ask(i, key_len, outcome);
	int ret = make(door->fd, state, key_len);

	if (ret)
		return ret;
	clear(outcome);
	if (result == FULL)
		req.flags |= KVS_F_FULL_RESULT;
	if (result != NONE)
		req.result = addr_of(&outcome->res);
	outcome->status = door_send(door, &req);
	look(door, key_len, outcome);
	return 0;
}

static bool same(const struct outcome *a, const struct outcome *b)
{
	return a->status == b->status && !memcmp(a->buf, b->buf, ROOM) &&
	       !memcmp(&a->left, &b->left, sizeof(a->left)) &&
	       !memcmp(a->value, b->value, ROOM);
}

static bool is_short(const struct outcome *outcome, const struct outcome *full)
{
	return !memcmp(&outcome->res, &full->res, KVS_RES_SHORT) &&
	       is_poison(&outcome->res.version,
			 sizeof(outcome->res) - KVS_RES_SHORT);
}

static void compare(struct __test_metadata *_metadata, struct door *door,
		    const struct state *state, size_t i, __u16 key_len)
{
	struct outcome full, brief, mute;

	ASSERT_EQ(0, run(door, state, i, key_len, FULL, &full));
	EXPECT_EQ(full.status, full.res.status);
	ASSERT_EQ(0, run(door, state, i, key_len, SHORT, &brief));
	EXPECT_TRUE(same(&full, &brief) && is_short(&brief, &full))
	{
		TH_LOG("state %zu, ask %zu, key of %u: short is %d, full is %d",
		       state - states, i, key_len, brief.status, full.status);
	}
	/* In a vec with others each has to have one. */
	if (door->how & DOOR_CROWD)
		return;
	ASSERT_EQ(0, run(door, state, i, key_len, NONE, &mute));
	EXPECT_TRUE(same(&full, &mute) &&
		    is_poison(&mute.res, sizeof(mute.res)))
	{
		TH_LOG("state %zu, ask %zu, key of %u: none is %d, full is %d",
		       state - states, i, key_len, mute.status, full.status);
	}
}

TEST_F(door, results_agree)
{
	size_t state, i, length = 0;

	for (state = 0; state < ARRAY_SIZE(states); state++) {
		for (i = 0; i < ARRAY_SIZE(asks); i++) {
			compare(_metadata, &self->door, &states[state], i,
				lengths[length]);
			length = (length + 1) % ARRAY_SIZE(lengths);
		}
	}
}

/* Where outputs may lie that should lie elsewhere. */
enum overlap { RESULT_IN_REQUEST, BUFFER_IN_REQUEST, RESULT_IN_VALUE };

struct memory {
	struct kvs_req req;
	unsigned char room[ROOM];
};

static bool overlaps(enum overlap overlap, __u16 verb)
{
	if (overlap == BUFFER_IN_REQUEST)
		return verb == KVS_GET;
	return overlap == RESULT_IN_REQUEST || verb == KVS_PUT;
}

/* As run() does; what is answered somewhere else is put where it belongs. */
static int run_over(struct door *door, const struct state *state, size_t i,
		    __u16 key_len, enum overlap overlap,
		    struct outcome *outcome)
{
	struct memory memory = {};
	struct kvs_req *req = &memory.req;
	int ret = make(door->fd, state, key_len);
	void *res = &outcome->res;

	if (ret)
		return ret;
	clear(outcome);
	*req = ask(i, key_len, outcome);
	if (overlap == RESULT_IN_REQUEST)
		res = req;
	if (overlap == RESULT_IN_VALUE) {
		res = memory.room;
		memcpy(res, bytes + 16, asks[i].operand);
		req->value = addr_of(res);
	}
	if (overlap == BUFFER_IN_REQUEST)
		req->value = addr_of(req);
	req->result = addr_of(res);
	outcome->status = door_send(door, req);
	memcpy(&outcome->res, res, KVS_RES_SHORT);
	if (overlap == BUFFER_IN_REQUEST && !outcome->status)
		memcpy(outcome->buf, &memory, outcome->res.len);
	look(door, key_len, outcome);
	return 0;
}

static void compare_over(struct __test_metadata *_metadata, struct door *door,
			 const struct state *state, size_t i, __u16 key_len,
			 enum overlap overlap)
{
	struct outcome apart, over;

	if (!overlaps(overlap, asks[i].verb))
		return;
	ASSERT_EQ(0, run(door, state, i, key_len, SHORT, &apart));
	if (overlap == BUFFER_IN_REQUEST && !asks[i].operand)
		return;
	ASSERT_EQ(0, run_over(door, state, i, key_len, overlap, &over));
	EXPECT_TRUE(same(&apart, &over) &&
		    !memcmp(&apart.res, &over.res, KVS_RES_SHORT))
	{
		TH_LOG("state %zu, ask %zu, key of %u, overlap %d: %d, not %d",
		       state - states, i, key_len, overlap, over.status,
		       apart.status);
	}
}

TEST_F(door, outputs_overlap_inputs)
{
	size_t state, i, length = 0;
	enum overlap overlap;

	for (state = 0; state < ARRAY_SIZE(states); state++) {
		for (i = 0; i < ARRAY_SIZE(asks); i++) {
			for (overlap = RESULT_IN_REQUEST;
			     overlap <= RESULT_IN_VALUE; overlap++)
				compare_over(_metadata, &self->door,
					     &states[state], i, lengths[length],
					     overlap);
			length = (length + 1) % ARRAY_SIZE(lengths);
		}
	}
}

TEST_HARNESS_MAIN
