package store_test

import (
	"errors"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/bcrypt"

	"github.com/webapi-gen/webapi-gen/example/codereview/internal/store"
)

func open(t *testing.T, cost int) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "test.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	s.PasswordCost = cost
	return s
}

func TestPasswords(t *testing.T) {
	s := open(t, bcrypt.MinCost)
	longest := strings.Repeat("p", 72)
	for _, tt := range []struct{ username, password string }{
		{"alice", ""},
		{"alice", "12345678901234"},
		{"alice", longest + "p"},
		{"", longest},
		{"a:b", longest},
		{"Alice", longest},
		{"alice\x00", longest},
	} {
		if err := s.SaveUser(t.Context(), store.User{Username: tt.username}, tt.password); err == nil {
			t.Errorf("saved the user %q with the password %q", tt.username, tt.password)
		}
	}
	if err := s.SaveUser(t.Context(), store.User{Username: "alice"}, longest); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Login(t.Context(), "alice", longest); err != nil {
		t.Error(err)
	}
	for _, password := range []string{"", "p", longest[1:], longest + "p", strings.Repeat("p", 1<<16)} {
		if _, err := s.Login(t.Context(), "alice", password); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("a password of %d bytes: got %v", len(password), err)
		}
	}
}

// TestLoginTime compares the fastest of several logins: its time must not tell
// whether there is such a user, whatever the password. A login without a
// comparison of hashes is twenty times as fast at least.
func TestLoginTime(t *testing.T) {
	s := open(t, 5)
	if err := s.SaveUser(t.Context(), store.User{Username: "alice"}, "correct horse battery"); err != nil {
		t.Fatal(err)
	}
	type login struct{ username, password string }
	fastest := map[login]time.Duration{}
	for round := range 5 {
		for _, password := range []string{"", "correct horse battery", strings.Repeat("p", 72), strings.Repeat("p", 100)} {
			for _, username := range []string{"alice", "nobody", "", "nobody\x00"} {
				start := time.Now()
				_, _ = s.Login(t.Context(), username, password)
				took := time.Since(start)
				if l := (login{username, password}); round == 0 || took < fastest[l] {
					fastest[l] = took
				}
			}
		}
	}
	all := slices.Sorted(maps.Values(fastest))
	if least, most := all[0], all[len(all)-1]; most > 8*least {
		t.Errorf("a login takes %v to %v: %v", least, most, fastest)
	}
}

func TestClientSecrets(t *testing.T) {
	s := open(t, bcrypt.MinCost)
	for secret, good := range map[string]bool{"": false, "password1234": false, store.NewSecret("crs_"): true} {
		if err := s.SaveClient(t.Context(), store.Client{ID: "bot"}, secret); good != (err == nil) {
			t.Errorf("%q: got %v", secret, err)
		}
	}
}

// TestFile has nobody else on the machine read the database.
func TestFile(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("files have no permissions for others")
	}
	file := filepath.Join(t.TempDir(), "test.db")
	s, err := store.Open(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	all, _ := filepath.Glob(file + "*")
	for _, name := range all {
		if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: got %v, %v", name, info.Mode(), err)
		}
	}
	if err := s.Close(); err != nil || len(all) == 0 {
		t.Errorf("got the files %v, %v", all, err)
	}
}
