// SPDX-License-Identifier: GPL-2.0-only
/* The layout of every struct of the ABI, its numbers, and what INFO says. */
#include <fcntl.h>
#include <stddef.h>
#include <time.h>

#include <kselftest_harness.h>

#include "abi_layout.h"
#include "control.h"
#include "request.h"

#define VERB_BIT(verb) (1ULL << (verb))

#define BUILT_VERBS                                                         \
	(VERB_BIT(KVS_GET) | VERB_BIT(KVS_PUT) | VERB_BIT(KVS_DELETE) |     \
	 VERB_BIT(KVS_ADD) | VERB_BIT(KVS_STAT) | VERB_BIT(KVS_XCHG) |      \
	 VERB_BIT(KVS_BITOP) | VERB_BIT(KVS_BUCKET) | VERB_BIT(KVS_TOUCH) | \
	 VERB_BIT(KVS_SCAN) | VERB_BIT(KVS_DELETE_RANGE) | VERB_BIT(KVS_TXN))

TEST(layout)
{
	const struct abi_row *row;

	for (row = abi_rows; row < abi_rows + ARRAY_SIZE(abi_rows); row++) {
		EXPECT_EQ(row->want, row->is)
		{
			TH_LOG("%s", row->name);
		}
	}
}

TEST(numbers)
{
	EXPECT_EQ(0xbc00U, KVS_IOC_INFO);
	EXPECT_EQ(0xbc01U, KVS_IOC_BIND);
	EXPECT_EQ(0xbc02U, KVS_IOC_RESTRICT);
	EXPECT_EQ(0xbc03U, KVS_IOC_CREATE);
	EXPECT_EQ(0xbc04U, KVS_IOC_ALTER);
	EXPECT_EQ(0xbc05U, KVS_IOC_LIST);
	EXPECT_EQ(0xbc06U, KVS_IOC_STATS);
	EXPECT_EQ(0xbc07U, KVS_IOC_FLUSH);
	EXPECT_EQ(0xbc08U, KVS_IOC_PUBLISH);
	EXPECT_EQ(0xbc09U, KVS_IOC_DESTROY);
	EXPECT_EQ(0xbc0aU, KVS_IOC_HISTOGRAM);
	EXPECT_EQ(0xbc0bU, KVS_IOC_MEASURE);
	EXPECT_EQ(0x4050bc40U, KVS_IOC_REQ);
	EXPECT_EQ(0x4010bc41U, KVS_IOC_VEC);
	EXPECT_EQ(0x4050bc42U, KVS_CMD_REQ);
}

TEST(info_unbound)
{
	struct kvs_info info;
	int fd = control_open(O_RDWR);

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, control_info(fd, &info));
	EXPECT_EQ(0ULL, info.store_id);
	EXPECT_EQ(0ULL, info.version);
	EXPECT_EQ(0ULL, info.max_bytes);
	EXPECT_EQ(0ULL, info.max_entries);
	EXPECT_EQ(0U, info.rights);
	EXPECT_EQ(0U, info.store_number);
	EXPECT_TRUE(is_zero(info.store_name, sizeof(info.store_name)));
	EXPECT_EQ(KVS_MAX_VALUE, (int)info.max_value);
	close(fd);
}

TEST(info_limits)
{
	struct kvs_info info;
	int fd = control_open(O_RDWR);

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, control_info(fd, &info));
	EXPECT_EQ(0U, info.flags);
	EXPECT_EQ(KVS_FEATURE_URING | KVS_FEATURE_EVICT, info.features);
	EXPECT_EQ(BUILT_VERBS, info.verbs);
	EXPECT_EQ(KVS_MAX_KEY, (int)info.max_key);
	EXPECT_EQ(KVS_MAX_BATCH, (int)info.max_batch);
	EXPECT_EQ(KVS_MAX_EXPECT, (int)info.max_expect);
	EXPECT_EQ(KVS_MAX_TXN_OPS, (int)info.max_txn_ops);
	EXPECT_EQ(KVS_MAX_SCAN_VISIT, (int)info.max_scan_visit);
	close(fd);
}

TEST(info_bound)
{
	struct kvs_info info, again;
	int fd = control_open_default(O_RDWR);

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, control_info(fd, &info));
	EXPECT_NE(0ULL, info.store_id);
	EXPECT_NE(0ULL, info.max_bytes);
	EXPECT_NE(0ULL, info.max_entries);
	EXPECT_EQ(KVS_RIGHT_ALL, info.rights);
	EXPECT_EQ(1U << 20, info.max_value);
	EXPECT_STREQ("default", (char *)info.store_name);
	EXPECT_TRUE(is_zero(info.store_name + 7, sizeof(info.store_name) - 7));

	ASSERT_EQ(0, control_info(fd, &again));
	EXPECT_EQ(info.store_id, again.store_id);
	EXPECT_EQ(info.store_number, again.store_number);
	close(fd);
}

TEST(info_boottime)
{
	struct timespec before, after;
	struct kvs_info info;
	int fd = control_open(O_RDONLY);

	ASSERT_LE(0, fd);
	clock_gettime(CLOCK_BOOTTIME, &before);
	ASSERT_EQ(0, control_info(fd, &info));
	clock_gettime(CLOCK_BOOTTIME, &after);
	EXPECT_GE(info.boottime_ns,
		  before.tv_sec * 1000000000ULL + before.tv_nsec);
	EXPECT_LE(info.boottime_ns,
		  after.tv_sec * 1000000000ULL + after.tv_nsec);
	close(fd);
}

TEST_HARNESS_MAIN
