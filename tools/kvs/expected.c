// SPDX-License-Identifier: GPL-2.0-only
/*
 * The value of --if-eq.
 */
#include <string.h>

#include <kvs.h>

#include "args.h"
#include "expected.h"

void expected_read(const struct args *args, const char *text, bool counter,
		   struct expected *expected)
{
	if (counter) {
		expected->number = args_s64(args, "--if-eq", text);
		expected->bytes = &expected->number;
		expected->len = sizeof(expected->number);
		return;
	}
	expected->bytes = text;
	expected->len = strlen(text);
	if (expected->len > KVS_EXPECT_MAX)
		args_die(args,
			 "--if-eq compares at most %d bytes: use --if-version",
			 KVS_EXPECT_MAX);
}
