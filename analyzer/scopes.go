package analyzer

import (
	"cmp"
	"go/types"
	"slices"
)

// A declaredScope is a scope and the package that declares it.
type declaredScope struct {
	scope
	pkg *types.Package
}

func (d *declarations) addScopes(pkg *types.Package, scopes []scope) {
	for _, s := range scopes {
		d.scopes = append(d.scopes, declaredScope{s, pkg})
	}
}

// sortScopes orders the scopes so that the constant which is nearest comes first.
func (d *declarations) sortScopes(own *types.Package) {
	far := func(s declaredScope) int {
		if s.pkg == own {
			return 0
		}
		return 1
	}
	slices.SortFunc(d.scopes, func(a, b declaredScope) int {
		return cmp.Or(cmp.Compare(a.Value, b.Value), cmp.Compare(far(a), far(b)),
			cmp.Compare(a.pkg.Path(), b.pkg.Path()), cmp.Compare(a.Const, b.Const))
	})
}

// declaring returns the declarations of a scope.
func (d *declarations) declaring(value string) []declaredScope {
	byValue := func(s declaredScope, v string) int { return cmp.Compare(s.Value, v) }
	first, found := slices.BinarySearchFunc(d.scopes, value, byValue)
	if !found {
		return nil
	}
	last := first
	for last < len(d.scopes) && d.scopes[last].Value == value {
		last++
	}
	return d.scopes[first:last]
}
