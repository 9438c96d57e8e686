package analyzer

import (
	"go/types"
	"slices"

	"github.com/webapi-gen/webapi-gen/internal/routes"
)

// harmless are the functions of the standard library that serve nothing of the
// program's.
var harmless = []string{"NotFound", "NotFoundHandler", "Redirect", "RedirectHandler"}

// isHarmless reports whether a handler needs no guard and no mark: it tells
// nothing, or belongs to the runtime, such as its metadata.
func isHarmless(obj types.Object) bool {
	return routes.InRuntime(obj) || routes.PackageOf(obj) == "net/http" && slices.Contains(harmless, obj.Name())
}
