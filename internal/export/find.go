package export

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/webapi-gen/webapi-gen/generator"
)

// A File is a document that is kept in a module.
type File struct {
	Path string // relative to the folder of the module, with slashes
	Text []byte
}

// Find returns the documents that are kept in the module of a folder: the files whose first
// line is a header. It does not look into vendor, node_modules, testdata, other modules and
// folders that begin with . or _.
func Find(ctx context.Context, root string) ([]File, error) {
	var files []File
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if d.IsDir() {
			if path != root && isSkipped(path, d.Name()) {
				return fs.SkipDir
			}
			return nil
		}
		if !d.Type().IsRegular() || FormatOf(path) == "" || !beginsWithHeader(path) {
			return nil
		}
		text, err := generator.ReadFile(path)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, path)
		files = append(files, File{filepath.ToSlash(rel), text})
		return err
	})
	return files, err
}

func isSkipped(path, name string) bool {
	if name[0] == '.' || name[0] == '_' || slices.Contains([]string{"vendor", "node_modules", "testdata"}, name) {
		return true
	}
	info, err := os.Stat(filepath.Join(path, "go.mod"))
	return err == nil && !info.IsDir()
}

// beginsWithHeader reports whether a file can be read and begins with a header. It reads the
// first bytes of the file only.
func beginsWithHeader(path string) bool {
	file, err := os.Open(path)
	if err != nil {
		return false
	}
	defer file.Close()
	first := make([]byte, 100)
	n, _ := file.Read(first)
	return IsExported(path, first[:n])
}
