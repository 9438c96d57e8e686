// Package store keeps everything that the server knows, in SQLite or in
// PostgreSQL. The statements are the same for both.
package store

import (
	"context"
	"database/sql"
	_ "embed"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
	"golang.org/x/crypto/bcrypt"
	_ "modernc.org/sqlite" // the driver "sqlite", without cgo
)

// ErrNotFound says that there is no such row, or that it has expired.
var ErrNotFound = errors.New("store: not found")

// ErrText says that a text has a NUL or is not UTF-8, which PostgreSQL refuses.
var ErrText = errors.New("store: not a text")

// ErrExists says that a row with that key is there already.
var ErrExists = errors.New("store: exists already")

//go:embed schema.sql
var schema string

// A Store is a database with the schema. It is safe for concurrent use.
type Store struct {
	// PasswordCost is bcrypt's. A test that makes many users lowers it.
	PasswordCost int

	db     *sql.DB // for reading
	writes *sql.DB // for writing
	folder string  // of a temporary database; "" for one that stays
	now    func() time.Time
}

// Open opens a database and creates the tables that are missing. A dsn that
// begins with postgres:// is PostgreSQL's, another one is the path of a SQLite
// file, and "" makes a SQLite file that [Store.Close] removes. A file serves
// many readers at once in WAL mode, which SQLite does not offer in memory.
func Open(ctx context.Context, dsn string) (*Store, error) {
	s := &Store{PasswordCost: bcrypt.DefaultCost, now: time.Now}
	driver := "pgx"
	if !strings.HasPrefix(dsn, "postgres://") && !strings.HasPrefix(dsn, "postgresql://") {
		driver = "sqlite"
		if dsn == "" {
			folder, err := os.MkdirTemp("", "codereview-")
			if err != nil {
				return nil, fmt.Errorf("store: %w", err)
			}
			s.folder, dsn = folder, filepath.Join(folder, "codereview.db")
		}
		file, err := os.OpenFile(dsn, os.O_CREATE|os.O_RDWR, 0o600) // SQLite would let others read it
		if err != nil {
			return nil, errors.Join(fmt.Errorf("store: %w", err), s.removeFolder())
		}
		if err := file.Close(); err != nil {
			return nil, errors.Join(fmt.Errorf("store: %w", err), s.removeFolder())
		}
		dsn = sqliteDSN(dsn)
	}
	if err := s.open(driver, dsn); err != nil {
		return nil, errors.Join(err, s.removeFolder())
	}
	if _, err := s.writes.ExecContext(ctx, schema); err != nil {
		return nil, errors.Join(fmt.Errorf("store: schema: %w", err), s.Close())
	}
	return s, nil
}

// connections is how many a Store opens at most.
const connections = 16

// open opens the pools of connections. SQLite has one writer at a time; others
// wait here, in their order, and not in SQLite, which looks now and then whether
// it is their turn and keeps a connection from the readers meanwhile.
func (s *Store) open(driver, dsn string) (err error) {
	if s.db, err = sql.Open(driver, dsn); err != nil {
		return err
	}
	s.db.SetMaxOpenConns(connections)
	s.db.SetMaxIdleConns(connections)
	s.writes = s.db
	if driver != "sqlite" {
		return nil
	}
	if s.writes, err = sql.Open(driver, dsn); err != nil {
		return errors.Join(err, s.db.Close())
	}
	s.writes.SetMaxOpenConns(1)
	return nil
}

// sqliteDSN returns the DSN of a file. Transactions begin as writers, because
// one that reads first cannot become a writer while another one writes.
func sqliteDSN(path string) string {
	pragmas := url.Values{
		"_pragma": {"journal_mode(WAL)", "synchronous(NORMAL)", "busy_timeout(10000)", "foreign_keys(1)"},
		"_txlock": {"immediate"},
	}
	return (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: pragmas.Encode()}).String()
}

// Close closes the database and removes it if it is a temporary one.
func (s *Store) Close() error {
	return errors.Join(s.writes.Close(), s.db.Close(), s.removeFolder())
}

func (s *Store) removeFolder() error {
	if s.folder == "" {
		return nil
	}
	return os.RemoveAll(s.folder)
}

// exec runs a statement and returns how many rows it touched.
func (s *Store) exec(ctx context.Context, query string, args ...any) (int64, error) {
	return execIn(ctx, s.writes, query, args...)
}

// A runner is the database or a transaction.
type runner interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

func execIn(ctx context.Context, in runner, query string, args ...any) (int64, error) {
	result, err := in.ExecContext(ctx, query, args...)
	if noText(err) {
		return 0, ErrText
	}
	if err != nil {
		return 0, fmt.Errorf("store: %w", err)
	}
	return result.RowsAffected()
}

// need turns a statement that touched no row into otherwise.
func need(n int64, err, otherwise error) error {
	if err == nil && n == 0 {
		return otherwise
	}
	return err
}

func noText(err error) bool {
	e, ok := errors.AsType[*pgconn.PgError](err)
	return ok && e.Code == "22021" // character_not_in_repertoire
}

// found turns the error of a row that is not there into ErrNotFound.
func found(err error) error {
	if errors.Is(err, sql.ErrNoRows) || noText(err) {
		return ErrNotFound
	}
	if err != nil {
		return fmt.Errorf("store: %w", err)
	}
	return nil
}

// inTx runs fn in a transaction, which is undone if fn fails.
func (s *Store) inTx(ctx context.Context, fn func(tx *sql.Tx) error) error {
	tx, err := s.writes.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("store: %w", err)
	}
	if err := fn(tx); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}
