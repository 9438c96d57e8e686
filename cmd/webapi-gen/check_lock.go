package main

import (
	"context"
	"fmt"

	"github.com/webapi-gen/webapi-gen/annotations/diag"
	"github.com/webapi-gen/webapi-gen/generator"
	"github.com/webapi-gen/webapi-gen/internal/lockfile"
	"github.com/webapi-gen/webapi-gen/internal/routes"
	"github.com/webapi-gen/webapi-gen/model"
)

// staleRoutes returns the lines of routes in lock files that are not up to date. It says
// which lock files have none, and whether routes could not be looked at.
func (a *app) staleRoutes(ctx context.Context, result *generator.Result) diag.List {
	stale, unlocked, err := lockfile.StaleRoutes(a.cfg.Dir, result, func() (*routes.Table, error) {
		var packages []*model.Package
		for _, f := range result.Folders {
			packages = append(packages, f.Packages...)
		}
		folders, err := generator.Folders(ctx, a.cfg)
		if err != nil {
			return nil, err
		}
		return routes.Read(ctx, a.cfg.Dir, folders, packages)
	})
	for _, path := range unlocked {
		fmt.Fprintf(a.stderr, "webapi-gen: %s has no lines of routes: run webapi-gen lock, so that a change of one is seen in reviews\n", visible(path))
	}
	if err != nil {
		fmt.Fprintf(a.stderr, "webapi-gen: lines of routes were not compared: %s\n", visibleError(err))
	}
	return stale
}
