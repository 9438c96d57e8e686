package analyzer

import (
	"fmt"
	"go/ast"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/webapi-gen/webapi-gen/generator"
)

// BaselineFile is the name of the file beside go.mod with the findings that a team has
// not dealt with yet. Each is a line, and as many lines are alike as findings are. Lines
// may go and none may come, see command webapi-vet.
const BaselineFile = "webapi.baseline"

// BaselineEnv is the environment variable by which webapi-vet makes the checks append
// their findings to a file instead: each is the folder of its module, a tab and the line
// that a baseline has.
const BaselineEnv = "WEBAPI_VET_BASELINE"

// Baseline reports lines of the baseline that apply no more.
var Baseline = &analysis.Analyzer{
	Name: "baseline",
	Doc: `report lines of webapi.baseline that apply no more

A baseline lets a team guard one resource after the other: webapi-vet -baseline writes what
it finds today to webapi.baseline, beside go.mod, and the checks report the rest. Once a
finding is dealt with its line has to go, so that it does not hide another one:
webapi-vet -baseline removes it, and adds none.`,
	URL:      docURL,
	Requires: checks,
	Run: func(pass *analysis.Pass) (any, error) {
		b, err := readBaseline(pass)
		if err != nil || b == nil {
			return nil, err
		}
		for _, a := range checks {
			for _, line := range pass.ResultOf[a].(*baselined).lines {
				b.take(line)
			}
		}
		for _, line := range b.left {
			if file := firstSource(pass); file != nil {
				pass.Reportf(file.Name.Pos(), "%s has a line that applies no more: %s; remove it, as webapi-vet -baseline does", BaselineFile, line)
			}
		}
		return nil, nil
	},
}

// A baselined is the result of a check: the lines of the baseline that it has left out.
type baselined struct{ lines []string }

func init() {
	for _, a := range checks {
		run, name := a.Run, a.Name
		a.ResultType = reflect.TypeFor[*baselined]()
		a.Run = func(pass *analysis.Pass) (any, error) {
			b, err := readBaseline(pass)
			if err != nil {
				return nil, err
			}
			var result baselined
			var found []string
			own := *pass
			own.Report = func(d analysis.Diagnostic) {
				if b == nil {
					pass.Report(d)
					return
				}
				line := name + " " + b.folder + ": " + subject(pass, d)
				if found = append(found, b.root+"\t"+line+"\n"); b.out != "" {
					return
				}
				if b.take(line) {
					result.lines = append(result.lines, line)
					return
				}
				pass.Report(d)
			}
			if _, err := run(&own); err != nil {
				return nil, err
			}
			if b != nil && b.out != "" && len(found) > 0 {
				return &result, appendTo(b.out, strings.Join(found, ""))
			}
			return &result, nil
		}
	}
}

// A baseline has the lines of one package.
type baseline struct {
	root   string // of the module
	folder string // of the package, relative to root
	left   []string
	out    string // the file to append findings to
}

// take removes a line, and reports whether it was there.
func (b *baseline) take(line string) bool {
	i := slices.Index(b.left, line)
	if i >= 0 {
		b.left = slices.Delete(b.left, i, i+1)
	}
	return i >= 0
}

// readBaseline returns the lines for the package, nil if there is no baseline and none is
// to be written.
func readBaseline(pass *analysis.Pass) (*baseline, error) {
	dir, err := folderOf(pass)
	if dir == "" || err != nil {
		return nil, err
	}
	root, err := generator.ModuleRoot(dir)
	if err != nil {
		return nil, err
	}
	dir, err = filepath.EvalSymlinks(dir)
	if err != nil {
		return nil, err
	}
	rel, err := filepath.Rel(root, dir)
	if err != nil {
		return nil, err
	}
	b := &baseline{root: root, folder: filepath.ToSlash(rel), out: os.Getenv(BaselineEnv)}
	if b.out != "" {
		return b, nil
	}
	text, err := generator.ReadFile(filepath.Join(root, BaselineFile))
	if os.IsNotExist(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if _, rest, _ := strings.Cut(line, " "); strings.HasPrefix(rest, b.folder+": ") {
			b.left = append(b.left, line)
		}
	}
	return b, nil
}

// subject returns what a finding is about, without what one does about it and without
// its position: the function around it tells it from others.
func subject(pass *analysis.Pass, d analysis.Diagnostic) string {
	about, _, _ := strings.Cut(d.Message, ";")
	if in := enclosing(pass, d.Pos); in != "" {
		about += ", in " + in
	}
	return about
}

// enclosing returns the name of the function around a position, with its receiver.
func enclosing(pass *analysis.Pass, pos token.Pos) string {
	for _, file := range pass.Files {
		for _, d := range file.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || pos < fn.Pos() || fn.End() <= pos {
				continue
			}
			if fn.Recv != nil && len(fn.Recv.List) > 0 {
				if t := pass.TypesInfo.TypeOf(fn.Recv.List[0].Type); t != nil {
					return fmt.Sprintf("%s.%s", strings.TrimPrefix(t.String()[strings.LastIndex(t.String(), ".")+1:], "*"), fn.Name.Name)
				}
			}
			return fn.Name.Name
		}
	}
	return ""
}

func firstSource(pass *analysis.Pass) *ast.File {
	for _, file := range sources(pass) {
		return file
	}
	return nil
}

func appendTo(path, text string) error {
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	if closed := f.Close(); err == nil {
		err = closed
	}
	return err
}
