// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "control.h"
#include "request.h"

int control_open(int open_flags)
{
	int fd = open(KVS_DEVICE, open_flags | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

int control_open_default(int open_flags)
{
	struct kvs_bind bind;
	int fd, ret;

	fd = control_open(open_flags);
	if (fd < 0)
		return fd;
	ret = control_bind(fd, "", &bind);
	if (ret) {
		close(fd);
		return ret;
	}
	return fd;
}

int control_ioctl(int fd, unsigned int number, void *arg)
{
	int ret = ioctl(fd, number, arg);

	return ret < 0 ? -errno : ret;
}

int control_info(int fd, struct kvs_info *info)
{
	poison(info, sizeof(*info));
	info->size = sizeof(*info);
	info->flags = 0;
	return control_ioctl(fd, KVS_IOC_INFO, info);
}

int control_bind(int fd, const char *name, struct kvs_bind *bind)
{
	memset(bind, 0, sizeof(*bind));
	bind->size = sizeof(*bind);
	memcpy(bind->store_name, name, strnlen(name, sizeof(bind->store_name)));
	bind->out_rights = ~0U;
	bind->out_flags = ~0U;
	return control_ioctl(fd, KVS_IOC_BIND, bind);
}

int control_restrict(int fd, __u32 rights)
{
	struct kvs_restrict restrict_to = {
		.size = sizeof(restrict_to),
		.rights = rights,
		.out_fd = -EBADF,
	};
	int ret = control_ioctl(fd, KVS_IOC_RESTRICT, &restrict_to);

	return ret ? ret : restrict_to.out_fd;
}

int control_request(int fd, struct kvs_req req)
{
	return control_ioctl(fd, KVS_IOC_REQ, &req);
}

int control_batch(int fd, struct kvs_req *reqs, __u32 count)
{
	struct kvs_vec vec = { .reqs = addr_of(reqs), .count = count };

	return control_ioctl(fd, KVS_IOC_VEC, &vec);
}

__u64 control_version(int fd)
{
	struct kvs_info info;

	return control_info(fd, &info) ? 0 : info.version;
}
