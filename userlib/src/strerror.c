// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
/* Errors in the words of the ABI, and the version. */
#include <errno.h>
#include <limits.h>
#include <string.h>

#include "internal.h"

static const struct {
	int err;
	const char *words;
} errors[] = {
	{ 0, "success" },
	{ ENOENT,
	  "the key is absent, past its deadline or flushed; or no such store" },
	{ EEXIST, "create-only and the key exists" },
	{ ESTALE, "a version or value precondition failed" },
	{ ERANGE, "the buffer is too small; nothing was consumed" },
	{ EINVAL, "an empty key, or a value that contradicts itself" },
	{ ENAMETOOLONG, "the key is too long" },
	{ EFBIG, "the value is too long" },
	{ ENOSPC, "a cap of the store is reached" },
	{ EDQUOT, "the user's quota is reached" },
	{ ENOMEM, "no memory" },
	{ EOVERFLOW, "the counter would leave its range; it is unchanged" },
	{ EPROTOTYPE, "a counter operation on a blob" },
	{ EACCES, "the handle lacks a right" },
	{ EPERM, "an administrative act that is not allowed" },
	{ EOPNOTSUPP,
	  "an unknown flag or verb, or a property that this store lacks" },
	{ E2BIG, "more than this kernel module knows" },
	{ ENOTTY, "not a kvs descriptor, or a command that it does not know" },
	{ ENOTCONN, "the handle is not bound" },
	{ EISCONN, "the handle is bound already" },
	{ EIDRM, "the store was destroyed under the handle" },
	{ EBUSY,
	  "the store has a staging store, or is flushed or published again and again" },
	{ ENODATA, "the watch history is gone" },
	{ ETIMEDOUT, "a wait reached its deadline" },
	{ EINTR, "a wait was interrupted by a signal" },
	{ ECANCELED, "a request, or the rest of a batch, was cancelled" },
	{ EAGAIN, "nothing to read from the watch" },
	{ EFAULT, "a bad pointer" },
	{ EINPROGRESS, "the request has not run" },
	{ ENODEV, "no /dev/kvs: is the module loaded?" },
};

KVS_API const char *kvs_strerror(int err)
{
	const char *words;
	size_t i;

	/* There is no positive INT_MIN. */
	if (err < 0 && err != INT_MIN)
		err = -err;
	for (i = 0; i < ARRAY_SIZE(errors); i++)
		if (errors[i].err == err)
			return errors[i].words;
	words = strerrordesc_np(err);
	return words ? words : "unknown error";
}

KVS_API const char *kvs_library_version(void)
{
	return KVS_VERSION;
}
