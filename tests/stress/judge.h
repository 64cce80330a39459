/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Was an operation answered as the model says? What it must answer follows from
 * what its key holds; where only the clock of the kernel could tell, between
 * two looks at ours, the answer itself does, within those bounds.
 */
#ifndef KVS_STRESS_JUDGE_H
#define KVS_STRESS_JUDGE_H

#include "model.h"
#include "op.h"

/* What was answered, and between which bounds it should have been. */
struct complaint {
	const char *what;
	int64_t is;
	struct span must;
};

/**
 * struct outcome - what an operation must answer, and what it leaves
 * @status: its status
 * @changes: it draws a version
 * @describes: ttl is that of @after
 * @tells_number: number is that of @after
 * @answers_value: the buffer has bytes of the value that was there
 * @part: how many
 * @flags: KVS_RESULT_*
 * @kind: KVS_ENTRY_*
 * @length: length
 * @user_flags: user flags
 * @app_version: the application's version
 * @applied: applied
 * @number: number
 * @after: what the key holds then; its version is known from the answer
 */
struct outcome {
	int status;
	bool changes;
	bool describes;
	bool tells_number;
	bool answers_value;
	uint32_t part;
	uint32_t flags;
	uint32_t kind;
	uint32_t length;
	uint32_t user_flags;
	uint64_t app_version;
	int64_t applied;
	struct span number;
	struct entry after;
};

/**
 * struct judge - who looks at an operation
 * @store: where it ran
 * @op: the operation
 * @txn: the transaction that it is part of, or NULL
 * @loose: operations that ran in any order around it
 * @entering: entries that the transaction has made before it
 * @floor: what it changes has a version above this
 * @version: the version that it must have, if that is known
 * @unsure: it could have been absent as well
 * @before: what its key held, all 0 for nothing
 * @out: what it must answer
 * @complaint: what was wrong
 */
struct judge {
	struct model_store *store;
	struct op *op;
	const struct txn *txn;
	unsigned int loose;
	unsigned int entering;
	uint64_t floor;
	uint64_t version;
	bool unsure;
	struct entry before;
	struct outcome out;
	struct complaint complaint;
};

/* Fills @judge->out. */
void judge_expect(struct judge *judge, const uint8_t *value);
void judge_expect_count(struct judge *judge);

/* For both of them: */

/* A reason to refuse it. Of several any may be told. */
static inline void judge_refuse(struct judge *judge, int status)
{
	if (!judge->out.status || judge->op->result.status == status)
		judge->out.status = status;
}

/* It answers what the entry is afterwards. */
void judge_describe(struct judge *judge);

/* It makes an entry, or has done so where there was one. */
void judge_enter(struct judge *judge);

/* Does the store have as many entries as it may? */
enum verdict judge_is_full(const struct judge *judge);

/* Refuses it where it makes an entry and the store has no place for it. */
void judge_check_room(struct judge *judge);

/**
 * judge_match() - was that answered?
 * @judge: with an outcome
 * @value: the value that was there
 *
 * Return: whether; else @judge->complaint says why not.
 */
bool judge_match(struct judge *judge, const uint8_t *value);

bool judge_same(struct judge *judge, const char *what, int64_t is,
		int64_t must);
bool judge_within(struct judge *judge, const char *what, int64_t is,
		  struct span must);

/**
 * judge_op() - look at an operation on one key
 * @judge: with all but @before, @out and @complaint
 *
 * Return: whether it was answered rightly; then judge_apply() may follow.
 */
bool judge_op(struct judge *judge);

/* The model follows. */
void judge_apply(struct judge *judge);

#endif /* KVS_STRESS_JUDGE_H */
