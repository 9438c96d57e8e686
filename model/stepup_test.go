package model_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/webapi-gen/webapi-gen/model"
)

// TestStepUps checks what two needs are together, and what is enough for either.
func TestStepUps(t *testing.T) {
	need := func(acr string, age time.Duration) model.StepUp {
		return model.StepUp{ACR: strings.Fields(acr), MaxAge: age * time.Minute}
	}
	for _, tt := range []struct {
		s, t, and, or model.StepUp
		impossible    bool
	}{
		{need("", 0), need("", 0), need("", 0), need("", 0), false},
		{need("gold", 0), need("", 0), need("gold", 0), need("", 0), false},
		{need("gold", 0), need("silver", 0), need("", 0), need("gold silver", 0), true},
		{need("gold silver", 0), need("silver bronze", 0), need("silver", 0), need("gold silver silver bronze", 0), false},
		{need("", 5), need("", 0), need("", 5), need("", 0), false},
		{need("", 5), need("", 3), need("", 3), need("", 5), false},
		{need("gold", 5), need("", 3), need("gold", 3), need("", 5), false},
		{need("gold", 0), need("", 3), need("gold", 3), need("", 0), false},
	} {
		for range 2 { // and the other way round
			and, possible := tt.s.And(tt.t)
			if possible == tt.impossible || possible && !sameNeed(and, tt.and) {
				t.Errorf("%v and %v: got %v, %t, want %v", tt.s, tt.t, and, possible, tt.and)
			}
			if or := tt.s.Or(tt.t); !sameNeed(or, tt.or) {
				t.Errorf("%v or %v: got %v, want %v", tt.s, tt.t, or, tt.or)
			}
			tt.s, tt.t = tt.t, tt.s
		}
	}
	never, gold := model.StepUp{MaxAge: -1}, need("gold", 5)
	if !sameNeed(never.Or(gold), gold) || !sameNeed(gold.Or(never), gold) {
		t.Errorf("got %v and %v, want %v", never.Or(gold), gold.Or(never), gold)
	}
}

// sameNeed reports whether s and t accept the same logins.
func sameNeed(s, t model.StepUp) bool {
	return s.MaxAge == t.MaxAge && reflect.DeepEqual(slices.Compact(slices.Sorted(slices.Values(s.ACR))), slices.Compact(slices.Sorted(slices.Values(t.ACR))))
}

// TestStepUpOfOperations checks that an operation has the need of its method, unless it needs
// no login at all.
func TestStepUpOfOperations(t *testing.T) {
	r := resolve(t, `package p

//webapi:resource methods=GET,POST,POST/archive,POST/login,POST/visit public=POST/login anonymous=POST/visit acr=POST:gold
type Note struct{}
`).Resources[0]
	for name, want := range map[string]bool{"GET": false, "POST": true, "POST/archive": true, "POST/login": false, "POST/visit": false} {
		if m, ok := r.Method(name); !ok || m.StepUp.Needed() != want {
			t.Errorf("%s needs %v", name, m.StepUp)
		}
	}
	var callers []string
	for _, call := range r.Contract() {
		if strings.Contains(call.Caller, ", ") {
			callers = append(callers, call.Caller)
		}
	}
	if want := []string{
		"WithUnscopedAccess, no token", "API token, all allowed", "token, acr=gold with note:read note:write", "token, acr=gold without scopes",
		"WithUnscopedAccess, acr=gold, no token",
	}; !slices.Equal(callers, want) {
		t.Errorf("got the callers %q, want %q", callers, want)
	}
}
