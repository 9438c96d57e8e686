package measure_test

import (
	"strings"
	"testing"
	"time"

	"github.com/webapi-gen/webapi-gen/peers/measure"
)

func shell(name, script string) measure.Case {
	return measure.Case{Name: name, Args: []string{"sh", "-c", script}}
}

var patient = measure.Limit{Time: time.Minute, Once: time.Minute}

func TestInTurn(t *testing.T) {
	var order strings.Builder
	a, b := shell("a", "true"), shell("b", "true")
	a.Before = func() error { order.WriteString("a"); return nil }
	b.After = func() error { order.WriteString("b"); return nil }
	r, err := measure.InTurn(t.Context(), patient, 3, a, b)
	if err != nil {
		t.Fatal(err)
	}
	if order.String() != "ababab" {
		t.Errorf("run in the order %s", &order)
	}
	for i, want := range []string{"a", "b"} {
		if r[i].Name != want || r[i].Runs != 3 || r[i].Wall <= 0 || r[i].Peak <= 0 || r[i].Over {
			t.Errorf("%+v", r[i])
		}
	}
}

// TestLimit has a case that starts a process of its own, which ends with it.
func TestLimit(t *testing.T) {
	start := time.Now()
	limit := measure.Limit{Time: 100 * time.Millisecond, Once: 50 * time.Millisecond}
	r, err := measure.InTurn(t.Context(), limit, 3, shell("slow", "sleep 60; true"))
	if err != nil {
		t.Fatal(err)
	}
	if !r[0].Over || r[0].Runs != 1 || r[0].Wall != limit.Time || time.Since(start) > 30*time.Second {
		t.Errorf("%+v after %v", r[0], time.Since(start))
	}
}

func TestFailureShowsOutput(t *testing.T) {
	_, err := measure.InTurn(t.Context(), patient, 1, shell("broken", "echo no such flag; exit 2"))
	if err == nil || !strings.Contains(err.Error(), "no such flag") || !strings.Contains(err.Error(), "broken") {
		t.Errorf("got %v", err)
	}
}

func TestMedian(t *testing.T) {
	self := func(n int) int { return n }
	for want, list := range map[int][]int{2: {3, 1, 2}, 1: {9, 1}, 7: {7}} {
		if got := measure.Median(list, self); got != want {
			t.Errorf("%v: %d, want %d", list, got, want)
		}
	}
}
