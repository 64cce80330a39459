# SPDX-License-Identifier: GPL-2.0-only
#
# Reads what one test program printed and judges it. Variables: program, its
# exit status, and verbose. What a human wants to see goes to stdout, one line
# "pass|fail|skip<TAB>name" for each test is added to the file `results`.

# A program has a name, lint has none.
function result(kind, name) {
	if (program != "")
		name = program ": " name
	print kind "\t" name >>results
	count[kind]++
	if (kind == "fail")
		show("not ok - " name)
}

function show(line) {
	print "  " line
}

# What was said since the last result, which is about the one that failed now
function show_heard(   i) {
	for (i = 0; i < heard; i++)
		show(said[i])
}

function plan(n) {
	if (planned != "")
		result("fail", "more than one plan")
	planned = n + 0
}

{
	sub(/\r$/, "")
	if (verbose)
		show($0)
}

/^TAP version/ { next }

/^1\.\.[0-9]+/ {
	plan(substr($1, 4))
	if (planned == 0 && /# *[Ss][Kk][Ii][Pp]/)
		skipped_all = 1
	next
}

/^Bail out!/ {
	result("fail", $0)
	next
}

/^(not )?ok( |$)/ {
	failed = ($1 == "not")
	name = $0
	sub(/^(not )?ok *[0-9]* *-? */, "", name)
	tests++
	if (!failed && name ~ /# *SKIP/) {
		result("skip", name)
	} else if (!failed) {
		result("pass", name)
	} else {
		if (!verbose)
			show_heard()
		result("fail", name)
	}
	heard = 0
	telling = failed && !verbose
	next
}

/^#  RUN/ { telling = 0 }

telling { show($0) }

!telling && heard < 200 { said[heard++] = $0 }

END {
	if (skipped_all && !tests) {
		result("skip", "everything")
		ok_status = (status == 0 || status == 4)
	} else {
		ok_status = (status == 0)
	}
	if (planned == "")
		result("fail", "printed no plan")
	else if (planned == 0 && !skipped_all && !chosen)
		result("fail", "planned no test")
	else if (planned != tests)
		result("fail", "planned " planned " tests, ran " tests + 0)
	if (!ok_status && !count["fail"]) {
		show_heard()
		result("fail", "exit status " status)
	}
}
