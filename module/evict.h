/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _KVS_EVICT_H
#define _KVS_EVICT_H

#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/types.h>

#include "entry.h"

struct kvs_evict;
struct kvs_quota;

/**
 * typedef kvs_evict_take_fn - remove an entry that was chosen
 * @evict: the list
 * @entry: it may be dead by now: then it is left
 * @try: where a lock is taken, leave it
 *
 * Context: under rcu_read_lock(), no other lock held.
 *
 * Return: bytes that its end will give back; 0 if it was left.
 */
typedef u64 kvs_evict_take_fn(struct kvs_evict *evict, struct kvs_entry *entry,
			      bool try);

/**
 * struct kvs_evict - entries that may be evicted, by age
 * @lock: a leaf lock; protects all up to @count, and the ranks of entries
 * @newest: the end where entries come, or NULL
 * @oldest: the other end, or NULL
 * @hand: the entry that is looked at next; NULL: the oldest
 * @search: the same for those who want only what is a user's: they pass what is
 *	others' without a trace
 * @count: entries
 * @enabled: may they be evicted now? Read without a lock
 * @take: how an entry is removed
 * @link: in the list of all lists, see kvs_evict_start()
 */
struct kvs_evict {
	spinlock_t lock; /* a leaf lock, taken under a stripe or alone */
	struct kvs_entry *newest;
	struct kvs_entry *oldest;
	struct kvs_entry *hand;
	struct kvs_entry *search;
	unsigned long count;
	const bool *enabled;
	kvs_evict_take_fn *take;
	struct list_head link;
};

/**
 * struct kvs_evict_budget - what one call has done, and may not do for ever
 * @passed: entries that the hand passed: at most KVS_EVICT_PASSES that were
 *	visited, and in all twice that
 * @taken: entries that were chosen, at most KVS_EVICT_VICTIMS
 * @bytes: what their end gives back, less what was charged in their place
 */
struct kvs_evict_budget {
	u32 passed;
	u32 taken;
	u64 bytes;
};

/**
 * struct kvs_evict_wish - which entry is wanted
 * @budget: of the call
 * @quota: only one that is charged to this user, or NULL
 * @spared: hashes of keys that the call depends on: none of theirs
 * @spared_count: how many
 * @try: wait for no lock
 */
struct kvs_evict_wish {
	struct kvs_evict_budget *budget;
	const struct kvs_quota *quota;
	const u32 *spared;
	u32 spared_count;
	bool try;
};

/**
 * kvs_evict_init() - make an empty list
 * @evict: the list
 * @take: removes an entry
 * @enabled: whether it may; outlives the list
 */
void kvs_evict_init(struct kvs_evict *evict, kvs_evict_take_fn *take,
		    const bool *enabled);

/**
 * kvs_evict_stop() - let the shrinker find the list no more
 * @evict: the list; whoever found it before may look at it for a grace period
 */
void kvs_evict_stop(struct kvs_evict *evict);

/**
 * kvs_evict_add() - an entry came
 * @evict: the list
 * @entry: any entry; one without a rank, or pinned, is not for the list
 *
 * Context: under the stripe of the entry's key, as the next two.
 */
void kvs_evict_add(struct kvs_evict *evict, struct kvs_entry *entry);

/**
 * kvs_evict_replace() - an entry takes the place of another one
 * @evict: the list
 * @old: any entry
 * @fresh: any entry with the same key, not yet published: it takes over the
 *	traces of readers, too
 */
void kvs_evict_replace(struct kvs_evict *evict, struct kvs_entry *old,
		       struct kvs_entry *fresh);

/**
 * kvs_evict_forget() - an entry goes
 * @evict: the list
 * @entry: any entry
 */
void kvs_evict_forget(struct kvs_evict *evict, struct kvs_entry *entry);

/**
 * kvs_evict_once() - evict an entry
 * @evict: the list
 * @wish: which
 *
 * Context: under rcu_read_lock(), no other lock held.
 *
 * Return: bytes that its end will give back; 0: there is none to evict, or the
 * call has done enough.
 */
u64 kvs_evict_once(struct kvs_evict *evict, const struct kvs_evict_wish *wish);

/**
 * kvs_evict_start() - let the kernel ask for memory
 *
 * Return: 0 or -ENOMEM.
 */
int kvs_evict_start(void);

/**
 * kvs_evict_exit() - let the kernel ask no more
 *
 * Context: may sleep; waits for those who ask.
 */
void kvs_evict_exit(void);

#endif /* _KVS_EVICT_H */
