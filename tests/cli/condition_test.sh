#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Conditions of put and del, versions and user flags.

TESTS=$(cd "$(dirname "$0")" && pwd)
. "$TESTS/lib.sh"

# version KEY: its version now
version() {
	kvs stat "$1" | sed -n 's/^version: //p'
}

testing "--create makes a key"
run kvs put c-create one --create
done_with
value_is c-create one

testing "--create does not overwrite"
run kvs put c-create two --create
refused 1 "kvs: c-create: exists already"
value_is c-create one

testing "--replace overwrites"
run kvs put c-create two --replace
done_with
value_is c-create two

testing "--replace does not make a key"
run kvs put c-replace one --replace
refused 1 "kvs: c-replace: not found: leave out --replace to make it"
run kvs get c-replace
status_is 1

testing "each change has a new version"
must kvs put c-version one
FIRST=$(version c-version)
must kvs put c-version two
SECOND=$(version c-version)
[ "$SECOND" -gt "$FIRST" ] || fail "version $SECOND follows $FIRST"

testing "put --if-version with the right one"
run kvs put c-version three --if-version "$SECOND"
done_with
value_is c-version three
THIRD=$(version c-version)

testing "put --if-version with an old one"
run kvs put c-version four --if-version "$SECOND"
refused 1 "kvs: c-version: its version is $THIRD, not $SECOND: read it again"
value_is c-version three

testing "put --if-version of a missing key"
run kvs put c-missing one --if-version 1
refused 1 "kvs: c-missing: not found"

testing "put --if-version 0 matches nothing"
run kvs put c-version four --if-version 0
refused 1 "kvs: c-version: its version is $THIRD, not 0: read it again"

testing "a version in hexadecimal"
run kvs put c-version five --if-version "$(printf '0x%x' "$THIRD")"
done_with
value_is c-version five
FIFTH=$(version c-version)

testing "del --if-version with an old one"
run kvs del c-version --if-version "$THIRD"
refused 1 "kvs: c-version: its version is $FIFTH, not $THIRD: read it again"
value_is c-version five

testing "del --if-version with the right one"
run kvs del c-version --if-version "$FIFTH"
done_with
run kvs get c-version
status_is 1

testing "del --if-version of a missing key"
run kvs del c-version --if-version "$FIFTH"
refused 1 "kvs: c-version: not found"

testing "put --if-eq: the value must be this one"
must kvs put c-eq one
run kvs put c-eq two --if-eq one
done_with
run kvs put c-eq three --if-eq one
refused 1 "kvs: c-eq: its value is another, of version $(version c-eq): read it again"
value_is c-eq two
run kvs put c-none three --if-eq ''
refused 1 "kvs: c-none: not found"

testing "put --if-eq of a counter"
must kvs put c-number 41 --counter
run kvs put c-number 42 --counter --if-eq 41
done_with
run kvs put c-number 43 --counter --if-eq 41
status_is 1
value_is c-number 42

testing "--if-eq compares 64 bytes, and no more"
LONG=$(repeated 64 x)
must kvs put c-eq "$LONG"
run kvs put c-eq short --if-eq "$LONG"
done_with
run kvs put c-eq v --if-eq "${LONG}x"
refused 2 "kvs put: --if-eq compares at most 64 bytes: use --if-version (see 'kvs help put')"

testing "del --if-eq"
run kvs del c-eq --if-eq other
refused 1 "kvs: c-eq: its value is another, of version $(version c-eq): read it again"
value_is c-eq short
run kvs del c-eq --if-eq short
done_with
run kvs del c-eq --if-eq short
refused 1 "kvs: c-eq: not found"

testing "--if-newer keeps the newest, in whatever order they come"
run kvs put c-newer ten --if-newer 10
done_with
run kvs put c-newer nine --if-newer 9
refused 1 "kvs: c-newer: is as new already: its application version is 10"
run kvs put c-newer ten --if-newer 10
status_is 1
run kvs put c-newer eleven --if-newer 11
done_with
value_is c-newer eleven
run kvs get c-newer --json
json
json_is app_version 11

testing "--if-newer with --replace does not bring back what was removed"
must kvs del c-newer
run kvs put c-newer late --if-newer 12 --replace
refused 1 "kvs: c-newer: not found: leave out --replace to make it"

testing "--old writes the value that was replaced"
run kvs put c-old one --old
done_with
run kvs put c-old two --old
done_with one
run kvs put c-old 3 --counter --old
done_with two
run kvs put c-old four --old --json
json
json_names store key kind version created old
json_is kind '"blob"'
json_is old 3
head -c 100000 /dev/urandom >large
run_on large kvs put c-old -
run kvs put c-old five --old
status_is 0
output_file_is large
value_is c-old five

testing "--old with a condition"
run kvs put c-old six --old --if-eq four
status_is 1
run kvs put c-old six --old --if-eq five
done_with five
run kvs put c-old seven --old --if-version "$(version c-old)"
done_with six

testing "user flags are kept, and replaced by the next put"
must kvs put c-flags v --user-flags 0xdeadbeef
run kvs stat c-flags
output_has '^user_flags: 0xdeadbeef$'
run kvs get c-flags --json
json
json_is user_flags 3735928559
must kvs put c-flags v
run kvs stat c-flags
output_has '^user_flags: 0x0$'

finished
