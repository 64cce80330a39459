/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's short names for what the C library has no name for.
 */
#ifndef KVS_TOOL_COMPILER_H
#define KVS_TOOL_COMPILER_H

#define __printf(a, b) __attribute((format(printf, a, b)))
#define __noreturn __attribute((noreturn))

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

#endif /* KVS_TOOL_COMPILER_H */
