// SPDX-License-Identifier: GPL-2.0-only
/*
 * Why a request failed.
 */
#include <errno.h>
#include <stddef.h>

#include <kvs.h>

#include "compiler.h"
#include "failure.h"

/*
 * What the library's words do not tell: the way out, and which failures are an
 * answer rather than a fault.
 */
static const struct failure {
	int error;
	enum status status;
	const char *text;
} failures[] = {
	{ ENOENT, STATUS_REFUSED, "not found" },
	{ EEXIST, STATUS_REFUSED, "exists already" },
	{ EINVAL, STATUS_FAILED,
	  "the key is empty, or the options contradict each other" },
	{ ENAMETOOLONG, STATUS_FAILED,
	  "the key is too long: 'kvs info' tells the limit" },
	{ EFBIG, STATUS_FAILED,
	  "the value is too long: 'kvs info' tells the limit" },
	{ ENOSPC, STATUS_FAILED,
	  "the store, its pins or the module is full: delete entries, or see 'kvs store alter'" },
	{ EDQUOT, STATUS_FAILED,
	  "your quota is used up: delete entries of yours" },
	{ ENOMEM, STATUS_FAILED,
	  "the kernel has no memory for it: free some, or raise your memory limit" },
	{ EPROTOTYPE, STATUS_FAILED,
	  "holds a value, not a counter: 'kvs put KEY N --counter' would replace it" },
	{ EACCES, STATUS_FAILED,
	  "permission denied by the store: 'kvs info' tells your rights" },
	{ EOPNOTSUPP, STATUS_FAILED,
	  "the loaded module cannot do that: is it older than this program?" },
	{ EIDRM, STATUS_FAILED,
	  "the store was destroyed meanwhile: try again" },
	{ EBUSY, STATUS_FAILED,
	  "the store was flushed or published all the time: try again" },
};

static const struct failure *failure_find(int error)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(failures); i++)
		if (failures[i].error == -error)
			return &failures[i];
	return NULL;
}

enum status failure_status(int error)
{
	const struct failure *failure = failure_find(error);

	return failure ? failure->status : STATUS_FAILED;
}

const char *failure_text(int error)
{
	const struct failure *failure = failure_find(error);

	return failure ? failure->text : kvs_strerror(error);
}
