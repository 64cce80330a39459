// SPDX-License-Identifier: GPL-2.0-only
/* Comparing what was answered with what had to be. */
#include <errno.h>
#include <string.h>

#include "judge.h"

/* Bytes that an entry takes at least, besides key and value. */
#define OVERHEAD 48

bool judge_within(struct judge *judge, const char *what, int64_t is,
		  struct span must)
{
	if (span_holds(must, is))
		return true;
	judge->complaint = (struct complaint){ what, is, must };
	return false;
}

bool judge_same(struct judge *judge, const char *what, int64_t is, int64_t must)
{
	return judge_within(judge, what, is, span_of(must));
}

static bool match_refusal(struct judge *judge)
{
	const struct kvs_result *result = &judge->op->result;

	if (result->status == -ESTALE && judge->op->with & WITH_APP_VERSION &&
	    !judge_same(judge, "app_version", result->app_version,
			judge->before.app_version))
		return false;
	if (result->status == -ESTALE)
		return judge_same(judge, "version", result->version,
				  judge->before.version);
	if (result->status == -ERANGE)
		return judge_same(judge, "length", result->length,
				  judge->before.length);
	return true;
}

static bool match_version(struct judge *judge)
{
	const struct kvs_result *result = &judge->op->result;
	struct span above = { judge->floor + 1, INT64_MAX };

	if (!judge->out.changes)
		return judge_same(judge, "version", result->version,
				  judge->before.version);
	if (judge->version)
		above = span_of(judge->version);
	return judge_within(judge, "version", result->version, above);
}

/* What is left until @deadline, read at some time during @now. */
static bool match_ttl(struct judge *judge, uint64_t ttl, struct span deadline)
{
	struct span now = judge->op->now;
	struct span must = {
		span_larger(deadline.lo - now.hi, 0),
		span_larger(deadline.hi - now.lo, 0),
	};

	if (deadline.lo == MODEL_NEVER)
		must = span_of(KVS_TTL_FOREVER);
	return judge_within(judge, "ttl", ttl, must);
}

/* From what is left follows the deadline. */
static void learn_deadline(struct judge *judge)
{
	struct span *deadline = &judge->out.after.deadline;
	struct span now = judge->op->now;
	uint64_t ttl = judge->op->result.ttl;

	if (deadline->lo == MODEL_NEVER)
		return;
	if (ttl)
		*deadline = span_common(*deadline, span_shifted(now, ttl));
	else
		deadline->hi = span_smaller(deadline->hi, now.hi);
}

static bool match_description(struct judge *judge)
{
	const struct kvs_result *result = &judge->op->result;
	struct outcome *out = &judge->out;

	if (!out->describes)
		return judge_same(judge, "ttl", result->ttl, 0);
	if (!match_ttl(judge, result->ttl, out->after.deadline))
		return false;
	learn_deadline(judge);
	if (out->tells_number)
		out->after.number = span_of(result->number);
	return true;
}

static bool match_answer(struct judge *judge)
{
	const struct kvs_result *result = &judge->op->result;
	const struct outcome *out = &judge->out;

	return judge_same(judge, "flags", result->flags, out->flags) &&
	       judge_same(judge, "kind", result->kind, out->kind) &&
	       judge_same(judge, "length", result->length, out->length) &&
	       judge_same(judge, "user_flags", result->user_flags,
			  out->user_flags) &&
	       judge_same(judge, "app_version", result->app_version,
			  out->app_version) &&
	       judge_same(judge, "applied", result->applied, out->applied) &&
	       judge_same(judge, "visited", result->visited, 0) &&
	       judge_within(judge, "number", result->number, out->number) &&
	       match_version(judge) && match_description(judge);
}

/* In a transaction buffers are zeroed before it is known what goes there. */
static bool match_value(struct judge *judge, const uint8_t *value)
{
	const struct outcome *out = &judge->out;
	const struct op *op = judge->op;
	const void *from = value;
	uint32_t offset = 0;

	if (!op_has_buffer(op))
		return true;
	if (!judge_same(judge, "byte behind the buffer", op->buf[op->room],
			OP_POISON))
		return false;
	/* What was the old value a moment ago may be there all the same. */
	if (!out->answers_value || !out->part)
		return op->in_txn || op->verb != OP_GET ||
		       judge_same(judge, "byte of an unused buffer", op->buf[0],
				  OP_POISON);
	if (op->with & WITH_OFFSET)
		offset = op->offset;
	if (judge->before.kind == KVS_ENTRY_COUNTER)
		from = &op->result.number;
	return judge_same(judge, "difference of the value",
			  memcmp(op->buf, from + offset, out->part), 0);
}

static bool match_mark(struct judge *judge, const char *what, bool is,
		       enum verdict must)
{
	return must == PERHAPS || judge_same(judge, what, is, must == YES);
}

static bool match_stat(struct judge *judge)
{
	const struct entry *entry = &judge->before;
	const struct kvs_entry_stat *stat = &judge->op->stat;
	struct span now = judge->op->now;
	struct span age = { span_larger(now.lo - entry->created.hi, 0),
			    now.hi - entry->created.lo };
	struct span charged = { OVERHEAD + entry->length, 16384 };
	uint32_t flags = stat->flags;

	return judge_same(judge, "stat.kind", stat->kind, entry->kind) &&
	       judge_same(judge, "stat.version", stat->version,
			  entry->version) &&
	       judge_same(judge, "stat.length", stat->length, entry->length) &&
	       judge_same(judge, "stat.user_flags", stat->user_flags,
			  entry->user_flags) &&
	       judge_same(judge, "stat.number", stat->number,
			  judge->op->result.number) &&
	       judge_same(judge, "stat.app_version", stat->app_version,
			  entry->app_version) &&
	       judge_same(judge, "stat.ttl", stat->ttl,
			  judge->op->result.ttl) &&
	       judge_within(judge, "stat.age", stat->age, age) &&
	       judge_within(judge, "stat.charged", stat->charged, charged) &&
	       match_mark(judge, "fetched", flags & KVS_ENTRY_FETCHED,
			  entry->fetched) &&
	       match_mark(judge, "visited", flags & KVS_ENTRY_VISITED,
			  entry->visited) &&
	       match_mark(judge, "pinned", flags & KVS_ENTRY_PINNED,
			  entry->pinned ? YES : NO);
}

bool judge_match(struct judge *judge, const uint8_t *value)
{
	const struct kvs_result *result = &judge->op->result;

	if (!judge_same(judge, "status", result->status, judge->out.status))
		return false;
	if (result->status)
		return match_refusal(judge);
	if (!match_answer(judge) || !match_value(judge, value))
		return false;
	return judge->op->verb != OP_STAT || match_stat(judge);
}
