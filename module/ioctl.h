/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _KVS_IOCTL_H
#define _KVS_IOCTL_H

struct file;

/**
 * kvs_ioctl() - the ioctl front door
 * @file: an open file of the device
 * @cmd: KVS_IOC_*
 * @arg: address of its struct
 *
 * Context: may sleep.
 *
 * Return: 0 or a negative errno of the ABI.
 */
long kvs_ioctl(struct file *file, unsigned int cmd, unsigned long arg);

#endif /* _KVS_IOCTL_H */
