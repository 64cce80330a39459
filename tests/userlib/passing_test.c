// SPDX-License-Identifier: GPL-2.0-only
/* Descriptors that become handles, also in another process. */
#include <errno.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "steps.h"
#include "store_fixture.h"

#define KEY "passing.key"
#define NOBODY 65534

/* The memory of a message that carries one descriptor */
union control {
	struct cmsghdr align;
	char bytes[CMSG_SPACE(sizeof(int))];
};

static void message(struct msghdr *msg, struct iovec *iov,
		    union control *control)
{
	static char byte;

	memset(control, 0, sizeof(*control));
	*iov = (struct iovec){ .iov_base = &byte, .iov_len = 1 };
	*msg = (struct msghdr){
		.msg_iov = iov,
		.msg_iovlen = 1,
		.msg_control = control->bytes,
		.msg_controllen = sizeof(control->bytes),
	};
}

static int send_fd(int sock, int fd)
{
	union control control;
	struct cmsghdr *cmsg;
	struct msghdr msg;
	struct iovec iov;

	message(&msg, &iov, &control);
	cmsg = CMSG_FIRSTHDR(&msg);
	cmsg->cmsg_level = SOL_SOCKET;
	cmsg->cmsg_type = SCM_RIGHTS;
	cmsg->cmsg_len = CMSG_LEN(sizeof(fd));
	memcpy(CMSG_DATA(cmsg), &fd, sizeof(fd));
	return sendmsg(sock, &msg, 0) == 1 ? 0 : -errno;
}

static int receive_fd(int sock)
{
	union control control;
	struct cmsghdr *cmsg;
	struct msghdr msg;
	struct iovec iov;
	int fd;

	message(&msg, &iov, &control);
	if (recvmsg(sock, &msg, 0) != 1)
		return -errno;
	cmsg = CMSG_FIRSTHDR(&msg);
	if (!cmsg)
		return -EBADMSG;
	memcpy(&fd, CMSG_DATA(cmsg), sizeof(fd));
	return fd;
}

/* What a stranger may do with a handle that it got as a present */
static int use_received(int sock)
{
	struct kvs_result res;
	struct kvs *kvs;
	char buf[16];
	int fd, ret;

	if (setresuid(NOBODY, NOBODY, NOBODY))
		return 1;
	fd = receive_fd(sock);
	if (fd < 0)
		return 2;
	ret = kvs_from_fd(fd, &kvs);
	if (ret)
		return 3;
	if (kvs_fd(kvs) != fd || !(fcntl(fd, F_GETFD) & FD_CLOEXEC))
		return 4;
	ret = step_get(kvs, KEY, buf, sizeof(buf), &res);
	if (ret || res.length != 7 || memcmp(buf, "present", 7))
		return 5;
	if (step_put(kvs, KEY, "stolen", NULL) != -EACCES)
		return 6;
	kvs_close(kvs);
	return fcntl(fd, F_GETFD) < 0 ? 0 : 7;
}

TEST_F(store, rights_travel_with_the_descriptor)
{
	struct kvs *narrow;
	int socks[2];
	int status;
	pid_t pid;

	ASSERT_EQ(0, step_put(self->kvs, KEY, "present", NULL));
	ASSERT_EQ(0, kvs_restrict(self->kvs, KVS_MAY_READ, &narrow));
	ASSERT_EQ(0, socketpair(AF_UNIX, SOCK_STREAM, 0, socks));
	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid) {
		kvs_close(narrow);
		_exit(use_received(socks[1]));
	}
	ASSERT_EQ(0, send_fd(socks[0], kvs_fd(narrow)));
	kvs_close(narrow);
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, status)
	{
		TH_LOG("the child failed at step %d", WEXITSTATUS(status));
	}
}

TEST_F(store, handle_of_a_duplicate)
{
	int fd = dup(kvs_fd(self->kvs));
	struct kvs *kvs;

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, fcntl(fd, F_GETFD));
	ASSERT_EQ(0, kvs_from_fd(fd, &kvs));
	EXPECT_EQ(fd, kvs_fd(kvs));
	EXPECT_EQ(FD_CLOEXEC, fcntl(fd, F_GETFD));
	EXPECT_EQ(0, step_put(kvs, KEY, "value", NULL));
	kvs_close(kvs);
	EXPECT_EQ(0, step_put(self->kvs, KEY, "value", NULL));
}

static void expect_refusal(struct __test_metadata *_metadata, int fd, int err)
{
	struct kvs *kvs = (void *)&kvs;

	ASSERT_LE(0, fd);
	EXPECT_EQ(err, kvs_from_fd(fd, &kvs));
	EXPECT_NULL(kvs);
	EXPECT_EQ(0, fcntl(fd, F_GETFD));
	close(fd);
}

TEST(only_bound_descriptors_of_the_device)
{
	struct kvs *kvs;
	int pipes[2];

	EXPECT_EQ(-EBADF, kvs_from_fd(-1, &kvs));
	EXPECT_NULL(kvs);
	expect_refusal(_metadata, open("/dev/null", O_RDWR), -ENOTTY);
	expect_refusal(_metadata, open("/proc/self/stat", O_RDONLY), -ENOTTY);
	expect_refusal(_metadata, open("/tmp", O_RDONLY), -ENOTTY);
	ASSERT_EQ(0, pipe(pipes));
	expect_refusal(_metadata, pipes[0], -ENOTTY);
	expect_refusal(_metadata, pipes[1], -ENOTTY);
	expect_refusal(_metadata, socket(AF_UNIX, SOCK_STREAM, 0), -ENOTTY);
	expect_refusal(_metadata, open("/dev/kvs", O_RDWR), -ENOTCONN);
}

TEST_HARNESS_MAIN
