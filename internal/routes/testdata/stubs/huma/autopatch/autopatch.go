// Package autopatch has the declarations of the package of huma that routes are registered by.
package autopatch

import "github.com/danielgtaylor/huma/v2"

func AutoPatch(api huma.API) {}
