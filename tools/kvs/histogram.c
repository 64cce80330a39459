// SPDX-License-Identifier: GPL-2.0-only
/*
 * kvs stats --histogram: which ones there are, and what they are as JSON. How
 * they are drawn is bars.c's.
 */
#include <stdio.h>
#include <string.h>

#include "bars.h"
#include "compiler.h"
#include "distribution.h"
#include "histogram.h"
#include "json.h"

/**
 * struct kind - a sort of histogram
 * @word: on the command line
 * @kind: KVS_SIZES...
 * @name: of the member in JSON
 * @what: what is counted
 */
static const struct kind {
	const char *word;
	unsigned int kind;
	const char *name;
	const char *what;
} kinds[] = {
	{ "size", KVS_SIZES, "sizes", "bytes charged for entries" },
	{ "latency", KVS_LATENCIES, "latencies", "time that requests took" },
	{ "lag", KVS_LAGS, "lags", "time from a deadline to the removal" },
};

unsigned int histogram_kind(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		if (!strcmp(kinds[i].word, name))
			return kinds[i].kind;
	return 0;
}

/* Operations that nobody asked for are left out. */
static void draw_latencies(const struct kvs *kvs,
			   const struct kvs_store_info *info, const char *what)
{
	struct kvs_distribution taken = { 0 };
	const struct measured *of;
	char title[64];

	for (of = measured; of->name; of++) {
		distribution_take(info->name, kvs, KVS_LATENCIES, of->operation,
				  &taken);
		snprintf(title, sizeof(title), "%s, %s", what, of->name);
		if (distribution_total(&taken))
			bars_draw(title, &taken, false);
	}
	if (!taken.buckets)
		printf("%s: not measured; 'kvs store measure %s on' begins\n",
		       what, info->name);
}

static void draw_kind(const struct kvs *kvs, const struct kvs_store_info *info,
		      const struct kind *kind)
{
	struct kvs_distribution taken;

	if (kind->kind == KVS_LATENCIES) {
		draw_latencies(kvs, info, kind->what);
		return;
	}
	distribution_take(info->name, kvs, kind->kind, 0, &taken);
	bars_draw(kind->what, &taken, kind->kind == KVS_SIZES);
}

void histogram_draw(const struct kvs *kvs, const struct kvs_store_info *info,
		    unsigned int kind)
{
	size_t i;

	printf("store: %s\n", info->name);
	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		if (!kind || kind == kinds[i].kind)
			draw_kind(kvs, info, &kinds[i]);
}

/* The last bucket has no end; those in which nothing was counted are left out. */
static void add_buckets(struct json_object *object,
			const struct kvs_distribution *taken)
{
	struct json_object *list = json_add_list(object, "buckets"), *bucket;
	uint32_t i;

	for (i = 0; i < taken->buckets; i++) {
		if (!taken->count[i])
			continue;
		bucket = json_append(list);
		if (i + 1 < taken->buckets)
			json_add_u64(bucket, "below",
				     distribution_below(taken, i));
		json_add_u64(bucket, "count", taken->count[i]);
	}
}

static struct json_object *distribution_json(const struct kvs *kvs,
					     const struct kvs_store_info *info,
					     unsigned int kind,
					     unsigned int operation)
{
	struct json_object *object;
	struct kvs_distribution taken;

	distribution_take(info->name, kvs, kind, operation, &taken);
	if (!taken.buckets)
		return NULL;
	object = json_new();
	json_add_u64(object, "count", distribution_total(&taken));
	json_add_u64(object, "sum", taken.sum);
	add_buckets(object, &taken);
	return object;
}

/* Empty while they are not measured. */
static struct json_object *latencies_json(const struct kvs *kvs,
					  const struct kvs_store_info *info)
{
	struct json_object *object = json_new(), *member;
	const struct measured *of;

	for (of = measured; of->name; of++) {
		member = distribution_json(kvs, info, KVS_LATENCIES,
					   of->operation);
		if (member)
			json_add_object(object, of->name, member);
	}
	return object;
}

void histogram_json(const struct kvs *kvs, const struct kvs_store_info *info,
		    unsigned int kind)
{
	struct json_object *object = json_new(), *member;
	size_t i;

	json_add_text(object, "store", info->name);
	json_add_u64(object, "number", info->store_number);
	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		if (kind && kind != kinds[i].kind)
			continue;
		member = kinds[i].kind == KVS_LATENCIES ?
				 latencies_json(kvs, info) :
				 distribution_json(kvs, info, kinds[i].kind, 0);
		json_add_object(object, kinds[i].name, member);
	}
	json_print(object);
}
