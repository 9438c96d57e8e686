// Package routes finds where resources are mounted: the calls that register the
// handler of webapi.Handle or webapi.HandleList for a pattern.
//
// A registration is a call of a method, or of http.Handle or http.HandleFunc,
// with a constant pattern and, after it, a handler:
//
//	mux.Handle("GET /notes/{id}", webapi.Handle(notes, webapi.Views{"GET": notes.get}))
//
// so that it does not matter whose router it is: whatever takes a pattern and a
// handler counts, but for a function whose source is known and does nothing with
// the handler, and for what stands below if false.
//
// The handler may be wrapped in further calls, be its ServeHTTP method, or be held
// in a variable that is assigned once. It may come from a function whose only
// return statement has it. The views are a composite literal, or a variable that
// holds one and is neither changed nor handed on, since their keys are the methods
// that the route answers.
//
// The prefixes of groups, of Route and Mount as in chi, of PathPrefix as in
// gorilla and of http.StripPrefix are added where they are constants and the
// router is a variable or the parameter of a function literal. Otherwise the
// pattern is left as it is written.
//
// What depends on values that only a run has, such as a pattern that is computed
// or a resource behind an interface, is not found. Where it is, [Found] says, as of
// handlers that are made and of which no registration is found: that a route is not
// there proves nothing.
package routes
