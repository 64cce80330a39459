/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Bytes moved by words of 8: blocks of 64, then what is left by its binary digits,
 * so that no length takes a loop of single words; then single bytes.
 */
#ifndef _KVS_WORDS_H
#define _KVS_WORDS_H

#include <linux/compiler.h>
#include <linux/types.h>

/*
 * Moves a word, or else a byte; a constant, so that it is inlined. Return: true to
 * stop. What it finds out without stopping is in @err.
 */
typedef bool kvs_move_fn(void *to, const void *from, bool word, long *err);

static __always_inline bool kvs_move_block(kvs_move_fn *move, void *to,
					   const void *from, u32 len, long *err)
{
	u32 at;

#pragma GCC unroll 8
	for (at = 0; at < len; at += sizeof(u64)) {
		if (move(to + at, from + at, true, err))
			return true;
	}
	return false;
}

/* Less than a block. */
static __always_inline bool kvs_move_rest(kvs_move_fn *move, void *to,
					  const void *from, u32 len, long *err)
{
	u32 block;

#pragma GCC unroll 3
	for (block = 32; block >= sizeof(u64); block /= 2) {
		if (!(len & block))
			continue;
		if (kvs_move_block(move, to, from, block, err))
			return true;
		to += block;
		from += block;
	}
	for (len &= 7; len; len--) {
		if (move(to++, from++, false, err))
			return true;
	}
	return false;
}

/**
 * kvs_move() - move some bytes
 * @move: moves one, or a word
 * @to: where to
 * @from: where from
 * @len: how many
 * @err: given to @move
 *
 * Return: true if it was stopped.
 */
static __always_inline bool kvs_move(kvs_move_fn *move, void *to,
				     const void *from, u32 len, long *err)
{
	for (; len >= 64; len -= 64) {
		if (kvs_move_block(move, to, from, 64, err))
			return true;
		to += 64;
		from += 64;
	}
	return unlikely(len) && kvs_move_rest(move, to, from, len, err);
}

#endif /* _KVS_WORDS_H */
