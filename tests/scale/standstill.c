// SPDX-License-Identifier: GPL-2.0-only
#include <sys/sysinfo.h>
#include <unistd.h>

#include "many.h"
#include "standstill.h"

#define NAP_US 1000

static void *watch_main(void *arg)
{
	struct standstill_watch *watch = arg;
	uint64_t last, late;

	pin_to(watch->cpu);
	while (!__atomic_load_n(watch->stop, __ATOMIC_SEQ_CST)) {
		last = boottime();
		usleep(NAP_US);
		late = boottime() - last - NAP_US * 1000;
		if (late >= watch->least)
			watch->stood += late;
	}
	return NULL;
}

static int watch_start(struct standstill *still, int cpu, uint64_t least)
{
	struct standstill_watch *watch = &still->watches[cpu];

	*watch = (struct standstill_watch){
		.cpu = cpu,
		.least = least,
		.stop = &still->stop,
	};
	return -pthread_create(&watch->thread, NULL, watch_main, watch);
}

int standstill_start(struct standstill *still, uint64_t least)
{
	int cpus = get_nprocs(), ret = 0;

	still->stop = false;
	for (still->count = 0; still->count < cpus; still->count++) {
		if (still->count == STANDSTILL_CPUS)
			break;
		ret = watch_start(still, still->count, least);
		if (ret)
			break;
	}
	return ret;
}

uint64_t standstill_stop(struct standstill *still)
{
	uint64_t stood = 0;

	__atomic_store_n(&still->stop, true, __ATOMIC_SEQ_CST);
	while (still->count--) {
		pthread_join(still->watches[still->count].thread, NULL);
		stood += still->watches[still->count].stood;
	}
	return stood;
}
