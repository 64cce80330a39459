/* SPDX-License-Identifier: GPL-2.0-only */
/* Stores: making them, and what is done to them as a whole; 0 or -errno. */
#ifndef KVS_TEST_STORE_H
#define KVS_TEST_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include <linux/kvs.h>

/* A CREATE that asks for nothing but the name. */
struct kvs_create store_wish(const char *name);

/* CREATE through @fd; the number, or -errno. */
int store_create_as(int fd, struct kvs_create wish);
int store_create_staging(int fd, const char *name);

/* A handle of a store that is there, or -errno. */
int store_open(const char *name, int open_flags);
int store_open_number(__u32 number, int open_flags);

/* The same of one that is made for it; what the last run left goes first. */
int store_make(const char *name);
int store_make_as(struct kvs_create wish);

/* The same that everybody may read and write. */
int store_make_open(const char *name);

/* A handle of a new staging store for that of @fd, or -errno. */
int store_stage(int fd, const char *name);

int store_alter(int fd, struct kvs_alter alter);
int store_stats(int fd, struct kvs_store_stats *stats);

/* FLUSH, PUBLISH or DESTROY; @version may be NULL. */
int store_act(int fd, unsigned int number, __u64 *version);
int store_flush(int fd);
int store_publish(int fd);
int store_destroy(int fd);

/* Destroys what has this name, if anything has. */
void store_clear(const char *name);

/* LIST: how many were written, or -errno; *@start goes on. */
int store_list(int fd, __u32 flags, struct kvs_list_item *items, __u32 count,
	       __u32 *start);

/* The store with this name, or this number, in the whole list. */
bool store_find(int fd, __u32 flags, const char *name,
		struct kvs_list_item *item);
bool store_find_number(int fd, __u32 flags, __u32 number,
		       struct kvs_list_item *item);

/* Figures of STATS; UINT64_MAX where it failed. */
__u64 store_bytes(int fd);
__u64 store_entries(int fd);

/* Waits until the store is charged no more than @want bytes. */
bool store_falls_to(int fd, __u64 want, int seconds);

/* Waits until @fd's user is charged no more than @want bytes. */
bool store_user_falls_to(int fd, __u64 want, int seconds);

#endif /* KVS_TEST_STORE_H */
