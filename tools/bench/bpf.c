// SPDX-License-Identifier: GPL-2.0-only
/*
 * BPF maps through bpf(2): a hash map, and an array that is mapped. What libbpf
 * does around the system call is left out.
 */
#include <errno.h>
#include <linux/bpf.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "failure.h"
#include "row.h"

/*
 * Bytes up to the end of the last field that is used: the kernel has to look at
 * no more.
 */
#define ELEM_SIZE 32
#define BATCH_SIZE 56

static union bpf_attr elem, insertion, deletion;
static union bpf_attr batch;
static char batch_keys[BATCH][KEY_SIZE];
static uint32_t cursor;

static int bpf(int command, union bpf_attr *attr, unsigned int size)
{
	return syscall(SYS_bpf, command, attr, size);
}

static int map_make(const union bpf_attr *what)
{
	union bpf_attr attr = *what;
	int fd = bpf(BPF_MAP_CREATE, &attr, sizeof(attr));

	if (fd < 0)
		die("make a BPF map: %m");
	return fd;
}

static unsigned int update(const uint32_t *keys)
{
	elem.key = (uintptr_t)deck_key(*keys);
	deck_fill(0, *keys);
	return bpf(BPF_MAP_UPDATE_ELEM, &elem, ELEM_SIZE) != 0;
}

static unsigned int insert(const uint32_t *keys)
{
	insertion.key = (uintptr_t)deck_key(*keys);
	deck_fill(0, *keys);
	return bpf(BPF_MAP_UPDATE_ELEM, &insertion, ELEM_SIZE) != 0;
}

static unsigned int erase(const uint32_t *keys)
{
	deletion.key = (uintptr_t)deck_key(*keys);
	return bpf(BPF_MAP_DELETE_ELEM, &deletion, ELEM_SIZE) != 0;
}

static unsigned int lookup(const uint32_t *keys)
{
	elem.key = (uintptr_t)deck_key(*keys);
	return bpf(BPF_MAP_LOOKUP_ELEM, &elem, ELEM_SIZE) != 0;
}

static unsigned int miss(const uint32_t *keys)
{
	elem.key = (uintptr_t)deck_key(*keys);
	return bpf(BPF_MAP_LOOKUP_ELEM, &elem, ELEM_SIZE) != -1 ||
	       errno != ENOENT;
}

static unsigned int lookup_some(const uint32_t *keys)
{
	return deck_has(*keys) ? lookup(keys) : miss(keys);
}

/* Whether a value stands beside the key that it belongs to. */
static bool pair_matches(unsigned int i)
{
	const char *value = (char *)(uintptr_t)batch.batch.values;
	uint64_t tag;
	uint32_t key;

	memcpy(&tag, value + i * deck.shape->value_size, sizeof(tag));
	key = deck_untag(tag);
	return deck_has(key) && !memcmp(batch_keys[i], deck_key(key), KEY_SIZE);
}

/*
 * Every entry once, as a batch of a BPF map is the next so many in its own
 * order: keys cannot be named.
 */
static unsigned int lookup_batch(const uint32_t *keys __attribute((unused)))
{
	unsigned int seen = 0, wrong = 0;
	unsigned int i;
	int ret;

	batch.batch.in_batch = 0;
	do {
		batch.batch.count = BATCH;
		ret = bpf(BPF_MAP_LOOKUP_BATCH, &batch, BATCH_SIZE);
		if (ret && errno != ENOENT)
			return 1;
		for (i = 0; i < batch.batch.count; i++)
			wrong += !pair_matches(i);
		seen += batch.batch.count;
		batch.batch.in_batch = (uintptr_t)&cursor;
	} while (!ret);
	return wrong + (seen != deck.shape->entries);
}

static void hash_open(void)
{
	const union bpf_attr hash = {
		.map_type = BPF_MAP_TYPE_HASH,
		.key_size = KEY_SIZE,
		.value_size = deck.shape->value_size,
		.max_entries = deck.shape->entries + ABSENT,
	};
	uint32_t key;

	elem.map_fd = map_make(&hash);
	elem.value = (uintptr_t)deck_value(0);
	/* Takes no value, not even one that it leaves alone. */
	deletion.map_fd = elem.map_fd;
	insertion = elem;
	insertion.flags = BPF_NOEXIST;
	for (key = 0; key < deck.shape->entries; key++)
		if (insert(&key))
			die("fill a BPF map: %m");
	batch.batch.map_fd = elem.map_fd;
	batch.batch.keys = (uintptr_t)batch_keys;
	batch.batch.values = (uintptr_t)deck_value(0);
	batch.batch.out_batch = (uintptr_t)&cursor;
}

#define SOME (SHAPE_PLAIN | SHAPE_SIZES)

static const struct row hash_rows[] = {
	{ "bpf_lookup", lookup, .shapes = SOME | SHAPE_MANY, .reads = true,
	  .least = 1500, .tail = true },
	{ "bpf_lookup", lookup_some, .shapes = SHAPE_MISSES, .reads = true },
	{ "bpf_update", update, .shapes = SOME | SHAPE_MANY, .tail = true },
	{ "bpf_insert", insert, .undo = erase, .draw = DRAW_ONCE,
	  .shapes = SHAPE_PLAIN },
	{ "bpf_delete", erase, .undo = insert, .draw = DRAW_ONCE,
	  .undo_first = true, .shapes = SHAPE_PLAIN },
	{ "bpf_miss", miss, .draw = DRAW_ABSENT, .shapes = SHAPE_PLAIN },
	{ "bpf_lookup_batch", lookup_batch, .per = ENTRIES,
	  .shapes = SHAPE_PLAIN },
	{ 0 }
};

const struct subject bpf_subject = {
	.name = "bpf",
	.open = hash_open,
	.rows = hash_rows,
};

static const char *array;
static size_t array_stride;

static unsigned int array_load(const uint32_t *keys)
{
	const atomic_ulong *word =
		(const atomic_ulong *)(array + *keys * array_stride);
	uint64_t value = atomic_load_explicit(word, memory_order_relaxed);

	memcpy(deck_value(0), &value, sizeof(value));
	return 0;
}

static void array_open(void)
{
	const union bpf_attr attr = {
		.map_type = BPF_MAP_TYPE_ARRAY,
		.key_size = sizeof(uint32_t),
		.value_size = deck.shape->value_size,
		.max_entries = deck.shape->entries,
		.map_flags = BPF_F_MMAPABLE,
	};
	size_t page = sysconf(_SC_PAGESIZE);
	size_t bytes;
	char *memory;
	uint32_t key;

	array_stride = deck.shape->value_size;
	bytes = (array_stride * deck.shape->entries + page - 1) / page * page;
	memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED,
		      map_make(&attr), 0);
	if (memory == MAP_FAILED)
		die("map a BPF array: %m");
	for (key = 0; key < deck.shape->entries; key++)
		memcpy(memory + key * array_stride, deck_fill(0, key),
		       array_stride);
	array = memory;
}

static const struct row array_rows[] = {
	{ "bpf_array_load", array_load, .shapes = SHAPE_PLAIN, .reads = true },
	{ 0 }
};

const struct subject bpf_array_subject = {
	.name = "bpf_array",
	.open = array_open,
	.rows = array_rows,
};
