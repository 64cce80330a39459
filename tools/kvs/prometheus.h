/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Figures in the text format that Prometheus reads.
 */
#ifndef KVS_TOOL_PROMETHEUS_H
#define KVS_TOOL_PROMETHEUS_H

struct samples;

void prometheus_print(const struct samples *samples);

#endif /* KVS_TOOL_PROMETHEUS_H */
