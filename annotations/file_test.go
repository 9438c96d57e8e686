package annotations_test

import (
	"go/build"
	"go/build/constraint"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/webapi-gen/webapi-gen/annotations"
)

// fileOf returns the File of a file with one type.
func fileOf(t *testing.T, name, src string) annotations.File {
	t.Helper()
	pkg := readOne(t, "p/"+name, src)
	if len(pkg.Types) != 1 {
		t.Fatalf("%d types in %s", len(pkg.Types), src)
	}
	return *pkg.Types[0].File
}

func TestFileNames(t *testing.T) {
	for _, want := range []annotations.File{
		{Name: "x.go"},
		{Name: "x_test.go", Test: true},
		{Name: "test.go"},
		{Name: "x_linux.go", Suffix: "_linux"},
		{Name: "x_amd64.go", Suffix: "_amd64"},
		{Name: "x_linux_amd64.go", Suffix: "_linux_amd64"},
		{Name: "x_amd64_linux.go", Suffix: "_linux"},
		{Name: "x_windows_test.go", Test: true, Suffix: "_windows"},
		{Name: "x_windows_arm64_test.go", Test: true, Suffix: "_windows_arm64"},
		{Name: "x_test_windows.go", Suffix: "_windows"},
		{Name: "linux.go"},
		{Name: "linux_amd64.go", Suffix: "_amd64"},
		{Name: "linux_test.go", Test: true},
		{Name: "x_unix.go"},
		{Name: "x_linux_unix.go"},
		{Name: "x_linux_linux.go", Suffix: "_linux"},
		{Name: "x.linux.go"},
		{Name: "x_js_wasm.go", Suffix: "_js_wasm"},
		{Name: "x_wasip1_wasm.go", Suffix: "_wasip1_wasm"},
		{Name: "x_Linux.go"},
	} {
		got := fileOf(t, want.Name, "package p\n\ntype A struct{}\n")
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", want.Name, diff)
		}
	}
}

// A file with the suffix of another must be built on the same platforms. The test
// compares with go/build for all names of up to three parts.
func TestSuffixBindsAsTheNameDoes(t *testing.T) {
	platforms := [][2]string{
		{"linux", "amd64"}, {"linux", "arm64"}, {"windows", "amd64"}, {"android", "arm64"},
		{"darwin", "arm64"}, {"ios", "arm64"}, {"js", "wasm"}, {"wasip1", "wasm"}, {"plan9", "386"}, {"solaris", "amd64"}, {"illumos", "amd64"},
	}
	parts := []string{"x", "linux", "android", "windows", "illumos", "amd64", "arm64", "wasm", "js", "test", "unix"}
	names := slices.Clone(parts)
	for _, a := range parts {
		for _, b := range parts {
			names = append(names, a+"_"+b)
			for _, c := range parts {
				names = append(names, a+"_"+b+"_"+c)
			}
		}
	}
	for _, name := range names {
		file := fileOf(t, name+".go", "package p\n\ntype A struct{}\n")
		for _, p := range platforms {
			want := matches(t, p, name+".go", "package p\n")
			if got := matches(t, p, "other"+file.Suffix+".go", "package p\n"); got != want {
				t.Errorf("%s.go is built for %s: %t, but a file with its suffix %q: %t", name, p, want, file.Suffix, got)
			}
		}
	}
}

// matches reports whether go/build builds a file for a platform, with cgo.
func matches(t *testing.T, platform [2]string, name, src string) bool {
	t.Helper()
	ctx := build.Context{
		GOOS: platform[0], GOARCH: platform[1], Compiler: "gc", CgoEnabled: true, ReleaseTags: []string{"go1.1"},
		OpenFile: func(string) (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(src)), nil },
	}
	match, err := ctx.MatchFile("", name)
	if err != nil {
		t.Fatal(err)
	}
	return match
}

func TestConstraints(t *testing.T) {
	for _, test := range []struct{ head, want string }{
		{"", ""},
		{"//go:build linux\n\n", "linux"},
		{"// Copyright.\n\n//go:build linux && (amd64||arm64)\n\n", "linux && (amd64 || arm64)"},
		{"//go:build !linux\n// +build windows\n\n", "!linux"},
		{"// +build linux\n\n", "linux"},
		{"//+build linux darwin\n// +build !amd64\n\n", "(linux || darwin) && !amd64"},
		{"// +build linux\n", ""},
		{"// +build windows\n\n//go:build linux\n\n", "linux"},
		{"//go:build linux\n", "linux"},
		{"// Package p is.\n//\n//go:build linux\n", "linux"},
		{"/* Copyright. */\n\n//go:build linux\n\n", "linux"},
		{"// go:build linux\n\n", ""},
		{"/*\n//go:build linux\n*/\n", ""},
		{"\ufeff//go:build linux\n\n", "linux"},
		{"//go:build linux\r\n\r\n", "linux"},
		{"/* Copyright */ //go:build ignore\n\n", ""},
		{"/* Copyright\n*/ //go:build windows\n\n", ""},
		{"/* Copyright */ // +build windows\n\n", ""},
		{"/* Copyright */\n// +build windows\n\n", ""},
		{"// +build windows\n/* Copyright */\n\n", ""},
		{"// +build linux\n\n/* Copyright */\n// +build windows\n\n", "linux"},
		{"\t //go:build linux\n", "linux"},
		{"/* Copyright */\n\t//go:build linux\n", "linux"},
		{"/**/ //go:build windows\n//go:build linux\n", "linux"},
	} {
		src := test.head + "package p\n\ntype A struct{}\n"
		got := fileOf(t, "x.go", src).Constraint
		if got != test.want {
			t.Errorf("constraint under %q is %q, want %q", test.head, got, test.want)
		}
		for _, p := range [][2]string{{"linux", "amd64"}, {"linux", "386"}, {"windows", "amd64"}} {
			if goes, want := holds(t, got, p), matches(t, p, "x.go", src); goes != want {
				t.Errorf("constraint %q under %q holds for %s: %t, but go/build says %t", got, test.head, p, goes, want)
			}
		}
	}
}

func holds(t *testing.T, text string, platform [2]string) bool {
	t.Helper()
	if text == "" {
		return true
	}
	expr, err := constraint.Parse("//go:build " + text)
	if err != nil {
		t.Fatal(err)
	}
	return expr.Eval(func(tag string) bool { return tag == platform[0] || tag == platform[1] })
}

func TestCgoIsAConstraint(t *testing.T) {
	for head, want := range map[string]string{
		"":                               "cgo",
		"//go:build linux\n":             "linux && cgo",
		"//go:build linux || darwin\n":   "(linux || darwin) && cgo",
		"//go:build linux && cgo\n":      "linux && cgo",
		"//go:build linux || cgo\n":      "(linux || cgo) && cgo",
		"//go:build !cgo\n":              "!cgo && cgo",
		"//go:build (cgo && a) || cgo\n": "(cgo && a) || cgo",
	} {
		src := head + "package p\n\nimport \"C\"\n\ntype A struct{}\n"
		if got := fileOf(t, "x.go", src).Constraint; got != want {
			t.Errorf("constraint of a cgo file under %q is %q, want %q", head, got, want)
		}
	}
}

func TestFilesThatNoBuildTakesAreLeftOut(t *testing.T) {
	for _, src := range []string{
		"//go:build ignore\n\npackage p\n\n// webapi:resource\ntype A struct{}\n",
		"// +build ignore\n\npackage p\n\n//webapi:resource nmae=x\ntype A struct{}\n",
		"//go:build ignore\n\npackage p\n\nimport \"C\"\n\n//webapi:resource\ntype A struct{}\n",
		"package documentation\n\n//webapi:resource nmae=x\ntype A struct{}\n",
	} {
		packages, diags := readGo(src)
		if len(packages) != 0 || len(diags) != 0 {
			t.Errorf("%d packages, %v in\n%s", len(packages), diags, src)
		}
	}
}

func TestSynopsis(t *testing.T) {
	for doc, want := range map[string]string{
		"":                                                   "",
		"// A serves things. It is old.":                     "A serves things.",
		"// A serves\n// things":                             "A serves things",
		"// A serves.\n//\n//webapi:resource\n":              "A serves.",
		"//webapi:resource\n":                                "",
		"// Copyright 2026 us.\n//\n// A serves.":            "",
		"/*\nA serves.\n\nMore.\n*/":                         "A serves.",
		"// A\u200b serves \u202ebidi.":                      "A\u200b serves \u202ebidi.",
		"// A serves [B] and [http.Handler].\n//\n// [B]: x": "A serves [B] and [http.Handler].",
	} {
		src := "package p\n\n" + strings.TrimSuffix(doc, "\n") + "\ntype A struct{}\n"
		pkg := readOne(t, "p/x.go", src)
		if got := pkg.Types[0].Synopsis(); got != want {
			t.Errorf("synopsis of %q is %q, want %q", doc, got, want)
		}
	}
}
