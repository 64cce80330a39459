/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The key that a command works on, and what is said about it.
 */
#ifndef KVS_TOOL_KEY_H
#define KVS_TOOL_KEY_H

#include <stddef.h>
#include <stdint.h>

#include "compiler.h"
#include "message.h"

struct args;

/**
 * struct key - a key of the command line
 * @bytes: its bytes, those of the operand
 * @len: how many, at least 1
 */
struct key {
	const char *bytes;
	size_t len;
};

/* The first operand; an empty one ends the program. */
struct key key_operand(const struct args *args);

/* Says that @error ended the request for @key; the status to end with. */
enum status key_failed(const struct key *key, int error);

/* Says that its version is @present and not the @wanted; STATUS_REFUSED. */
enum status key_stale(const struct key *key, uint64_t wanted, uint64_t present);

/* Says that its value is not the one of --if-eq; STATUS_REFUSED. */
enum status key_differs(const struct key *key, uint64_t version);

/* key_failed() for a command that makes no counter unless --create is given. */
enum status key_counter_failed(const struct key *key, int error);

/* One line on stderr about @key. */
__printf(2, 3) void key_message(const struct key *key, const char *format, ...);

#endif /* KVS_TOOL_KEY_H */
