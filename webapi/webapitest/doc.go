// Package webapitest tests that the guards of an API allow what they must allow,
// and nothing else.
//
// [Run] sends requests to a handler and compares the responses with a table. The
// table repeats the annotations in the test, written by hand or by a generator.
// It is not read from the guard, so that the test fails if the guard changes:
//
//	func TestAccess(t *testing.T) {
//		webapitest.Run(t, newServer(), webapitest.Table{
//			Routes: webapitest.Routes{
//				"GET /notes":      {"note:read"},
//				"POST /notes":     {"note:write"},
//				"GET /notes/7":    {"note:read"},
//				"DELETE /notes/7": {"note:destroy note:write", "admin"},
//			},
//		})
//	}
//
// [Contract] tests a guard without a server, with a table that webapi-gen --tests
// generates beside the guard.
//
// [Token] returns a token for the test of a view.
package webapitest
