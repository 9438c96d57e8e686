package model

import (
	"maps"
	"slices"

	"github.com/webapi-gen/webapi-gen/generator/parallel"
)

// partSize is how many resources one goroutine resolves. Most packages have fewer,
// and are resolved by the one that has them.
const partSize = 256

// inParts calls do for each item, on all processors. Calls share all that is known
// and may not change it: what they find goes to the resolver that they are given.
func inParts[Item any](r *resolver, items []Item, do func(*resolver, Item)) {
	parts := make([]resolver, (len(items)+partSize-1)/partSize)
	parallel.Do(len(parts), func(i int) {
		parts[i] = r.part()
		for _, item := range items[i*partSize : min((i+1)*partSize, len(items))] {
			do(&parts[i], item)
		}
	})
	r.join(parts)
}

// atOnce does several checks, on all processors if there is much to check.
func (r *resolver) atOnce(checks ...func(*resolver)) {
	if len(r.resources) <= partSize {
		for _, check := range checks {
			check(r)
		}
		return
	}
	parts := make([]resolver, len(checks))
	parallel.Do(len(parts), func(i int) {
		parts[i] = r.part()
		checks[i](&parts[i])
	})
	r.join(parts)
}

// part returns a resolver that knows what r does, and has not found anything.
func (r *resolver) part() resolver {
	part := *r
	part.resources = slices.Clip(r.resources)
	part.diags, part.certain = nil, map[place]bool{}
	return part
}

// join adds what parts have found.
func (r *resolver) join(parts []resolver) {
	known := len(r.resources)
	for _, part := range parts {
		r.resources = append(r.resources, part.resources[known:]...)
		r.diags = append(r.diags, part.diags...)
		maps.Copy(r.certain, part.certain)
		r.written.Incomplete = r.written.Incomplete || part.written.Incomplete
		r.written.Lost = r.written.Lost || part.written.Lost
	}
}
