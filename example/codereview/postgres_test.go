//go:build unix

package main

import (
	"database/sql"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"
)

// TestPostgres walks through TestFlow, TestMatrix and TestLoad with PostgreSQL:
// that of CODEREVIEW_POSTGRES, a postgres:// URL, in a schema of its own; or a
// server that it starts, if there is one on this machine.
func TestPostgres(t *testing.T) {
	server := os.Getenv("CODEREVIEW_POSTGRES")
	if server == "" {
		server = startPostgres(t)
	}
	t.Run("flow", func(t *testing.T) {
		visit, _ := newPlainVisitor(t)
		newWorld(t, "local", newSchema(t, server)).walk(t, visit)
	})
	t.Run("text", func(t *testing.T) { newWorld(t, "local", newSchema(t, server)).text(t) })
	t.Run("matrix", func(t *testing.T) { newWorld(t, "local", newSchema(t, server)).matrix(t) })
	t.Run("load", func(t *testing.T) { newWorld(t, "local", newSchema(t, server)).load(t, loadTime(t)) })
}

// newSchema returns the URL of an empty schema, which goes with the test.
func newSchema(t *testing.T, server string) string {
	t.Helper()
	db, err := sql.Open("pgx", server)
	if err != nil {
		t.Fatal(err)
	}
	name := "codereview_test_" + strconv.FormatInt(time.Now().UnixNano(), 36)
	if _, err := db.Exec("CREATE SCHEMA " + name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := db.Exec("DROP SCHEMA " + name + " CASCADE"); err != nil {
			t.Error(err)
		}
		_ = db.Close()
	})
	u, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	query := u.Query()
	query.Set("search_path", name)
	u.RawQuery = query.Encode()
	return u.String()
}

// startPostgres starts a server that listens on a socket in a temporary folder
// only, and returns its URL. It skips the test where there is none.
func startPostgres(t *testing.T) string {
	t.Helper()
	initdb, _ := exec.LookPath("initdb")
	if found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb"); initdb == "" && len(found) > 0 {
		initdb = found[len(found)-1]
	}
	if initdb == "" {
		t.Skip("CODEREVIEW_POSTGRES is not set, and there is no PostgreSQL on this machine")
	}
	folder, err := os.MkdirTemp("", "codereview-pg-") // short: the path of a socket is
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	as := &syscall.SysProcAttr{}
	if os.Getuid() == 0 { // as which PostgreSQL refuses to run
		as.Credential = nobody(t, folder)
	}
	data := filepath.Join(folder, "data")
	create := exec.Command(initdb, "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")
	create.SysProcAttr, create.Dir = as, folder
	if out, err := create.CombinedOutput(); err != nil {
		t.Fatalf("initdb: %v\n%s", err, out)
	}
	serve := exec.Command(filepath.Join(filepath.Dir(initdb), "postgres"),
		"-D", data, "-k", folder, "-c", "listen_addresses=", "-c", "fsync=off")
	serve.SysProcAttr, serve.Dir = as, folder
	if err := serve.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = serve.Process.Signal(os.Interrupt) // a fast shutdown
		_ = serve.Wait()
	})
	dsn := "postgres:///postgres?" + url.Values{"host": {folder}, "user": {"postgres"}}.Encode()
	await(t, dsn)
	return dsn
}

// nobody gives the folder to a user who is not root.
func nobody(t *testing.T, folder string) *syscall.Credential {
	t.Helper()
	u, err := user.Lookup("nobody")
	if err != nil {
		t.Skipf("PostgreSQL does not run as root: %v", err)
	}
	uid, _ := strconv.Atoi(u.Uid)
	gid, _ := strconv.Atoi(u.Gid)
	if err := os.Chown(folder, uid, gid); err != nil {
		t.Fatal(err)
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
}

func await(t *testing.T, dsn string) {
	t.Helper()
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	for range 100 {
		if err = db.Ping(); err == nil {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Fatalf("PostgreSQL does not answer: %v", err)
}
