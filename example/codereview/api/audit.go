package api

import (
	"errors"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/webapi-gen/webapi-gen/webapi"

	"github.com/webapi-gen/webapi-gen/example/codereview/internal/store"
)

// AuditResource is the log of what the guards decided.
//
// It says what every client did, so no client may have it on a user's behalf:
// OAuth2 tokens are refused, whatever their scopes. Administrators read it with
// an API token.
//
//webapi:resource methods=GET oauth2=deny apitokens=allow key=none
type AuditResource struct {
	store *store.Store
	log   *AuditLog
}

func (x *AuditResource) list(w http.ResponseWriter, r *http.Request) error {
	user, err := x.store.User(r.Context(), subject(r))
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	if !user.Admin {
		return webapi.ErrPermissionDenied
	}
	return respond(w, http.StatusOK, "decisions", x.log.entries())
}

// AuditLog keeps the last decisions of the guards. The zero value is ready for
// use, by many goroutines at once.
type AuditLog struct {
	mu   sync.Mutex
	ring [256]auditEntry
	n    int // how many there ever were
}

type auditEntry struct {
	Time     time.Time `json:"time"`
	Resource string    `json:"resource"`
	Method   string    `json:"method"`
	ObjectID string    `json:"object_id,omitempty"`
	Subject  string    `json:"subject,omitempty"`
	ClientID string    `json:"client_id,omitempty"`
	Outcome  string    `json:"outcome"`
}

// Record is a webapi.Config.OnDecision.
func (l *AuditLog) Record(d webapi.Decision) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ring[l.n%len(l.ring)] = auditEntry{
		Time: time.Now().UTC(), Resource: d.Resource, Method: d.Method, ObjectID: d.ObjectID,
		Subject: d.Subject, ClientID: d.ClientID, Outcome: d.Outcome.String(),
	}
	l.n++
}

// entries returns what is kept, the latest first.
func (l *AuditLog) entries() []auditEntry {
	l.mu.Lock()
	defer l.mu.Unlock()
	kept := make([]auditEntry, 0, len(l.ring))
	for i := l.n - 1; i >= 0 && i >= l.n-len(l.ring); i-- {
		kept = append(kept, l.ring[i%len(l.ring)])
	}
	return slices.Clip(kept)
}
