package generator_test

import (
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/webapi-gen/webapi-gen/generator"
)

// The size of the input that writeInput makes.
const (
	resourcesPerFile = 50
	filesPerPackage  = 10
	resources        = 10_000
)

// writeInput writes n resources into packages below a folder, as a large API has
// them: most with a doc comment, some with requirements, texts and fields.
func writeInput(t testing.TB, dir string, n int) {
	t.Helper()
	var text strings.Builder
	for first := 0; first < n; first += resourcesPerFile {
		file := first / resourcesPerFile
		pkg := fmt.Sprintf("api%02d", file/filesPerPackage)
		text.Reset()
		if file%filesPerPackage == 0 {
			fmt.Fprintf(&text, "// Package %s serves a part of the API.\n//\n", pkg)
			text.WriteString("//webapi:defaults map=PATCH:write key=id\n//webapi:scope admin Full control over everything\n")
		}
		fmt.Fprintf(&text, "package %s\n\nimport \"net/http\"\n", pkg)
		for i := first; i < min(first+resourcesPerFile, n); i++ {
			writeResource(&text, i)
		}
		writeTree(t, dir, tree{fmt.Sprintf("%s/file%03d.go", pkg, file): text.String()})
	}
}

func writeResource(text *strings.Builder, i int) {
	typ := fmt.Sprintf("Review%04dResource", i)
	fmt.Fprintf(text, "\n// %s serves /api/reviews%04d/. A review is what a reviewer says about a\n", typ, i)
	text.WriteString("// change, with its comments on files and lines, and whether it is to be shipped.\n//\n")
	switch i % 4 {
	case 0:
		text.WriteString("//webapi:resource\n")
	case 1:
		text.WriteString("//webapi:resource methods=GET,POST,DELETE apitokens=allow anonymous=GET\n")
		fmt.Fprintf(text, "//webapi:require DELETE review%04d:destroy review%04d:write\n//webapi:require DELETE admin\n", i, i)
	case 2:
		fmt.Fprintf(text, "//webapi:resource name=review%04d description=\"What is said about a change\" methods=GET,PUT\n", i)
		text.WriteString("//webapi:describe read See your reviews\n//webapi:describe write Write reviews in your name\n")
	case 3:
		fmt.Fprintf(text, "//webapi:resource scope=reviews%04d map=POST:publish\n//webapi:describe publish Publish reviews\n", i)
	}
	fmt.Fprintf(text, "type %s struct {\n\tstore map[string]string\n\tlimit int // of comments\n}\n\n", typ)
	fmt.Fprintf(text, "// list answers with all that the reader may see.\nfunc (r *%s) list(w http.ResponseWriter, req *http.Request) error {\n", typ)
	text.WriteString("\tfor id := range r.store {\n\t\tif len(id) > r.limit {\n\t\t\tcontinue\n\t\t}\n\t\tif _, err := w.Write([]byte(id)); err != nil {\n\t\t\treturn err\n\t\t}\n\t}\n\treturn nil\n}\n")
}

// memoryFolder returns a new folder, in memory if possible.
func memoryFolder(t testing.TB) string {
	t.Helper()
	if info, err := os.Stat("/dev/shm"); err == nil && info.IsDir() {
		dir, err := os.MkdirTemp("/dev/shm", "webapi-gen-test-")
		if err == nil {
			t.Cleanup(func() { os.RemoveAll(dir) })
			return dir
		}
	}
	return t.TempDir()
}

// inputFolder returns a folder with the whole input, in memory if possible.
func inputFolder(b *testing.B) string {
	b.Helper()
	dir := memoryFolder(b)
	writeInput(b, dir, resources)
	return dir
}

// BenchmarkCold makes all outputs, as the first run does.
func BenchmarkCold(b *testing.B) {
	dir := inputFolder(b)
	for b.Loop() {
		result := generateAndWrite(b, dir, "./...")
		if n := result.Count(generator.Created, generator.Changed); n < resources {
			b.Fatalf("%d files are written", n)
		}
		b.StopTimer()
		for _, f := range result.Files {
			if err := os.Remove(filepath.Join(dir, f.Path)); err != nil {
				b.Fatal(err)
			}
		}
		b.StartTimer()
	}
}

// BenchmarkUnchanged finds that all outputs are as they should be.
func BenchmarkUnchanged(b *testing.B) {
	dir := inputFolder(b)
	generateAndWrite(b, dir, "./...")
	for b.Loop() {
		result := generateAndWrite(b, dir, "./...")
		if n := result.Count(generator.Created, generator.Changed); n > 0 {
			b.Fatalf("%d files are written", n)
		}
	}
}

// BenchmarkReadAndParse is what no generator from source can do without:
// reading and parsing all inputs, with comments.
func BenchmarkReadAndParse(b *testing.B) {
	dir := inputFolder(b)
	for b.Loop() {
		eachFile(b, dir, func(path string, data []byte) error {
			_, err := parser.ParseFile(token.NewFileSet(), path, data, parser.ParseComments|parser.SkipObjectResolution)
			return err
		})
	}
}

// BenchmarkReadOutputs is what no comparison with the disk can do without.
func BenchmarkReadOutputs(b *testing.B) {
	dir := inputFolder(b)
	generateAndWrite(b, dir, "./...")
	for b.Loop() {
		eachFile(b, dir, func(string, []byte) error { return nil })
	}
}

// eachFile reads all files below a folder, on all processors.
func eachFile(b *testing.B, dir string, do func(path string, data []byte) error) {
	b.Helper()
	files := make(chan string)
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for path := range files {
				data, err := os.ReadFile(path)
				if err == nil {
					err = do(path, data)
				}
				if err != nil {
					b.Error(err)
				}
			}
		})
	}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			files <- path
		}
		return err
	})
	close(files)
	workers.Wait()
	if err != nil {
		b.Fatal(err)
	}
}
