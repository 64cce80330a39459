// SPDX-License-Identifier: GPL-2.0-only
/* Module parameters: what they do, and which values keep the module out. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <kselftest_harness.h>

#include "control.h"
#include "figures.h"
#include "module.h"
#include "request.h"

#define KEY "parameter.key"

FIXTURE(parameter)
{
	char before[256];
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
