package generator

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/webapi-gen/webapi-gen/annotations"
)

// A UsageError says that what was asked for makes no sense, whatever the input.
type UsageError struct{ Message string }

func (e *UsageError) Error() string { return e.Message }

func usage(format string, args ...any) error {
	return &UsageError{fmt.Sprintf(format, args...)}
}

// A folder is a directory that is looked at.
type folder struct {
	path  string   // relative to Config.Dir, or absolute
	dir   string   // the path to open it
	real  string   // absolute and without symbolic links: the same however it is spelt
	names []string // of the files in it, sorted
	whole bool     // it was named itself, and not only files in it
	full  bool     // so were all folders of its module
	only  []string // the Go files that were named one by one; nil: all of them
	root  string   // the real path of its module; "" outside of any
	below string   // the path below root, with slashes; "." in root itself

	spec     *annotations.Spec
	specPath string
}

// find returns the folders that the patterns name, each once.
func find(ctx context.Context, cfg Config) ([]*folder, error) {
	if cfg.Dir != "" {
		if info, err := os.Stat(cfg.Dir); err != nil || !info.IsDir() {
			return nil, usage("no such folder: %s", cfg.Dir)
		}
	}
	f := finder{Config: cfg, folders: map[string]*folder{}, roots: map[string]string{}}
	patterns := cfg.Patterns
	if len(patterns) == 0 && cfg.Spec == "" {
		patterns = []string{"."}
	}
	for _, p := range patterns {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if err := f.pattern(ctx, p); err != nil {
			return nil, err
		}
	}
	return f.list, nil
}

// A finder collects folders.
type finder struct {
	Config
	list    []*folder
	folders map[string]*folder // by real path
	roots   map[string]string  // of modules, by the real path of a folder in them; "" outside of any
	full    bool               // what is walked is a whole module
}

// open returns the path by which a path of a pattern is opened.
func open(base, path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(base, path)
}

func (f *finder) pattern(ctx context.Context, p string) error {
	if p == "" {
		return usage("a pattern is empty; the current folder is \".\"")
	}
	root, all := strings.CutSuffix(filepath.ToSlash(p), "...")
	if all && root != "" && !strings.HasSuffix(root, "/") || strings.Contains(root, "...") {
		return usage("pattern %q: ... can only stand at the end, after a slash, as in ./...", p)
	}
	path := filepath.Clean(filepath.FromSlash(root))
	info, err := os.Stat(open(f.Dir, path))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return usage("no such folder or file: %s (patterns are paths, as in ./api or ./..., not import paths)", p)
	case err != nil:
		return err
	case all && info.IsDir():
		real, err := realPath(f.Dir, path)
		if err != nil {
			return err
		}
		f.full = hasModule(real)
		return f.walk(ctx, path, real)
	case info.IsDir():
		folder, err := f.add(path)
		if err != nil {
			return err
		}
		folder.whole, folder.only = true, nil
		return nil
	case !all && strings.HasSuffix(path, ".go"):
		return f.file(path)
	}
	return usage("%s is neither a folder nor a Go file; a spec is named by --spec", p)
}

// file adds a Go file that was named by itself.
func (f *finder) file(path string) error {
	folder, err := f.add(filepath.Dir(path))
	if err != nil {
		return err
	}
	if !folder.whole {
		folder.only = append(folder.only, filepath.Base(path))
	}
	return nil
}

// realPath returns the one path that all spellings of a folder have in common.
func realPath(base, path string) (string, error) {
	abs, err := filepath.Abs(open(base, path))
	if err != nil {
		return "", err
	}
	return filepath.EvalSymlinks(abs)
}

// add adds one folder, unless it is there already.
func (f *finder) add(path string) (*folder, error) {
	real, err := realPath(f.Dir, path)
	if err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(open(f.Dir, path))
	if err != nil {
		return nil, err
	}
	return f.keep(path, real, entries), nil
}

// keep adds a folder that was read. Of several spellings it keeps the simplest,
// so that the order of the patterns does not matter.
func (f *finder) keep(path, real string, entries []os.DirEntry) *folder {
	if have := f.folders[real]; have != nil {
		if simpler(path, have.path) {
			have.path, have.dir = path, open(f.Dir, path)
		}
		return have
	}
	root := f.root(real)
	folder := &folder{path: path, dir: open(f.Dir, path), real: real, root: root, below: "."}
	if below, err := filepath.Rel(folder.root, real); err == nil {
		folder.below = filepath.ToSlash(below)
	}
	for _, e := range entries {
		if isFile(e, filepath.Join(real, e.Name())) {
			folder.names = append(folder.names, e.Name())
		}
	}
	f.folders[real] = folder
	f.list = append(f.list, folder)
	return folder
}

// isFile reports whether an entry is a file or a link to one. A link that leads
// nowhere counts as one, as it does to the go command.
func isFile(e os.DirEntry, path string) bool {
	if e.Type()&fs.ModeSymlink == 0 {
		return e.Type().IsRegular()
	}
	info, err := os.Stat(path)
	return err != nil || info.Mode().IsRegular()
}

// simpler reports whether a is to be preferred to b, the same path in another
// spelling: relative, short, and first in order.
func simpler(a, b string) bool {
	if filepath.IsAbs(a) != filepath.IsAbs(b) {
		return filepath.IsAbs(b)
	}
	return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b)) < 0
}

// root returns the nearest folder with a go.mod, the given one or one above it,
// or "".
func (f *finder) root(dir string) string {
	root, known := f.roots[dir]
	if known {
		return root
	}
	if hasModule(dir) {
		root = dir
	} else if above := filepath.Dir(dir); above != dir {
		root = f.root(above)
	}
	f.roots[dir] = root
	return root
}

// moduleRoot is root for a single folder.
func moduleRoot(dir string) string {
	f := finder{roots: map[string]string{}}
	return f.root(dir)
}

// ModuleRoot returns the folder of the module in which a folder is, or the folder
// itself if it is in none, as an absolute path without symbolic links.
func ModuleRoot(dir string) (string, error) {
	real, err := realPath(dir, ".")
	if err != nil || !isFolder(real) {
		return "", usage("no such folder: %s", dir)
	}
	return lockRoot(real), nil
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// InModule reports whether a folder, given with slashes and relative to the root of
// a module, exists and is one that the pattern ./... matches in the root.
func InModule(root, folder string) bool {
	if folder == "." {
		return true
	}
	if below := filepath.FromSlash(folder); !filepath.IsLocal(below) || filepath.Clean(below) != below {
		return false
	}
	path := root
	for name := range strings.SplitSeq(folder, "/") {
		path = filepath.Join(path, name)
		if info, err := os.Lstat(path); err != nil || !info.IsDir() || skipped(name) || hasModule(path) {
			return false
		}
	}
	return true
}

func hasModule(dir string) bool {
	info, err := os.Stat(filepath.Join(dir, "go.mod"))
	return err == nil && !info.IsDir()
}

func skipped(name string) bool {
	return name[0] == '.' || name[0] == '_' || name == "testdata" || name == "vendor"
}

// has reports whether the folder has a file of that name.
func (f *folder) has(name string) bool {
	_, found := slices.BinarySearch(f.names, name)
	return found
}

// walk adds a folder and, after it, those below it that ./... of the go command
// matches: none that begins with . or _, no testdata, no vendor and no other
// module. It does not know the ignore directives of go.mod.
func (f *finder) walk(ctx context.Context, path, real string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	entries, err := os.ReadDir(open(f.Dir, path))
	if err != nil {
		return err
	}
	folder := f.keep(path, real, entries)
	folder.whole, folder.only = true, nil
	folder.full = folder.full || f.full
	for _, e := range entries {
		name := e.Name()
		if !e.IsDir() || skipped(name) || hasModule(filepath.Join(real, name)) {
			continue
		}
		if err := f.walk(ctx, filepath.Join(path, name), filepath.Join(real, name)); err != nil {
			return err
		}
	}
	return nil
}

// Folders returns the folders that cfg names, as they are spelt in diagnostics:
// those of its patterns and that of its spec. Its errors are those of [Packages].
func Folders(ctx context.Context, cfg Config) ([]string, error) {
	folders, err := find(ctx, cfg)
	if err != nil {
		return nil, err
	}
	folders, diags, err := attachSpecs(cfg, folders)
	if err != nil {
		return nil, err
	}
	if diags.Sort(); len(diags) > 0 {
		return nil, diags
	}
	paths := make([]string, len(folders))
	for i, f := range folders {
		paths[i] = f.path
	}
	return paths, nil
}
