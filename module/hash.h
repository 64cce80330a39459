/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * SipHash-1-3 of a key, in line and by words, but for the length: that stands in
 * the start, and not in a last word, which would cost most keys a round more. No
 * two keys of different lengths begin alike.
 */
#ifndef _KVS_HASH_H
#define _KVS_HASH_H

#include <asm/byteorder.h>
#include <linux/compiler.h>
#include <linux/siphash.h>
#include <linux/types.h>

/**
 * struct kvs_hash_state - the four words that SipHash stirs
 * @v0: the first
 * @v1: the second
 * @v2: the third
 * @v3: the fourth
 */
struct kvs_hash_state {
	u64 v0;
	u64 v1;
	u64 v2;
	u64 v3;
};

/* The secret of this module load with the constants of SipHash in it. */
extern struct kvs_hash_state kvs_hash_start;

static inline void kvs_hash_set_secret(struct kvs_hash_state *state,
				       const siphash_key_t *secret)
{
	state->v0 = SIPHASH_CONST_0 ^ secret->key[0];
	state->v1 = SIPHASH_CONST_1 ^ secret->key[1];
	state->v2 = SIPHASH_CONST_2 ^ secret->key[0];
	state->v3 = SIPHASH_CONST_3 ^ secret->key[1];
}

static __always_inline void kvs_hash_begin(struct kvs_hash_state *state,
					   unsigned int last)
{
	*state = kvs_hash_start;
	state->v1 ^= last;
}

static __always_inline void kvs_hash_stir(struct kvs_hash_state *state,
					  u64 word)
{
	state->v3 ^= word;
	SIPHASH_PERMUTATION(state->v0, state->v1, state->v2, state->v3);
	state->v0 ^= word;
}

static __always_inline u32 kvs_hash_end(struct kvs_hash_state *state)
{
	/* Else some of it is computed on each way that leads here, and again. */
	OPTIMIZER_HIDE_VAR(state->v0);
	OPTIMIZER_HIDE_VAR(state->v1);
	OPTIMIZER_HIDE_VAR(state->v2);
	OPTIMIZER_HIDE_VAR(state->v3);
	state->v2 ^= 0xff;
	SIPHASH_PERMUTATION(state->v0, state->v1, state->v2, state->v3);
	SIPHASH_PERMUTATION(state->v0, state->v1, state->v2, state->v3);
	SIPHASH_PERMUTATION(state->v0, state->v1, state->v2, state->v3);
	return (state->v0 ^ state->v1) ^ (state->v2 ^ state->v3);
}

/**
 * kvs_hash() - hash some bytes
 * @bytes: aligned to 8, and padded with zeroes to 8
 * @len: how many, without the padding
 *
 * Return: 32 bits.
 */
static __always_inline u32 kvs_hash(const u8 *bytes, unsigned int len)
{
	struct kvs_hash_state state;
	unsigned int at;

	kvs_hash_begin(&state, len - 1);
	for (at = 0; at < len; at += sizeof(__le64))
		kvs_hash_stir(&state, le64_to_cpup((const __le64 *)&bytes[at]));
	return kvs_hash_end(&state);
}

#endif /* _KVS_HASH_H */
