// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every allocation of open(), of the control ioctls and of the module's own
 * making fails once, and nothing is left of what was half made.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "control.h"
#include "module.h"
#include "request.h"
#include "trial.h"

FIXTURE(handle)
{
	int fd; /* what the command is called on */
	int files; /* open files, before the command */
	long refs; /* of the module */
};

FIXTURE_SETUP(handle)
{
	ASSERT_EQ(0, fault_below_module());
	self->fd = control_open_default(O_RDWR);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(handle)
{
	fault_anywhere();
	close(self->fd);
}

static int count_files(void)
{
	DIR *dir = opendir("/proc/self/fd");
	int count = 0;

	while (dir && readdir(dir))
		count++;
	if (dir)
		closedir(dir);
	return count;
}

static void note_handles(void *arg)
{
	struct _test_data_handle *self = arg;

	self->files = count_files();
	self->refs = module_refs();
}

static bool handles_unchanged(void *arg)
{
	struct _test_data_handle *self = arg;

	return self->files == count_files() && self->refs == module_refs();
}

static int run_open(void *arg)
{
	int fd = control_open(O_RDWR);

	(void)arg;
	if (fd < 0)
		return fd;
	close(fd);
	return 0;
}

static int run_bind(void *arg)
{
	struct _test_data_handle *self = arg;
	struct kvs_bind bind;

	return control_bind(self->fd, "default", &bind);
}

static int run_restrict(void *arg)
{
	struct _test_data_handle *self = arg;
	int fd = control_restrict(self->fd, KVS_RIGHT_READ);

	if (fd < 0)
		return fd;
	close(fd);
	return 0;
}

static int run_info(void *arg)
{
	struct _test_data_handle *self = arg;
	struct kvs_info info;

	return control_info(self->fd, &info);
}

static void try_control(struct __test_metadata *_metadata,
			struct _test_data_handle *self, const char *name,
			int (*run)(void *arg), bool allocates)
{
	const struct trial trial = {
		.door = "control",
		.name = name,
		.allocates = allocates,
		.before = note_handles,
		.run = run,
		.unchanged = handles_unchanged,
		.arg = self,
	};

	trial_run(_metadata, &trial);
}

TEST_F(handle, open)
{
	try_control(_metadata, self, "open", run_open, true);
}

/* Another handle keeps what the two pay with. */
TEST_F(handle, bind)
{
	int other = control_open_default(O_RDWR);

	close(self->fd);
	self->fd = control_open(O_RDWR);
	try_control(_metadata, self, "bind", run_bind, false);
	close(other);
}

TEST_F(handle, restrict)
{
	try_control(_metadata, self, "restrict", run_restrict, true);
}

TEST_F(handle, info)
{
	try_control(_metadata, self, "info", run_info, false);
}

#define KEY "fail.size"

static unsigned int attempt;

static void no_entry(void *arg)
{
	struct _test_data_handle *self = arg;

	control_request(self->fd, req_delete(KEY));
}

/*
 * Each time an entry of a size that nothing else here has: a share of a slab of
 * 32 KiB, less key, reference count and what each entry of default has.
 */
static int run_put(void *arg)
{
	struct _test_data_handle *self = arg;
	size_t len = 32768 / (30 - attempt++) / 16 * 16 - (48 + 24 + 16 + 8);
	static char value[8000];

	return control_request(self->fd, req_put(KEY, value, len));
}

static bool still_no_entry(void *arg)
{
	struct _test_data_handle *self = arg;

	return control_request(self->fd, req_get(KEY, NULL, 0)) == -ENOENT;
}

/*
 * The first entry of its size has a cache made for it. What fails below
 * sysfs_slab_add() the kernel itself does not give back.
 */
TEST_F(handle, new_size)
{
	const struct trial trial = {
		.door = "ioctl",
		.name = "first of its size",
		.allocates = true,
		.first = true,
		.before = no_entry,
		.run = run_put,
		.unchanged = still_no_entry,
		.arg = self,
	};

	ASSERT_EQ(0, fault_not_below("sysfs_slab_add"));
	module_allow_log("__kmem_cache_create_args(kvs-");
	module_allow_log("Call Trace:");
	trial_run(_metadata, &trial);
	EXPECT_LT(4U, attempt);
	EXPECT_GT(15U, attempt);
	no_entry(self);
}

#define STORE "fail.nth"

static int open_store(void)
{
	struct kvs_bind bind;
	int fd = control_open(O_RDWR);
	int ret = control_bind(fd, STORE, &bind);

	if (ret) {
		close(fd);
		return ret;
	}
	return fd;
}

static int act(int fd, unsigned int number)
{
	struct kvs_act act = { .size = sizeof(act) };

	return control_ioctl(fd, number, &act);
}

static void no_store(void *arg)
{
	int fd = open_store();

	if (fd >= 0) {
		act(fd, KVS_IOC_DESTROY);
		close(fd);
	}
	note_handles(arg);
}

static int run_create(void *arg)
{
	struct _test_data_handle *self = arg;
	struct kvs_create create = {
		.size = sizeof(create),
		.store_name = STORE,
	};

	return control_ioctl(self->fd, KVS_IOC_CREATE, &create);
}

static bool still_no_store(void *arg)
{
	return open_store() == -ENOENT && handles_unchanged(arg);
}

TEST_F(handle, create)
{
	const struct trial trial = {
		.door = "control",
		.name = "create",
		.allocates = true,
		.before = no_store,
		.run = run_create,
		.unchanged = still_no_store,
		.arg = self,
	};

	/* It does without them, and says so */
	module_allow_log("kvs: store " STORE ": no statistics in sysfs");
	trial_run(_metadata, &trial);
	no_store(self);
}

static void full_store(void *arg)
{
	struct _test_data_handle *self = arg;

	control_request(self->fd, req_put_str(STORE, "v"));
}

static int run_flush(void *arg)
{
	struct _test_data_handle *self = arg;

	return act(self->fd, KVS_IOC_FLUSH);
}

static bool still_full(void *arg)
{
	struct _test_data_handle *self = arg;

	return !control_request(self->fd, req_get(STORE, NULL, 0));
}

TEST_F(handle, flush)
{
	const struct trial trial = {
		.door = "control",
		.name = "flush",
		.allocates = true,
		.before = full_store,
		.run = run_flush,
		.unchanged = still_full,
		.arg = self,
	};

	ASSERT_EQ(0, run_create(self));
	close(self->fd);
	self->fd = open_store();
	ASSERT_LE(0, self->fd);
	trial_run(_metadata, &trial);
	EXPECT_EQ(0, act(self->fd, KVS_IOC_DESTROY));
}

static int measure(int fd, bool on)
{
	struct kvs_measure measure = { .size = sizeof(measure), .latency = on };

	return control_ioctl(fd, KVS_IOC_MEASURE, &measure);
}

/* How many buckets GETs are counted in; -1 where it cannot be told. */
static int measured(int fd)
{
	struct kvs_histogram histogram = {
		.size = sizeof(histogram),
		.kind = KVS_HISTOGRAM_LATENCY,
		.verb = KVS_GET,
	};

	if (control_ioctl(fd, KVS_IOC_HISTOGRAM, &histogram))
		return -1;
	return histogram.out_buckets;
}

static void not_measured(void *arg)
{
	struct _test_data_handle *self = arg;

	measure(self->fd, false);
}

static int run_measure(void *arg)
{
	struct _test_data_handle *self = arg;

	return measure(self->fd, true);
}

static bool still_not_measured(void *arg)
{
	struct _test_data_handle *self = arg;

	return !measured(self->fd);
}

TEST_F(handle, measure)
{
	const struct trial trial = {
		.door = "control",
		.name = "measure",
		.allocates = true,
		.before = not_measured,
		.run = run_measure,
		.unchanged = still_not_measured,
		.arg = self,
	};

	trial_run(_metadata, &trial);
	ASSERT_EQ(0, measure(self->fd, true));
	EXPECT_EQ(KVS_HISTOGRAM_BUCKETS, measured(self->fd));
	not_measured(self);
}

FIXTURE(load)
{
	char params[256];
};

FIXTURE_SETUP(load)
{
	module_params(self->params, sizeof(self->params));
	ASSERT_EQ(0, fault_below_initcalls());
}

FIXTURE_TEARDOWN(load)
{
	fault_anywhere();
	if (!module_is_loaded())
		EXPECT_EQ(0, module_load(self->params));
}

static void unload(void *arg)
{
	(void)arg;
	if (module_is_loaded())
		module_unload_soon();
}

static int load(void *arg)
{
	struct _test_data_load *self = arg;

	return module_load(self->params);
}

static bool nothing_remains(void *arg)
{
	const char *path = module_remains();

	(void)arg;
	if (path)
		printf("# there is %s\n", path);
	return !path;
}

/*
 * Store, /proc/kvs, /dev/kvs and the figures are made one after the other; with
 * each allocation another part of that has to be undone.
 */
TEST_F_TIMEOUT(load, every_step, 500)
{
	const struct trial trial = {
		.door = "module",
		.name = "load",
		.allocates = true,
		.before = unload,
		.run = load,
		.unchanged = nothing_remains,
		.arg = self,
	};

	/* It does without them, and says so */
	module_allow_log("kvs: no statistics in sysfs");
	trial_run(_metadata, &trial);
	EXPECT_TRUE(module_is_loaded());
}

int main(int argc, char **argv)
{
	return trial_main(argc, argv);
}
