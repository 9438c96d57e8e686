package git

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"testing"
)

// A large object counts once for each file that has it.
func TestFilesOfAnyLength(t *testing.T) {
	var files []string
	var in []io.Reader
	for i := range maxFiles/maxFile + 1 {
		files = append(files, fmt.Sprintf("%d.go", i))
		in = append(in, strings.NewReader(fmt.Sprintf("0 blob %d\n", maxFile)), io.LimitReader(zeros{}, maxFile), strings.NewReader("\n"))
	}
	read := 0
	err := each(bufio.NewReader(io.MultiReader(in...)), files, func(_ string, content io.Reader) error {
		read++
		_, err := io.Copy(io.Discard, content)
		return err
	})
	if err == nil || err.Error() != "the files that would be read have more than 1024 MiB" || read != len(files)-1 {
		t.Errorf("%d files read, error %v", read, err)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }
