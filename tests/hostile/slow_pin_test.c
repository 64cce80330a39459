// SPDX-License-Identifier: GPL-2.0-only
/*
 * Requests that are stuck for good: they end with their process, and what they
 * hold meanwhile is charged but slows nobody down.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <kselftest_harness.h>

#include "control.h"
#include "door.h"
#include "figures.h"
#include "request.h"
#include "size.h"
#include "stall.h"

#define MIB (1UL << 20)

/* Above what may wait for grace periods before writers wait too. */
#define PINS 36

#define KEY "pin.key"

static char value[MIB], buffer[MIB];

static long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static const char *pin_key(int i)
{
	static char key[32];

	snprintf(key, sizeof(key), "pin.%d", i);
	return key;
}

FIXTURE(pin)
{
	int fd;
	struct figures figures;
	struct stall stall;
	pthread_t readers[PINS];
};

FIXTURE_SETUP(pin)
{
	self->fd = control_open_default(O_RDWR);
	ASSERT_LE(0, self->fd);
	self->figures = figures_now();
}

FIXTURE_TEARDOWN(pin)
{
	EXPECT_TRUE(figures_return(&self->figures));
	close(self->fd);
}

struct reader {
	int fd;
	struct kvs_req req;
};

static void *reader_run(void *arg)
{
	struct reader *reader = arg;

	return (void *)(long)control_request(reader->fd, reader->req);
}

/* Each reader holds an entry of its own, which is then removed. */
static void pin_all(struct __test_metadata *_metadata,
		    struct _test_data_pin *self, struct reader *readers)
{
	int i;

	for (i = 0; i < PINS; i++) {
		ASSERT_EQ(0, control_request(self->fd,
					     req_put(pin_key(i), value, MIB)));
		readers[i].fd = self->fd;
		readers[i].req =
			req_get(pin_key(i), self->stall.base + i * MIB, MIB);
		ASSERT_EQ(0, pthread_create(&self->readers[i], NULL, reader_run,
					    &readers[i]));
	}
	ASSERT_TRUE(stall_wait(&self->stall, PINS));
	for (i = 0; i < PINS; i++)
		ASSERT_EQ(0, control_request(self->fd, req_delete(pin_key(i))));
}

/* Small ones and large ones come and go, as if nothing was held. */
static void write_on(struct __test_metadata *_metadata,
		     struct _test_data_pin *self)
{
	const long writes = kvs_test_size("PIN_WRITES");
	long start = now_ms();
	long i;

	for (i = 0; i < writes; i++) {
		ASSERT_EQ(0, control_request(self->fd, req_put_str(KEY, "s")));
		ASSERT_EQ(0, control_request(self->fd,
					     req_put(KEY, value, 10000)));
		ASSERT_EQ(0, control_request(self->fd, req_delete(KEY)));
	}
	/* One that waits for room waits for seconds */
	EXPECT_GT(3000 + 20 * writes, now_ms() - start);
}

TEST_F(pin, many_readers)
{
	struct reader readers[PINS];
	void *ret;
	int i;

	ASSERT_EQ(0, stall_open(&self->stall, PINS * MIB));
	pin_all(_metadata, self, readers);
	EXPECT_EQ(self->figures.entries, figure("entries"));
	EXPECT_LE(self->figures.bytes + PINS * MIB, figure("bytes"));
	EXPECT_TRUE(figures_settle());
	write_on(_metadata, self);
	EXPECT_LE(self->figures.bytes + PINS * MIB, figure("bytes"));
	stall_end(&self->stall);
	for (i = 0; i < PINS; i++) {
		EXPECT_EQ(0, pthread_join(self->readers[i], &ret));
		EXPECT_EQ(0, (long)ret);
		EXPECT_EQ(0, memcmp(self->stall.base + i * MIB, value, MIB));
	}
	stall_close(&self->stall);
}

struct victim {
	enum door_kind kind;
	unsigned int how;
	struct kvs_req req;
};

/* Says by a byte that it is stuck; nobody will ever help it. */
static void victim_run(struct victim *victim, int report)
{
	struct door door;
	struct stall stall;
	pid_t watcher;

	if (door_open(&door, victim->kind, victim->how) ||
	    stall_open(&stall, MIB))
		_exit(1);
	victim->req.value = addr_of(stall.base);
	watcher = fork();
	if (!watcher) {
		if (stall_wait(&stall, 1) && write(report, "s", 1) == 1)
			pause();
		_exit(1);
	}
	door_send(&door, &victim->req);
	_exit(1);
}

/* How long it takes from the signal to the end. */
static long kill_victim(struct __test_metadata *_metadata,
			struct victim *victim)
{
	int report[2], status;
	char byte;
	long start;
	pid_t pid;

	ASSERT_EQ(0, pipe(report));
	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid) {
		setpgid(0, 0);
		victim_run(victim, report[1]);
	}
	close(report[1]);
	EXPECT_EQ(1, read(report[0], &byte, 1));
	close(report[0]);
	EXPECT_EQ(0, waitpid(pid, &status, WNOHANG));
	start = now_ms();
	/* Its watcher too: it holds the descriptor */
	kill(-pid, SIGKILL);
	EXPECT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_TRUE(WIFSIGNALED(status));
	return now_ms() - start;
}

static void check_kill(struct __test_metadata *_metadata,
		       struct _test_data_pin *self, struct kvs_req req)
{
	struct victim victims[] = {
		{ DOOR_IOCTL_REQ, 0, req },
		{ DOOR_IOCTL_VEC, DOOR_CROWD, req },
		{ DOOR_URING_REQ, 0, req },
		{ DOOR_URING_REQ, DOOR_ASYNC, req },
		{ DOOR_URING_VEC, DOOR_SQPOLL, req },
	};
	size_t i;

	for (i = 0; i < sizeof(victims) / sizeof(victims[0]); i++) {
		ASSERT_EQ(0,
			  control_request(self->fd, req_put(KEY, value, MIB)));
		EXPECT_GT(5000, kill_victim(_metadata, &victims[i]))
		{
			TH_LOG("victim %zu", i);
		}
		EXPECT_EQ(0, control_request(self->fd, req_delete(KEY)));
		EXPECT_TRUE(figures_return(&self->figures));
	}
}

TEST_F(pin, killed_reader)
{
	struct kvs_res res;

	check_kill(_metadata, self,
		   req_result(req_get(KEY, buffer, MIB), &res));
}

TEST_F(pin, killed_writer)
{
	struct kvs_res res;

	check_kill(_metadata, self,
		   req_result(req_put(KEY, buffer, MIB), &res));
}

TEST_F(pin, killed_small_writer)
{
	struct kvs_res res;

	check_kill(_metadata, self, req_result(req_put(KEY, buffer, 99), &res));
}

TEST_HARNESS_MAIN
