// SPDX-License-Identifier: GPL-2.0-only
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "figures.h"

#define STORE_DIR "/sys/class/misc/kvs/stores/0/"

/* A grace period takes longer where every access is checked. */
#define PATIENCE_MS 20000

__u64 figure(const char *name)
{
	char path[80], text[32] = "";
	ssize_t len;
	int fd;

	snprintf(path, sizeof(path), STORE_DIR "%s", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return ~0ULL;
	len = read(fd, text, sizeof(text) - 1);
	close(fd);
	return len > 0 ? strtoull(text, NULL, 10) : ~0ULL;
}

bool figure_becomes(const char *name, __u64 want)
{
	int ms;

	for (ms = 0; ms < PATIENCE_MS; ms++) {
		if (figure(name) == want)
			return true;
		usleep(1000);
	}
	printf("# %s is %llu, not %llu\n", name, figure(name), want);
	return false;
}

struct figures figures_now(void)
{
	figures_settle();
	return (struct figures){
		.entries = figure("entries"),
		.bytes = figure("bytes"),
	};
}

bool figures_return(const struct figures *before)
{
	bool settled = figures_settle();
	bool bytes = figure_becomes("bytes", before->bytes);

	return settled && bytes && figure_becomes("entries", before->entries);
}
