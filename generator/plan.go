package generator

import (
	"bytes"
	"errors"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/webapi-gen/webapi-gen/annotations/diag"
	"github.com/webapi-gen/webapi-gen/model"
	"github.com/webapi-gen/webapi-gen/templates"
)

// A destination is the folder that outputs go to.
type destination struct {
	path string // as messages have it
	dir  string // the path to open it
	contents
	leftovers []string // temporary files in it
	removes   bool     // orphaned outputs are removed
	header    string   // the comment that outputs begin with; "" for the one that they have
}

// outside returns the folder that cfg names for the outputs, which need not be
// there yet.
func outside(cfg Config, diags *diag.List) (destination, error) {
	f := folder{path: filepath.Clean(cfg.Out), dir: open(cfg.Dir, cfg.Out)}
	if info, err := os.Stat(f.dir); err == nil && !info.IsDir() {
		return destination{}, usage("outputs go to a folder, and %s is none", cfg.Out)
	}
	entries, err := os.ReadDir(f.dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return destination{}, err
	}
	var others []string
	for _, e := range entries {
		switch name := e.Name(); {
		case !isFile(e, f.dir):
		case isOutputName(name):
			f.names = append(f.names, name)
		default:
			others = append(others, name)
		}
	}
	have, err := f.read(cfg, diags)
	return destination{path: f.path, dir: f.dir, contents: have, leftovers: leftovers(f.path, others)}, err
}

// hasContracts reports whether one of the outputs is a contract test.
func (to destination) hasContracts() bool {
	return slices.ContainsFunc(to.outputNames(), isContractName)
}

// plan compares the outputs of a run with those on disk. Files that differ in their
// line ends only are unchanged: version control may have written them.
func (to destination) plan(outputs []templates.File, diags *diag.List) []File {
	var files []File
	for _, w := range outputs {
		file := File{Path: filepath.Join(to.path, w.Name)}
		old, isOutput := to.outputs[w.Name]
		var exists bool
		if !isOutput && !to.damaged[w.Name] {
			exists, isOutput, old = to.lookAgain(w.Name)
		}
		delete(to.outputs, w.Name)
		old = lineFeeds(old)
		text := w.Text
		if to.header != "" {
			text = append([]byte(to.header), text...)
		} else if header, _, ok := splitHeader(old); isOutput && ok && len(header) > 0 { // of a tool that adds licences
			text = append(header[:len(header):len(header)], text...)
		}
		switch {
		case isOutput && bytes.Equal(text, old):
		case isOutput:
			hasAnnotation(file.Path, old, diags)
			file.Status, file.Old, file.Content = Changed, old, text
		default:
			file.Status, file.Content = Created, text
			if exists {
				diags.Add(token.Position{Filename: file.Path}, diag.NotGenerated,
					"this file is in the way: webapi-gen writes a file of its name, but did not write this one; rename or remove it")
			}
		}
		files = append(files, file)
	}
	to.reportAnnotated(to.path, diags)
	if to.removes {
		for name, old := range to.outputs {
			files = append(files, File{Path: filepath.Join(to.path, name), Status: Removed, Old: lineFeeds(old)})
		}
	}
	return files
}

// reportAnnotated reports the outputs that have an annotation, apart from those that
// plan has found to be up to date.
func (c *contents) reportAnnotated(folder string, diags *diag.List) {
	for name, text := range c.outputs {
		hasAnnotation(filepath.Join(folder, name), text, diags)
	}
}

// lineFeeds returns a text without the carriage returns at its line ends.
func lineFeeds(text []byte) []byte {
	if bytes.IndexByte(text, '\r') < 0 {
		return text
	}
	return bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))
}

// lookAgain looks for a file that was not among the outputs when the folder was read.
// It reports whether a file or folder of that name exists, and whether it is an output
// that another run has written since, with its text. It is none if the folder had an
// output whose name differs in case alone, as on file systems that ignore case.
func (to destination) lookAgain(name string) (exists, isOutput bool, text []byte) {
	path := filepath.Join(to.dir, name)
	info, err := os.Lstat(path)
	if err != nil {
		return false, false, nil
	}
	for other := range to.outputs {
		if strings.EqualFold(other, name) {
			return true, false, nil
		}
	}
	if !info.Mode().IsRegular() {
		return true, false, nil
	}
	text, err = ReadFile(path)
	isOutput = err == nil && originOf(name, name, text, &diag.List{}) == generated && !hasAnnotation(name, text, &diag.List{})
	return true, isOutput, text
}

// checkRemoval reports the outputs of a folder if all would be removed: their spec may
// be one that an earlier run was given by --spec, and without its guards an API is open.
// Resources of tests do not account for the outputs of the package.
func (f *folder) checkRemoval(files []File, diags *diag.List) {
	var ofPackage, ofTests bool // there is a resource
	for _, file := range files {
		if file.Status != Removed && filepath.Base(file.Path) != model.CatalogFile {
			ofTests = true
			ofPackage = ofPackage || !strings.HasSuffix(file.Path, "_test.go")
		}
	}
	var names []string
	for _, file := range files {
		if file.Status == Removed && !ofPackage && !(ofTests && strings.HasSuffix(file.Path, "_test.go")) {
			names = append(names, filepath.Base(file.Path))
		}
	}
	if len(names) == 0 {
		return
	}
	slices.Sort(names)
	diags.Add(token.Position{Filename: filepath.Join(f.path, names[0])}, diag.UnownedOutput,
		"this package has outputs, but neither a webapi:resource nor a %s; name their spec with --spec, or delete them by hand if they are not wanted any more: %s",
		specName, strings.Join(names, " "))
}

// Stale returns what [Result.Write] would do as diagnostics: outputs that are missing,
// that have another content, at the first line that differs, and that are orphaned.
func (r *Result) Stale() diag.List {
	var list diag.List
	for _, f := range r.Files {
		pos := token.Position{Filename: f.Path}
		switch f.Status {
		case Created:
			list.Add(pos, diag.OutputMissing, "this file is missing: webapi-gen would write it")
		case Changed:
			pos.Line, pos.Column = firstDifference(f.Old, f.Content), 1
			list.Add(pos, diag.OutputChanged, "this file is not up to date: from this line on, webapi-gen would write something else")
		case Removed:
			list.Add(pos, diag.OutputOrphaned, "no resource wants this file any more: webapi-gen would remove it")
		}
	}
	return list
}

// firstDifference returns the number of the first line that differs in two texts.
func firstDifference(a, b []byte) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return 1 + bytes.Count(a[:n], []byte("\n"))
}
