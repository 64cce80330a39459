/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _KVS_USERCOPY_H
#define _KVS_USERCOPY_H

#include <linux/errno.h>
#include <linux/mm.h>
#include <linux/uaccess.h>

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

#endif /* _KVS_USERCOPY_H */
