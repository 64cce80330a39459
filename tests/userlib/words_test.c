// SPDX-License-Identifier: GPL-2.0-only
/* kvs_strerror() and the version: nothing here needs the module. */
#include <errno.h>
#include <kselftest_harness.h>
#include <kvs.h>
#include <limits.h>
#include <string.h>

/* Every error that the library's manual names */
static const int errors[] = {
	ENOENT,	   EEXIST, ESTALE,     ERANGE,	    EINVAL,    ENAMETOOLONG,
	EFBIG,	   ENOSPC, EDQUOT,     ENOMEM,	    EOVERFLOW, EPROTOTYPE,
	EACCES,	   EPERM,  EOPNOTSUPP, E2BIG,	    ENOTTY,    ENOTCONN,
	EISCONN,   EIDRM,  EBUSY,      ENODATA,	    ETIMEDOUT, EINTR,
	ECANCELED, EAGAIN, EFAULT,     EINPROGRESS, ENODEV,
};

TEST(known_errors_have_words_of_their_own)
{
	size_t i, k;

	for (i = 0; i < ARRAY_SIZE(errors); i++) {
		EXPECT_STREQ(kvs_strerror(errors[i]), kvs_strerror(-errors[i]));
		EXPECT_STRNE("unknown error", kvs_strerror(errors[i]));
		for (k = 0; k < i; k++)
			EXPECT_STRNE(kvs_strerror(errors[k]),
				     kvs_strerror(errors[i]));
	}
}

TEST(words_of_the_error_table)
{
	EXPECT_STREQ("success", kvs_strerror(0));
	EXPECT_STREQ("the key is too long", kvs_strerror(-ENAMETOOLONG));
	EXPECT_STREQ("a version or value precondition failed",
		     kvs_strerror(-ESTALE));
	EXPECT_NE(NULL, strstr(kvs_strerror(-ENOENT), "the key is absent"));
	EXPECT_NE(NULL, strstr(kvs_strerror(-ENODEV), "/dev/kvs"));
}

TEST(any_number_has_words)
{
	static const int numbers[] = { 1 << 20, INT_MAX, INT_MIN, -INT_MAX };
	size_t i;
	int err;

	for (i = 0; i < ARRAY_SIZE(numbers); i++)
		EXPECT_STREQ("unknown error", kvs_strerror(numbers[i]));
	for (err = 0; err < 4096; err++) {
		ASSERT_NE(NULL, kvs_strerror(-err));
		ASSERT_LT(0, strlen(kvs_strerror(-err)));
		ASSERT_NULL(strchr(kvs_strerror(-err), '\n'));
	}
	/* EPIPE means nothing here. */
	EXPECT_STREQ(strerrordesc_np(EPIPE), kvs_strerror(-EPIPE));
}

TEST(version)
{
	unsigned int major, minor, patch;
	int fields;
	char rest;

	fields = sscanf(kvs_library_version(), "%u.%u.%u%c", &major, &minor,
			&patch, &rest);
	EXPECT_EQ(3, fields);
}

TEST_HARNESS_MAIN
