// SPDX-License-Identifier: GPL-2.0-only
/*
 * init of the test guest: mounts what programs expect, loads the module, does
 * the job that the host put into the initramfs, reports and powers off. It is
 * the only process of which the host believes a word.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "init.h"

struct mount {
	const char *type;
	const char *where;
	const char *options;
	bool needed;
};

static const struct mount mounts[] = {
	{ "devtmpfs", "/dev", NULL, true },
	{ "proc", "/proc", NULL, true },
	{ "sysfs", "/sys", NULL, true },
	{ "devpts", "/dev/pts", "mode=620,ptmxmode=666", true },
	{ "tmpfs", "/dev/shm", "mode=1777", true },
	{ "tmpfs", "/tmp", "mode=1777", true },
	{ "tmpfs", "/run", "mode=755", true },
	{ "cgroup2", "/sys/fs/cgroup", NULL, false },
	{ "tracefs", "/sys/kernel/tracing", NULL, false },
	{ "debugfs", "/sys/kernel/debug", NULL, false },
};

long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

noreturn void power_off(void)
{
	sync();
	reboot(RB_POWER_OFF);
	for (;;)
		pause();
}

/*
 * Something that must not go wrong did. The host learns it from the missing
 * end of the report, and why from the console.
 */
noreturn void fail(const char *format, ...)
{
	va_list args;

	fputs("kvs-init: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	power_off();
}

static void link_to(const char *target, const char *path)
{
	if (symlink(target, path) && errno != EEXIST)
		fail("symlink %s: %m", path);
}

static void mount_all(void)
{
	const struct mount *m;
	size_t i;

	for (i = 0; i < sizeof(mounts) / sizeof(mounts[0]); i++) {
		m = &mounts[i];
		mkdir(m->where, 0755);
		if (mount(m->type, m->where, m->type, 0, m->options) &&
		    m->needed && errno != EBUSY)
			fail("mount %s: %m", m->where);
	}
	link_to("/proc/self/fd", "/dev/fd");
	link_to("/proc/self/fd/0", "/dev/stdin");
	link_to("/proc/self/fd/1", "/dev/stdout");
	link_to("/proc/self/fd/2", "/dev/stderr");
}

/* The kernel opened the console before there was a /dev. */
static void console_open(void)
{
	int fd = open("/dev/console", O_RDWR);

	if (fd < 0)
		return;
	dup2(fd, 0);
	dup2(fd, 1);
	dup2(fd, 2);
	if (fd > 2)
		close(fd);
}

/* A task that hangs shall show before the time for a test is over. */
static void watch_for_hangs(void)
{
	int fd = open("/proc/sys/kernel/hung_task_timeout_secs",
		      O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	if (write(fd, "45", 2) < 0)
		perror("hung_task_timeout_secs");
	close(fd);
}

static void load_drivers(const struct job *job)
{
	int i, err;

	for (i = 0; i < job->nr_drivers; i++) {
		err = module_load(job->drivers[i], NULL);
		if (err && err != -EEXIST)
			fail("%s: %s", job->drivers[i], strerror(-err));
	}
}

static void command_run(const struct job *job)
{
	char *const argv[] = { "/bin/sh", "-c", job->command, NULL };
	struct outcome out;

	program_run(argv, job->timeout, 0, &out);
	if (out.timed_out)
		report("trouble command did not end within %d s", job->timeout);
	if (out.stuck)
		report("trouble command left a process that cannot be killed");
	kmsg_complaints("command");
	report("status %d", out.status);
}

static void shell_run(const struct job *job)
{
	char command[80] = "exec sh -l";
	char *const argv[] = { "/bin/sh", "-c", command, NULL };
	struct outcome out;

	if (job->rows && job->columns)
		snprintf(command, sizeof(command),
			 "stty rows %d columns %d; exec sh -l", job->rows,
			 job->columns);
	program_run_on_tty(argv, &out);
	report("status %d", out.status);
}

static void job_run(const struct job *job)
{
	if (!strcmp(job->mode, "suite"))
		suite_run(job);
	else if (!strcmp(job->mode, "shell"))
		shell_run(job);
	else
		command_run(job);
}

int main(void)
{
	struct job job = { 0 };
	int err = 0;

	mount_all();
	console_open();
	umask(022);
	job_read(&job, "/job/lines");
	load_drivers(&job);
	ports_open(job.nonce);
	watch_for_hangs();
	kmsg_open();
	kmsg_skip();
	if (job.module)
		err = module_load(job.module, job.module_options);
	if (err)
		report("trouble load the module: %s", strerror(-err));
	else
		job_run(&job);
	report("done");
	power_off();
}
