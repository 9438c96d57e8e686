// Package api is a code-review API: repositories, the review requests in them,
// and the reviews of those. The guards are generated from the annotations of
// the types; what is left for a view is what scopes cannot say.
//
//webapi:defaults methods=GET,POST,DELETE
//webapi:implies review:write review:read
//webapi:scope admin Do whatever an administrator may, in every repository
package api
