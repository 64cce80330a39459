// SPDX-License-Identifier: GPL-2.0-only
/*
 * The same of the control structs: their outputs are written, whole, and what
 * lies behind the struct that the kernel knows is left alone.
 */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include <kselftest_harness.h>

#include "control.h"
#include "request.h"
#include "twin.h"

FIXTURE(answer)
{
	struct twin twin;
	int fd;
};

FIXTURE_SETUP(answer)
{
	self->fd = control_open_default(O_RDWR);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(answer)
{
	close(self->fd);
}

static void dirty_stack(int fd, int pass)
{
	unsigned char key[KVS_MAX_KEY];

	memset(key, pass ? 0x5a : 0xc3, sizeof(key));
	control_request(fd, req_key(KVS_GET, key, sizeof(key)));
}

/* Outputs hold the pattern, and zeroes what must be zero: the tail behind. */
static void *prepare(struct twin *twin, int pass, __u32 size, size_t known)
{
	__u32 *head = twin_fill(twin, pass);

	if (size > known)
		memset((char *)head + known, 0, size - known);
	head[0] = size;
	head[1] = 0;
	return head;
}

/* As left by prepare(): zeroes, then the pattern. */
static void expect_tail(struct __test_metadata *_metadata,
			const struct twin *twin, __u32 size, size_t known)
{
	EXPECT_TRUE(is_zero(twin->bytes[0] + known, size - known));
	EXPECT_TRUE(is_zero(twin->bytes[1] + known, size - known));
	EXPECT_EQ(TWIN_ROOM, twin_untouched(twin, size));
}

static const __u32 tails[] = { 0, 1, 8, 100, 1000 };

#define TAILS (sizeof(tails) / sizeof(tails[0]))

static void check_info(struct __test_metadata *_metadata,
		       struct _test_data_answer *self, int fd, __u32 size)
{
	const size_t known = sizeof(struct kvs_info);
	const struct kvs_info *info = (void *)self->twin.bytes[0];
	size_t len;
	int pass;

	for (pass = 0; pass < 2; pass++) {
		void *arg = prepare(&self->twin, pass, size, known);

		dirty_stack(self->fd, pass);
		EXPECT_EQ(0, control_ioctl(fd, KVS_IOC_INFO, arg));
	}
	len = strlen((const char *)info->store_name);
	EXPECT_EQ(size, info->size);
	EXPECT_EQ(0U, info->flags);
	EXPECT_TRUE(is_zero(info->store_name + len, KVS_STORE_NAME_SIZE - len));
	EXPECT_TRUE(twin_settle(&self->twin,
				offsetof(struct kvs_info, boottime_ns)));
	EXPECT_EQ(known, twin_written(&self->twin, 0, known));
	expect_tail(_metadata, &self->twin, size, known);
}

TEST_F(answer, info)
{
	size_t i;

	for (i = 0; i < TAILS; i++)
		check_info(_metadata, self, self->fd,
			   sizeof(struct kvs_info) + tails[i]);
}

/* There is no store of which anything could be said. */
TEST_F(answer, info_unbound)
{
	const struct kvs_info *info = (void *)self->twin.bytes[0];
	int fd = control_open(O_RDWR);

	check_info(_metadata, self, fd, sizeof(*info));
	EXPECT_EQ(0ULL, info->store_id);
	EXPECT_EQ(0ULL, info->version);
	EXPECT_EQ(0ULL, info->max_bytes);
	EXPECT_EQ(0ULL, info->max_entries);
	EXPECT_EQ(0U, info->rights);
	EXPECT_EQ(0U, info->store_number);
	close(fd);
}

/* Buckets that are not used, and those of what is not measured, are zeroes. */
static void check_histogram(struct __test_metadata *_metadata,
			    struct _test_data_answer *self, __u32 kind,
			    __u32 verb, __u32 size)
{
	const size_t known = sizeof(struct kvs_histogram);
	struct kvs_histogram *histogram;
	__u32 unused;
	int pass;

	for (pass = 0; pass < 2; pass++) {
		histogram = prepare(&self->twin, pass, size, known);
		histogram->kind = kind;
		histogram->verb = verb;
		dirty_stack(self->fd, pass);
		EXPECT_EQ(0, control_ioctl(self->fd, KVS_IOC_HISTOGRAM,
					   histogram));
	}
	unused = KVS_HISTOGRAM_BUCKETS - histogram->out_buckets;
	EXPECT_TRUE(is_zero(histogram->out_count + histogram->out_buckets,
			    unused * sizeof(histogram->out_count[0])));
	EXPECT_EQ(known, twin_written(&self->twin, 0, known));
	expect_tail(_metadata, &self->twin, size, known);
}

TEST_F(answer, histogram)
{
	const __u32 size = sizeof(struct kvs_histogram);
	size_t i;

	for (i = 0; i < TAILS; i++) {
		check_histogram(_metadata, self, KVS_HISTOGRAM_SIZE, 0,
				size + tails[i]);
		check_histogram(_metadata, self, KVS_HISTOGRAM_LAG, 0,
				size + tails[i]);
		check_histogram(_metadata, self, KVS_HISTOGRAM_LATENCY, KVS_GET,
				size + tails[i]);
	}
}

TEST_F(answer, bind)
{
	const size_t known = sizeof(struct kvs_bind);
	const size_t behind = known - offsetof(struct kvs_bind, store_name);
	struct kvs_bind *bind;
	int fd, pass;
	size_t i;

	for (i = 0; i < TAILS; i++) {
		for (pass = 0; pass < 2; pass++) {
			bind = prepare(&self->twin, pass, known + tails[i],
				       known);
			memset(bind->store_name, 0, behind);
			fd = control_open(O_RDWR);
			dirty_stack(self->fd, pass);
			EXPECT_EQ(0, control_ioctl(fd, KVS_IOC_BIND, bind));
			close(fd);
		}
		EXPECT_EQ(known, twin_written(&self->twin, 0, known));
		EXPECT_EQ(0U, bind->out_flags);
		EXPECT_TRUE(is_zero(bind->store_name, behind));
		expect_tail(_metadata, &self->twin, known + tails[i], known);
	}
}

TEST_F(answer, restrict)
{
	const size_t known = sizeof(struct kvs_restrict);
	struct kvs_restrict *restrict_to;
	size_t i;
	int pass;

	for (i = 0; i < TAILS; i++) {
		for (pass = 0; pass < 2; pass++) {
			restrict_to = prepare(&self->twin, pass,
					      known + tails[i], known);
			restrict_to->rights = KVS_RIGHT_READ;
			dirty_stack(self->fd, pass);
			EXPECT_EQ(0, control_ioctl(self->fd, KVS_IOC_RESTRICT,
						   restrict_to));
			EXPECT_EQ(0, close(restrict_to->out_fd));
		}
		/* The same number is free again in the second pass */
		EXPECT_EQ(known, twin_written(&self->twin, 0, known));
		expect_tail(_metadata, &self->twin, known + tails[i], known);
	}
}

/* Outputs of what is refused before anything was done stay as they were. */
TEST_F(answer, refused)
{
	const size_t known = sizeof(struct kvs_restrict);
	struct kvs_restrict *restrict_to;
	struct kvs_bind *bind;
	struct kvs_info *info;
	int pass;

	for (pass = 0; pass < 2; pass++) {
		restrict_to = prepare(&self->twin, pass, known, known);
		restrict_to->rights = 0;
		EXPECT_EQ(-EINVAL, control_ioctl(self->fd, KVS_IOC_RESTRICT,
						 restrict_to));
	}
	EXPECT_EQ(TWIN_ROOM,
		  twin_untouched(&self->twin,
				 offsetof(struct kvs_restrict, out_fd)));
	for (pass = 0; pass < 2; pass++) {
		bind = prepare(&self->twin, pass, sizeof(*bind), sizeof(*bind));
		bind->store_number = 0;
		bind->reserved = 0;
		bind->store_name[0] = '/';
		EXPECT_EQ(-EINVAL, control_ioctl(self->fd, KVS_IOC_BIND, bind));
		/* What was read, as it was when the struct was filled */
		bind->store_name[0] = twin_pattern(pass);
		memset(&bind->store_number, twin_pattern(pass), 8);
	}
	EXPECT_EQ(TWIN_ROOM, twin_untouched(&self->twin, 8));
	for (pass = 0; pass < 2; pass++) {
		info = prepare(&self->twin, pass, sizeof(*info) - 1,
			       sizeof(*info));
		EXPECT_EQ(-EINVAL, control_ioctl(self->fd, KVS_IOC_INFO, info));
	}
	EXPECT_EQ(TWIN_ROOM, twin_untouched(&self->twin, 8));
}

TEST_HARNESS_MAIN
