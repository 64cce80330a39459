/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A plain request: without flags but that for a full result, its key in it. It is
 * read once, by words, into a local whose address nobody takes, so that the key is
 * hashed and compared in registers.
 */
#ifndef _KVS_PLAIN_H
#define _KVS_PLAIN_H

#include <asm/byteorder.h>
#include <linux/bits.h>
#include <linux/build_bug.h>
#include <linux/compiler.h>
#include <linux/kvs.h>
#include <linux/stddef.h>
#include <linux/types.h>
#include <linux/uaccess.h>

#include "compat/user.h"
#include "entry.h"
#include "hash.h"

/* What results of requests are plain: a constant, so that it costs nothing. */
enum kvs_plain_results {
	KVS_PLAIN_SHORT,
	KVS_PLAIN_EITHER,
};

/**
 * struct kvs_plain - a plain request
 * @verb: kvs_req.verb
 * @last: length of the key less 1: below KVS_INLINE_KEY
 * @hash: of the key
 * @key0: the first bytes of the key
 * @key1: the next; like those that follow zeroed beyond the key's end
 * @key2: the next
 * @key3: the last
 * @value: kvs_req.value, or .operand
 * @value_len: kvs_req.value_len
 * @user_flags: kvs_req.user_flags
 * @full: %KVS_F_FULL_RESULT or 0
 * @result: kvs_req.result
 */
struct kvs_plain {
	u32 verb;
	u32 last;
	u32 hash;
	u64 key0;
	u64 key1;
	u64 key2;
	u64 key3;
	u64 value;
	u32 value_len;
	u32 user_flags;
	u32 full;
	u64 result;
};

/* Words of a request that hold several fields. */
union kvs_plain_head {
	u64 word;
	struct {
		u16 verb;
		u16 key_len;
		u32 flags;
	};
};

union kvs_plain_sizes {
	u64 word;
	struct {
		u32 value_len;
		u32 user_flags;
	};
};

static_assert(offsetof(struct kvs_req, key_len) == 2 &&
	      offsetof(struct kvs_req, flags) == 4);
static_assert(offsetof(struct kvs_req, user_flags) ==
	      offsetof(struct kvs_req, value_len) + 4);

/* Of user memory, or of a copy. */
static __always_inline long kvs_plain_word(u64 *to, const void *from, size_t at,
					   bool user, long err)
{
	const u64 *word = from + at;

	if (user)
		return kvs_user_word(to, (const u64 __force __user *)word, err);
	*to = *word;
	return err;
}

static __always_inline long kvs_plain_key(struct kvs_plain *plain,
					  const void *from, bool user, long err)
{
	const size_t at = offsetof(struct kvs_req, key);

	plain->key1 = 0;
	plain->key2 = 0;
	plain->key3 = 0;
	err = kvs_plain_word(&plain->key0, from, at, user, err);
	if (plain->last >= 8)
		err = kvs_plain_word(&plain->key1, from, at + 8, user, err);
	if (plain->last >= 16)
		err = kvs_plain_word(&plain->key2, from, at + 16, user, err);
	if (plain->last >= 24)
		err = kvs_plain_word(&plain->key3, from, at + 24, user, err);
	return err;
}

/* Bytes that the key takes in an entry. */
static __always_inline u32 kvs_plain_padded(const struct kvs_plain *plain)
{
	return (plain->last & ~7U) + 8;
}

/* Return: flags that are not plain. */
static __always_inline u32 kvs_plain_flags(struct kvs_plain *plain, u32 flags,
					   enum kvs_plain_results results)
{
	plain->full = flags & KVS_F_FULL_RESULT;
	if (results == KVS_PLAIN_SHORT)
		plain->full = 0;
	return flags ^ plain->full;
}

/* Return: 0; else it cannot be read, or has what needs a flag, or a flag. */
static __always_inline u64 kvs_plain_words(struct kvs_plain *plain,
					   const void *from, bool user,
					   enum kvs_plain_results results)
{
	union kvs_plain_sizes sizes;
	union kvs_plain_head head;
	u64 ttl, cond;
	long err;

	err = kvs_plain_word(&head.word, from, 0, user, 0);
	plain->verb = head.verb;
	plain->last = head.key_len - 1U;
	err = kvs_plain_key(plain, from, user, err);
	err = kvs_plain_word(&plain->value, from,
			     offsetof(struct kvs_req, value), user, err);
	err = kvs_plain_word(&sizes.word, from,
			     offsetof(struct kvs_req, value_len), user, err);
	err = kvs_plain_word(&ttl, from, offsetof(struct kvs_req, ttl), user,
			     err);
	err = kvs_plain_word(&cond, from, offsetof(struct kvs_req, cond), user,
			     err);
	err = kvs_plain_word(&plain->result, from,
			     offsetof(struct kvs_req, result), user, err);
	plain->value_len = sizes.value_len;
	plain->user_flags = sizes.user_flags;
	return ttl | cond | kvs_plain_flags(plain, head.flags, results) | err;
}

/* What follows the key in its last word says nothing. */
static __always_inline void kvs_plain_trim(struct kvs_plain *plain)
{
	unsigned int rest = plain->last % 8;
	u64 mask;

	if (likely(rest == 7))
		return;
	mask = (u64 __force)cpu_to_le64(GENMASK_ULL(rest * 8 + 7, 0));
	if (plain->last >= 24)
		plain->key3 &= mask;
	else if (plain->last >= 16)
		plain->key2 &= mask;
	else if (plain->last >= 8)
		plain->key1 &= mask;
	else
		plain->key0 &= mask;
}

static __always_inline u64 kvs_plain_cpu(u64 word)
{
	return le64_to_cpu((__le64 __force)word);
}

/* As kvs_table_key() does. */
static __always_inline void kvs_plain_hash(struct kvs_plain *plain)
{
	struct kvs_hash_state state;

	kvs_hash_begin(&state, plain->last);
	kvs_hash_stir(&state, kvs_plain_cpu(plain->key0));
	if (plain->last >= 8)
		kvs_hash_stir(&state, kvs_plain_cpu(plain->key1));
	if (plain->last >= 16)
		kvs_hash_stir(&state, kvs_plain_cpu(plain->key2));
	if (plain->last >= 24)
		kvs_hash_stir(&state, kvs_plain_cpu(plain->key3));
	plain->hash = kvs_hash_end(&state);
}

/**
 * kvs_plain_read() - read a request; its hash is not computed
 * @plain: what it says
 * @from: in user memory, or a copy
 * @user: which of both
 * @results: what results it may want
 *
 * Context: may sleep if @user.
 *
 * Return: false if it is not plain, or cannot be read: what is in @plain then is
 * undefined.
 */
static __always_inline bool kvs_plain_read(struct kvs_plain *plain,
					   const void *from, bool user,
					   enum kvs_plain_results results)
{
	u64 odd;

	if (user)
		might_fault();
	if (user && !user_read_access_begin((const void __force __user *)from,
					    sizeof(struct kvs_req)))
		return false;
	odd = kvs_plain_words(plain, from, user, results);
	if (user)
		user_read_access_end();
	if (unlikely(odd || plain->last >= KVS_INLINE_KEY))
		return false;
	kvs_plain_trim(plain);
	return true;
}

/* Has an entry this key? For kvs_table_search(). */
static __always_inline bool kvs_plain_is(const void *want,
					 const struct kvs_entry *entry)
{
	const struct kvs_plain *plain = want;
	const u64 *key = (const u64 *)entry->data;

	return entry->hash == plain->hash &&
	       (READ_ONCE(entry->shape) & KVS_SHAPE_KEY_LEN) == plain->last &&
	       key[0] == plain->key0 &&
	       (plain->last < 8 ||
		(key[1] == plain->key1 &&
		 (plain->last < 16 ||
		  (key[2] == plain->key2 &&
		   (plain->last < 24 || key[3] == plain->key3)))));
}

#endif /* _KVS_PLAIN_H */
