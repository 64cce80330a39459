// SPDX-License-Identifier: GPL-2.0-only
/*
 * The same look-ups through each way into the kernel, compared entry by entry.
 */
#include <errno.h>
#include <fcntl.h>
#include <liburing.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <kvs.h>

#include "demo.h"

#define RING_DEPTH 128

/**
 * struct answer - what a request finds
 * @result: status, kind and length
 * @value: the value
 */
struct answer {
	struct kvs_result result;
	char value[LONGEST_VALUE];
};

static void by_ioctl(const struct kvs *kvs, const struct kvs_request *requests,
		     size_t count)
{
	size_t i;

	/* The status stands in the result, where it is looked at. */
	for (i = 0; i < count; i++)
		(void)kvs_do(kvs, &requests[i]);
}

static void by_batch(const struct kvs *kvs, const struct kvs_request *requests,
		     size_t count)
{
	size_t done, part;
	int err;

	for (done = 0; done < count; done += part) {
		part = count - done;
		if (part > KVS_BATCH_MAX)
			part = KVS_BATCH_MAX;
		err = kvs_batch(kvs, requests + done, part);
		if (err)
			die("batch: %s", kvs_strerror(err));
	}
}

/* Every completion must tell what stands in the result of its request. */
static void reap(struct io_uring *ring, unsigned int wanted,
		 const struct answer *answers)
{
	struct io_uring_cqe *cqe;
	int err;

	while (wanted--) {
		err = io_uring_wait_cqe(ring, &cqe);
		if (err)
			die("io_uring: %s", strerror(-err));
		if (kvs_cqe_status(cqe) !=
		    answers[cqe->user_data].result.status)
			die("a completion tells %d, its result %d",
			    kvs_cqe_status(cqe),
			    answers[cqe->user_data].result.status);
		io_uring_cqe_seen(ring, cqe);
	}
}

static void by_ring(const struct kvs *kvs, const struct kvs_request *requests,
		    size_t count, const struct answer *answers)
{
	struct io_uring ring;
	size_t done = 0;
	int err;

	err = io_uring_queue_init(RING_DEPTH, &ring, 0);
	if (err)
		die("io_uring: %s", strerror(-err));

	while (done < count) {
		struct io_uring_sqe *sqe;
		unsigned int part = 0;

		while (done < count && (sqe = io_uring_get_sqe(&ring))) {
			kvs_prep_request(sqe, kvs, &requests[done]);
			sqe->user_data = done;
			done++;
			part++;
		}
		err = io_uring_submit(&ring);
		if (err != (int)part)
			die("io_uring took %d of %u commands", err, part);
		reap(&ring, part, answers);
	}
	io_uring_queue_exit(&ring);
}

static void build(const struct list *list, struct kvs_request *requests,
		  struct answer *answers)
{
	size_t i;

	for (i = 0; i < list->count; i++) {
		const struct entry *entry = &list->entries[i];

		kvs_request_get(&requests[i], entry->key, entry->key_len,
				answers[i].value, sizeof(answers[i].value), 0,
				&answers[i].result);
	}
}

static void compare(const struct list *list, const struct answer *answers)
{
	size_t i;

	for (i = 0; i < list->count; i++) {
		const struct entry *entry = &list->entries[i];
		const struct kvs_result *result = &answers[i].result;

		if (result->status)
			die("%s: %s", entry->key, kvs_strerror(result->status));
		if (result->length != entry->value_len ||
		    memcmp(answers[i].value, entry->value, entry->value_len))
			die("%s: is '%.*s' instead of '%s'", entry->key,
			    (int)result->length, answers[i].value,
			    entry->value);
	}
}

void command_lookup(const char *file, const char *carrier)
{
	struct kvs *kvs = open_store(NULL, O_RDONLY);
	struct kvs_request *requests;
	struct answer *answers;
	struct list list;
	double seconds;

	list_read(&list, file);
	requests = calloc(list.count, sizeof(*requests));
	answers = calloc(list.count, sizeof(*answers));
	if (!requests || !answers)
		die("no memory for %zu requests", list.count);
	build(&list, requests, answers);

	seconds = now();
	if (!strcmp(carrier, "ioctl"))
		by_ioctl(kvs, requests, list.count);
	else if (!strcmp(carrier, "batch"))
		by_batch(kvs, requests, list.count);
	else if (!strcmp(carrier, "io_uring"))
		by_ring(kvs, requests, list.count, answers);
	else
		die("there is no carrier %s", carrier);
	seconds = now() - seconds;

	compare(&list, answers);
	printf("%zu of %zu the same, %.4f s (%.0f/s)\n", list.count, list.count,
	       seconds, list.count / seconds);
	free(answers);
	free(requests);
	list_free(&list);
	kvs_close(kvs);
}
