// SPDX-License-Identifier: GPL-2.0-only
/* INFO, BIND and RESTRICT: what they refuse, and that refusing does nothing. */
#include <fcntl.h>
#include <stddef.h>
#include <sys/ioctl.h>

#include <kselftest_harness.h>

#include "control.h"
#include "guard.h"
#include "request.h"

/*
 * A control command in its valid form, and on which handle it is valid: a
 * matrix that refused everything would prove nothing.
 */
struct command {
	const char *name;
	unsigned int number;
	__u32 size;
	bool bound;
	void (*fill)(void *arg);
};

static void fill_info(void *arg)
{
	struct kvs_info *info = arg;

	poison(info, sizeof(*info));
	info->size = sizeof(*info);
	info->flags = 0;
}

static void fill_bind(void *arg)
{
	struct kvs_bind *bind = arg;

	poison(bind, sizeof(*bind));
	bind->size = sizeof(*bind);
	bind->flags = 0;
	memset(bind->store_name, 0, sizeof(bind->store_name));
}

static void fill_restrict(void *arg)
{
	struct kvs_restrict *restrict_to = arg;

	poison(restrict_to, sizeof(*restrict_to));
	restrict_to->size = sizeof(*restrict_to);
	restrict_to->flags = 0;
	restrict_to->rights = KVS_RIGHT_READ;
}

static const struct command commands[] = {
	{ "INFO", KVS_IOC_INFO, sizeof(struct kvs_info), true, fill_info },
	{ "BIND", KVS_IOC_BIND, sizeof(struct kvs_bind), false, fill_bind },
	{ "RESTRICT", KVS_IOC_RESTRICT, sizeof(struct kvs_restrict), true,
	  fill_restrict },
};

#define COMMANDS_END (commands + ARRAY_SIZE(commands))

/* How many descriptors this process has open: a refused command adds none. */
static int lowest_free_fd(void)
{
	int fd = dup(STDIN_FILENO);

	close(fd);
	return fd;
}

/* Runs @command on a fresh handle; closes what RESTRICT may have opened. */
static int run(const struct command *command, void *arg)
{
	int fd = command->bound ? control_open_default(O_RDWR) :
				  control_open(O_RDWR);
	int ret;

	if (fd < 0)
		return fd;
	ret = control_ioctl(fd, command->number, arg);
	if (!ret && command->number == KVS_IOC_RESTRICT)
		close(((struct kvs_restrict *)arg)->out_fd);
	close(fd);
	return ret;
}

/* A refused command leaves its struct and the descriptors as they were. */
static void refuse(struct __test_metadata *_metadata, int want,
		   const struct command *command, void *arg, size_t len)
{
	char before[GUARD_PAGE + 8];
	int fd = lowest_free_fd();

	memcpy(before, arg, len);
	EXPECT_EQ(want, run(command, arg))
	{
		TH_LOG("%s, size %u", command->name, *(__u32 *)arg);
	}
	EXPECT_EQ(0, memcmp(before, arg, len));
	EXPECT_EQ(fd, lowest_free_fd());
}

TEST(every_size_with_a_zero_tail)
{
	const struct command *command;
	char arg[256];
	__u32 size;

	for (command = commands; command < COMMANDS_END; command++) {
		for (size = 0; size <= command->size + 8; size++) {
			memset(arg, 0, sizeof(arg));
			command->fill(arg);
			*(__u32 *)arg = size;
			if (size < command->size) {
				refuse(_metadata, -EINVAL, command, arg,
				       sizeof(arg));
				continue;
			}
			EXPECT_EQ(0, run(command, arg))
			{
				TH_LOG("%s, size %u", command->name, size);
			}
			EXPECT_TRUE(is_zero(arg + command->size,
					    sizeof(arg) - command->size));
		}
	}
}

TEST(every_size_with_a_tail)
{
	const struct command *command;
	char arg[256];
	__u32 size, at;

	for (command = commands; command < COMMANDS_END; command++) {
		for (size = 0; size < command->size; size++) {
			poison(arg, sizeof(arg));
			command->fill(arg);
			*(__u32 *)arg = size;
			refuse(_metadata, -EINVAL, command, arg, sizeof(arg));
		}
		/* One byte of the tail is enough, whichever it is */
		for (at = command->size; at < command->size + 8; at++) {
			memset(arg, 0, sizeof(arg));
			command->fill(arg);
			*(__u32 *)arg = command->size + 8;
			arg[at] = 1;
			refuse(_metadata, -E2BIG, command, arg, sizeof(arg));
		}
	}
}

TEST(sizes_about_a_page)
{
	static const __u32 too_big[] = { GUARD_PAGE + 1, GUARD_PAGE * 2,
					 INT32_MAX, UINT32_MAX };
	const struct command *command;
	char arg[GUARD_PAGE + 8];
	size_t i;

	for (command = commands; command < COMMANDS_END; command++) {
		memset(arg, 0, sizeof(arg));
		for (i = 0; i < ARRAY_SIZE(too_big); i++) {
			command->fill(arg);
			*(__u32 *)arg = too_big[i];
			refuse(_metadata, -E2BIG, command, arg, sizeof(arg));
		}
		for (i = GUARD_PAGE - 1; i <= GUARD_PAGE; i++) {
			command->fill(arg);
			*(__u32 *)arg = i;
			EXPECT_EQ(0, run(command, arg));
		}
		arg[GUARD_PAGE - 1] = 1;
		command->fill(arg);
		*(__u32 *)arg = GUARD_PAGE;
		refuse(_metadata, -E2BIG, command, arg, sizeof(arg));
	}
}

TEST(every_flag)
{
	const struct command *command;
	char arg[256] = {};
	int bit;

	for (command = commands; command < COMMANDS_END; command++) {
		for (bit = 0; bit < 32; bit++) {
			command->fill(arg);
			*(__u32 *)(arg + 4) = 1U << bit;
			refuse(_metadata, -EOPNOTSUPP, command, arg,
			       sizeof(arg));
		}
	}
}

TEST(pointers)
{
	const struct command *command;
	char *page = guard_alloc(1);
	char *end;

	ASSERT_NE(NULL, page);
	for (command = commands; command < COMMANDS_END; command++) {
		EXPECT_EQ(-EFAULT, run(command, NULL));
		EXPECT_EQ(-EFAULT, run(command, guard_hole()));
		EXPECT_EQ(-EFAULT, run(command, (void *)(uintptr_t)INT64_MIN));
		EXPECT_EQ(-EFAULT, run(command, (void *)UINTPTR_MAX));

		/* The size alone can be read, then all but one byte */
		end = guard_end(page, 1, sizeof(__u32));
		*(__u32 *)end = command->size;
		EXPECT_EQ(-EFAULT, run(command, end));
		end = guard_end(page, 1, command->size);
		command->fill(end);
		*(__u32 *)end = command->size + 1;
		EXPECT_EQ(-EFAULT, run(command, end));

		command->fill(end);
		EXPECT_EQ(0, run(command, end))
		{
			TH_LOG("%s at the end of a page", command->name);
		}
	}
	guard_free(page, 1);
}

/* What cannot be answered is not done. */
TEST(read_only)
{
	int fd = control_open(O_RDWR), free_fd;
	struct kvs_info info;
	struct kvs_bind bind;
	char arg[256];

	ASSERT_LE(0, fd);
	fill_info(arg);
	EXPECT_EQ(-EFAULT, control_ioctl(fd, KVS_IOC_INFO,
					 guard_read_only(arg, sizeof(info))));

	fill_bind(arg);
	EXPECT_EQ(-EFAULT, control_ioctl(fd, KVS_IOC_BIND,
					 guard_read_only(arg, sizeof(bind))));
	ASSERT_EQ(0, control_info(fd, &info));
	EXPECT_EQ(0ULL, info.store_id);
	ASSERT_EQ(0, control_bind(fd, "", &bind));

	fill_restrict(arg);
	free_fd = lowest_free_fd();
	EXPECT_EQ(-EFAULT, control_ioctl(fd, KVS_IOC_RESTRICT,
					 guard_read_only(arg, 16)));
	EXPECT_EQ(free_fd, lowest_free_fd());
	close(fd);
}

TEST(unknown_numbers)
{
	static const unsigned int numbers[] = {
		0,
		KVS_CMD_REQ,
		_IO(KVS_IOC_MAGIC, 0x03),
		_IO(KVS_IOC_MAGIC, 0x3f),
		_IO(KVS_IOC_MAGIC, 0x40),
		_IO(KVS_IOC_MAGIC, 0x41),
		_IO(KVS_IOC_MAGIC, 0xff),
		_IOW(KVS_IOC_MAGIC, 0x00, struct kvs_info),
		_IOWR(KVS_IOC_MAGIC, 0x40, struct kvs_req),
		_IOR(KVS_IOC_MAGIC, 0x40, struct kvs_req),
		_IOW(KVS_IOC_MAGIC, 0x40, struct kvs_vec),
		_IOW(KVS_IOC_MAGIC, 0x41, struct kvs_req),
		_IOW(KVS_IOC_MAGIC, 0x43, struct kvs_req),
		_IOW(KVS_IOC_MAGIC - 1, 0x40, struct kvs_req),
		_IO(KVS_IOC_MAGIC + 1, 0x00),
	};
	int fd = control_open_default(O_RDWR);
	char arg[256];
	size_t i;

	ASSERT_LE(0, fd);
	for (i = 0; i < ARRAY_SIZE(numbers); i++) {
		poison(arg, sizeof(arg));
		EXPECT_EQ(-ENOTTY, control_ioctl(fd, numbers[i], arg))
		{
			TH_LOG("%#x", numbers[i]);
		}
		EXPECT_TRUE(is_poison(arg, sizeof(arg)));
	}
	close(fd);
}

TEST_HARNESS_MAIN
