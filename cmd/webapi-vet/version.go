package main

import (
	"crypto/sha256"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"golang.org/x/mod/modfile"

	"github.com/webapi-gen/webapi-gen/analyzer"
	"github.com/webapi-gen/webapi-gen/generator"
	"github.com/webapi-gen/webapi-gen/internal/lockfile"
)

// inputs are the files besides Go source on which findings depend.
var inputs = []string{"webapi.yaml", lockfile.Name, analyzer.BaselineFile}

// printVersion answers the go command, which keeps findings until a Go file or the
// version changes. So the version covers the other files that the checks read as well:
// an edit of webapi.yaml alone must not pass unseen.
func printVersion() error {
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	h := sha256.New()
	if err := hashFile(h, exe); err != nil {
		return err
	}
	roots, err := workspace()
	if err != nil {
		return err
	}
	for _, root := range roots {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return nil // what cannot be read is reported by the check that reads it
			case d.IsDir() && path != root && (d.Name()[0] == '.' || d.Name() == "node_modules"):
				return fs.SkipDir
			case d.Type().IsRegular() && slices.Contains(inputs, d.Name()):
				fmt.Fprintf(h, "\n%s\n", path)
				return hashFile(h, path)
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	fmt.Printf("%s version devel buildID=%02x\n", filepath.Base(os.Args[0]), h.Sum(nil))
	return nil
}

func hashFile(w io.Writer, path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	_, err = io.Copy(w, f)
	return err
}

// workspace returns the folders of the modules in which packages may be: that of the
// current folder, or those of the workspace around it.
func workspace() ([]string, error) {
	root, err := generator.ModuleRoot(".")
	if err != nil {
		return nil, err
	}
	for dir := root; ; dir = filepath.Dir(dir) {
		name := filepath.Join(dir, "go.work")
		if data, err := os.ReadFile(name); err == nil && os.Getenv("GOWORK") != "off" {
			work, err := modfile.ParseWork(name, data, nil)
			if err != nil {
				return nil, err
			}
			roots := []string{root}
			for _, use := range work.Use {
				path := filepath.FromSlash(use.Path)
				if !filepath.IsAbs(path) {
					path = filepath.Join(dir, path)
				}
				roots = append(roots, path)
			}
			slices.Sort(roots)
			return slices.Compact(roots), nil
		}
		if dir == filepath.Dir(dir) {
			return []string{root}, nil
		}
	}
}
