// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
/*
 * Ranges, page by page. The kernel's operands stand in the opaque words of a
 * page, where it also writes how far it came; behind them stands how far the
 * caller has read.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

#define PAGE_SIZE_USUAL (64 << 10)

/**
 * struct kvs_scan - a scan
 * @kvs: handle
 * @page: the page that is told
 * @request: reads a page, the first or the next
 * @result: what it answered
 * @left: entries that may still be told
 * @due: the page must be read before one is told of it
 * @start: bound
 * @end: bound
 */
struct kvs_scan {
	const struct kvs *kvs;
	struct kvs_page page;
	struct kvs_request request;
	struct kvs_result result;
	uint64_t left;
	bool due;
	uint8_t start[KVS_KEY_MAX];
	uint8_t end[KVS_KEY_MAX];
};

static void load_args(struct kvs_scan_args *args, const struct kvs_page *page)
{
	memcpy(args, page->opaque, sizeof(*args));
}

static void store_args(struct kvs_page *page, const struct kvs_scan_args *args)
{
	memcpy(page->opaque, args, sizeof(*args));
}

static uint64_t *position(struct kvs_page *page)
{
	return &page->opaque[ARRAY_SIZE(page->opaque) - 1];
}

static void set_operands(struct kvs_page *page)
{
	const struct kvs_scan_args args = {
		.size = sizeof(args),
		.flags = page->range.flags | page->flags,
		.start = address(page->range.start),
		.end = address(page->range.end),
		.last = address(page->last),
		.start_len = saturate(page->range.start_len),
		.end_len = saturate(page->range.end_len),
		.limit = page->limit,
	};

	store_args(page, &args);
	*position(page) = 0;
}

static void finish(struct kvs_request *request, struct kvs_req req,
		   struct kvs_page *page, struct kvs_result *result)
{
	set_operands(page);
	req.flags = KVS_F_ARGS;
	req.cond = address(page->opaque);
	kvs_request_set_result(&req, result);
	kvs_request_store(request, &req);
}

KVS_API void kvs_request_scan(struct kvs_request *request,
			      struct kvs_page *page, struct kvs_result *result)
{
	finish(request,
	       (struct kvs_req){ .verb = KVS_SCAN,
				 .value = address(page->buf),
				 .value_len = saturate(page->buf_len) },
	       page, result);
}

KVS_API void kvs_request_delete_range(struct kvs_request *request,
				      struct kvs_page *page,
				      struct kvs_result *result)
{
	finish(request, (struct kvs_req){ .verb = KVS_DELETE_RANGE }, page,
	       result);
}

static void describe(struct kvs_scan_entry *entry,
		     const struct kvs_scan_item *item, const char *bytes,
		     bool valued)
{
	const char *value = bytes + (item->key_len + 7) / 8 * 8;

	*entry = (struct kvs_scan_entry){
		.key = bytes,
		.value = valued ? value : NULL,
		.key_len = item->key_len,
		.length = item->value_len,
		.kind = item->kind,
		.user_flags = item->user_flags,
		.version = item->version,
		.ttl = item->ttl,
	};
	if (item->kind == KVS_KIND_COUNTER &&
	    item->value_len == sizeof(entry->number))
		memcpy(&entry->number, value, sizeof(entry->number));
}

KVS_API int kvs_page_next(struct kvs_page *page,
			  const struct kvs_result *result,
			  struct kvs_scan_entry *entry)
{
	uint64_t at = *position(page);
	struct kvs_scan_item item;
	const char *from;

	if (result->status || at + sizeof(item) > result->length)
		return 0;
	from = (const char *)page->buf + at;
	memcpy(&item, from, sizeof(item));
	*position(page) = at + item.next;
	describe(entry, &item, from + sizeof(item),
		 !(page->flags & KVS_PAGE_KEYS));
	return 1;
}

KVS_API int kvs_page_more(struct kvs_page *page,
			  const struct kvs_result *result)
{
	struct kvs_scan_args args;

	if (result->status || !(result->flags & KVS_RES_MORE))
		return 0;
	load_args(&args, page);
	/* A page that met nothing has not come anywhere. */
	if (result->visited)
		args.flags |= KVS_SCAN_AFTER;
	store_args(page, &args);
	*position(page) = 0;
	return 1;
}

static int copy_bound(const void **bound, uint8_t *to, const void *from,
		      size_t len)
{
	if (len > KVS_KEY_MAX)
		return -ENAMETOOLONG;
	if (len)
		memcpy(to, from, len);
	*bound = to;
	return 0;
}

static int copy_range(struct kvs_scan *scan, const struct kvs_range *from)
{
	struct kvs_range *range = &scan->page.range;
	int ret;

	if (!from)
		return 0;
	*range = *from;
	ret = copy_bound(&range->start, scan->start, from->start,
			 from->start_len);
	/* No end is no address. */
	if (!ret && from->end_len)
		ret = copy_bound(&range->end, scan->end, from->end,
				 from->end_len);
	return ret;
}

/* The request names the buffer, so it is built anew with it. */
static int make_room(struct kvs_scan *scan, size_t size)
{
	struct kvs_page *page = &scan->page;
	struct kvs_req req;
	void *buf = realloc(page->buf, size);

	if (!buf)
		return -ENOMEM;
	page->buf = buf;
	page->buf_len = size;
	kvs_request_load(&req, &scan->request);
	req.value = address(buf);
	req.value_len = saturate(size);
	kvs_request_store(&scan->request, &req);
	return 0;
}

static int set_up(struct kvs_scan *scan, const struct kvs_range *range,
		  const struct kvs_scan_options *options)
{
	size_t size = options ? options->page_size : 0;
	uint64_t limit = options ? options->limit : 0;
	int ret = copy_range(scan, range);

	if (ret)
		return ret;
	scan->due = true;
	scan->left = limit ? limit : UINT64_MAX;
	scan->page.limit = limit < UINT32_MAX ? limit : 0;
	scan->page.flags = options ? options->flags : 0;
	kvs_request_scan(&scan->request, &scan->page, &scan->result);
	return make_room(scan, size ? size : PAGE_SIZE_USUAL);
}

KVS_API int kvs_scan_open(const struct kvs *kvs, const struct kvs_range *range,
			  const struct kvs_scan_options *options,
			  struct kvs_scan **scan)
{
	struct kvs_scan *made = calloc(1, sizeof(*made));
	int ret;

	*scan = NULL;
	if (!made)
		return -ENOMEM;
	made->kvs = kvs;
	ret = set_up(made, range, options);
	if (ret)
		kvs_scan_close(made);
	else
		*scan = made;
	return ret;
}

KVS_API void kvs_scan_close(struct kvs_scan *scan)
{
	if (!scan)
		return;
	free(scan->page.buf);
	free(scan);
}

/* A value may have grown again since the kernel said what it needs. */
static int read_page(struct kvs_scan *scan)
{
	int ret = kvs_do(scan->kvs, &scan->request);

	while (ret == -ERANGE) {
		ret = make_room(scan, scan->result.length);
		if (!ret)
			ret = kvs_do(scan->kvs, &scan->request);
	}
	scan->due = ret;
	return ret;
}

KVS_API int kvs_scan_next(struct kvs_scan *scan, struct kvs_scan_entry *entry)
{
	int ret;

	while (scan->left) {
		ret = scan->due ? read_page(scan) : 0;
		if (ret)
			return ret;
		if (kvs_page_next(&scan->page, &scan->result, entry)) {
			scan->left--;
			return 1;
		}
		if (!kvs_page_more(&scan->page, &scan->result))
			return 0;
		scan->due = true;
	}
	return 0;
}

/* Page by page; the answers' numbers together. */
static int sum_pages(const struct kvs *kvs, const struct kvs_request *request,
		     struct kvs_page *page, const struct kvs_result *result,
		     uint64_t *sum)
{
	int ret;

	*sum = 0;
	do {
		ret = kvs_do(kvs, request);
		if (!ret)
			*sum += result->number;
	} while (!ret && kvs_page_more(page, result));
	return ret;
}

KVS_API int kvs_count(const struct kvs *kvs, const struct kvs_range *range,
		      uint64_t *count)
{
	struct kvs_page page = { .flags = KVS_PAGE_COUNT };
	struct kvs_request request;
	struct kvs_result result;

	if (range)
		page.range = *range;
	kvs_request_scan(&request, &page, &result);
	return sum_pages(kvs, &request, &page, &result, count);
}

KVS_API int kvs_delete_range(const struct kvs *kvs,
			     const struct kvs_range *range, uint64_t *removed)
{
	struct kvs_page page = { .flags = 0 };
	struct kvs_request request;
	struct kvs_result result;
	uint64_t sum;
	int ret;

	if (range)
		page.range = *range;
	kvs_request_delete_range(&request, &page, &result);
	ret = sum_pages(kvs, &request, &page, &result, &sum);
	if (removed)
		*removed = sum;
	return ret;
}
