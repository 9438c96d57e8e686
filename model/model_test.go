package model_test

import (
	"fmt"
	"math/bits"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/webapi-gen/webapi-gen/annotations"
	"github.com/webapi-gen/webapi-gen/model"
)

// resolve returns the only package of a Go file without mistakes.
func resolve(t *testing.T, src string) *model.Package {
	t.Helper()
	packages, diags := annotations.ReadGo([]annotations.Source{{Path: "p/x.go", Data: []byte(src)}})
	if len(diags) > 0 || len(packages) != 1 {
		t.Fatalf("%d packages, %v\nin %s", len(packages), diags, src)
	}
	pkg, diags := model.Resolve(packages[0], nil)
	if len(diags) > 0 {
		t.Fatalf("%v\nin %s", diags, src)
	}
	return pkg
}

// names are what is derived from the name of a type.
type names struct{ Type, Name, Const, File string }

func namesOf(t *testing.T, typ string) names {
	t.Helper()
	r := resolve(t, "package p\n\n//webapi:resource methods=GET\ntype "+typ+" struct{}\n").Resources[0]
	return names{typ, r.Name, r.Scopes[0].Const, r.File.Name}
}

func TestNames(t *testing.T) {
	for _, want := range []names{
		{"RepositoryResource", "repository", "RepositoryScopeRead", "repository_resource_webapi.go"},
		{"Repository", "repository", "RepositoryScopeRead", "repository_webapi.go"},
		{"repositoryResource", "repository", "repositoryScopeRead", "repository_resource_webapi.go"},
		{"RepositoryUserResource", "repository_user", "RepositoryUserScopeRead", "repository_user_resource_webapi.go"},
		{"HTTPServerResource", "http_server", "HTTPServerScopeRead", "http_server_resource_webapi.go"},
		{"OAuth2App", "oauth2_app", "OAuth2AppScopeRead", "oauth2_app_webapi.go"},
		{"OAuth2AppResource", "oauth2_app", "OAuth2AppScopeRead", "oauth2_app_resource_webapi.go"},
		{"UserIDs", "user_ids", "UserIDsScopeRead", "user_ids_webapi.go"},
		{"URLs", "urls", "URLsScopeRead", "urls_webapi.go"},
		{"URLsResource", "urls", "URLsScopeRead", "urls_resource_webapi.go"},
		{"URLStatus", "url_status", "URLStatusScopeRead", "url_status_webapi.go"},
		{"UserID", "user_id", "UserIDScopeRead", "user_id_webapi.go"},
		{"V2API", "v2_api", "V2APIScopeRead", "v2_api_webapi.go"},
		{"S3Bucket", "s3_bucket", "S3BucketScopeRead", "s3_bucket_webapi.go"},
		{"XRay", "xray", "XRayScopeRead", "xray_webapi.go"},
		{"HTTP", "http", "HTTPScopeRead", "http_webapi.go"},
		{"APIKey", "api_key", "APIKeyScopeRead", "api_key_webapi.go"},
		{"MyHTTPServer", "my_http_server", "MyHTTPServerScopeRead", "my_http_server_webapi.go"},
		{"Sha256Sum", "sha256_sum", "Sha256SumScopeRead", "sha256_sum_webapi.go"},
		{"A", "a", "AScopeRead", "a_webapi.go"},
		{"Resource", "resource", "ResourceScopeRead", "resource_webapi.go"},
		{"ResourceResource", "resource", "ResourceScopeRead", "resource_resource_webapi.go"},
		{"Resources", "resources", "ResourcesScopeRead", "resources_webapi.go"},
		{"repository_user_resource", "repository_user", "repository_userScopeRead", "repository_user_resource_webapi.go"},
		{"Repository_User", "repository_user", "Repository_UserScopeRead", "repository_user_webapi.go"},
		{"Repository__User_", "repository_user", "Repository__UserScopeRead", "repository_user_webapi.go"},
		{"IDCard", "id_card", "IDCardScopeRead", "id_card_webapi.go"},
		{"MyXRay", "my_xray", "MyXRayScopeRead", "my_xray_webapi.go"},
		{"DBAsset", "db_asset", "DBAssetScopeRead", "db_asset_webapi.go"},
		{"_hidden", "hidden", "_hiddenScopeRead", "hidden_webapi.go"},
	} {
		if diff := cmp.Diff(want, namesOf(t, want.Type)); diff != "" {
			t.Errorf("names of %s (-want +got):\n%s", want.Type, diff)
		}
	}
}

// The rows of the documentation are TYPE NAME CONSTANT FILE.
func TestNamesAreAsDocumented(t *testing.T) {
	doc, err := os.ReadFile("../annotations/doc.go")
	if err != nil {
		t.Fatal(err)
	}
	rows := regexp.MustCompile(`(?m)^//\t(\w+) +(\w+) +(\w+ScopeRead) +(\w+_webapi\.go)$`).FindAllStringSubmatch(string(doc), -1)
	if len(rows) < 5 {
		t.Fatalf("%d rows", len(rows))
	}
	for _, row := range rows {
		if diff := cmp.Diff(names{row[1], row[2], row[3], row[4]}, namesOf(t, row[1])); diff != "" {
			t.Errorf("names of %s (-documented +got):\n%s", row[1], diff)
		}
	}
}

// A name in snake_case is a fixed point, and every name is in snake_case, one
// that can be written to say the same.
func FuzzNames(f *testing.F) {
	for _, s := range []string{"RepositoryResource", "HTTPServer", "OAuth2App", "UserIDs", "_a__B_", "repository_user", "ABCs", "ABCsD", "a1B2"} {
		f.Add(s)
	}
	letters := regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)
	snake := regexp.MustCompile(`^[a-z][a-z0-9]*(_[a-z0-9]+)*$`)
	f.Fuzz(func(t *testing.T, typ string) {
		if !letters.MatchString(typ) {
			return
		}
		src := "package p\n\n//webapi:resource methods=GET\ntype " + typ + " struct{}\n"
		packages, diags := annotations.ReadGo([]annotations.Source{{Path: "x.go", Data: []byte(src)}})
		if len(diags) > 0 {
			return // a keyword
		}
		pkg, diags := model.Resolve(packages[0], nil)
		if len(diags) > 0 {
			return // a predeclared name, or one that is only underscores
		}
		name := pkg.Resources[0].Name
		if !snake.MatchString(name) {
			t.Fatalf("name of %s is %q", typ, name)
		}
		if got, want := strings.ReplaceAll(name, "_", ""), strings.ReplaceAll(strings.ToLower(typ), "_", ""); got != want && got+"resource" != want {
			t.Errorf("name of %s is %q", typ, name)
		}
		if again := namesOf(t, name+"_resource").Name; again != name {
			t.Errorf("name of %s_resource is %q", name, again)
		}
	})
}

// TestPublic checks what is listed as public or as guarded by something else: in order, each
// once, and not of tests.
func TestPublic(t *testing.T) {
	packages, diags := annotations.ReadGo([]annotations.Source{
		{Path: "p/a_test.go", Data: []byte("package p\n\n//webapi:public reason=x\nfunc Tested() {}\n\n//webapi:guarded by=x\nfunc GuardsTested() {}\n")},
		{Path: "p/b.go", Data: []byte(`package p

type Page struct{}

//webapi:public reason=x
func (Page) Show() {}

//webapi:public reason=x
func Health() {}

//webapi:guarded by=x
func (Page) Guard() {}

//webapi:guarded by=x
func Admin() {}
`)},
		{Path: "p/b_unix.go", Data: []byte("package p\n\n//webapi:public reason=x\nfunc Serve() {}\n\n//webapi:guarded by=x\nfunc Own() {}\n")},
		{Path: "p/b_windows.go", Data: []byte("package p\n\n//webapi:public reason=x\nfunc Serve() {}\n\n//webapi:guarded by=x\nfunc Own() {}\n")},
	})
	if len(diags) > 0 {
		t.Fatal(diags)
	}
	pkg, diags := model.Resolve(packages[0], nil)
	if len(diags) > 0 {
		t.Fatal(diags)
	}
	if diff := cmp.Diff([]model.Public{{Name: "Health", Reason: "x"}, {Name: "Page:Show", Reason: "x"}, {Name: "Serve", Reason: "x"}}, pkg.Public); diff != "" {
		t.Errorf("public (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]model.Guarded{{Name: "Admin", By: "x"}, {Name: "Own", By: "x"}, {Name: "Page:Guard", By: "x"}}, pkg.Guarded); diff != "" {
		t.Errorf("guarded (-want +got):\n%s", diff)
	}
}

// TestGrantsOfSupers checks that the requirement with that of a super accepts what grants the
// scopes of the super.
func TestGrantsOfSupers(t *testing.T) {
	pkg := resolve(t, `//webapi:scope admin A
//webapi:alias old s:read
//webapi:implies admin s:read
package p

//webapi:resource methods=GET
type S struct{}

//webapi:resource methods=GET scope=o super=S
type O struct{ S }
`)
	for _, r := range pkg.Resources {
		for _, g := range r.Grants {
			if g.Scope.Value != "s:read" {
				t.Errorf("%s says what grants %s", r.Type, g.Scope.Value)
			}
		}
	}
	scopes := []string{"o:read", "old", "admin"}
	for held, want := range map[int]bool{1: false, 2: false, 1 | 2: true, 1 | 4: true, 2 | 4: false} {
		if got := met(get(t, pkg, "O"), scopes, held); got != want {
			t.Errorf("%b of %q: met %t, want %t", held, scopes, got, want)
		}
	}
}

// With super= a set of scopes meets what is required if and only if it meets
// what either resource requires by itself.
func TestSuperIsTheConjunction(t *testing.T) {
	// Scopes a, b, c and d are declared; o and s are the resources' own.
	scopes := []string{"a", "b", "c", "d", "o:read", "s:read"}
	requirements := [][]string{
		nil, {"a"}, {"s:read"}, {"a b"}, {"a", "b"}, {"a b", "c"}, {"a", "b c", "d o:read"},
		{"a b c", "b d"}, {"a", "d b"}, {"o:read s:read", "a d"}, {"c d", "a b", "o:read"},
	}
	for _, own := range requirements {
		for _, super := range requirements {
			t.Run(fmt.Sprintf("%q and %q", own, super), func(t *testing.T) {
				pkg := resolve(t, `//webapi:scope a A
//webapi:scope b B
//webapi:scope c C
//webapi:scope d D
package p

//webapi:resource methods=GET
`+requires(super)+`type S struct{}

//webapi:resource methods=GET scope=o super=S
`+requires(own)+"type O struct{ *S }\n\n//webapi:resource methods=GET scope=o\n"+requires(own)+"type Alone struct{}\n")
				both, alone, base := get(t, pkg, "O"), get(t, pkg, "Alone"), get(t, pkg, "S")
				for held := range 1 << len(scopes) {
					want := met(alone, scopes, held) && met(base, scopes, held)
					if got := met(both, scopes, held); got != want {
						t.Fatalf("%s is met with %d scopes of %b: %t, want %t", both, bits.OnesCount(uint(held)), held, got, want)
					}
				}
			})
		}
	}
}

func requires(alternatives []string) string {
	var b strings.Builder
	for _, all := range alternatives {
		b.WriteString("//webapi:require GET " + all + "\n")
	}
	return b.String()
}

// get returns what GET requires of a type.
func get(t *testing.T, pkg *model.Package, typ string) model.Requirement {
	t.Helper()
	for _, r := range pkg.Resources {
		if r.Type == typ {
			m, ok := r.Method("GET")
			if !ok {
				t.Fatalf("%s does not answer GET", typ)
			}
			return m.Requires
		}
	}
	t.Fatalf("there is no %s", typ)
	return nil
}

// met reports whether the held scopes, a bit for each, meet a requirement.
func met(q model.Requirement, scopes []string, held int) bool {
	return slices.ContainsFunc(q, func(all []model.ScopeRef) bool {
		return len(all) > 0 && !slices.ContainsFunc(all, func(s model.ScopeRef) bool {
			i := slices.Index(scopes, s.Value)
			return i < 0 || held&(1<<i) == 0
		})
	})
}
