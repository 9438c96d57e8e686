package change

import (
	"encoding/json"
	"strings"
)

// JSON returns a report for programs: an object with the lists changes, unused
// and unmet. Each change has subject, labels, before, after and examples, each of
// which has method, credentials ("none", "oauth2" or "apitoken"), scopes and now,
// which is true for a request that is now let through.
func (r *Report) JSON() (string, error) {
	type example struct {
		Method      string      `json:"method"`
		Credentials Credentials `json:"credentials"`
		Scopes      []string    `json:"scopes,omitempty"`
		Now         bool        `json:"now"`
		Text        string      `json:"text"`
	}
	type item struct {
		Subject  string    `json:"subject"`
		Labels   []Label   `json:"labels"`
		Before   string    `json:"before,omitempty"`
		After    string    `json:"after,omitempty"`
		Examples []example `json:"examples,omitempty"`
	}
	out := struct {
		Version int      `json:"version"`
		Changes []item   `json:"changes"`
		Unused  []string `json:"unused"`
		Unmet   []string `json:"unmet"`
	}{1, []item{}, append([]string{}, r.Unused...), append([]string{}, r.Unmet...)}
	for _, c := range r.Changes {
		i := item{Subject: c.Subject, Labels: c.Labels, Before: c.Before, After: c.After}
		for _, e := range c.Examples {
			i.Examples = append(i.Examples, example{e.Method, e.Credentials, e.Scopes, e.Now, e.String()})
		}
		out.Changes = append(out.Changes, i)
	}
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	err := enc.Encode(out)
	return b.String(), err
}
