package annotations_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// reports returns the diagnostics of a file, without its name.
func reports(src string) string {
	_, diags := readGo(src)
	diags.Sort()
	return strings.ReplaceAll(diags.Error(), "p/x.go:", "")
}

// reportsOn returns what is reported on a directive in a type's doc comment, as
// line 3 of a file.
func reportsOn(line string) string {
	if !strings.HasPrefix(line, "//webapi:resource") && !strings.HasPrefix(line, "//webapi:public") {
		line += "\n//webapi:resource"
	}
	return reports("package p\n\n" + line + "\ntype A struct{}\n")
}

func TestArgumentErrorsNameTheExactColumn(t *testing.T) {
	const keys = "name, scope, policy, methods, map, oauth2, apitokens, anonymous, public, authenticated, acr, maxage, format, key, super, description"
	for _, test := range []struct{ line, want string }{
		{
			line: `//webapi:resource`,
		},
		{
			line: "//webapi:resource   name=a\tscope=\"b c\"   ",
		},
		{
			line: `//webapi:resource name`,
			want: `3:19: key=value expected, got "name" (write name=VALUE); allowed: ` + keys + ` [WA013]`,
		},
		{
			line: `//webapi:resource nam`,
			want: `3:19: key=value expected, got "nam" (did you mean "name"?); allowed: ` + keys + ` [WA013]`,
		},
		{
			line: `//webapi:resource name=a repository`,
			want: `3:26: key=value expected, got "repository" (a value with spaces must be quoted); allowed: ` + keys + ` [WA013]`,
		},
		{
			line: `//webapi:resource =a`,
			want: `3:19: key expected before "=a" [WA013]`,
		},
		{
			line: `//webapi:resource name =a`,
			want: `3:19: no space may stand around the = of key name [WA013]`,
		},
		{
			line: `//webapi:resource name= a`,
			want: `3:19: no space may stand around the = of key name [WA013]`,
		},
		{
			line: `//webapi:resource name = a`,
			want: `3:19: no space may stand around the = of key name [WA013]`,
		},
		{
			line: `//webapi:resource name=`,
			want: `3:19: key name has no value; leave it out to get its default: the type's name without a Resource suffix, in snake_case [WA016]`,
		},
		{
			line: `//webapi:resource name=""`,
			want: `3:19: key name has no value; leave it out to get its default: the type's name without a Resource suffix, in snake_case [WA016]`,
		},
		{
			line: `//webapi:resource name= scope=a`,
			want: `3:19: key name has no value; leave it out to get its default: the type's name without a Resource suffix, in snake_case [WA016]`,
		},
		{
			line: `//webapi:resource name=a name=b`,
			want: `3:26: key name is repeated [WA015]`,
		},
		{
			line: `//webapi:resource nmae=a`,
			want: `3:19: unknown key "nmae" of webapi:resource (did you mean "name"?); allowed: ` + keys + ` [WA014]`,
		},
		{
			line: `//webapi:resource nmae= Name=a`,
			want: "3:19: unknown key \"nmae\" of webapi:resource (did you mean \"name\"?); allowed: " + keys + " [WA014]\n" +
				"3:25: unknown key \"Name\" of webapi:resource (did you mean \"name\"?); allowed: " + keys + " [WA014]",
		},
		{
			line: `//webapi:resource description="a b`,
			want: `3:31: unterminated string "a b [WA013]`,
		},
		{
			line: "//webapi:resource description=`a b",
			want: "3:31: unterminated string `a b [WA013]",
		},
		{
			line: `//webapi:resource description="\q" name=a`,
			want: `3:31: not a Go string: "\q" name=a [WA013]`,
		},
		{
			line: `//webapi:resource description="a"b`,
			want: `3:34: space expected after the string "a", got "b" [WA013]`,
		},
		{
			line: `//webapi:resource description="a",name=b`,
			want: `3:34: space expected after the string "a", got ",name=b" [WA013]`,
		},
		{
			line: `//webapi:resource description=it"s`,
			want: `3:33: character '"' in a word; a value with it must be quoted, key="..." [WA013]`,
		},
		{
			line: `//webapi:resource "name"=a`,
			want: `3:19: character '"' in a word; a value with it must be quoted, key="..." [WA013]`,
		},
		{
			line: "//webapi:resource name=a\u00a0scope=b",
			want: `3:25: character '\u00a0' in a word; a value with it must be quoted, key="..." [WA013]`,
		},
		{
			line: `//webapi:resource name=a // why`,
			want: `3:26: a directive takes no comment, got "// why" [WA013]`,
		},
		{
			line: `//webapi:resource name=a scope`,
			want: `3:26: key=value expected, got "scope" (write scope=VALUE); allowed: ` + keys + ` [WA013]`,
		},
		{
			line: `//webapi:resource methods=GET,,POST,`,
			want: "3:31: an element of methods= is empty [WA016]\n" +
				"3:37: an element of methods= is empty [WA016]",
		},
		{
			line: `//webapi:resource methods=","`,
			want: "3:28: an element of methods= is empty [WA016]\n" +
				"3:29: an element of methods= is empty [WA016]",
		},
		{
			line: `//webapi:resource map=PATCH`,
			want: `3:23: METHOD:action expected in map=, got "PATCH" [WA013]`,
		},
		{
			line: `//webapi:resource map=PATCH:write,GET,,:a`,
			want: "3:35: METHOD:action expected in map=, got \"GET\" [WA013]\n" +
				"3:39: an element of map= is empty [WA016]",
		},
		{
			line: `//webapi:require`,
			want: `3:10: webapi:require needs a method and at least one scope: METHOD[,METHOD] SCOPE ... [WA017]`,
		},
		{
			line: `//webapi:require GET "a`,
			want: `3:22: unterminated string "a [WA013]`,
		},
		{
			line: `//webapi:require GET a // b`,
			want: `3:24: a directive takes no comment, got "// b" [WA013]`,
		},
		{
			line: `//webapi:describe`,
			want: `3:10: webapi:describe needs an action and a text: ACTION text to the end of the line [WA017]`,
		},
		{
			line: `//webapi:describe read`,
			want: `3:10: webapi:describe needs an action and a text: ACTION text to the end of the line [WA017]`,
		},
		{
			line: `//webapi:describe "read`,
			want: `3:19: unterminated string "read [WA013]`,
		},
		{
			line: `//webapi:public`,
			want: `3:10: webapi:public needs a reason: reason="why no guard is wanted" [WA017]`,
		},
		{
			line: `//webapi:public reason=`,
			want: `3:17: key reason has no value [WA016]`,
		},
		{
			line: `//webapi:public because`,
			want: `3:17: key=value expected, got "because"; allowed: reason [WA013]`,
		},
		{
			line: `//webapi:repository a=b`,
			want: `3:10: unknown directive "webapi:repository"; allowed: resource, require, describe, defaults, scope, implies, alias, public, guarded [WA010]`,
		},
		{
			line: "//webapi:resource\u00a0name=a",
			want: `3:10: unknown directive "webapi:resource\u00a0name=a"; allowed: resource, require, describe, defaults, scope, implies, alias, public, guarded [WA010]`,
		},
	} {
		t.Run(test.line, func(t *testing.T) {
			if diff := cmp.Diff(test.want, reportsOn(test.line)); diff != "" {
				t.Errorf("reports differ (-want +got):\n%s", diff)
			}
		})
	}
}
