/* SPDX-License-Identifier: GPL-2.0-only */
/* The steps that most cases are made of, through a door; each a status. */
#ifndef KVS_TEST_STEPS_H
#define KVS_TEST_STEPS_H

#include "control.h"
#include "door.h"
#include "request.h"

static inline int step_put(struct door *door, const char *key,
			   const char *value, struct kvs_res *res)
{
	return door_do(door, req_put_str(key, value), res);
}

static inline int step_put_counter(struct door *door, const char *key,
				   __s64 number, struct kvs_res *res)
{
	return door_do(door, req_put_counter(key, &number), res);
}

static inline int step_get(struct door *door, const char *key, void *buf,
			   size_t len, struct kvs_res *res)
{
	return door_do(door, req_get(key, buf, len), res);
}

static inline int step_delete(struct door *door, const char *key,
			      struct kvs_res *res)
{
	return door_do(door, req_delete(key), res);
}

static inline int step_add(struct door *door, const char *key, __s64 delta,
			   struct kvs_res *res)
{
	return door_do(door, req_add(key, delta), res);
}

/* Whatever the last run left under @key goes. */
static inline void step_clear(struct door *door, const char *key)
{
	control_request(door->fd, req_delete(key));
}

#endif /* KVS_TEST_STEPS_H */
