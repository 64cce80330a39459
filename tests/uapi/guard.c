// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>
#include <sys/mman.h>

#include "guard.h"

static char *map(size_t pages)
{
	char *base = mmap(NULL, pages * GUARD_PAGE, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return base == MAP_FAILED ? NULL : base;
}

char *guard_alloc(size_t pages)
{
	char *base = map(pages + 1);

	if (!base)
		return NULL;
	if (mprotect(base + pages * GUARD_PAGE, GUARD_PAGE, PROT_NONE)) {
		guard_free(base, pages);
		return NULL;
	}
	return base;
}

void guard_free(char *base, size_t pages)
{
	munmap(base, (pages + 1) * GUARD_PAGE);
}

void *guard_read_only(const void *data, size_t len)
{
	char *page = map(1);

	if (!page)
		return NULL;
	memcpy(page, data, len);
	if (mprotect(page, GUARD_PAGE, PROT_READ)) {
		munmap(page, GUARD_PAGE);
		return NULL;
	}
	return page;
}

void *guard_hole(void)
{
	char *page = map(1);

	if (page)
		munmap(page, GUARD_PAGE);
	return page;
}
