// SPDX-License-Identifier: GPL-2.0-only
/*
 * Limits: what can cost nothing less. A call of the module that it does not
 * know, through each of its doors, is all that a request can hope for.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/kvs.h>
#include <stdatomic.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "failure.h"
#include "ring.h"
#include "row.h"

#define UNKNOWN _IO(KVS_IOC_MAGIC, 0xff)

static int device;
static pid_t parent;
static struct io_uring ring;
static atomic_ulong *shared;
static const char *source;

static void limits_open(void)
{
	device = open("/dev/kvs", O_RDWR | O_CLOEXEC);
	if (device < 0)
		die("/dev/kvs: %m");
	ring_open(&ring, 0, device);
	shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		die("memory to share: %m");
	source = deck_value(1);
}

/* Whoever makes the calls has to ask. */
static void remember_parent(void)
{
	parent = getppid();
}

static unsigned int process_id(const uint32_t *keys __attribute((unused)))
{
	return getppid() != parent;
}

static unsigned int null_ioctl(const uint32_t *keys __attribute((unused)))
{
	return ioctl(device, UNKNOWN) != -1 || errno != ENOTTY;
}

static unsigned int null_uring(const uint32_t *keys __attribute((unused)))
{
	unsigned int i;

	for (i = 0; i < BATCH; i++)
		ring_command(&ring, UNKNOWN);
	return ring_run(&ring, BATCH, -ENOTTY);
}

static unsigned int nop(const uint32_t *keys __attribute((unused)))
{
	unsigned int i;

	for (i = 0; i < BATCH; i++)
		io_uring_prep_nop(io_uring_get_sqe(&ring));
	return ring_run(&ring, BATCH, 0);
}

static unsigned int atomic_add(const uint32_t *keys __attribute((unused)))
{
	return !(atomic_fetch_add(shared, 1) + 1);
}

static unsigned int load(const uint32_t *keys __attribute((unused)))
{
	return atomic_load_explicit(shared + 1, memory_order_relaxed) != 0;
}

static unsigned int copy(const uint32_t *keys)
{
	deck_fill(1, *keys);
	memcpy(deck_value(0), source, deck.shape->value_size);
	return 0;
}

static const struct row rows[] = {
	{ "null_ioctl", null_ioctl, .shapes = SHAPE_PLAIN, .tail = true },
	{ "null_uring32", null_uring, .per = BATCH, .shapes = SHAPE_PLAIN },
	{ "uring_nop32", nop, .per = BATCH, .shapes = SHAPE_PLAIN },
	{ "getppid", process_id, .prepare = remember_parent,
	  .shapes = SHAPE_PLAIN, .tail = true },
	{ "raw_atomic_add", atomic_add, .shapes = SHAPE_PLAIN },
	{ "raw_load", load, .shapes = SHAPE_PLAIN },
	{ "memcpy", copy, .shapes = SHAPE_PLAIN | SHAPE_SIZES, .reads = true },
	{ 0 }
};

const struct subject limits_subject = {
	.name = "limits",
	.open = limits_open,
	.rows = rows,
};
