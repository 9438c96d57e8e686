// Package webapitest tests that the guards of an API let through what they
// should, and nothing else.
//
// [Run] sends every request that matters to a handler and compares the answers
// with a table. The table is written down beside the test, by a person or by a
// generator, and says once more what the annotations say: it is not read from
// the guard, so that a guard which has changed fails the test.
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
// [Contract] asks one guard, without a server. Its table is the one that
// webapi-gen --tests writes beside the guard.
//
// [Token] returns a token for a test of a view.
package webapitest
