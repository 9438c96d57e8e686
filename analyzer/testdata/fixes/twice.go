package fixes

import (
	"github.com/webapi-gen/webapi-gen/webapi"
	w "github.com/webapi-gen/webapi-gen/webapi"
)

var (
	twice1 webapi.Scope = w.Scope("page:read")        // want `write PageScopeRead`
	twice2              = []webapi.Scope{"page:read"} // want `write PageScopeRead`
)
