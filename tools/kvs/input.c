// SPDX-License-Identifier: GPL-2.0-only
/*
 * A value of the command line or of stdin.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <kvs.h>

#include "args.h"
#include "input.h"
#include "key.h"
#include "message.h"
#include "store.h"

#define FIRST_SIZE (64 << 10)

int input_open(const char *operand, const char **name)
{
	int fd;

	if (!strcmp(operand, "-")) {
		*name = "stdin";
		return STDIN_FILENO;
	}
	*name = operand;
	fd = open(operand, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		die(STATUS_FAILED, "cannot open %s: %s", operand,
		    strerror(errno));
	return fd;
}

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

char *input_value(const struct args *args, struct kvs *kvs,
		  const struct key *key, size_t *len)
{
	const char *operand = args->operands[1];
	struct kvs_store_info info;
	char *bytes;

	if (!strcmp(operand, "-")) {
		store_info(args, kvs, &info);
		bytes = input_bytes(info.max_value, len);
		if (!bytes)
			exit(key_failed(key, -EFBIG));
		return bytes;
	}

	bytes = strdup(operand);
	if (!bytes)
		die_no_memory();
	*len = strlen(bytes);
	return bytes;
}
