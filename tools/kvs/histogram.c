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
 * @what: what is counted
 */
static const struct kind {
	const char *word;
	unsigned int kind;
	const char *what;
} kinds[] = {
	{ "size", KVS_SIZES, "bytes charged for entries" },
	{ "latency", KVS_LATENCIES, "time that requests took" },
	{ "lag", KVS_LAGS, "time from a deadline to the removal" },
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

/* Nothing of what is not measured. */
static void add_distribution(struct json_object *list, const struct kvs *kvs,
			     const struct kvs_store_info *info,
			     const struct kind *kind, const struct measured *of)
{
	struct kvs_distribution taken;
	struct json_object *object;

	distribution_take(info->name, kvs, kind->kind, of ? of->operation : 0,
			  &taken);
	if (!taken.buckets)
		return;
	object = json_append(list);
	json_add_text(object, "of", kind->word);
	if (of)
		json_add_text(object, "operation", of->name);
	json_add_text(object, "unit", kind->kind == KVS_SIZES ? "bytes" : "ns");
	json_add_u64(object, "count", distribution_total(&taken));
	json_add_u64(object, "sum", taken.sum);
	add_buckets(object, &taken);
}

static void add_kind(struct json_object *list, const struct kvs *kvs,
		     const struct kvs_store_info *info, const struct kind *kind)
{
	const struct measured *of;

	if (kind->kind != KVS_LATENCIES) {
		add_distribution(list, kvs, info, kind, NULL);
		return;
	}
	for (of = measured; of->name; of++)
		add_distribution(list, kvs, info, kind, of);
}

void histogram_json(const struct kvs *kvs, const struct kvs_store_info *info,
		    unsigned int kind)
{
	struct json_object *object = json_new(), *list;
	size_t i;

	json_add_text(object, "store", info->name);
	json_add_u64(object, "number", info->store_number);
	list = json_add_list(object, "histograms");
	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		if (!kind || kind == kinds[i].kind)
			add_kind(list, kvs, info, &kinds[i]);
	json_print(object);
}
