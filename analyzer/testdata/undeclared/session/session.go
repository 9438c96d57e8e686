// Package session guards in another way.
package session

import (
	"net/http"

	"github.com/webapi-gen/webapi-gen/webapi"
)

// Login lets those through who have logged in.
//
//webapi:guarded by="the login session"
func Login(next http.Handler) http.Handler { return next }

// Either lets those through who have a token that may, or have logged in.
func Either(res webapi.Resource) func(http.Handler) http.Handler {
	guard := webapi.Guard(res)
	return func(next http.Handler) http.Handler {
		token, session := guard(next), Login(next)
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Authorization") != "" {
				token.ServeHTTP(w, r)
				return
			}
			session.ServeHTTP(w, r)
		})
	}
}

// Neither lets those through who have a token that may, or have none.
func Neither(res webapi.Resource) func(http.Handler) http.Handler {
	guard := webapi.Guard(res)
	return func(next http.Handler) http.Handler {
		token := guard(next)
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Authorization") != "" {
				token.ServeHTTP(w, r)
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}
