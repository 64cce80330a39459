// SPDX-License-Identifier: GPL-2.0-only
/*
 * stdin as one value.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "input.h"
#include "message.h"

#define FIRST_SIZE (64 << 10)

static char *grow(char *bytes, size_t size)
{
	char *larger = realloc(bytes, size);

	if (!larger)
		die_no_memory();
	return larger;
}

char *input_bytes(size_t most, size_t *len)
{
	size_t size = FIRST_SIZE;
	char *bytes = grow(NULL, size);

	*len = 0;
	for (;;) {
		/* The last byte is the NUL's. */
		*len += fread(bytes + *len, 1, size - 1 - *len, stdin);
		if (ferror(stdin))
			die(STATUS_FAILED, "cannot read stdin: %s",
			    strerror(errno));
		if (*len > most) {
			free(bytes);
			return NULL;
		}
		if (feof(stdin))
			break;
		size *= 2;
		bytes = grow(bytes, size);
	}
	bytes[*len] = '\0';
	return bytes;
}
