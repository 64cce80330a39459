// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is said on stderr.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "escape.h"
#include "message.h"

#define LONGEST_NAME 80

static void say(const char *format, va_list values)
{
	fputs("kvs: ", stderr);
	vfprintf(stderr, format, values);
	fputc('\n', stderr);
}

void message(const char *format, ...)
{
	va_list values;

	va_start(values, format);
	say(format, values);
	va_end(values);
}

void die(enum status status, const char *format, ...)
{
	va_list values;

	va_start(values, format);
	say(format, values);
	va_end(values);
	exit(status);
}

void die_no_memory(void)
{
	die(STATUS_FAILED, "no memory for this program");
}

const char *key_name(const void *key, size_t len)
{
	static char name[LONGEST_NAME];

	escape(name, sizeof(name), key, len);
	return name;
}
