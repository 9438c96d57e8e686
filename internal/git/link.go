package git

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"
)

// follow returns the objects that symbolic links of a commit lead to within it,
// and "" for links to folders.
func (r *Repository) follow(ctx context.Context, commit string, links []string) ([]string, error) {
	if len(links) == 0 {
		return nil, nil
	}
	var ask bytes.Buffer
	for _, name := range links {
		if strings.Contains(name, "\n") {
			return nil, fmt.Errorf("the symbolic link %q has a line break in its name", name)
		}
		fmt.Fprintf(&ask, "%s:%s\n", commit, name)
	}
	cmd := r.command(ctx, "cat-file", "--batch-check", "--follow-symlinks")
	cmd.Stdin = &ask
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("git cat-file: %w", err)
	}
	in := bufio.NewReader(bytes.NewReader(out))
	objects := make([]string, len(links))
	for i, name := range links {
		if objects[i], err = target(in, name); err != nil {
			return nil, err
		}
	}
	return objects, nil
}

// target reads what git cat-file --follow-symlinks says of one link: OBJECT KIND
// SIZE, or REASON SIZE and a text of that size.
func target(in *bufio.Reader, link string) (string, error) {
	line, err := in.ReadString('\n')
	if err != nil {
		return "", err
	}
	words := strings.Fields(line)
	switch {
	case len(words) == 3 && words[1] == "blob":
		return words[0], nil
	case len(words) == 3 && words[1] == "tree":
		return "", nil
	case len(words) != 2:
		return "", fmt.Errorf("git cat-file says %q of the symbolic link %q", line, link)
	}
	var size int64
	if _, err := fmt.Sscan(words[1], &size); err == nil {
		_, _ = io.CopyN(io.Discard, in, size+1)
	}
	why := "leads nowhere"
	if words[0] == "symlink" {
		why = "leads out of the commit"
	}
	return "", fmt.Errorf("the symbolic link %q %s: what it stands for cannot be compared", link, why)
}
