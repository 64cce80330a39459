// SPDX-License-Identifier: GPL-2.0-only
/*
 * Load, use and unload, over and over, while others open the device whenever it
 * is there. What the kernel's memory holds is compared over many cycles.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#include "control.h"
#include "memory.h"
#include "module_fixture.h"
#include "request.h"
#include "size.h"

#define OPENERS 2
#define ROUNDS 4

struct openers {
	pthread_t threads[OPENERS];
	atomic_bool stop;
	atomic_long opened;
	atomic_long missed;
	atomic_int error; /* the first that should not have been */
};

static char large[100000];

static int use_one(int fd, unsigned int seed)
{
	char key[32];
	int ret;

	snprintf(key, sizeof(key), "cycle.%u", seed % 100);
	ret = control_request(fd, req_put(key, large, seed % sizeof(large)));
	return ret ?: control_request(fd, req_add_create("cycle.count", 1));
}

/* Once it is open the module stays, and everything works. */
static int open_and_use(unsigned int seed)
{
	struct kvs_bind bind;
	int fd, ret, i;

	fd = control_open(O_RDWR);
	if (fd < 0)
		return fd;
	ret = control_bind(fd, "", &bind);
	for (i = 0; i < 2 && !ret; i++)
		ret = use_one(fd, seed + i);
	close(fd);
	return ret ? -EBADMSG : 0;
}

static void *opener_run(void *arg)
{
	struct openers *openers = arg;
	unsigned int seed = gettid();
	int ret;

	while (!openers->stop) {
		ret = open_and_use(rand_r(&seed));
		if (!ret)
			openers->opened++;
		else if (ret == -ENOENT || ret == -ENODEV || ret == -ENXIO)
			openers->missed++;
		else
			openers->error = ret;
		usleep(rand_r(&seed) % 10000);
	}
	return NULL;
}

static void openers_start(struct __test_metadata *_metadata,
			  struct openers *openers)
{
	int i;

	openers->stop = false;
	for (i = 0; i < OPENERS; i++)
		ASSERT_EQ(0, pthread_create(&openers->threads[i], NULL,
					    opener_run, openers));
}

static void openers_join(struct openers *openers)
{
	int i;

	openers->stop = true;
	for (i = 0; i < OPENERS; i++)
		pthread_join(openers->threads[i], NULL);
}

/* Until somebody used it, but not for ever. */
static void wait_for_use(struct openers *openers)
{
	long before = openers->opened;
	int ms;

	for (ms = 0; ms < 1000 && openers->opened == before; ms++)
		usleep(1000);
}

static void cycle(struct __test_metadata *_metadata, struct openers *openers,
		  const char *params)
{
	ASSERT_EQ(0, module_load(params));
	wait_for_use(openers);
	ASSERT_EQ(0, module_unload_soon());
	ASSERT_EQ(NULL, module_remains());
}

TEST_F(module, cycles)
{
	const long cycles = kvs_test_size("UNLOAD_CYCLES") / ROUNDS;
	static struct memory memory[ROUNDS];
	struct openers openers = {};
	long round, i;

	ASSERT_EQ(0, module_unload_soon());
	for (round = 0; round < ROUNDS; round++) {
		openers_start(_metadata, &openers);
		for (i = 0; i < cycles; i++)
			cycle(_metadata, &openers, self->params);
		openers_join(&openers);
		memory_read(&memory[round]);
	}
	printf("# %ld cycles, opened %ld times, missed %ld times\n",
	       ROUNDS * cycles, openers.opened, openers.missed);
	EXPECT_EQ(0, openers.error);
	EXPECT_LT(cycles, openers.opened);
	EXPECT_FALSE(memory_grows(memory, ROUNDS, cycles));
	EXPECT_EQ(0, module_load(self->params));
}

TEST_HARNESS_MAIN
