package main

import (
	"os"
	"runtime"
	"runtime/debug"
)

// The garbage collector runs when the heap has grown to five times of what is
// live, since a run keeps little of what it allocates; but where that is more than
// a small machine has to spare, when it has grown by half. Go's default is to let it
// double.
const (
	generous = 400      // percent that the heap may grow by
	sparing  = 50       // the same
	spare    = 96 << 20 // bytes that a heap may have at all events
)

// collectSeldom has the garbage collector run less often than by default, unless
// the environment says how often.
func collectSeldom() {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	debug.SetGCPercent(generous)
	adjust(generous)
}

// adjust waits for a collection, and then says when the next one is to be. Package
// runtime/metrics knows what is live, but makes each start of the command longer.
func adjust(percent int) {
	type cycle struct{ _ *byte }
	runtime.AddCleanup(new(cycle), func(struct{}) {
		var stats runtime.MemStats
		runtime.ReadMemStats(&stats)
		next := growth(stats.NextGC / uint64(100+percent) * 100)
		debug.SetGCPercent(next)
		adjust(next)
	}, struct{}{})
}

// growth returns by how many percent a heap may grow of which some bytes are live.
func growth(live uint64) int {
	left := spare - min(live, spare)
	return int(min(generous, max(sparing, left*100/max(live, 1))))
}
