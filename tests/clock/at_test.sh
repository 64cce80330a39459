#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# --at is a time of the wall clock as it stands when the command runs; what the
# clock does later changes nothing.

TESTS=$(cd "$(dirname "$0")" && pwd)
. "$TESTS/lib.sh"

HOUR=3600
# A slow machine may take that long from a put to the look at it.
SLACK=120

# left_is KEY SECONDS: the time that KEY has left
left_is() {
	run kvs stat "$1" --json
	status_is 0
	json
	json_number ttl_ns
	if [ "$NUMBER" -gt $(($2 * 1000000000)) ] ||
		[ "$NUMBER" -le $((($2 - SLACK) * 1000000000)) ]; then
		fail "$1 has $NUMBER ns left instead of $2 s"
	fi
}

# step_clock SECONDS
step_clock() {
	must date -s "@$(($(date +%s) + $1))"
}

testing "put --at, and the clock goes an hour forward"
must kvs put at-first v --at "@$(($(date +%s) + 2 * HOUR))"
left_is at-first $((2 * HOUR))
step_clock $HOUR
left_is at-first $((2 * HOUR))

testing "put --at by the new time"
must kvs put at-second v --at "@$(($(date +%s) + 2 * HOUR))"
left_is at-second $((2 * HOUR))
must kvs touch at-first --at "@$(($(date +%s) + 3 * HOUR))"
left_is at-first $((3 * HOUR))

testing "put --at for a time that the step has passed"
PASSED=@$(($(date +%s) - HOUR / 2))
run kvs put at-third v --at "$PASSED"
refused 2 "kvs put: --at '$PASSED' is past: 'kvs del' removes at once (see 'kvs help put')"

testing "and the clock goes back"
step_clock -$HOUR
left_is at-first $((3 * HOUR))
left_is at-second $((2 * HOUR))

testing "put --at for that time, which is to come again"
must kvs put at-third v --at "$PASSED"
left_is at-third $((HOUR / 2))

finished
