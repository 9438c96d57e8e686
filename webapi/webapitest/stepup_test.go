package webapitest_test

import (
	"testing"
	"time"

	"github.com/webapi-gen/webapi-gen/webapi"
	"github.com/webapi-gen/webapi-gen/webapi/webapitest"
)

// careful returns notes whose DELETE needs a login.
func careful() *resource { return needing(webapi.StepUp{ACR: "gold silver", MaxAge: 5 * time.Minute}) }

func needing(needed webapi.StepUp) *resource {
	res := notes()
	res.rules.APITokens = true
	res.rules.StepUp = func(method string) webapi.StepUp {
		if method != "DELETE" {
			return webapi.StepUp{}
		}
		return needed
	}
	return res
}

func carefulContract() webapitest.Expect {
	want := notesContract()
	want.Rules.APITokens = true
	want.Calls = []string{
		"GET  HEAD  OPTIONS  POST  PUT  PATCH  DELETE  caller",
		"103  103   405      103   405  405    103     no credentials",
		"yes  yes   405      yes   405  405    401     WithUnscopedAccess, no token",
		"yes  yes   405      yes   405  405    yes     WithUnscopedAccess, acr=silver, login=5m, no token",
		"yes  yes   405      yes   405  405    401     WithUnscopedAccess, acr=gold, login=5m1s, no token",
		"yes  yes   405      yes   405  405    101     API token, all allowed",
		"yes  yes   405      112   405  405    112     token with note:read",
		"yes  yes   405      yes   405  405    401     token with note:read note:write admin",
		"yes  yes   405      yes   405  405    401     token, login=5m with note:read note:write admin",
		"yes  yes   405      yes   405  405    401     token, acr=gold with note:read note:write admin",
		"yes  yes   405      yes   405  405    yes     token, acr=gold, login=5m with note:read note:write admin",
		"yes  yes   405      yes   405  405    yes     token, acr=silver, login=0s with note:destroy note:read note:write admin",
		"yes  yes   405      yes   405  405    401     token, acr=silver, login=5m1s with note:read note:write admin",
		"112  112   405      112   405  405    112     token, acr=gold, login=5m without scopes",
		"104  104   405      104   405  405    104     expired token, acr=gold, login=5m with note:read note:write admin",
	}
	return want
}

func carefulTable() webapitest.Table {
	table := notesTable()
	table.APITokens = true
	table.StepUp = map[string]webapi.StepUp{"DELETE /notes/7": careful().rules.StepUp("DELETE")}
	return table
}

func TestStepUp(t *testing.T) {
	webapitest.Contract(t, careful(), carefulContract())
	webapitest.Run(t, server(careful()), carefulTable())
	for name, needed := range map[string]webapi.StepUp{
		"nothing":           {},
		"no acr":            {MaxAge: 5 * time.Minute},
		"no age":            {ACR: "gold silver"},
		"an acr value less": {ACR: "gold", MaxAge: 5 * time.Minute},
		"another age":       {ACR: "gold silver", MaxAge: 10 * time.Minute},
	} {
		if contractReport(t, needing(needed), carefulContract()) == "" {
			t.Errorf("%s: Contract does not notice", name)
		}
		if run(t, server(needing(needed)), carefulTable()) == "" {
			t.Errorf("%s: Run does not notice", name)
		}
	}
}

func TestStepUpMistakes(t *testing.T) {
	for _, line := range []string{"yes token, login=soon with a", "yes token, acr with a", "yes no credentials, acr=gold"} {
		f := new(fake)
		if webapitest.Contract(f, notes(), webapitest.Expect{Calls: []string{"GET caller", line}}); f.fatal == "" {
			t.Errorf("%q is taken", line)
		}
	}
	for route, needed := range map[string]webapi.StepUp{"DELETE /notes/8": {ACR: "gold"}, "GET /notes": {}} {
		table := notesTable()
		table.StepUp = map[string]webapi.StepUp{route: needed}
		f := new(fake)
		if webapitest.Run(f, server(notes()), table); f.fatal == "" {
			t.Errorf("StepUp of %s is taken", route)
		}
	}
}

func TestTokenHasLogin(t *testing.T) {
	res := careful()
	res.rules.Super = needing(webapi.StepUp{ACR: "silver"})
	if token := webapitest.Token(t, res, "DELETE"); token.ACR != "silver" || token.AuthTime.IsZero() {
		t.Errorf("got %+v", token)
	}
}
