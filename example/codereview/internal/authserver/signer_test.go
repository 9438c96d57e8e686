package authserver

import (
	"os"
	"path/filepath"
	"testing"
)

// TestSignerFile has the same key after a restart, in a file that nobody else
// can read.
func TestSignerFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "key.pem")
	var ids []string
	for range 2 {
		s, err := NewSigner(file)
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, s.public.KeyID)
	}
	if ids[0] != ids[1] || ids[0] == "" {
		t.Errorf("got the keys %q", ids)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("got %v, %v", info.Mode(), err)
	}
	if err := os.WriteFile(file, []byte("no key"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := NewSigner(file); err == nil {
		t.Error("what is no key was taken for one")
	}
}
