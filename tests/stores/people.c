// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "control.h"
#include "file.h"
#include "people.h"

int people_become(const struct person *who)
{
	if (setgroups(who->group_count, who->groups) ||
	    setresgid(who->gid, who->gid, who->gid) ||
	    setresuid(who->uid, who->uid, who->uid))
		return -errno;
	return 0;
}

static int wait_for(pid_t pid)
{
	int status;

	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return -1;
	return WEXITSTATUS(status);
}

int people_run(const struct person *who, people_fn *fn, void *arg)
{
	pid_t pid = fork();

	if (!pid)
		_exit(people_become(who) ? 99 : fn(arg));
	return wait_for(pid);
}

int people_unshare(const struct person *who)
{
	char map[64];
	int ret;

	if (unshare(CLONE_NEWUSER))
		return -errno;
	ret = write_file("/proc/self/setgroups", "deny");
	snprintf(map, sizeof(map), "0 %u 1", who->uid);
	if (!ret)
		ret = write_file("/proc/self/uid_map", map);
	snprintf(map, sizeof(map), "0 %u 1", who->gid);
	if (!ret)
		ret = write_file("/proc/self/gid_map", map);
	return ret;
}

/* Whose memory was another user's is not dumpable, and its maps are root's. */
static int become_root_of(const struct person *who)
{
	int ret = people_become(who);

	if (ret)
		return ret;
	prctl(PR_SET_DUMPABLE, 1);
	return people_unshare(who);
}

int people_run_root_of(const struct person *who, people_fn *fn, void *arg)
{
	pid_t pid = fork();

	if (!pid)
		_exit(become_root_of(who) ? 99 : fn(arg));
	return wait_for(pid);
}

static int write_map(pid_t pid, const char *file, unsigned int first,
		     unsigned int count)
{
	char path[64], map[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, file);
	snprintf(map, sizeof(map), "0 %u %u", first, count);
	return write_file(path, map);
}

/* Says that it is there, and waits until it is mapped. */
static int become_mapped(const struct person *who, int socket)
{
	char byte = 'x';

	if (people_become(who) || unshare(CLONE_NEWUSER))
		return -errno;
	if (write(socket, &byte, 1) != 1 || read(socket, &byte, 1) != 1)
		return -EPIPE;
	if (setresgid(0, 0, 0) || setresuid(0, 0, 0))
		return -errno;
	return 0;
}

int people_run_mapped(const struct person *who, unsigned int count,
		      people_fn *fn, void *arg)
{
	int sockets[2];
	char byte;
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, sockets))
		return -1;
	pid = fork();
	if (!pid)
		_exit(become_mapped(who, sockets[1]) ? 99 : fn(arg));
	close(sockets[1]);
	if (read(sockets[0], &byte, 1) == 1 &&
	    !write_map(pid, "uid_map", who->uid, count) &&
	    !write_map(pid, "gid_map", who->gid, count) &&
	    write(sockets[0], &byte, 1) != 1)
		perror("socket");
	close(sockets[0]);
	return wait_for(pid);
}

int people_admit(int everybody)
{
	return chmod(KVS_DEVICE, everybody ? 0666 : 0600) ? -errno : 0;
}
