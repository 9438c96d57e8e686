package main

import (
	"context"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/mod/modfile"

	"github.com/webapi-gen/webapi-gen/generator"
	"github.com/webapi-gen/webapi-gen/internal/change"
	"github.com/webapi-gen/webapi-gen/internal/lockfile"
)

// compareRoutesOf sets the routes of both sides to those that can be compared: of a folder
// those of its source, else those of the lock files. It says which, and returns changes
// for modules whose routes are not known any more.
func (a *app) compareRoutesOf(ctx context.Context, spec string, before, after *tree) ([]change.Change, error) {
	note := func(format string, args ...any) {
		fmt.Fprintf(a.stderr, "webapi-gen: "+format+"\n", args...)
	}
	if len(before.routes)+len(after.routes) == 0 {
		note("routes are not compared: neither side has a webapi.lock with lines of them, which webapi-gen lock writes")
		return nil, nil
	}
	var lost []change.Change
	for module := range before.routes {
		if after.locked[module] && after.routes[module] == nil {
			lost = append(lost, change.Change{
				Subject: "lock file " + path.Join(module, lockfile.Name), Labels: []change.Label{change.Unchecked}, Before: "has lines of routes", After: "has none",
			})
		}
	}
	if err := a.readSource(ctx, spec, before, after, note); err != nil {
		return nil, err
	}
	if err := a.readSource(ctx, spec, after, before, note); err != nil {
		return nil, err
	}
	var old, now []*lockfile.Routes
	for _, module := range before.modules {
		was, is := before.routes[module], after.routes[module]
		switch stays := slices.Contains(after.modules, module); {
		case was == nil:
			if after.guarded[module] {
				note("routes of module %s are not compared: in %s it has no webapi.lock with lines of them", visible(module), visible(before.name))
			}
		case is == nil && stays:
			lost = append(lost, change.Change{
				Subject: "routes of module " + module, Labels: []change.Label{change.Unchecked}, Before: "routes are known", After: "routes are not known",
			})
		default:
			old = append(old, was.Named(before.nameIn(module)))
			if is != nil {
				now = append(now, is.Named(after.nameIn(module)))
			}
		}
	}
	for _, module := range after.modules {
		if is := after.routes[module]; is != nil && !slices.Contains(before.modules, module) {
			now = append(now, is.Named(after.nameIn(module)))
		}
	}
	if len(old) > 0 {
		before.Routes, after.Routes = joined(old), joined(now)
		note("routes of %s are read from %s, those of %s from %s", visible(before.name), before.routesFrom(), visible(after.name), after.routesFrom())
	}
	return lost, nil
}

func joined(list []*lockfile.Routes) *lockfile.Routes {
	all := &lockfile.Routes{}
	for _, r := range list {
		all.Routes = append(all.Routes, r.Routes...)
		all.Uses = append(all.Uses, r.Uses...)
	}
	return all
}

// readSource replaces the routes of a tree by those of its source, if it is a folder, for
// the modules that have something to be compared with. Of a lock file beside a go.mod it
// says whether it is current.
func (a *app) readSource(ctx context.Context, spec string, t, other *tree, note func(string, ...any)) error {
	if t.root == "" {
		return nil
	}
	for _, module := range t.modules {
		if other.routes[module] == nil && other.root == "" && slices.Contains(other.modules, module) {
			continue
		}
		cfg := generator.Config{Dir: filepath.Join(t.root, filepath.FromSlash(module))}
		if t.hasSpec && t.moduleOf(filepath.ToSlash(spec)) == module {
			cfg.Spec = filepath.Join(t.root, spec)
		}
		locked := t.routes[module]
		found, err := lockfile.ReadRoutes(ctx, cfg)
		name := visible(path.Join(module, lockfile.Name))
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil && locked != nil:
			note("%s; those of its %s are compared", visibleError(err), name)
			continue
		case err != nil:
			note("%s", visibleError(err))
			continue
		case locked != nil && !locked.Equal(found):
			note("the lines of routes in %s are not up to date: run webapi-gen lock", name)
		}
		if !t.isLock {
			t.routes[module] = found
		}
	}
	return nil
}

// routesFrom returns where the routes of a tree are from.
func (t *tree) routesFrom() string {
	if t.root != "" && !t.isLock {
		return "the source"
	}
	return lockfile.Name
}

// nameIn returns a function that returns the names of a module's types and functions as
// changes have them: with the folder in the tree, also for those of other modules of it.
func (t *tree) nameIn(module string) func(string) string {
	return func(name string) string {
		quoted, err := strconv.QuotedPrefix(name)
		if err != nil {
			if name == "?" {
				return name
			}
			return inTree(module, name)
		}
		imported, _ := strconv.Unquote(quoted)
		for _, other := range t.modules {
			if t.Source == nil {
				break
			}
			text, err := fs.ReadFile(t.Source, path.Join(other, "go.mod"))
			if own := modfile.ModulePath(text); err == nil && own != "" && (imported == own || strings.HasPrefix(imported, own+"/")) {
				return inTree(other, strings.TrimPrefix(imported[len(own):], "/")+name[len(quoted):])
			}
		}
		return name
	}
}
