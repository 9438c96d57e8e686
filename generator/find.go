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
	"github.com/webapi-gen/webapi-gen/annotations/diag"
)

// A UsageError reports a [Config] that makes no sense, whatever the input is.
type UsageError struct{ Message string }

// Error returns the message.
func (e *UsageError) Error() string { return e.Message }

func usage(format string, args ...any) error {
	return &UsageError{fmt.Sprintf(format, args...)}
}

// A folder is a folder that a run reads.
type folder struct {
	path         string   // relative to Config.Dir, or absolute
	dir          string   // the path to open it
	resolved     string   // the absolute path without symbolic links
	names        []string // of the files in it, sorted
	irregular    string   // a source in it that is a pipe, a device or the like; "" if there is none
	outside      []string // the sources in it that are links to files outside of the repository
	allFiles     bool     // a pattern names it, and not only files in it
	entireModule bool     // the patterns name all folders of its module
	hasBelow     bool     // there are folders in it that ./... matches, or another module
	only         []string // the Go files that patterns name; nil for all
	module       *module
	relPath      string // relative to the module's root, with slashes; "." for the root itself

	spec     *annotations.Spec
	specPath string
}

// has reports whether the folder has a file of that name.
func (f *folder) has(name string) bool {
	_, found := slices.BinarySearch(f.names, name)
	return found
}

// findFolders returns the folders that cfg names, with their specs, and what is wrong
// with these.
func findFolders(ctx context.Context, cfg Config) ([]*folder, diag.List, error) {
	folders, err := find(ctx, cfg)
	if err != nil {
		return nil, nil, err
	}
	var list []*folder
	var diags diag.List
	err = orCanceled(ctx, func() (err error) {
		list, diags, err = attachSpecs(cfg, folders)
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	return list, diags, nil
}

// find returns the folders that the patterns name, each once.
func find(ctx context.Context, cfg Config) ([]*folder, error) {
	if cfg.Dir != "" && !isFolder(cfg.Dir) {
		return nil, usage("no such folder: %s", cfg.Dir)
	}
	f := newFinder(cfg)
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
	list         []*folder
	folders      map[string]*folder // by resolved path
	modules      map[string]*module // by the resolved path of a folder; nil if it is in none
	entireModule bool               // walk walks an entire module
}

func newFinder(cfg Config) finder {
	return finder{Config: cfg, folders: map[string]*folder{}, modules: map[string]*module{}}
}

// pattern adds the folders that a pattern names.
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
		resolved, err := resolvePath(f.Dir, path)
		if err != nil {
			return err
		}
		f.entireModule = hasModule(resolved)
		return f.walk(ctx, path, resolved)
	case info.IsDir():
		folder, err := f.add(path)
		if err != nil {
			return err
		}
		folder.allFiles, folder.only = true, nil
		return nil
	case !all && strings.HasSuffix(path, ".go"):
		return f.file(path)
	}
	return usage("%s is neither a folder nor a Go file; a spec is named by --spec", p)
}

// file adds a Go file that a pattern names.
func (f *finder) file(path string) error {
	folder, err := f.add(filepath.Dir(path))
	if err != nil {
		return err
	}
	if !folder.allFiles {
		folder.only = append(folder.only, filepath.Base(path))
	}
	return nil
}

// walk adds a folder and, after it, those below it that ./... of the go command
// matches: none that begins with . or _, no testdata, no vendor and no other
// module. It does not know the ignore directives of go.mod.
func (f *finder) walk(ctx context.Context, path, resolved string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	entries, err := os.ReadDir(open(f.Dir, path))
	if err != nil {
		return err
	}
	folder := f.addEntries(path, resolved, entries)
	folder.allFiles, folder.only = true, nil
	folder.entireModule = folder.entireModule || f.entireModule
	for _, e := range entries {
		name := e.Name()
		if !e.IsDir() || skipped(name) || hasModule(filepath.Join(resolved, name)) {
			continue
		}
		if err := f.walk(ctx, filepath.Join(path, name), filepath.Join(resolved, name)); err != nil {
			return err
		}
	}
	return nil
}

// add reads a folder and adds it.
func (f *finder) add(path string) (*folder, error) {
	resolved, err := resolvePath(f.Dir, path)
	if err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(open(f.Dir, path))
	if err != nil {
		return nil, err
	}
	return f.addEntries(path, resolved, entries), nil
}

// addEntries adds a folder, unless it has been added. Of several paths to a folder it
// keeps the simplest, so that the order of the patterns does not matter.
func (f *finder) addEntries(path, resolved string, entries []os.DirEntry) *folder {
	if have := f.folders[resolved]; have != nil {
		if simpler(path, have.path) {
			have.path, have.dir = path, open(f.Dir, path)
		}
		return have
	}
	folder := &folder{path: path, dir: open(f.Dir, path), resolved: resolved, module: f.module(resolved), relPath: "."}
	if folder.module == nil {
		folder.module = newModule("", resolved)
	} else if rel, err := filepath.Rel(folder.module.root, resolved); err == nil {
		folder.relPath = filepath.ToSlash(rel)
	}
	for _, e := range entries {
		name := e.Name()
		folder.hasBelow = folder.hasBelow || e.IsDir() && !skipped(name)
		if isFile(e, resolved) {
			folder.names = append(folder.names, name)
			if e.Type()&fs.ModeSymlink != 0 && (isGoFile(name) || name == specName) && LeadsOut(folder.module.top, filepath.Join(resolved, name)) {
				folder.outside = append(folder.outside, name)
			}
		} else if (isGoFile(name) && !isOutputName(name) || name == specName) && !isFolder(filepath.Join(resolved, name)) {
			folder.irregular = name
		}
	}
	f.folders[resolved] = folder
	f.list = append(f.list, folder)
	return folder
}

// isFile reports whether an entry of a folder is a file or a link to one. A broken link is
// a file, as it is to the go command.
func isFile(e os.DirEntry, folder string) bool {
	if e.Type()&fs.ModeSymlink == 0 {
		return e.Type().IsRegular()
	}
	info, err := os.Stat(filepath.Join(folder, e.Name()))
	return err != nil || info.Mode().IsRegular()
}

func errLeadsOut(path string) error {
	return fmt.Errorf("%s is a symbolic link that leads out of the repository", path)
}

// LeadsOut reports whether a path is a link to a file outside of the git repository that a
// resolved folder is in, or outside of the folder if it is in none. Messages quote what they
// read, and outputs have it: a commit must not choose a file of the one who checks it.
func LeadsOut(folder, path string) bool {
	resolved, err := filepath.EvalSymlinks(path)
	if err != nil {
		return false // reading it fails
	}
	top := folder
	for dir := folder; ; dir = filepath.Dir(dir) {
		if !isGone(filepath.Join(dir, ".git")) {
			top = dir
			break
		} else if dir == filepath.Dir(dir) {
			break
		}
	}
	rel, err := filepath.Rel(top, resolved)
	return err != nil || !filepath.IsLocal(rel) || slices.Contains(strings.Split(filepath.ToSlash(rel), "/"), ".git")
}

// simpler reports whether a is simpler than b, another path to the same folder:
// relative, shorter, or first in order.
func simpler(a, b string) bool {
	if filepath.IsAbs(a) != filepath.IsAbs(b) {
		return filepath.IsAbs(b)
	}
	return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b)) < 0
}

// open returns the path to open what a path of a pattern names.
func open(base, path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(base, path)
}

// resolvePath returns the absolute path without symbolic links.
func resolvePath(base, path string) (string, error) {
	abs, err := filepath.Abs(open(base, path))
	if err != nil {
		return "", err
	}
	return filepath.EvalSymlinks(abs)
}

// ModuleRoot returns the folder of the module in which a folder is, or the folder
// itself if it is in none, as an absolute path without symbolic links.
func ModuleRoot(dir string) (string, error) {
	resolved, err := resolvePath(dir, ".")
	if err != nil || !isFolder(resolved) {
		return "", usage("no such folder: %s", dir)
	}
	f := newFinder(Config{})
	return f.root(resolved), nil
}

// InModule reports whether a folder, given with slashes and relative to the root of
// a module, exists and is one that the pattern ./... matches in the root.
func InModule(root, folder string) bool {
	if folder == "." {
		return true
	}
	if rel := filepath.FromSlash(folder); !filepath.IsLocal(rel) || filepath.Clean(rel) != rel {
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

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// hasModule reports whether a folder is the root of a module.
func hasModule(dir string) bool {
	info, err := os.Stat(filepath.Join(dir, "go.mod"))
	return err == nil && !info.IsDir()
}

// skipped reports whether ./... skips folders of that name.
func skipped(name string) bool {
	return name[0] == '.' || name[0] == '_' || name == "testdata" || name == "vendor"
}

// Folders returns the folders that cfg names, with the paths that diagnostics have:
// those of its patterns and that of its spec. Its errors are those of [Packages].
func Folders(ctx context.Context, cfg Config) ([]string, error) {
	folders, diags, err := findFolders(ctx, cfg)
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
