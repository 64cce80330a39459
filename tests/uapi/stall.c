// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/userfaultfd.h>

#include "stall.h"

#define PAGE 4096UL
#define PATIENCE_MS 20000

static char *map(size_t size)
{
	char *base = mmap(NULL, size, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return base == MAP_FAILED ? NULL : base;
}

static int stall_register(struct stall *stall)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register range = {
		.range.start = (unsigned long)stall->base,
		.range.len = stall->size,
		.mode = UFFDIO_REGISTER_MODE_MISSING,
	};

	if (ioctl(stall->uffd, UFFDIO_API, &api) ||
	    ioctl(stall->uffd, UFFDIO_REGISTER, &range))
		return -errno;
	return 0;
}

int stall_open(struct stall *stall, size_t size)
{
	int ret = -ENOMEM;

	stall->size = (size + PAGE - 1) & ~(PAGE - 1);
	stall->base = map(stall->size);
	stall->shadow = map(stall->size);
	stall->uffd = syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK);
	if (stall->uffd < 0)
		ret = -errno;
	else if (stall->base && stall->shadow)
		ret = stall_register(stall);
	if (ret)
		stall_close(stall);
	return ret;
}

void stall_close(struct stall *stall)
{
	close(stall->uffd);
	munmap(stall->base, stall->size);
	munmap(stall->shadow, stall->size);
}

bool stall_wait(struct stall *stall, unsigned int count)
{
	struct pollfd fd = { .fd = stall->uffd, .events = POLLIN };
	struct uffd_msg message;

	while (count) {
		if (poll(&fd, 1, PATIENCE_MS) != 1)
			return false;
		if (read(fd.fd, &message, sizeof(message)) == sizeof(message))
			count--;
	}
	return true;
}

/* A page that is there already ends the copying, and stays as it is. */
void stall_end(struct stall *stall)
{
	struct uffdio_copy copy;
	size_t at = 0;

	while (at < stall->size) {
		copy = (struct uffdio_copy){
			.dst = (unsigned long)stall->base + at,
			.src = (unsigned long)stall->shadow + at,
			.len = stall->size - at,
		};
		if (!ioctl(stall->uffd, UFFDIO_COPY, &copy))
			return;
		at += copy.copy > 0 ? (size_t)copy.copy : PAGE;
	}
}
