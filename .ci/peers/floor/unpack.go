package main

import (
	"archive/tar"
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"

	"golang.org/x/sync/errgroup"
)

// unpack writes the files of an archive into a folder, on all processors. They
// come out of one file because a generator has them in memory.
func unpack(archive, dir string) error {
	data, err := os.ReadFile(archive)
	if err != nil {
		return err
	}
	var writers errgroup.Group
	writers.SetLimit(runtime.GOMAXPROCS(0))
	r := bytes.NewReader(data)
	for files := tar.NewReader(r); ; {
		h, err := files.Next()
		if errors.Is(err, io.EOF) {
			return writers.Wait()
		}
		if err != nil {
			return errors.Join(err, writers.Wait())
		}
		// The reader stands at the file's first byte.
		start := int64(len(data) - r.Len())
		content := data[start : start+h.Size]
		writers.Go(func() error { return os.WriteFile(filepath.Join(dir, h.Name), content, 0o666) })
	}
}
