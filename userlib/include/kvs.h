/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
/*
 * libkvs: a key-value store in kernel memory, behind /dev/kvs.
 *
 * Conventions. A function that can fail returns 0 or a negative errno;
 * kvs_strerror() puts it in words. A handle may be used by any number of
 * threads at once, and a request by any number of carriers: neither is changed
 * by use. What a request names (a key longer than KVS_KEY_INLINE bytes, the
 * value, operands, the result) is not copied: it must stay valid and, where the
 * kernel reads it, unchanged until the request has completed. Keys and values
 * are bytes and may hold NULs. Times are in nanoseconds, sizes in bytes.
 */
#ifndef LIBKVS_KVS_H
#define LIBKVS_KVS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct io_uring_cqe;
struct io_uring_sqe;

/*
 * A handle: a descriptor of /dev/kvs, bound to one store. Made by kvs_open(),
 * kvs_open_number(), kvs_from_fd(), kvs_restrict() and kvs_store_create(), ended
 * by kvs_close().
 */
struct kvs;

/* A scan: made by kvs_scan_open(), ended by kvs_scan_close(). */
struct kvs_scan;

/* clang-format off */

/* Limits. kvs_info() tells those that are in force for a store. */
#define KVS_KEY_MAX		1024	/* bytes in a key, at least 1 */
#define KVS_KEY_INLINE		32	/* longer keys are not copied */
#define KVS_BATCH_MAX		1024	/* requests in one batch */
#define KVS_EXPECT_MAX		64	/* bytes compared with a value */
#define KVS_TXN_MAX		64	/* conditions and requests of a TXN */
#define KVS_STORE_NAME_MAX	63	/* bytes in the name of a store */

/* Flags of a request. */
#define KVS_FLAG_CREATE		(1U << 2) /* put: only if absent; others: may */
#define KVS_FLAG_REPLACE	(1U << 3) /* put: only if present */
#define KVS_FLAG_TTL_IF_NEW	(1U << 10) /* add: ttl only if it is made */
#define KVS_FLAG_KEEP_TTL	(1U << 11) /* put: the deadline stays */
#define KVS_FLAG_TTL_ONLY	(1U << 12) /* put: the value stays */
#define KVS_FLAG_APPEND		(1U << 14) /* put: behind the present value */
#define KVS_FLAG_COUNTER	(1U << 15) /* put: the value is an int64_t */
#define KVS_FLAG_NO_TOUCH	(1U << 16) /* get: leave no trace */
#define KVS_FLAG_SATURATE	(1U << 18) /* add: stop at the bound */
#define KVS_FLAG_WRAP		(1U << 19) /* add: go on at the other bound */
#define KVS_FLAG_MIN		(1U << 20) /* add: kvs_limits.min is a bound */
#define KVS_FLAG_MAX		(1U << 21) /* add: kvs_limits.max is a bound */
#define KVS_FLAG_PINNED		(1U << 22) /* put: it is never evicted */

/* What an entry holds: kvs_result.kind, kvs_entry_stat.kind. */
#define KVS_ENTRY_NONE		0U	/* there is no entry */
#define KVS_ENTRY_BLOB		1U	/* bytes */
#define KVS_ENTRY_COUNTER	2U	/* an int64_t in host order */

/* kvs_entry_stat.flags */
#define KVS_ENTRY_VISITED	(1U << 0) /* read since eviction last passed */
#define KVS_ENTRY_FETCHED	(1U << 1) /* ever read */
#define KVS_ENTRY_PINNED	(1U << 2) /* never evicted */

/* Flags of a result: kvs_result.flags. */
#define KVS_RESULT_CREATED	(1U << 0) /* the entry was made by this */
#define KVS_RESULT_UNCHANGED	(1U << 1) /* the version is the known one */
#define KVS_RESULT_LIMITED	(1U << 2) /* a bound cut or wrapped the sum */
#define KVS_RESULT_MORE		(1U << 3) /* scan, delete_range: not the end */
#define KVS_RESULT_ELSE		(1U << 4) /* txn: a condition did not hold */
#define KVS_RESULT_REFUSED	(1U << 5) /* allow: number is ns to wait */

/* What kvs_touch() does to the deadline of an entry. */
#define KVS_TTL_SET		0U	/* whatever it is */
#define KVS_TTL_IF_NONE		1U	/* only where there is none */
#define KVS_TTL_IF_SOME		2U	/* only where there is one */
#define KVS_TTL_IF_LONGER	3U	/* only to a later one */
#define KVS_TTL_IF_SHORTER	4U	/* only to an earlier one */
#define KVS_TTL_PERSIST		5U	/* remove it */

/* kvs_bits.op */
#define KVS_BITS_OR		1U
#define KVS_BITS_AND		2U
#define KVS_BITS_XOR		3U

/* How kvs_condition_version() and the like compare. */
#define KVS_IF_EQUAL		1U
#define KVS_IF_UNEQUAL		2U
#define KVS_IF_LESS		3U
#define KVS_IF_GREATER		4U

/* kvs_range.flags */
#define KVS_RANGE_REVERSE	(1U << 0) /* the last key comes first */
#define KVS_RANGE_PREFIX	(1U << 3) /* start is a prefix, there is no end */

/* kvs_page.flags, kvs_scan_options.flags */
#define KVS_PAGE_KEYS		(1U << 1) /* no values */
#define KVS_PAGE_COUNT		(1U << 2) /* kvs_page: their number alone */

/* kvs_store_options.set: the members that count. */
#define KVS_OPTION_MODE		(1U << 0)
#define KVS_OPTION_UID		(1U << 1)
#define KVS_OPTION_GID		(1U << 2)
#define KVS_OPTION_MAX_BYTES	(1U << 3)
#define KVS_OPTION_MAX_ENTRIES	(1U << 4)
#define KVS_OPTION_MAX_VALUE	(1U << 5)
#define KVS_OPTION_POLICY	(1U << 6)
#define KVS_OPTION_MAX_PINNED	(1U << 7)
#define KVS_OPTION_INDEX	(1U << 16) /* no member: make it with an index */

/* kvs_store_options.policy: what happens at the caps */
#define KVS_AT_CAP_REJECT	0U	/* what is new is refused */
#define KVS_AT_CAP_EVICT	1U	/* what was not read lately makes room */

/* Flags of kvs_store_list(). */
#define KVS_LIST_EVERYWHERE	(1U << 0) /* in all user namespaces */

/* kvs_store_item.flags */
#define KVS_ITEM_STAGING	(1U << 0) /* made to be published */
#define KVS_ITEM_EVICTS		(1U << 1) /* evicts at its caps */
#define KVS_ITEM_INDEX		(1U << 2) /* has an index, so it can be scanned */

/* What kvs_store_histogram() tells the distribution of. */
#define KVS_SIZES		1U	/* bytes charged for entries */
#define KVS_LATENCIES		2U	/* nanoseconds that requests took */
#define KVS_LAGS		3U	/* nanoseconds that entries ended late */

/* The operations of KVS_LATENCIES. */
#define KVS_OPERATION_GET	1U
#define KVS_OPERATION_PUT	2U	/* append, too */
#define KVS_OPERATION_DELETE	3U	/* take, too */
#define KVS_OPERATION_ADD	4U
#define KVS_OPERATION_STAT	5U
#define KVS_OPERATION_XCHG	6U
#define KVS_OPERATION_BITOP	7U
#define KVS_OPERATION_ALLOW	8U
#define KVS_OPERATION_TOUCH	9U
#define KVS_OPERATION_SCAN	11U	/* a page */
#define KVS_OPERATION_DELETE_RANGE 12U	/* a page */
#define KVS_OPERATION_TXN	13U

/* Rights of a handle: kvs_store_info.rights, kvs_restrict(). */
#define KVS_MAY_READ		(1U << 0) /* get, stat */
#define KVS_MAY_WRITE		(1U << 1) /* put, delete, touch */
#define KVS_MAY_COUNT		(1U << 2) /* add, allow on what exists */
#define KVS_MAY_LIST		(1U << 3) /* enumerate keys */
#define KVS_MAY_ADMIN		(1U << 4) /* flush, publish, alter, destroy */

/* Features of the module: kvs_store_info.features. */
#define KVS_HAS_URING		(UINT64_C(1) << 0) /* takes kvs_prep_*() */
#define KVS_HAS_EVICTION	(UINT64_C(1) << 2) /* KVS_AT_CAP_EVICT, PINNED */

#define KVS_TTL_FOREVER		UINT64_MAX /* a ttl: there is no deadline */

/* clang-format on */

/**
 * struct kvs_result - the answer to one request
 * @status: 0 or a negative errno; -EINPROGRESS from the time the request is
 *	built until it has run
 * @flags: KVS_RESULT_*
 * @kind: KVS_ENTRY_* of the entry, KVS_ENTRY_NONE where there is none
 * @length: length of the whole value; on -ERANGE the length needed
 * @version: version of the entry after the operation; of a removed entry the
 *	version of its removal; on -ESTALE the present one; txn: the one version
 *	of all its changes
 * @number: counters: the value after the operation; xchg: the one before it;
 *	allow: nanoseconds to wait, 0 where it was allowed; txn: the index of
 *	the condition that did not hold, or of the request that failed; scan:
 *	entries in the page; delete_range: entries removed
 * @applied: add: the amount applied, which a bound may have cut; bitop: the
 *	value before the operation
 * @ttl: nanoseconds until the deadline, or KVS_TTL_FOREVER
 * @app_version: the application's own version of the entry
 * @user_flags: the entry's user flags
 * @visited: entries visited; 0 for requests on one key
 *
 * What does not apply is 0. Where a request answers the old value, @kind,
 * @length, @number and @user_flags are the old entry's. The kernel writes it in
 * place; a request without a result costs a little less.
 */
struct kvs_result {
	int32_t status;
	uint32_t flags;
	uint32_t kind;
	uint32_t length;
	uint64_t version;
	int64_t number;
	int64_t applied;
	uint64_t ttl;
	uint64_t app_version;
	uint32_t user_flags;
	uint32_t visited;
};

/**
 * struct kvs_request - one request
 * @opaque: filled by the kvs_request_*() functions
 *
 * It may be executed any number of times, also in an array of requests.
 */
struct kvs_request {
	uint64_t opaque[10];
};

/**
 * struct kvs_limits - operands of an addition
 * @reserved: filled by kvs_request_set_limits()
 * @initial: what a missing counter counts from, with KVS_FLAG_CREATE, else 0
 *	(-EOPNOTSUPP); within the bounds
 * @min: lowest value allowed, with KVS_FLAG_MIN, else 0
 * @max: highest value allowed, with KVS_FLAG_MAX, else 0
 */
struct kvs_limits {
	uint64_t reserved;
	int64_t initial;
	int64_t min;
	int64_t max;
};

/**
 * struct kvs_operands - operands of a put or delete
 * @opaque: filled by kvs_request_take(), kvs_request_set_expected() and
 *	kvs_request_set_old()
 *
 * One for each request that has any, whatever their number. It needs no
 * preparation.
 */
struct kvs_operands {
	uint64_t opaque[6];
};

/**
 * struct kvs_bits - operands of kvs_request_bitop()
 * @reserved: filled by kvs_request_bitop()
 * @op: KVS_BITS_*
 * @reserved32: filled by kvs_request_bitop()
 * @operand: the second operand
 * @mask: bits that may change; UINT64_MAX for all of them
 * @initial: what a missing counter starts from, with KVS_FLAG_CREATE, else 0
 *	(-EOPNOTSUPP)
 */
struct kvs_bits {
	uint64_t reserved;
	uint32_t op;
	uint32_t reserved32;
	uint64_t operand;
	uint64_t mask;
	uint64_t initial;
};

/**
 * struct kvs_rate - a rate that kvs_allow() keeps to
 * @reserved: filled by kvs_request_allow()
 * @interval: nanoseconds in which one token comes back
 * @burst: tokens that a full bucket holds
 * @cost: tokens to take, 1 to @burst
 *
 * @interval times @burst may be 146 years.
 */
struct kvs_rate {
	uint64_t reserved;
	uint64_t interval;
	uint64_t burst;
	uint64_t cost;
};

/**
 * struct kvs_condition - a condition of a transaction
 * @opaque: filled by the kvs_condition_*() functions
 */
struct kvs_condition {
	uint64_t opaque[4];
};

/**
 * struct kvs_transaction - operands of kvs_request_txn()
 * @conditions: conditions, all of which must hold; NULL with no count
 * @thens: requests that are executed if they do; NULL with no count
 * @elses: requests that are executed if not; NULL with no count
 * @condition_count: number of conditions
 * @then_count: number of requests at @thens
 * @else_count: number of requests at @elses
 * @opaque: filled by kvs_request_txn()
 *
 * The three counts together are 1 to KVS_TXN_MAX. Each request has a result of
 * its own. It is one of kvs_request_get(), kvs_request_put(),
 * kvs_request_delete(), kvs_request_add(), kvs_request_xchg(),
 * kvs_request_bitop() and kvs_request_allow(); a part of a value, a deadline
 * given by a get, KVS_FLAG_APPEND, KVS_FLAG_TTL_ONLY and old values are not for
 * it. Of the requests on one side each has another key.
 */
struct kvs_transaction {
	const struct kvs_condition *conditions;
	const struct kvs_request *thens;
	const struct kvs_request *elses;
	size_t condition_count;
	size_t then_count;
	size_t else_count;
	uint64_t opaque[6];
};

/**
 * struct kvs_range - some keys, in byte order
 * @start: the first key, or the prefix; NULL with no length
 * @end: the first key behind the range; NULL with no length: there is none
 * @start_len: length of @start
 * @end_len: length of @end
 * @flags: KVS_RANGE_*
 *
 * A key that is the beginning of another comes before it. All zero it is every
 * key.
 */
struct kvs_range {
	const void *start;
	const void *end;
	size_t start_len;
	size_t end_len;
	unsigned int flags;
};

/**
 * struct kvs_page - operands of kvs_request_scan() and kvs_request_delete_range()
 * @range: which keys
 * @buf: where to put the entries of a scan; NULL with no length
 * @buf_len: length of the buffer
 * @limit: entries at most; 0: any number
 * @flags: KVS_PAGE_*; 0 where entries are removed
 * @opaque: filled by the functions, and by the kernel
 * @last: room for the key that the page ended at, likewise
 */
struct kvs_page {
	struct kvs_range range;
	void *buf;
	size_t buf_len;
	uint32_t limit;
	unsigned int flags;
	uint64_t opaque[8];
	uint8_t last[KVS_KEY_MAX];
};

/**
 * struct kvs_scan_options - how kvs_scan_open() scans
 * @limit: entries at most; 0: any number
 * @page_size: bytes that are read at a time; 0: as the library sees fit
 * @flags: 0 or KVS_PAGE_KEYS
 */
struct kvs_scan_options {
	uint64_t limit;
	size_t page_size;
	unsigned int flags;
};

/**
 * struct kvs_scan_entry - an entry as a scan shows it
 * @key: its key, of @key_len bytes
 * @value: its value, of @length bytes; NULL where the values are not wanted
 * @key_len: length of the key
 * @length: length of the value; 0 where the values are not wanted
 * @kind: KVS_ENTRY_BLOB or KVS_ENTRY_COUNTER
 * @user_flags: the entry's user flags; 0 for who may not read
 * @version: version of the last change
 * @ttl: nanoseconds until the deadline, or KVS_TTL_FOREVER
 * @number: a counter's value, else 0
 *
 * Key and value stand where the page was read to.
 */
struct kvs_scan_entry {
	const void *key;
	const void *value;
	size_t key_len;
	size_t length;
	uint32_t kind;
	uint32_t user_flags;
	uint64_t version;
	uint64_t ttl;
	int64_t number;
};

/**
 * struct kvs_entry_stat - what is known of an entry
 * @size: bytes that the kernel knows of this struct; the rest is 0
 * @kind: KVS_ENTRY_BLOB or KVS_ENTRY_COUNTER
 * @version: version of the last change
 * @length: length of the value
 * @user_flags: the entry's user flags
 * @ttl: nanoseconds until the deadline, or KVS_TTL_FOREVER
 * @age: nanoseconds since the entry was made
 * @charged: bytes of memory charged for the entry
 * @number: a counter's value, else 0
 * @app_version: the application's own version of the entry
 * @flags: KVS_ENTRY_VISITED, KVS_ENTRY_FETCHED, KVS_ENTRY_PINNED; test single
 *	bits only
 * @reserved: room for later
 */
struct kvs_entry_stat {
	uint32_t size;
	uint32_t kind;
	uint64_t version;
	uint32_t length;
	uint32_t user_flags;
	uint64_t ttl;
	uint64_t age;
	uint64_t charged;
	int64_t number;
	uint64_t app_version;
	uint32_t flags;
	uint32_t reserved[15];
};

/**
 * struct kvs_store_info - what is known of a handle, its store and the module
 * @features: KVS_HAS_*
 * @store_id: random number of the store's creation
 * @version: the store's last version
 * @max_bytes: the store's byte cap
 * @max_entries: the store's entry cap
 * @boottime: the host's CLOCK_BOOTTIME now
 * @rights: KVS_MAY_* of this handle
 * @store_number: the store's directory in /sys/class/misc/kvs/stores
 * @max_key: longest key
 * @max_value: longest value
 * @max_batch: most requests in one batch
 * @reserved32: 0
 * @name: name of the store, NUL-terminated
 * @reserved: 0, room for later
 */
struct kvs_store_info {
	uint64_t features;
	uint64_t store_id;
	uint64_t version;
	uint64_t max_bytes;
	uint64_t max_entries;
	uint64_t boottime;
	uint32_t rights;
	uint32_t store_number;
	uint32_t max_key;
	uint32_t max_value;
	uint32_t max_batch;
	uint32_t reserved32;
	char name[64];
	uint64_t reserved[8];
};

/**
 * struct kvs_store_options - properties that a store is made with or given
 * @set: KVS_OPTION_*: which of the others count; those need not be filled in
 *	that do not
 * @mode: permission bits, at most 0777; unless set, 0600
 * @uid: owner; unless set, the caller
 * @gid: group; unless set, the caller's
 * @max_value: longest value, 8 bytes to 16 MiB; unless set, 1 MiB
 * @max_bytes: byte cap; unless set, the largest allowed
 * @max_entries: entry cap; unless set, the largest allowed
 * @max_pinned: cap of the bytes of entries put with KVS_FLAG_PINNED; unless set,
 *	half of the byte cap
 * @policy: KVS_AT_CAP_*; unless set, KVS_AT_CAP_REJECT
 * @reserved32: not looked at
 *
 * What is not set keeps its value where the store is there already. An index,
 * which keeps the keys in order for kvs_scan_open() and costs 24 bytes an entry,
 * a store has from the beginning or never.
 */
struct kvs_store_options {
	uint32_t set;
	uint32_t mode;
	uint32_t uid;
	uint32_t gid;
	uint32_t max_value;
	uint64_t max_bytes;
	uint64_t max_entries;
	uint64_t max_pinned;
	uint32_t policy;
	uint32_t reserved32;
};

/**
 * struct kvs_store_item - a store in a list
 * @store_id: random number of the store's creation
 * @entries: entries in it, with those past their deadline and not yet reaped
 * @bytes: bytes charged for entries
 * @max_bytes: byte cap
 * @max_entries: entry cap
 * @store_number: the store's number, for kvs_open_number()
 * @flags: KVS_ITEM_*
 * @mode: permission bits
 * @uid: owner, as the caller's user namespace knows it
 * @gid: group, likewise
 * @max_value: longest value
 * @staging_of: KVS_ITEM_STAGING: number of the store that it is made for, else 0
 * @namespace_uid: owner of the store's user namespace; 0 for the initial one
 * @name: name of the store, NUL-terminated
 *
 * The library makes it, so it may become longer.
 */
struct kvs_store_item {
	uint64_t store_id;
	uint64_t entries;
	uint64_t bytes;
	uint64_t max_bytes;
	uint64_t max_entries;
	uint32_t store_number;
	uint32_t flags;
	uint32_t mode;
	uint32_t uid;
	uint32_t gid;
	uint32_t max_value;
	uint32_t staging_of;
	uint32_t namespace_uid;
	char name[64];
};

/**
 * struct kvs_statistics - figures of a store, and of the user of a handle
 * @reserved: 0
 * @entries: entries in it
 * @bytes: bytes charged for entries
 * @waiting_bytes: the part of @bytes that waits for readers to be done with it
 * @table_bytes: bytes of its table
 * @max_bytes: byte cap
 * @max_entries: entry cap
 * @max_value: longest value in bytes
 * @version: the last version drawn
 * @hits: reads that found their key
 * @misses: reads that did not
 * @puts: values written
 * @deletes: entries removed
 * @adds: additions
 * @xchgs: counters set by kvs_xchg()
 * @bitops: counters changed by kvs_bitop()
 * @buckets: times that kvs_allow() allowed
 * @refusals: times that it did not
 * @touches: deadlines changed alone, by kvs_touch() or a read
 * @expired: entries that ended by their deadline
 * @stats: entries described
 * @rejected_bytes: writes refused by the byte cap or the module's total
 * @rejected_entries: writes refused by the entry cap
 * @rejected_memory: writes refused for lack of memory
 * @rejected_quota: writes refused by the user's quota
 * @flushes: times that the store was flushed
 * @publishes: times that a staging store was published to it
 * @txns: transactions
 * @user_bytes: bytes charged to the user who opened the handle, in all stores
 * @user_max_bytes: most that may be
 * @user_entries: entries charged to that user
 * @user_max_entries: most that may be
 * @user_stores: stores that this user has made
 * @user_max_stores: most that may be
 * @misses_expired: the part of @misses that found an entry past its deadline
 * @rejected_value: writes refused because the value is longer than @max_value
 * @evictions: entries that made room for others
 * @evicted_unfetched: those of them that were never read
 * @pinned_bytes: the part of @bytes that is never evicted
 * @max_pinned: cap of that
 * @scans: pages that were scanned
 * @room: 0, room for later
 */
struct kvs_statistics {
	uint64_t reserved;
	uint64_t entries;
	uint64_t bytes;
	uint64_t waiting_bytes;
	uint64_t table_bytes;
	uint64_t max_bytes;
	uint64_t max_entries;
	uint64_t max_value;
	uint64_t version;
	uint64_t hits;
	uint64_t misses;
	uint64_t puts;
	uint64_t deletes;
	uint64_t adds;
	uint64_t xchgs;
	uint64_t bitops;
	uint64_t buckets;
	uint64_t refusals;
	uint64_t touches;
	uint64_t expired;
	uint64_t stats;
	uint64_t rejected_bytes;
	uint64_t rejected_entries;
	uint64_t rejected_memory;
	uint64_t rejected_quota;
	uint64_t flushes;
	uint64_t publishes;
	uint64_t txns;
	uint64_t user_bytes;
	uint64_t user_max_bytes;
	uint64_t user_entries;
	uint64_t user_max_entries;
	uint64_t user_stores;
	uint64_t user_max_stores;
	uint64_t misses_expired;
	uint64_t rejected_value;
	uint64_t evictions;
	uint64_t evicted_unfetched;
	uint64_t pinned_bytes;
	uint64_t max_pinned;
	uint64_t scans;
	uint64_t room[23];
};

/**
 * struct kvs_distribution - how often what was counted
 * @buckets: members of @count that are used; 0: nothing is measured
 * @unit: width of the first bucket, in bytes or nanoseconds
 * @sum: of all that was counted, in bytes or nanoseconds
 * @count: how often, by bucket
 *
 * The first bucket counts what is below the unit, the n-th, from 0, what is
 * below 2^n units and not below 2^(n-1), the last all that is above.
 */
struct kvs_distribution {
	uint32_t buckets;
	uint32_t unit;
	uint64_t sum;
	uint64_t count[64];
};

/*
 * Handles
 */

/**
 * kvs_open() - open /dev/kvs and bind it to a store
 * @store: name of the store, 1 to KVS_STORE_NAME_MAX of [A-Za-z0-9._-], not "."
 *	or ".."; NULL or "" for the store "default"
 * @open_flags: O_RDONLY, O_WRONLY or O_RDWR; O_CLOEXEC is always added, and is
 *	the only other flag taken
 * @kvs: where to put the handle
 *
 * The handle's rights are those that the store's mode bits give to the caller,
 * within what @open_flags allow, and stay what they are from now on.
 *
 * Names belong to the caller's user namespace. In another one than the initial
 * one, "default" is made where it is missing, which kvs_store_made() tells, and
 * all stores end with the last handle that was opened there.
 *
 * Return: 0; -ENODEV where there is no /dev/kvs; -EACCES where the caller may
 * not open it or would get no right in the store; -ENOENT where there is no
 * such store; -ENAMETOOLONG or -EINVAL for a bad name; -EINVAL for bad flags;
 * -ENOMEM; -EMFILE, -ENFILE. *@kvs is NULL unless 0 is returned.
 */
int kvs_open(const char *store, int open_flags, struct kvs **kvs);

/**
 * kvs_open_number() - open /dev/kvs and bind it to a store of any namespace
 * @store_number: number of the store, as kvs_store_list() has it
 * @open_flags: as for kvs_open()
 * @kvs: where to put the handle
 *
 * For the administrator of the host: it takes CAP_SYS_ADMIN in the initial user
 * namespace.
 *
 * Return: as kvs_open(), and -EPERM for anybody else. *@kvs is NULL unless 0 is
 * returned.
 */
int kvs_open_number(unsigned int store_number, int open_flags,
		    struct kvs **kvs);

/**
 * kvs_store_made() - whether the store was made by opening it
 * @kvs: handle
 *
 * Return: 1 where kvs_open() found no store and made one, or the handle is that
 * of kvs_store_create(); else 0.
 */
int kvs_store_made(const struct kvs *kvs);

/**
 * kvs_from_fd() - make a handle of a descriptor that is bound already
 * @fd: a descriptor of /dev/kvs, for instance one received over a socket
 * @kvs: where to put the handle
 *
 * On success the handle owns @fd, which is made close-on-exec. On failure @fd
 * is left as it was.
 *
 * Return: 0; -EBADF; -ENOTTY where @fd is something else than /dev/kvs;
 * -ENOTCONN where it is not bound; -EIDRM where its store is gone; -ENOMEM.
 * *@kvs is NULL unless 0 is returned.
 */
int kvs_from_fd(int fd, struct kvs **kvs);

/**
 * kvs_restrict() - make a handle of the same store with fewer rights
 * @kvs: handle
 * @rights: KVS_MAY_* to keep, at least one
 * @restricted: where to put the new handle
 *
 * The new handle has a descriptor of its own, to give away for instance; @kvs
 * keeps its rights.
 *
 * Return: 0; -EACCES where @kvs lacks one of @rights; -EINVAL where @rights is
 * 0 or holds an unknown one; -EIDRM; -ENOMEM; -EMFILE, -ENFILE.
 * *@restricted is NULL unless 0 is returned.
 */
int kvs_restrict(const struct kvs *kvs, unsigned int rights,
		 struct kvs **restricted);

/**
 * kvs_close() - close the descriptor of a handle and free the handle
 * @kvs: handle, or NULL
 *
 * No other thread may use the handle any more. Requests that a ring has in
 * flight keep the store's descriptor and complete.
 */
void kvs_close(struct kvs *kvs);

/**
 * kvs_fd() - the descriptor of a handle
 * @kvs: handle
 *
 * The handle goes on owning it: to send over a socket, or to register with a
 * ring.
 *
 * Return: the descriptor.
 */
int kvs_fd(const struct kvs *kvs);

/**
 * kvs_info() - describe a handle, its store and the module
 * @kvs: handle
 * @info: where to put the description
 *
 * Return: 0, or -EIDRM where the store was destroyed.
 */
int kvs_info(const struct kvs *kvs, struct kvs_store_info *info);

/*
 * Stores. What is done to a store takes a handle with KVS_MAY_ADMIN, which its
 * owner has, and who has CAP_SYS_ADMIN in its user namespace. All of these are
 * system calls, and may fail with -EIDRM for a store that was destroyed,
 * -EOPNOTSUPP or -ENOTTY for a module that is older than this library, and
 * -ENOMEM.
 */

/**
 * kvs_store_create() - make a store
 * @store: its name, as for kvs_open(), but not empty
 * @options: properties, or NULL: as struct kvs_store_options has them
 * @open_flags: as for kvs_open()
 * @kvs: where to put a handle of the new store, or NULL for none
 *
 * Another owner takes CAP_CHOWN, and so does a group that the caller is not in.
 *
 * Return: 0; -EEXIST where a store of this name is there; -EPERM where the
 * caller may not give it that owner or group; -EDQUOT where the user has as many
 * stores as allowed; -EINVAL or -ENAMETOOLONG for a bad name, -EINVAL for a bad
 * option; as kvs_open(). -EACCES with the store made where @options leave the
 * caller no right in it: ask for no handle then. *@kvs is NULL unless 0 is
 * returned.
 */
int kvs_store_create(const char *store, const struct kvs_store_options *options,
		     int open_flags, struct kvs **kvs);

/**
 * kvs_store_create_staging() - make a store to be published to another one
 * @kvs: handle with KVS_MAY_ADMIN of the other one
 * @staging: name of the new store, as for kvs_store_create()
 *
 * It has owner, group, mode and limits of the other one, and draws its versions
 * from the same counter. It is filled like any store, by a handle that
 * kvs_open() makes.
 *
 * Return: 0; -EEXIST where a store of this name is there, or the store has a
 * staging store already; -EINVAL for a bad name, or where @kvs is of a staging
 * store; -EDQUOT.
 */
int kvs_store_create_staging(const struct kvs *kvs, const char *staging);

/**
 * kvs_store_publish() - exchange the contents of a store and its staging store
 * @kvs: handle with KVS_MAY_ADMIN
 * @version: where to put the version drawn for it, or NULL
 *
 * In one step for every reader. Handles stay with the name of their store. The
 * staging store then has the former contents: publish it again to go back, or
 * flush it to fill it anew.
 *
 * Return: 0; -ENOENT where the store has no staging store.
 */
int kvs_store_publish(const struct kvs *kvs, uint64_t *version);

/**
 * kvs_store_flush() - make all entries of a store absent, in one step
 * @kvs: handle with KVS_MAY_ADMIN
 * @version: where to put the version drawn for it, or NULL
 *
 * A write that overlaps counts as before it.
 *
 * Return: 0.
 */
int kvs_store_flush(const struct kvs *kvs, uint64_t *version);

/**
 * kvs_store_alter() - change properties of a store
 * @kvs: handle with KVS_MAY_ADMIN
 * @options: properties
 *
 * Handles keep the rights that they have. A cap below what is charged refuses
 * what is new; longer values than the limit stay. All of it holds for the
 * staging store too, which is not altered by itself (-EINVAL).
 *
 * Return: 0; -EPERM where the caller may not give it that owner or group;
 * -EINVAL for a bad option.
 */
int kvs_store_alter(const struct kvs *kvs,
		    const struct kvs_store_options *options);

/**
 * kvs_store_destroy() - end a store
 * @kvs: handle with KVS_MAY_ADMIN
 *
 * Its name is free at once. Its handles are good for kvs_close() only.
 *
 * Return: 0; -EBUSY where it has a staging store; -EPERM for "default" of the
 * initial user namespace.
 */
int kvs_store_destroy(const struct kvs *kvs);

/**
 * typedef kvs_store_fn - what kvs_store_list() calls for each store
 * @context: as given to kvs_store_list()
 * @item: the store; gone after the call
 *
 * Return: 0 to go on, anything else to end the list.
 */
typedef int kvs_store_fn(void *context, const struct kvs_store_item *item);

/**
 * kvs_store_list() - tell the stores that there are
 * @flags: 0 for those of the caller's user namespace, or KVS_LIST_EVERYWHERE,
 *	which takes CAP_SYS_ADMIN in the initial one
 * @found: called for each, in the order of their numbers
 * @context: handed to @found
 *
 * It takes the right to open /dev/kvs, and none in a store.
 *
 * Return: 0, or what @found returned; -EPERM for KVS_LIST_EVERYWHERE; -ENODEV,
 * -EACCES, -EMFILE, -ENFILE as kvs_open().
 */
int kvs_store_list(unsigned int flags, kvs_store_fn *found, void *context);

/**
 * kvs_store_stats() - tell the figures of a store
 * @kvs: handle, whatever its rights
 * @stats: where to put them
 *
 * Return: 0.
 */
int kvs_store_stats(const struct kvs *kvs, struct kvs_statistics *stats);

/**
 * kvs_store_histogram() - tell how figures of a store are distributed
 * @kvs: handle, whatever its rights
 * @kind: KVS_SIZES, KVS_LATENCIES or KVS_LAGS
 * @operation: KVS_OPERATION_* of KVS_LATENCIES, else 0
 * @distribution: where to put it
 *
 * Sizes are those of the entries that are there. Latencies are counted since
 * kvs_store_measure() switched them on, lags since the store was made.
 *
 * Return: 0; -EOPNOTSUPP for a kind or an operation that there is not.
 */
int kvs_store_histogram(const struct kvs *kvs, unsigned int kind,
			unsigned int operation,
			struct kvs_distribution *distribution);

/**
 * kvs_store_measure() - measure latencies in a store, or do not
 * @kvs: handle with KVS_MAY_ADMIN
 * @latencies: 0 or 1
 *
 * A store begins without. What was counted is forgotten where it is switched
 * off. It costs each request two looks at the clock, and the machine some
 * kilobytes for each processor.
 *
 * Return: 0; -EINVAL; -EACCES; -ENOMEM.
 */
int kvs_store_measure(const struct kvs *kvs, unsigned int latencies);

/*
 * One request at a time. Each of these builds a request and executes it by
 * kvs_do(). @result may be NULL.
 *
 * All of them, and every other way to execute a request, may fail with -EINVAL
 * for an empty key, -ENAMETOOLONG for one longer than KVS_KEY_MAX, -EACCES for
 * a right that the handle lacks, -EIDRM for a store that was destroyed,
 * -EOPNOTSUPP for a flag that the operation does not take, -EINVAL for flags
 * that contradict each other, -EFAULT for a bad pointer, and -ENOMEM. A failed
 * operation changes nothing.
 */

/**
 * kvs_get() - read a value
 * @kvs: handle with KVS_MAY_READ
 * @key: key
 * @key_len: length of the key, 1 to KVS_KEY_MAX
 * @buf: where to put the value; NULL with @buf_len 0
 * @buf_len: length of the buffer; 0 to ask for kind, length and version alone
 * @result: its length tells how much of the buffer is the value
 *
 * The value of a counter is its 8 bytes as an int64_t in host order, and
 * also stands in @result.number.
 *
 * Return: 0; -ENOENT; -ERANGE where the value is longer than the buffer: the
 * length needed is in @result, the contents of the buffer are undefined.
 */
int kvs_get(const struct kvs *kvs, const void *key, size_t key_len, void *buf,
	    size_t buf_len, struct kvs_result *result);

/**
 * kvs_get_if_changed() - read a value unless its version is known
 * @kvs: handle with KVS_MAY_READ
 * @key: key
 * @key_len: length of the key, 1 to KVS_KEY_MAX
 * @version: version that the caller knows
 * @buf: where to put the value
 * @buf_len: length of the buffer
 * @result: its flags say KVS_RESULT_UNCHANGED where the version is still
 *	@version: @buf is as it was
 *
 * Return: 0; -ENOENT; -ERANGE as for kvs_get().
 */
int kvs_get_if_changed(const struct kvs *kvs, const void *key, size_t key_len,
		       uint64_t version, void *buf, size_t buf_len,
		       struct kvs_result *result);

/**
 * kvs_get_range() - read a part of a value
 * @kvs: handle with KVS_MAY_READ
 * @key: key
 * @key_len: length of the key, 1 to KVS_KEY_MAX
 * @offset: first byte wanted
 * @buf: where to put the part
 * @buf_len: length of the buffer
 * @result: its length is that of the whole value
 *
 * As much is read as the buffer takes and the value has behind @offset, which
 * may be nothing. To read a value in pieces that belong together, give the
 * second request and the later ones the version that the first one found, by
 * kvs_request_set_version().
 *
 * Return: 0 or -ENOENT.
 */
int kvs_get_range(const struct kvs *kvs, const void *key, size_t key_len,
		  size_t offset, void *buf, size_t buf_len,
		  struct kvs_result *result);

/**
 * kvs_get_touch() - read a value and set its deadline, in one step
 * @kvs: handle with KVS_MAY_READ and KVS_MAY_WRITE
 * @key: key
 * @key_len: length of the key, 1 to KVS_KEY_MAX
 * @buf: where to put the value
 * @buf_len: length of the buffer
 * @ttl: nanoseconds that the entry has from now on, at least 1
 * @result: its length tells how much of the buffer is the value
 *
 * Return: 0; -ENOENT; -ERANGE as for kvs_get(): the deadline is as it was;
 * -ENOSPC where a cap of the store leaves no room for a deadline.
 */
int kvs_get_touch(const struct kvs *kvs, const void *key, size_t key_len,
		  void *buf, size_t buf_len, uint64_t ttl,
		  struct kvs_result *result);

/**
 * kvs_put() - write a value
 * @kvs: handle with KVS_MAY_WRITE
 * @key: key
 * @key_len: length of the key, 1 to KVS_KEY_MAX
 * @value: value; NULL with @value_len 0
 * @value_len: length of the value, up to the store's limit (1 MiB unless it was
 *	made otherwise)
 * @flags: KVS_FLAG_CREATE or KVS_FLAG_REPLACE; KVS_FLAG_COUNTER: @value is an
 *	int64_t, @value_len 8, and the entry becomes a counter;
 *	KVS_FLAG_KEEP_TTL: the entry keeps the deadline that it has
 * @result: answers the new version
 *
 * Without KVS_FLAG_COUNTER a counter becomes a plain value, without
 * KVS_FLAG_KEEP_TTL an entry loses its deadline.
 *
 * Return: 0; -EEXIST with KVS_FLAG_CREATE; -ENOENT with KVS_FLAG_REPLACE;
 * -EFBIG; -ENOSPC where a cap of the store is reached.
 */
int kvs_put(const struct kvs *kvs, const void *key, size_t key_len,
	    const void *value, size_t value_len, unsigned int flags,
	    struct kvs_result *result);

/**
 * kvs_put_ttl() - write a value that has a deadline
 * @kvs: handle with KVS_MAY_WRITE
 * @key: key
 * @key_len: length of the key, 1 to KVS_KEY_MAX
 * @value: value; NULL with @value_len 0
 * @value_len: length of the value
 * @ttl: nanoseconds that the entry has from now on, at least 1;
 *	KVS_TTL_FOREVER for no deadline
 * @flags: as for kvs_put(), without KVS_FLAG_KEEP_TTL
 * @result: answers the new version
 *
 * At its deadline the entry is absent.
 *
 * Return: as kvs_put().
 */
int kvs_put_ttl(const struct kvs *kvs, const void *key, size_t key_len,
		const void *value, size_t value_len, uint64_t ttl,
		unsigned int flags, struct kvs_result *result);

/**
 * kvs_put_get() - write a value and read the one that it replaces, in one step
 * @kvs: handle with KVS_MAY_WRITE and KVS_MAY_READ
 * @key: key
 * @key_len: length of the key, 1 to KVS_KEY_MAX
 * @value: value; NULL with @value_len 0
 * @value_len: length of the value
 * @buf: where to put the old value
 * @buf_len: length of the buffer
 * @flags: as for kvs_put()
 * @result: answers the new version, and kind and length of the old value:
 *	KVS_ENTRY_NONE where there was none
 *
 * Return: as kvs_put(); -ERANGE where the old value is longer than the buffer:
 * it stays, the length needed is in @result.
 */
int kvs_put_get(const struct kvs *kvs, const void *key, size_t key_len,
		const void *value, size_t value_len, void *buf, size_t buf_len,
		unsigned int flags, struct kvs_result *result);

/**
 * kvs_put_if() - write a value if the present one has a given version
 * @kvs: handle with KVS_MAY_WRITE
 * @key: key
 * @key_len: length of the key, 1 to KVS_KEY_MAX
 * @value: value; NULL with @value_len 0
 * @value_len: length of the value
 * @version: version that the entry must have
 * @flags: KVS_FLAG_COUNTER, KVS_FLAG_KEEP_TTL, KVS_FLAG_PINNED, as for kvs_put()
 * @result: answers the new version, on -ESTALE the present one
 *
 * Return: 0; -ENOENT; -ESTALE where the version is another; -EFBIG; -ENOSPC.
 */
int kvs_put_if(const struct kvs *kvs, const void *key, size_t key_len,
	       const void *value, size_t value_len, uint64_t version,
	       unsigned int flags, struct kvs_result *result);

/**
 * kvs_put_if_equal() - write a value if the present one is a given one
 * @kvs: handle with KVS_MAY_WRITE and KVS_MAY_READ
 * @key: key
 * @key_len: length of the key, 1 to KVS_KEY_MAX
 * @value: value; NULL with @value_len 0
 * @value_len: length of the value
 * @expected: value that the entry must have; NULL with @expected_len 0
 * @expected_len: its length, up to KVS_EXPECT_MAX
 * @flags: KVS_FLAG_COUNTER, KVS_FLAG_KEEP_TTL, as for kvs_put()
 * @result: answers the new version, on -ESTALE the present one
 *
 * Return: 0; -ENOENT; -ESTALE where the value is another; -EINVAL where
 * @expected is too long; -EFBIG; -ENOSPC.
 */
int kvs_put_if_equal(const struct kvs *kvs, const void *key, size_t key_len,
		     const void *value, size_t value_len, const void *expected,
		     size_t expected_len, unsigned int flags,
		     struct kvs_result *result);

/**
 * kvs_put_if_newer() - write a value if the application's version is newer
 * @kvs: handle with KVS_MAY_WRITE
 * @key: key
 * @key_len: length of the key, 1 to KVS_KEY_MAX
 * @value: value; NULL with @value_len 0
 * @value_len: length of the value
 * @app_version: the application's version of @value, at least 1, kept with the
 *	entry
 * @flags: KVS_FLAG_REPLACE, KVS_FLAG_COUNTER, KVS_FLAG_KEEP_TTL, as for
 *	kvs_put()
 * @result: answers the new version; on -ESTALE the present one, and the present
 *	version of the application's
 *
 * An entry that is absent, or was written without such a version, is older than
 * any @app_version from 1 on.
 *
 * Return: 0; -ESTALE where @app_version is not above the entry's; -ENOENT with
 * KVS_FLAG_REPLACE; -EFBIG; -ENOSPC.
 */
int kvs_put_if_newer(const struct kvs *kvs, const void *key, size_t key_len,
		     const void *value, size_t value_len, uint64_t app_version,
		     unsigned int flags, struct kvs_result *result);

/**
 * kvs_append() - write behind the present value
 * @kvs: handle with KVS_MAY_WRITE
 * @key: key
 * @key_len: length of the key, 1 to KVS_KEY_MAX
 * @bytes: what to append; NULL with @len 0
 * @len: length of it
 * @flags: KVS_FLAG_CREATE: make a missing entry
 * @result: answers the new version and length
 *
 * The entry keeps its user flags and its deadline.
 *
 * Return: 0; -ENOENT without KVS_FLAG_CREATE; -EPROTOTYPE where the entry is a
 * counter; -EFBIG where the value would get too long; -ENOSPC.
 */
int kvs_append(const struct kvs *kvs, const void *key, size_t key_len,
	       const void *bytes, size_t len, unsigned int flags,
	       struct kvs_result *result);

/**
 * kvs_delete() - remove an entry
 * @kvs: handle with KVS_MAY_WRITE
 * @key: key
 * @key_len: length of the key, 1 to KVS_KEY_MAX
 * @flags: 0
 * @result: answers the version of the removal
 *
 * Return: 0 or -ENOENT.
 */
int kvs_delete(const struct kvs *kvs, const void *key, size_t key_len,
	       unsigned int flags, struct kvs_result *result);

/**
 * kvs_delete_if() - remove an entry if it has a given version
 * @kvs: handle with KVS_MAY_WRITE
 * @key: key
 * @key_len: length of the key, 1 to KVS_KEY_MAX
 * @version: version that the entry must have
 * @result: answers the version of the removal, on -ESTALE the present one
 *
 * Return: 0; -ENOENT; -ESTALE where the version is another.
 */
int kvs_delete_if(const struct kvs *kvs, const void *key, size_t key_len,
		  uint64_t version, struct kvs_result *result);

/**
 * kvs_delete_if_equal() - remove an entry if it has a given value
 * @kvs: handle with KVS_MAY_WRITE and KVS_MAY_READ
 * @key: key
 * @key_len: length of the key, 1 to KVS_KEY_MAX
 * @expected: value that the entry must have; NULL with @expected_len 0
 * @expected_len: its length, up to KVS_EXPECT_MAX
 * @result: answers the version of the removal, on -ESTALE the present one
 *
 * Return: 0; -ENOENT; -ESTALE where the value is another; -EINVAL where
 * @expected is too long.
 */
int kvs_delete_if_equal(const struct kvs *kvs, const void *key, size_t key_len,
			const void *expected, size_t expected_len,
			struct kvs_result *result);

/**
 * kvs_take() - read a value and remove its entry, in one step
 * @kvs: handle with KVS_MAY_WRITE and KVS_MAY_READ
 * @key: key
 * @key_len: length of the key, 1 to KVS_KEY_MAX
 * @buf: where to put the value
 * @buf_len: length of the buffer
 * @result: its length tells how much of the buffer is the value
 *
 * Of several that take the same entry one gets it.
 *
 * Return: 0; -ENOENT; -ERANGE where the value is longer than the buffer: the
 * entry stays, the length needed is in @result.
 */
int kvs_take(const struct kvs *kvs, const void *key, size_t key_len, void *buf,
	     size_t buf_len, struct kvs_result *result);

/**
 * kvs_add() - add to a counter
 * @kvs: handle with KVS_MAY_COUNT or KVS_MAY_WRITE; KVS_FLAG_CREATE,
 *	KVS_FLAG_MIN and KVS_FLAG_MAX need KVS_MAY_WRITE
 * @key: key
 * @key_len: length of the key, 1 to KVS_KEY_MAX
 * @delta: amount to add, may be negative
 * @flags: KVS_FLAG_CREATE: make a missing counter; KVS_FLAG_SATURATE or
 *	KVS_FLAG_WRAP: what happens at a bound, else -EOVERFLOW; KVS_FLAG_MIN,
 *	KVS_FLAG_MAX: bounds within those of an int64_t
 * @limits: operands for @flags, or NULL: a new counter counts from 0
 * @result: answers the new value and the amount applied
 *
 * Return: 0; -ENOENT without KVS_FLAG_CREATE; -EPROTOTYPE where the entry is no
 * counter; -EOVERFLOW; -ENOSPC where a new counter reaches a cap.
 */
int kvs_add(const struct kvs *kvs, const void *key, size_t key_len,
	    int64_t delta, unsigned int flags, const struct kvs_limits *limits,
	    struct kvs_result *result);

/**
 * kvs_xchg() - set a counter and answer what it was
 * @kvs: handle with KVS_MAY_WRITE and KVS_MAY_READ
 * @key: key
 * @key_len: length of the key, 1 to KVS_KEY_MAX
 * @number: new value
 * @flags: 0 or KVS_FLAG_CREATE: a missing counter was 0
 * @result: its number is the old value
 *
 * Return: 0; -ENOENT without KVS_FLAG_CREATE; -EPROTOTYPE where the entry is no
 * counter; -ENOSPC where a new counter reaches a cap.
 */
int kvs_xchg(const struct kvs *kvs, const void *key, size_t key_len,
	     int64_t number, unsigned int flags, struct kvs_result *result);

/**
 * kvs_bitop() - change bits of a counter
 * @kvs: handle with KVS_MAY_WRITE and KVS_MAY_READ
 * @key: key
 * @key_len: length of the key, 1 to KVS_KEY_MAX
 * @bits: what to do
 * @flags: 0 or KVS_FLAG_CREATE: make a missing counter of kvs_bits.initial
 * @result: its number is the new value, its applied the old one
 *
 * Return: 0; -ENOENT without KVS_FLAG_CREATE; -EPROTOTYPE where the entry is no
 * counter; -EINVAL for an unknown kvs_bits.op; -ENOSPC where a new counter
 * reaches a cap.
 */
int kvs_bitop(const struct kvs *kvs, const void *key, size_t key_len,
	      const struct kvs_bits *bits, unsigned int flags,
	      struct kvs_result *result);

/**
 * kvs_allow() - limit a rate: take tokens from a bucket
 * @kvs: handle with KVS_MAY_COUNT or KVS_MAY_WRITE; KVS_FLAG_CREATE needs
 *	KVS_MAY_WRITE
 * @key: key of the bucket, which is a counter
 * @key_len: length of the key, 1 to KVS_KEY_MAX
 * @rate: the rate, the burst and how much to take
 * @flags: 0 or KVS_FLAG_CREATE: a missing bucket is a full one
 * @wait: where to put the answer: 0 where it is allowed, else the nanoseconds
 *	until it can be
 *
 * What is refused takes nothing from the bucket.
 *
 * Return: 0, whether it is allowed or refused; -ENOENT without KVS_FLAG_CREATE;
 * -EPROTOTYPE where the entry is no counter; -EINVAL for a rate that makes no
 * sense; -ENOSPC where a new bucket reaches a cap. *@wait is UINT64_MAX unless
 * 0 is returned.
 */
int kvs_allow(const struct kvs *kvs, const void *key, size_t key_len,
	      const struct kvs_rate *rate, unsigned int flags, uint64_t *wait);

/**
 * kvs_touch() - change the deadline of an entry
 * @kvs: handle with KVS_MAY_WRITE
 * @key: key
 * @key_len: length of the key, 1 to KVS_KEY_MAX
 * @ttl: nanoseconds that the entry has from now on, at least 1;
 *	KVS_TTL_FOREVER for no deadline; 0 with KVS_TTL_PERSIST
 * @mode: KVS_TTL_SET to KVS_TTL_PERSIST
 * @result: answers the version, which stays, and the ttl
 *
 * An entry without a deadline counts as one whose deadline is later than any.
 *
 * Return: 0; -ENOENT; -ESTALE where the present deadline is not one that @mode
 * changes; -ENOSPC where a cap of the store leaves no room for a deadline.
 */
int kvs_touch(const struct kvs *kvs, const void *key, size_t key_len,
	      uint64_t ttl, unsigned int mode, struct kvs_result *result);

/**
 * kvs_stat() - describe an entry
 * @kvs: handle with KVS_MAY_READ
 * @key: key
 * @key_len: length of the key, 1 to KVS_KEY_MAX
 * @stat: where to put the description
 *
 * Return: 0 or -ENOENT.
 */
int kvs_stat(const struct kvs *kvs, const void *key, size_t key_len,
	     struct kvs_entry_stat *stat);

/*
 * Transactions: if all conditions hold, then do this, else do that, in one step
 * for every reader and writer. A condition is built like a request: nothing is
 * checked, and the key and the value that it names are not copied.
 */

/**
 * kvs_txn() - execute a transaction
 * @kvs: handle with KVS_MAY_READ where there are conditions, and the rights that
 *	the requests take
 * @txn: conditions and requests
 * @result: KVS_RESULT_ELSE in its flags: a condition did not hold, the first of
 *	them is its number, and the elses were executed; version: of all changes
 *
 * Each request that was executed has its answer in its own result; a get or a
 * delete without a condition finds its key absent without failing: that result
 * has the status -ENOENT. The others have -ECANCELED. If a request fails, nothing
 * is changed, and all but that one have -ECANCELED. Nothing was looked at where
 * they still have -EINPROGRESS.
 *
 * Return: 0, whether the thens or the elses were executed; the status of the
 * request that failed, whose index is the result's number; -EINVAL where it has
 * more than KVS_TXN_MAX conditions and requests or none, where a request has no
 * result, and where two on one side have one key; -EOPNOTSUPP for a request that
 * a transaction does not take.
 */
int kvs_txn(const struct kvs *kvs, const struct kvs_transaction *txn,
	    struct kvs_result *result);

/**
 * kvs_condition_exists() - require that an entry is there, or is not
 * @condition: condition to fill
 * @key: key; read by the kernel, so keep it until the request has completed
 * @key_len: length of the key
 * @exists: 1 where it must be there, 0 where it must not
 */
void kvs_condition_exists(struct kvs_condition *condition, const void *key,
			  size_t key_len, int exists);

/**
 * kvs_condition_version() - compare the version of an entry
 * @condition: condition to fill
 * @key: key; read by the kernel, so keep it until the request has completed
 * @key_len: length of the key
 * @comparison: KVS_IF_*: what the entry's version must be, else the status is
 *	-EOPNOTSUPP
 * @version: version to compare it with; a key that is absent has 0
 */
void kvs_condition_version(struct kvs_condition *condition, const void *key,
			   size_t key_len, unsigned int comparison,
			   uint64_t version);

/**
 * kvs_condition_number() - compare a counter
 * @condition: condition to fill
 * @key: key; read by the kernel, so keep it until the request has completed
 * @key_len: length of the key
 * @comparison: KVS_IF_*: what the counter must be
 * @number: number to compare it with
 *
 * What is absent, or no counter, does not fulfil it, whatever the comparison.
 */
void kvs_condition_number(struct kvs_condition *condition, const void *key,
			  size_t key_len, unsigned int comparison,
			  int64_t number);

/**
 * kvs_condition_value() - compare a value
 * @condition: condition to fill
 * @key: key; read by the kernel, so keep it until the request has completed
 * @key_len: length of the key
 * @comparison: KVS_IF_*: what the value must be; as by memcmp(), where the
 *	beginning of a value is less than the value
 * @value: value to compare it with; to be kept as well
 * @value_len: its length, up to KVS_EXPECT_MAX, else the status is -EINVAL
 *
 * What is absent does not fulfil it, whatever the comparison.
 */
void kvs_condition_value(struct kvs_condition *condition, const void *key,
			 size_t key_len, unsigned int comparison,
			 const void *value, size_t value_len);

/*
 * Ranges. The store must have an index, else all of these fail with
 * -EOPNOTSUPP; "default" has one. The kernel works through a range page by page,
 * each of which looks at no more than some thousand entries. What is there from
 * the first page to the last is met exactly once; what comes or goes meanwhile
 * may be met or not.
 */

/**
 * kvs_scan_open() - begin to tell the entries of a range, in order
 * @kvs: handle with KVS_MAY_LIST, and KVS_MAY_READ unless only keys are wanted;
 *	to be kept open until kvs_scan_close()
 * @range: which keys, or NULL for all; copied
 * @options: how, or NULL; copied
 * @scan: where to put the scan
 *
 * Nothing is read yet. A scan is for one thread at a time.
 *
 * Return: 0; -ENAMETOOLONG for a bound that is longer than a key; -ENOMEM.
 * *@scan is NULL unless 0 is returned.
 */
int kvs_scan_open(const struct kvs *kvs, const struct kvs_range *range,
		  const struct kvs_scan_options *options,
		  struct kvs_scan **scan);

/**
 * kvs_scan_next() - tell the next entry
 * @scan: scan
 * @entry: where to describe it; its key and value are good until the next call
 *	for this scan
 *
 * Where a value is longer than a page the page is made larger.
 *
 * Return: 1; 0 where there are no more; -EACCES where the handle lacks a right;
 * -EOPNOTSUPP where the store has no index; -EIDRM; -ENOMEM. After a failure it
 * may be tried again.
 */
int kvs_scan_next(struct kvs_scan *scan, struct kvs_scan_entry *entry);

/**
 * kvs_scan_close() - end a scan
 * @scan: scan, or NULL
 */
void kvs_scan_close(struct kvs_scan *scan);

/**
 * kvs_count() - count the entries of a range
 * @kvs: handle with KVS_MAY_LIST
 * @range: which keys, or NULL for all
 * @count: where to put the number; also of a part, where it fails
 *
 * Return: 0; -EACCES, -EOPNOTSUPP, -EIDRM, -ENOMEM as kvs_scan_next();
 * -ENAMETOOLONG.
 */
int kvs_count(const struct kvs *kvs, const struct kvs_range *range,
	      uint64_t *count);

/**
 * kvs_delete_range() - remove the entries of a range
 * @kvs: handle with KVS_MAY_WRITE and KVS_MAY_LIST; to go on behind the first
 *	page also KVS_MAY_ADMIN
 * @range: which keys, or NULL for all
 * @removed: where to put how many were removed, also where it fails; or NULL
 *
 * Each entry is removed for itself: what is put meanwhile may stay or not.
 *
 * Return: 0; -EACCES where the handle lacks a right, with one page removed where
 * it is KVS_MAY_ADMIN alone; -EOPNOTSUPP, -EIDRM, -ENOMEM, -ENAMETOOLONG.
 */
int kvs_delete_range(const struct kvs *kvs, const struct kvs_range *range,
		     uint64_t *removed);

/**
 * kvs_page_next() - tell the next entry of a page
 * @page: page of a request that was executed
 * @result: answer to that request
 * @entry: where to describe it; key and value stand in @page->buf
 *
 * Return: 1, or 0 where there are no more in it.
 */
int kvs_page_next(struct kvs_page *page, const struct kvs_result *result,
		  struct kvs_scan_entry *entry);

/**
 * kvs_page_more() - go on behind a page
 * @page: page of a request that was executed
 * @result: answer to that request
 *
 * The same request, executed again, then gives the next page.
 *
 * Return: 1, or 0 where the range has come to its end or the request failed.
 */
int kvs_page_more(struct kvs_page *page, const struct kvs_result *result);

/*
 * Building requests. Parameters, flags and errors are those of the functions
 * above; nothing is checked here, a fault is the request's status when it is
 * executed. A length too large for a request stays too large: -ENAMETOOLONG or
 * -EFBIG. @result may be NULL where the request is executed alone.
 */

/**
 * kvs_request_get() - build a request that reads a value
 * @request: request to fill
 * @key: key
 * @key_len: length of the key
 * @buf: where to put the value
 * @buf_len: length of the buffer
 * @flags: 0 or KVS_FLAG_NO_TOUCH: it counts neither as a use of the entry nor
 *	in the statistics
 * @result: where to put the answer
 */
void kvs_request_get(struct kvs_request *request, const void *key,
		     size_t key_len, void *buf, size_t buf_len,
		     unsigned int flags, struct kvs_result *result);

/**
 * kvs_request_put() - build a request that writes a value
 * @request: request to fill
 * @key: key
 * @key_len: length of the key
 * @value: value
 * @value_len: length of the value
 * @flags: KVS_FLAG_*; KVS_FLAG_APPEND: write behind the present value;
 *	KVS_FLAG_TTL_ONLY: only the deadline and the version change, @value_len
 *	is 0 and the deadline is set by one of the functions below
 * @result: where to put the answer
 */
void kvs_request_put(struct kvs_request *request, const void *key,
		     size_t key_len, const void *value, size_t value_len,
		     unsigned int flags, struct kvs_result *result);

/**
 * kvs_request_delete() - build a request that removes an entry
 * @request: request to fill
 * @key: key
 * @key_len: length of the key
 * @flags: 0
 * @result: where to put the answer
 */
void kvs_request_delete(struct kvs_request *request, const void *key,
			size_t key_len, unsigned int flags,
			struct kvs_result *result);

/**
 * kvs_request_take() - build a request that reads a value and removes its entry
 * @request: request to fill
 * @key: key
 * @key_len: length of the key
 * @buf: where to put the value
 * @buf_len: length of the buffer
 * @flags: 0
 * @operands: filled here, read by the kernel, so keep them until the request
 *	has completed
 * @result: where to put the answer
 */
void kvs_request_take(struct kvs_request *request, const void *key,
		      size_t key_len, void *buf, size_t buf_len,
		      unsigned int flags, struct kvs_operands *operands,
		      struct kvs_result *result);

/**
 * kvs_request_add() - build a request that adds to a counter
 * @request: request to fill
 * @key: key
 * @key_len: length of the key
 * @delta: amount to add
 * @flags: KVS_FLAG_*; KVS_FLAG_MIN and KVS_FLAG_MAX need
 *	kvs_request_set_limits(); KVS_FLAG_TTL_IF_NEW: the deadline given by one
 *	of the functions below is for a counter that this makes
 * @result: where to put the answer
 */
void kvs_request_add(struct kvs_request *request, const void *key,
		     size_t key_len, int64_t delta, unsigned int flags,
		     struct kvs_result *result);

/**
 * kvs_request_xchg() - build a request that sets a counter
 * @request: request to fill
 * @key: key
 * @key_len: length of the key
 * @number: new value
 * @flags: KVS_FLAG_CREATE, KVS_FLAG_TTL_IF_NEW
 * @result: where to put the answer
 */
void kvs_request_xchg(struct kvs_request *request, const void *key,
		      size_t key_len, int64_t number, unsigned int flags,
		      struct kvs_result *result);

/**
 * kvs_request_bitop() - build a request that changes bits of a counter
 * @request: request to fill
 * @key: key
 * @key_len: length of the key
 * @bits: operands; read by the kernel, so keep them until the request has
 *	completed
 * @flags: KVS_FLAG_CREATE, KVS_FLAG_TTL_IF_NEW
 * @result: where to put the answer
 */
void kvs_request_bitop(struct kvs_request *request, const void *key,
		       size_t key_len, struct kvs_bits *bits,
		       unsigned int flags, struct kvs_result *result);

/**
 * kvs_request_allow() - build a request that takes tokens from a bucket
 * @request: request to fill
 * @key: key
 * @key_len: length of the key
 * @rate: operands; read by the kernel, so keep them until the request has
 *	completed
 * @flags: KVS_FLAG_CREATE, KVS_FLAG_TTL_IF_NEW
 * @result: where to put the answer: KVS_RESULT_REFUSED, and how long to wait
 */
void kvs_request_allow(struct kvs_request *request, const void *key,
		       size_t key_len, struct kvs_rate *rate,
		       unsigned int flags, struct kvs_result *result);

/**
 * kvs_request_touch() - build a request that changes the deadline of an entry
 * @request: request to fill
 * @key: key
 * @key_len: length of the key
 * @ttl: nanoseconds from when the request runs; 0 with KVS_TTL_PERSIST, and
 *	where kvs_request_set_deadline() follows
 * @mode: KVS_TTL_SET to KVS_TTL_PERSIST
 * @result: where to put the answer
 */
void kvs_request_touch(struct kvs_request *request, const void *key,
		       size_t key_len, uint64_t ttl, unsigned int mode,
		       struct kvs_result *result);

/**
 * kvs_request_stat() - build a request that describes an entry
 * @request: request to fill
 * @key: key
 * @key_len: length of the key
 * @stat: where to put the description
 * @result: where to put the answer
 */
void kvs_request_stat(struct kvs_request *request, const void *key,
		      size_t key_len, struct kvs_entry_stat *stat,
		      struct kvs_result *result);

/**
 * kvs_request_txn() - build a request that is a transaction
 * @request: request to fill
 * @txn: conditions and requests; read by the kernel, so keep it, and all that
 *	it names, until the request has completed
 * @result: where to put the answer
 *
 * It may stand in a batch, but not in another transaction.
 */
void kvs_request_txn(struct kvs_request *request, struct kvs_transaction *txn,
		     struct kvs_result *result);

/**
 * kvs_request_scan() - build a request that tells a page of entries in order
 * @request: request to fill
 * @page: which, and where to; read and written by the kernel, so keep it, and
 *	all that it names, until the request has completed
 * @result: where to put the answer: KVS_RESULT_MORE in its flags, and how many
 *	bytes of the buffer are used; on -ERANGE the length that the first entry
 *	needs
 *
 * kvs_page_next() tells the entries, kvs_page_more() goes on. It may stand in a
 * batch, but not in a transaction.
 */
void kvs_request_scan(struct kvs_request *request, struct kvs_page *page,
		      struct kvs_result *result);

/**
 * kvs_request_delete_range() - build a request that removes a page of entries
 * @request: request to fill
 * @page: which, as for kvs_request_scan(), but without a buffer
 * @result: where to put the answer
 */
void kvs_request_delete_range(struct kvs_request *request,
			      struct kvs_page *page, struct kvs_result *result);

/**
 * kvs_request_set_version() - let a request depend on the entry's version
 * @request: request built by kvs_request_get(), kvs_request_put(),
 *	kvs_request_delete() or kvs_request_take()
 * @version: version that the entry must have, else the status is -ESTALE
 */
void kvs_request_set_version(struct kvs_request *request, uint64_t version);

/**
 * kvs_request_set_known_version() - let a get answer only what is not known
 * @request: request built by kvs_request_get()
 * @version: version with which the value is not copied: the result says
 *	KVS_RESULT_UNCHANGED
 */
void kvs_request_set_known_version(struct kvs_request *request,
				   uint64_t version);

/**
 * kvs_request_set_app_version() - let a put depend on the application's version
 * @request: request built by kvs_request_put()
 * @app_version: kept with the entry; must be above the one that the entry has,
 *	else the status is -ESTALE
 */
void kvs_request_set_app_version(struct kvs_request *request,
				 uint64_t app_version);

/**
 * kvs_request_set_expected() - let a put or delete depend on the present value
 * @request: request built by kvs_request_put(), kvs_request_delete() or
 *	kvs_request_take()
 * @expected: value that the entry must have, else the status is -ESTALE; read
 *	by the kernel, so keep it until the request has completed
 * @expected_len: its length, up to KVS_EXPECT_MAX, else the status is -EINVAL
 * @operands: where to note this; to be kept as well. The same ones where the
 *	request has some already
 */
void kvs_request_set_expected(struct kvs_request *request, const void *expected,
			      size_t expected_len,
			      struct kvs_operands *operands);

/**
 * kvs_request_set_old() - let a put or delete answer the old value
 * @request: request built by kvs_request_put() or kvs_request_delete()
 * @buf: where to put the value that is replaced or removed
 * @buf_len: length of the buffer; where it is too small the status is -ERANGE
 * @operands: where to note this; to be kept until the request has completed.
 *	The same ones where the request has some already
 *
 * A delete that answers the old value is what kvs_request_take() builds.
 */
void kvs_request_set_old(struct kvs_request *request, void *buf, size_t buf_len,
			 struct kvs_operands *operands);

/**
 * kvs_request_set_offset() - let a get read a part of the value
 * @request: request built by kvs_request_get()
 * @offset: first byte wanted
 *
 * A buffer that is too small for the rest is filled; that is no -ERANGE.
 */
void kvs_request_set_offset(struct kvs_request *request, size_t offset);

/**
 * kvs_request_set_ttl() - give an entry a deadline that is some time from now
 * @request: request of any kind but delete, take and stat; a get needs
 *	KVS_MAY_WRITE for it
 * @ttl: nanoseconds from when the request runs, at least 1; KVS_TTL_FOREVER for
 *	no deadline
 *
 * The last call of this and kvs_request_set_deadline() counts.
 */
void kvs_request_set_ttl(struct kvs_request *request, uint64_t ttl);

/**
 * kvs_request_set_deadline() - give an entry a deadline
 * @request: request as for kvs_request_set_ttl()
 * @deadline: the host's CLOCK_BOOTTIME in nanoseconds, as
 *	kvs_store_info.boottime has it; one that is past makes the entry absent
 */
void kvs_request_set_deadline(struct kvs_request *request, uint64_t deadline);

/**
 * kvs_request_set_user_flags() - give an entry its user flags
 * @request: request built by kvs_request_put()
 * @user_flags: kept with the entry, for the caller's own use
 */
void kvs_request_set_user_flags(struct kvs_request *request,
				uint32_t user_flags);

/**
 * kvs_request_set_limits() - give an addition its initial value and bounds
 * @request: request built by kvs_request_add()
 * @limits: operands; read by the kernel, so keep them until the request has
 *	completed
 */
void kvs_request_set_limits(struct kvs_request *request,
			    struct kvs_limits *limits);

/*
 * Executing requests by a system call
 */

/**
 * kvs_do() - execute one request
 * @kvs: handle
 * @request: request
 *
 * Return: the status of the request, 0 or a negative errno.
 */
int kvs_do(const struct kvs *kvs, const struct kvs_request *request);

/**
 * kvs_batch() - execute an array of requests in one system call
 * @kvs: handle
 * @requests: requests, executed in their order and independent of each other
 * @count: number of requests, 1 to KVS_BATCH_MAX
 *
 * With more than one request each must have a result of its own.
 *
 * Return: for one request its status; for more 0 once each was attempted: the
 * status of each is in its result, -ECANCELED for those that a fatal signal
 * kept from running. -EINVAL for a bad @count or a request without a result,
 * -EFAULT for a request that cannot be read or a result that cannot be written:
 * then the batch ended early, what ran before stands, and what did not run
 * still has the status -EINPROGRESS that it was built with.
 */
int kvs_batch(const struct kvs *kvs, const struct kvs_request *requests,
	      size_t count);

/*
 * Executing requests by io_uring. These functions fill a submission queue entry
 * (SQE) as the io_uring_prep_*() functions of liburing do: they set every field
 * except user_data, which belongs to the caller and may be set before or after,
 * and do nothing else. IOSQE_* flags come after. Until the completion arrives
 * the SQE's requests and all that they name must stay valid and unchanged.
 *
 * For a registered file set sqe->fd to its index and IOSQE_FIXED_FILE in
 * sqe->flags after the function.
 *
 * Nothing falls back to a system call: a kernel without io_uring says so when
 * the ring is made, a module without it lacks KVS_HAS_URING in kvs_info().
 */

/**
 * kvs_prep_request() - fill an SQE with one request
 * @sqe: submission queue entry of a ring of any kind
 * @kvs: handle
 * @request: request, read when the SQE is executed
 */
void kvs_prep_request(struct io_uring_sqe *sqe, const struct kvs *kvs,
		      const struct kvs_request *request);

/**
 * kvs_prep_batch() - fill an SQE with an array of requests
 * @sqe: submission queue entry of a ring of any kind
 * @kvs: handle
 * @requests: requests, read when the SQE is executed
 * @count: number of requests, 1 to KVS_BATCH_MAX, else it completes with
 *	-EINVAL
 *
 * One SQE and one completion for all of them, with the rules of kvs_batch().
 */
void kvs_prep_batch(struct io_uring_sqe *sqe, const struct kvs *kvs,
		    const struct kvs_request *requests, size_t count);

/**
 * kvs_prep_request128() - fill an SQE of 128 bytes with a copy of one request
 * @sqe: submission queue entry of a ring made with IORING_SETUP_SQE128
 * @ring_flags: flags that the ring was made with (io_uring.flags of liburing)
 * @kvs: handle
 * @request: request; it need not outlive this call, unlike all that it names
 *
 * Return: 0; -EINVAL where @ring_flags lacks IORING_SETUP_SQE128: nothing was
 * written, as the SQE has only 64 bytes.
 */
int kvs_prep_request128(struct io_uring_sqe *sqe, unsigned int ring_flags,
			const struct kvs *kvs,
			const struct kvs_request *request);

/**
 * kvs_cqe_status() - read the completion of an SQE filled by kvs_prep_*()
 * @cqe: completion queue entry
 *
 * Besides what kvs_do() and kvs_batch() return there are statuses of io_uring's
 * own, with which nothing was executed: -ECANCELED where a linked request
 * before this one failed, -EOPNOTSUPP on a ring made with IORING_SETUP_IOPOLL,
 * -EBADF for a bad descriptor. A result that was not written has the status
 * -EINPROGRESS.
 *
 * Return: 0 or a negative errno.
 */
int kvs_cqe_status(const struct io_uring_cqe *cqe);

/*
 * Words
 */

/**
 * kvs_strerror() - put an error in words
 * @err: an errno, negative or positive, or 0
 *
 * Return: a string that is never changed nor freed, in English, without
 * newline; for an error that has no meaning of its own here, the C library's.
 */
const char *kvs_strerror(int err);

/**
 * kvs_library_version() - the version of this library
 *
 * Return: a string such as "0.1.0".
 */
const char *kvs_library_version(void);

#ifdef __cplusplus
}
#endif

#endif /* LIBKVS_KVS_H */
