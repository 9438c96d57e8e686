package generator

import (
	"errors"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/webapi-gen/webapi-gen/annotations"
	"github.com/webapi-gen/webapi-gen/annotations/diag"
	"github.com/webapi-gen/webapi-gen/generator/internal/lint"
	"github.com/webapi-gen/webapi-gen/generator/parallel"
)

// contents are the files of a folder, as far as they matter.
type contents struct {
	sources   []annotations.Source // Go files that people wrote
	annotated bool                 // one of them may have a directive
	aside     []lint.Aside         // those of them that have, and that no build takes
	outputs   map[string][]byte    // Go files that an earlier run wrote, by name
	damaged   map[string]bool      // outputs that were reported, by name
}

// read reads the Go files of the folder.
func (f *folder) read(cfg Config, diags *diag.List) (contents, error) {
	cfg, end := cfg.begin(reading)
	defer end()
	c := contents{outputs: map[string][]byte{}, damaged: map[string]bool{}}
	files := f.readFiles(cfg)
	for _, file := range files {
		name, path, data, err := file.name, file.path, file.data, file.err
		if err != nil && isOutputName(name) && isGone(open(cfg.Dir, path)) {
			continue // another run has removed it since
		}
		if err != nil {
			return c, err
		}
		switch originOf(path, name, data, diags) {
		case byUs:
			c.outputs[name] = data
			continue
		case damaged:
			c.damaged[name] = true
			continue
		}
		mentions := annotations.Mentions(data)
		if mentions && f.only != nil && !slices.Contains(f.only, name) {
			diags.Add(token.Position{Filename: path}, diag.FilesNotNamed,
				"this file has annotations too; name all annotated files of the package, or its folder")
			continue
		}
		src := annotations.Source{Path: path, Data: data}
		if mentions {
			c.annotated = true
			if pos, why := annotations.NeverBuilt(src); why != "" {
				c.aside = append(c.aside, lint.Aside{Pos: pos, Why: why})
			}
		}
		c.sources = append(c.sources, src)
	}
	return c, nil
}

// A goFile is a Go file of a folder, or why it could not be read.
type goFile struct {
	name, path string
	data       []byte
	err        error
}

// readFiles reads the Go files of the folder.
func (f *folder) readFiles(cfg Config) []goFile {
	files := make([]goFile, 0, len(f.names))
	for _, name := range f.names {
		if strings.HasSuffix(name, ".go") && name[0] != '_' && name[0] != '.' {
			files = append(files, goFile{name: name, path: filepath.Join(f.path, name)})
		}
	}
	read := func(i int) { files[i].data, files[i].err = cfg.read(files[i].path) }
	const many = 100 // of fewer, other folders are read at the same time
	if len(files) >= many {
		cfg.room = nil
		parallel.Do(len(files), read)
		return files
	}
	for i := range files {
		read(i)
	}
	return files
}

// isGone reports whether nothing has that path, not even a link to nowhere.
func isGone(path string) bool {
	_, err := os.Lstat(path)
	return errors.Is(err, fs.ErrNotExist)
}
