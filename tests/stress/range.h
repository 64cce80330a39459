/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Scans of a range, and removal of one, page by page to its end. What a page
 * must show follows from what the keys hold that it has passed; how far it came
 * is told by its last key.
 */
#ifndef KVS_STRESS_RANGE_H
#define KVS_STRESS_RANGE_H

#include <kvs.h>

#include "model.h"
#include "op.h"
#include "random.h"

#define RANGE_PAGE \
	32768 /* bytes of a page at most: three of the longest items */

enum range_kind {
	RANGE_VALUES,
	RANGE_KEYS,
	RANGE_COUNT,
	RANGE_DELETE,
	RANGE_KINDS,
};

/**
 * struct range - a walk through the keys of a range
 * @kind: what is wanted of them
 * @store: where
 * @start: bound, or prefix
 * @end: bound; empty: there is none
 * @page: what the library needs for it
 * @request: reads a page
 * @result: what it answered
 * @now: the clock before and after that
 * @place: the first key that no page before has passed, in the range's order
 * @stop: likewise of this page
 * @sure: entries that live, of those that it has passed
 * @doubtful: entries of which only the kernel's clock knows whether they did
 * @indexed: entries that it may have visited
 * @shown: items in it, or what its number says
 * @used: their bytes
 * @op: an operation that would answer what one of them says
 * @buf: the page, and a byte behind it
 */
struct range {
	enum range_kind kind;
	struct model_store *store;
	struct model_key start;
	struct model_key end;
	struct kvs_page page;
	struct kvs_request request;
	struct kvs_result result;
	struct span now;
	uint32_t place;
	uint32_t stop;
	uint32_t sure;
	uint32_t doubtful;
	uint32_t indexed;
	uint32_t shown;
	uint32_t used;
	struct op op;
	uint8_t buf[RANGE_PAGE + 1];
};

/* Of any kind, with bounds about the keys of @model. */
void range_draw(struct range *range, const struct model *model,
		struct random *random);

static inline bool range_tells_items(const struct range *range)
{
	return range->kind == RANGE_VALUES || range->kind == RANGE_KEYS;
}

#endif /* KVS_STRESS_RANGE_H */
