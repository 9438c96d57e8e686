package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/webapi-gen/webapi-gen/generator"
)

func TestProgress(t *testing.T) {
	var screen strings.Builder
	clock := time.Unix(0, 0)
	p := newProgress(&screen, func() time.Time { return clock })
	after := func(d time.Duration, what string, done, total int) {
		clock = clock.Add(d)
		p.report(generator.Progress{What: what, Done: done, Total: total})
	}
	const ms = time.Millisecond
	after(10*ms, "folders", 1, 0)
	fmt.Fprintln(p.before(&screen), "a line before it")
	after(989*ms, "folders", 2, 0)
	after(1*ms, "folders", 3, 0) // a second
	after(99*ms, "folders", 4, 0)
	after(1*ms, "packages", 1, 30)
	fmt.Fprintln(p.before(&screen), "a line")
	fmt.Fprintln(p.before(&screen), "another")
	after(50*ms, "packages", 2, 30)
	after(50*ms, "packages", 3, 30)
	after(time.Hour, "files", 1, 2)
	p.erase()
	p.erase()
	const erase = "\r\x1b[K"
	want := "a line before it\n" +
		erase + "webapi-gen: 3 folders searched" +
		erase + "webapi-gen: 1 of 30 packages read" +
		erase + "a line\nanother\n" +
		erase + "webapi-gen: 3 of 30 packages read" +
		erase + "webapi-gen: 1 of 2 files written" +
		erase
	if diff := cmp.Diff(want, screen.String()); diff != "" {
		t.Errorf("screen (-want +got):\n%s", diff)
	}
}
