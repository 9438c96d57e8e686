package generator

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Write brings the disk to the state of the result. Each file is replaced at
// once, so that whoever reads it meanwhile sees the old one or the new one;
// unchanged files are not touched. All new contents are on disk, under
// temporary names, before the first file is replaced: a full disk changes nothing.
// A lock file is replaced when all else is done.
//
// Write can be killed at any moment: what it leaves is completed by the next run,
// which removes temporary files as well, also if it has nothing else to do. Runs
// at the same time, in this process or in others, wait for each other. If a file
// is not what it was when the result was made, nor what it is to be, Write fails
// and changes nothing.
func (r *Result) Write() error {
	if r.out != "" && r.Count(Created, Changed) > 0 {
		if err := os.MkdirAll(open(r.dir, r.out), 0o777); err != nil {
			return cannot("make", r.out, err)
		}
	}
	locked := lockFolders(r.touched())
	defer locked.release()
	r.removeLeftovers(locked)
	if err := r.updateAdded(); err != nil {
		return err
	}
	if err := r.recheck(); err != nil {
		return err
	}
	pending, err := r.prepareAll()
	if err != nil {
		return err
	}
	return r.replace(pending)
}

// replace gives the files their new contents, and removes those that nobody wants
// any more.
func (r *Result) replace(pending []replacement) error {
	var outputs, added []replacement
	for _, p := range pending {
		if r.updates[p.name] != nil {
			added = append(added, p)
		} else {
			outputs = append(outputs, p)
		}
	}
	if err := replaceAll(outputs); err != nil {
		return errors.Join(err, discard(added))
	}
	if err := r.removeAll(); err != nil {
		return errors.Join(err, discard(added))
	}
	return replaceAll(added) // last, so that a lock file never describes a guard before it is in place
}

// removeAll removes the files that nobody wants any more.
func (r *Result) removeAll() error {
	for _, f := range r.Files {
		if f.Status != Removed {
			continue
		}
		if err := os.Remove(open(r.dir, f.Path)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return cannot("remove", f.Path, err)
		}
	}
	return nil
}

// cannot says what could not be done to a file, by the path that the result has.
// That of a temporary file would say nothing to people.
func cannot(do, path string, err error) error {
	var ofPath *fs.PathError
	var ofLink *os.LinkError
	switch {
	case errors.As(err, &ofPath):
		err = ofPath.Err
	case errors.As(err, &ofLink):
		err = ofLink.Err
	}
	return fmt.Errorf("cannot %s %s: %w", do, path, err)
}

// updateAdded updates the files that [Result.Add] added and that another run has
// replaced since, now that no other run writes.
func (r *Result) updateAdded() error {
	for i := range r.Files {
		f := &r.Files[i]
		update := r.updates[f.Path]
		if update == nil || f.Status != Changed {
			continue
		}
		text, err := os.ReadFile(open(r.dir, f.Path))
		if err != nil {
			return err
		}
		if text = lineFeeds(text); bytes.Equal(text, f.Old) {
			continue
		}
		content, err := update(text)
		if err != nil {
			return err
		}
		f.Old, f.Content = text, content
	}
	return nil
}

// recheck reports a file that somebody else has written or removed since it was
// read, now that no other run writes. Another run may have done the same as this
// one is to do.
func (r *Result) recheck() error {
	for i := range r.Files {
		if f := &r.Files[i]; f.Status != Unchanged {
			if err := recheck(open(r.dir, f.Path), f); err != nil {
				return err
			}
		}
	}
	return nil
}

// recheck reports that a file at a path is neither what it was nor what it is to be.
func recheck(path string, f *File) error {
	text, err := os.ReadFile(path)
	missing := errors.Is(err, fs.ErrNotExist)
	if err != nil && !missing {
		do := "write"
		if f.Status == Removed {
			do = "remove"
		}
		return cannot(do, f.Path, err)
	}
	text = lineFeeds(text)
	switch {
	case f.Status == Created && missing || f.Status != Created && !missing && bytes.Equal(text, lineFeeds(f.Old)):
		return nil // it is as it was
	case missing == (f.Status == Removed) && bytes.Equal(text, lineFeeds(f.Content)):
		return nil // another run has done the same
	default:
		return fmt.Errorf("%s has changed since it was read; nothing was written, run again", f.Path)
	}
}

// touched returns the folders in which Write creates, replaces or removes files.
func (r *Result) touched() []string {
	seen := map[string]bool{}
	for _, f := range r.Files {
		if f.Status != Unchanged {
			seen[filepath.Dir(open(r.dir, f.Path))] = true
		}
	}
	for _, path := range r.leftovers {
		seen[filepath.Dir(open(r.dir, path))] = true
	}
	return slices.Collect(maps.Keys(seen))
}

// prepareAll writes all new contents under temporary names, or none.
func (r *Result) prepareAll() ([]replacement, error) {
	var files []File
	for _, f := range r.Files {
		if f.Status == Created || f.Status == Changed {
			files = append(files, f)
		}
	}
	pending, errs := make([]replacement, len(files)), make([]error, len(files))
	group := newGroup()
	for i, f := range files {
		group.Go(func() error {
			if pending[i], errs[i] = prepare(open(r.dir, f.Path), f); errs[i] != nil {
				errs[i] = cannot("write", f.Path, errs[i])
			}
			return errs[i]
		})
	}
	if group.Wait() != nil {
		return nil, errors.Join(cmp.Or(errs...), discard(pending))
	}
	return pending, nil
}

// A replacement is a file that waits to be given its path, which people know by
// its name.
type replacement struct{ temp, path, name string }

// prepare writes the content of a file into a temporary one in its folder, with the
// permissions of the file that it is to replace.
func prepare(path string, f File) (replacement, error) {
	mode, exists := fs.FileMode(0o666), false // less the umask
	if f.Status == Changed {
		if old, err := os.Stat(path); err == nil {
			mode, exists = old.Mode().Perm(), true
		}
	}
	temp := filepath.Join(filepath.Dir(path), tempPrefix+strconv.FormatUint(rand.Uint64(), 36)+tempSuffix)
	err := os.WriteFile(temp, f.Content, mode)
	if err == nil && exists {
		err = os.Chmod(temp, mode) // in spite of the umask
	}
	if err != nil {
		return replacement{}, errors.Join(err, os.Remove(temp))
	}
	return replacement{temp: temp, path: path, name: f.Path}, nil
}

// replaceAll renames the temporary files to the paths that they are for. If one
// rename fails, it removes the temporary files that are left.
func replaceAll(pending []replacement) error {
	for i, p := range pending {
		if err := os.Rename(p.temp, p.path); err != nil {
			return errors.Join(cannot("write", p.name, err), discard(pending[i:]))
		}
	}
	return nil
}

// discard removes the temporary files of replacements that are not to be.
func discard(pending []replacement) error {
	var errs []error
	for _, p := range pending {
		if p.temp != "" {
			errs = append(errs, os.Remove(p.temp))
		}
	}
	return errors.Join(errs...)
}

// What the names of temporary files begin and end with.
const (
	tempPrefix = ".webapi-gen-"
	tempSuffix = ".tmp"
)

// leftovers returns the temporary files among the files of a folder. Each is one of a
// run that was killed, or of one that is about to rename it.
func leftovers(folder string, names []string) []string {
	var paths []string
	for _, name := range names {
		if strings.HasPrefix(name, tempPrefix) && strings.HasSuffix(name, tempSuffix) {
			paths = append(paths, filepath.Join(folder, name))
		}
	}
	return paths
}

// abandoned is the age at which a temporary file is taken for one of a run that
// was killed, where no lock tells.
const abandoned = time.Hour

// sweep removes the temporary files that Generate saw, unless a run that is
// still going may need them. One that cannot be removed does no harm.
func (r *Result) removeLeftovers(locked *locks) {
	for _, path := range r.leftovers {
		path = open(r.dir, path)
		if locked.hold(filepath.Dir(path)) || isAbandoned(path) {
			_ = os.Remove(path)
		}
	}
}

func isAbandoned(path string) bool {
	info, err := os.Lstat(path)
	return err == nil && time.Since(info.ModTime()) > abandoned
}

// patience is how long a run waits for others that write. It is far more than
// these need, and ends the wait for a lock that is none of ours, such as that of
// "flock . go generate".
const patience = 10 * time.Second

// errLocked says that another run has the lock.
var errLocked = errors.New("locked by another run")

// locks keep other runs from the temporary files of this one, which are strays
// to whoever has the lock. The system lets go of them when the process ends,
// however it ends.
//
// A lock is one on the root of the folder's module, so that a run needs as many
// descriptors as there are modules and not as there are folders. A folder without
// a module has its own.
//
// Where there can be no lock, because the system or the file system has none, the
// limit of open files is reached or the wait was in vain, Write goes on without:
// its files are replaced at once all the same.
type locks struct {
	roots map[string]string   // by folder
	files map[string]*os.File // the locked ones, by root
}

// lockFolders waits until no other run writes to the folders. The order of the
// locks is the same in all runs, so that no two wait for each other.
func lockFolders(folders []string) *locks {
	l := &locks{roots: map[string]string{}, files: map[string]*os.File{}}
	for _, folder := range folders {
		if real, err := realPath("", folder); err == nil {
			l.roots[folder] = lockRoot(real)
		}
	}
	deadline := time.Now().Add(patience)
	for _, root := range slices.Compact(slices.Sorted(maps.Values(l.roots))) {
		if file, err := lockFolder(root, deadline); err == nil {
			l.files[root] = file
		}
	}
	return l
}

// lockRoot returns the folder whose lock is the one for a folder.
func lockRoot(real string) string {
	if root := moduleRoot(real); root != "" {
		return root
	}
	return real
}

// lockFolder opens and locks a folder.
func lockFolder(path string, deadline time.Time) (*os.File, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	wait := time.Millisecond
	for err = tryLock(file); errors.Is(err, errLocked) && time.Now().Before(deadline); err = tryLock(file) {
		time.Sleep(wait)
		wait = min(2*wait, 50*time.Millisecond)
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}

// hold reports whether a folder, one of those given, is locked.
func (l *locks) hold(folder string) bool { return l.files[l.roots[folder]] != nil }

func (l *locks) release() {
	for _, file := range l.files {
		_ = file.Close() // nothing was written to it
	}
}
