/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copies from and to user memory. Those by words are for what is short and on
 * the way of every request: copy_from_user() and copy_to_user() are calls, and
 * look up what object a length that is not constant lies in. Here it is the
 * caller that knows: a struct, or a length that was compared with a constant.
 */
#ifndef _KVS_USERCOPY_H
#define _KVS_USERCOPY_H

#include <linux/build_bug.h>
#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/mm.h>
#include <linux/uaccess.h>

#include "compat/user.h"
#include "words.h"

/**
 * kvs_copy_sized_struct() - read a struct that begins with its own size
 * @dst: where to
 * @known: size of the struct as this kernel knows it
 * @min: size of its first version
 * @src: where from; its first field is a __u32 size
 * @usize: its size as user space knows it, where it is not NULL
 *
 * The first field of @dst is what was read first, whatever user space wrote
 * there meanwhile. Context: may sleep.
 *
 * Return: 0, -EFAULT, -EINVAL if it is shorter than @min, -E2BIG if it is
 * longer than a page or holds something that this kernel does not know.
 */
static inline int kvs_copy_sized_struct(void *dst, size_t known, size_t min,
					const void __user *src, u32 *usize)
{
	u32 size;
	int ret;

	if (get_user(size, (const u32 __user *)src))
		return -EFAULT;
	if (size < min)
		return -EINVAL;
	if (size > PAGE_SIZE)
		return -E2BIG;
	ret = copy_struct_from_user(dst, known, src, size);
	if (ret)
		return ret;
	*(u32 *)dst = size;
	if (usize)
		*usize = size;
	return 0;
}

/**
 * kvs_read_struct() - read a struct by words
 * @to: the struct, aligned to 8
 * @from: where from
 * @size: its size, a constant
 *
 * Return: 0 or -EFAULT; what is at @to then is undefined.
 */
static __always_inline int kvs_read_struct(void *to, const void __user *from,
					   size_t size)
{
	const u64 __user *src = from;
	u64 *dst = to;
	size_t i;
	long err = 0;

	BUILD_BUG_ON(!__builtin_constant_p(size) || size % sizeof(*dst));
	if (!user_read_access_begin(src, size))
		return -EFAULT;
#pragma GCC unroll 10
	for (i = 0; i < size / sizeof(*dst); i++)
		err = kvs_user_word(&dst[i], &src[i], err);
	user_read_access_end();
	return err;
}

/**
 * kvs_write_struct() - write the beginning of a struct by words
 * @to: where to
 * @from: the struct, aligned to 8; NULL: zeroes
 * @size: how much of it, a constant
 *
 * Return: 0 or -EFAULT.
 */
static __always_inline int kvs_write_struct(void __user *to, const void *from,
					    size_t size)
{
	const u64 *src = from;
	u64 __user *dst = to;
	size_t i;

	BUILD_BUG_ON(!__builtin_constant_p(size) || size % sizeof(*dst));
	if (!user_write_access_begin(dst, size))
		return -EFAULT;
#pragma GCC unroll 8
	for (i = 0; i < size / sizeof(*dst); i++)
		unsafe_put_user(src ? src[i] : 0, &dst[i], fault);
	user_write_access_end();
	return 0;
fault:
	user_write_access_end();
	return -EFAULT;
}

/**
 * kvs_ring_read() - read a struct that user space may write at any time
 * @to: the struct, aligned to 8
 * @from: where from: memory of a ring
 * @size: its size, a constant
 *
 * Each word is read once.
 */
static __always_inline void kvs_ring_read(void *to, const void *from,
					  size_t size)
{
	const u64 *src = from;
	u64 *dst = to;
	size_t i;

	BUILD_BUG_ON(!__builtin_constant_p(size) || size % sizeof(*dst));
	for (i = 0; i < size / sizeof(*dst); i++)
		dst[i] = READ_ONCE(src[i]);
}

/**
 * kvs_read_bytes() - read some bytes by words
 * @to: where to, aligned to 8
 * @from: where from
 * @len: how many: no more than fit, which the caller has made sure of
 * @span: bytes at @from that must not be the kernel's: @len, or a constant that
 *	is not less, which is cheaper and may refuse what lies at the very end of
 *	user memory
 *
 * Return: 0 or -EFAULT.
 */
static __always_inline int kvs_read_bytes(void *to, const void __user *from,
					  u32 len, u32 span)
{
	const u64 __user *src = from;
	u64 *dst = to;
	long err = 0;
	u8 byte;

	if (!user_read_access_begin(src, span))
		return len ? -EFAULT : 0;
#define kvs_get_word(to, from) (err = kvs_user_word(to, from, err))
	kvs_move_words(kvs_get_word, dst, src, len);
#undef kvs_get_word
	while (unlikely(len--)) {
		unsafe_get_user(byte, (const u8 __user *)src + len, fault);
		((u8 *)dst)[len] = byte;
	}
	user_read_access_end();
	return err;
fault:
	user_read_access_end();
	return -EFAULT;
}

/**
 * kvs_write_bytes() - write some bytes by words
 * @to: where to
 * @from: what may change meanwhile
 * @len: how many of them there are at least, which the caller has made sure of
 * @span: as of kvs_read_bytes()
 *
 * Return: 0 or -EFAULT.
 */
static __always_inline int kvs_write_bytes(void __user *to, const void *from,
					   u32 len, u32 span)
{
	const u64 *src = from;
	u64 __user *dst = to;

	if (!user_write_access_begin(dst, span))
		return len ? -EFAULT : 0;
#define kvs_put_word(to, from) unsafe_put_user(READ_ONCE(*(from)), to, fault)
	kvs_move_words(kvs_put_word, dst, src, len);
#undef kvs_put_word
	while (unlikely(len--))
		unsafe_put_user(READ_ONCE(((const u8 *)src)[len]),
				(u8 __user *)dst + len, fault);
	user_write_access_end();
	return 0;
fault:
	user_write_access_end();
	return -EFAULT;
}

#endif /* _KVS_USERCOPY_H */
