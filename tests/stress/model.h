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
#define MODEL_VALUE 4096 /* bytes at most */
#define MODEL_POOL 65536 /* bytes that values are cut out of */
#define MODEL_NEVER INT64_MAX /* a deadline that does not come */

/* The stores, each with something that the others lack. */
enum model_store_kind {
	MODEL_LIVE,
	MODEL_STAGING, /* is published to the one before it */
	MODEL_FEW, /* has fewer places than there are keys */
	MODEL_SHORT, /* takes short values only, and has no index */
	MODEL_STORES,
};

/**
 * struct entry - what a key holds
 * @present: there is an entry, unless its deadline has come since
 * @lingers: one whose deadline has come may not be reaped yet
 * @kind: KVS_ENTRY_*
 * @length: of the value
 * @user_flags: user flags
 * @version: of its last change, also of one that removed it
 * @app_version: the application's; 0: none
 * @number: a counter's
 * @deadline: CLOCK_BOOTTIME in nanoseconds, or MODEL_NEVER
 * @created: likewise, when the key appeared
 */
struct entry {
	bool present;
	bool lingers;
	uint32_t kind;
	uint32_t length;
	uint32_t user_flags;
	uint64_t version;
	uint64_t app_version;
	struct span number;
	struct span deadline;
	struct span created;
};

/* The contents of a store, which PUBLISH exchanges. */
struct space {
	struct entry entries[MODEL_KEYS];
	uint8_t values[MODEL_KEYS][MODEL_VALUE];
};

/**
 * struct model_store - a store
 * @kvs: its handle
 * @space: what is in it
 * @version: the last version drawn; a staging store has that of the other one
 * @max_value: longest value
 * @max_entries: entry cap; 0 for none that could be reached
 * @indexed: it has an index
 * @done: its statistics, those that are counted exactly
 * @expired: entries that ended by their deadline
 */
struct model_store {
	struct kvs *kvs;
	struct space *space;
	uint64_t *version;
	uint32_t max_value;
	uint32_t max_entries;
	bool indexed;
	struct kvs_statistics done;
	struct span expired;
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
	return entry->present ? span_above(entry->deadline, now) : NO;
}

/* Its deadline has come. */
void model_expire(struct model_store *store, struct entry *entry);

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
