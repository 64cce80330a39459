// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "range.h"

/* A key, the beginning of one, or what is just beside that. */
static void draw_bound(struct model_key *bound, const struct model *model,
		       struct random *random)
{
	uint32_t key = random_below(random, MODEL_KEYS);
	uint32_t kind = random_below(random, 8);
	uint32_t len = random_below(random, model->keys[key].len + 1);

	*bound = model->keys[key];
	if (kind & 1)
		bound->len = len;
	if (kind < 4 && bound->len)
		bound->bytes[bound->len - 1] += kind & 2 ? 1 : -1;
}

/* Half of them have no beginning, or no end. */
static void draw_bounds(struct range *range, const struct model *model,
			struct random *random)
{
	uint32_t kind = random_below(random, 6);

	draw_bound(&range->start, model, random);
	draw_bound(&range->end, model, random);
	if (kind == 0 || kind == 1)
		range->start.len = 0;
	if (kind != 1 && kind != 2 && kind != 3)
		range->end.len = 0;
	if (kind == 4 || kind == 5)
		range->page.range.flags |= KVS_RANGE_PREFIX;
}

/* From less than an item to more than any. */
static uint32_t draw_size(struct random *random)
{
	static const uint32_t most[] = { 100, 400, 1500, 6000 };
	uint32_t kind = random_below(random, 8);
	uint32_t size = random_below(random, most[kind % 4]);

	return kind < 4 ? size : RANGE_PAGE;
}

static void build(struct range *range)
{
	struct kvs_page *page = &range->page;

	page->range.start = range->start.bytes;
	page->range.start_len = range->start.len;
	page->range.end = range->end.len ? range->end.bytes : NULL;
	page->range.end_len = range->end.len;
	if (range_tells_items(range))
		page->buf = range->buf;
	else
		page->buf_len = 0;
	if (range->kind == RANGE_KEYS)
		page->flags = KVS_PAGE_KEYS;
	else if (range->kind == RANGE_COUNT)
		page->flags = KVS_PAGE_COUNT;
	range->buf[page->buf_len] = OP_POISON;
	if (range->kind == RANGE_DELETE)
		kvs_request_delete_range(&range->request, page, &range->result);
	else
		kvs_request_scan(&range->request, page, &range->result);
}

void range_draw(struct range *range, const struct model *model,
		struct random *random)
{
	uint32_t limit = random_below(random, 20) + 1;
	struct kvs_page *page = &range->page;

	memset(page, 0, sizeof(*page));
	range->kind = random_below(random, RANGE_KINDS);
	range->place = 0;
	draw_bounds(range, model, random);
	page->buf_len = draw_size(random);
	if (random_once_in(random, 2))
		page->range.flags |= KVS_RANGE_REVERSE;
	if (random_once_in(random, 2))
		page->limit = limit;
	build(range);
}
