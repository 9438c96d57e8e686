//go:build !unix

package generator

import (
	"errors"
	"io/fs"
	"os"
)

func readFile(path string, _ *room) ([]byte, error) { return os.ReadFile(path) }

func writeFile(path string, content []byte, mode fs.FileMode) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	_, err = file.Write(content)
	if err = errors.Join(err, file.Close()); err != nil {
		return errors.Join(err, os.Remove(path))
	}
	return nil
}

func rename(from, to string) error { return os.Rename(from, to) }
