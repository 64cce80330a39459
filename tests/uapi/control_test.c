// SPDX-License-Identifier: GPL-2.0-only
/* Control commands: what all refuse by one rule, and that it does nothing. */
#include <stddef.h>
#include <sys/ioctl.h>

#include "command_fixture.h"
#include "guard.h"

/* How many descriptors this process has open: a refused command adds none. */
static int lowest_free_fd(void)
{
	int fd = dup(STDIN_FILENO);

	close(fd);
	return fd;
}

/* Runs @command on a fresh handle; what it made goes again. */
static int run(const struct command *command, void *arg)
{
	int fd = open_handle(command->handle);
	int ret;

	if (fd < 0)
		return fd;
	ret = control_ioctl(fd, command->number, arg);
	if (!ret && command->number == KVS_IOC_RESTRICT)
		close(((struct kvs_restrict *)arg)->out_fd);
	if (!ret && command->number == KVS_IOC_CREATE)
		store_clear(MADE);
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

TEST_F(control, every_size_with_a_zero_tail)
{
	char arg[ARG_MAX_SIZE], before[ARG_MAX_SIZE];
	const struct command *command;
	__u32 size, end;

	for (command = commands; command < COMMANDS_END; command++) {
		for (size = 0; size <= command->size + 8; size++) {
			memset(arg, 0, sizeof(arg));
			command->fill(arg);
			*(__u32 *)arg = size;
			memcpy(before, arg, sizeof(arg));
			if (size < first_size(command)) {
				refuse(_metadata, -EINVAL, command, arg,
				       sizeof(arg));
				continue;
			}
			EXPECT_EQ(0, run(command, arg))
			{
				TH_LOG("%s, size %u", command->name, size);
			}
			/* Who knows less of it is written no more */
			end = size < command->size ? size : command->size;
			EXPECT_EQ(0, memcmp(arg + end, before + end,
					    sizeof(arg) - end));
		}
	}
}

TEST_F(control, every_size_with_a_tail)
{
	const struct command *command;
	char arg[ARG_MAX_SIZE];
	__u32 size, at;

	for (command = commands; command < COMMANDS_END; command++) {
		for (size = 0; size < first_size(command); size++) {
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

TEST_F(control, sizes_about_a_page)
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

TEST_F(control, every_flag)
{
	const struct command *command;
	char arg[ARG_MAX_SIZE] = {};
	int bit;

	for (command = commands; command < COMMANDS_END; command++) {
		for (bit = 0; bit < 32; bit++) {
			if (command->flags & 1U << bit)
				continue;
			command->fill(arg);
			*(__u32 *)(arg + 4) = 1U << bit;
			refuse(_metadata, -EOPNOTSUPP, command, arg,
			       sizeof(arg));
		}
	}
}

TEST_F(control, pointers)
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

TEST_F(control, read_only)
{
	const struct command *command;
	char arg[ARG_MAX_SIZE];
	int free_fd;

	for (command = commands; command < COMMANDS_END; command++) {
		command->fill(arg);
		free_fd = lowest_free_fd();
		EXPECT_EQ(command->silent ? 0 : -EFAULT,
			  run(command, guard_read_only(arg, command->size)))
		{
			TH_LOG("%s", command->name);
		}
		EXPECT_EQ(free_fd, lowest_free_fd());
	}
}

/* What cannot be answered is not done. */
TEST_F(control, what_is_not_answered_is_not_done)
{
	int fd = open_handle(STAGED), unbound = control_open(O_RDWR);
	struct kvs_info info;
	void *read_only;
	char arg[ARG_MAX_SIZE];

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, control_request(fd, req_put_str("key", "value")));
	fill_act(arg);
	read_only = guard_read_only(arg, sizeof(struct kvs_act));
	EXPECT_EQ(-EFAULT, control_ioctl(fd, KVS_IOC_PUBLISH, read_only));
	EXPECT_EQ(-EFAULT, control_ioctl(fd, KVS_IOC_FLUSH, read_only));
	close(fd);
	fd = open_handle(BOUND);
	EXPECT_EQ(-EFAULT, control_ioctl(fd, KVS_IOC_DESTROY, read_only));
	EXPECT_EQ(0, control_request(fd, req_get("key", NULL, 0)));
	close(fd);

	fill_create(arg);
	read_only = guard_read_only(arg, sizeof(struct kvs_create));
	EXPECT_EQ(-EFAULT, control_ioctl(unbound, KVS_IOC_CREATE, read_only));
	EXPECT_EQ(-ENOENT, store_open(MADE, O_RDWR));
	fill_bind(arg);
	EXPECT_EQ(-EFAULT,
		  control_ioctl(unbound, KVS_IOC_BIND,
				guard_read_only(arg, sizeof(struct kvs_bind))));
	ASSERT_EQ(0, control_info(unbound, &info));
	EXPECT_EQ(0ULL, info.store_id);
	close(unbound);
}

/* What needs a store says so, and the others do not. */
TEST_F(control, unbound)
{
	const struct command *command;
	char arg[ARG_MAX_SIZE];
	bool needs;
	int fd;

	for (command = commands; command < COMMANDS_END; command++) {
		fd = control_open(O_RDWR);
		ASSERT_LE(0, fd);
		command->fill(arg);
		needs = command->handle != UNBOUND &&
			command->number != KVS_IOC_INFO;
		EXPECT_EQ(needs ? -ENOTCONN : 0,
			  control_ioctl(fd, command->number, arg))
		{
			TH_LOG("%s", command->name);
		}
		close(fd);
	}
	fd = control_open(O_RDWR);
	EXPECT_EQ(-ENOTCONN, store_create_staging(fd, MADE));
	close(fd);
}

TEST(unknown_numbers)
{
	static const unsigned int numbers[] = {
		0,
		KVS_CMD_REQ,
		_IO(KVS_IOC_MAGIC, 0x0c),
		_IO(KVS_IOC_MAGIC, 0x0d),
		_IO(KVS_IOC_MAGIC, 0x10),
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
	char arg[ARG_MAX_SIZE];
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
