package authserver

import (
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestLimiter(t *testing.T) {
	l := newLimiter(time.Hour, 10)
	var taken atomic.Int32
	var all sync.WaitGroup
	for range 100 {
		all.Go(func() {
			if l.take("alice") == 0 {
				taken.Add(1)
			}
		})
	}
	all.Wait()
	if taken.Load() != 10 {
		t.Errorf("%d of 100 attempts at once were let through, want 10", taken.Load())
	}
	if wait := l.take("alice"); wait < 50*time.Minute || wait > time.Hour {
		t.Errorf("the next attempt is in %v, want about an hour", wait)
	}
	if wait := l.wait("bob"); wait != 0 && l.bucket("bob") != l.bucket("alice") {
		t.Errorf("another key has to wait %v", wait)
	}
}

func TestAddress(t *testing.T) {
	for remote, want := range map[string]string{
		"192.0.2.1:1":                    "192.0.2.1",
		"192.0.2.1:2":                    "192.0.2.1",
		"[::ffff:192.0.2.1]:3":           "192.0.2.1",
		"[2001:db8:1:2:3:4:5:6]:4":       "2001:db8:1:2::/64",
		"[2001:db8:1:2:ffff:ffff:0:1]:5": "2001:db8:1:2::/64",
		"[fe80::1%eth0]:6":               "fe80::/64",
		"@":                              "@",
		"":                               "",
	} {
		r := &http.Request{RemoteAddr: remote, Header: http.Header{"X-Forwarded-For": {"198.51.100.9"}}}
		if got := address(r); got != want {
			t.Errorf("%s: got %s, want %s", remote, got, want)
		}
	}
}
