// SPDX-License-Identifier: GPL-2.0-only
/*
 * What JSON needs to carry bytes.
 */
#include <stdint.h>
#include <stdlib.h>

#include "encoding.h"
#include "message.h"

/* Bytes that follow a first byte; -1 where none begins with it. */
static int follow_count(unsigned char first)
{
	if (first < 0x80)
		return 0;
	if (first >= 0xc2 && first <= 0xdf)
		return 1;
	if (first >= 0xe0 && first <= 0xef)
		return 2;
	if (first >= 0xf0 && first <= 0xf4)
		return 3;
	return -1;
}

/* Overlong forms, surrogates and what lies above U+10FFFF. */
static bool is_excluded(unsigned char first, unsigned char second)
{
	switch (first) {
	case 0xe0:
		return second < 0xa0;
	case 0xed:
		return second > 0x9f;
	case 0xf0:
		return second < 0x90;
	case 0xf4:
		return second > 0x8f;
	default:
		return false;
	}
}

bool is_utf8(const void *bytes, size_t len)
{
	const unsigned char *at = bytes;
	const unsigned char *end = at + len;

	while (at < end) {
		int follow = follow_count(*at);
		int i;

		if (follow < 0 || end - at <= follow)
			return false;
		if (follow && is_excluded(at[0], at[1]))
			return false;
		for (i = 1; i <= follow; i++)
			if ((at[i] & 0xc0) != 0x80)
				return false;
		at += follow + 1;
	}
	return true;
}

static const char digits[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

char *base64(const void *bytes, size_t len)
{
	const unsigned char *in = bytes;
	char *text = malloc((len + 2) / 3 * 4 + 1);
	char *out = text;

	if (!text)
		die_no_memory();

	for (; len >= 3; in += 3, len -= 3) {
		*out++ = digits[in[0] >> 2];
		*out++ = digits[(in[0] & 3) << 4 | in[1] >> 4];
		*out++ = digits[(in[1] & 15) << 2 | in[2] >> 6];
		*out++ = digits[in[2] & 63];
	}
	if (len) {
		unsigned char second = len > 1 ? in[1] : 0;

		*out++ = digits[in[0] >> 2];
		*out++ = digits[(in[0] & 3) << 4 | second >> 4];
		*out++ = len > 1 ? digits[(second & 15) << 2] : '=';
		*out++ = '=';
	}
	*out = '\0';
	return text;
}
