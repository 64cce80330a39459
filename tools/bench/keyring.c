// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's key service: keys of type `user` in a keyring, read by their
 * serial number, or looked for by description and then read.
 */
#include <linux/keyctl.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "failure.h"
#include "row.h"

static int32_t ring;
static int32_t *serials;

static int32_t key_add(const char *type, const char *name, const void *value,
		       size_t size, int32_t to)
{
	int32_t serial = syscall(SYS_add_key, type, name, value, size, to);

	if (serial < 0)
		die("add a key: %m");
	return serial;
}

/* Descriptions end with a zero. */
static const char *described(uint32_t key)
{
	static char name[KEY_SIZE + 1];

	return memcpy(name, deck_key(key), KEY_SIZE);
}

static void keyring_open(void)
{
	uint32_t key;

	serials = malloc(deck.shape->entries * sizeof(*serials));
	if (!serials)
		die("no memory for keys");
	ring = key_add("keyring", "kvs-bench", NULL, 0,
		       KEY_SPEC_PROCESS_KEYRING);
	for (key = 0; key < deck.shape->entries; key++)
		serials[key] = key_add("user", described(key),
				       deck_fill(0, key),
				       deck.shape->value_size, ring);
}

static unsigned int read_serial(int32_t serial)
{
	const unsigned int size = deck.shape->value_size;

	return syscall(SYS_keyctl, KEYCTL_READ, serial, deck_value(0), size) !=
	       size;
}

static unsigned int read_key(const uint32_t *keys)
{
	return read_serial(serials[*keys]);
}

static unsigned int search(const uint32_t *keys)
{
	return read_serial(syscall(SYS_keyctl, KEYCTL_SEARCH, ring, "user",
				   described(*keys), 0));
}

static const struct row rows[] = {
	{ "keyctl_read", read_key, .shapes = SHAPE_PLAIN, .reads = true,
	  .tail = true },
	{ "keyctl_search", search, .shapes = SHAPE_PLAIN, .reads = true },
	{ 0 }
};

const struct subject keyring_subject = {
	.name = "keyring",
	.open = keyring_open,
	.rows = rows,
};
