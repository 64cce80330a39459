// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's key service: keys of type `user`, read by their serial number, or
 * looked for by description and then read. They are in the keyring of the
 * process itself: whether it possesses a key, which is asked each time, is found
 * out soonest there.
 */
#include <linux/keyctl.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "failure.h"
#include "row.h"

static int32_t *serials;

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
	for (key = 0; key < deck.shape->entries; key++) {
		serials[key] = syscall(SYS_add_key, "user", described(key),
				       deck_fill(0, key),
				       deck.shape->value_size,
				       KEY_SPEC_PROCESS_KEYRING);
		if (serials[key] < 0)
			die("add a key: %m");
	}
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
	return read_serial(syscall(SYS_keyctl, KEYCTL_SEARCH,
				   KEY_SPEC_PROCESS_KEYRING, "user",
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
