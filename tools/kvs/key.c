// SPDX-License-Identifier: GPL-2.0-only
/*
 * The key that a command works on.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "args.h"
#include "failure.h"
#include "key.h"

#define LONGEST_TEXT 512

struct key key_operand(const struct args *args)
{
	struct key key = {
		.bytes = args->operands[0],
		.len = strlen(args->operands[0]),
	};

	if (!key.len)
		args_die(args, "the key is empty");
	return key;
}

enum status key_failed(const struct key *key, int error)
{
	message("%s: %s", key_name(key->bytes, key->len), failure_text(error));
	return failure_status(error);
}

void key_message(const struct key *key, const char *format, ...)
{
	char text[LONGEST_TEXT];
	va_list values;

	va_start(values, format);
	vsnprintf(text, sizeof(text), format, values);
	va_end(values);
	message("%s: %s", key_name(key->bytes, key->len), text);
}

enum status key_stale(const struct key *key, uint64_t wanted, uint64_t present)
{
	key_message(key, "its version is %llu, not %llu: read it again",
		    (unsigned long long)present, (unsigned long long)wanted);
	return STATUS_REFUSED;
}

enum status key_differs(const struct key *key, uint64_t version)
{
	key_message(key, "its value is another, of version %llu: read it again",
		    (unsigned long long)version);
	return STATUS_REFUSED;
}

enum status key_counter_failed(const struct key *key, int error)
{
	if (error != -ENOENT)
		return key_failed(key, error);
	key_message(key, "not found: use --create to make it");
	return STATUS_REFUSED;
}
