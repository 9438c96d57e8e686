package fixes

import "github.com/webapi-gen/webapi-gen/webapi"

func stringed(s webapi.Scope) bool {
	type str = string
	type string = str
	return string(s) == "page:read" // want `write fixes.PageScopeRead of package`
}
