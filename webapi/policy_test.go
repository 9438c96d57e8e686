package webapi_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/webapi-gen/webapi-gen/webapi"
)

func policy(t testing.TB, text string) webapi.Policy {
	t.Helper()
	p, err := webapi.ParsePolicy([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestPolicy has the rules of Djblets' ResourceAPITokenMixin.
func TestPolicy(t *testing.T) {
	const (
		none   = `{}`
		global = `{"resources": {"*": %s}}`
		repo   = `{"resources": {"repo": {"*": %s}}}`
		object = `{"resources": {"repo": {"1": %s}}}`
	)
	with := func(format, entry string) string { return fmt.Sprintf(format, entry) }
	tests := []struct {
		policy, method, id string
		want               bool
	}{
		{none, "GET", "1", true},
		{none, "DELETE", "", true},

		{with(global, `{"allow": ["*"]}`), "POST", "1", true},
		{with(global, `{"block": ["*"]}`), "POST", "1", false},
		{with(global, `{"allow": ["GET"]}`), "POST", "1", true}, // no entry has POST
		{with(global, `{"allow": ["GET"], "block": ["*"]}`), "GET", "1", true},
		{with(global, `{"allow": ["GET"], "block": ["*"]}`), "POST", "1", false},
		{with(global, `{"allow": ["*"], "block": ["POST"]}`), "POST", "1", false},
		{with(global, `{"allow": ["*"], "block": ["POST"]}`), "PUT", "1", true},
		{with(global, `{"allow": ["GET"], "block": ["GET"]}`), "GET", "1", false},
		{with(global, `{"allow": ["GET", "PUT"], "block": ["*"]}`), "GET", "1", true},
		{with(global, `{"allow": ["GET", "*"], "block": ["*"]}`), "GET", "1", true},
		{with(global, `{"allow": ["*"], "block": ["*"]}`), "GET", "1", false},
		{with(global, `{"allow": [], "block": []}`), "GET", "1", true},

		{with(repo, `{"block": ["*"]}`), "GET", "1", false},
		{with(repo, `{"block": ["*"]}`), "GET", "", false},
		{with(object, `{"block": ["*"]}`), "GET", "1", false},
		{with(object, `{"block": ["*"]}`), "GET", "2", true},
		{with(object, `{"block": ["*"]}`), "GET", "", true},
		{with(object, `{"block": ["*"]}`), "GET", "01", true},
		{with(object, `{"block": ["POST"]}`), "GET", "1", true},

		// The more specific entry decides.
		{`{"resources": {"*": {"block": ["*"]}, "repo": {"*": {"allow": ["GET"]}}}}`, "GET", "1", true},
		{`{"resources": {"*": {"block": ["*"]}, "repo": {"*": {"allow": ["GET"]}}}}`, "POST", "1", false},
		{`{"resources": {"*": {"allow": ["*"]}, "repo": {"*": {"block": ["GET"]}}}}`, "GET", "", false},
		{`{"resources": {"*": {"block": ["*"]}, "repo": {"1": {"allow": ["GET"]}}}}`, "GET", "1", true},
		{`{"resources": {"*": {"block": ["*"]}, "repo": {"1": {"allow": ["GET"]}}}}`, "GET", "2", false},
		{`{"resources": {"repo": {"*": {"block": ["*"]}, "1": {"allow": ["GET"]}}}}`, "GET", "1", true},
		{`{"resources": {"repo": {"*": {"block": ["GET"]}, "1": {"allow": ["*"]}}}}`, "GET", "1", true},
		{`{"resources": {"repo": {"*": {"block": ["GET"]}, "1": {"allow": ["PUT"]}}}}`, "GET", "1", false},
		{`{"resources": {"repo": {"*": {"allow": ["*"]}, "1": {"block": ["DELETE"]}}}}`, "DELETE", "1", false},
		{`{"resources": {"repo": {"*": {"allow": ["*"]}, "1": {"block": ["DELETE"]}}}}`, "DELETE", "", true},
		{`{"resources": {"repo": {}, "*": {"block": ["*"]}}}`, "GET", "1", false},
		{`{"resources": {"other": {"*": {"block": ["*"]}}}}`, "GET", "1", true},
		{`{"resources": {"Repo": {"*": {"block": ["*"]}}}}`, "GET", "1", true},

		// HEAD gets GET's answer.
		{with(global, `{"allow": ["GET", "HEAD"], "block": ["*"]}`), "HEAD", "1", true},
		{with(global, `{"allow": ["GET"], "block": ["*"]}`), "HEAD", "1", true},
		{with(repo, `{"block": ["GET"]}`), "HEAD", "1", false},

		// Only "*" speaks of a method that JSON cannot name.
		{with(global, `{"block": ["*"]}`), "PROPFIND", "1", false},
		{with(global, `{"allow": ["*"], "block": ["GET"]}`), "get", "1", true},
	}
	for _, test := range tests {
		if got := policy(t, test.policy).Allows("repo", test.method, test.id); got != test.want {
			t.Errorf("%s: %s %q: got %v, want %v", test.policy, test.method, test.id, got, test.want)
		}
	}
}

func TestPolicyDeniesByDefault(t *testing.T) {
	if (webapi.Policy{}).Allows("repo", "GET", "1") {
		t.Error("the zero value allows")
	}
	if policy(t, `{}`).Allows("", "GET", "1") {
		t.Error("a resource without a policy ID is allowed")
	}
	if ids := (webapi.Policy{}).IDs(); ids != nil {
		t.Errorf("got %q", ids)
	}
	if ids := policy(t, `{"resources": {"b": {}, "*": {"allow": []}, "a": {}}}`).IDs(); !slices.Equal(ids, []string{"a", "b"}) {
		t.Errorf("got %q", ids)
	}
}

func TestParsePolicyErrors(t *testing.T) {
	tests := []struct{ policy, want string }{
		{``, "unexpected end of JSON input"},
		{`{`, "unexpected end of JSON input"},
		{`{} {}`, "invalid character '{' after top-level value"},
		{`{"resources": {"*": {"allow": ["GET",]}}}`, "invalid character ']' looking for beginning of value"},
		{"{\"resources\": \"\xff\"}", "not UTF-8"},
		{`null`, "want an object"},
		{`[]`, "want an object"},
		{`"{}"`, "want an object"},
		{`{"Resources": {}}`, `Resources: unknown key; want "resources"`},
		{`{"resources": null}`, "resources: want an object"},
		{`{"resources": {}}`, `resources: empty; want "*" or a resource`},
		{`{"resources": {"*": {"allow": ["*"]}}, "resources": {"*": {"block": ["*"]}}}`, "resources: given twice"},
		{`{"resources": {"*": {"allow": ["*"]}, "\u002a": {"block": ["*"]}}}`, "resources.*: given twice"},
		{`{"resources": {"*": {}}}`, `resources.*: empty; want "allow" or "block"`},
		{`{"resources": {"*": ["GET"]}}`, "resources.*: want an object"},
		{`{"resources": {"*": {"allow": "*"}}}`, "resources.*.allow: want a list of methods"},
		{`{"resources": {"*": {"allow": {"GET": true}}}}`, "resources.*.allow: want a list of methods"},
		{`{"resources": {"*": {"allow": ["GET", null]}}}`, "resources.*.allow[1]: want a method"},
		{`{"resources": {"*": {"allow": [["GET"]]}}}`, "resources.*.allow[0]: want a method"},
		{`{"resources": {"*": {"allow": ["get"]}}}`, `resources.*.allow[0]: unknown method "get"; want GET, HEAD, OPTIONS, POST, PUT, PATCH, DELETE or "*"`},
		{`{"resources": {"*": {"block": [""]}}}`, `resources.*.block[0]: unknown method ""; want GET, HEAD, OPTIONS, POST, PUT, PATCH, DELETE or "*"`},
		{`{"resources": {"*": {"allow": ["HEAD"]}}}`, "resources.*.allow[0]: HEAD without GET; HEAD gets GET's answer"},
		{`{"resources": {"*": {"block": ["*", "HEAD"]}}}`, "resources.*.block[1]: HEAD without GET; HEAD gets GET's answer"},
		{`{"resources": {"*": {"allow": ["*"], "deny": ["*"]}}}`, `resources.*.deny: unknown key; want "allow" or "block"`},
		{`{"resources": {"*": {"allow": ["*"], "allow": []}}}`, "resources.*.allow: given twice"},
		{`{"resources": {"repo": {"allow": ["*"]}}}`, "resources.repo.allow: want an object"},
		{`{"resources": {"repo": {"1": {}}}}`, `resources.repo.1: empty; want "allow" or "block"`},
		{`{"resources": {"repo": {"1": {"block": ["*"]}, "1": {"allow": ["*"]}}}}`, "resources.repo.1: given twice"},
		{`{"resources": {"a.b": {"1": 1}}}`, `resources["a.b"].1: want an object`},
		{`{"resources": {"a~b": {"1": 1}}}`, `resources.a~b.1: want an object`},
		{`{"resources": {"": {}}}`, `resources[""]: cannot be a key`},
		{`{"resources": {"repo": {"": {"block": ["*"]}}}}`, `resources.repo[""]: cannot be a key`},
		{`{"resources": {"\ud800": {}}}`, `resources["�"]: cannot be a key`},
	}
	for _, test := range tests {
		p, err := webapi.ParsePolicy([]byte(test.policy))
		if err == nil || err.Error() != "webapi: policy: "+test.want {
			t.Errorf("%s: got %v, want %s", test.policy, err, test.want)
		}
		if p.Allows("repo", "GET", "1") {
			t.Errorf("%s: allows", test.policy)
		}
	}
}

// TestPolicyOfSupers checks that each resource of a chain uses its own policy ID
// and the object that its own Key names.
func TestPolicyOfSupers(t *testing.T) {
	answers := notes().needs
	resourceOf := func(id, key string, super webapi.Resource) *resource {
		return &resource{needs: answers, rules: webapi.AccessRules{
			Name: id, Policy: id, Key: key, Allow: "GET", APITokens: true, Super: super,
		}}
	}
	child := resourceOf("comment", "comment_id", resourceOf("review", "review_id", nil))
	twin := resourceOf("draft", "review_id", resourceOf("review", "review_id", nil))
	top := resourceOf("comment", "comment_id", resourceOf("root", "", nil))
	deny := resourceOf("comment", "comment_id", resourceOf("review", "comment_id", nil))
	deny.rules.Super.(*resource).rules.APITokens = false

	tests := []struct {
		name   string
		res    *resource
		ids    string // key=value, the first for Decide
		list   bool
		policy string
		want   bool
	}{
		{"both", child, "comment_id=5 review_id=9", false, `{}`, true},
		{"the outer is blocked", child, "comment_id=5 review_id=9", false, `{"resources": {"comment": {"5": {"block": ["GET"]}}}}`, false},
		{"the inner is blocked", child, "comment_id=5 review_id=9", false, `{"resources": {"review": {"9": {"block": ["GET"]}}}}`, false},
		{"the inner has another ID", child, "comment_id=5 review_id=9", false, `{"resources": {"review": {"5": {"allow": ["GET"]}, "*": {"block": ["*"]}}}}`, false},
		{"nobody knows the inner", child, "comment_id=5", false, `{}`, false},
		{"nobody knows the outer", child, "comment_id= review_id=9", false, `{}`, false},
		{"list, the inner is an object", child, "comment_id= review_id=9", true, `{"resources": {"review": {"*": {"block": ["*"]}, "9": {"allow": ["GET"]}}}}`, true},
		{"list, the inner is unknown", child, "comment_id=", true, `{}`, false},
		{"the same key", twin, "review_id=9", false, `{"resources": {"review": {"*": {"block": ["*"]}, "9": {"allow": ["GET"]}}}}`, true},
		{"the same key, list", twin, "review_id=", true, `{"resources": {"review": {"*": {"allow": ["*"]}, "9": {"block": ["GET"]}}}}`, true},
		{"the inner has no key", top, "comment_id=5", false, `{"resources": {"root": {"5": {"block": ["POST"]}}}}`, true},
		{"the inner has no key, and an object is blocked", top, "comment_id=5", false, `{"resources": {"root": {"6": {"block": ["*"]}}}}`, false},
		{"list, the inner has no key, and an object is blocked", top, "comment_id=", true, `{"resources": {"root": {"6": {"block": ["*"]}}}}`, false},
		{"the inner has no key, blocked", top, "comment_id=5", false, `{"resources": {"root": {"*": {"block": ["*"]}}}}`, false},
		{"the inner takes no API token", deny, "comment_id=5", false, `{}`, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			token := webapi.Token{Kind: webapi.APIToken, NoExpiry: true, Policy: policy(t, test.policy)}
			ctx := webapi.WithToken(t.Context(), token)
			values := map[string]string{}
			for pair := range strings.FieldsSeq(test.ids) {
				key, id, _ := strings.Cut(pair, "=")
				if id != "" {
					values[key] = id
				}
			}
			compareWithDecide(t, ctx, test.res, "GET", values, test.list, map[bool]int{true: 0, false: 101}[test.want])
		})
	}
}

// TestWithObjectID checks that a context keeps the object that it was made with.
func TestWithObjectID(t *testing.T) {
	super := notes()
	super.rules.APITokens, super.rules.Policy, super.rules.Key = true, "review", "review_id"
	child := notes()
	child.rules.APITokens, child.rules.Super = true, super
	token := webapi.Token{Kind: webapi.APIToken, NoExpiry: true, Policy: policy(t, `{"resources": {"review": {"2": {"block": ["*"]}}}}`)}
	first := webapi.WithObjectID(webapi.WithToken(t.Context(), token), "review_id", "1")
	second := webapi.WithObjectID(first, "review_id", "2")
	if err := webapi.Decide(first, child, "GET", "7"); err != nil {
		t.Errorf("review 1: got %v", err)
	}
	if err := webapi.Decide(second, child, "GET", "7"); code(err) != 101 {
		t.Errorf("review 2: got %v", err)
	}
}

// TestObjectOfHandlers holds the difference between the two handlers.
func TestObjectOfHandlers(t *testing.T) {
	res := notes()
	res.rules.APITokens = true
	object := `{"resources": {"note": {"*": {"block": ["*"]}, "7": {"allow": ["GET"]}}}}`
	collection := `{"resources": {"note": {"*": {"allow": ["GET"]}, "7": {"block": ["*"]}}}}`
	tests := []struct {
		name, policy, id string
		list             bool
		want             int
	}{
		{"object", object, "7", false, 0},
		{"another object", object, "8", false, 101},
		{"no path value", collection, "", false, 101},
		{"no path value, everything allowed", `{}`, "", false, 101},
		{"list", collection, "", true, 0},
		{"list, a parent has the key", collection, "7", true, 0},
		{"list, blocked", object, "7", true, 101},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			token := webapi.Token{Kind: webapi.APIToken, NoExpiry: true, Policy: policy(t, test.policy)}
			compareWithDecide(t, webapi.WithToken(t.Context(), token), res, "GET", map[string]string{"id": test.id}, test.list, test.want)
		})
	}
}

// TestPolicyWithoutKey checks that a resource that cannot tell its objects apart denies
// what the policy blocks for any of them.
func TestPolicyWithoutKey(t *testing.T) {
	keyless := notes()
	keyless.rules.APITokens, keyless.rules.Key = true, ""
	tests := []struct {
		policy, method string
		want, list     int
	}{
		{`{}`, "GET", 0, 0},
		{`{"resources": {"note": {"7": {"block": ["GET"]}}}}`, "GET", 101, 0},
		{`{"resources": {"note": {"7": {"block": ["GET"]}}}}`, "HEAD", 101, 0},
		{`{"resources": {"note": {"7": {"block": ["GET"]}}}}`, "DELETE", 0, 0},
		{`{"resources": {"note": {"7": {"block": ["*"]}, "*": {"allow": ["*"]}}}}`, "GET", 101, 0},
		{`{"resources": {"note": {"7": {"allow": ["GET"], "block": ["*"]}}}}`, "GET", 0, 0},
		{`{"resources": {"note": {"7": {"allow": ["GET"], "block": ["*"]}}}}`, "POST", 101, 0},
		{`{"resources": {"note": {"7": {"allow": ["*"]}, "8": {"block": ["DELETE"]}}}}`, "DELETE", 101, 0},
		{`{"resources": {"note": {"7": {"allow": ["*"]}, "*": {"block": ["*"]}}}}`, "GET", 101, 101},
		{`{"resources": {"note": {"7": {"allow": ["*"]}}, "*": {"block": ["*"]}}}`, "GET", 101, 101},
		{`{"resources": {"other": {"7": {"block": ["*"]}}}}`, "GET", 0, 0},
	}
	for _, test := range tests {
		token := webapi.Token{Kind: webapi.APIToken, NoExpiry: true, Policy: policy(t, test.policy)}
		ctx := webapi.WithToken(t.Context(), token)
		compareWithDecide(t, ctx, keyless, test.method, nil, false, test.want)
		compareWithDecide(t, ctx, keyless, test.method, nil, true, test.list)
		// A path value has no meaning without a key that names it.
		compareWithDecide(t, ctx, keyless, test.method, map[string]string{"id": "9"}, false, test.want)
	}
	// An RPC server that names the object gets the answer for it.
	token := webapi.Token{Kind: webapi.APIToken, NoExpiry: true, Policy: policy(t, `{"resources": {"note": {"7": {"block": ["*"]}}}}`)}
	ctx := webapi.WithToken(t.Context(), token)
	for id, want := range map[string]int{"7": 101, "8": 0, "": 101} {
		if err := webapi.Decide(ctx, keyless, "GET", id); code(err) != want {
			t.Errorf("%q: got %v, want %d", id, err, want)
		}
	}
}
