# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Sourced by the tests of the command line. A test is
#
#   testing "get of a missing key"
#   run kvs get missing
#   status_is 1
#   output_is ''
#   error_is "kvs: missing: not found"
#
# and the file ends with `finished`. Tests print TAP; what a check expected and
# what it found comes before the test's line.

T=$(mktemp -d)
trap 'rm -rf "$T"' EXIT
cd "$T" || exit 1

unset KVS_STORE
MODULE=/lib/modules/kvs.ko
NEWLINE='
'
TEST_NUMBER=0
TEST_NAME=
TEST_FAILED=

judge() {
	[ -n "$TEST_NAME" ] || return 0
	TEST_NUMBER=$((TEST_NUMBER + 1))
	if [ -n "$TEST_FAILED" ]; then
		echo "not ok $TEST_NUMBER $TEST_NAME"
	else
		echo "ok $TEST_NUMBER $TEST_NAME"
	fi
}

testing() {
	judge
	TEST_NAME=$1
	TEST_FAILED=
}

finished() {
	testing ''
	echo "1..$TEST_NUMBER"
}

# fail WHAT...: the test fails, and goes on
fail() {
	TEST_FAILED=1
	echo "# ${RAN:-}"
	printf '%s\n' "$*" | sed 's/^/#   /'
}

# run COMMAND...: its status, its output in the file out, its errors in err
run() {
	RAN="$*"
	"$@" >"$T/out" 2>"$T/err" </dev/null
	STATUS=$?
}

# run_on FILE COMMAND...: with FILE as standard input
run_on() {
	RUN_INPUT=$1
	shift
	RAN="$*"
	"$@" >"$T/out" 2>"$T/err" <"$RUN_INPUT"
	STATUS=$?
}

# start COMMAND...: as run does, in the background, from when it wrote something
start() {
	RAN="$*, in the background"
	rm -f "$T/out"
	"$@" >"$T/out" 2>"$T/err" </dev/null &
	STARTED=$!
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		[ -s "$T/out" ] || sleep 0.5
	done
}

# ended: waits until what was started has ended
ended() {
	wait "$STARTED"
	STATUS=$?
}

# run_as USER COMMAND...: words without blanks
run_as() {
	RUN_USER=$1
	shift
	run su -s /bin/sh "$RUN_USER" -c "$*"
}

# on_terminal COMMANDS: shell commands whose standard streams are a terminal;
# what it got stands in the file terminal, with a newline for \r and \r\n.
# Among busybox's commands telnetd is the one that has a terminal to give. It
# must not see the end of its input before the commands have ended.
on_terminal() {
	RAN="$1, on a terminal"
	printf '#!/bin/sh\n%s\n' "$1" >"$T/session"
	chmod +x "$T/session"
	[ -p "$T/hold" ] || mkfifo "$T/hold"
	telnetd -i -l "$T/session" <>"$T/hold" 2>&1 | tr -s '\r' '\n' |
		tr -s '\n' >"$T/terminal"
}

# For preparations: COMMAND... must succeed.
must() {
	"$@" >"$T/must" 2>&1 || fail "failed: $*" "$(cat "$T/must")"
}

status_is() {
	[ "$STATUS" = "$1" ] ||
		fail "status $STATUS instead of $1" "$(head -n 5 "$T/err")"
}

# same_bytes WHAT FILE WANTED_FILE
same_bytes() {
	cmp -s "$2" "$3" ||
		fail "$1 is:" "$(head -c 600 "$2" | hexdump -C)" \
			"instead of:" "$(head -c 600 "$3" | hexdump -C)"
}

# holds FILE TEXT [NEWLINE]: FILE has this one line, or text without a newline,
# and nothing else. A process for it would cost as much as what is tested.
holds() {
	{
		HOLDS_END=
		IFS= read -r HOLDS_LINE && HOLDS_END=$NEWLINE
		IFS= read -r HOLDS_REST && HOLDS_REST="more"
	} <"$1"
	[ "$HOLDS_LINE$HOLDS_END$HOLDS_REST" = "$2${3-}" ]
}

# output_is TEXT: exactly, no newline is added
output_is() {
	holds "$T/out" "$1" && return
	printf '%s' "$1" >"$T/wanted"
	same_bytes output "$T/out" "$T/wanted"
}

# output_line_is TEXT: one line
output_line_is() {
	holds "$T/out" "$1" "$NEWLINE" && return
	printf '%s\n' "$1" >"$T/wanted"
	same_bytes output "$T/out" "$T/wanted"
}

output_file_is() {
	same_bytes output "$T/out" "$1"
}

# output_has REGEX: a line of the output is like this
output_has() {
	grep -q -- "$1" "$T/out" ||
		fail "no line of the output is like '$1':" "$(cat "$T/out")"
}

# error_is TEXT: the one line on standard error
error_is() {
	holds "$T/err" "$1" "$NEWLINE" && return
	printf '%s\n' "$1" >"$T/wanted"
	same_bytes "standard error" "$T/err" "$T/wanted"
}

no_error() {
	[ ! -s "$T/err" ] || fail "standard error is:" "$(cat "$T/err")"
}

# error_has REGEX: a line of standard error is like this
error_has() {
	grep -q -- "$1" "$T/err" ||
		fail "no line of standard error is like '$1':" "$(cat "$T/err")"
}

# error_lines N: standard error has so many lines
error_lines() {
	ERROR_LINES=$(wc -l <"$T/err")
	[ "$ERROR_LINES" -eq "$1" ] ||
		fail "standard error has $ERROR_LINES lines instead of $1:" \
			"$(head -n 20 "$T/err")"
}

# done_with [TEXT]: success, this output exactly, no error
done_with() {
	status_is 0
	output_is "${1-}"
	no_error
}

# refused STATUS TEXT: this status, no output, this one line
refused() {
	status_is "$1"
	output_is ''
	error_is "$2"
}

# value_is KEY TEXT
value_is() {
	run kvs get "$1"
	done_with "$2"
}

# The output must be one JSON object; its members NAME=VALUE then stand in the
# file json and in JSON, a line each.
json() {
	if ! awk -f "$TESTS/json.awk" "$T/out" >"$T/json"; then
		fail "$(cat "$T/json")"
	fi
	JSON=$NEWLINE
	JSON_NAMES=
	while IFS= read -r JSON_MEMBER; do
		JSON=$JSON$JSON_MEMBER$NEWLINE
		JSON_MEMBER=${JSON_MEMBER%%\"=*}
		JSON_NAMES="$JSON_NAMES ${JSON_MEMBER#\"}"
	done <"$T/json"
}

# json_is NAME VALUE: as it is written in JSON
json_is() {
	case $JSON in
	*"$NEWLINE\"$1\"=$2$NEWLINE"*) ;;
	*) fail "JSON has no $1 that is $2:" "$JSON" ;;
	esac
}

# json_names NAME...: the members, in this order
json_names() {
	[ "$JSON_NAMES" = " $*" ] ||
		fail "JSON has the members$JSON_NAMES instead of $*"
}

# json_number NAME: the number of that name, into NUMBER
json_number() {
	NUMBER=${JSON#*"$NEWLINE\"$1\"="}
	NUMBER=${NUMBER%%"$NEWLINE"*}
}

# field LABEL: the value behind a label of the output
field() {
	sed -n "s/^$1: //p" "$T/out"
}

# repeated BYTES TEXT: a text of that length, repeating TEXT
repeated() {
	REPEATED=$2
	REPEATED_LEFT=$1
	while [ ${#REPEATED} -lt "$1" ] && [ ${#REPEATED} -lt 65536 ]; do
		REPEATED=$REPEATED$REPEATED
	done
	while [ "$REPEATED_LEFT" -gt ${#REPEATED} ]; do
		printf '%s' "$REPEATED"
		REPEATED_LEFT=$((REPEATED_LEFT - ${#REPEATED}))
	done
	printf "%.${REPEATED_LEFT}s" "$REPEATED"
}

# reload: an empty store
reload() {
	must rmmod kvs
	must insmod "$MODULE"
}

# reload_with PARAMETER...: an empty store, with these parameters of the module
reload_with() {
	must rmmod kvs
	must insmod "$MODULE" "$@"
}
