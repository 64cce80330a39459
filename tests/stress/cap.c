// SPDX-License-Identifier: GPL-2.0-only
/* The caps of stores that evict, looked at after each round. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "evict.h"
#include "play.h"

#define CRUMB "5crumb" /* no key of the model begins so */
#define CRUMBS 300 /* more than 64 times what such operations take */
#define CRUMB_OPS 4 /* operations among them */

/* So long memory may take to come free. */
#define FREED_NS 10000000000LL

static bool fail(struct play *play, const struct model_store *store,
		 const char *what, uint64_t is, uint64_t most)
{
	return play_fail(play, "store %zd, way %d: %s: %llu, at most %llu",
			 store - play->model.stores, play->way->kind, what,
			 (unsigned long long)is, (unsigned long long)most);
}

/* Is all that is in it either pinned or can be evicted? */
static bool gives_all(const struct model_store *store)
{
	const struct entry *entry = store->space->entries;
	const struct entry *end = entry + MODEL_KEYS;

	for (; entry < end; entry++) {
		if (entry->present && !entry->pinned && entry->ranked != YES)
			return false;
	}
	return store->evicts;
}

static bool see(struct play *play, struct model_store *store)
{
	int ret = kvs_store_stats(store->kvs, &store->seen);

	return !ret || play_fail(play, "stats: %s", kvs_strerror(ret));
}

/* Until what was removed is free, or there is no more than may be. */
static bool see_freed(struct play *play, struct model_store *store)
{
	const struct kvs_statistics *seen = &store->seen;
	int64_t end = model_clock() + FREED_NS;

	while (seen->waiting_bytes && seen->bytes > store->max_bytes &&
	       model_clock() < end) {
		usleep(1000);
		if (!see(play, store))
			return false;
	}
	return true;
}

/*
 * What shrinks a value in a store that has nothing to evict may pass the cap
 * until what it replaces is free. The table does not stand in the way of one for
 * which as much was evicted as it takes.
 */
static bool compare_bytes(struct play *play, struct model_store *store)
{
	if (!gives_all(store) && !see_freed(play, store))
		return false;
	return store->seen.bytes <= store->max_bytes ||
	       fail(play, store, "bytes", store->seen.bytes, store->max_bytes);
}

static bool compare_caps(struct play *play, struct model_store *store)
{
	const struct kvs_statistics *seen = &store->seen;

	if (store->max_pinned && seen->pinned_bytes > store->max_pinned)
		return fail(play, store, "pinned bytes", seen->pinned_bytes,
			    store->max_pinned);
	/* Until they are gone there may be more than a cap that was lowered. */
	if (store->crumbs.hi)
		return true;
	if (store->max_entries && seen->entries > store->max_entries)
		return fail(play, store, "entries", seen->entries,
			    store->max_entries);
	return !store->max_bytes || compare_bytes(play, store);
}

bool play_see_caps(struct play *play, struct model_store *store)
{
	uint64_t evicted = store->seen.evictions;
	uint64_t ended = evicted + store->seen.expired;
	uint64_t most = store->round.makers * EVICT_VICTIMS;

	if (!see(play, store))
		return false;
	evicted = store->seen.evictions - evicted;
	ended = store->seen.evictions + store->seen.expired - ended;
	store->round.evicted = evicted;
	store->round.ended = ended;
	store->crumbs.lo = span_larger(store->crumbs.lo - evicted, 0);
	if (!store->evicts)
		most = 0;
	if (evicted > most)
		return fail(play, store, "evicted", evicted, most);
	return compare_caps(play, store);
}

bool play_turn(struct play *play, struct model_store *store)
{
	struct kvs_store_options options = {
		.set = KVS_OPTION_POLICY,
		.policy = store->evicts ? KVS_AT_CAP_REJECT : KVS_AT_CAP_EVICT,
	};
	int ret = kvs_store_alter(store->kvs, &options);

	store->evicts = !store->evicts;
	return !ret || play_fail(play, "alter: %s", kvs_strerror(ret));
}

static int set_caps(const struct model_store *store, unsigned int factor)
{
	struct kvs_store_options options = {
		.max_bytes = store->max_bytes * factor,
		.max_entries = store->max_entries * factor,
	};

	if (store->max_bytes)
		options.set |= KVS_OPTION_MAX_BYTES;
	if (store->max_entries)
		options.set |= KVS_OPTION_MAX_ENTRIES;
	return kvs_store_alter(store->kvs, &options);
}

static int put_crumbs(struct model_store *store)
{
	char key[KVS_KEY_MAX];
	int i, len, ret;

	for (i = 0; i < CRUMBS; i++) {
		len = snprintf(key, sizeof(key), "%s%d", CRUMB, i);
		ret = kvs_put(store->kvs, key, len, NULL, 0, 0, NULL);
		if (ret)
			return ret;
	}
	store->done.puts += CRUMBS;
	store->crumbs = span_of(CRUMBS);
	return 0;
}

/* How many were evicted is known from how many are left. */
static bool sweep_crumbs(struct play *play, struct model_store *store)
{
	const struct kvs_range range = {
		.start = CRUMB,
		.start_len = strlen(CRUMB),
		.flags = KVS_RANGE_PREFIX,
	};
	uint64_t left;
	int ret = kvs_delete_range(store->kvs, &range, &left);

	if (ret)
		return play_fail(play, "crumbs: %s", kvs_strerror(ret));
	if (!span_holds(store->crumbs, left))
		return fail(play, store, "crumbs", left, store->crumbs.hi);
	store->done.deletes += left;
	store->evicted += CRUMBS - left;
	store->unfetched.lo += CRUMBS - left;
	store->unfetched.hi += CRUMBS - left;
	store->crumbs = span_of(0);
	if (!see(play, store) || !see_freed(play, store))
		return false;
	*store->version = store->seen.version;
	return true;
}

/*
 * In a store that has much more in it than it may have since a moment ago each
 * request evicts what it can.
 */
bool play_crumbs(struct play *play, struct model_store *store,
		 struct random *random)
{
	unsigned int i;
	int ret = 0;

	if (!store->evicts && !play_turn(play, store))
		return false;
	ret = set_caps(store, 100);
	if (!ret)
		ret = put_crumbs(store);
	if (!ret)
		ret = set_caps(store, 1);
	if (ret)
		return play_fail(play, "crumbs: %s", kvs_strerror(ret));
	if (!see(play, store))
		return false;
	*store->version = store->seen.version;
	for (i = 0; i < CRUMB_OPS; i++) {
		if (!play_one(play, store, random))
			return false;
	}
	return sweep_crumbs(play, store);
}

static bool is_wanted(const struct entry *entry)
{
	return entry->present &&
	       (entry->doubtful || (entry->pinned && !entry->charged));
}

bool play_ask(struct play *play, struct model_store *store)
{
	unsigned int key = 0, count;

	while (key < MODEL_KEYS) {
		for (count = 0; key < MODEL_KEYS && count < PLAY_ROUND; key++) {
			if (!is_wanted(&store->space->entries[key]))
				continue;
			play_draw_stat(play, &play->ops[count++], key);
		}
		if (count && !play_execute(play, store, count))
			return false;
	}
	return true;
}
