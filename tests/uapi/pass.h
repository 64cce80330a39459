/* SPDX-License-Identifier: GPL-2.0-only */
/* Descriptors that travel through a socket. */
#ifndef KVS_TEST_PASS_H
#define KVS_TEST_PASS_H

void pass_send(int socket, int fd);

/* A descriptor, or -1. */
int pass_receive(int socket);

#endif /* KVS_TEST_PASS_H */
