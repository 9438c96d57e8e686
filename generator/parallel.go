package generator

import (
	"context"
	"sync"

	"github.com/webapi-gen/webapi-gen/generator/parallel"
)

// inParallel calls do for each item, on all processors, and returns what it
// returned in the order of the items. The error is that of the first item, in
// that order, of which there is one.
func inParallel[Item, Out any](ctx context.Context, items []Item, do func(context.Context, Item) (Out, error)) ([]Out, error) {
	outs, errs := make([]Out, len(items)), make([]error, len(items))
	parallel.Do(len(items), func(i int) {
		if errs[i] = ctx.Err(); errs[i] == nil {
			outs[i], errs[i] = do(ctx, items[i])
		}
	})
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return outs, nil
}

// Progress says how far a run is.
type Progress struct {
	What  string // what is counted: "folders", "packages" or "files", one after the other
	Done  int
	Total int // 0 while it is not known
}

// A meter counts what is done.
type meter struct {
	mu     sync.Mutex
	p      Progress
	report func(Progress) // may be nil
}

func (cfg Config) progress(what string, total int) *meter {
	return newMeter(cfg.OnProgress, what, total)
}

func newMeter(report func(Progress), what string, total int) *meter {
	return &meter{p: Progress{What: what, Total: total}, report: report}
}

// step counts one more.
func (m *meter) step() {
	if m.report == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.p.Done++
	m.report(m.p)
}
