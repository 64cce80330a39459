// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory is charged to the memory cgroup of the caller. At the limit of the
 * group a write is ENOMEM, and nobody is killed for it.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <kselftest_harness.h>

#include "control.h"
#include "door.h"
#include "figures.h"
#include "file.h"
#include "request.h"
#include "size.h"

#define MOUNT "/tmp/kvs-cgroup"
#define GROUP MOUNT "/kvs"
#define LIMIT (12 << 20)
#define KEYS_MOST 100000

/* What the member of the group says when it is done. */
struct report {
	int stored;
	int ret; /* of the first PUT that failed */
	int again; /* of a PUT after a DELETE */
	int wrong;
	bool full; /* it waits at the limit for the parent's look */
	bool looked;
};

FIXTURE(memory)
{
	struct report *report;
	int fd;
};

FIXTURE_VARIANT(memory)
{
	enum door_kind kind;
	unsigned int how;
	size_t len;
};

/* clang-format off */
FIXTURE_VARIANT_ADD(memory, small) {
	.kind = DOOR_IOCTL_REQ, .len = 200,
};

FIXTURE_VARIANT_ADD(memory, pages) {
	.kind = DOOR_IOCTL_REQ, .len = 6000,
};

FIXTURE_VARIANT_ADD(memory, large) {
	.kind = DOOR_IOCTL_REQ, .len = 65536,
};

FIXTURE_VARIANT_ADD(memory, large_uring) {
	.kind = DOOR_URING_REQ, .len = 65536,
};

FIXTURE_VARIANT_ADD(memory, large_uring_async) {
	.kind = DOOR_URING_REQ, .how = DOOR_ASYNC, .len = 65536,
};

FIXTURE_VARIANT_ADD(memory, large_uring_sqpoll) {
	.kind = DOOR_URING_VEC, .how = DOOR_SQPOLL, .len = 65536,
};

/* clang-format on */

static long long group_current(void)
{
	char text[64];

	if (figures_read_file(GROUP "/memory.current", text, 64) <= 0)
		return -1;
	return atoll(text);
}

/* A line of memory.events, or -1. */
static long long group_event(const char *name)
{
	char text[512], want[32], *line;

	snprintf(want, sizeof(want), "\n%s ", name);
	text[0] = '\n';
	if (figures_read_file(GROUP "/memory.events", text + 1, 511) <= 0)
		return -1;
	line = strstr(text, want);
	return line ? atoll(line + strlen(want)) : -1;
}

static int make_group(void)
{
	char limit[32];
	int ret;

	mkdir(MOUNT, 0700);
	if (mount("kvs", MOUNT, "cgroup2", 0, NULL) && errno != EBUSY)
		return -errno;
	ret = write_file(MOUNT "/cgroup.subtree_control", "+memory");
	if (ret)
		return ret;
	if (mkdir(GROUP, 0700) && errno != EEXIST)
		return -errno;
	snprintf(limit, sizeof(limit), "%d", LIMIT);
	return write_file(GROUP "/memory.max", limit);
}

FIXTURE_SETUP(memory)
{
	ASSERT_EQ(0, make_group());
	self->report = mmap(NULL, sizeof(*self->report), PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, self->report);
	self->fd = control_open_default(O_RDWR);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(memory)
{
	close(self->fd);
	/* A worker of a ring may be in the group for a moment yet */
	for (int tries = 100; rmdir(GROUP) && tries; tries--)
		usleep(20000);
	umount(MOUNT);
}

static struct kvs_req numbered(__u16 verb, int number)
{
	char key[32];
	int len = snprintf(key, sizeof(key), "memory.%d", number);

	return req_key(verb, key, len);
}

static int put(struct door *door, int number, const char *value, size_t len)
{
	struct kvs_req req = numbered(KVS_PUT, number);
	struct kvs_res res;

	req.value = addr_of(value);
	req.value_len = len;
	return door_do(door, req, &res);
}

/* Room for one more value comes with a grace period. */
static int put_with_patience(struct door *door, const char *value, size_t len)
{
	int tries = 100;
	int ret;

	while ((ret = put(door, KEYS_MOST, value, len)) == -ENOMEM && tries--)
		usleep(50000);
	return ret;
}

/* Opening a file would take memory that there is none of here. */
static void wait_for_a_look(struct report *report)
{
	__atomic_store_n(&report->full, true, __ATOMIC_RELEASE);
	while (!__atomic_load_n(&report->looked, __ATOMIC_ACQUIRE))
		usleep(1000);
}

/*
 * In the group: whatever this touches was touched before, since at the limit a
 * page fault of its own would end it.
 */
static void fill_to_the_limit(struct door *door, struct report *report,
			      const char *value, size_t len)
{
	struct kvs_res res;
	int i;

	while (report->stored < KEYS_MOST) {
		report->ret = put(door, report->stored, value, len);
		if (report->ret)
			break;
		report->stored++;
	}
	wait_for_a_look(report);
	/* Reading and deleting need no memory */
	for (i = 0; i < report->stored; i++)
		report->wrong |= door_do(door, numbered(KVS_GET, i), &res);
	for (i = 0; i < report->stored / 2; i++)
		report->wrong |= door_do(door, numbered(KVS_DELETE, i), &res);
	report->again = put_with_patience(door, value, len);
}

/*
 * The workers of a ring are threads of the member, whose kernel stacks the
 * group is charged for, and io_uring lets those wake the OOM killer: so there is
 * one, which the first PUT makes, and it stays.
 */
static void member_main(struct _test_data_memory *self, enum door_kind kind,
			unsigned int how, size_t len)
{
	static char value[65536];
	struct door door;

	if (write_file(GROUP "/cgroup.procs", "0") ||
	    mlockall(MCL_CURRENT | MCL_FUTURE) ||
	    door_attach(&door, kind, how, self->fd) || door_one_worker(&door))
		_exit(1);
	fill_to_the_limit(&door, self->report, value, len);
	_exit(0);
}

static bool has_ended(pid_t pid)
{
	siginfo_t info = { .si_pid = 0 };

	return waitid(P_PID, pid, &info, WEXITED | WNOHANG | WNOWAIT) ||
	       info.si_pid;
}

/* What the group is charged when its member says that it is full. */
static long long look(struct report *report, pid_t pid)
{
	long long current;

	while (!__atomic_load_n(&report->full, __ATOMIC_ACQUIRE) &&
	       !has_ended(pid))
		usleep(1000);
	current = group_current();
	__atomic_store_n(&report->looked, true, __ATOMIC_RELEASE);
	return current;
}

static void clear(int fd, int stored)
{
	int i;

	for (i = 0; i <= stored; i++)
		control_request(fd, numbered(KVS_DELETE, i));
	control_request(fd, numbered(KVS_DELETE, KEYS_MOST));
}

TEST_F(memory, charged_to_the_caller)
{
	struct report *report = self->report;
	long long refused = figures_sysfs("rejected_memory");
	long long current;
	int status, tries;
	pid_t pid;

	pid = fork();
	if (!pid)
		member_main(self, variant->kind, variant->how, variant->len);
	current = look(report, pid);
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, status);
	EXPECT_EQ(-ENOMEM, report->ret);
	EXPECT_EQ(0, report->wrong);
	EXPECT_EQ(0, report->again);
	EXPECT_LT(LIMIT / 2, current);
	EXPECT_LT(LIMIT / kvs_test_size("MEMORY_PARTS"),
		  report->stored * (long long)variant->len);
	EXPECT_LT(refused, figures_sysfs("rejected_memory"));
	EXPECT_EQ(0, group_event("oom"));
	EXPECT_EQ(0, group_event("oom_kill"));
	EXPECT_LT(0, group_event("max"));

	/* Somebody else is not at the limit of that group */
	EXPECT_EQ(0, control_request(self->fd, req_put_str("memory.0", "v")));
	clear(self->fd, report->stored);
	for (tries = 200; group_current() > LIMIT / 4 && tries; tries--)
		usleep(50000);
	EXPECT_GT(LIMIT / 4, group_current());
}

TEST_HARNESS_MAIN
