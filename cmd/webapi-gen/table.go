package main

import (
	"fmt"
	"go/token"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
	"unicode/utf8"

	"github.com/webapi-gen/webapi-gen/annotations"
	"github.com/webapi-gen/webapi-gen/internal/report"
	"github.com/webapi-gen/webapi-gen/internal/routes"
)

// A table has lines of cells. Line feeds separate the values of a cell.
type table struct {
	titles []string
	lines  [][]string
}

// columnGap is the number of spaces between columns.
const columnGap = 2

// width returns the width of the table in columns of a terminal.
func (t *table) width() int {
	width := 0
	for i, title := range t.titles {
		widest := utf8.RuneCountInString(title)
		for _, line := range t.lines {
			widest = max(widest, utf8.RuneCountInString(line[i]))
		}
		width += widest + columnGap
	}
	return width - columnGap
}

// remove removes a column and returns its cells, nil if there is no such column.
func (t *table) remove(title string) []string {
	i := slices.Index(t.titles, title)
	if i < 0 {
		return nil
	}
	var cells []string
	t.titles = slices.Delete(t.titles, i, i+1)
	for n, line := range t.lines {
		cells = append(cells, line[i])
		t.lines[n] = slices.Delete(line, i, i+1)
	}
	return cells
}

// print prints the table. The values of below follow each line.
func (t *table) print(w io.Writer, below []string) error {
	var text strings.Builder
	aligned := tabwriter.NewWriter(&text, 0, 8, columnGap, ' ', 0)
	for _, line := range slices.Insert(t.lines, 0, t.titles) {
		fmt.Fprintln(aligned, strings.ReplaceAll(strings.Join(line, "\t"), "\n", " "))
	}
	if err := aligned.Flush(); err != nil {
		return err
	}
	i := -1 // the titles
	for line := range strings.Lines(text.String()) {
		fmt.Fprint(w, line)
		if i >= 0 && below != nil {
			fmt.Fprintln(w, indent+strings.ReplaceAll(below[i], "\n", "\n"+indent))
		}
		i++
	}
	return nil
}

// A column of the table.
type column struct {
	title string
	cell  func(row) string
}

// tableOf returns a table of the rows. Long columns are last. Looked says that the routes
// were looked at.
func tableOf(rows []row, f filter, looked bool) *table {
	columns := []column{
		{"RESOURCE", func(r row) string { return r.short }},
		{"METHOD", func(r row) string { return r.method.Name }},
		{"ACTION", func(r row) string { return r.method.Action }},
		{"REQUIREMENT", row.requirement},
		{positionTitle, func(r row) string { return fmt.Sprintf("%s:%d", visible(r.Pos.Filename), r.Pos.Line) }},
	}
	if slices.ContainsFunc(rows, func(r row) bool { return r.pkg != rows[0].pkg }) {
		columns = slices.Insert(columns, 0, column{"PACKAGE", func(r row) string { return r.pkg.Name }})
	}
	if len(f.scopes) > 0 {
		columns = slices.Insert(columns, len(columns)-2, column{"OPENS", row.opens})
	}
	columns = append(columns, column{routesTitle, func(r row) string {
		if !looked {
			return unknownCell
		}
		return r.patterns()
	}})
	var t table
	for _, r := range rows {
		line := make([]string, len(columns))
		for i, c := range columns {
			line[i] = c.cell(r)
		}
		t.lines = append(t.lines, line)
	}
	t.lines = foldHead(t.lines, slices.IndexFunc(columns, func(c column) bool { return c.title == "METHOD" }))
	for _, c := range columns {
		t.titles = append(t.titles, c.title)
	}
	return &t
}

const (
	noRoutes    = "-" // the cell of a row without routes
	unknownCell = "?"
)

// The titles of columns that are left out on a narrow terminal.
const (
	positionTitle = "POSITION"
	routesTitle   = "ROUTES"
)

// printRows prints a table of the rows. If it would be wider than the terminal, the
// routes of a row are printed below it, and if that is not enough, positions are
// left out. Columns are 0 if there is no terminal.
func printRows(w io.Writer, rows []row, f filter, looked bool, columns int) error {
	t := tableOf(rows, f, looked)
	var below []string
	if columns > 0 && t.width() > columns {
		below = t.remove(routesTitle)
	}
	if columns > 0 && t.width() > columns {
		t.remove(positionTitle)
	}
	return t.print(w, below)
}

// foldHead removes the lines of HEAD that equal those of GET, which precede them.
func foldHead(lines [][]string, method int) [][]string {
	var folded [][]string
	var last []string // of GET
	for _, line := range lines {
		switch line[method] {
		case "GET":
			last = line
		case "HEAD":
			get := slices.Clone(line)
			if get[method] = "GET"; slices.Equal(get, last) {
				continue
			}
		}
		folded = append(folded, line)
	}
	return folded
}

// requirement returns the requests that the guard allows.
func (r row) requirement() string {
	if r.method.Public {
		return "public"
	}
	var list []string
	if r.method.Anonymous {
		list = append(list, "anonymous")
	}
	switch {
	case r.method.Authenticated:
		list = append(list, "authenticated")
	case r.OAuth2:
		scopes := r.method.Declared().String()
		if len(r.method.Declared()) == 1 && len(r.method.Declared()[0]) > 1 && (r.method.Anonymous || r.APITokens && !r.method.StepUp.Needed()) {
			scopes = "(" + scopes + ")"
		}
		list = append(list, scopes)
	}
	if r.APITokens && !r.method.StepUp.Needed() {
		list = append(list, "API token")
	}
	if len(list) == 0 {
		list = append(list, "nobody")
	}
	text := strings.Join(list, " or ")
	if !r.OAuth2 {
		text += " (oauth2=deny)"
	}
	return strings.Join(append([]string{text}, r.method.StepUp.Words()...), ", ")
}

// opens returns whether the scopes of --scope open the method, and which further
// ones would.
func (r row) opens() string {
	if len(r.missing) == 0 {
		return "yes"
	}
	return "with " + strings.Join(r.missing, " and ")
}

// patterns returns the patterns of the routes, each once. Routes that ask for the row with
// another method have it behind them.
func (r row) patterns() string {
	method, _ := annotations.CutOperation(r.method.Name)
	var patterns []string
	for _, route := range r.routes {
		p := patternCell(route.Route)
		if slices.ContainsFunc(route.methods, func(m string) bool { return m != method && (m != "HEAD" || method != "GET") }) {
			p += " (" + methodsCell(route.methods) + ")"
		}
		if !slices.Contains(patterns, p) {
			patterns = append(patterns, p)
		}
	}
	if len(patterns) == 0 {
		return noRoutes
	}
	return strings.Join(patterns, "\n")
}

// listJSON is what list --json prints.
type listJSON struct {
	Methods     []rowJSON   `json:"methods"`
	Routes      []bareJSON  `json:"routes"` // null if they were not looked at
	Unmounted   []string    `json:"unmounted"`
	Unread      []placeJSON `json:"unread"`
	NotLookedAt string      `json:"notLookedAt,omitempty"`
}

// bareJSON is a route that no guard of a listed resource protects.
type bareJSON struct {
	Methods  []string     `json:"methods"` // all if there is no method
	Pattern  string       `json:"pattern"`
	Guard    string       `json:"guard"` // as in the table
	By       string       `json:"by,omitempty"`
	Handler  string       `json:"handler"`
	Reason   string       `json:"reason,omitempty"`
	Position positionJSON `json:"position"`
}

func bareRoutesJSON(found *routes.Table, list []bareRoute) []bareJSON {
	all := []bareJSON{}
	for _, b := range list {
		all = append(all, bareJSON{
			nonNil(b.methods), b.Pattern, found.State(b.Route).String(), guardedBy(found, b.Route), handlerCell(b.Handler), b.Unread, position(found.Position(b.Pos)),
		})
	}
	return all
}

// placeJSON is a place that could not be read.
type placeJSON struct {
	positionJSON
	Reason string `json:"reason"`
}

type rowJSON struct {
	callJSON
	Action    string       `json:"action"`
	APITokens bool         `json:"apitokens"`
	Position  positionJSON `json:"position"`
	Routes    []routeJSON  `json:"routes"`
	Missing   *[]string    `json:"missing,omitempty"` // with --scope only
}

type routeJSON struct {
	Pattern  string       `json:"pattern"`
	List     bool         `json:"list"`
	Position positionJSON `json:"position"`
}

type positionJSON struct {
	File   string `json:"file"`
	Line   int    `json:"line"`
	Column int    `json:"column"`
}

func position(pos token.Position) positionJSON {
	return positionJSON{pos.Filename, pos.Line, pos.Column}
}

func unreadJSON(found *routes.Table) []placeJSON {
	all := []placeJSON{}
	for _, u := range unread(found) {
		all = append(all, placeJSON{position(found.Position(u.Pos)), u.Reason})
	}
	for _, p := range found.Problems {
		all = append(all, placeJSON{Reason: p})
	}
	return all
}

func rowsJSON(found *routes.Table, rows []row, f filter) []rowJSON {
	list := make([]rowJSON, len(rows))
	for i, r := range rows {
		list[i] = rowJSON{
			callJSON: r.json(), Action: r.method.Action, APITokens: r.APITokens, Position: position(r.Pos),
			Routes: []routeJSON{},
		}
		for _, route := range r.routes {
			one := routeJSON{route.Pattern, isList(found, route.Route, r), position(found.Position(route.Pos))}
			if !slices.Contains(list[i].Routes, one) {
				list[i].Routes = append(list[i].Routes, one)
			}
		}
		if len(f.scopes) > 0 {
			missing := nonNil(r.missing)
			list[i].Missing = &missing
		}
	}
	return list
}

// isList reports whether a route is that of the collection of a row's resource.
func isList(found *routes.Table, route *routes.Route, r row) bool {
	return slices.ContainsFunc(route.Guards, func(g routes.Guard) bool { return g.List && found.Resources[g.Resource] == r.Resource })
}

// needsJSON is what needs --json prints.
type needsJSON struct {
	Scopes  []string     `json:"scopes"` // null if they are not known
	Token   bool         `json:"token"`  // whether one is needed
	Least   bool         `json:"least"`
	Sets    []choice     `json:"sets"`
	AllSets bool         `json:"allSets"`
	Calls   []callJSON   `json:"calls"`
	Closed  []callJSON   `json:"closed"`
	Routes  []servedJSON `json:"routes"`
}

// servedJSON is what serves a route, as needs prints it.
type servedJSON struct {
	Route    string       `json:"route"`
	Methods  []string     `json:"methods"`
	Pattern  string       `json:"pattern"`
	Guard    string       `json:"guard"`
	By       string       `json:"by,omitempty"`
	Guards   []string     `json:"guards"`
	Handler  string       `json:"handler"`
	Reason   string       `json:"reason,omitempty"`
	Position positionJSON `json:"position"`
}

func (x *needed) json(found *routes.Table, known bool) needsJSON {
	out := needsJSON{Token: !known || needToken(x.calls), Least: x.least, Sets: nonNil(x.sets), AllSets: x.all, Calls: callsJSON(x.calls), Closed: callsJSON(x.closed), Routes: []servedJSON{}}
	if known {
		out.Scopes = x.sets[0].Scopes
	} else {
		out.Least, out.Sets, out.AllSets = false, []choice{}, false
	}
	for _, s := range x.served {
		out.Routes = append(out.Routes, servedJSON{
			s.word, s.methods, s.Pattern, found.State(s.Route).String(), s.By, nonNil(s.guards), handlerCell(s.Handler), s.why, position(found.Position(s.Pos)),
		})
	}
	return out
}

// callJSON is a method of a resource, as needs and list print it.
type callJSON struct {
	Package  string `json:"package"`
	Dir      string `json:"dir"`
	Resource string `json:"resource"`
	Type     string `json:"type"`
	Method   string `json:"method"`

	Public        bool `json:"public"`
	Anonymous     bool `json:"anonymous"`
	Authenticated bool `json:"authenticated"`

	OAuth2   bool       `json:"oauth2"`
	Requires [][]string `json:"requires"`
	Accepts  [][]string `json:"accepts,omitempty"` // with what implications and aliases add

	ACR    []string `json:"acr,omitempty"`
	MaxAge int64    `json:"maxage,omitempty"` // in seconds
}

func callsJSON(calls []methodCall) []callJSON {
	list := make([]callJSON, len(calls))
	for i, c := range calls {
		list[i] = c.json()
	}
	return list
}

func (c methodCall) json() callJSON {
	var accepts [][]string
	if len(c.Grants) > 0 {
		accepts = c.method.Requires.Values()
	}
	return callJSON{
		Package: c.pkg.Name, Dir: c.pkg.Dir, Resource: c.Name, Type: c.Type,
		Method: c.method.Name, Public: c.method.Public, Anonymous: c.method.Anonymous, Authenticated: c.method.Authenticated,
		OAuth2: c.OAuth2, Requires: c.method.Declared().Values(), Accepts: accepts,
		ACR: c.method.StepUp.ACR, MaxAge: int64(c.method.StepUp.MaxAge / time.Second),
	}
}

func (a *app) printJSON(v any) error {
	text, err := report.EncodeJSON(v)
	fmt.Fprint(a.stdout, text)
	return err
}

// nonNil returns the list, but an empty one for nil, which JSON writes as null.
func nonNil[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
