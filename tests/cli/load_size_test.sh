#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# load of many lines, each of which is read back.

TESTS=$(cd "$(dirname "$0")" && pwd)
. "$TESTS/lib.sh"

reload
LINES=$KVS_SIZE_CLI_LOAD_LINES
GETS=20

awk -v lines="$LINES" 'BEGIN {
	for (i = 0; i < lines; i++)
		print "user:" i "\tvalue " i " of " i * 7919 % 100003
}' >file

testing "$LINES lines"
run kvs load file
status_is 0
error_lines 1
error_has "^loaded $LINES entries in [0-9.]* s ([0-9,]*/s)\$"

testing "are as many entries"
run kvs stats
output_has "^entries: $LINES\$"
output_has "^puts: $LINES\$"

testing "$GETS of them have their values"
awk -v every=$((LINES / GETS)) 'NR % every == 1' file >some
while IFS=$(printf '\t') read -r key value; do
	value_is "$key" "$value"
done <some

testing "loaded again they replace each other"
run kvs load file
status_is 0
run kvs stats
output_has "^entries: $LINES\$"
output_has "^puts: $((2 * LINES))\$"

finished
