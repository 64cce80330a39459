// SPDX-License-Identifier: GPL-2.0-only
/* What operations on values and deadlines must answer. */
#include <errno.h>
#include <string.h>

#include "evict.h"

void judge_describe(struct judge *judge)
{
	struct outcome *out = &judge->out;
	const struct entry *after = &out->after;

	out->describes = true;
	out->kind = after->kind;
	out->length = after->length;
	out->user_flags = after->user_flags;
	out->app_version = after->app_version;
	out->number = after->number;
	out->tells_number = after->kind == KVS_ENTRY_COUNTER;
}

void judge_enter(struct judge *judge)
{
	struct outcome *out = &judge->out;

	out->changes = true;
	out->after.present = true;
	if (judge->before.present)
		return;
	out->flags |= KVS_RESULT_CREATED;
	out->after.created = judge->op->now;
}

enum verdict judge_is_full(const struct judge *judge)
{
	const struct model_store *store = judge->store;
	const struct entry *own = &store->space->entries[judge->op->key];
	struct span count;

	if (!store->max_entries)
		return NO;
	count = model_count(store, judge->op->now);
	count.lo += (int64_t)judge->entering - judge->loose;
	count.hi += judge->entering + judge->loose;
	/* What was there under this key is looked for, and ended, first. */
	count.hi -= own->present || own->lingers;
	if (count.lo >= store->max_entries)
		return YES;
	return count.hi >= store->max_entries ? PERHAPS : NO;
}

void judge_check_room(struct judge *judge)
{
	enum verdict full;

	if (judge->before.present || judge->out.status || evict_may_help(judge))
		return;
	full = judge_is_full(judge);
	if (full == YES ||
	    (full == PERHAPS && judge->op->result.status == -ENOSPC))
		judge->out.status = -ENOSPC;
}

/* Whether a counter that is known by its bounds only is the expected one. */
static enum verdict is_expected(const struct judge *judge, const uint8_t *value)
{
	const struct entry *before = &judge->before;
	const struct op *op = judge->op;
	int64_t number;

	if (op->expected_len != before->length)
		return NO;
	if (before->kind != KVS_ENTRY_COUNTER)
		return memcmp(value, op->expected, before->length) ? NO : YES;
	memcpy(&number, op->expected, sizeof(number));
	if (!span_holds(before->number, number))
		return NO;
	return span_is_exact(before->number) ? YES : PERHAPS;
}

static void expect_newer(struct judge *judge)
{
	const struct entry *before = &judge->before;

	if (before->present && judge->op->app_version <= before->app_version)
		judge_refuse(judge, -ESTALE);
}

static void expect_conditions(struct judge *judge, const uint8_t *value)
{
	const struct entry *before = &judge->before;
	const struct op *op = judge->op;
	enum verdict expected;

	if (op->with & WITH_APP_VERSION)
		expect_newer(judge);
	if (!(op->with & (WITH_VERSION | WITH_EXPECTED)))
		return;
	if (!before->present) {
		judge_refuse(judge, -ENOENT);
		return;
	}
	if (op->with & WITH_VERSION && op->version != before->version)
		judge_refuse(judge, -ESTALE);
	if (!(op->with & WITH_EXPECTED))
		return;
	expected = is_expected(judge, value);
	if (expected == NO ||
	    (expected == PERHAPS && op->result.status == -ESTALE))
		judge_refuse(judge, -ESTALE);
}

/* A value must not get lost, so no buffer is too small a buffer here. */
static void expect_old(struct judge *judge)
{
	struct outcome *out = &judge->out;
	const struct entry *before = &judge->before;

	if (!(judge->op->with & WITH_OLD))
		return;
	if (before->length > judge->op->room)
		judge_refuse(judge, -ERANGE);
	out->answers_value = before->present;
	out->part = before->length;
}

static void answer_old(struct judge *judge)
{
	struct outcome *out = &judge->out;
	const struct entry *before = &judge->before;

	if (!(judge->op->with & WITH_OLD))
		return;
	out->kind = before->kind;
	out->length = before->length;
	out->user_flags = before->user_flags;
	out->number = before->number;
	out->tells_number = false;
}

static void put_value(struct judge *judge)
{
	const struct op *op = judge->op;
	struct entry *after = &judge->out.after;

	after->kind = KVS_ENTRY_BLOB;
	after->length = op->length;
	after->user_flags = op->user_flags;
	after->app_version = op->app_version;
	after->number = span_of(0);
	if (op->flags & KVS_FLAG_COUNTER) {
		after->kind = KVS_ENTRY_COUNTER;
		after->number = span_of(op->number);
	}
	if (!(op->flags & KVS_FLAG_KEEP_TTL))
		after->deadline = op_deadline(op);
	else if (!judge->before.present)
		after->deadline = span_of(MODEL_NEVER);
}

static void expect_put(struct judge *judge, const uint8_t *value)
{
	const struct op *op = judge->op;
	bool present = judge->before.present;

	if (op->length > judge->store->max_value)
		judge_refuse(judge, -EFBIG);
	if (present && op->flags & KVS_FLAG_CREATE)
		judge_refuse(judge, -EEXIST);
	if (!present && op->flags & KVS_FLAG_REPLACE)
		judge_refuse(judge, -ENOENT);
	expect_conditions(judge, value);
	expect_old(judge);
	judge_check_room(judge);
	if (judge->out.status)
		return;
	put_value(judge);
	judge_enter(judge);
	judge_describe(judge);
	answer_old(judge);
}

static void expect_append(struct judge *judge, const uint8_t *value)
{
	struct entry *after = &judge->out.after;
	const struct op *op = judge->op;

	expect_conditions(judge, value);
	if (!judge->before.present && !(op->flags & KVS_FLAG_CREATE))
		judge_refuse(judge, -ENOENT);
	if (judge->before.kind == KVS_ENTRY_COUNTER)
		judge_refuse(judge, -EPROTOTYPE);
	if (judge->before.length + op->length > judge->store->max_value)
		judge_refuse(judge, -EFBIG);
	judge_check_room(judge);
	if (judge->out.status)
		return;
	after->kind = KVS_ENTRY_BLOB;
	after->length += op->length;
	if (!judge->before.present)
		after->deadline = span_of(MODEL_NEVER);
	judge_enter(judge);
	judge_describe(judge);
}

static void expect_ttl_only(struct judge *judge, const uint8_t *value)
{
	expect_conditions(judge, value);
	if (!judge->before.present)
		judge_refuse(judge, -ENOENT);
	if (judge->out.status)
		return;
	judge->out.after.deadline = op_deadline(judge->op);
	judge_enter(judge);
	judge_describe(judge);
}

static void expect_delete(struct judge *judge, const uint8_t *value)
{
	expect_conditions(judge, value);
	if (!judge->before.present)
		judge_refuse(judge, -ENOENT);
	expect_old(judge);
	if (judge->out.status)
		return;
	judge->out.after = (struct entry){};
	judge->out.changes = true;
	answer_old(judge);
}

/* How much of the value is copied. */
static void expect_copy(struct judge *judge)
{
	const struct op *op = judge->op;
	struct outcome *out = &judge->out;
	uint32_t length = judge->before.length;

	if (out->flags & KVS_RESULT_UNCHANGED || !op->room)
		return;
	out->answers_value = true;
	out->part = length;
	if (op->with & WITH_OFFSET) {
		out->part = length > op->offset ? length - op->offset : 0;
		out->part = span_smaller(out->part, op->room);
	}
	if (out->part > op->room)
		judge_refuse(judge, -ERANGE);
}

static void expect_get(struct judge *judge)
{
	const struct entry *before = &judge->before;
	const struct op *op = judge->op;
	struct outcome *out = &judge->out;

	if (!before->present) {
		judge_refuse(judge, -ENOENT);
		return;
	}
	if (op->with & WITH_VERSION && op->version != before->version) {
		judge_refuse(judge, -ESTALE);
		return;
	}
	if (op->with & WITH_KNOWN_VERSION && op->version == before->version)
		out->flags |= KVS_RESULT_UNCHANGED;
	expect_copy(judge);
	if (out->status)
		return;
	if (op->with & WITH_ANY_TTL)
		out->after.deadline = op_deadline(op);
	judge_describe(judge);
}

static enum verdict touches(const struct op *op, struct span present)
{
	struct span never = span_of(MODEL_NEVER);

	switch (op->mode) {
	case KVS_TTL_IF_NONE:
		return span_above(never, present) == NO ? YES : NO;
	case KVS_TTL_IF_SOME:
		return span_above(never, present);
	case KVS_TTL_IF_LONGER:
		return span_above(op_deadline(op), present);
	case KVS_TTL_IF_SHORTER:
		return span_above(present, op_deadline(op));
	default:
		return YES;
	}
}

static void expect_touch(struct judge *judge)
{
	const struct op *op = judge->op;
	enum verdict touch;

	if (!judge->before.present) {
		judge_refuse(judge, -ENOENT);
		return;
	}
	touch = touches(op, judge->before.deadline);
	if (touch == NO || (touch == PERHAPS && op->result.status == -ESTALE)) {
		judge_refuse(judge, -ESTALE);
		return;
	}
	judge->out.after.deadline = op_deadline(op);
	judge_describe(judge);
}

static void expect_stat(struct judge *judge)
{
	if (!judge->before.present)
		judge_refuse(judge, -ENOENT);
	else
		judge_describe(judge);
}

void judge_expect(struct judge *judge, const uint8_t *value)
{
	judge->out = (struct outcome){ .after = judge->before };
	switch (judge->op->verb) {
	case OP_GET:
		expect_get(judge);
		break;
	case OP_STAT:
		expect_stat(judge);
		break;
	case OP_PUT:
		expect_put(judge, value);
		break;
	case OP_APPEND:
		expect_append(judge, value);
		break;
	case OP_TTL_ONLY:
		expect_ttl_only(judge, value);
		break;
	case OP_DELETE:
		expect_delete(judge, value);
		break;
	case OP_TOUCH:
		expect_touch(judge);
		break;
	default:
		judge_expect_count(judge);
	}
}
