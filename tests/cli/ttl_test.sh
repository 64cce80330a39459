#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Deadlines: --ttl, --at, --keep-ttl, touch, what shows them, and the clock.

TESTS=$(cd "$(dirname "$0")" && pwd)
. "$TESTS/lib.sh"

HOUR=3600000000000
# A slow machine may take that long from a put to the look at it.
SLACK=120000000000

# ttl_in_json NS: what was just answered has so much time left
ttl_in_json() {
	json
	case $JSON_NAMES in
	*" ttl_ns ttl"*) ;;
	*)
		fail "no ttl: $JSON"
		return
		;;
	esac
	json_number ttl_ns
	if [ "$NUMBER" -gt "$1" ] || [ "$NUMBER" -le $(($1 - SLACK)) ]; then
		fail "ttl $NUMBER instead of $1"
	fi
}

# no_ttl_in_json: what was just answered has no deadline
no_ttl_in_json() {
	json
	case $JSON_NAMES in
	*ttl*) fail "a deadline: $JSON" ;;
	esac
}

# ttl_is KEY NS
ttl_is() {
	run kvs stat "$1" --json
	status_is 0
	ttl_in_json "$2"
}

# no_ttl KEY
no_ttl() {
	run kvs stat "$1" --json
	status_is 0
	no_ttl_in_json
}

testing "put --ttl: at its deadline the key is not there"
run kvs put t-short v --ttl 1us
done_with
run kvs get t-short
refused 1 "kvs: t-short: not found"
run kvs put t-short v --create
done_with

testing "the units of a time"
for row in "1d 24" "2h 2" "120m 2" "7200s 2" "7200000ms 2" "7200000000us 2" \
	"7200000000000ns 2" "1h30m1800s 2" "1.5d 36"; do
	run kvs put t-unit v --ttl "${row% *}" --json
	status_is 0
	ttl_in_json $((${row#* } * HOUR))
done
json_names store key kind version ttl_ns ttl created

testing "stat and get show it, exactly and for people"
must kvs put t-show v --ttl 2h
run kvs stat t-show
output_has '^ttl: 1h5[89]m[0-9]*s* ([0-9]* ns)$'
run kvs stat t-show --json
json
json_names store key kind length version charged age_ns ttl_ns ttl \
	app_version user_flags flags visited fetched pinned
run kvs get t-show --json
ttl_in_json $((2 * HOUR))
json_names store key kind version ttl_ns ttl app_version user_flags length value

testing "the next put removes it, unless --keep-ttl"
run kvs put t-show w --keep-ttl --json
ttl_in_json $((2 * HOUR))
run kvs put t-show x --json
no_ttl_in_json
run kvs put t-show x --keep-ttl --json
no_ttl_in_json

testing "append keeps it"
must kvs put t-append v --ttl 2h
run kvs append t-append w --json
ttl_in_json $((2 * HOUR))
value_is t-append vw

NOW=$(date +%s)
THEN=$((NOW + 7200))

testing "--at seconds"
run kvs put t-at v --at "@$THEN" --json
ttl_in_json $((2 * HOUR))
run kvs put t-at v --at "@$THEN.5" --json
status_is 0

testing "--at in Universal Time"
run kvs put t-at v --at "$(date -u -d "@$THEN" +%Y-%m-%dT%H:%M:%SZ)" --json
ttl_in_json $((2 * HOUR))

testing "--at with an offset"
run kvs put t-at v --json \
	--at "$(date -u -d "@$((THEN + 5400))" +%Y-%m-%dT%H:%M:%S)+01:30"
ttl_in_json $((2 * HOUR))

testing "--at in local time"
run env TZ=ABC-3 kvs put t-at v --json \
	--at "$(date -u -d "@$((THEN + 10800))" '+%Y-%m-%d %H:%M:%S')"
ttl_in_json $((2 * HOUR))

testing "--at a time that is past"
run kvs put t-at v --at @1
refused 2 "kvs put: --at '@1' is past: 'kvs del' removes at once (see 'kvs help put')"
value_is t-at v

testing "a step of the wall clock changes nothing"
must kvs put t-step v --ttl 2h
must date -s "@$((NOW + 86400))"
ttl_is t-step $((2 * HOUR))
must kvs put t-step v --at "@$((NOW + 86400 + 7200))"
must date -s "@$NOW"
ttl_is t-step $((2 * HOUR))

testing "get --ttl slides a session"
must kvs put t-session v --ttl 2h
run kvs get t-session --ttl 5h
done_with v
ttl_is t-session $((5 * HOUR))
run kvs get t-session --ttl 1us
done_with v
run kvs get t-session --ttl 5h
refused 1 "kvs: t-session: not found"

testing "incr --ttl and --ttl-if-new"
run kvs incr t-number --ttl-if-new 2h --json
ttl_in_json $((2 * HOUR))
run kvs incr t-number --ttl-if-new 5h --json
ttl_in_json $((2 * HOUR))
json_is value 2
run kvs incr t-number --json
ttl_in_json $((2 * HOUR))
run kvs incr t-number --ttl 5h --json
ttl_in_json $((5 * HOUR))

testing "touch gives a deadline and leaves the version"
run kvs put t-touch v --json
json
json_number version
VERSION=$NUMBER
run kvs touch t-touch --ttl 5h --json
ttl_in_json $((5 * HOUR))
json_names store key version ttl_ns ttl
json_is version "$VERSION"
run kvs touch t-touch --at "@$THEN"
done_with
ttl_is t-touch $((2 * HOUR))

testing "touch --if-none"
run kvs touch t-touch --ttl 5h --if-none
refused 1 "kvs: t-touch: has a deadline already: leave out --if-none"

testing "touch --longer"
run kvs touch t-touch --ttl 1h --longer
refused 1 "kvs: t-touch: does not end before that: leave out --longer"
run kvs touch t-touch --ttl 5h --longer
done_with
ttl_is t-touch $((5 * HOUR))

testing "touch --shorter"
run kvs touch t-touch --ttl 6h --shorter
refused 1 "kvs: t-touch: does not end after that: leave out --shorter"
run kvs touch t-touch --ttl 3h --shorter
done_with
ttl_is t-touch $((3 * HOUR))

testing "touch --if-has"
run kvs touch t-touch --ttl 4h --if-has
done_with
ttl_is t-touch $((4 * HOUR))

testing "touch --persist"
run kvs touch t-touch --persist
done_with
no_ttl t-touch
run kvs touch t-touch --ttl 4h --if-has
refused 1 "kvs: t-touch: has no deadline: leave out --if-has"
run kvs touch t-touch --ttl 4h --if-none
done_with
ttl_is t-touch $((4 * HOUR))

testing "touch of a missing key"
run kvs touch t-missing --ttl 1h
refused 1 "kvs: t-missing: not found"

finished
