/* SPDX-License-Identifier: GPL-2.0-only */
/* Handles: opening /dev/kvs and the control ioctls. Returns 0 or -errno. */
#ifndef KVS_TEST_CONTROL_H
#define KVS_TEST_CONTROL_H

#include <linux/kvs.h>

#define KVS_DEVICE "/dev/kvs"

/* A handle that is bound to nothing, or -errno. */
int control_open(int open_flags);

/* A handle of the store "default", or -errno. */
int control_open_default(int open_flags);

int control_ioctl(int fd, unsigned int number, void *arg);
int control_info(int fd, struct kvs_info *info);
int control_bind(int fd, const char *name, struct kvs_bind *bind);

/* A new descriptor with @rights, or -errno. */
int control_restrict(int fd, __u32 rights);

/* One request by ioctl; its status. */
int control_request(int fd, struct kvs_req req);

/* A batch by ioctl; what the call returned. */
int control_batch(int fd, struct kvs_req *reqs, __u32 count);

/* The store's last version. */
__u64 control_version(int fd);

#endif /* KVS_TEST_CONTROL_H */
