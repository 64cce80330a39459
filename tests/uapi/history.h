/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Is a history of one key linearizable? The operations of several threads are
 * recorded with the time before and after each; a checker looks for an order of
 * them that respects those times and in which each answer is right.
 */
#ifndef KVS_TEST_HISTORY_H
#define KVS_TEST_HISTORY_H

#include <stdbool.h>

#include <linux/kvs.h>

#define HISTORY_MAX 60

enum history_op {
	HISTORY_GET,
	HISTORY_PUT, /* a blob of 8 bytes */
	HISTORY_CREATE, /* the same, only if absent */
	HISTORY_SET, /* a counter */
	HISTORY_ADD,
	HISTORY_DELETE,
	HISTORY_OPS,
};

/**
 * struct history_event - an operation and its answer
 * @op: what was done
 * @status: 0 or -errno
 * @number: PUT, CREATE, SET: the value; ADD: the delta
 * @answer: ADD: the new value; GET: the value
 * @kind: GET: KVS_KIND_*
 * @version: in the result, if @status is 0
 * @begin: before the call
 * @end: after it
 *
 * Times are from one counter of the test, so that no two are equal.
 */
struct history_event {
	enum history_op op;
	int status;
	__s64 number;
	__s64 answer;
	__u32 kind;
	__u64 version;
	unsigned long begin, end;
};

/*
 * Both take events in any order, of a key that was absent before.
 *
 * The first tries all orders, of at most HISTORY_MAX events. The second takes
 * any number, and sorts them; it trusts that versions give the order of the
 * changes, and looks at each failure by itself.
 */
bool history_linearizable(const struct history_event *events,
			  unsigned int count);
bool history_ordered(struct history_event *events, unsigned long count);

#endif /* KVS_TEST_HISTORY_H */
