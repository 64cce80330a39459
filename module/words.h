/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Bytes moved by words of 8: blocks of 64, then what is left by its binary digits,
 * so that no length takes a loop of single words.
 */
#ifndef _KVS_WORDS_H
#define _KVS_WORDS_H

#include <linux/types.h>

#define kvs_move_words_2(move, to, from) \
	do {                             \
		move(to, from);          \
		move(to + 1, from + 1);  \
	} while (0)

#define kvs_move_words_4(move, to, from)                      \
	do {                                                  \
		kvs_move_words_2(move, to, from);             \
		kvs_move_words_2(move, (to + 2), (from + 2)); \
	} while (0)

#define kvs_move_words_8(move, to, from)                      \
	do {                                                  \
		kvs_move_words_4(move, to, from);             \
		kvs_move_words_4(move, (to + 4), (from + 4)); \
	} while (0)

/*
 * kvs_move_words() - move all whole words
 * @move: move(to, from) moves one
 * @to: a variable, pointer to u64; afterwards where the rest goes
 * @from: a variable, pointer to u64; afterwards where the rest is
 * @len: bytes, a variable; afterwards what is left, less than a word
 */
#define kvs_move_words(move, to, from, len)               \
	do {                                              \
		for (; len >= 64; len -= 64) {            \
			kvs_move_words_8(move, to, from); \
			to += 8;                          \
			from += 8;                        \
		}                                         \
		if (likely(!len))                         \
			break;                            \
		if (len & 32) {                           \
			kvs_move_words_4(move, to, from); \
			to += 4;                          \
			from += 4;                        \
		}                                         \
		if (len & 16) {                           \
			kvs_move_words_2(move, to, from); \
			to += 2;                          \
			from += 2;                        \
		}                                         \
		if (len & 8)                              \
			move(to++, from++);               \
		len &= 7;                                 \
	} while (0)

#endif /* _KVS_WORDS_H */
