/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Operations on stores and on the model of them, through one front door.
 */
#ifndef KVS_STRESS_PLAY_H
#define KVS_STRESS_PLAY_H

#include "judge.h"
#include "model.h"
#include "op.h"
#include "range.h"
#include "trail.h"
#include "txn.h"
#include "way.h"

#define PLAY_ROUND 16 /* operations at a time */

enum play_door {
	PLAY_IOCTL,
	PLAY_URING,
	PLAY_DOORS,
};

/**
 * struct play - such a play
 * @door: the front door
 * @seed: what is drawn follows from it
 * @number: operations that were drawn and made
 * @way: the way that is in use
 * @ways: those of the door, open
 * @model: the stores and what they must hold
 * @ops: the round
 * @txns: for those of them that are transactions
 * @requests: all of them, as the library takes them
 * @range: a scan
 * @drawn: versions that a round has drawn so far
 * @drawn_count: how many
 * @trail: what was done last
 * @failure: what went wrong first, if anything did
 */
struct play {
	enum play_door door;
	uint64_t seed;
	uint64_t number;
	struct way *way;
	struct way ways[WAY_KINDS];
	struct model model;
	struct op ops[PLAY_ROUND];
	struct txn txns[PLAY_ROUND];
	struct kvs_request requests[PLAY_ROUND];
	struct range range;
	uint64_t drawn[PLAY_ROUND];
	unsigned int drawn_count;
	struct trail trail;
	char failure[256];
};

/* Makes the stores, and opens the ways of the door. 0 or -errno. */
int play_open(struct play *play, enum play_door door, uint64_t seed);
void play_close(struct play *play);

/* The following return whether all was as it must be; else @failure is set. */

/* Some operations that are drawn, on one store. */
bool play_round(struct play *play);

/* A scan of a range, to its end, or the removal of one. */
bool play_range(struct play *play, struct model_store *store,
		struct random *random);

/* An operation that is drawn. */
bool play_one(struct play *play, struct model_store *store,
	      struct random *random);

/* A store that evicts refuses from now on, or the other way round. */
bool play_turn(struct play *play, struct model_store *store);

/* Operations on a store whose cap was lowered. */
bool play_crumbs(struct play *play, struct model_store *store,
		 struct random *random);

/* Looks, after a round, at what went and at what the caps allow. */
bool play_see_caps(struct play *play, struct model_store *store);

/* Asks for all that is in doubt. */
bool play_ask(struct play *play, struct model_store *store);
void play_draw_stat(struct play *play, struct op *op, unsigned int key);

/* FLUSH, PUBLISH, or a cap that is lowered. */
bool play_sweep(struct play *play, struct random *random);

/* Are the stores, key by key, and their statistics, what the model says? */
bool play_compare_contents(struct play *play);
bool play_compare_statistics(struct play *play);

/* Executes the first @count of the round on a store, and looks at the answers. */
bool play_execute(struct play *play, struct model_store *store,
		  unsigned int count);

__attribute__((format(printf, 2, 3))) bool play_fail(struct play *play,
						     const char *format, ...);

#endif /* KVS_STRESS_PLAY_H */
