/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Operations drawn at random, such that conditions hold and buffers fit about
 * as often as not. How much is drawn does not depend on what the model holds:
 * from one seed follow the same operations, as far as time lets them.
 */
#ifndef KVS_STRESS_DRAW_H
#define KVS_STRESS_DRAW_H

#include "model.h"
#include "op.h"
#include "random.h"

/* An operation on one key; part of a transaction if @op->in_txn says so. */
void draw_op(struct op *op, const struct model *model,
	     const struct model_store *store, struct random *random);

#endif /* KVS_STRESS_DRAW_H */
