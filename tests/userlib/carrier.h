/* SPDX-License-Identifier: GPL-2.0-only */
/* Every way that the library offers to execute a request. */
#ifndef KVS_TEST_CARRIER_H
#define KVS_TEST_CARRIER_H

#include <kvs.h>
#include <liburing.h>

/* The user_data of what ring_run() waits for */
#define RING_TAG 0x6b7673ULL

enum carrier_kind {
	CARRIER_DO,
	CARRIER_BATCH,
	CARRIER_PREP_REQUEST,
	CARRIER_PREP_BATCH,
	CARRIER_PREP_REQUEST128,
};

struct carrier {
	enum carrier_kind kind;
	struct kvs *kvs;
	struct io_uring ring;
};

/* Return 0 or a negative errno. */
int carrier_open(struct carrier *carrier, enum carrier_kind kind);
void carrier_close(struct carrier *carrier);

/* Executes @request, which has @res, and returns its status. */
int carrier_run(struct carrier *carrier, const struct kvs_request *request,
		const struct kvs_result *res);

/* Submits one entry, tagged RING_TAG, and returns its status. */
int ring_run(struct io_uring *ring);

#endif /* KVS_TEST_CARRIER_H */
