// SPDX-License-Identifier: GPL-2.0-only
/*
 * Entries collected and put many at a time: a system call for each would cost
 * more than the put itself.
 */
#include <stdlib.h>
#include <string.h>

#include <kvs.h>

#include "batch.h"
#include "failure.h"
#include "line.h"
#include "message.h"

/* Bytes collected at least: a thousand entries of a kilobyte each. */
#define LEAST_ROOM 0x100000

/**
 * struct slot - an entry collected
 * @line: line that it stands in
 * @key: its key, in the room of the batch
 * @key_len: bytes at @key
 */
struct slot {
	unsigned long line;
	const char *key;
	size_t key_len;
};

struct batch {
	struct kvs *kvs;
	batch_refused_fn *refused;
	void *context;
	unsigned long loaded;
	size_t count;
	size_t most;
	char *room;
	size_t room_size;
	size_t room_used;
	struct slot slots[KVS_BATCH_MAX];
	struct kvs_request requests[KVS_BATCH_MAX];
	struct kvs_result results[KVS_BATCH_MAX];
};

struct batch *batch_new(struct kvs *kvs, const struct kvs_store_info *info,
			batch_refused_fn *refused, void *context)
{
	struct batch *batch = calloc(1, sizeof(*batch));

	if (!batch)
		die_no_memory();
	batch->kvs = kvs;
	batch->refused = refused;
	batch->context = context;
	batch->most = info->max_batch < KVS_BATCH_MAX ? info->max_batch :
							KVS_BATCH_MAX;
	batch->room_size = (size_t)info->max_key + info->max_value;
	if (batch->room_size < LEAST_ROOM)
		batch->room_size = LEAST_ROOM;
	batch->room = malloc(batch->room_size);
	if (!batch->room)
		die_no_memory();
	return batch;
}

void batch_free(struct batch *batch)
{
	free(batch->room);
	free(batch);
}

static char *take_room(struct batch *batch, const char *bytes, size_t len)
{
	char *copy = batch->room + batch->room_used;

	memcpy(copy, bytes, len);
	batch->room_used += len;
	return copy;
}

void batch_add(struct batch *batch, unsigned long line,
	       const struct entry_line *entry)
{
	size_t need = entry->key_len + entry->value_len;
	struct slot *slot;
	const char *value;

	if (batch->count == batch->most ||
	    need > batch->room_size - batch->room_used)
		batch_flush(batch);

	slot = &batch->slots[batch->count];
	slot->line = line;
	slot->key_len = entry->key_len;
	slot->key = take_room(batch, entry->key, entry->key_len);
	value = take_room(batch, entry->value, entry->value_len);
	kvs_request_put(&batch->requests[batch->count], slot->key,
			slot->key_len, value, entry->value_len, 0,
			&batch->results[batch->count]);
	batch->count++;
}

void batch_flush(struct batch *batch)
{
	size_t i;
	int err;

	if (!batch->count)
		return;

	err = kvs_batch(batch->kvs, batch->requests, batch->count);
	if (err && batch->count > 1)
		die(STATUS_FAILED, "lines %lu to %lu: %s", batch->slots[0].line,
		    batch->slots[batch->count - 1].line, failure_text(err));
	/* The status of a single request need not stand in its result. */
	if (err)
		batch->results[0].status = err;

	for (i = 0; i < batch->count; i++) {
		const struct slot *slot = &batch->slots[i];
		int status = batch->results[i].status;

		if (status)
			batch->refused(batch->context, slot->line, slot->key,
				       slot->key_len, status);
		else
			batch->loaded++;
	}
	batch->count = 0;
	batch->room_used = 0;
}

unsigned long batch_loaded(const struct batch *batch)
{
	return batch->loaded;
}
