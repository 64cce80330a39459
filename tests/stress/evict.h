/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stores that evict. The model does not say who goes: any that may. The store's
 * statistics say how many went during a round, and if any did, all that may have
 * gone are in doubt until something is learned of them: the next answer says
 * whether they are there, and a refusal for lack of room that none of them is.
 */
#ifndef KVS_STRESS_EVICT_H
#define KVS_STRESS_EVICT_H

#include "judge.h"
#include "model.h"
#include "op.h"

#define EVICT_VICTIMS 64 /* entries that a request evicts at most */

/* May the store evict it, now or in its next turn? */
static inline bool evict_may(const struct entry *entry)
{
	return entry->present && entry->ranked != NO && !entry->pinned;
}

/* What the first @count of a round may want. */
void evict_plan(struct model_store *store, const struct op *ops,
		unsigned int count);

/* All that may have gone may have. */
void evict_doubt(struct model_store *store);

/* Might something that stands in the way of an operation be evicted? */
bool evict_may_help(const struct judge *judge);

/* Was it refused in a store that has so much room and no more? */
bool evict_is_refusal(const struct judge *judge);

/* Rightly? As judge_op(), whatever else there is to be said against it. */
bool evict_judge_refusal(struct judge *judge);

/* Which marks the key has after the operation, and what it tells of others. */
void evict_follow(struct judge *judge);

/* A transaction may have tried a GET before others made it choose anew. */
void evict_follow_tries(struct judge *judge);

#endif /* KVS_STRESS_EVICT_H */
