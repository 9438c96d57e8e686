package main

import "testing"

func TestGrowth(t *testing.T) {
	const mib = 1 << 20
	for _, test := range []struct{ live, heap uint64 }{
		{0, 0},
		{4 * mib, 20 * mib},
		{19 * mib, 95 * mib},
		{24 * mib, 96 * mib},
		{40 * mib, 96 * mib},
		{48 * mib, 96 * mib},
		{64 * mib, 96 * mib},
		{80 * mib, 120 * mib},
		{500 * mib, 750 * mib},
	} {
		heap := test.live + test.live*uint64(growth(test.live))/100
		if heap > test.heap || heap+mib < test.heap {
			t.Errorf("%d MiB live: the heap may grow to %d MiB, want %d", test.live/mib, heap/mib, test.heap/mib)
		}
	}
}
