// SPDX-License-Identifier: GPL-2.0-only
/*
 * tmpfs: a file for each key, read through a descriptor that stays open, or
 * opened, read and closed.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "failure.h"
#include "row.h"
#include "tmpfs.h"

#define DIRECTORY TMPFS "kvs-bench"

static int directory;
static int *fds;

static int file_make(uint32_t key)
{
	const ssize_t size = deck.shape->value_size;
	char name[KEY_SIZE + 1];
	int fd = openat(directory, tmpfs_name(name, key),
			O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	if (fd < 0 || write(fd, deck_fill(0, key), size) != size)
		die("make a file: %m");
	return fd;
}

static void tmpfs_open(void)
{
	const struct rlimit many = { deck.shape->entries + 100,
				     deck.shape->entries + 100 };
	uint32_t key;

	if (setrlimit(RLIMIT_NOFILE, &many))
		die("so many open files: %m");
	if (mkdir(DIRECTORY, 0700) && errno != EEXIST)
		die("%s: %m", DIRECTORY);
	directory = open(DIRECTORY, O_PATH | O_DIRECTORY | O_CLOEXEC);
	fds = malloc(deck.shape->entries * sizeof(*fds));
	if (!fds)
		die("no memory for descriptors");
	for (key = 0; key < deck.shape->entries; key++)
		fds[key] = file_make(key);
}

static void tmpfs_close(void)
{
	char name[KEY_SIZE + 1];
	uint32_t key;

	for (key = 0; key < deck.shape->entries; key++)
		if (unlinkat(directory, tmpfs_name(name, key), 0))
			die("remove a file: %m");
}

static unsigned int open_file(const uint32_t *keys)
{
	const ssize_t size = deck.shape->value_size;

	return pread(fds[*keys], deck_value(0), size, 0) != size;
}

static unsigned int whole(const uint32_t *keys)
{
	const ssize_t size = deck.shape->value_size;
	char name[KEY_SIZE + 1];
	unsigned int wrong;
	int fd;

	fd = openat(directory, tmpfs_name(name, *keys), O_RDONLY);
	wrong = read(fd, deck_value(0), size) != size;
	return wrong + (close(fd) != 0);
}

static const struct row rows[] = {
	{ "tmpfs_pread", open_file, .shapes = SHAPE_PLAIN | SHAPE_SIZES,
	  .reads = true, .least = 900, .tail = true },
	{ "tmpfs_open_read", whole, .shapes = SHAPE_PLAIN, .reads = true },
	{ 0 }
};

const struct subject tmpfs_subject = {
	.name = "tmpfs",
	.open = tmpfs_open,
	.close = tmpfs_close,
	.rows = rows,
};
