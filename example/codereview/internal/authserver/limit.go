package authserver

import (
	"hash/maphash"
	"net/http"
	"net/netip"
	"strconv"
	"time"

	"golang.org/x/time/rate"
)

// limits are those of what anybody may try. One address has fewer logins than
// a username, so that it cannot keep a user out for long.
type limits struct {
	user    *limiter // logins with a username, also one that nobody has
	address *limiter // logins from an address
	visits  *limiter // what a visitor without credentials has the server store
	clients *limiter // wrong secrets of clients from an address (RFC 6749, section 2.3.1)
}

func newLimits() limits {
	return limits{
		user:    newLimiter(10*time.Second, 10),
		address: newLimiter(20*time.Second, 20),
		visits:  newLimiter(time.Second, 60),
		clients: newLimiter(5*time.Second, 20),
	}
}

// limiter limits attempts by a key. Keys share a fixed number of buckets, by a
// hash that nobody can predict: memory is bounded, and no flood of other keys
// makes it forget one. It counts in this process alone.
type limiter struct {
	seed    maphash.Seed
	buckets [1 << 12]*rate.Limiter
}

// newLimiter returns a limiter for burst attempts at once, and then one every
// so often.
func newLimiter(every time.Duration, burst int) *limiter {
	l := &limiter{seed: maphash.MakeSeed()}
	for i := range l.buckets {
		l.buckets[i] = rate.NewLimiter(rate.Every(every), burst)
	}
	return l
}

func (l *limiter) bucket(key string) *rate.Limiter {
	return l.buckets[maphash.String(l.seed, key)%uint64(len(l.buckets))]
}

// take counts an attempt and returns 0, or returns the time to wait for one.
func (l *limiter) take(key string) time.Duration {
	if l.bucket(key).Allow() {
		return 0
	}
	return max(l.wait(key), time.Second)
}

// wait returns the time to wait for an attempt, and counts none.
func (l *limiter) wait(key string) time.Duration {
	bucket := l.bucket(key)
	missing := max(0, 1-bucket.Tokens())
	return time.Duration(missing / float64(bucket.Limit()) * float64(time.Second))
}

// address returns where a request comes from. Of IPv6 that is a network, since
// a customer has one and not an address (RFC 6177). Behind a proxy, return what
// the proxy says, or all visitors share one limit; do not believe a header
// that a visitor can set.
func address(r *http.Request) string {
	from, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	ip := from.Addr().Unmap().WithZone("")
	if ip.Is6() {
		return netip.PrefixFrom(ip, 64).Masked().String()
	}
	return ip.String()
}

// LimitVisits limits what stores something for anybody.
func (s *Server) LimitVisits(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if wait := s.limits.visits.take(address(r)); wait > 0 {
			retryAfter(w, wait)
			s.problem(w, r, http.StatusTooManyRequests, "Too many requests", "Wait a minute and try again.")
			return
		}
		next.ServeHTTP(w, r)
	})
}

// retryAfter says when to come again (RFC 9110, section 10.2.3).
func retryAfter(w http.ResponseWriter, wait time.Duration) {
	w.Header().Set("Retry-After", strconv.Itoa(int(wait.Seconds())+1))
}
