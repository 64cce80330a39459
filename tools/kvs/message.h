/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is said on stderr, and with which status the program ends.
 */
#ifndef KVS_TOOL_MESSAGE_H
#define KVS_TOOL_MESSAGE_H

#include <stddef.h>

#include "compiler.h"

/**
 * enum status - exit status, the same for every command
 * @STATUS_DONE: done
 * @STATUS_REFUSED: the key is not there, or a precondition failed
 * @STATUS_USAGE: the command line is wrong; nothing was asked of the store
 * @STATUS_FAILED: anything else
 */
enum status {
	STATUS_DONE = 0,
	STATUS_REFUSED = 1,
	STATUS_USAGE = 2,
	STATUS_FAILED = 3,
};

/* One line on stderr: "kvs: ...". */
__printf(1, 2) void message(const char *format, ...);

/* The same, and the program ends. */
__noreturn __printf(2, 3) void die(enum status status, const char *format, ...);

__noreturn void die_no_memory(void);

/**
 * key_name() - a key as it can be shown in a message
 * @key: its bytes
 * @len: how many
 *
 * Return: the key in the escapes of the load format, cut where it is long;
 *	valid until the next call.
 */
const char *key_name(const void *key, size_t len);

#endif /* KVS_TOOL_MESSAGE_H */
