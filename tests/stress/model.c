// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>
#include <time.h>

#include "model.h"
#include "random.h"

#define FAMILY 16 /* keys of different lengths */

/* Lengths about those at which keys are handed over in another way. */
static uint16_t key_length(unsigned int key)
{
	static const uint16_t lengths[] = { 1,	4,  8,	13, 16,	 24, 31, 32,
					    33, 12, 20, 9,  100, 7,  25, 6 };

	if (key == MODEL_KEYS - 1)
		return KVS_KEY_MAX;
	return lengths[key % FAMILY];
}

static void fill(uint8_t *bytes, size_t len, struct random *random)
{
	uint64_t word;
	size_t i;

	for (i = 0; i + sizeof(word) <= len; i += sizeof(word)) {
		word = random_next(random);
		memcpy(bytes + i, &word, sizeof(word));
	}
}

/*
 * Any bytes, NULs too. Sixteen each are the beginnings of one another; the last
 * of these families begins with bytes that have none above them.
 */
static void init_family(struct model_key *keys, unsigned int family,
			struct random *random)
{
	static const uint8_t first[] = { 0x00, 0x61, 0x9d, 0xff };
	uint8_t bytes[KVS_KEY_MAX];
	unsigned int i;

	fill(bytes, sizeof(bytes), random);
	memset(bytes, first[family], first[family] == 0xff ? 9 : 1);
	for (i = 0; i < FAMILY; i++) {
		keys[i].len = key_length(family * FAMILY + i);
		/* With NULs behind it, a shorter one does not look like this. */
		bytes[keys[i].len - 1] |= 1;
	}
	for (i = 0; i < FAMILY; i++)
		memcpy(keys[i].bytes, bytes, sizeof(bytes));
}

int model_compare(const struct model_key *a, const struct model_key *b)
{
	int order =
		memcmp(a->bytes, b->bytes, a->len < b->len ? a->len : b->len);

	return order ? order : a->len - b->len;
}

/* Each goes to the place after all that are less. */
static void init_order(struct model *model)
{
	unsigned int i, j, place;

	for (i = 0; i < MODEL_KEYS; i++) {
		place = 0;
		for (j = 0; j < MODEL_KEYS; j++)
			place += model_compare(&model->keys[j],
					       &model->keys[i]) < 0;
		model->order[place] = i;
	}
}

/* Each has less room than its keys want. */
static void init_turns(struct model *model)
{
	struct model_store *turns = &model->stores[MODEL_TURNS];
	struct model_store *cache = &model->stores[MODEL_CACHE];

	turns->turns = true;
	turns->evicts = true;
	turns->max_entries = MODEL_KEYS / 3;
	turns->max_value = 700;
	cache->turns = true;
	cache->evicts = true;
	cache->max_bytes = MODEL_CACHE_BYTES;
	cache->max_pinned = MODEL_CACHE_BYTES / 3;
	cache->max_value = MODEL_VALUE;
}

void model_init(struct model *model, uint64_t seed)
{
	struct random random = { seed };
	unsigned int i;

	memset(model, 0, sizeof(*model));
	for (i = 0; i < MODEL_STORES; i++) {
		model->stores[i].space = &model->spaces[i];
		model->stores[i].version = &model->versions[i];
		model->stores[i].max_value = MODEL_VALUE / 2;
		model->stores[i].indexed = i != MODEL_SHORT;
	}
	model->stores[MODEL_STAGING].version = &model->versions[MODEL_LIVE];
	model->stores[MODEL_FEW].max_entries = MODEL_KEYS / 3;
	model->stores[MODEL_FEW].max_value = 700;
	model->stores[MODEL_SHORT].max_value = 300;
	init_turns(model);
	for (i = 0; i < MODEL_KEYS / FAMILY; i++)
		init_family(&model->keys[i * FAMILY], i, &random);
	init_order(model);
	fill(model->pool, sizeof(model->pool), &random);
}

int64_t model_clock(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static void expire(struct model_store *store, struct entry *entry)
{
	entry->lingers = true;
	store->expired.lo++;
	store->expired.hi++;
}

/* What could be told apart, is. */
static void evict(struct model_store *store, struct entry *entry,
		  struct span now)
{
	enum verdict in_time = span_above(entry->deadline, now);

	store->unfetched.lo += in_time == YES && entry->fetched == NO;
	store->unfetched.hi += entry->fetched != YES;
	if (in_time == YES) {
		store->evicted++;
		return;
	}
	store->either++;
	entry->lingers = true;
}

void model_end(struct model_store *store, struct entry *entry, struct span now)
{
	entry->present = false;
	if (entry->doubtful)
		evict(store, entry, now);
	else
		expire(store, entry);
	entry->doubtful = false;
}

void model_settle(struct model_store *store, struct span now)
{
	struct entry *entry = store->space->entries;
	struct entry *end = entry + MODEL_KEYS;

	for (; entry < end; entry++) {
		if (entry->present && entry_lives(entry, now) == NO)
			model_end(store, entry, now);
	}
}

struct span model_count(const struct model_store *store, struct span now)
{
	const struct entry *entry = store->space->entries;
	const struct entry *end = entry + MODEL_KEYS;
	struct span count = store->crumbs;

	for (; entry < end; entry++) {
		count.lo += entry_lives(entry, now) == YES;
		count.hi += entry->present || entry->lingers;
	}
	return count;
}

bool model_is_sure(const struct model_store *store, struct span now)
{
	unsigned int i;

	for (i = 0; i < MODEL_KEYS; i++) {
		if (entry_lives(&store->space->entries[i], now) == PERHAPS)
			return false;
	}
	return true;
}

/* Who counted those that may have been reaped by now, is not known. */
static void doubt_expired(struct model_store *store, struct model_store *other,
			  struct span now)
{
	struct span count = model_count(store, now);
	int64_t doubts = count.hi - count.lo;

	store->expired.lo -= doubts;
	store->expired.hi += doubts;
	other->expired.lo -= doubts;
	other->expired.hi += doubts;
}

void model_flush(struct model_store *store, struct span now, uint64_t version)
{
	unsigned int i;

	doubt_expired(store, store, now);
	for (i = 0; i < MODEL_KEYS; i++)
		store->space->entries[i] = (struct entry){ .version = version };
	*store->version = version;
	store->done.flushes++;
}

/* All entries of a space that is published count as changed by it. */
static void renew(struct space *space, uint64_t version)
{
	unsigned int i;

	for (i = 0; i < MODEL_KEYS; i++)
		space->entries[i].version = version;
}

void model_publish(struct model_store *live, struct model_store *staging,
		   struct span now, uint64_t version, uint64_t last_version)
{
	struct space *space = live->space;

	doubt_expired(live, staging, now);
	doubt_expired(staging, live, now);
	live->space = staging->space;
	staging->space = space;
	renew(live->space, version);
	renew(staging->space, last_version);
	*live->version = last_version;
	live->done.publishes++;
}
