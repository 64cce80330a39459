// SPDX-License-Identifier: GPL-2.0-only
/* Module parameters: what they do, and which values keep the module out. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

#include <kselftest_harness.h>

#include "control.h"
#include "figures.h"
#include "module.h"
#include "request.h"
#include "store.h"

#define KEY "parameter.key"

FIXTURE(parameter)
{
	char before[512];
};

FIXTURE_SETUP(parameter)
{
	module_parameters(self->before, sizeof(self->before));
	ASSERT_EQ(0, module_unload_patiently());
}

FIXTURE_TEARDOWN_PARENT(parameter)
{
	module_unload_patiently();
	EXPECT_EQ(0, module_load(self->before));
}

static int device_mode(void)
{
	struct stat st;

	return stat(KVS_DEVICE, &st) ? -errno : (int)st.st_mode & 07777;
}

TEST_F(parameter, defaults)
{
	struct kvs_info info;
	int fd;

	ASSERT_EQ(0, module_load(""));
	EXPECT_EQ(0600, device_mode());
	fd = control_open_default(O_RDWR);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, control_info(fd, &info));
	EXPECT_EQ(1U << 20, info.max_value);
	EXPECT_LE(1ULL << 20, info.max_bytes);
	EXPECT_LE(1000ULL, info.max_entries);
	close(fd);
}

TEST_F(parameter, refused)
{
	static const struct {
		const char *option, *log;
	} rows[] = {
		{ "max_value=0", "kvs: max_value is not between" },
		{ "max_value=7", "kvs: max_value is not between" },
		{ "max_value=16777217", "kvs: max_value is not between" },
		{ "max_value=4294967296", "kvs: `4294967296' invalid" },
		{ "mode=4755", "kvs: mode is not between" },
		{ "mode=-1", "kvs: `-1' invalid for parameter" },
		{ "gid=4294967295", "kvs: mode is not between" },
		{ "max_entries=2147483648", "kvs: max_entries is above" },
		{ "max_bytes=1152921504606846976",
		  "kvs: max_bytes is not between" },
		{ "max_bytes=many", "kvs: `many' invalid for parameter" },
		{ "max_bytes=65535", "kvs: max_bytes is not between" },
		{ "total_bytes=65535", "kvs: total_bytes is not between" },
		{ "total_bytes=1152921504606846976",
		  "kvs: total_bytes is not between" },
		{ "total_bytes=1048576 max_bytes=1048577",
		  "kvs: max_bytes is not between" },
		{ "user_bytes=65535", "kvs: user_bytes is not between" },
		{ "user_bytes=1152921504606846976",
		  "kvs: user_bytes is not between" },
		{ "user_bytes=-1", "kvs: `-1' invalid for parameter" },
		{ "user_entries=2147483648", "kvs: user_entries is above" },
		{ "user_stores=16385", "kvs: user_stores is above" },
		{ "user_stores=4294967296", "kvs: `4294967296' invalid" },
	};
	struct stat st;
	size_t i;
	int ret;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		module_expect_log(rows[i].log);
		ret = module_load(rows[i].option);
		EXPECT_TRUE(ret == -EINVAL || ret == -ERANGE)
		{
			TH_LOG("%s: %d", rows[i].option, ret);
		}
		EXPECT_NE(0, stat(KVS_DEVICE, &st));
		EXPECT_NE(0, stat(FIGURES_PROCFS, &st));
	}
}

TEST_F(parameter, mode_and_gid)
{
	struct stat st;

	ASSERT_EQ(0, module_load("mode=0640 gid=1234"));
	ASSERT_EQ(0, stat(KVS_DEVICE, &st));
	EXPECT_EQ(0640, (int)st.st_mode & 07777);
	EXPECT_EQ(0U, st.st_uid);
	EXPECT_EQ(1234U, st.st_gid);
	EXPECT_TRUE(S_ISCHR(st.st_mode));
	EXPECT_EQ(0, module_unload_patiently());
	EXPECT_NE(0, stat(KVS_DEVICE, &st));

	ASSERT_EQ(0, module_load(""));
	ASSERT_EQ(0, stat(KVS_DEVICE, &st));
	EXPECT_EQ(0600, (int)st.st_mode & 07777);
	EXPECT_EQ(0U, st.st_gid);
}

TEST_F(parameter, max_value)
{
	static char value[2000];
	struct kvs_info info;
	int fd;

	ASSERT_EQ(0, module_load("max_value=1000"));
	fd = control_open_default(O_RDWR);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, control_info(fd, &info));
	EXPECT_EQ(1000U, info.max_value);
	EXPECT_EQ(1000, figures_sysfs("max_value"));
	EXPECT_EQ(0, control_request(fd, req_put(KEY, value, 999)));
	EXPECT_EQ(0, control_request(fd, req_put(KEY, value, 1000)));
	EXPECT_EQ(-EFBIG, control_request(fd, req_put(KEY, value, 1001)));
	close(fd);
}

static unsigned long long parameter(const char *name)
{
	char path[64], text[64];

	snprintf(path, sizeof(path), "/sys/module/kvs/parameters/%s", name);
	if (figures_read_file(path, text, sizeof(text)) <= 0)
		return 0;
	return strtoull(text, NULL, 10);
}

/* What is not given follows from what is. */
TEST_F(parameter, totals_and_users)
{
	static const char *const users =
		"total_bytes=1048576 user_bytes=2097152 user_entries=7 user_stores=0";
	struct kvs_store_stats stats;
	unsigned long long total;
	char more[64];
	int fd;

	ASSERT_EQ(0, module_load(""));
	total = parameter("total_bytes");
	EXPECT_EQ(total, parameter("max_bytes"));
	EXPECT_EQ(parameter("total_bytes") / 2, parameter("user_bytes"));
	EXPECT_LT(0ULL, parameter("user_entries"));
	EXPECT_EQ(64ULL, parameter("user_stores"));
	EXPECT_EQ(0, module_unload_patiently());

	/* More than it would be otherwise */
	snprintf(more, sizeof(more), "max_bytes=%llu", total + 4096);
	ASSERT_EQ(0, module_load(more));
	EXPECT_LE(total + 4096, parameter("total_bytes"));
	EXPECT_EQ(0, module_unload_patiently());

	ASSERT_EQ(0, module_load(users));
	fd = control_open_default(O_RDWR);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, store_stats(fd, &stats));
	EXPECT_EQ(1048576ULL, stats.max_bytes);
	/* Root is bound by the total alone */
	EXPECT_LT(2097152ULL, stats.user_max_bytes);
	EXPECT_LT(7ULL, stats.user_max_entries);
	EXPECT_LT(64ULL, stats.user_max_stores);
	close(fd);
}

/* The least that is taken, and the most. */
TEST_F(parameter, limits)
{
	static const char *const options[] = {
		"total_bytes=65536",
		"total_bytes=65536 user_bytes=65536",
		"user_entries=2147483647",
		"user_entries=1",
		"user_stores=16384",
		"total_bytes=1048576 max_bytes=1048576",
		"max_bytes=65536",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(options); i++) {
		EXPECT_EQ(0, module_load(options[i]))
		{
			TH_LOG("%s", options[i]);
		}
		EXPECT_EQ(0, module_unload_patiently());
	}
}

/* All stores together, whatever the cap of each. */
TEST_F(parameter, total_bytes)
{
	static char value[4000];
	struct kvs_req put;
	int fds[2], ret, i;
	char key[16];

	ASSERT_EQ(0, module_load("total_bytes=1048576"));
	fds[0] = store_make("parameter.a");
	fds[1] = store_make("parameter.b");
	ASSERT_LE(0, fds[0]);
	ASSERT_LE(0, fds[1]);
	for (i = 0, ret = 0; i < 1000 && !ret; i++) {
		snprintf(key, sizeof(key), "%d", i);
		put = req_put(key, value, sizeof(value));
		ret = control_request(fds[i % 2], put);
	}
	EXPECT_EQ(-ENOSPC, ret);
	EXPECT_GT(1048576ULL, store_bytes(fds[0]) + store_bytes(fds[1]));
	EXPECT_LT(524288ULL, store_bytes(fds[0]) + store_bytes(fds[1]));
	/* Room that one gives back the other one has */
	EXPECT_EQ(0, store_flush(fds[i % 2]));
	EXPECT_EQ(0, control_request(fds[i % 2], put));
	for (i = 0; i < 2; i++) {
		EXPECT_EQ(0, store_destroy(fds[i]));
		close(fds[i]);
	}
}

/* The largest value that any store may take. */
TEST_F(parameter, largest_max_value)
{
	char *value = calloc(1, KVS_MAX_VALUE + 1);
	char *buf = calloc(1, KVS_MAX_VALUE);
	struct kvs_req get;
	struct kvs_res res;
	int fd;

	ASSERT_NE(NULL, value);
	ASSERT_NE(NULL, buf);
	memset(value, 'v', KVS_MAX_VALUE);
	ASSERT_EQ(0, module_load("max_value=16777216"));
	fd = control_open_default(O_RDWR);
	ASSERT_LE(0, fd);
	EXPECT_EQ(-EFBIG,
		  control_request(fd, req_put(KEY, value, KVS_MAX_VALUE + 1)));
	ASSERT_EQ(0, control_request(fd, req_put(KEY, value, KVS_MAX_VALUE)));
	get = req_result(req_get(KEY, buf, KVS_MAX_VALUE), &res);
	ASSERT_EQ(0, control_request(fd, get));
	EXPECT_EQ(KVS_MAX_VALUE, (int)res.len);
	EXPECT_EQ(0, memcmp(value, buf, KVS_MAX_VALUE));
	close(fd);
	free(value);
	free(buf);
}

/* A store that is made anew is another one: nothing of the old is in it. */
TEST_F(parameter, loaded_again)
{
	struct kvs_info first, second;
	int fd;

	ASSERT_EQ(0, module_load(""));
	fd = control_open_default(O_RDWR);
	ASSERT_EQ(0, control_request(fd, req_put_str(KEY, "value")));
	ASSERT_EQ(0, control_info(fd, &first));
	close(fd);
	ASSERT_EQ(0, module_unload_patiently());
	ASSERT_EQ(0, module_load(""));
	fd = control_open_default(O_RDWR);
	ASSERT_EQ(0, control_info(fd, &second));
	EXPECT_NE(first.store_id, second.store_id);
	EXPECT_EQ(-ENOENT, control_request(fd, req_get(KEY, NULL, 0)));
	EXPECT_EQ(0, figures_sysfs("entries"));
	close(fd);
}

TEST_HARNESS_MAIN
