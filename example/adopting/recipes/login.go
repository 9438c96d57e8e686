package recipes

import (
	"net/http"
	"strings"

	"github.com/webapi-gen/webapi-gen/webapi"
)

// Accounts is the login that the server has already.
type Accounts interface {
	// Password reports whether the password is that of the user.
	Password(user, password string) bool
	// Token returns what an API key, or a JWT of the server's own, stands for.
	Token(credentials string) (webapi.Token, error)
}

// OwnLogin is middleware that logs in by "Basic", which may do everything, by
// "token KEY" and by "Bearer JWT", which have scopes. A guard denies who fails.
func OwnLogin(accounts Accounts) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			ctx := r.Context()
			switch scheme, credentials, _ := strings.Cut(r.Header.Get("Authorization"), " "); scheme {
			case "Basic":
				if user, password, ok := r.BasicAuth(); ok && accounts.Password(user, password) {
					ctx = webapi.WithUnscopedAccess(ctx)
				}
			case "token", "Bearer":
				if token, err := accounts.Token(credentials); err == nil {
					ctx = webapi.WithToken(ctx, token)
				}
			}
			next.ServeHTTP(w, r.WithContext(ctx))
		})
	}
}
