/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
/* What the parts of libkvs share. None of it is exported. */
#ifndef LIBKVS_INTERNAL_H
#define LIBKVS_INTERNAL_H

#include <limits.h>
#include <linux/kvs.h>
#include <stdbool.h>

#include "kvs.h"

#define KVS_API __attribute__((visibility("default")))

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

/**
 * struct kvs - a handle
 * @fd: descriptor of /dev/kvs, bound to a store
 * @made: the store was made for this handle
 *
 * Never changed once made, which is what lets threads share it without a lock.
 */
struct kvs {
	int fd;
	bool made;
};

/*
 * What stands in the opaque words of a struct kvs_request. It is copied in and
 * out, so that no object is read as two types.
 */
void kvs_request_load(struct kvs_req *req, const struct kvs_request *request);
void kvs_request_store(struct kvs_request *request, const struct kvs_req *req);

/* Where the answer goes; NULL is nowhere. */
void kvs_request_set_result(struct kvs_req *req, struct kvs_result *result);

static inline __u64 address(const void *pointer)
{
	return (uintptr_t)pointer;
}

/* A length that does not fit stays one that the kernel finds too long. */
static inline __u32 saturate(size_t len)
{
	return len < UINT_MAX ? len : UINT_MAX;
}

int kvs_ioctl(int fd, unsigned long number, const void *arg);

/* A descriptor that is bound to nothing, or a negative errno. */
int kvs_device_open(int open_flags);

/* Binds it; on success the new handle owns it. */
int kvs_device_bind(int fd, struct kvs_bind *bind, bool made, struct kvs **kvs);

/* The field must be zeroed. NULL is the empty name. */
int kvs_set_name(__u8 field[KVS_STORE_NAME_SIZE], const char *store);

#endif /* LIBKVS_INTERNAL_H */
