/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
/*
 * Proof that what the public header calls by names of its own is what the
 * kernel reads and writes. Included once, by request.c.
 */
#ifndef LIBKVS_ABI_H
#define LIBKVS_ABI_H

#include <assert.h>
#include <stddef.h>

#include "internal.h"

#define SAME_VALUE(ours, kernels) \
	static_assert((ours) == (kernels), #ours " differs")

/* All members in their places, and the structs as long, leave no other size. */
#define SAME_MEMBER(ours, a, kernels, b)                                       \
	static_assert(offsetof(struct ours, a) == offsetof(struct kernels, b), \
		      #ours "." #a " differs")

SAME_VALUE(KVS_KEY_MAX, KVS_MAX_KEY);
SAME_VALUE(KVS_KEY_INLINE, KVS_INLINE_KEY);
SAME_VALUE(KVS_BATCH_MAX, KVS_MAX_BATCH);
SAME_VALUE(KVS_EXPECT_MAX, KVS_MAX_EXPECT);
SAME_VALUE(KVS_TXN_MAX, KVS_MAX_TXN_OPS);
SAME_VALUE(KVS_STORE_NAME_MAX, KVS_STORE_NAME_SIZE - 1);

SAME_VALUE(KVS_FLAG_CREATE, KVS_F_CREATE);
SAME_VALUE(KVS_FLAG_REPLACE, KVS_F_REPLACE);
SAME_VALUE(KVS_FLAG_TTL_IF_NEW, KVS_F_TTL_IF_NEW);
SAME_VALUE(KVS_FLAG_KEEP_TTL, KVS_F_KEEP_TTL);
SAME_VALUE(KVS_FLAG_TTL_ONLY, KVS_F_TTL_ONLY);
SAME_VALUE(KVS_FLAG_APPEND, KVS_F_APPEND);
SAME_VALUE(KVS_FLAG_COUNTER, KVS_F_COUNTER);
SAME_VALUE(KVS_FLAG_NO_TOUCH, KVS_F_NO_TOUCH);
SAME_VALUE(KVS_FLAG_SATURATE, KVS_F_SATURATE);
SAME_VALUE(KVS_FLAG_WRAP, KVS_F_WRAP);
SAME_VALUE(KVS_FLAG_MIN, KVS_F_MIN);
SAME_VALUE(KVS_FLAG_MAX, KVS_F_MAX);
SAME_VALUE(KVS_FLAG_PINNED, KVS_F_PINNED);

SAME_VALUE(KVS_ENTRY_NONE, KVS_KIND_NONE);
SAME_VALUE(KVS_ENTRY_BLOB, KVS_KIND_BLOB);
SAME_VALUE(KVS_ENTRY_COUNTER, KVS_KIND_COUNTER);

SAME_VALUE(KVS_ENTRY_VISITED, KVS_STAT_VISITED);
SAME_VALUE(KVS_ENTRY_FETCHED, KVS_STAT_FETCHED);
SAME_VALUE(KVS_ENTRY_PINNED, KVS_STAT_PINNED);

SAME_VALUE(KVS_RESULT_CREATED, KVS_RES_CREATED);
SAME_VALUE(KVS_RESULT_UNCHANGED, KVS_RES_UNCHANGED);
SAME_VALUE(KVS_RESULT_LIMITED, KVS_RES_LIMITED);
SAME_VALUE(KVS_RESULT_MORE, KVS_RES_MORE);
SAME_VALUE(KVS_RESULT_ELSE, KVS_RES_ELSE);
SAME_VALUE(KVS_RESULT_REFUSED, KVS_RES_REFUSED);

SAME_VALUE(KVS_TTL_SET, KVS_TOUCH_SET);
SAME_VALUE(KVS_TTL_IF_NONE, KVS_TOUCH_IF_NONE);
SAME_VALUE(KVS_TTL_IF_SOME, KVS_TOUCH_IF_HAS);
SAME_VALUE(KVS_TTL_IF_LONGER, KVS_TOUCH_LONGER);
SAME_VALUE(KVS_TTL_IF_SHORTER, KVS_TOUCH_SHORTER);
SAME_VALUE(KVS_TTL_PERSIST, KVS_TOUCH_PERSIST);

SAME_VALUE(KVS_BITS_OR, KVS_BITOP_OR);
SAME_VALUE(KVS_BITS_AND, KVS_BITOP_AND);
SAME_VALUE(KVS_BITS_XOR, KVS_BITOP_XOR);

SAME_VALUE(KVS_IF_EQUAL, KVS_COMPARE_EQ);
SAME_VALUE(KVS_IF_UNEQUAL, KVS_COMPARE_NE);
SAME_VALUE(KVS_IF_LESS, KVS_COMPARE_LT);
SAME_VALUE(KVS_IF_GREATER, KVS_COMPARE_GT);

SAME_VALUE(KVS_RANGE_REVERSE, KVS_SCAN_DESCENDING);
SAME_VALUE(KVS_RANGE_PREFIX, KVS_SCAN_PREFIX);
SAME_VALUE(KVS_PAGE_KEYS, KVS_SCAN_KEYS_ONLY);
SAME_VALUE(KVS_PAGE_COUNT, KVS_SCAN_COUNT_ONLY);

SAME_VALUE(KVS_OPTION_MODE, KVS_SET_MODE);
SAME_VALUE(KVS_OPTION_UID, KVS_SET_UID);
SAME_VALUE(KVS_OPTION_GID, KVS_SET_GID);
SAME_VALUE(KVS_OPTION_MAX_BYTES, KVS_SET_MAX_BYTES);
SAME_VALUE(KVS_OPTION_MAX_ENTRIES, KVS_SET_MAX_ENTRIES);
SAME_VALUE(KVS_OPTION_MAX_VALUE, KVS_SET_MAX_VALUE);
SAME_VALUE(KVS_OPTION_POLICY, KVS_SET_POLICY);
SAME_VALUE(KVS_OPTION_MAX_PINNED, KVS_SET_MAX_PINNED);
SAME_VALUE(KVS_AT_CAP_REJECT, KVS_POLICY_REJECT);
SAME_VALUE(KVS_AT_CAP_EVICT, KVS_POLICY_EVICT);

SAME_VALUE(KVS_LIST_EVERYWHERE, KVS_LIST_ALL);
SAME_VALUE(KVS_ITEM_STAGING, KVS_STORE_STAGING);
SAME_VALUE(KVS_ITEM_EVICTS, KVS_STORE_EVICTS);
SAME_VALUE(KVS_ITEM_INDEX, KVS_STORE_INDEX);

SAME_VALUE(KVS_SIZES, KVS_HISTOGRAM_SIZE);
SAME_VALUE(KVS_LATENCIES, KVS_HISTOGRAM_LATENCY);
SAME_VALUE(KVS_LAGS, KVS_HISTOGRAM_LAG);
static_assert(sizeof(((struct kvs_distribution *)0)->count) >=
		      sizeof(((struct kvs_histogram *)0)->out_count),
	      "there is room for all buckets");

SAME_VALUE(KVS_OPERATION_GET, KVS_GET);
SAME_VALUE(KVS_OPERATION_PUT, KVS_PUT);
SAME_VALUE(KVS_OPERATION_DELETE, KVS_DELETE);
SAME_VALUE(KVS_OPERATION_ADD, KVS_ADD);
SAME_VALUE(KVS_OPERATION_STAT, KVS_STAT);
SAME_VALUE(KVS_OPERATION_XCHG, KVS_XCHG);
SAME_VALUE(KVS_OPERATION_BITOP, KVS_BITOP);
SAME_VALUE(KVS_OPERATION_ALLOW, KVS_BUCKET);
SAME_VALUE(KVS_OPERATION_TOUCH, KVS_TOUCH);
SAME_VALUE(KVS_OPERATION_SCAN, KVS_SCAN);
SAME_VALUE(KVS_OPERATION_DELETE_RANGE, KVS_DELETE_RANGE);
SAME_VALUE(KVS_OPERATION_TXN, KVS_TXN);

SAME_VALUE(KVS_MAY_READ, KVS_RIGHT_READ);
SAME_VALUE(KVS_MAY_WRITE, KVS_RIGHT_WRITE);
SAME_VALUE(KVS_MAY_COUNT, KVS_RIGHT_COUNT);
SAME_VALUE(KVS_MAY_LIST, KVS_RIGHT_LIST);
SAME_VALUE(KVS_MAY_ADMIN, KVS_RIGHT_ADMIN);

SAME_VALUE(KVS_HAS_URING, KVS_FEATURE_URING);
SAME_VALUE(KVS_HAS_EVICTION, KVS_FEATURE_EVICT);
SAME_VALUE(KVS_TTL_FOREVER, KVS_TTL_NEVER);

static_assert(sizeof(struct kvs_request) == sizeof(struct kvs_req),
	      "a batch is an array of the kernel's requests");

static_assert(sizeof(struct kvs_result) == sizeof(struct kvs_res),
	      "the kernel writes results in place");
SAME_MEMBER(kvs_result, status, kvs_res, status);
SAME_MEMBER(kvs_result, flags, kvs_res, flags);
SAME_MEMBER(kvs_result, kind, kvs_res, kind);
SAME_MEMBER(kvs_result, length, kvs_res, len);
SAME_MEMBER(kvs_result, version, kvs_res, version);
SAME_MEMBER(kvs_result, number, kvs_res, number);
SAME_MEMBER(kvs_result, applied, kvs_res, applied);
SAME_MEMBER(kvs_result, ttl, kvs_res, ttl);
SAME_MEMBER(kvs_result, app_version, kvs_res, app_version);
SAME_MEMBER(kvs_result, user_flags, kvs_res, user_flags);
SAME_MEMBER(kvs_result, visited, kvs_res, visited);

static_assert(sizeof(struct kvs_limits) == sizeof(struct kvs_add_args),
	      "the kernel reads limits in place");
SAME_MEMBER(kvs_limits, initial, kvs_add_args, initial);
SAME_MEMBER(kvs_limits, min, kvs_add_args, min);
SAME_MEMBER(kvs_limits, max, kvs_add_args, max);

static_assert(sizeof(struct kvs_operands) == sizeof(struct kvs_value_args),
	      "the kernel reads operands in place");

static_assert(sizeof(struct kvs_bits) == sizeof(struct kvs_bitop_args),
	      "the kernel reads bits in place");
SAME_MEMBER(kvs_bits, op, kvs_bitop_args, op);
SAME_MEMBER(kvs_bits, reserved32, kvs_bitop_args, reserved);
SAME_MEMBER(kvs_bits, operand, kvs_bitop_args, operand);
SAME_MEMBER(kvs_bits, mask, kvs_bitop_args, mask);
SAME_MEMBER(kvs_bits, initial, kvs_bitop_args, initial);

static_assert(sizeof(struct kvs_rate) == sizeof(struct kvs_bucket_args),
	      "the kernel reads rates in place");
SAME_MEMBER(kvs_rate, interval, kvs_bucket_args, interval_ns);
SAME_MEMBER(kvs_rate, burst, kvs_bucket_args, burst);
SAME_MEMBER(kvs_rate, cost, kvs_bucket_args, cost);

static_assert(sizeof(struct kvs_entry_stat) >= sizeof(struct kvs_stat),
	      "the kernel writes descriptions in place");
SAME_MEMBER(kvs_entry_stat, size, kvs_stat, size);
SAME_MEMBER(kvs_entry_stat, kind, kvs_stat, kind);
SAME_MEMBER(kvs_entry_stat, version, kvs_stat, version);
SAME_MEMBER(kvs_entry_stat, length, kvs_stat, value_len);
SAME_MEMBER(kvs_entry_stat, user_flags, kvs_stat, user_flags);
SAME_MEMBER(kvs_entry_stat, ttl, kvs_stat, ttl);
SAME_MEMBER(kvs_entry_stat, age, kvs_stat, age);
SAME_MEMBER(kvs_entry_stat, charged, kvs_stat, charged);
SAME_MEMBER(kvs_entry_stat, number, kvs_stat, number);
SAME_MEMBER(kvs_entry_stat, app_version, kvs_stat, app_version);
SAME_MEMBER(kvs_entry_stat, flags, kvs_stat, flags);
SAME_MEMBER(kvs_entry_stat, reserved, kvs_stat, reserved);

static_assert(sizeof(((struct kvs_store_info *)0)->name) == KVS_STORE_NAME_SIZE,
	      "names are copied whole");
static_assert(sizeof(((struct kvs_store_item *)0)->name) == KVS_STORE_NAME_SIZE,
	      "names are copied whole");

static_assert(sizeof(struct kvs_condition) == sizeof(struct kvs_compare),
	      "the kernel reads conditions in place");
static_assert(sizeof(((struct kvs_transaction *)0)->opaque) ==
		      sizeof(struct kvs_txn_args),
	      "the kernel reads transactions in place");
static_assert(sizeof(((struct kvs_page *)0)->opaque) ==
		      sizeof(struct kvs_scan_args) + sizeof(uint64_t),
	      "the kernel reads and writes pages in place");

static_assert(sizeof(struct kvs_statistics) >= sizeof(struct kvs_store_stats),
	      "the kernel writes figures in place");
#define SAME_FIGURE(name) \
	SAME_MEMBER(kvs_statistics, name, kvs_store_stats, name)
SAME_FIGURE(entries);
SAME_FIGURE(bytes);
SAME_FIGURE(waiting_bytes);
SAME_FIGURE(table_bytes);
SAME_FIGURE(max_bytes);
SAME_FIGURE(max_entries);
SAME_FIGURE(max_value);
SAME_FIGURE(version);
SAME_FIGURE(hits);
SAME_FIGURE(misses);
SAME_FIGURE(puts);
SAME_FIGURE(deletes);
SAME_FIGURE(adds);
SAME_FIGURE(xchgs);
SAME_FIGURE(bitops);
SAME_FIGURE(buckets);
SAME_FIGURE(refusals);
SAME_FIGURE(touches);
SAME_FIGURE(expired);
SAME_FIGURE(stats);
SAME_FIGURE(rejected_bytes);
SAME_FIGURE(rejected_entries);
SAME_FIGURE(rejected_memory);
SAME_FIGURE(rejected_quota);
SAME_FIGURE(flushes);
SAME_FIGURE(publishes);
SAME_FIGURE(txns);
SAME_FIGURE(user_bytes);
SAME_FIGURE(user_max_bytes);
SAME_FIGURE(user_entries);
SAME_FIGURE(user_max_entries);
SAME_FIGURE(user_stores);
SAME_FIGURE(user_max_stores);
SAME_FIGURE(misses_expired);
SAME_FIGURE(rejected_value);
SAME_FIGURE(evictions);
SAME_FIGURE(evicted_unfetched);
SAME_FIGURE(pinned_bytes);
SAME_FIGURE(max_pinned);
SAME_FIGURE(scans);
#undef SAME_FIGURE

#undef SAME_MEMBER
#undef SAME_VALUE

#endif /* LIBKVS_ABI_H */
