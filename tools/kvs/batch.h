/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Entries collected and put many at a time.
 */
#ifndef KVS_TOOL_BATCH_H
#define KVS_TOOL_BATCH_H

#include <stddef.h>

struct batch;
struct entry_line;
struct kvs;
struct kvs_store_info;

/* What is told of an entry that the store refused. */
typedef void batch_refused_fn(void *context, unsigned long line,
			      const void *key, size_t key_len, int error);

/**
 * batch_new() - an empty batch
 * @kvs: store to put to
 * @info: its limits
 * @refused: called for each entry that was not put
 * @context: handed to @refused
 *
 * Return: the batch; without memory the program ends.
 */
struct batch *batch_new(struct kvs *kvs, const struct kvs_store_info *info,
			batch_refused_fn *refused, void *context);

void batch_free(struct batch *batch);

/**
 * batch_add() - put an entry, now or with those that follow
 * @batch: batch
 * @line: number handed to the function that is told of refused entries
 * @entry: key and value within the store's limits; copied
 */
void batch_add(struct batch *batch, unsigned long line,
	       const struct entry_line *entry);

/* Puts what was collected. Ends the program where no entry could be tried. */
void batch_flush(struct batch *batch);

/* Entries put so far. */
unsigned long batch_loaded(const struct batch *batch);

#endif /* KVS_TOOL_BATCH_H */
