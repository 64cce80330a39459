/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A word of user memory, between user_read_access_begin() and
 * user_read_access_end().
 *
 * unsafe_get_user() takes one instruction where the compiler of the kernel has
 * "asm goto" with outputs, and five where it does not, as of Debian's 6.12: it
 * asks after each word whether it came. Here the error is carried along, and
 * asked for once.
 */
#ifndef _KVS_COMPAT_USER_H
#define _KVS_COMPAT_USER_H

#include <linux/uaccess.h>

/*
 * Return: @err, or -EFAULT if there is no such word.
 */
static __always_inline long kvs_user_word(u64 *to, const u64 __user *from,
					  long err)
{
#if defined(CONFIG_X86_64) && !defined(CONFIG_UML) && \
	!defined(CONFIG_CC_HAS_ASM_GOTO_OUTPUT)
	/* clang-format off */
	asm volatile("1:	movq %[from],%[to]\n"
		     "2:\n"
		     _ASM_EXTABLE_TYPE_REG(1b, 2b, EX_TYPE_EFAULT_REG,
					   %[err])
		     : [err] "+r" (err), [to] "=r" (*to)
		     : [from] "m" (*(const u64 __force *)from));
	/* clang-format on */
	return err;
#else
	unsafe_get_user(*to, from, fault);
	return err;
fault:
	return -EFAULT;
#endif
}

#endif /* _KVS_COMPAT_USER_H */
