// SPDX-License-Identifier: GPL-2.0-only
/*
 * What people write by hand: a hash table in memory that processes share, under
 * a lock that they share. It has no rights and no limits, and a process that
 * dies in it leaves it locked.
 */
#include <pthread.h>
#include <sys/mman.h>

#include "failure.h"
#include "row.h"

/**
 * struct table - what lies in the shared memory
 * @rwlock: for some of the rows
 * @mutex: for the others
 * @mask: number of slots, a power of two, less one
 * @stride: bytes of a slot
 * @slots: from the one that a hash names, the first with the key has it
 */
struct table {
	pthread_rwlock_t rwlock;
	pthread_mutex_t mutex;
	uint64_t mask;
	size_t stride;
	char slots[] __attribute((aligned(64)));
};

/**
 * struct slot - a place for an entry
 * @used: whether there is one
 * @key: its key
 * @value: its value
 */
struct slot {
	uint64_t used;
	char key[KEY_SIZE];
	char value[];
};

static struct table *table;

/* Both halves of the key in one multiplication, and of that both halves */
static uint64_t hash(const char *key)
{
	__extension__ unsigned __int128 product;
	uint64_t half[2];

	memcpy(half, key, sizeof(half));
	product = half[0] ^ 0x2545f4914f6cdd1dull;
	product *= half[1] ^ 0x9e3779b97f4a7c15ull;
	return product ^ (product >> 64);
}

/* The slot of this key, or the free one for it */
static struct slot *slot_of(const char *key)
{
	uint64_t at = hash(key);
	struct slot *slot;

	for (;; at++) {
		slot = (struct slot *)(table->slots +
				       (at & table->mask) * table->stride);
		if (!slot->used || !memcmp(slot->key, key, KEY_SIZE))
			return slot;
	}
}

static void fill(void)
{
	struct slot *slot;
	uint32_t key;

	for (key = 0; key < deck.shape->entries; key++) {
		slot = slot_of(deck_key(key));
		slot->used = 1;
		memcpy(slot->key, deck_key(key), KEY_SIZE);
		memcpy(slot->value, deck_fill(0, key), deck.shape->value_size);
	}
}

static void locks_init(void)
{
	pthread_rwlockattr_t rwlock;
	pthread_mutexattr_t mutex;

	pthread_rwlockattr_init(&rwlock);
	pthread_rwlockattr_setpshared(&rwlock, PTHREAD_PROCESS_SHARED);
	pthread_mutexattr_init(&mutex);
	pthread_mutexattr_setpshared(&mutex, PTHREAD_PROCESS_SHARED);
	if (pthread_rwlock_init(&table->rwlock, &rwlock) ||
	    pthread_mutex_init(&table->mutex, &mutex))
		die("no locks that processes share");
}

/* Half of the slots stay free, or more. */
static void table_open(void)
{
	size_t stride = sizeof(struct slot) + deck.shape->value_size;
	uint64_t slots = 1;

	while (slots < 2ull * deck.shape->entries)
		slots *= 2;
	table = mmap(NULL, sizeof(*table) + slots * stride,
		     PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (table == MAP_FAILED)
		die("memory to share: %m");
	table->mask = slots - 1;
	table->stride = stride;
	locks_init();
	fill();
}

static unsigned int copy(uint32_t key)
{
	const struct slot *slot = slot_of(deck_key(key));

	if (!slot->used)
		return deck_has(key);
	memcpy(deck_value(0), slot->value, deck.shape->value_size);
	return !deck_has(key);
}

static unsigned int get_rwlock(const uint32_t *keys)
{
	unsigned int wrong;

	if (pthread_rwlock_rdlock(&table->rwlock))
		return 1;
	wrong = copy(*keys);
	pthread_rwlock_unlock(&table->rwlock);
	return wrong;
}

static unsigned int get_mutex(const uint32_t *keys)
{
	unsigned int wrong;

	if (pthread_mutex_lock(&table->mutex))
		return 1;
	wrong = copy(*keys);
	pthread_mutex_unlock(&table->mutex);
	return wrong;
}

#define SOME (SHAPE_PLAIN | SHAPE_SIZES | SHAPE_MANY | SHAPE_MISSES)

static const struct row rows[] = {
	{ "shm_rwlock_get", get_rwlock, .shapes = SOME, .reads = true,
	  .tail = true },
	{ "shm_mutex_get", get_mutex, .shapes = SHAPE_PLAIN | SHAPE_MANY,
	  .reads = true, .tail = true },
	{ 0 }
};

const struct subject shm_subject = {
	.name = "shm",
	.open = table_open,
	.rows = rows,
};
