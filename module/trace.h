/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One tracepoint for each operation: which store, which key (a number that
 * tells keys apart and nothing else), which lengths, which result. A request that
 * io_uring will bring again, from a worker, is traced then.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM kvs

#if !defined(_KVS_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _KVS_TRACE_H

#include <linux/tracepoint.h>

#include "call.h"
#include "store.h"

/* clang-format off */
DECLARE_EVENT_CLASS(kvs_call,
	TP_PROTO(const struct kvs_call *call, int ret),
	TP_ARGS(call, ret),
	TP_STRUCT__entry(
		__field(u32, store)
		__field(u32, key_hash)
		__field(u32, key_len)
		__field(u32, value_len)
		__field(u32, flags)
		__field(u64, version)
		__field(int, ret)
	),
	TP_fast_assign(
		__entry->store = call->store->number;
		__entry->key_hash = kvs_table_hash_shown(call->key.hash);
		__entry->key_len = call->key.len;
		__entry->value_len = call->req->verb == KVS_PUT ?
					     call->req->value_len :
					     call->res.len;
		__entry->flags = call->req->flags;
		__entry->version = call->res.version;
		__entry->ret = ret;
	),
	TP_printk("store=%u key=%08x key_len=%u value_len=%u flags=%#x version=%llu ret=%d",
		  __entry->store, __entry->key_hash, __entry->key_len,
		  __entry->value_len, __entry->flags, __entry->version,
		  __entry->ret)
);

DEFINE_EVENT_CONDITION(kvs_call, kvs_get,
	TP_PROTO(const struct kvs_call *call, int ret), TP_ARGS(call, ret),
	TP_CONDITION(ret != -EAGAIN));
DEFINE_EVENT_CONDITION(kvs_call, kvs_put,
	TP_PROTO(const struct kvs_call *call, int ret), TP_ARGS(call, ret),
	TP_CONDITION(ret != -EAGAIN));
DEFINE_EVENT_CONDITION(kvs_call, kvs_delete,
	TP_PROTO(const struct kvs_call *call, int ret), TP_ARGS(call, ret),
	TP_CONDITION(ret != -EAGAIN));
DEFINE_EVENT_CONDITION(kvs_call, kvs_add,
	TP_PROTO(const struct kvs_call *call, int ret), TP_ARGS(call, ret),
	TP_CONDITION(ret != -EAGAIN));
DEFINE_EVENT_CONDITION(kvs_call, kvs_xchg,
	TP_PROTO(const struct kvs_call *call, int ret), TP_ARGS(call, ret),
	TP_CONDITION(ret != -EAGAIN));
DEFINE_EVENT_CONDITION(kvs_call, kvs_bitop,
	TP_PROTO(const struct kvs_call *call, int ret), TP_ARGS(call, ret),
	TP_CONDITION(ret != -EAGAIN));
DEFINE_EVENT_CONDITION(kvs_call, kvs_bucket,
	TP_PROTO(const struct kvs_call *call, int ret), TP_ARGS(call, ret),
	TP_CONDITION(ret != -EAGAIN));
DEFINE_EVENT_CONDITION(kvs_call, kvs_touch,
	TP_PROTO(const struct kvs_call *call, int ret), TP_ARGS(call, ret),
	TP_CONDITION(ret != -EAGAIN));
DEFINE_EVENT_CONDITION(kvs_call, kvs_scan,
	TP_PROTO(const struct kvs_call *call, int ret), TP_ARGS(call, ret),
	TP_CONDITION(ret != -EAGAIN));
DEFINE_EVENT_CONDITION(kvs_call, kvs_delete_range,
	TP_PROTO(const struct kvs_call *call, int ret), TP_ARGS(call, ret),
	TP_CONDITION(ret != -EAGAIN));
DEFINE_EVENT_CONDITION(kvs_call, kvs_txn,
	TP_PROTO(const struct kvs_call *call, int ret), TP_ARGS(call, ret),
	TP_CONDITION(ret != -EAGAIN));
DEFINE_EVENT_CONDITION(kvs_call, kvs_stat,
	TP_PROTO(const struct kvs_call *call, int ret), TP_ARGS(call, ret),
	TP_CONDITION(ret != -EAGAIN));

/* clang-format on */

#endif /* _KVS_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
