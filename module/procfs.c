// SPDX-License-Identifier: GPL-2.0-only
/*
 * /proc/kvs: a block of "label: value" lines per store, the first one "store:
 * NAME", blocks separated by an empty line; documented in ABI-procfs-kvs beside
 * this file. Labels may be added; programs should look for those they know.
 */
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <linux/user_namespace.h>

#include "figures.h"
#include "procfs.h"
#include "store.h"

static int kvs_procfs_show_store(struct kvs_store *store, void *data)
{
	struct kvs_store_snapshot snap;
	struct seq_file *m = data;
	int i;

	kvs_store_snapshot(store, &snap);
	if (m->count)
		seq_putc(m, '\n');
	seq_printf(m, "store: %s\n", store->name);
	seq_printf(m, "number: %u\n", store->account.number);
	for (i = 0; i < KVS_FIGURES; i++)
		seq_printf(m, "%s: %llu\n", kvs_figures[i].label,
			   kvs_figure_value(&kvs_figures[i], &snap));
	return 0;
}

static int kvs_procfs_show(struct seq_file *m, void *unused)
{
	/* The stores that there are belong to the initial user namespace. */
	if (seq_user_ns(m) != &init_user_ns)
		return 0;
	return kvs_store_for_each(kvs_procfs_show_store, m);
}

int kvs_procfs_init(void)
{
	if (!proc_create_single("kvs", 0444, NULL, kvs_procfs_show))
		return -ENOMEM;
	return 0;
}

void kvs_procfs_exit(void)
{
	remove_proc_entry("kvs", NULL);
}
