// SPDX-License-Identifier: GPL-2.0-only
/*
 * Stores and their figures at one time.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "args.h"
#include "duration.h"
#include "failure.h"
#include "item.h"
#include "message.h"
#include "sample.h"
#include "store.h"

static struct sample *grow(struct samples *samples)
{
	struct sample *list;

	list = realloc(samples->list, (samples->count + 1) * sizeof(*list));
	if (!list)
		die_no_memory();
	samples->list = list;
	return &list[samples->count];
}

static int fill(struct sample *sample, struct kvs *kvs)
{
	int err = kvs_info(kvs, &sample->info);

	sample->kvs = kvs;
	return err ? err : kvs_store_stats(kvs, &sample->stats);
}

static void add_one(const struct args *args, struct samples *samples)
{
	struct kvs *kvs = store_open_any(args);
	int err = fill(grow(samples), kvs);

	if (err)
		die(STATUS_FAILED, "store '%s': %s", store_name(args),
		    failure_text(err));
	samples->count++;
}

/* What is not the caller's to open, or has gone since, is left out. */
static int add_if_open(void *context, const struct kvs_store_item *item)
{
	struct samples *samples = context;
	struct kvs *kvs;

	if (store_try(item->name, &kvs))
		return 0;
	if (fill(grow(samples), kvs))
		kvs_close(kvs);
	else
		samples->count++;
	return 0;
}

void samples_take(const struct args *args, bool all, struct samples *samples)
{
	struct timespec now;

	memset(samples, 0, sizeof(*samples));
	clock_gettime(CLOCK_MONOTONIC, &now);
	samples->ns = now.tv_sec * NS_PER_SECOND + now.tv_nsec;
	if (all)
		item_each(args, 0, add_if_open, samples);
	else
		add_one(args, samples);
}

void samples_free(struct samples *samples)
{
	while (samples->count)
		kvs_close(samples->list[--samples->count].kvs);
	free(samples->list);
	samples->list = NULL;
}

const struct sample *samples_find(const struct samples *samples,
				  const struct sample *sample)
{
	size_t i;

	for (i = 0; i < samples->count; i++)
		if (samples->list[i].info.store_id == sample->info.store_id)
			return &samples->list[i];
	return NULL;
}
