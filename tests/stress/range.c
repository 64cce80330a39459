// SPDX-License-Identifier: GPL-2.0-only
/*
 * An item is looked at as the answer to a GET, and a key that has none as a GET
 * that found nothing: so the model learns the same from both.
 */
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "play.h"

#define ITEM_HEAD 32 /* bytes before key and value, each padded to 8 */

static bool fail(struct play *play, const char *what, int64_t is,
		 struct span must)
{
	const struct range *range = &play->range;
	const struct kvs_page *page = &range->page;

	printf("# store %zd, way %d: kind %d flags %#x limit %u page %zu, ",
	       range->store - play->model.stores, play->way->kind, range->kind,
	       page->range.flags, page->limit, page->buf_len);
	printf("key %u to %u\n", range->place, range->stop);
	return play_fail(play, "range: %s is %lld, not %lld to %lld", what,
			 (long long)is, (long long)must.lo, (long long)must.hi);
}

static bool within(struct play *play, const char *what, int64_t is, int64_t lo,
		   int64_t hi)
{
	struct span must = { lo, hi };

	return span_holds(must, is) || fail(play, what, is, must);
}

static bool same(struct play *play, const char *what, int64_t is, int64_t must)
{
	return within(play, what, is, must, must);
}

/* The number of the key that stands at a place in the order of the range. */
static uint32_t key_at(const struct play *play, uint32_t place)
{
	if (play->range.page.range.flags & KVS_RANGE_REVERSE)
		place = MODEL_KEYS - 1 - place;
	return play->model.order[place];
}

static struct entry *entry_at(struct play *play, uint32_t place)
{
	return &play->range.store->space->entries[key_at(play, place)];
}

static bool holds(const struct play *play, uint32_t place)
{
	const struct model_key *key = &play->model.keys[key_at(play, place)];
	const struct range *range = &play->range;

	if (range->page.range.flags & KVS_RANGE_PREFIX)
		return key->len >= range->start.len &&
		       !memcmp(key->bytes, range->start.bytes,
			       range->start.len);
	return model_compare(key, &range->start) >= 0 &&
	       (!range->end.len || model_compare(key, &range->end) < 0);
}

static bool run_page(struct play *play)
{
	struct range *range = &play->range;
	int ret;

	play->way->kvs = range->store->kvs;
	range->now.lo = model_clock();
	ret = way_run(play->way, &range->request, 1);
	range->now.hi = model_clock();
	range->stop = range->place;
	return same(play, "what ran it", ret, 0) &&
	       same(play, "what carried it", play->way->carried[0],
		    range->result.status) &&
	       same(play, "byte behind the page",
		    range->buf[range->page.buf_len], OP_POISON);
}

/* Is that the key the page ended at? All of the buffer is written. */
static bool is_last(const struct play *play, uint32_t place)
{
	const struct model_key *key = &play->model.keys[key_at(play, place)];
	const uint8_t *last = play->range.page.last;
	uint32_t i;

	for (i = key->len; i < KVS_KEY_MAX; i++) {
		if (last[i])
			return false;
	}
	return !memcmp(last, key->bytes, key->len);
}

/* What has no more has passed all. */
static bool find_stop(struct play *play)
{
	struct range *range = &play->range;
	uint32_t place = range->place;

	if (!range->result.status && !(range->result.flags & KVS_RESULT_MORE)) {
		range->stop = MODEL_KEYS;
		return true;
	}
	if (!range->result.visited)
		return true;
	while (place < MODEL_KEYS && !is_last(play, place))
		place++;
	range->stop = place + 1;
	return within(play, "place of the last key", place, range->place,
		      MODEL_KEYS - 1);
}

/* What is known of the entries that the page has passed. */
static void survey(struct play *play)
{
	struct range *range = &play->range;
	const struct entry *entry;
	enum verdict lives;
	uint32_t place;

	range->sure = 0;
	range->doubtful = 0;
	range->indexed = 0;
	for (place = range->place; place < range->stop; place++) {
		if (!holds(play, place))
			continue;
		entry = entry_at(play, place);
		lives = entry_lives(entry, range->now);
		range->sure += lives == YES;
		range->doubtful += lives == PERHAPS;
		range->indexed += entry->present || entry->lingers;
	}
}

static void show(struct range *range, const struct kvs_scan_entry *item,
		 const struct entry *entry)
{
	struct kvs_result *result = &range->op.result;

	*result = (struct kvs_result){
		.kind = item->kind,
		.length = item->length,
		.user_flags = item->user_flags,
		.version = item->version,
		.ttl = item->ttl,
		.number = item->number,
		.app_version = entry->app_version,
	};
	if (range->kind == RANGE_VALUES) {
		range->op.room = span_smaller(item->length, MODEL_VALUE);
		memcpy(range->op.buf, item->value, range->op.room);
		return;
	}
	result->length = entry->length;
	result->number = entry->number.lo;
}

static bool look_at_key(struct play *play, uint32_t key,
			const struct kvs_scan_entry *item)
{
	struct range *range = &play->range;
	struct entry *entry = &range->store->space->entries[key];
	struct judge judge = { .store = range->store, .op = &range->op };
	struct span number = entry->number;

	memset(&range->op, 0, offsetof(struct op, buf));
	range->op.verb = OP_GET;
	range->op.flags = KVS_FLAG_NO_TOUCH;
	range->op.key = key;
	range->op.now = range->now;
	range->op.result.status = -ENOENT;
	if (item)
		show(range, item, entry);
	range->op.buf[range->op.room] = OP_POISON;
	trail_add(&play->trail, play->number, range->store - play->model.stores,
		  play->way->kind, &range->op);
	if (!judge_op(&judge)) {
		trail_tell(&play->trail, key);
		return fail(play, judge.complaint.what, judge.complaint.is,
			    judge.complaint.must);
	}
	judge_apply(&judge);
	/* A key alone does not tell it. */
	if (range->kind == RANGE_KEYS && entry->present)
		entry->number = number;
	return true;
}

static bool next_item(struct range *range, struct kvs_scan_entry *item)
{
	if (!kvs_page_next(&range->page, &range->result, item))
		return false;
	range->shown++;
	range->used += ITEM_HEAD + (item->key_len + 7) / 8 * 8 +
		       (item->length + 7) / 8 * 8;
	return true;
}

static bool is_of(const struct kvs_scan_entry *item,
		  const struct model_key *key)
{
	return item->key_len == key->len &&
	       !memcmp(item->key, key->bytes, key->len);
}

static bool look_at_items(struct play *play)
{
	struct range *range = &play->range;
	struct kvs_scan_entry item;
	bool left, is;
	uint32_t place, key;

	left = next_item(range, &item);
	for (place = range->place; place < range->stop; place++) {
		if (!holds(play, place))
			continue;
		key = key_at(play, place);
		is = left && is_of(&item, &play->model.keys[key]);
		if (!look_at_key(play, key, is ? &item : NULL))
			return false;
		if (is)
			left = next_item(range, &item);
	}
	return same(play, "an item out of its place", left, false) &&
	       same(play, "number", range->result.number, range->shown) &&
	       same(play, "length", range->result.length, range->used);
}

static bool look_at_count(struct play *play)
{
	struct range *range = &play->range;

	range->shown = range->result.number;
	return within(play, "number", range->result.number, range->sure,
		      range->sure + range->doubtful);
}

/* Removed, or ended by its deadline before: it is not there. */
static void forget(struct play *play)
{
	struct range *range = &play->range;
	struct entry *entry;
	uint32_t place;

	for (place = range->place; place < range->stop; place++) {
		if (!holds(play, place))
			continue;
		entry = entry_at(play, place);
		if (entry->present && entry_lives(entry, range->now) == NO)
			model_end(range->store, entry, range->now);
		*entry = (struct entry){ .version = entry->version };
	}
}

/* Each removal has a version of its own, the last one of which is told. */
static bool look_at_removal(struct play *play)
{
	struct range *range = &play->range;
	struct model_store *store = range->store;
	uint64_t removed = range->result.number;
	uint64_t ended = range->sure + range->doubtful - removed;

	if (!look_at_count(play))
		return false;
	range->shown = range->result.visited;
	if (removed && !within(play, "version", range->result.version,
			       *store->version + removed, INT64_MAX))
		return false;
	if (removed)
		*store->version = range->result.version;
	store->done.deletes += removed;
	store->expired.lo += ended;
	store->expired.hi += ended;
	forget(play);
	return true;
}

/* Bytes that its item takes. */
static uint32_t item_size(struct play *play, uint32_t place)
{
	const struct range *range = &play->range;
	uint32_t key_len = play->model.keys[key_at(play, place)].len;
	uint32_t length = 0;

	if (range->kind == RANGE_VALUES)
		length = entry_at(play, place)->length;
	return ITEM_HEAD + (key_len + 7) / 8 * 8 + (length + 7) / 8 * 8;
}

/* Does the page rightly end before this key, for lack of room? */
static bool is_too_long(struct play *play, uint32_t place)
{
	const struct range *range = &play->range;
	uint32_t size;

	if (!range_tells_items(range))
		return false;
	size = item_size(play, place);
	if (size <= range->page.buf_len / 8 * 8 - range->used)
		return false;
	if (range->result.status)
		return range->result.length == size;
	return range->shown;
}

/* There is a reason not to go on, which what may be gone by now can be too. */
static bool is_cut(struct play *play)
{
	const struct range *range = &play->range;
	const struct entry *entry;
	enum verdict lives;
	uint32_t place;

	for (place = range->stop; place < MODEL_KEYS; place++) {
		if (!holds(play, place))
			continue;
		entry = entry_at(play, place);
		lives = entry_lives(entry, range->now);
		if (range->page.limit && range->shown == range->page.limit &&
		    (entry->present || entry->lingers))
			return true;
		if (lives != NO && is_too_long(play, place))
			return true;
		if (lives == YES)
			return false;
	}
	return false;
}

static bool look_at_page(struct play *play)
{
	struct range *range = &play->range;
	bool right;

	range->shown = 0;
	range->used = 0;
	if (!find_stop(play))
		return false;
	survey(play);
	if (range->result.status)
		right = same(play, "status", range->result.status, -ERANGE);
	else if (range_tells_items(range))
		right = look_at_items(play);
	else if (range->kind == RANGE_COUNT)
		right = look_at_count(play);
	else
		right = look_at_removal(play);
	if (!right || (range->page.limit && !within(play, "items", range->shown,
						    0, range->page.limit)))
		return false;
	if (range->stop < MODEL_KEYS || range->result.status)
		right = same(play, "a reason to end", is_cut(play), true);
	return right && within(play, "visited", range->result.visited,
			       range->result.status ? 0 : range->result.number,
			       range->indexed);
}

/* A page that is too small for the next item is the end, here. */
bool play_range(struct play *play, struct model_store *store,
		struct random *random)
{
	struct range *range = &play->range;
	bool more;

	range->store = store;
	range_draw(range, &play->model, random);
	do {
		if (!run_page(play))
			return false;
		if (!store->indexed)
			return same(play, "status", range->result.status,
				    -EOPNOTSUPP);
		if (!look_at_page(play))
			return false;
		if (range->kind != RANGE_DELETE && !range->result.status)
			store->done.scans++;
		range->place = range->stop;
		more = kvs_page_more(&range->page, &range->result);
	} while (more);
	return true;
}
