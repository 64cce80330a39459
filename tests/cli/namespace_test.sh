#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# User namespaces: stores of their own, which kvs hold keeps alive.

TESTS=$(cd "$(dirname "$0")" && pwd)
. "$TESTS/lib.sh"

MADE="kvs: store 'default' was made now, and ends with its last user: see 'kvs help hold'"

# inside COMMANDS: shell commands in a user namespace of their own
inside() {
	run unshare -r sh -c "$1"
}

# appears FILE: waits for it
appears() {
	APPEARS_TRIES=200
	while [ ! -e "$1" ]; do
		APPEARS_TRIES=$((APPEARS_TRIES - 1))
		if [ $APPEARS_TRIES = 0 ]; then
			fail "$1 does not appear"
			return
		fi
		sleep 0.1
	done
}

# container: one that has the store inside with a key, until the file end appears
container() {
	rm -f ready end
	cat >in_container <<-END
		kvs store create inside
		kvs put key contained --store inside
		: >$T/ready
		while [ ! -e $T/end ]; do sleep 0.1; done
	END
	unshare -r kvs hold -- sh ./in_container &
	appears ready
}

container_ends() {
	: >end
	wait
}

testing "nothing of the host is seen"
must kvs put n-key host
must kvs store create n-host
inside 'kvs store list --json'
status_is 0
no_error
json
json_is stores '[]'
inside 'kvs get n-key --store n-host'
refused 3 "kvs: there is no store 'n-host': 'kvs store list' lists those there are"

testing "default is made, which is said"
inside 'kvs get n-key'
status_is 1
output_is ''
error_lines 2
error_has "^$MADE\$"
error_has '^kvs: n-key: not found$'

testing "what nobody holds is gone"
inside 'kvs put key v 2>/dev/null; kvs get key'
status_is 1
error_has '^kvs: key: not found$'

testing "hold keeps it, without a word"
inside 'kvs hold -- sh -c "kvs put key v && kvs get key"'
done_with v
inside 'kvs hold kvs stats'
status_is 0
no_error
output_has '^store: default$'
value_is n-key host

testing "a store that ends at once"
inside 'kvs store create n-short'
refused 3 "kvs: store 'n-short' ended at once with the last handle of this user namespace: keep it by 'kvs hold'"
inside 'kvs hold -- kvs store create n-short'
done_with
inside 'kvs hold -- sh -c "kvs store create n-short; kvs put k v --store n-short; kvs get k --store n-short"'
done_with v

testing "hold returns the status of its command"
run kvs hold -- sh -c 'exit 41'
status_is 41
run kvs hold -- sh -c 'kill -9 $$'
status_is 137
run kvs hold -- true
done_with
run kvs hold -- no-such-command
refused 127 "kvs: cannot run no-such-command: No such file or directory"
run kvs hold -- /dev/null
refused 126 "kvs: cannot run /dev/null: Permission denied"

testing "hold passes signals on"
rm -f ready
# shellcheck disable=SC2016 # of the inner shell
kvs hold -- sh -c 'trap "exit 7" TERM; : >ready; while :; do sleep 0.1; done' &
HOLDER=$!
appears ready
kill -TERM $HOLDER
wait $HOLDER
HELD=$?
[ $HELD = 7 ] || fail "status $HELD instead of 7"

testing "hold without a command waits for a signal"
kvs hold >held 2>err &
HOLDER=$!
while [ ! -s held ]; do sleep 0.1; done
echo 'holding default' >wanted
same_bytes "what hold says" held wanted
if rmmod kvs 2>rmmod.err; then
	fail "the module went away under it"
	must insmod "$MODULE"
fi
kill -TERM $HOLDER
wait $HOLDER
HELD=$?
[ $HELD = 0 ] || fail "status $HELD instead of 0"
no_error

testing "hold --json"
kvs hold --json >out 2>err &
HOLDER=$!
while [ ! -s out ]; do sleep 0.1; done
json
json_names store made
json_is made false
kill -TERM $HOLDER
wait $HOLDER

testing "the host lists all"
container
run kvs store list
! grep -q ' inside$' out || fail "the host's list has a container's store"
run kvs store list --all
output_has ' inside$'
output_has ' default (ordered)$'
NUMBER=$(awk '$NF == "inside" { print $1 }' out)
run kvs get key --store inside
refused 3 "kvs: there is no store 'inside': 'kvs store list' lists those there are"

testing "the host reaches it by its number"
run kvs get key --store "#$NUMBER"
done_with contained
run kvs stats --store "#$NUMBER"
output_has '^store: inside$'
output_has '^entries: 1$'
run kvs store alter "#$NUMBER" --max-entries 1
done_with
run kvs put another v --store "#$NUMBER"
status_is 3
[ ! -e "/sys/class/misc/kvs/stores/$NUMBER" ] ||
	fail "sysfs shows a container's store"

testing "another namespace does not"
inside "kvs get key --store '#$NUMBER'"
refused 3 "kvs: store '#$NUMBER': permission denied: only root of the host uses numbers; use the name"
inside 'kvs store list --all'
refused 3 "kvs: permission denied: only root of the host lists all user namespaces; leave out --all"
inside 'kvs get key --store inside'
status_is 3

testing "it ends with its last handle"
container_ends
run kvs store list --all
! grep -q ' inside$' out || fail "$(cat out)"
run kvs get key --store "#$NUMBER"
status_is 3
run kvs get key --store n-host
refused 1 "kvs: key: not found"

testing "destroy of a container's default"
inside 'kvs hold -- sh -c "kvs store destroy default && kvs store list --json"'
status_is 0
json
json_is stores '[]'

testing "a user's namespace"
chmod 755 "$T"
must kvs store destroy n-host
reload_with mode=0660 gid=1000
must kvs put n-key host
run_as kvs "unshare -r kvs hold -- sh -c 'kvs put k v && kvs get k'"
done_with v
run_as kvs "unshare -r kvs hold -- sh -c 'kvs info; kvs store list'"
status_is 0
output_has '^rights: read write count list admin$'
output_has ' 0  *0 .* default (ordered)$'
run_as kvs "unshare -r kvs hold -- kvs get n-key"
refused 1 "kvs: n-key: not found"
value_is n-key host

testing "a user who may make no store"
reload_with mode=0660 gid=1000 user_stores=0
run_as kvs "unshare -r kvs get k"
refused 3 "kvs: store 'default' would have to be made, and you have as many as you may: 'kvs store destroy' one"
reload

finished
