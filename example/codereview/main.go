// Codereview is a small code-review API with an OAuth2 authorization server, in
// one binary that needs no set-up:
//
//	go run ./codereview
//
// It prints a curl line that works as it is, and where to begin in a browser.
// What it knows is gone when it ends, unless -db says where to keep it.
package main

import (
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"
)

func main() {
	// Nothing has to be done when main returns: the process ends.
	ctx, _ := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil && !errors.Is(err, flag.ErrHelp) {
		_, _ = fmt.Fprintln(os.Stderr, "codereview:", err)
		os.Exit(1)
	}
}

// run serves until ctx ends.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) (err error) {
	flags := flag.NewFlagSet("codereview", flag.ContinueOnError)
	flags.SetOutput(stderr)
	var cfg config
	addr := flags.String("addr", "localhost:8080", "`address` to listen on")
	seed := flags.Bool("seed", true, "add users, clients and data to try; not for a server that others reach")
	flags.StringVar(&cfg.issuer, "issuer", "", "`URL` under which clients reach the server (default http:// and the address)")
	flags.StringVar(&cfg.dsn, "db", "", "SQLite `file` or postgres:// URL (default a temporary SQLite file)")
	flags.StringVar(&cfg.verify, "verify", "local", "how the API verifies tokens: local, introspection or jwt")
	flags.StringVar(&cfg.signingKey, "signing-key", "", "PEM `file` of the key of -verify=jwt, made if it is not there (default a new key)")
	if err := flags.Parse(args); err != nil {
		return err
	}
	cfg.logger = slog.New(slog.NewTextHandler(stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	slog.SetDefault(cfg.logger)

	listener, err := net.Listen("tcp", *addr)
	if err != nil {
		return err
	}
	if cfg.issuer == "" {
		_, port, _ := net.SplitHostPort(listener.Addr().String())
		host, _, _ := net.SplitHostPort(*addr)
		cfg.issuer = "http://" + net.JoinHostPort(host, port)
	}
	s, err := newServer(ctx, cfg)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	if *seed {
		password := strings.ToLower(rand.Text()[:16]) // not one that everybody knows
		made, err := s.seed(ctx, password)
		if err != nil {
			return errors.Join(err, listener.Close())
		}
		if err := welcome(stdout, cfg, made, password); err != nil {
			return errors.Join(err, listener.Close())
		}
	}
	return s.serve(ctx, listener)
}

// welcome says what to try.
func welcome(w io.Writer, cfg config, made seeded, password string) error {
	_, err := fmt.Fprintf(w, `Code Review is at %[1]s (tokens are verified by %[2]s). Try:

  curl -H 'Authorization: Bearer %[3]s' %[1]s/api/repositories/compiler/review-requests

In a browser, begin at %[1]s/ and log in as alice, bob or root, password %[4]s.

For the log of what was decided, with root's API token:

  curl -H 'Authorization: Bearer %[5]s' %[1]s/api/audit

For a token of a program's own:

  curl -u ci-bot:%[6]s -d grant_type=client_credentials %[1]s/oauth/token
`, cfg.issuer, cfg.verify, made.token, password, made.apiToken, made.secret)
	return err
}

// serve serves until ctx ends, and then lets requests end that have begun.
func (s *server) serve(ctx context.Context, listener net.Listener) error {
	srv := &http.Server{
		Handler:           s,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       15 * time.Second,
		WriteTimeout:      30 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    32 << 10,
		ErrorLog:          slog.NewLogLogger(s.logger.Handler(), slog.LevelWarn),
	}
	ended := make(chan error, 1)
	go func() { ended <- srv.Serve(listener) }()

	purge := time.NewTicker(10 * time.Minute)
	defer purge.Stop()
	for {
		select {
		case err := <-ended:
			return err
		case <-purge.C:
			if err := s.store.Purge(ctx); err != nil {
				s.logger.Warn("purge failed", "error", err)
			}
		case <-ctx.Done():
			grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
			defer cancel()
			s.client.CloseIdleConnections() // to this server, in the way of Shutdown
			return errors.Join(srv.Shutdown(grace), ignoreClosed(<-ended))
		}
	}
}

func ignoreClosed(err error) error {
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}
