// SPDX-License-Identifier: GPL-2.0-only
/* The stores of a play: made, emptied, published, compared, ended. */
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "play.h"

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

/* So long the reaper may take. */
#define SETTLE_NS 10000000000LL

static void store_name(char *name, size_t size, enum play_door door,
		       unsigned int store)
{
	snprintf(name, size, "model.%d.%u", door, store);
}

static int open_store(struct play *play, unsigned int number)
{
	struct model_store *store = &play->model.stores[number];
	struct kvs_store_options options = {
		.set = KVS_OPTION_MAX_VALUE,
		.max_value = store->max_value,
		.max_entries = store->max_entries,
		.max_bytes = store->max_bytes,
		.max_pinned = store->max_pinned,
		.policy = KVS_AT_CAP_EVICT,
	};
	char name[KVS_STORE_NAME_MAX + 1];
	int ret;

	store_name(name, sizeof(name), play->door, number);
	if (store->max_entries)
		options.set |= KVS_OPTION_MAX_ENTRIES;
	if (store->max_bytes)
		options.set |= KVS_OPTION_MAX_BYTES;
	if (store->max_pinned)
		options.set |= KVS_OPTION_MAX_PINNED;
	if (store->evicts)
		options.set |= KVS_OPTION_POLICY;
	if (store->indexed)
		options.set |= KVS_OPTION_INDEX;
	if (number != MODEL_STAGING)
		return kvs_store_create(name, &options, O_RDWR, &store->kvs);
	ret = kvs_store_create_staging(play->model.stores[MODEL_LIVE].kvs,
				       name);
	return ret ? ret : kvs_open(name, O_RDWR, &store->kvs);
}

static int open_ways(struct play *play)
{
	unsigned int first = 0, end = WAY_RING, i;
	int ret = 0;

	if (play->door == PLAY_URING) {
		first = WAY_RING;
		end = WAY_KINDS;
	}
	for (i = first; !ret && i < end; i++)
		ret = way_open(&play->ways[i], i, NULL);
	return ret;
}

int play_open(struct play *play, enum play_door door, uint64_t seed)
{
	unsigned int i;
	int ret = 0;

	play->door = door;
	play->seed = seed;
	model_init(&play->model, seed);
	for (i = 0; !ret && i < MODEL_STORES; i++)
		ret = open_store(play, i);
	return ret ? ret : open_ways(play);
}

/* The staging store before the one that it is made for. */
void play_close(struct play *play)
{
	unsigned int i = MODEL_STORES;
	struct kvs *kvs;

	while (i--) {
		kvs = play->model.stores[i].kvs;
		if (kvs)
			kvs_store_destroy(kvs);
		kvs_close(kvs);
	}
	for (i = 0; i < WAY_KINDS; i++)
		way_close(&play->ways[i]);
}

static bool flush_store(struct play *play, struct model_store *store)
{
	struct span now = { .lo = model_clock() };
	uint64_t version;
	int ret;

	ret = kvs_store_flush(store->kvs, &version);
	now.hi = model_clock();
	if (ret)
		return play_fail(play, "flush: %s", kvs_strerror(ret));
	if (version <= *store->version)
		return play_fail(play, "flush: version %llu after %llu",
				 (unsigned long long)version,
				 (unsigned long long)*store->version);
	model_flush(store, now, version);
	return true;
}

/* What was published last, has the last version that was drawn. */
static bool publish_staging(struct play *play)
{
	struct model_store *live = &play->model.stores[MODEL_LIVE];
	struct model_store *staging = &play->model.stores[MODEL_STAGING];
	struct span now = { .lo = model_clock() };
	struct kvs_store_info info;
	uint64_t version;
	int ret;

	ret = kvs_store_publish(live->kvs, &version);
	now.hi = model_clock();
	if (!ret)
		ret = kvs_info(staging->kvs, &info);
	if (ret)
		return play_fail(play, "publish: %s", kvs_strerror(ret));
	if (version <= *live->version || info.version < version)
		return play_fail(play, "publish: version %llu after %llu",
				 (unsigned long long)version,
				 (unsigned long long)*live->version);
	model_publish(live, staging, now, version, info.version);
	return true;
}

bool play_sweep(struct play *play, struct random *random)
{
	unsigned int place = random_below(random, MODEL_STORES * 3);
	struct model_store *store = &play->model.stores[place % MODEL_STORES];

	if (store->turns && place >= MODEL_STORES)
		return play_crumbs(play, store, random);
	if (place < MODEL_STORES)
		return play_ask(play, store) && flush_store(play, store);
	return publish_staging(play);
}

static bool compare_keys(struct play *play, struct model_store *store,
			 unsigned int first)
{
	unsigned int i;

	for (i = 0; i < PLAY_ROUND; i++) {
		struct op *op = &play->ops[i];

		memset(op, 0, offsetof(struct op, buf));
		op->verb = OP_GET;
		op->key = first + i;
		op->room = MODEL_VALUE;
		op_build(op, &play->model.keys[op->key]);
	}
	return play_execute(play, store, PLAY_ROUND);
}

bool play_compare_contents(struct play *play)
{
	struct model_store *store = play->model.stores;
	struct model_store *end = store + MODEL_STORES;
	unsigned int key;

	for (; store < end; store++) {
		for (key = 0; key < MODEL_KEYS; key += PLAY_ROUND) {
			if (!compare_keys(play, store, key))
				return false;
		}
	}
	return true;
}

/* What was not done here is none of these either. */
static bool compare_items(struct play *play, const struct model_store *store,
			  const struct kvs_statistics *stats)
{
#define ITEM(name)                                           \
	{                                                    \
#name, offsetof(struct kvs_statistics, name) \
	}
	static const struct {
		const char *name;
		size_t offset;
	} items[] = {
		ITEM(hits),	      ITEM(misses),
		ITEM(puts),	      ITEM(deletes),
		ITEM(adds),	      ITEM(xchgs),
		ITEM(bitops),	      ITEM(buckets),
		ITEM(refusals),	      ITEM(touches),
		ITEM(stats),	      ITEM(flushes),
		ITEM(publishes),      ITEM(txns),
		ITEM(scans),	      ITEM(rejected_entries),
		ITEM(rejected_bytes), ITEM(rejected_memory),
		ITEM(rejected_quota),
	};
#undef ITEM
	uint64_t is, must;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(items); i++) {
		memcpy(&is, (const char *)stats + items[i].offset, sizeof(is));
		memcpy(&must, (const char *)&store->done + items[i].offset,
		       sizeof(must));
		if (is != must)
			return play_fail(play, "store %zd: %s: %llu, not %llu",
					 store - play->model.stores,
					 items[i].name, (unsigned long long)is,
					 (unsigned long long)must);
	}
	return true;
}

static bool compare_span(struct play *play, const struct model_store *store,
			 const char *what, uint64_t is, int64_t lo, int64_t hi)
{
	if (span_holds((struct span){ lo, hi }, is))
		return true;
	return play_fail(play, "store %zd: %s: %llu, not %lld to %lld",
			 store - play->model.stores, what,
			 (unsigned long long)is, (long long)lo, (long long)hi);
}

/* How entries ended that nobody removed. */
static bool compare_ends(struct play *play, const struct model_store *store,
			 const struct kvs_statistics *stats)
{
	struct span expired = store->expired;
	int64_t ended = store->evicted + store->either;

	return compare_span(play, store, "expired", stats->expired, expired.lo,
			    expired.hi + store->either) &&
	       compare_span(play, store, "evictions", stats->evictions,
			    store->evicted, ended) &&
	       compare_span(play, store, "expired or evicted",
			    stats->expired + stats->evictions,
			    expired.lo + ended, expired.hi + ended) &&
	       compare_span(play, store, "evicted unfetched",
			    stats->evicted_unfetched, store->unfetched.lo,
			    store->unfetched.hi);
}

/* To the byte, as STAT said of each. */
static bool compare_pinned(struct play *play, const struct model_store *store,
			   const struct kvs_statistics *stats)
{
	const struct entry *entry = store->space->entries;
	const struct entry *end = entry + MODEL_KEYS;
	int64_t pinned = 0;

	for (; entry < end; entry++) {
		if (entry->present && entry->pinned)
			pinned += entry->charged;
	}
	return compare_span(play, store, "pinned bytes", stats->pinned_bytes,
			    pinned, pinned);
}

static bool compare_statistics(struct play *play,
			       const struct model_store *store,
			       const struct kvs_statistics *stats)
{
	if (!compare_items(play, store, stats) ||
	    !compare_ends(play, store, stats) ||
	    !compare_pinned(play, store, stats))
		return false;
	if (stats->version != *store->version)
		return play_fail(play, "version %llu, not %llu",
				 (unsigned long long)stats->version,
				 (unsigned long long)*store->version);
	return true;
}

static void forget_lingering(struct model_store *store)
{
	unsigned int i;

	for (i = 0; i < MODEL_KEYS; i++)
		store->space->entries[i].lingers = false;
}

/*
 * Entries past their deadline are counted until they are reaped, and then not
 * any more; those that live always are.
 */
static bool settle(struct play *play, struct model_store *store,
		   struct kvs_statistics *stats)
{
	int64_t end = model_clock() + SETTLE_NS;
	struct span now, count;
	int ret;

	do {
		now.lo = model_clock();
		ret = kvs_store_stats(store->kvs, stats);
		now.hi = model_clock();
		if (ret)
			return play_fail(play, "stats: %s", kvs_strerror(ret));
		model_settle(store, now);
		count = model_count(store, now);
		if (!span_holds(count, stats->entries))
			break;
		if ((int64_t)stats->entries == count.lo &&
		    model_is_sure(store, now)) {
			forget_lingering(store);
			return true;
		}
		usleep(1000);
	} while (now.hi < end);
	return play_fail(play, "store %zd: entries: %llu, not %lld to %lld",
			 store - play->model.stores,
			 (unsigned long long)stats->entries,
			 (long long)count.lo, (long long)count.hi);
}

/* Which of several caps was in the way, the model does not say. */
static void merge_refusals(const struct model_store *store,
			   struct kvs_statistics *stats)
{
	if (!store->turns)
		return;
	stats->rejected_entries += stats->rejected_bytes;
	stats->rejected_bytes = 0;
}

bool play_compare_statistics(struct play *play)
{
	struct model_store *store = play->model.stores;
	struct model_store *end = store + MODEL_STORES;
	struct kvs_statistics stats;

	for (; store < end; store++) {
		if (!play_ask(play, store) || !settle(play, store, &stats))
			return false;
		merge_refusals(store, &stats);
		if (!compare_statistics(play, store, &stats))
			return false;
	}
	return true;
}
