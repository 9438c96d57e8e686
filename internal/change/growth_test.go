package change_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/webapi-gen/webapi-gen/internal/change"
	"github.com/webapi-gen/webapi-gen/internal/lockfile"
)

// forms are pairs of lock files of about n lines or words, where a comparison of all
// with all would be slow. Each has the format of line i before and after.
var forms = []struct {
	name          string
	before, after func(n int) string
}{
	{"scopes renamed", resources("a.A%d", "oauth2 a%d:read"), resources("a.A%d", "oauth2 a%d:see")},
	{"all renamed", resources("a.A%d", "oauth2 a%d:read"), resources("b.B%d", "oauth2 b%d:see")},
	{"all renamed, with one scope", resources("a.A%d", "oauth2 read"), resources("b.B%d", "oauth2 see")},
	{"none widened", resources("a.A%d", "oauth2 x or a%d:read"), resources("b.B%d", "oauth2 a%d:read + x")},
	{"none widened by two", resources("a.A%d", "oauth2 x or y or a%d:read"), resources("b.B%d", "oauth2 a%d:read + y or x")},
	{"a common scope", resources("a.A%d", "oauth2 admin or a%d:read"), resources("a.A%d", "oauth2 admin or b%d:read")},
	{"types moved", resources("a.A%d", "oauth2 a%d:read"), resources("b.A%d", "oauth2 a%d:read or x")},
	{"alternatives", requirement(" or ", "a%d + x"), requirement(" or ", "b%d + x")},
	{"pairs", requirement(" or ", "a%d + b%d"), requirement(" or ", "b%d + c%d")},
	{"scopes of an alternative", requirement(" + ", "a%d"), requirement(" + ", "b%d")},
	{"texts", lines("scope p%d a text %[1]d\n"), lines("scope p%d a new text %[1]d\n")},
	{"public", lines("public a.F%d why\n"), lines("public a.G%d why\n")},
	{"supers", supers("p%d"), supers("q%d")},
	{"backticks", supers("p%d"), func(n int) string { return supers("p%d")(n) + " " + strings.Repeat("`", 20*n) + "\n" }},
}

func lines(format string) func(n int) string {
	return func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, format, i)
		}
		return b.String()
	}
}

// number puts a number in all places of a format.
func number(format string, i int) string { return strings.ReplaceAll(format, "%d", fmt.Sprint(i)) }

func resources(typ, access string) func(n int) string {
	return func(n int) string {
		var b strings.Builder
		for i := range n {
			t := number(typ, i)
			fmt.Fprintf(&b, "%s GET %s\nresource %[1]s name=%[1]s policy=%[1]s key=-\n", t, number(access, i))
			for j, word := range strings.Fields(access)[1:] {
				if j%2 == 0 && strings.Contains(word, "%d") {
					fmt.Fprintf(&b, "scope a %s\n", number(word, i))
				}
			}
		}
		return b.String()
	}
}

func requirement(separator, scope string) func(n int) string {
	return func(n int) string {
		list := make([]string, n)
		for i := range list {
			list[i] = number(scope, i)
		}
		return "a.A GET oauth2 " + strings.Join(list, separator) + "\nresource a.A name=a policy=a key=-\n"
	}
}

func supers(id string) func(n int) string {
	return func(n int) string {
		ids := make([]string, n)
		for i := range ids {
			ids[i] = number(id, i)
		}
		return "a.A GET apitokens\nresource a.A name=a policy=" + strings.Join(ids, "+") + " key=-" + strings.Repeat("+-", n-1)
	}
}

// report reads and compares two lock files, and prints the changes in each format.
func report(t testing.TB, before, after string) {
	old, diags := lockfile.Parse("webapi.lock", []byte(before))
	now, more := lockfile.Parse("webapi.lock", []byte(after))
	if err := append(diags, more...).Err(); err != nil {
		t.Fatal(err)
	}
	r := compare(t, old, now)
	if _, err := r.JSON(); err != nil || len(r.Changes) == 0 {
		t.Fatalf("%d changes, %v", len(r.Changes), err)
	}
	_ = r.Text() + r.Markdown() + r.GitHub(change.Labels(), func(change.Change) (string, int) { return "", 0 })
}

func BenchmarkCompare(b *testing.B) {
	for _, form := range forms {
		for _, n := range []int{1_000, 10_000} {
			before, after := form.before(n), form.after(n)
			b.Run(fmt.Sprintf("%s/%d", form.name, n), func(b *testing.B) {
				for b.Loop() {
					report(b, before, after)
				}
			})
		}
	}
}

// A comparison ends when it is interrupted.
func TestCanceled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	packages := parse(t, "a.A GET oauth2 a\nresource a.A name=a policy=a key=-\n")
	if r, err := change.Compare(ctx, change.Side{Packages: packages}, change.Side{Packages: packages}); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, %v", r, err)
	}
}
