package scaffold

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/webapi-gen/webapi-gen/generator"
)

// specName is the name of a folder's spec.
const specName = "webapi.yaml"

// A place says where the package and its module are.
type place struct {
	folder string // as it was named
	start  string // what paths are relative to, as it was named
	dir    string // the folder, real
	root   string // the module's, real
}

// locate finds the folder and its module, and refuses what cannot be set up.
func locate(opts Options) (place, error) {
	p := place{folder: opts.Folder, start: opts.Dir}
	if p.folder == "" {
		p.folder = "."
	}
	if strings.Contains(p.folder, "...") {
		return p, usage("init sets up one package at a time: name its folder, got %s", p.folder)
	}
	var err error
	if p.dir, err = real(opts.Dir, p.folder); err != nil {
		return p, err
	}
	if p.root, err = generator.ModuleRoot(p.dir); err != nil {
		return p, err
	}
	var wrong []string
	if info, err := os.Stat(filepath.Join(p.root, "go.mod")); err != nil || info.IsDir() {
		wrong = append(wrong, fmt.Sprintf("there is no go.mod in %s or above it; begin a module first: go mod init MODULE", p.folder))
	}
	if _, err := os.Lstat(filepath.Join(p.dir, specName)); opts.YAML && err == nil {
		wrong = append(wrong, fmt.Sprintf("%s is there already, and init --yaml never overwrites it", filepath.Join(p.folder, specName)))
	}
	if len(wrong) > 0 {
		return p, usage("%s", strings.Join(wrong, "\n"))
	}
	return p, nil
}

// real returns the absolute path of a folder without symbolic links.
func real(base, path string) (string, error) {
	name := path
	if path == "." && base != "" {
		name = base
	}
	if !filepath.IsAbs(path) {
		path = filepath.Join(base, path)
	}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", usage("no such folder: %s", name)
	case err != nil:
		return "", err
	case !info.IsDir():
		return "", usage("%s is not a folder; init takes that of a package", name)
	}
	if path, err = filepath.Abs(path); err != nil {
		return "", err
	}
	return filepath.EvalSymlinks(path)
}

// name returns how people call a file, relative to where they are if that leads
// to it. A file that is a link is called by what it leads to: writing replaces
// files, and the link is to stay.
func (p place) name(path string) string {
	if leads, err := filepath.EvalSymlinks(path); err == nil {
		path = leads
	}
	base, err := filepath.Abs(p.start)
	if err != nil {
		return path
	}
	rel, err := filepath.Rel(base, path)
	if err != nil {
		return path
	}
	if same, err := filepath.EvalSymlinks(filepath.Join(p.start, rel)); err != nil || !isFile(same, path) {
		return path
	}
	return rel
}

// isFile reports whether two paths lead to the same file.
func isFile(a, b string) bool {
	first, err := os.Stat(a)
	if err != nil {
		return false
	}
	second, err := os.Stat(b)
	return err == nil && os.SameFile(first, second)
}

func usage(format string, args ...any) error {
	return &generator.UsageError{Message: fmt.Sprintf(format, args...)}
}
