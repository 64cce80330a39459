// SPDX-License-Identifier: GPL-2.0-only
/* Extended attributes of one file on tmpfs: a name for each key. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "failure.h"
#include "row.h"
#include "tmpfs.h"

#define FILE_NAME TMPFS "kvs-bench-xattr"
#define PREFIX_MAX 16

static int file;
static char name[PREFIX_MAX + KEY_SIZE + 1];
static size_t prefix_len;

static const char *named(uint32_t key)
{
	tmpfs_name(name + prefix_len, key);
	return name;
}

static int set(uint32_t key)
{
	return fsetxattr(file, named(key), deck_fill(0, key),
			 deck.shape->value_size, XATTR_CREATE);
}

static int set_first(const char *prefix)
{
	prefix_len = snprintf(name, sizeof(name), "%s", prefix);
	return set(0);
}

/* Attributes that users may set, if tmpfs has them */
static void choose_prefix(void)
{
	if (set_first("user.") && set_first("trusted."))
		die("no attributes on tmpfs: %m");
}

static void xattr_open(void)
{
	uint32_t key;

	file = open(FILE_NAME, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (file < 0)
		die("%s: %m", FILE_NAME);
	choose_prefix();
	for (key = 1; key < deck.shape->entries; key++)
		if (set(key))
			die("set an attribute: %m");
}

static void xattr_close(void)
{
	unlink(FILE_NAME);
}

static unsigned int get(const uint32_t *keys)
{
	const ssize_t size = deck.shape->value_size;

	return fgetxattr(file, named(*keys), deck_value(0), size) != size;
}

static const struct row rows[] = { { "getxattr", get, .shapes = SHAPE_PLAIN,
				     .reads = true },
				   { 0 } };

const struct subject xattr_subject = {
	.name = "xattr",
	.open = xattr_open,
	.close = xattr_close,
	.rows = rows,
};
