// SPDX-License-Identifier: GPL-2.0-only
/*
 * Loading and unloading modules without the help of kmod.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "init.h"

int module_load(const char *path, const char *options)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int ret;

	if (fd < 0)
		return -errno;
	ret = syscall(SYS_finit_module, fd, options ? options : "", 0);
	if (ret)
		ret = -errno;
	close(fd);
	return ret;
}

/*
 * O_NONBLOCK: a module in use is an error, not a reason to wait for ever. But
 * io_uring puts its files a while after the process that had them has ended:
 * only what is still in use after that is held by somebody.
 */
int module_unload(const char *name)
{
	const struct timespec pause = { .tv_nsec = 100 * 1000 * 1000 };
	int tries = 100;

	while (syscall(SYS_delete_module, name, O_NONBLOCK)) {
		if (errno != EAGAIN || !--tries)
			return -errno;
		nanosleep(&pause, NULL);
	}
	return 0;
}
