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

// Write brings the disk to the state of the result. It replaces each file at once, so
// that other processes read the old one or the new one, and does not touch unchanged
// files. It writes all new contents to temporary files before it replaces the first file,
// so that a full disk changes nothing. It replaces files of [Result.Add] last.
//
// If Write is killed, the next run completes its work, and removes its temporary files
// even if there is nothing else to do. Runs at the same time, in one process or in
// several, wait for each other. If a file has changed since the result was made, and not
// to its new content, Write fails and changes nothing.
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

// replace replaces files by their temporary files, and removes orphaned ones.
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

// removeAll removes the orphaned files.
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

// cannot returns the error that something could not be done to a file. It has the path
// of the result in place of that of a temporary file.
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

// updateAdded updates the files of [Result.Add] that another run has replaced since. It is
// called with the lock.
func (r *Result) updateAdded() error {
	for i := range r.Files {
		f := &r.Files[i]
		update := r.updates[f.Path]
		if update == nil || f.Status != Changed {
			continue
		}
		text, err := ReadFile(open(r.dir, f.Path))
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

// recheck returns an error if a file has been written or removed since it was read, unless
// another run has done to it what this run is to do. It is called with the lock.
func (r *Result) recheck() error {
	for i := range r.Files {
		if f := &r.Files[i]; f.Status != Unchanged {
			if err := recheckFile(open(r.dir, f.Path), f); err != nil {
				return err
			}
		}
	}
	return nil
}

// recheckFile returns an error if a file has neither its old state nor its new one.
func recheckFile(path string, f *File) error {
	text, err := ReadFile(path)
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
		return nil
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
		if f.Status != Unchanged && f.Status != Removed {
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

// A replacement is a temporary file, the path to rename it to, and the path that messages
// have.
type replacement struct{ temp, path, name string }

// prepare writes the content of a file to a temporary file in its folder, with the
// permissions of the file to replace.
func prepare(path string, f File) (replacement, error) {
	mode, exists := fs.FileMode(0o666), false
	if f.Status != Created {
		if old, err := os.Stat(path); err == nil {
			mode, exists = old.Mode().Perm(), true
		}
	}
	temp := filepath.Join(filepath.Dir(path), tempPrefix+strconv.FormatUint(rand.Uint64(), 36)+tempSuffix)
	file, err := os.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode) // never what a link leads to
	if err != nil {
		return replacement{}, err
	}
	_, err = file.Write(f.Content)
	if err == nil && exists {
		err = file.Chmod(mode) // OpenFile applies the umask
	}
	if err = errors.Join(err, file.Close()); err != nil {
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

// discard removes the temporary files of replacements.
func discard(pending []replacement) error {
	var errs []error
	for _, p := range pending {
		if p.temp != "" {
			errs = append(errs, os.Remove(p.temp))
		}
	}
	return errors.Join(errs...)
}

// Prefix and suffix of the names of temporary files.
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

// leftoverAge is the age from which a temporary file is one of a run that was killed,
// where a folder cannot be locked.
const leftoverAge = time.Hour

// removeLeftovers removes the temporary and emptied files that Generate saw, unless another run may
// be writing them. It is harmless if one cannot be removed.
func (r *Result) removeLeftovers(locked *locks) {
	for _, path := range r.leftovers {
		path = open(r.dir, path)
		if isOutputName(filepath.Base(path)) {
			if text, err := ReadFile(path); err != nil || !isEmptied(text) {
				continue // another run has written it since
			}
		}
		if locked.hold(filepath.Dir(path)) || isLeftover(path) {
			_ = os.Remove(path)
		}
	}
}

func isLeftover(path string) bool {
	info, err := os.Lstat(path)
	return err == nil && time.Since(info.ModTime()) > leftoverAge
}

// lockTimeout is how long a run waits for the lock. Other runs release it far sooner; a
// process such as "flock . go generate" may hold it for as long as the run lasts.
const lockTimeout = 10 * time.Second

// errLocked means that another process has the lock.
var errLocked = errors.New("locked by another run")

// locks keep other runs from removing the temporary files of this one. The system releases
// them when the process ends, also if it is killed.
//
// What is locked is the root folder of the module, so that a run needs one descriptor for
// each module, or the folder itself if it is in none.
//
// Write goes on without a lock if the system or the file system has none, the limit of
// open files is reached, or lockTimeout has passed: it replaces each file at once anyway.
type locks struct {
	roots map[string]string   // by folder
	files map[string]*os.File // that are locked, by root
}

// lockFolders waits until no other run writes to the folders. All runs take their locks in
// the same order, so that there is no deadlock.
func lockFolders(folders []string) *locks {
	l := &locks{roots: map[string]string{}, files: map[string]*os.File{}}
	f := newFinder(Config{})
	for _, folder := range folders {
		if resolved, err := resolvePath("", folder); err == nil {
			l.roots[folder] = f.root(resolved)
		}
	}
	deadline := time.Now().Add(lockTimeout)
	for _, root := range slices.Compact(slices.Sorted(maps.Values(l.roots))) {
		if file, err := lockFolder(root, deadline); err == nil {
			l.files[root] = file
		}
	}
	return l
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

// hold reports whether a folder of lockFolders is locked.
func (l *locks) hold(folder string) bool { return l.files[l.roots[folder]] != nil }

// release releases the locks.
func (l *locks) release() {
	for _, file := range l.files {
		_ = file.Close() // it was opened for reading
	}
}
