package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestReadmeConsole asks the server what the README's console asks it, and
// compares the answers.
func TestReadmeConsole(t *testing.T) {
	server := httptest.NewServer(newServer())
	t.Cleanup(server.Close)
	asked := 0
	for question, answer := range readmeConsole(t) {
		asked++
		method, header, url := parseCurl(t, question)
		req, err := http.NewRequest(method, strings.Replace(url, "localhost:8080", server.URL, 1), nil)
		if err != nil {
			t.Fatal(err)
		}
		if name, value, ok := strings.Cut(header, ": "); ok {
			req.Header.Set(name, value)
		}
		res, err := server.Client().Do(req)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(res.Body)
		_ = res.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.TrimSpace(string(body)); got != answer {
			t.Errorf("%s\ngot  %s\nwant %s", question, got, answer)
		}
	}
	if asked != 3 {
		t.Errorf("the README asks %d questions, want 3", asked)
	}
}

var console = regexp.MustCompile("(?s)<!-- asked of example/notes -->\n```console\n(.*?)```")

// readmeConsole returns the answers of the README's console by the command.
func readmeConsole(t *testing.T) map[string]string {
	t.Helper()
	data, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	block := console.FindSubmatch(data)
	if block == nil {
		t.Fatal("the README has no console")
	}
	answers := map[string]string{}
	for part := range strings.SplitSeq("\n"+string(block[1]), "\n$ ") {
		if question, answer, ok := strings.Cut(part, "\n"); ok && question != "" {
			answers[question] = strings.TrimSpace(answer)
		}
	}
	return answers
}

var curl = regexp.MustCompile(`^curl(?: -X (\w+))?(?: -H '([^']*)')? (\S+)$`)

func parseCurl(t *testing.T, line string) (method, header, url string) {
	t.Helper()
	m := curl.FindStringSubmatch(line)
	if m == nil {
		t.Fatalf("no such curl is expected: %s", line)
	}
	return m[1], m[2], m[3]
}
