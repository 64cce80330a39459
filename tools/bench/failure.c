// SPDX-License-Identifier: GPL-2.0-only
/*
 * The end of a benchmark: see failure.h.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "failure.h"

void die(const char *format, ...)
{
	va_list values;

	fflush(stdout);
	fprintf(stderr, "%s: ", program_invocation_short_name);
	va_start(values, format);
	vfprintf(stderr, format, values);
	va_end(values);
	fputc('\n', stderr);
	exit(1);
}

void must(int err, const char *what)
{
	if (err)
		die("%s: %s", what, strerror(-err));
}
