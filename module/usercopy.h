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
 * Context: may sleep.
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
	might_fault();
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
	might_fault();
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

/* For kvs_read_bytes(): a word that is not there is told at the end. */
static __always_inline bool kvs_move_in(void *to, const void *from, bool word,
					long *err)
{
	const u8 __user *byte = (const u8 __force __user *)from;

	if (word)
		*err = kvs_user_word(to, (const u64 __user *)byte, *err);
	else
		unsafe_get_user(*(u8 *)to, byte, fault);
	return false;
fault:
	*err = -EFAULT;
	return true;
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
	long err = 0;

	if (!user_read_access_begin(from, span))
		return len ? -EFAULT : 0;
	kvs_move(kvs_move_in, to, (const void __force *)from, len, &err);
	user_read_access_end();
	return err;
}

/* For kvs_write_bytes(): stops at once. */
static __always_inline bool kvs_move_out(void *to, const void *from, bool word,
					 long *unused)
{
	u8 __user *byte = (u8 __force __user *)to;

	if (word)
		unsafe_put_user(READ_ONCE(*(const u64 *)from),
				(u64 __user *)byte, fault);
	else
		unsafe_put_user(READ_ONCE(*(const u8 *)from), byte, fault);
	return false;
fault:
	return true;
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
	bool stopped;

	if (!user_write_access_begin(to, span))
		return len ? -EFAULT : 0;
	stopped = kvs_move(kvs_move_out, (void __force *)to, from, len, NULL);
	user_write_access_end();
	return stopped ? -EFAULT : 0;
}

#endif /* _KVS_USERCOPY_H */
