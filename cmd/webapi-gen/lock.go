package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/webapi-gen/webapi-gen/internal/lockfile"
)

func (a *app) lockCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "lock [flags]",
		Short: "Write webapi.lock, the list of who may do what in the module",
		Long: `Lock reads the whole module and writes webapi.lock beside its go.mod: one line
for each resource and operation, a method or METHOD/name, with what it requires, one
for each route with what stands before its handler, and one for each function that
decides who a request is or what it may do. It is made to be read in reviews.

  api.NoteResource DELETE oauth2,acr=gold|silver,maxage=5m note:destroy
  api.NoteResource GET apitokens,oauth2 note:read
  api.NoteResource GET/list authenticated
  api.NoteResource POST/login public

Once it exists, webapi-gen keeps its lines of resources current; those of routes it
leaves as they are, since it reads no types. webapi-gen check checks both. Commit the
file; webapi-gen diff explains its changes.

Routes are found as webapi-gen list finds them, in the build for the GOOS and GOARCH
of the go command, and without tests. A line of a route is one of these:

  route DELETE /notes/{id} api.NoteResource -> api.NoteResource.remove
  route GET /notes api.NoteResource/list -> api.NoteResource.list
  route POST /notes/{id}/archive api.NoteResource POST/archive -> api.archive
  route GET /notes/{id}/x api.NoteResource + api.OrgResource -> api.x
  route GET /health public -> api.health
  route * /debug/ unguarded -> "net/http/pprof".Index
  route GET /old wrapper "gateway" -> api.old
  route GET ? api.NoteResource -> api.get in api.Mount: its pattern is computed
  route none api.TagResource
  uses webapi.WithUnscopedAccess in api.login
  uses webapi.Token in api.verify (2 times)
  uses Header.Set("Authorization") in api.Mount
  uses "github.com/rs/cors".Cors.Handler in api.Mount

The method is * if the handler gets requests with any. With /list a guard is that of
the collection, and where several are joined by + all must allow the request. A
handler of another module has the import path of its package in quotes. What could
not be read is ?, or not-readable, and the line says where that is, and why. A
resource whose guard is on no route of the module has a line with none, unless the
resource of some guard could not be read.

Lines with uses say which functions decide who a request is, or what it may do, and how
often: those that call WithUnscopedAccess, WithLogin, WithToken, WithObjectID,
SetPathValue or ForAudience; that make, change or return a Token or its Scopes, where an
empty Token is none and scopes that are written out stand in the line; that set shadow
mode, PathValue, Now or CrossOrigin of a Config, or let requests of other origins in; and
that change the credentials or the path values of a request which a handler is given. One
that the program itself sends to another server is none. So has a function that is
webapi:public, or that it calls, for each handler that it calls and that is mounted
behind guards, and a replace of the runtime or an adapter in go.mod or go.work.
Middleware of another module, which may answer a request before a guard is asked, is not
read: the functions that name it have such lines as well, but for those of net/http and
of the packages of routers themselves.

A spec that is not named webapi.yaml must be named with --spec.

Exit status: 0 success, 1 the input is wrong, 2 the command line is wrong.`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return wrongCall(cmd, fmt.Errorf("lock takes no packages, got %q: it always reads the whole module", args[0]))
			}
			return nil
		},
	}
	a.inputFlags(cmd)
	a.formatFlag(cmd)
	withRoutes := lookAtRoutes(true)
	cmd.Flags().Var(&withRoutes, "routes", "read `which` routes: all, which needs the go command, or none to leave their lines as they are")
	_ = cmd.RegisterFlagCompletionFunc("routes", list([]string{routesAll, routesNone}))
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		a.writes = true
		result, err := lockfile.New(cmd.Context(), a.cfg, bool(withRoutes))
		if err != nil {
			return err
		}
		if err := result.Write(); err != nil {
			return err
		}
		file := result.Files[0]
		fmt.Fprintf(a.say(), "webapi-gen: %s %s\n", visible(file.Path), file.Status)
		return nil
	}
	return cmd
}
