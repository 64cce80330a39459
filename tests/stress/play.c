// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "draw.h"
#include "evict.h"
#include "play.h"

/* Operations that go the same way, in rounds of the same length. */
#define PHASE 1024

#define RANGES 24 /* one in so many rounds is a scan */

#define CACHES 4 /* one in so many rounds on such a store really is one */

#define TURNS 48 /* before one in so many a store changes its policy */

bool play_fail(struct play *play, const char *format, ...)
{
	va_list args;
	int len;

	len = snprintf(play->failure, sizeof(play->failure),
		       "seed %llu, operation %llu, door %d: ",
		       (unsigned long long)play->seed,
		       (unsigned long long)play->number, play->door);
	va_start(args, format);
	vsnprintf(play->failure + len, sizeof(play->failure) - len, format,
		  args);
	va_end(args);
	return false;
}

static unsigned int store_number(const struct play *play,
				 const struct model_store *store)
{
	return store - play->model.stores;
}

static bool fail_op(struct play *play, const struct judge *judge)
{
	const struct complaint *complaint = &judge->complaint;
	const struct op *op = judge->op;

	play_fail(play,
		  "store %u, key %u, way %d: %s: %s is %lld, not %lld to %lld",
		  store_number(play, judge->store), op->key, play->way->kind,
		  op_name(op->verb), complaint->what, (long long)complaint->is,
		  (long long)complaint->must.lo, (long long)complaint->must.hi);
	trail_tell(&play->trail, op->key);
	if (op->verb == OP_TXN)
		trail_tell_txn(op->txn, judge->store->space);
	return false;
}

/* Each request alone in its call has a time of its own. */
static int run_calls(struct play *play, unsigned int count)
{
	int64_t before = model_clock(), after;
	unsigned int i;
	int ret;

	for (i = 0; i < count; i++) {
		ret = way_run(play->way, &play->requests[i], 1);
		after = model_clock();
		play->ops[i].now = (struct span){ before, after };
		play->ops[i].carried = play->way->carried[0];
		before = after;
		if (ret)
			return ret;
	}
	return 0;
}

static int run_together(struct play *play, unsigned int count)
{
	struct span now = { .lo = model_clock() };
	int ret = way_run(play->way, play->requests, count);
	unsigned int i;

	now.hi = model_clock();
	for (i = 0; i < count; i++) {
		play->ops[i].now = now;
		play->ops[i].carried = play->way->carried[i];
	}
	return ret;
}

static int run(struct play *play, struct model_store *store, unsigned int count)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		play->requests[i] = play->ops[i].request;
	play->way->kvs = store->kvs;
	if (play->way->kind == WAY_CALLS)
		return run_calls(play, count);
	return run_together(play, count);
}

/* No version is drawn twice. */
static bool note_version(struct play *play, struct judge *judge)
{
	uint64_t version = judge->op->result.version;
	unsigned int i;

	if (!judge->out.changes || judge->op->result.status)
		return true;
	for (i = 0; i < play->drawn_count; i++) {
		if (!judge_same(judge, "version used twice",
				play->drawn[i] == version, false))
			return false;
	}
	play->drawn[play->drawn_count++] = version;
	if (version > *judge->store->version)
		*judge->store->version = version;
	return true;
}

static bool look_at(struct play *play, struct judge *judge)
{
	struct op *op = judge->op;
	bool right;

	if (!judge->loose && op_makes(op))
		evict_doubt(judge->store);
	trail_add(&play->trail, play->number + (op - play->ops),
		  store_number(play, judge->store), play->way->kind, op);
	if (op->verb == OP_TXN) {
		right = txn_judge(judge);
	} else {
		right = judge_op(judge);
		if (right)
			judge_apply(judge);
	}
	return right && note_version(play, judge);
}

static bool look_at_one(struct play *play, struct model_store *store,
			unsigned int count, struct op *op, uint64_t floor)
{
	bool mixes = way_mixes(play->way, count);
	struct judge judge = {
		.store = store,
		.op = op,
		.loose = mixes ? count * TXN_OPS : 0,
		.floor = mixes ? floor : *store->version,
	};
	bool alone = !way_joins(play->way, count);

	if (!look_at(play, &judge) ||
	    (alone && !judge_same(&judge, "what carried it says", op->carried,
				  op->result.status)))
		return fail_op(play, &judge);
	return true;
}

bool play_execute(struct play *play, struct model_store *store,
		  unsigned int count)
{
	bool mixes = way_mixes(play->way, count);
	uint64_t floor = *store->version;
	unsigned int i;
	int ret;

	evict_plan(store, play->ops, count);
	ret = run(play, store, count);
	if (ret)
		return play_fail(play, "way %d: %s", play->way->kind,
				 kvs_strerror(ret));
	if (store->turns && !play_see_caps(play, store))
		return false;
	play->drawn_count = 0;
	if (mixes)
		evict_doubt(store);
	for (i = 0; i < count; i++) {
		if (!look_at_one(play, store, count, &play->ops[i], floor))
			return false;
	}
	if (mixes)
		evict_doubt(store);
	return true;
}

/* What follows from the number of the operation alone. */
static struct random random_at(const struct play *play, uint64_t place)
{
	struct random random = { play->seed ^ place * 0xd1342543de82ef95ULL };

	random_next(&random);
	return random;
}

static enum way_kind draw_way(const struct play *play, struct random *random)
{
	static const enum way_kind kinds[PLAY_DOORS][8] = {
		{ WAY_CALLS, WAY_CALLS, WAY_CALLS, WAY_CALLS, WAY_BATCH,
		  WAY_BATCH, WAY_BATCH, WAY_BATCH },
		{ WAY_RING, WAY_RING, WAY_RING_BATCH, WAY_RING_BATCH,
		  WAY_RING_BATCH, WAY_RING_BATCH, WAY_RING128, WAY_RING128 },
	};

	return kinds[play->door][random_below(random, 8)];
}

/*
 * The polling thread takes a processor for itself, and then wants to be woken:
 * its turn is rare, and does not come for single operations.
 */
static unsigned int begin_phase(struct play *play)
{
	static const uint8_t lengths[] = { 1, 4, PLAY_ROUND, PLAY_ROUND };
	struct random random = random_at(play, ~(play->number / PHASE));
	unsigned int length = lengths[random_below(&random, sizeof(lengths))];
	enum way_kind kind = draw_way(play, &random);

	if (play->door == PLAY_URING && length == PLAY_ROUND &&
	    random_once_in(&random, 32))
		kind = WAY_RING_POLLED;
	play->way = &play->ways[kind];
	return length;
}

static void draw_one(struct play *play, const struct model_store *store,
		     struct random *random, uint32_t *place, uint32_t i)
{
	struct op *op = &play->ops[i];

	memset(op, 0, offsetof(struct op, buf));
	op->key = txn_key(0, *place);
	if (random_once_in(random, 40)) {
		op->verb = OP_TXN;
		op->txn = &play->txns[i];
		txn_draw(op, &play->model, store, random);
		*place += TXN_KEYS;
	} else {
		draw_op(op, &play->model, store, random);
		++*place;
	}
}

bool play_one(struct play *play, struct model_store *store,
	      struct random *random)
{
	uint32_t place = random_below(random, MODEL_KEYS);

	draw_one(play, store, random, &place, 0);
	play->number++;
	return play_execute(play, store, 1);
}

void play_draw_stat(struct play *play, struct op *op, unsigned int key)
{
	memset(op, 0, offsetof(struct op, buf));
	op->verb = OP_STAT;
	op->key = key;
	op_build(op, &play->model.keys[key]);
}

/* One that waits for grace periods at its cap has its turn less often. */
static struct model_store *draw_store(struct play *play, struct random *random)
{
	unsigned int number = random_below(random, MODEL_STORES);

	if (number == MODEL_CACHE && !random_once_in(random, CACHES))
		number = MODEL_TURNS;
	return &play->model.stores[number];
}

/*
 * Where the order is not known no key is met twice; else often. Those that are
 * drawn one by one see what became of those before.
 */
bool play_round(struct play *play)
{
	unsigned int i, count = begin_phase(play);
	struct random random = random_at(play, play->number);
	struct model_store *store = draw_store(play, &random);
	uint32_t place = random_below(&random, MODEL_KEYS), start = place;

	if (store->turns && random_once_in(&random, TURNS) &&
	    !play_turn(play, store))
		return false;
	if (random_once_in(&random, RANGES)) {
		play->number++;
		return play_ask(play, store) &&
		       play_range(play, store, &random);
	}
	for (i = 0; i < count; i++) {
		if (!way_mixes(play->way, count))
			place = random_below(&random, MODEL_KEYS);
		else if (place - start + TXN_KEYS > MODEL_KEYS)
			break;
		draw_one(play, store, &random, &place, i);
	}
	if (!play_execute(play, store, i))
		return false;
	play->number += i;
	return true;
}
