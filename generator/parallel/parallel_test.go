package parallel_test

import (
	"runtime"
	"sync/atomic"
	"testing"

	"github.com/webapi-gen/webapi-gen/generator/parallel"
)

func TestDo(t *testing.T) {
	for _, n := range []int{0, 1, 2, 100, 10_000} {
		calls := make([]atomic.Int64, n)
		var now, most atomic.Int64
		parallel.Do(n, func(i int) {
			most.Store(max(most.Load(), now.Add(1)))
			calls[i].Add(1)
			now.Add(-1)
		})
		for i := range calls {
			if got := calls[i].Load(); got != 1 {
				t.Errorf("Do(%d): %d calls for %d", n, got, i)
			}
		}
		if most.Load() > int64(runtime.GOMAXPROCS(0)) {
			t.Errorf("Do(%d): %d calls at once", n, most.Load())
		}
	}
}
