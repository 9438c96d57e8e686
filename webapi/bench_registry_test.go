package webapi_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/webapi-gen/webapi-gen/webapi"
)

// readsAtOnce is how many reads are timed together, since the clock takes far
// longer than one.
const readsAtOnce = 1000

// BenchmarkRegistry reads the catalogue, without and with another goroutine that
// changes it. An operation is one read; p50, p99 and max are of the mean of a thousand
// reads in a row. The writer makes a change each millisecond, so that it leaves
// the reader a core even where there are two.
func BenchmarkRegistry(b *testing.B) {
	for _, changing := range []bool{false, true} {
		b.Run(fmt.Sprint("changing=", changing), func(b *testing.B) {
			var r webapi.Registry
			for i := range 60 {
				if err := r.Add(fmt.Sprint(i), extension(fmt.Sprint("r", i))); err != nil {
					b.Fatal(err)
				}
			}
			stop, changes := make(chan struct{}), make(chan int)
			if changing {
				go change(b, &r, stop, changes)
			}
			b.ReportAllocs()
			b.ResetTimer()
			times := make([]time.Duration, 0, b.N/readsAtOnce+1)
			for done := 0; done < b.N; done += readsAtOnce {
				start := time.Now()
				for range min(readsAtOnce, b.N-done) {
					if r.Catalog() == nil {
						b.Fatal("no catalogue")
					}
				}
				times = append(times, time.Since(start))
			}
			b.StopTimer()
			if close(stop); changing {
				b.ReportMetric(float64(<-changes), "changes")
			}
			reportReads(b, times)
		})
	}
}

// change adds and removes an extension until stop is closed, and then sends how
// often it has done so.
func change(b *testing.B, r *webapi.Registry, stop <-chan struct{}, changes chan<- int) {
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for n := 0; ; n++ {
		select {
		case <-stop:
			changes <- n
			return
		case <-tick.C:
		}
		alter := func() error { return r.Add("ext", extension("ext")) }
		if n%2 == 1 {
			alter = func() error { return r.Remove("ext") }
		}
		if err := alter(); err != nil {
			b.Error(err)
		}
	}
}

func reportReads(b *testing.B, times []time.Duration) {
	slices.Sort(times)
	at := func(share float64) float64 {
		return float64(times[int(share*float64(len(times)-1))]) / readsAtOnce
	}
	b.ReportMetric(at(0.5), "p50-ns/read")
	b.ReportMetric(at(0.99), "p99-ns/read")
	b.ReportMetric(at(1), "max-ns/read")
}
