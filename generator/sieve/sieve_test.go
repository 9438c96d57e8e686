package sieve_test

import (
	"fmt"
	"testing"

	"github.com/webapi-gen/webapi-gen/generator/sieve"
)

// TestSieve shows a sieve some things twice and others once.
func TestSieve(t *testing.T) {
	for _, things := range []int{0, 1, 7, 10_000} {
		s := sieve.New(things)
		passed, alone := 0, 0
		for round := range s.Rounds() {
			for i := range things {
				passes := s.Passes(fmt.Append(nil, i))
				if round == 1 && passes {
					t.Errorf("%d passes in the first round", i)
				}
				switch {
				case i%10 > 0 && passes:
					alone++
				case i%10 == 0 && s.PassesString(fmt.Sprint(i)) != (round == 2):
					t.Errorf("round %d: whether %d passes, which there is twice, is wrong", round, i)
				case passes:
					passed++
				}
			}
		}
		if want := (things + 9) / 10; passed != want || alone > things/30 {
			t.Errorf("of %d things, %d passed, want %d, and %d that there are once", things, passed, want, alone)
		}
	}
}
