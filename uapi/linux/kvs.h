/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * kvs: a key-value store in kernel memory, behind /dev/kvs.
 *
 * This header is the whole ABI. It is the same for 32-bit and 64-bit callers.
 */
#ifndef _UAPI_LINUX_KVS_H
#define _UAPI_LINUX_KVS_H

#include <linux/ioctl.h>
#include <linux/types.h>

/**
 * DOC: Handles
 *
 * open("/dev/kvs") gives a handle that is bound to nothing. KVS_IOC_BIND binds
 * it, once, to one store, and fixes its rights from the credentials of the
 * opener, the mode bits of the store and the open flags. Rights travel with the
 * open file description: through dup(), fork(), SCM_RIGHTS and io_uring.
 */

/**
 * DOC: Stores
 *
 * A store has an owner, a group and nine permission bits. r gives KVS_RIGHT_READ
 * and KVS_RIGHT_LIST, w KVS_RIGHT_WRITE and KVS_RIGHT_COUNT, x KVS_RIGHT_COUNT;
 * KVS_RIGHT_ADMIN have the owner and who has CAP_SYS_ADMIN in the user namespace
 * of the store.
 *
 * Names belong to the user namespace of the opener. Stores of the initial
 * namespace live until they are destroyed, those of another one also end with
 * the last handle that was opened there. There, BIND makes "default" if it is
 * missing. Nobody sees stores of another namespace, but for CAP_SYS_ADMIN of
 * the initial one, who can list all and bind to each by its number.
 *
 * A staging store is made for another one, has its owner, mode and limits, and
 * draws versions from the same counter. KVS_IOC_PUBLISH exchanges the contents
 * of the two, in one step for every reader. Handles stay with the name.
 *
 * What entries cost is charged to the store, to the opener of the handle, to
 * the owner of each user namespace above, and to the total of the module. For a
 * namespace that root made, it is what is root in there.
 */

/**
 * DOC: Eviction
 *
 * At a cap of its bytes or entries, and where the module's total or the user's
 * quota is reached, a store refuses what is new, or it evicts (KVS_POLICY_EVICT):
 * entries that no GET found lately, the oldest first. A GET without
 * KVS_F_NO_TOUCH keeps an entry for one round more. What replaces a value keeps
 * its place. Never evicted is what was put with KVS_F_PINNED, until a PUT without
 * it, and what was put while the store refused, until its value is changed. One
 * request evicts at most 64 entries: if that is not room enough it is refused,
 * and may be tried again. A quota has only entries evicted that are charged to
 * the same user. Such a store gives entries back, too, when the machine is short
 * of memory. What was evicted stays charged until its memory is free, as what was
 * deleted does: near a cap requests may wait for that, a bounded time.
 */

/**
 * DOC: Ranges
 *
 * A store with an index keeps its keys in byte order: one that is the beginning
 * of another comes before it. "default" has an index, and stores that were made
 * with KVS_CREATE_INDEX; SCAN and DELETE_RANGE are EOPNOTSUPP in others. It
 * costs 24 bytes an entry, and a lock that is taken for a moment whenever an
 * entry comes or goes; not by a GET, nor by a PUT over an entry that is there.
 *
 * SCAN answers a page of entries, DELETE_RANGE removes one; both say by
 * KVS_RES_MORE whether the range may have more, and which key they have come to.
 * A page is cut by its bytes, by &kvs_scan_args.limit, and by
 * KVS_MAX_SCAN_VISIT entries that were looked at, those past their deadline
 * too: it may be empty and not the last.
 *
 * An entry that is there during a whole scan appears in it exactly once, in
 * order, whatever becomes of others and of its own value. One that comes or
 * goes meanwhile may appear or not. A scan is no snapshot: each entry is as it
 * was at some time while its page was filled.
 */

/**
 * DOC: Carriers
 *
 * One request (&struct kvs_req) reaches a store in one of three ways, told
 * apart by the ioctl number or the cmd_op of the submission queue entry:
 *
 * - KVS_IOC_REQ: ioctl() on the address of one &struct kvs_req;
 * - KVS_IOC_VEC: a &struct kvs_vec, by ioctl() on its address or as the first
 *   16 bytes of sqe->cmd: 1 to KVS_MAX_BATCH requests;
 * - KVS_CMD_REQ: the request itself in the 80 bytes of sqe->cmd, only on a
 *   ring made with IORING_SETUP_SQE128 (else EINVAL).
 *
 * For one request the return value, and the CQE's res, is the request's status:
 * 0 or a negative errno. For more than one it is 0 once every request was
 * attempted, and each status stands in its own result. No value is ever
 * positive. A request that cannot be read, or whose result cannot be written,
 * ends a batch with EFAULT, one without a result with EINVAL; what ran before
 * it stands. After a fatal signal the rest of a batch gets ECANCELED. A vector
 * that is refused as such (its count, its flags, more than one request through
 * an unbound handle) writes no result.
 */

/**
 * DOC: Errors
 *
 * A failed operation changes nothing. The one exception: an operation that took
 * effect and then could not write its result reports EFAULT and stands. That
 * takes a second thread that unmaps the memory during the call, because an
 * operation that writes first writes a zeroed result. On error the value buffer
 * is undefined, the result is not. A write that a store refuses which evicts may
 * have evicted others before.
 *
 * ============ ============================================================
 * ENOENT       the key is absent, past its deadline or flushed; or no such
 *              store (BIND), or none that is staging (PUBLISH)
 * EEXIST       KVS_F_CREATE and the key exists; a store of this name exists, or
 *              one that is staging already (CREATE)
 * ESTALE       a version or value precondition failed
 * ERANGE       the buffer is too small, for a SCAN: for its first entry; the
 *              needed length is in the result, nothing was consumed
 * EINVAL       an empty key, or a value that contradicts itself
 * ENAMETOOLONG the key is too long
 * EFBIG        the value is too long
 * ENOSPC       a cap of the store is reached, that of pinned bytes included, or
 *              the module's, and nothing or too little could be evicted
 * EDQUOT       the user's quota is reached
 * ENOMEM       no memory
 * EMFILE,      no descriptor is left for RESTRICT, for the process or for the
 * ENFILE       system
 * EOVERFLOW    the counter would leave its range; it is unchanged
 * EPROTOTYPE   a counter operation on a blob
 * EACCES       the handle lacks a right
 * EPERM        an administrative act that is not allowed
 * EOPNOTSUPP   an unknown flag or verb, a reserved field that is not zero, or
 *              a property that this store lacks
 * E2BIG        non-zero bytes past the struct this kernel knows, or a size
 *              above the page size
 * ENOTTY       an unknown ioctl number or cmd_op
 * ENOTCONN     the handle is not bound
 * EISCONN      the handle is bound already
 * EIDRM        the store was destroyed under the handle
 * EBUSY        the store has a staging store (DESTROY), or is flushed or
 *              published again and again
 * ENODATA      the watch history is gone
 * ETIMEDOUT    a wait reached its deadline
 * EINTR        a wait was interrupted by a signal
 * ECANCELED    a wait or the rest of a batch was cancelled
 * EAGAIN       nothing to read from a watch opened O_NONBLOCK
 * EFAULT       a bad user pointer
 * ============ ============================================================
 */

/* clang-format off */
/* Limits that never change. KVS_IOC_INFO reports those in force. */
#define KVS_MAX_KEY		1024	/* bytes */
#define KVS_INLINE_KEY		32	/* longer keys go by address */
#define KVS_MAX_VALUE		(16 << 20) /* bytes, whatever a store allows */
#define KVS_MAX_BATCH		1024	/* requests in one struct kvs_vec */
#define KVS_MAX_EXPECT		64	/* bytes compared by KVS_F_IF_EQ */
#define KVS_MAX_TXN_OPS		64	/* compares, thens and elses together */
#define KVS_MAX_SCAN_VISIT	4096	/* entries that one page may visit */
#define KVS_STORE_NAME_SIZE	64	/* with the terminating NUL */
#define KVS_VERSION_MAX		(~0ULL >> 1) /* the top bit is never set */

/* Rights of a handle. */
#define KVS_RIGHT_READ		(1U << 0) /* GET, STAT, WAIT */
#define KVS_RIGHT_WRITE		(1U << 1) /* PUT, DELETE, TOUCH */
#define KVS_RIGHT_COUNT		(1U << 2) /* ADD and BUCKET on what exists */
#define KVS_RIGHT_LIST		(1U << 3) /* SCAN, views, prefix watches */
#define KVS_RIGHT_ADMIN		(1U << 4) /* flush, alter, destroy */
#define KVS_RIGHT_ALL		((1U << 5) - 1)
/* clang-format on */

/**
 * enum kvs_verb - what a request does
 * @KVS_GET: read a value
 * @KVS_PUT: write a value
 * @KVS_DELETE: remove an entry
 * @KVS_ADD: add to a counter
 * @KVS_STAT: describe an entry
 * @KVS_XCHG: set a counter and answer its old value
 * @KVS_BITOP: change bits of a counter under a mask
 * @KVS_BUCKET: take tokens from a bucket kept in a counter
 * @KVS_TOUCH: change an entry's deadline
 * @KVS_WAIT: wait until a key's version differs
 * @KVS_SCAN: one page of entries in byte order
 * @KVS_DELETE_RANGE: one page of deletions in byte order
 * @KVS_TXN: compares, then operations, all or nothing
 *
 * INFO says which of them this kernel has built; the others are EOPNOTSUPP.
 */
enum kvs_verb {
	KVS_GET = 1,
	KVS_PUT = 2,
	KVS_DELETE = 3,
	KVS_ADD = 4,
	KVS_STAT = 5,
	KVS_XCHG = 6,
	KVS_BITOP = 7,
	KVS_BUCKET = 8,
	KVS_TOUCH = 9,
	KVS_WAIT = 10,
	KVS_SCAN = 11,
	KVS_DELETE_RANGE = 12,
	KVS_TXN = 13
};

/* clang-format off */
/*
 * Flags of a request. A flag that a verb does not take is EOPNOTSUPP; two that
 * contradict each other are EINVAL.
 */
#define KVS_F_FULL_RESULT	(1U << 0) /* write all of struct kvs_res */
#define KVS_F_ARGS		(1U << 1) /* cond is the address of operands */
#define KVS_F_CREATE		(1U << 2) /* PUT: only if absent; others: may */
#define KVS_F_REPLACE		(1U << 3) /* PUT: only if present */
#define KVS_F_IF_VERSION	(1U << 4) /* only if the version is cond */
#define KVS_F_IF_CHANGED	(1U << 5) /* GET: no copy if it is cond */
#define KVS_F_IF_EQ		(1U << 6) /* only if the value is args.expect */
#define KVS_F_IF_NEWER		(1U << 7) /* PUT: cond: app. version, not 0 */
#define KVS_F_TTL		(1U << 8) /* ttl is nanoseconds from now */
#define KVS_F_TTL_ABS		(1U << 9) /* ttl is host CLOCK_BOOTTIME ns */
#define KVS_F_TTL_IF_NEW	(1U << 10) /* ADD: only if the entry is made */
#define KVS_F_KEEP_TTL		(1U << 11) /* PUT: the deadline stays */
#define KVS_F_TTL_ONLY		(1U << 12) /* PUT: the value stays */
#define KVS_F_RET_OLD		(1U << 13) /* PUT: old value; DELETE: take */
#define KVS_F_APPEND		(1U << 14) /* PUT: behind the present value */
#define KVS_F_COUNTER		(1U << 15) /* PUT: value is a __s64 counter */
#define KVS_F_NO_TOUCH		(1U << 16) /* GET: leave no trace */
#define KVS_F_OFFSET		(1U << 17) /* GET: from req.offset on */
#define KVS_F_SATURATE		(1U << 18) /* ADD: stop at the bound */
#define KVS_F_WRAP		(1U << 19) /* ADD: go on at the other bound */
#define KVS_F_MIN		(1U << 20) /* ADD: args.min is a bound */
#define KVS_F_MAX		(1U << 21) /* ADD: args.max is a bound */
#define KVS_F_PINNED		(1U << 22) /* PUT: never evicted */
#define KVS_F_OWNED		(1U << 23) /* PUT: dies with this handle */
#define KVS_F_WAIT		(1U << 24) /* PUT: wait until it is absent */
#define KVS_F_VIEW		(1U << 25) /* PUT: show it in the view */
#define KVS_F_SHARED		(1U << 26) /* PUT: a counter in mapped memory */
#define KVS_F_PERCPU		(1U << 27) /* PUT: a counter with a word a CPU */

/* What an entry holds. */
#define KVS_KIND_NONE		0U	/* there is no entry */
#define KVS_KIND_BLOB		1U
#define KVS_KIND_COUNTER	2U	/* 8 bytes, a host-order __s64 */
#define KVS_KIND_SHARED		3U
#define KVS_KIND_PERCPU		4U

/* Flags of a result. */
#define KVS_RES_CREATED		(1U << 0) /* the entry was made by this */
#define KVS_RES_UNCHANGED	(1U << 1) /* IF_CHANGED: nothing was copied */
#define KVS_RES_LIMITED		(1U << 2) /* a bound cut or wrapped the sum */
#define KVS_RES_MORE		(1U << 3) /* SCAN, DELETE_RANGE: not the end */
#define KVS_RES_ELSE		(1U << 4) /* TXN: a compare failed */
#define KVS_RES_REFUSED		(1U << 5) /* BUCKET: number is ns to wait */

/* Features in struct kvs_info. */
#define KVS_FEATURE_URING	(1ULL << 0) /* KVS_IOC_VEC, KVS_CMD_REQ */
#define KVS_FEATURE_URING_WAIT	(1ULL << 1) /* KVS_WAIT through io_uring */
#define KVS_FEATURE_EVICT	(1ULL << 2) /* KVS_POLICY_EVICT, KVS_F_PINNED */

#define KVS_TTL_NEVER		(~0ULL)	/* kvs_res.ttl: no deadline */
/* clang-format on */

/**
 * struct kvs_res - the answer to one request
 * @status: 0 or a negative errno
 * @flags: KVS_RES_*
 * @kind: KVS_KIND_* of the entry, KVS_KIND_NONE where there is none
 * @len: length of the value in bytes; for ERANGE the length needed
 * @version: version of the entry after the operation; of a removed entry the
 *	version of its removal; on ESTALE the present one
 * @number: counters: the new value (XCHG: the old one); SCAN,
 *	DELETE_RANGE: entries answered or removed; TXN: the failed compare
 * @applied: ADD: the amount applied; BITOP: the old value
 * @ttl: nanoseconds until the deadline, or KVS_TTL_NEVER
 * @app_version: application version, as last given with KVS_F_IF_NEWER
 * @user_flags: the entry's user flags
 * @visited: SCAN, DELETE_RANGE: entries visited
 *
 * The first 16 bytes are always written, the rest only with KVS_F_FULL_RESULT.
 * What does not apply is 0.
 */
struct kvs_res {
	__s32 status;
	__u32 flags;
	__u32 kind;
	__u32 len;
	__aligned_u64 version;
	__aligned_s64 number;
	__aligned_s64 applied;
	__aligned_u64 ttl;
	__aligned_u64 app_version;
	__u32 user_flags;
	__u32 visited;
};

#define KVS_RES_SHORT 16 /* bytes that are always written */

/**
 * struct kvs_req - one request: read once, never written
 * @verb: enum kvs_verb
 * @key_len: length of the key, 1 to KVS_MAX_KEY
 * @flags: KVS_F_*
 * @key: a key of at most KVS_INLINE_KEY bytes; what follows it is ignored
 * @key_addr: address of a longer key
 * @key_reserved: with @key_addr: must be 0
 * @value: address of the value, of the buffer for it, of a &struct kvs_stat
 *	(STAT), or of the page to fill (SCAN)
 * @operand: ADD: the delta; XCHG: the new value; else see @value
 * @value_len: bytes at @value; 0 with @operand. GET: 0 asks for the length
 *	alone
 * @user_flags: PUT: kept with the entry, for the caller's own use
 * @offset: GET with KVS_F_OFFSET: the first byte wanted
 * @mode: TOUCH: KVS_TOUCH_*
 * @ttl: time to live or deadline in nanoseconds, as the flags say, else 0;
 *	WAIT: with KVS_F_TTL_ABS the deadline
 * @cond: the version or application version that the flags speak of; with
 *	KVS_F_ARGS the address of the verb's operands; else 0
 * @result: address of a &struct kvs_res; 0 for none, where the request is
 *	alone. What is there before the request has ended says nothing
 *
 * A field that verb and flags give no meaning must be 0 (EOPNOTSUPP).
 */
__extension__ struct kvs_req {
	__u16 verb;
	__u16 key_len;
	__u32 flags;
	union {
		__u8 key[KVS_INLINE_KEY];
		struct {
			__aligned_u64 key_addr;
			__aligned_u64 key_reserved[3];
		};
	};
	union {
		__aligned_u64 value;
		__aligned_s64 operand;
	};
	__u32 value_len;
	union {
		__u32 user_flags;
		__u32 offset;
		__u32 mode;
	};
	__aligned_u64 ttl;
	__aligned_u64 cond;
	__aligned_u64 result;
};

/**
 * struct kvs_vec - some requests in one call or one submission queue entry
 * @reqs: address of an array of &struct kvs_req
 * @count: 1 to KVS_MAX_BATCH
 * @flags: must be 0
 */
struct kvs_vec {
	__aligned_u64 reqs;
	__u32 count;
	__u32 flags;
};

/*
 * Operands by address: KVS_F_ARGS, or always where the verb cannot do without.
 * Each begins with its size and follows the rules of the control structs.
 */

/**
 * struct kvs_value_args - operands of GET, PUT and DELETE
 * @size: sizeof(struct kvs_value_args)
 * @flags: must be 0
 * @cond: what kvs_req.cond would be
 * @expect: address of the bytes that KVS_F_IF_EQ compares
 * @old: buffer for the value that KVS_F_RET_OLD answers
 * @expect_len: at most KVS_MAX_EXPECT
 * @old_len: bytes at @old
 * @deadline: KVS_F_WAIT: absolute host CLOCK_BOOTTIME in nanoseconds
 */
struct kvs_value_args {
	__u32 size;
	__u32 flags;
	__aligned_u64 cond;
	__aligned_u64 expect;
	__aligned_u64 old;
	__u32 expect_len;
	__u32 old_len;
	__aligned_u64 deadline;
};

/**
 * struct kvs_add_args - operands of ADD
 * @size: sizeof(struct kvs_add_args)
 * @flags: must be 0
 * @initial: KVS_F_CREATE: what a missing counter counts from, else 0
 * @min: KVS_F_MIN: lower bound, else 0
 * @max: KVS_F_MAX: upper bound, else 0
 */
struct kvs_add_args {
	__u32 size;
	__u32 flags;
	__aligned_s64 initial;
	__aligned_s64 min;
	__aligned_s64 max;
};

/* kvs_bitop_args.op */
#define KVS_BITOP_OR 1U
#define KVS_BITOP_AND 2U
#define KVS_BITOP_XOR 3U

/**
 * struct kvs_bitop_args - operands of BITOP
 * @size: sizeof(struct kvs_bitop_args)
 * @flags: must be 0
 * @op: KVS_BITOP_*
 * @reserved: must be 0
 * @operand: second operand of @op
 * @mask: bits that may change
 * @initial: KVS_F_CREATE: what a missing counter starts from
 */
struct kvs_bitop_args {
	__u32 size;
	__u32 flags;
	__u32 op;
	__u32 reserved;
	__aligned_u64 operand;
	__aligned_u64 mask;
	__aligned_u64 initial;
};

/**
 * struct kvs_bucket_args - operands of BUCKET
 * @size: sizeof(struct kvs_bucket_args)
 * @flags: must be 0
 * @interval_ns: time in which one token comes back, in nanoseconds
 * @burst: tokens that a full bucket holds
 * @cost: tokens to take
 */
struct kvs_bucket_args {
	__u32 size;
	__u32 flags;
	__aligned_u64 interval_ns;
	__aligned_u64 burst;
	__aligned_u64 cost;
};

/*
 * kvs_req.mode of TOUCH. To a handle without KVS_RIGHT_READ neither TOUCH nor
 * KVS_F_TTL_ONLY tells length, number, flags and application version.
 */
#define KVS_TOUCH_SET 0U
#define KVS_TOUCH_IF_NONE 1U
#define KVS_TOUCH_IF_HAS 2U
#define KVS_TOUCH_LONGER 3U
#define KVS_TOUCH_SHORTER 4U
#define KVS_TOUCH_PERSIST 5U

/**
 * struct kvs_stat - what STAT writes to kvs_req.value
 * @size: sizeof(struct kvs_stat) of this kernel
 * @kind: KVS_KIND_*
 * @version: version of the last change
 * @value_len: bytes
 * @user_flags: the entry's user flags
 * @ttl: nanoseconds until the deadline, or KVS_TTL_NEVER
 * @age: nanoseconds since the entry was made
 * @charged: bytes of memory charged for the entry
 * @number: a counter's value
 * @app_version: application version
 * @flags: KVS_STAT_*
 * @reserved: 0
 *
 * kvs_req.value_len may be 0 (the result alone is written) or at least
 * KVS_STAT_MIN; as much as both sides know is written, and zeroes behind it.
 */
struct kvs_stat {
	__u32 size;
	__u32 kind;
	__aligned_u64 version;
	__u32 value_len;
	__u32 user_flags;
	__aligned_u64 ttl;
	__aligned_u64 age;
	__aligned_u64 charged;
	__aligned_s64 number;
	__aligned_u64 app_version;
	__u32 flags;
	__u32 reserved;
};

#define KVS_STAT_MIN 72 /* size of the first struct kvs_stat */
#define KVS_STAT_VISITED (1U << 0) /* by a GET, since eviction last passed */
#define KVS_STAT_FETCHED (1U << 1) /* by a GET, ever */
#define KVS_STAT_PINNED (1U << 2) /* never evicted */
#define KVS_STAT_OWNED (1U << 3)

/* kvs_scan_args.flags */
#define KVS_SCAN_DESCENDING (1U << 0)
#define KVS_SCAN_KEYS_ONLY (1U << 1)
#define KVS_SCAN_COUNT_ONLY (1U << 2)
#define KVS_SCAN_PREFIX (1U << 3) /* start is a prefix, end unused */
#define KVS_SCAN_AFTER (1U << 4) /* go on behind last */
#define KVS_SCAN_SINCE (1U << 5) /* only versions above since */

/**
 * struct kvs_scan_args - operands of SCAN and DELETE_RANGE
 * @size: sizeof(struct kvs_scan_args)
 * @flags: KVS_SCAN_*
 * @start: address of the first key of the range, or of the prefix
 * @end: address of the first key behind the range
 * @last: buffer of KVS_MAX_KEY bytes: the last key visited, in and out; all of
 *	it is written, with zeroes behind the key
 * @since: KVS_SCAN_SINCE: version, else 0
 * @start_len: bytes at @start
 * @end_len: bytes at @end; 0: no end
 * @last_len: bytes at @last, in and out; as it was where nothing was visited
 * @limit: entries at most; 0: any number
 *
 * The range is from @start, included, to @end, not included, or all keys that
 * begin with @start. KVS_SCAN_DESCENDING begins at its other end.
 * KVS_SCAN_AFTER goes on behind @last, in that order. It need be no key, nor in
 * the range: before that, the page begins with the range; behind that, there is
 * nothing left. @last and @last_len are written by each page that visited
 * an entry, so that the same request with KVS_SCAN_AFTER is the next page.
 *
 * SCAN takes KVS_RIGHT_LIST, and KVS_RIGHT_READ for values. kvs_req.value is the
 * page, kvs_req.value_len its bytes, kvs_res.len those that are used, and
 * kvs_res.number the items, each a &struct kvs_scan_item. Bytes behind
 * kvs_res.len are undefined up to the page's end. ERANGE, with the bytes needed
 * in kvs_res.len, where not even the first item fits: nothing was visited then.
 * KVS_SCAN_KEYS_ONLY leaves values out; KVS_SCAN_COUNT_ONLY answers the number
 * alone, and takes no page (EOPNOTSUPP). An entry past its deadline is not
 * there.
 *
 * DELETE_RANGE takes KVS_RIGHT_WRITE and KVS_RIGHT_LIST, with KVS_SCAN_AFTER
 * also KVS_RIGHT_ADMIN. Each entry is removed for itself, as by a DELETE;
 * kvs_res.number is how many were, kvs_res.version the version of the last
 * removal. @limit counts keys that were there when the page came to them. It
 * has no page, and neither KVS_SCAN_KEYS_ONLY nor KVS_SCAN_COUNT_ONLY. What was
 * removed before a failure is no failure: KVS_RES_MORE says that it may go on.
 *
 * KVS_SCAN_SINCE is EOPNOTSUPP in a store without a change ring. kvs_req.key_len
 * is 0 in a SCAN, a DELETE_RANGE and a TXN.
 */
struct kvs_scan_args {
	__u32 size;
	__u32 flags;
	__aligned_u64 start;
	__aligned_u64 end;
	__aligned_u64 last;
	__aligned_u64 since;
	__u32 start_len;
	__u32 end_len;
	__u32 last_len;
	__u32 limit;
};

/**
 * struct kvs_scan_item - an entry in the page that SCAN fills
 * @version: version of the entry
 * @ttl: nanoseconds until the deadline, or KVS_TTL_NEVER
 * @next: bytes from here to the next item, a multiple of 8
 * @key_len: bytes of key that follow the item
 * @kind: KVS_KIND_*
 * @value_len: bytes of value that follow the key, padded to 8
 * @user_flags: the entry's user flags; 0 for who may not read
 *
 * Key and value follow, each filled up with zeroes to a multiple of 8. A
 * counter's value is its 8 bytes.
 */
struct kvs_scan_item {
	__aligned_u64 version;
	__aligned_u64 ttl;
	__u32 next;
	__u16 key_len;
	__u16 kind;
	__u32 value_len;
	__u32 user_flags;
};

/**
 * struct kvs_txn_args - operands of TXN
 * @size: sizeof(struct kvs_txn_args)
 * @flags: must be 0
 * @compares: array of &struct kvs_compare
 * @thens: array of &struct kvs_req that run when every compare holds
 * @elses: array of &struct kvs_req that run when one does not
 * @compare_count: number of compares
 * @then_count: number of thens
 * @else_count: number of elses
 * @reserved: must be 0
 *
 * At most KVS_MAX_TXN_OPS together, and at least one. The compares decide which
 * of the two lists runs, as one step: nobody sees a part of it, and all that it
 * changes gets one version, which is that of the result. A TXN without changes
 * is a snapshot.
 *
 * Of the elses the result says so by KVS_RES_ELSE, and its number is the index
 * of the first compare that does not hold. If an operation cannot be made none
 * is: the status is that operation's, and number its index. A key that is absent
 * is no failure of a GET, nor of a DELETE without a condition: their own results
 * say ENOENT. Those of operations that did not run say ECANCELED. One that finds
 * no room for a long value ends the reading of the lists, the results behind it
 * are left as they are; so are all where something is malformed or not allowed.
 *
 * Operations are GET without flags of its own, PUT without KVS_F_APPEND,
 * KVS_F_TTL_ONLY and KVS_F_RET_OLD, DELETE without KVS_F_RET_OLD, ADD, XCHG,
 * BITOP and BUCKET; others are EOPNOTSUPP. Each needs a result (EINVAL), and
 * each key may stand once in a list (EINVAL). Room for what is put is had before
 * anything is deleted. Where something may change, buffers for values are
 * zeroed first.
 */
struct kvs_txn_args {
	__u32 size;
	__u32 flags;
	__aligned_u64 compares;
	__aligned_u64 thens;
	__aligned_u64 elses;
	__u32 compare_count;
	__u32 then_count;
	__u32 else_count;
	__u32 reserved;
};

/* kvs_compare.target */
#define KVS_COMPARE_EXISTS 1U /* operand: 0 or 1 */
#define KVS_COMPARE_VERSION 2U
#define KVS_COMPARE_NUMBER 3U /* a counter, signed */
#define KVS_COMPARE_VALUE 4U /* bytes at operand */

/* kvs_compare.op */
#define KVS_COMPARE_EQ 1U
#define KVS_COMPARE_NE 2U
#define KVS_COMPARE_LT 3U
#define KVS_COMPARE_GT 4U

/**
 * struct kvs_compare - one compare of a TXN
 * @target: KVS_COMPARE_EXISTS to KVS_COMPARE_VALUE
 * @op: KVS_COMPARE_EQ to KVS_COMPARE_GT
 * @key_len: length of the key
 * @operand_len: KVS_COMPARE_VALUE: at most KVS_MAX_EXPECT bytes
 * @key: address of the key
 * @operand: the operand, or the address of its bytes
 *
 * Takes KVS_RIGHT_READ. A key that is absent has version 0, and neither number
 * nor value: no compare of those holds. Nor is a blob a number.
 */
struct kvs_compare {
	__u32 target;
	__u32 op;
	__u32 key_len;
	__u32 operand_len;
	__aligned_u64 key;
	__aligned_u64 operand;
};

/*
 * Control structs: ioctl() only. Each begins with the size that the caller
 * knows. Shorter than the first version is EINVAL; bytes past what this kernel
 * knows must be 0, and are left alone.
 */

/**
 * struct kvs_info - ioctl(KVS_IOC_INFO)
 * @size: sizeof(struct kvs_info)
 * @flags: must be 0
 * @features: KVS_FEATURE_*
 * @verbs: bit n is set where verb n is built
 * @store_id: random number of the store's creation; 0: the handle is not bound
 * @version: the store's last version
 * @max_bytes: the store's byte cap
 * @max_entries: the store's entry cap
 * @boottime_ns: host CLOCK_BOOTTIME now
 * @rights: KVS_RIGHT_* of this handle
 * @store_number: the store's directory in /sys/class/misc/kvs/stores
 * @max_key: longest key in bytes
 * @max_value: longest value that the store takes; unbound: that any may take
 * @max_batch: most requests in one &struct kvs_vec
 * @max_expect: most bytes that KVS_F_IF_EQ compares
 * @max_txn_ops: most operations in a TXN
 * @max_scan_visit: most entries that one page of a SCAN visits
 * @store_name: name of the store, padded with NULs
 */
struct kvs_info {
	__u32 size;
	__u32 flags;
	__aligned_u64 features;
	__aligned_u64 verbs;
	__aligned_u64 store_id;
	__aligned_u64 version;
	__aligned_u64 max_bytes;
	__aligned_u64 max_entries;
	__aligned_u64 boottime_ns;
	__u32 rights;
	__u32 store_number;
	__u32 max_key;
	__u32 max_value;
	__u32 max_batch;
	__u32 max_expect;
	__u32 max_txn_ops;
	__u32 max_scan_visit;
	__u8 store_name[KVS_STORE_NAME_SIZE];
};

/**
 * struct kvs_bind - ioctl(KVS_IOC_BIND)
 * @size: sizeof(struct kvs_bind)
 * @flags: 0 or KVS_BIND_NUMBER, which takes CAP_SYS_ADMIN in the initial user
 *	namespace (EPERM)
 * @out_rights: KVS_RIGHT_* that the handle now has
 * @out_flags: KVS_BIND_*
 * @store_name: 1 to 63 of [A-Za-z0-9._-], not "." or "..", padded with NULs;
 *	all NUL for "default", and with KVS_BIND_NUMBER
 * @store_number: KVS_BIND_NUMBER: the store's number, else 0
 * @reserved: must be 0
 *
 * EACCES where the opener would get no right at all.
 */
struct kvs_bind {
	__u32 size;
	__u32 flags;
	__u32 out_rights;
	__u32 out_flags;
	__u8 store_name[KVS_STORE_NAME_SIZE];
	__u32 store_number;
	__u32 reserved;
};

/* kvs_bind.flags */
#define KVS_BIND_NUMBER (1U << 0) /* the store is named by its number */

/* kvs_bind.out_flags */
#define KVS_BIND_CREATED (1U << 0) /* the store was made by this call */

/**
 * struct kvs_restrict - ioctl(KVS_IOC_RESTRICT)
 * @size: sizeof(struct kvs_restrict)
 * @flags: must be 0
 * @rights: KVS_RIGHT_* to keep, some that this handle has, at least one
 * @out_fd: a new descriptor of the same store, close-on-exec
 *
 * EACCES for a right that this handle lacks. The new handle is the same opener's,
 * and can do no more than its rights: CREATE without KVS_CREATE_STAGING and
 * KVS_LIST_ALL are EACCES there.
 */
struct kvs_restrict {
	__u32 size;
	__u32 flags;
	__u32 rights;
	__s32 out_fd;
};

/* kvs_create.set, kvs_alter.set: the fields that count */
#define KVS_SET_MODE (1U << 0)
#define KVS_SET_UID (1U << 1)
#define KVS_SET_GID (1U << 2)
#define KVS_SET_MAX_BYTES (1U << 3)
#define KVS_SET_MAX_ENTRIES (1U << 4)
#define KVS_SET_MAX_VALUE (1U << 5)
#define KVS_SET_POLICY (1U << 6)
#define KVS_SET_MAX_PINNED (1U << 7)

/* kvs_create.policy, kvs_alter.policy: what happens at the caps */
#define KVS_POLICY_REJECT 0U /* what is new is refused */
#define KVS_POLICY_EVICT 1U /* what was not read lately makes room */

/* kvs_create.flags */
#define KVS_CREATE_STAGING (1U << 0) /* for the store this handle is bound to */
#define KVS_CREATE_INDEX (1U << 1) /* keeps its keys in order, for SCAN */

/**
 * struct kvs_create - ioctl(KVS_IOC_CREATE): make a store
 * @size: sizeof(struct kvs_create)
 * @flags: KVS_CREATE_*
 * @set: KVS_SET_*: which of the others count; 0 where they do not
 * @mode: permission bits; else 0600
 * @uid: owner, as the opener's user namespace knows it; else the opener
 * @gid: group, likewise
 * @max_bytes: byte cap; else the largest allowed
 * @max_entries: entry cap; else the largest allowed
 * @max_value: longest value in bytes, 8 to KVS_MAX_VALUE; else 1 MiB
 * @out_number: the store's number
 * @store_name: as in &struct kvs_bind, but not empty
 * @policy: KVS_POLICY_*; else KVS_POLICY_REJECT
 * @reserved: must be 0
 * @max_pinned: cap of the bytes of entries put with KVS_F_PINNED; else half of
 *	the byte cap
 *
 * The handle may be bound or not, and stays so. Another owner takes CAP_CHOWN,
 * a group that the opener is not in as well (EPERM). KVS_CREATE_STAGING takes
 * KVS_RIGHT_ADMIN, and nothing set. EDQUOT where the user has as many stores as
 * allowed. KVS_CREATE_INDEX gives the store an index, which it then has for good;
 * a staging store has what the other one has (EOPNOTSUPP).
 */
struct kvs_create {
	__u32 size;
	__u32 flags;
	__u32 set;
	__u32 mode;
	__u32 uid;
	__u32 gid;
	__aligned_u64 max_bytes;
	__aligned_u64 max_entries;
	__u32 max_value;
	__u32 out_number;
	__u8 store_name[KVS_STORE_NAME_SIZE];
	__u32 policy;
	__u32 reserved;
	__aligned_u64 max_pinned;
};

/**
 * struct kvs_alter - ioctl(KVS_IOC_ALTER): change the bound store
 * @size: sizeof(struct kvs_alter)
 * @flags: must be 0
 * @set: KVS_SET_*: which of the others count; 0 where they do not
 * @mode: as in &struct kvs_create
 * @uid: likewise
 * @gid: likewise
 * @max_bytes: likewise; one below what is charged refuses what is new
 * @max_entries: likewise
 * @max_value: likewise; longer values stay
 * @policy: likewise; only what is put under KVS_POLICY_EVICT is ever evicted,
 *	and only under it
 * @max_pinned: likewise; what is pinned stays so; not set, it stays as it is
 *
 * Takes KVS_RIGHT_ADMIN. Handles keep the rights that they have. What is set
 * holds for the staging store too, which is not altered itself (EINVAL).
 */
struct kvs_alter {
	__u32 size;
	__u32 flags;
	__u32 set;
	__u32 mode;
	__u32 uid;
	__u32 gid;
	__aligned_u64 max_bytes;
	__aligned_u64 max_entries;
	__u32 max_value;
	__u32 policy;
	__aligned_u64 max_pinned;
};

/* kvs_list_item.flags */
#define KVS_STORE_STAGING (1U << 0)
#define KVS_STORE_EVICTS (1U << 1) /* its policy is KVS_POLICY_EVICT */
#define KVS_STORE_INDEX (1U << 2) /* has one: SCAN and DELETE_RANGE work */

/**
 * struct kvs_list_item - a store in a list
 * @store_id: random number of the store's creation
 * @entries: entries in it, with those past their deadline and not yet reaped
 * @bytes: bytes charged for entries
 * @max_bytes: byte cap
 * @max_entries: entry cap
 * @number: the store's number
 * @flags: KVS_STORE_*
 * @mode: permission bits
 * @uid: owner, as the opener's user namespace knows it
 * @gid: group, likewise
 * @max_value: longest value in bytes
 * @of: KVS_STORE_STAGING: number of the store that it is made for, else 0
 * @ns_uid: owner of the store's user namespace; 0 for the initial one
 * @store_name: padded with NULs
 */
struct kvs_list_item {
	__aligned_u64 store_id;
	__aligned_u64 entries;
	__aligned_u64 bytes;
	__aligned_u64 max_bytes;
	__aligned_u64 max_entries;
	__u32 number;
	__u32 flags;
	__u32 mode;
	__u32 uid;
	__u32 gid;
	__u32 max_value;
	__u32 of;
	__u32 ns_uid;
	__u8 store_name[KVS_STORE_NAME_SIZE];
};

/* kvs_list.flags */
#define KVS_LIST_ALL (1U << 0) /* of all user namespaces */

/**
 * struct kvs_list - ioctl(KVS_IOC_LIST): the stores that there are
 * @size: sizeof(struct kvs_list)
 * @flags: 0 or KVS_LIST_ALL, which takes CAP_SYS_ADMIN in the initial user
 *	namespace (EPERM)
 * @items: address of an array of items
 * @count: in: items that it has room for, 1 to KVS_MAX_BATCH; out: items
 *	written
 * @item_size: bytes of one item, as the caller knows it: a multiple of 8
 * @start: in: the least number wanted; out: where to go on, or 0 at the end
 * @reserved: must be 0
 *
 * By number, in ascending order. The handle need not be bound.
 */
struct kvs_list {
	__u32 size;
	__u32 flags;
	__aligned_u64 items;
	__u32 count;
	__u32 item_size;
	__u32 start;
	__u32 reserved;
};

/**
 * struct kvs_store_stats - ioctl(KVS_IOC_STATS): figures of the bound store
 * @size: sizeof(struct kvs_store_stats)
 * @flags: must be 0
 * @entries: entries in it
 * @bytes: bytes charged for entries
 * @waiting_bytes: the part of @bytes that waits for a grace period
 * @table_bytes: bytes of its table
 * @max_bytes: byte cap
 * @max_entries: entry cap
 * @max_value: longest value in bytes
 * @version: the last version drawn
 * @hits: reads that found their key
 * @misses: reads that did not
 * @puts: PUT
 * @deletes: DELETE
 * @adds: ADD
 * @xchgs: XCHG
 * @bitops: BITOP
 * @buckets: BUCKET that took
 * @refusals: BUCKET that was refused
 * @touches: TOUCH, and reads that slid a deadline
 * @expired: entries that ended by their deadline
 * @stats: STAT
 * @rejected_bytes: writes refused by the byte cap or the module's total
 * @rejected_entries: writes refused by the entry cap
 * @rejected_memory: writes refused for lack of memory
 * @rejected_quota: writes refused by the user's quota
 * @flushes: FLUSH
 * @publishes: PUBLISH
 * @txns: TXN
 * @user_bytes: bytes charged to the opener of this handle, in all stores
 * @user_max_bytes: most that may be
 * @user_entries: entries charged to the opener of this handle
 * @user_max_entries: most that may be
 * @user_stores: stores that the opener of this handle has made
 * @user_max_stores: most that may be
 * @misses_expired: the part of @misses that found an entry past its deadline
 * @rejected_value: writes refused because the value is longer than @max_value
 * @evictions: entries that made room for others
 * @evicted_unfetched: those of them that no read ever found
 * @pinned_bytes: the part of @bytes that is never evicted
 * @max_pinned: cap of that
 * @scans: pages of SCAN
 *
 * Any bound handle may ask.
 */
struct kvs_store_stats {
	__u32 size;
	__u32 flags;
	__aligned_u64 entries;
	__aligned_u64 bytes;
	__aligned_u64 waiting_bytes;
	__aligned_u64 table_bytes;
	__aligned_u64 max_bytes;
	__aligned_u64 max_entries;
	__aligned_u64 max_value;
	__aligned_u64 version;
	__aligned_u64 hits;
	__aligned_u64 misses;
	__aligned_u64 puts;
	__aligned_u64 deletes;
	__aligned_u64 adds;
	__aligned_u64 xchgs;
	__aligned_u64 bitops;
	__aligned_u64 buckets;
	__aligned_u64 refusals;
	__aligned_u64 touches;
	__aligned_u64 expired;
	__aligned_u64 stats;
	__aligned_u64 rejected_bytes;
	__aligned_u64 rejected_entries;
	__aligned_u64 rejected_memory;
	__aligned_u64 rejected_quota;
	__aligned_u64 flushes;
	__aligned_u64 publishes;
	__aligned_u64 txns;
	__aligned_u64 user_bytes;
	__aligned_u64 user_max_bytes;
	__aligned_u64 user_entries;
	__aligned_u64 user_max_entries;
	__aligned_u64 user_stores;
	__aligned_u64 user_max_stores;
	__aligned_u64 misses_expired;
	__aligned_u64 rejected_value;
	__aligned_u64 evictions;
	__aligned_u64 evicted_unfetched;
	__aligned_u64 pinned_bytes;
	__aligned_u64 max_pinned;
	__aligned_u64 scans;
};

/**
 * struct kvs_act - ioctl(KVS_IOC_FLUSH, KVS_IOC_PUBLISH, KVS_IOC_DESTROY)
 * @size: sizeof(struct kvs_act)
 * @flags: must be 0
 * @out_version: FLUSH, PUBLISH: the version drawn for it: what was there before
 *	has a lower one, what is written afterwards a higher one; DESTROY: 0
 *
 * On the bound store; takes KVS_RIGHT_ADMIN. FLUSH: every entry is absent at
 * once; a write that overlaps counts as before it. PUBLISH: exchanges the
 * contents with those of the staging store. DESTROY: the name is free at once,
 * and whoever is still bound gets EIDRM; EBUSY for a store that has a staging
 * store, EPERM for "default" of the initial namespace.
 */
struct kvs_act {
	__u32 size;
	__u32 flags;
	__aligned_u64 out_version;
};

/* kvs_histogram.kind */
#define KVS_HISTOGRAM_SIZE 1U /* bytes charged, of the entries that are there */
#define KVS_HISTOGRAM_LATENCY 2U /* ns that requests took, by verb */
#define KVS_HISTOGRAM_LAG 3U /* ns from a deadline to the end of the entry */

#define KVS_HISTOGRAM_BUCKETS 40

/**
 * struct kvs_histogram - ioctl(KVS_IOC_HISTOGRAM): how figures are distributed
 * @size: sizeof(struct kvs_histogram)
 * @flags: must be 0
 * @kind: KVS_HISTOGRAM_*
 * @verb: KVS_HISTOGRAM_LATENCY: of which operation; 0 otherwise
 * @out_buckets: buckets that are used; 0: latencies are not measured
 * @out_unit: width of the first bucket, in bytes or nanoseconds
 * @out_sum: of all that was counted, in bytes or nanoseconds
 * @out_count: how much was counted in each bucket; 0 in those not used
 *
 * The first bucket counts what is below the unit, the n-th, from 0, what is
 * below 2^n units and not below 2^(n-1), the last all that is above. Sizes are
 * of entries, of which each is counted while it is there; an entry past its
 * deadline may still be. Latencies and lags count what has been: latencies since
 * they were switched on, see &struct kvs_measure. A request in a transaction
 * is a part of that. EOPNOTSUPP for an unknown kind, and for a verb that is not
 * measured. Any bound handle may ask.
 */
struct kvs_histogram {
	__u32 size;
	__u32 flags;
	__u32 kind;
	__u32 verb;
	__u32 out_buckets;
	__u32 out_unit;
	__aligned_u64 out_sum;
	__aligned_u64 out_count[KVS_HISTOGRAM_BUCKETS];
};

/**
 * struct kvs_measure - ioctl(KVS_IOC_MEASURE): measure latencies, or do not
 * @size: sizeof(struct kvs_measure)
 * @flags: must be 0
 * @latency: 0 or 1 (EINVAL)
 * @reserved: must be 0
 *
 * Of the bound store; takes KVS_RIGHT_ADMIN. A store begins without. Switched
 * on where they are measured they go on; switched off, what was counted is
 * forgotten. Measuring costs each request two looks at the clock, and the
 * machine some kilobytes for each processor; else it costs nothing.
 */
struct kvs_measure {
	__u32 size;
	__u32 flags;
	__u32 latency;
	__u32 reserved;
};

#define KVS_IOC_MAGIC 0xBC

#define KVS_IOC_INFO _IO(KVS_IOC_MAGIC, 0x00)
#define KVS_IOC_BIND _IO(KVS_IOC_MAGIC, 0x01)
#define KVS_IOC_RESTRICT _IO(KVS_IOC_MAGIC, 0x02)
#define KVS_IOC_CREATE _IO(KVS_IOC_MAGIC, 0x03)
#define KVS_IOC_ALTER _IO(KVS_IOC_MAGIC, 0x04)
#define KVS_IOC_LIST _IO(KVS_IOC_MAGIC, 0x05)
#define KVS_IOC_STATS _IO(KVS_IOC_MAGIC, 0x06)
#define KVS_IOC_FLUSH _IO(KVS_IOC_MAGIC, 0x07)
#define KVS_IOC_PUBLISH _IO(KVS_IOC_MAGIC, 0x08)
#define KVS_IOC_DESTROY _IO(KVS_IOC_MAGIC, 0x09)
#define KVS_IOC_HISTOGRAM _IO(KVS_IOC_MAGIC, 0x0a)
#define KVS_IOC_MEASURE _IO(KVS_IOC_MAGIC, 0x0b)

/* Requests; the numbers are cmd_op in a submission queue entry too. */
#define KVS_IOC_REQ _IOW(KVS_IOC_MAGIC, 0x40, struct kvs_req)
#define KVS_IOC_VEC _IOW(KVS_IOC_MAGIC, 0x41, struct kvs_vec)
#define KVS_CMD_REQ _IOW(KVS_IOC_MAGIC, 0x42, struct kvs_req)

#endif /* _UAPI_LINUX_KVS_H */
