// SPDX-License-Identifier: GPL-2.0-only
/*
 * The module's going: not under anybody's feet, and without leaving anything.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <liburing.h>

#include "control.h"
#include "figures.h"
#include "module_fixture.h"
#include "request.h"

/* Only this handle holds it: in use with it, gone without it. */
static void expect_held(struct __test_metadata *_metadata, int fd)
{
	ASSERT_LE(0, fd);
	EXPECT_EQ(-EAGAIN, module_unload());
	EXPECT_EQ(0, control_request(fd, req_put_str("unload.held", "v")));
	EXPECT_EQ(1L, module_refs());
	close(fd);
	EXPECT_EQ(0, module_unload_soon());
	EXPECT_EQ(NULL, module_remains());
}

TEST_F(module, refused_while_open)
{
	int fd = control_open(O_RDWR);

	ASSERT_LE(0, fd);
	EXPECT_EQ(-EAGAIN, module_unload());
	close(fd);
	EXPECT_EQ(0, module_unload_soon());
	EXPECT_EQ(NULL, module_remains());
}

TEST_F(module, refused_while_bound)
{
	expect_held(_metadata, control_open_default(O_RDWR));
}

TEST_F(module, refused_while_restricted)
{
	int fd = control_open_default(O_RDWR);
	int narrow = control_restrict(fd, KVS_RIGHT_READ | KVS_RIGHT_WRITE);

	close(fd);
	expect_held(_metadata, narrow);
}

TEST_F(module, refused_while_duplicated)
{
	int fd = control_open_default(O_RDWR);
	int copy = dup(fd);

	close(fd);
	expect_held(_metadata, copy);
}

/* A descriptor on its way through a socket belongs to no process. */
TEST_F(module, refused_while_passed_on)
{
	char room[CMSG_SPACE(sizeof(int))] = "";
	struct iovec byte = { .iov_base = room, .iov_len = 1 };
	struct msghdr message = {
		.msg_iov = &byte,
		.msg_iovlen = 1,
		.msg_control = room,
		.msg_controllen = sizeof(room),
	};
	struct cmsghdr *head = CMSG_FIRSTHDR(&message);
	int fd = control_open_default(O_RDWR);
	int ends[2];

	ASSERT_EQ(0, socketpair(AF_UNIX, SOCK_DGRAM, 0, ends));
	head->cmsg_level = SOL_SOCKET;
	head->cmsg_type = SCM_RIGHTS;
	head->cmsg_len = CMSG_LEN(sizeof(fd));
	memcpy(CMSG_DATA(head), &fd, sizeof(fd));
	ASSERT_EQ(1, sendmsg(ends[0], &message, 0));
	close(fd);
	EXPECT_EQ(-EAGAIN, module_unload());
	close(ends[0]);
	close(ends[1]);
	EXPECT_EQ(0, module_unload_soon());
	EXPECT_EQ(NULL, module_remains());
}

TEST_F(module, refused_while_registered)
{
	struct io_uring ring;
	int fd;

	ASSERT_EQ(0, io_uring_queue_init(4, &ring, 0));
	fd = control_open_default(O_RDWR);
	ASSERT_EQ(0, io_uring_register_files(&ring, &fd, 1));
	close(fd);
	EXPECT_EQ(-EAGAIN, module_unload());
	io_uring_queue_exit(&ring);
	EXPECT_EQ(0, module_unload_soon());
	EXPECT_EQ(NULL, module_remains());
}

/* What a full store evicts goes on its way out while the module goes. */
TEST_F(module, stores_that_evict)
{
	static char value[4000];
	struct kvs_create create = {
		.size = sizeof(create),
		.set = KVS_SET_POLICY | KVS_SET_MAX_BYTES,
		.policy = KVS_POLICY_EVICT,
		.max_bytes = 1 << 20,
		.store_name = "unload.evicts",
	};
	int fd = control_open(O_RDWR), i;
	struct kvs_bind bind;
	char key[16];

	ASSERT_EQ(0, control_ioctl(fd, KVS_IOC_CREATE, &create));
	ASSERT_EQ(0, control_bind(fd, "unload.evicts", &bind));
	for (i = 0; i < 2000; i++) {
		struct kvs_req req;

		snprintf(key, sizeof(key), "key.%d", i);
		req = req_put(key, value, sizeof(value));
		if (i % 20 == 0)
			req.flags = KVS_F_PINNED;
		ASSERT_EQ(0, control_request(fd, req));
	}
	close(fd);
	EXPECT_EQ(0, module_unload_soon());
	EXPECT_EQ(NULL, module_remains());
}

/* Readers of figures hold nothing: what they read is not there any more. */
TEST_F(module, readers_of_figures)
{
	int attr = open("/sys/class/misc/kvs/stores/0/bytes", O_RDONLY);
	int proc = open("/proc/kvs", O_RDONLY);
	char buf[64];

	ASSERT_LE(0, attr);
	ASSERT_LE(0, proc);
	EXPECT_EQ(0, module_unload_soon());
	EXPECT_EQ(NULL, module_remains());
	EXPECT_EQ(-1, read(attr, buf, sizeof(buf)));
	EXPECT_EQ(ENODEV, errno);
	EXPECT_EQ(-1, read(proc, buf, sizeof(buf)));
	EXPECT_EQ(EIO, errno);
	close(attr);
	close(proc);
}

/* Entries go with it, small ones and large ones. */
TEST_F(module, nothing_survives)
{
	static char value[100000];
	int fd = control_open_default(O_RDWR);

	ASSERT_LE(0, fd);
	EXPECT_EQ(0, control_request(fd, req_put_str("unload.small", "v")));
	EXPECT_EQ(0, control_request(fd, req_put("unload.large", value,
						 sizeof(value))));
	EXPECT_NE(0ULL, figure("entries"));
	close(fd);
	ASSERT_EQ(0, module_unload_soon());
	ASSERT_EQ(0, module_load(self->params));
	EXPECT_EQ(0ULL, figure("entries"));
	EXPECT_EQ(0ULL, figure("bytes"));
	fd = control_open_default(O_RDWR);
	EXPECT_EQ(-ENOENT, control_request(fd, req_get("unload.small", 0, 0)));
	close(fd);
}

static int measure(int fd, bool on)
{
	struct kvs_measure measure = { .size = sizeof(measure), .latency = on };

	return control_ioctl(fd, KVS_IOC_MEASURE, &measure);
}

/* Latencies are measured until it goes; or no more, but the switch is fresh. */
TEST_F(module, while_measuring)
{
	int fd, on;

	for (on = 0; on <= 1; on++) {
		fd = control_open_default(O_RDWR);
		ASSERT_LE(0, fd);
		ASSERT_EQ(0, measure(fd, true));
		EXPECT_EQ(0, control_request(fd, req_put_str("a", "v")));
		if (!on)
			ASSERT_EQ(0, measure(fd, false));
		close(fd);
		ASSERT_EQ(0, module_unload_soon());
		EXPECT_EQ(NULL, module_remains());
		ASSERT_EQ(0, module_load(self->params));
	}
	fd = control_open_default(O_RDWR);
	ASSERT_LE(0, fd);
	EXPECT_EQ(0, control_request(fd, req_put_str("a", "v")));
	close(fd);
}

struct refusal {
	const char *params;
	int error;
	const char *log; /* how what the kernel says of it begins */
};

#define LOG_VALUE "kvs: max_value "
#define LOG_MODE "kvs: mode "
#define LOG_BYTES "kvs: max_bytes "
#define LOG_ENTRIES "kvs: max_entries "
#define LOG_PARAM(value, name) \
	"kvs: `" value "' invalid for parameter `" name "'"

static const struct refusal refusals[] = {
	{ "max_value=7", -EINVAL, LOG_VALUE },
	{ "max_value=16777217", -EINVAL, LOG_VALUE },
	{ "max_bytes=18446744073709551615", -EINVAL, LOG_BYTES },
	{ "max_entries=2147483648", -EINVAL, LOG_ENTRIES },
	{ "mode=01000", -EINVAL, LOG_MODE },
	{ "gid=4294967295", -EINVAL, LOG_MODE },
	{ "max_value=nonsense", -EINVAL, LOG_PARAM("nonsense", "max_value") },
	{ "max_bytes=-1", -EINVAL, LOG_PARAM("-1", "max_bytes") },
	{ "mode=", -EINVAL, LOG_PARAM("", "mode") },
	{ "gid=4294967296", -ERANGE, LOG_PARAM("4294967296", "gid") },
};

/* The load fails, nothing is left of it, and the next one is a good one. */
TEST_F(module, parameters_refused)
{
	const size_t count = sizeof(refusals) / sizeof(refusals[0]);
	const struct refusal *row;

	ASSERT_EQ(0, module_unload_soon());
	for (row = refusals; row < refusals + count; row++) {
		module_expect_log(row->log);
		EXPECT_EQ(row->error, module_load(row->params))
		{
			TH_LOG("with %s", row->params);
		}
		EXPECT_EQ(NULL, module_remains());
	}
	EXPECT_EQ(0, module_load(self->params));
}

/* The least that a store can be, and no more than that. */
TEST_F(module, parameters_obeyed)
{
	int fd;

	ASSERT_EQ(0, module_unload_soon());
	ASSERT_EQ(0, module_load("max_value=8 max_entries=1 mode=0640"));
	fd = control_open_default(O_RDWR);
	ASSERT_LE(0, fd);
	EXPECT_EQ(8ULL, figure("max_value"));
	EXPECT_EQ(1ULL, figure("max_entries"));
	EXPECT_EQ(-EFBIG, control_request(fd, req_put_str("k", "123456789")));
	EXPECT_EQ(0, control_request(fd, req_put_str("k", "12345678")));
	EXPECT_EQ(-ENOSPC, control_request(fd, req_put_str("l", "v")));
	EXPECT_EQ(0, control_request(fd, req_delete("k")));
	EXPECT_EQ(0, control_request(fd, req_put_str("l", "v")));
	close(fd);
}

TEST_HARNESS_MAIN
