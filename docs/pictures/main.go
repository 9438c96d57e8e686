// Pictures draws the pictures of the README, with Chromium and the script command of
// util-linux. It is run in the folder of the repository:
//
//	go run ./docs/pictures
package main

import (
	"context"
	"fmt"
	"html"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

const folder = "docs/pictures"

func main() {
	if err := draw(); err != nil {
		log.Fatal(err)
	}
}

func draw() error {
	work, err := os.MkdirTemp("", "webapi-gen-pictures-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(work) }()
	if _, err := output("", "go", "build", "-o", filepath.Join(work, "webapi-gen"), "./cmd/webapi-gen"); err != nil {
		return err
	}
	for _, p := range []struct{ name, dir, args string }{
		{"diagnostic", "cmd/webapi-gen/testdata/readme/typo", "check"},
		{"diff", folder, "diff before.lock after.lock"},
	} {
		text, err := terminal(work, p.dir, p.args)
		if err != nil {
			return err
		}
		page := filepath.Join(work, "terminal.html")
		if err := os.WriteFile(page, []byte(screen(text)), 0o600); err != nil {
			return err
		}
		if err := picture(work, p.name, "file://"+page, width(columns), height(text)); err != nil {
			return err
		}
	}
	page, err := filepath.Abs("example/codereview/access.html")
	if err != nil {
		return err
	}
	page = "file://" + page + "#token=repository:read+review:write"
	for i, scheme := range []string{"dark", "light"} {
		if err := picture(work, "page-"+scheme, page, 1280, 1400, fmt.Sprint("--blink-settings=preferredColorScheme=", i)); err != nil {
			return err
		}
	}
	return nil
}

// terminal returns what webapi-gen prints to a terminal.
func terminal(bin, dir, args string) (string, error) {
	command := fmt.Sprintf("stty cols %d; PATH=%s:$PATH; webapi-gen %s", columns, bin, args)
	text, err := output(dir, "script", "-qc", command, "/dev/null") // it hides the exit status
	return "$ webapi-gen " + args + "\n" + strings.ReplaceAll(text, "\r\n", "\n"), err
}

const (
	columns = 128
	line    = 20 // pixels
	margin  = 20
)

func width(columns int) int { return columns*84/10 + 2*margin }

func height(text string) int {
	lines := 0
	for _, l := range strings.Split(strings.TrimSpace(escapes.ReplaceAllString(text, "")), "\n") {
		lines += 1 + max(0, len(l)-1)/columns
	}
	return lines*line + 2*margin
}

// escapes are the sequences that change the colour of what follows.
var escapes = regexp.MustCompile("\x1b\\[([0-9;]*)m")

// screen returns a page that looks as a terminal with the text.
func screen(text string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<!doctype html><meta charset="utf-8"><style>
body { margin: 0; padding: %dpx; background: #1d212c; color: #e8eaf0; }
pre { margin: 0; width: %dch; font: 14px/%dpx "DejaVu Sans Mono", monospace; white-space: pre-wrap; word-break: break-all; }
.c1 { font-weight: bold; } .c2 { color: #a4abbd; }
.c31 { color: #ff8f80; } .c32 { color: #86e0a8; } .c33 { color: #ffb78a; } .c34 { color: #8ea8ff; }
</style><pre>`, margin, columns, line)
	text = escapes.ReplaceAllStringFunc(html.EscapeString(strings.TrimSpace(text)), func(s string) string {
		codes := escapes.FindStringSubmatch(s)[1]
		if codes == "0" || codes == "" {
			return "</span>"
		}
		return `<span class="c` + strings.ReplaceAll(codes, ";", " c") + `">`
	})
	return b.String() + text + "</pre>"
}

// picture writes a picture of a page.
func picture(work, name, url string, width, height int, flags ...string) error {
	file, err := filepath.Abs(filepath.Join(folder, name+".png"))
	if err != nil {
		return err
	}
	_, err = output("", "chromium", append(flags, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--hide-scrollbars",
		"--user-data-dir="+filepath.Join(work, "profile"), fmt.Sprintf("--window-size=%d,%d", width, height), "--screenshot="+file, url)...)
	return err
}

func output(dir, name string, args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	text, err := cmd.Output()
	if e, ok := err.(*exec.ExitError); ok {
		return "", fmt.Errorf("%s: %w\n%s", name, err, e.Stderr)
	}
	return string(text), err
}
