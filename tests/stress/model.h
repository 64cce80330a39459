/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What some stores must hold, key by key. Nobody else uses these stores, and
 * whoever does, tells the model of all that he does.
 */
#ifndef KVS_STRESS_MODEL_H
#define KVS_STRESS_MODEL_H

#include <kvs.h>

#include "span.h"

#define MODEL_KEYS 64
#define MODEL_VALUE 8192 /* bytes at most */
#define MODEL_POOL 65536 /* bytes that values are cut out of */
#define MODEL_CACHE_BYTES 65536 /* fewer no store has */
#define MODEL_NEVER INT64_MAX /* a deadline that does not come */

/* The stores, each with something that the others lack. */
enum model_store_kind {
	MODEL_LIVE,
	MODEL_STAGING, /* is published to the one before it */
	MODEL_FEW, /* has fewer places than there are keys */
	MODEL_SHORT, /* takes short values only, and has no index */
	MODEL_TURNS, /* has few places, and evicts at times */
	MODEL_CACHE, /* evicts at a cap of bytes most of the time, and pins */
	MODEL_STORES,
};

/**
 * struct entry - what a key holds
 * @present: there is an entry, unless its deadline has come since
 * @lingers: one whose deadline has come may not be reaped yet
 * @doubtful: it may have been evicted
 * @pinned: it is not evicted
 * @ranked: nor unless this is so: it was put while the store evicts
 * @fetched: a GET has found it
 * @visited: one has since eviction last passed
 * @kind: KVS_ENTRY_*
 * @length: of the value
 * @user_flags: user flags
 * @version: of its last change, also of one that removed it
 * @app_version: the application's; 0: none
 * @number: a counter's
 * @deadline: CLOCK_BOOTTIME in nanoseconds, or MODEL_NEVER
 * @created: likewise, when the key appeared
 * @charged: bytes that it takes; 0: nobody asked since it changed
 */
struct entry {
	bool present;
	bool lingers;
	bool doubtful;
	bool pinned;
	enum verdict ranked;
	enum verdict fetched;
	enum verdict visited;
	uint32_t kind;
	uint32_t length;
	uint32_t user_flags;
	uint64_t version;
	uint64_t app_version;
	struct span number;
	struct span deadline;
	struct span created;
	uint64_t charged;
};

/* The contents of a store, which PUBLISH exchanges. */
struct space {
	struct entry entries[MODEL_KEYS];
	uint8_t values[MODEL_KEYS][MODEL_VALUE];
};

/**
 * struct model_round - operations on a store that may evict
 * @makers: those that may want room
 * @bytes: that the store would have with all that they may make
 * @pins: likewise, that are pinned
 * @evicted: entries that went
 * @ended: those, and what ended by its deadline meanwhile
 */
struct model_round {
	unsigned int makers;
	int64_t bytes;
	int64_t pins;
	uint64_t evicted;
	uint64_t ended;
};

/**
 * struct model_store - a store
 * @kvs: its handle
 * @space: what is in it
 * @version: the last version drawn; a staging store has that of the other one
 * @max_value: longest value
 * @max_entries: entry cap; 0 for none that could be reached
 * @max_bytes: byte cap, likewise
 * @max_pinned: cap of what is pinned; 0 where nothing is
 * @indexed: it has an index
 * @turns: it evicts or refuses, in turns
 * @evicts: now it evicts
 * @done: its statistics, those that are counted exactly
 * @expired: entries that ended by their deadline
 * @evicted: entries that were evicted
 * @either: entries of which it is not known which of both
 * @unfetched: entries that were evicted and that no GET had found
 * @crumbs: entries besides those of the model
 * @seen: its statistics after the last round
 * @round: the present one
 */
struct model_store {
	struct kvs *kvs;
	struct space *space;
	uint64_t *version;
	uint32_t max_value;
	uint32_t max_entries;
	uint64_t max_bytes;
	uint64_t max_pinned;
	bool indexed;
	bool turns;
	bool evicts;
	struct kvs_statistics done;
	struct span expired;
	uint64_t evicted;
	uint64_t either;
	struct span unfetched;
	struct span crumbs;
	struct kvs_statistics seen;
	struct model_round round;
};

struct model_key {
	uint16_t len;
	uint8_t bytes[KVS_KEY_MAX];
};

struct model {
	struct model_store stores[MODEL_STORES];
	struct space spaces[MODEL_STORES];
	uint64_t versions[MODEL_STORES];
	struct model_key keys[MODEL_KEYS];
	uint8_t order[MODEL_KEYS]; /* numbers of keys, by their bytes */
	uint8_t pool[MODEL_POOL + MODEL_VALUE];
};

/* Empty stores, and keys and bytes that follow from @seed. */
void model_init(struct model *model, uint64_t seed);

/* Which comes first? As memcmp(), and what is the beginning of another does. */
int model_compare(const struct model_key *a, const struct model_key *b);

/* CLOCK_BOOTTIME in nanoseconds. */
int64_t model_clock(void);

static inline enum verdict entry_lives(const struct entry *entry,
				       struct span now)
{
	enum verdict lives = span_above(entry->deadline, now);

	if (!entry->present)
		return NO;
	return lives == YES && entry->doubtful ? PERHAPS : lives;
}

/* Its deadline has come, or it was evicted. */
void model_end(struct model_store *store, struct entry *entry, struct span now);

/* Lets all entries expire whose deadline has surely come. */
void model_settle(struct model_store *store, struct span now);

/**
 * model_count() - how many entries the store counts
 * @store: the store
 * @now: when
 *
 * Return: at least so many, and at most.
 */
struct span model_count(const struct model_store *store, struct span now);

/* Is it known of each entry whether it lives? */
bool model_is_sure(const struct model_store *store, struct span now);

/* What FLUSH and PUBLISH do, some time during @now. */
void model_flush(struct model_store *store, struct span now, uint64_t version);
void model_publish(struct model_store *live, struct model_store *staging,
		   struct span now, uint64_t version, uint64_t last_version);

#endif /* KVS_STRESS_MODEL_H */
