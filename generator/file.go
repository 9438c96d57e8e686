package generator

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"syscall"
)

// The largest files that ReadFile reads, in bytes.
const (
	maxGoFile = 128 << 20
	maxFile   = 16 << 20
)

// ReadFile reads a regular file, or what is piped to a descriptor such as /dev/stdin. It is an
// error if a Go file has more than 128 MiB or another one more than 16 MiB, or if path names
// something else, such as a device: that may have no end, or may wait for ever.
func ReadFile(path string) ([]byte, error) {
	fail := func(format string, args ...any) ([]byte, error) {
		return nil, &fs.PathError{Op: "read", Path: path, Err: fmt.Errorf(format, args...)}
	}
	file, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0) // a pipe that nobody writes to would block
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	switch {
	case err != nil:
		return nil, err
	case info.IsDir():
		return nil, &fs.PathError{Op: "read", Path: path, Err: syscall.EISDIR}
	case !info.Mode().IsRegular() && (info.Mode().Type() != fs.ModeNamedPipe || !isDescriptor(path)):
		return fail("it is not a regular file")
	}
	limit := maxFile
	if strings.HasSuffix(path, ".go") {
		limit = maxGoFile
	}
	if info.Size() > int64(limit) {
		return fail("it has more than %d MiB", limit>>20)
	}
	data := make([]byte, 0, info.Size()+1) // a byte more, to read the end of the file
	for len(data) <= limit {
		n, err := file.Read(data[len(data):cap(data)])
		data = data[:len(data)+n]
		if err == io.EOF {
			return data, nil
		} else if err != nil {
			return nil, err
		}
		if len(data) == cap(data) {
			data = append(data, 0)[:len(data)]
		}
	}
	return fail("it has more than %d MiB", limit>>20)
}

// isDescriptor reports whether a path names a file that is open.
func isDescriptor(path string) bool {
	return path == "/dev/stdin" || strings.HasPrefix(path, "/dev/fd/") || strings.HasPrefix(path, "/proc/self/fd/")
}
