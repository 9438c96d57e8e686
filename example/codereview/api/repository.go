package api

import (
	"net/http"

	"github.com/webapi-gen/webapi-gen/webapi"

	"github.com/webapi-gen/webapi-gen/example/codereview/internal/store"
)

// RepositoryResource is a repository whose changes are reviewed.
//
// Anybody may read what there is, and a script with an API token may do what
// the token's policy says. To remove a repository is more than to write to it:
// either a client asks for just that, or it acts for an administrator.
//
//webapi:resource key=repository methods=GET,POST,PUT,DELETE anonymous=GET apitokens=allow
//webapi:describe read See the repositories
//webapi:describe write Add repositories and describe your own
//webapi:describe destroy Remove your repositories, with everything in them
//webapi:require DELETE repository:destroy
//webapi:require DELETE admin
type RepositoryResource struct{ store *store.Store }

// list shows a script those repositories only that its policy lets it see.
func (x *RepositoryResource) list(w http.ResponseWriter, r *http.Request) error {
	all, err := x.store.Repositories(r.Context())
	if err != nil {
		return err
	}
	token, _ := webapi.TokenFrom(r.Context())
	visible := []store.Repository{}
	for _, repo := range all {
		if token.Kind != webapi.APIToken || token.Policy.Allows("repository", r.Method, repo.Name) {
			visible = append(visible, repo)
		}
	}
	return respond(w, http.StatusOK, "repositories", visible)
}

func (x *RepositoryResource) get(w http.ResponseWriter, r *http.Request) error {
	repo, err := x.store.Repository(r.Context(), r.PathValue("repository"))
	if err != nil {
		return told(err)
	}
	return respond(w, http.StatusOK, "repository", repo)
}

func (x *RepositoryResource) create(w http.ResponseWriter, r *http.Request) error {
	var asked struct{ Name, Description string }
	if err := read(w, r, &asked); err != nil {
		return err
	}
	if !isName(asked.Name) {
		return invalid("name: want 1 to 60 of a-z, 0-9, - and _")
	}
	repo := store.Repository{Name: asked.Name, Description: asked.Description, Owner: subject(r)}
	if err := x.store.AddRepository(r.Context(), repo); err != nil {
		return told(err)
	}
	return respond(w, http.StatusCreated, "repository", repo)
}

func (x *RepositoryResource) update(w http.ResponseWriter, r *http.Request) error {
	repo, err := x.own(r)
	if err != nil {
		return err
	}
	var change struct{ Description string }
	if err := read(w, r, &change); err != nil {
		return err
	}
	repo.Description = change.Description
	if err := x.store.UpdateRepository(r.Context(), repo); err != nil {
		return told(err)
	}
	return respond(w, http.StatusOK, "repository", repo)
}

func (x *RepositoryResource) remove(w http.ResponseWriter, r *http.Request) error {
	repo, err := x.own(r)
	if err != nil {
		return err
	}
	if err := x.store.RemoveRepository(r.Context(), repo.Name); err != nil {
		return told(err)
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// own returns the repository of the request if whoever asks may change it.
func (x *RepositoryResource) own(r *http.Request) (store.Repository, error) {
	repo, err := x.store.Repository(r.Context(), r.PathValue("repository"))
	if err != nil {
		return repo, told(err)
	}
	return repo, mayChange(r, repo.Owner)
}
