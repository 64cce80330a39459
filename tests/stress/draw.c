// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "draw.h"

#define US 1000ULL
#define MS 1000000ULL
#define S 1000000000ULL

struct draw {
	struct op *op;
	const struct model *model;
	const struct model_store *store;
	const struct entry *entry;
	const uint8_t *value;
	struct random *random;
};

static uint32_t below(struct draw *draw, uint32_t limit)
{
	return random_below(draw->random, limit);
}

static bool once_in(struct draw *draw, uint32_t times)
{
	return random_once_in(draw->random, times);
}

/* Verbs for keys that hold mostly values, and mostly counters. */
static enum op_verb draw_verb(struct draw *draw)
{
	static const enum op_verb verbs[2][24] = {
		{ OP_GET,    OP_GET,   OP_GET,	    OP_GET,	OP_GET,
		  OP_GET,    OP_STAT,  OP_PUT,	    OP_PUT,	OP_PUT,
		  OP_PUT,    OP_PUT,   OP_PUT,	    OP_PUT,	OP_APPEND,
		  OP_APPEND, OP_TOUCH, OP_TOUCH,    OP_DELETE,	OP_DELETE,
		  OP_ADD,    OP_XCHG,  OP_TTL_ONLY, OP_TTL_ONLY },
		{ OP_GET,    OP_GET,	OP_GET,	   OP_STAT,	OP_PUT,
		  OP_PUT,    OP_PUT,	OP_APPEND, OP_TTL_ONLY, OP_TOUCH,
		  OP_DELETE, OP_ADD,	OP_ADD,	   OP_ADD,	OP_ADD,
		  OP_ADD,    OP_ADD,	OP_XCHG,   OP_XCHG,	OP_BITOP,
		  OP_BITOP,  OP_BUCKET, OP_BUCKET, OP_BUCKET },
	};

	return verbs[draw->op->key % 2][below(draw, 24)];
}

/* Those that a transaction does not take become others. */
static enum op_verb verb_in_txn(enum op_verb verb)
{
	switch (verb) {
	case OP_STAT:
	case OP_TOUCH:
		return OP_GET;
	case OP_APPEND:
	case OP_TTL_ONLY:
		return OP_PUT;
	default:
		return verb;
	}
}

/* From some nanoseconds, over what ends while this runs, to what never does. */
static uint64_t draw_time(struct draw *draw)
{
	uint64_t part = below(draw, 1000) + 1;

	switch (below(draw, 8)) {
	case 0:
		return part;
	case 1:
		return part * US;
	case 2:
		return part * 20 * US;
	case 3:
		return part * MS / 4;
	case 4:
		return part * S;
	case 5:
		return part == 1 ? INT64_MAX : part << 52;
	default:
		return part * 10 * MS;
	}
}

static void draw_ttl(struct draw *draw)
{
	struct op *op = draw->op;
	uint64_t time = draw_time(draw);
	uint32_t kind = below(draw, 16);

	op->with |= WITH_TTL;
	op->ttl = time;
	if (kind == 0)
		op->ttl = KVS_TTL_FOREVER;
	if (kind > 4)
		return;
	op->with ^= WITH_ANY_TTL;
	if (kind == 1)
		op->ttl = time % model_clock();
	else if (time < UINT64_MAX / 4)
		op->ttl = time + model_clock();
}

/* Right three times of four. */
static uint64_t draw_version(struct draw *draw)
{
	uint32_t off = below(draw, 8);

	return draw->entry->version + (off == 0) - (off == 1);
}

/* Right three times of four, if it is short enough. */
static void draw_expected(struct draw *draw)
{
	struct op *op = draw->op;
	const struct entry *entry = draw->entry;
	uint32_t off = below(draw, 16);

	op->with |= WITH_EXPECTED;
	op->expected_len = span_smaller(entry->length, KVS_EXPECT_MAX);
	if (entry->kind == KVS_ENTRY_COUNTER)
		memcpy(op->expected, &entry->number.lo, op->expected_len);
	else
		memcpy(op->expected, draw->value, op->expected_len);
	if (off < 2 && op->expected_len)
		op->expected[op->expected_len - 1] ^= 1;
	else if (off == 2 && op->expected_len)
		op->expected_len--;
}

/* Lengths about those at which values are kept in another way. */
static uint32_t draw_length(struct draw *draw)
{
	static const uint32_t about[] = { 0,   1,   8,	  20,  40,  40,
					  80,  150, 235,  235, 248, 248,
					  260, 600, 1400, 4060 };
	uint32_t max = draw->store->max_value;
	uint32_t length = about[below(draw, 16)] + below(draw, 36);
	uint32_t other = below(draw, max + 1);
	bool may_be_long = once_in(draw, 12) && !draw->op->in_txn;

	/* There is so much room that short ones would not fill it. */
	if (draw->store->max_bytes && other % 4)
		return other;
	return length > max && !may_be_long ? other : length;
}

static void draw_data(struct draw *draw)
{
	draw->op->data = draw->model->pool + below(draw, MODEL_POOL);
}

/* Enough more often than not. */
static void draw_room(struct draw *draw)
{
	uint32_t length = draw->entry->length;
	uint32_t less = below(draw, MODEL_VALUE);
	struct op *op = draw->op;

	switch (below(draw, 8)) {
	case 0:
		op->room = length;
		break;
	case 1:
		op->room = length ? less % length : 0;
		break;
	case 2:
		op->room = MODEL_VALUE;
		break;
	default:
		op->room = span_smaller(length + less % 64, MODEL_VALUE);
	}
}

static void draw_old(struct draw *draw)
{
	draw->op->with |= WITH_OLD;
	draw_room(draw);
}

static void draw_get_options(struct draw *draw)
{
	struct op *op = draw->op;
	uint32_t offset = below(draw, draw->entry->length + 8);

	switch (below(draw, 12)) {
	case 0:
	case 1:
		op->with |= WITH_KNOWN_VERSION;
		op->version = draw_version(draw);
		break;
	case 2:
		op->with |= WITH_VERSION | WITH_OFFSET;
		op->version = draw_version(draw);
		op->offset = offset;
		break;
	case 3:
		op->with |= WITH_OFFSET;
		op->offset = offset;
		break;
	case 4:
		op->room = 0;
		break;
	case 5:
	case 6:
		draw_ttl(draw);
		break;
	}
}

static void draw_get(struct draw *draw)
{
	draw_room(draw);
	if (once_in(draw, 4))
		draw->op->flags |= KVS_FLAG_NO_TOUCH;
	if (!draw->op->in_txn)
		draw_get_options(draw);
}

static void draw_put_condition(struct draw *draw)
{
	struct op *op = draw->op;
	uint64_t newer = draw->entry->app_version + below(draw, 4);

	switch (below(draw, 12)) {
	case 0:
		op->flags |= KVS_FLAG_CREATE;
		break;
	case 1:
		op->flags |= KVS_FLAG_REPLACE;
		break;
	case 2:
		op->with |= WITH_VERSION;
		op->version = draw_version(draw);
		break;
	case 3:
		draw_expected(draw);
		break;
	case 4:
	case 5:
		op->with |= WITH_APP_VERSION;
		op->app_version = newer ? newer : 1;
		break;
	case 6:
		op->with |= WITH_VERSION;
		op->version = draw_version(draw);
		draw_expected(draw);
	}
}

static void draw_put_number(struct draw *draw)
{
	struct op *op = draw->op;

	op->flags |= KVS_FLAG_COUNTER;
	op->length = sizeof(op->number);
	op->number = (int64_t)below(draw, 2000) - 1000;
	if (once_in(draw, 16))
		op->number = random_next(draw->random);
}

static void draw_put(struct draw *draw)
{
	struct op *op = draw->op;

	draw_data(draw);
	op->length = draw_length(draw);
	if (below(draw, 8) < (op->key % 2 ? 7 : 1))
		draw_put_number(draw);
	if (once_in(draw, 4))
		op->user_flags = random_next(draw->random);
	if (once_in(draw, 8) && draw->store->max_pinned)
		op->flags |= KVS_FLAG_PINNED;
	draw_put_condition(draw);
	if (once_in(draw, 3))
		draw_ttl(draw);
	else if (once_in(draw, 3))
		op->flags |= KVS_FLAG_KEEP_TTL;
	if (once_in(draw, 8) && !op->in_txn)
		draw_old(draw);
}

static void draw_condition(struct draw *draw)
{
	uint32_t kind = below(draw, 4);

	if (kind % 2) {
		draw->op->with |= WITH_VERSION;
		draw->op->version = draw_version(draw);
	}
	if (kind / 2)
		draw_expected(draw);
}

static void draw_append(struct draw *draw)
{
	static const uint32_t about[] = { 0, 1, 30, 240, 270 };
	struct op *op = draw->op;

	draw_data(draw);
	op->length = about[below(draw, 5)] + below(draw, 20);
	if (once_in(draw, 2))
		op->flags |= KVS_FLAG_CREATE;
	else if (once_in(draw, 2))
		draw_condition(draw);
}

static void draw_ttl_only(struct draw *draw)
{
	draw_ttl(draw);
	if (once_in(draw, 3))
		draw_condition(draw);
	else if (once_in(draw, 8))
		draw->op->flags |= KVS_FLAG_REPLACE;
}

static void draw_delete(struct draw *draw)
{
	if (once_in(draw, 3))
		draw_condition(draw);
	if (once_in(draw, 2) && !draw->op->in_txn)
		draw_old(draw);
}

static void draw_touch(struct draw *draw)
{
	draw->op->mode = below(draw, KVS_TTL_PERSIST + 1);
	if (draw->op->mode != KVS_TTL_PERSIST)
		draw_ttl(draw);
}

/* For all that counts: it may make the counter, and give it a deadline. */
static void draw_count(struct draw *draw)
{
	struct op *op = draw->op;

	if (!once_in(draw, 3))
		op->flags |= KVS_FLAG_CREATE;
	if (!once_in(draw, 5))
		return;
	draw_ttl(draw);
	if (once_in(draw, 2))
		op->flags |= KVS_FLAG_TTL_IF_NEW;
}

static void draw_limits(struct draw *draw)
{
	struct op *op = draw->op;
	uint32_t kind = below(draw, 8);

	if (kind & 1) {
		op->flags |= KVS_FLAG_MIN;
		op->limits.min = -1000 + (int64_t)below(draw, 900);
	}
	if (kind & 2) {
		op->flags |= KVS_FLAG_MAX;
		op->limits.max = 1000 - (int64_t)below(draw, 900);
	}
	/* A transaction with bounds that it breaks is not looked at. */
	if (op->flags & KVS_FLAG_CREATE && kind & 4 && !op->in_txn)
		op->limits.initial = (int64_t)below(draw, 1000) - 500;
	if (kind)
		op->with |= WITH_LIMITS;
}

static void draw_add(struct draw *draw)
{
	struct op *op = draw->op;

	draw_count(draw);
	draw_limits(draw);
	op->number = (int64_t)below(draw, 800) - 400;
	if (once_in(draw, 16))
		op->number = random_next(draw->random);
	switch (below(draw, 3)) {
	case 0:
		op->flags |= KVS_FLAG_SATURATE;
		break;
	case 1:
		op->flags |= KVS_FLAG_WRAP;
	}
}

static void draw_bitop(struct draw *draw)
{
	struct kvs_bits *bits = &draw->op->bits;

	draw_count(draw);
	bits->op = KVS_BITS_OR + below(draw, 3);
	bits->operand = random_next(draw->random);
	bits->mask = random_next(draw->random);
	if (once_in(draw, 4))
		bits->mask = UINT64_MAX;
	if (draw->op->flags & KVS_FLAG_CREATE)
		bits->initial = random_next(draw->random);
}

/* Buckets that are empty after some calls, and full again after some more. */
static void draw_bucket(struct draw *draw)
{
	static const uint32_t intervals[] = { 1000, 30000, 1000000, 50000000 };
	struct kvs_rate *rate = &draw->op->rate;

	draw_count(draw);
	rate->interval = intervals[below(draw, 4)] + below(draw, 100);
	rate->burst = 1 + below(draw, 8);
	rate->cost = 1 + below(draw, rate->burst);
}

static void draw_xchg(struct draw *draw)
{
	draw_count(draw);
	draw->op->number = (int64_t)below(draw, 2000) - 1000;
}

static void draw_counting(struct draw *draw)
{
	switch (draw->op->verb) {
	case OP_ADD:
		draw_add(draw);
		break;
	case OP_XCHG:
		draw_xchg(draw);
		break;
	case OP_BITOP:
		draw_bitop(draw);
		break;
	default:
		draw_bucket(draw);
	}
}

static void draw_change(struct draw *draw)
{
	switch (draw->op->verb) {
	case OP_PUT:
		draw_put(draw);
		break;
	case OP_APPEND:
		draw_append(draw);
		break;
	case OP_TTL_ONLY:
		draw_ttl_only(draw);
		break;
	case OP_DELETE:
		draw_delete(draw);
		break;
	case OP_TOUCH:
		draw_touch(draw);
		break;
	default:
		draw_counting(draw);
	}
}

void draw_op(struct op *op, const struct model *model,
	     const struct model_store *store, struct random *random)
{
	struct draw draw = {
		.op = op,
		.model = model,
		.store = store,
		.entry = &store->space->entries[op->key],
		.value = store->space->values[op->key],
		.random = random,
	};

	op->verb = draw_verb(&draw);
	if (op->in_txn)
		op->verb = verb_in_txn(op->verb);
	if (op->verb == OP_GET)
		draw_get(&draw);
	else if (op->verb != OP_STAT)
		draw_change(&draw);
	op_build(op, &model->keys[op->key]);
}
