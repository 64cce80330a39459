// SPDX-License-Identifier: GPL-2.0-only
/*
 * The escapes of the load format.
 */
#include <stdio.h>
#include <string.h>

#include "escape.h"
#include "output.h"

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* Reads the escape behind a backslash; how many bytes it takes, 0: none. */
static size_t unescape_one(const char *text, size_t len, char *byte)
{
	if (!len)
		return 0;

	switch (text[0]) {
	case 't':
		*byte = '\t';
		return 1;
	case 'n':
		*byte = '\n';
		return 1;
	case '\\':
		*byte = '\\';
		return 1;
	case 'x':
		if (len < 3 || hex_digit(text[1]) < 0 || hex_digit(text[2]) < 0)
			return 0;
		*byte = (char)(hex_digit(text[1]) << 4 | hex_digit(text[2]));
		return 3;
	default:
		return 0;
	}
}

bool unescape(char *text, size_t *len)
{
	char *in = memchr(text, '\\', *len);
	const char *end = text + *len;
	char *out = in;

	if (!in)
		return true;

	while (in < end) {
		size_t taken;

		if (*in != '\\') {
			*out++ = *in++;
			continue;
		}
		in++;
		taken = unescape_one(in, end - in, out);
		if (!taken)
			return false;
		in += taken;
		out++;
	}

	*len = out - text;
	return true;
}

static bool is_plain(unsigned char byte)
{
	return byte >= ' ' && byte < 0x7f && byte != '\\';
}

static size_t escape_one(char out[5], unsigned char byte)
{
	switch (byte) {
	case '\t':
		return sprintf(out, "\\t");
	case '\n':
		return sprintf(out, "\\n");
	case '\\':
		return sprintf(out, "\\\\");
	default:
		if (is_plain(byte))
			return sprintf(out, "%c", byte);
		return sprintf(out, "\\x%02x", byte);
	}
}

void escape(char *out, size_t size, const void *bytes, size_t len)
{
	static const char more[] = "...";
	const unsigned char *in = bytes;
	size_t used = 0;
	size_t i;

	for (i = 0; i < len; i++) {
		char text[5];
		size_t n = escape_one(text, in[i]);

		if (used + n + sizeof(more) > size) {
			memcpy(out + used, more, sizeof(more));
			return;
		}
		memcpy(out + used, text, n);
		used += n;
	}
	out[used] = '\0';
}

void escape_print(const void *bytes, size_t len)
{
	const unsigned char *in = bytes;
	const unsigned char *end = in + len;
	char text[5];

	while (in < end) {
		const unsigned char *plain = in;

		while (in < end && is_plain(*in))
			in++;
		output_bytes(plain, in - plain, false);
		if (in < end)
			output_bytes(text, escape_one(text, *in++), false);
	}
}
