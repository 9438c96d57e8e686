package chi_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/coder/websocket"
	router "github.com/go-chi/chi/v5"

	"github.com/webapi-gen/webapi-gen/webapi"
	"github.com/webapi-gen/webapi-gen/webapi/webapitest/adaptertest"

	"github.com/webapi-gen/webapi-gen/example/adapters/chi"
)

func TestRouter(t *testing.T) { adaptertest.Router(t, chi.New) }

// mount has a guard as middleware of a group of routes.
func mount(res webapi.Resource, handler http.Handler) http.Handler {
	r := router.NewRouter()
	r.Route("/notes/{id}", func(r router.Router) {
		r.Use(chi.Object, webapi.Guard(res))
		r.Method(http.MethodGet, "/", handler)
		r.Method(http.MethodPost, "/", handler)
	})
	return r
}

func TestStreams(t *testing.T) { adaptertest.Streams(t, mount) }

// TestWebSocket has a server and a client of github.com/coder/websocket.
func TestWebSocket(t *testing.T) {
	echo := func(w http.ResponseWriter, r *http.Request) {
		conn, err := websocket.Accept(w, r, nil)
		if err != nil {
			t.Error(err)
			return
		}
		defer func() { _ = conn.CloseNow() }()
		kind, message, err := conn.Read(r.Context())
		if err == nil {
			err = conn.Write(r.Context(), kind, message)
		}
		if err != nil {
			t.Error(err)
		}
		_ = conn.Close(websocket.StatusNormalClosure, "")
	}
	handler := adaptertest.Config().Middleware(adaptertest.Bearer())(mount(adaptertest.Notes(), http.HandlerFunc(echo)))
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	dial := func(token string) (*websocket.Conn, *http.Response, error) {
		return websocket.Dial(t.Context(), server.URL+"/notes/7", &websocket.DialOptions{
			HTTPHeader: http.Header{"Authorization": {"Bearer " + token}},
		})
	}
	if _, res, err := dial("stranger"); err == nil || res.StatusCode != http.StatusForbidden {
		t.Errorf("by a stranger: got %v", err)
	}
	conn, _, err := dial("reader")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.CloseNow() }()
	if err := conn.Write(t.Context(), websocket.MessageText, []byte("hello")); err != nil {
		t.Fatal(err)
	}
	if _, message, err := conn.Read(t.Context()); string(message) != "hello" || err != nil {
		t.Errorf("got %q, %v", message, err)
	}
}
