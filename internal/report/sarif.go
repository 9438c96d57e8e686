package report

import (
	"bytes"
	"net/url"
	"path/filepath"
	"slices"
	"strings"

	"github.com/chavacava/garif"

	"github.com/webapi-gen/webapi-gen/annotations/diag"
)

// A sarifLog is garif's, except that a run without results has an empty list:
// without the list there would have been no run (SARIF 2.1.0, 3.14.23).
type sarifLog struct {
	*garif.LogFile
	Runs []sarifRun `json:"runs"`
}

type sarifRun struct {
	*garif.Run
	Results []*garif.Result `json:"results"`
}

const sarifSchema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

func printSARIF(list diag.List, files *sources, opts Options) (string, error) {
	driver := garif.NewDriver("webapi-gen")
	driver.InformationUri = "https://github.com/webapi-gen/webapi-gen"
	driver.Version = opts.Version
	driver.Rules = rules(list)
	run := sarifRun{Run: garif.NewRun(garif.NewTool(driver)), Results: []*garif.Result{}}
	run.ColumnKind = "utf16CodeUnits"
	for _, d := range list {
		run.Results = append(run.Results, result(d, files, opts))
	}
	log := sarifLog{garif.NewLogFile(nil, garif.Version210), []sarifRun{run}}
	log.Schema = sarifSchema
	return EncodeJSON(log)
}

// rules describes the codes that have a result, in order.
func rules(list diag.List) []*garif.ReportingDescriptor {
	var codes []diag.Code
	for _, d := range list {
		codes = append(codes, d.Code)
	}
	slices.Sort(codes)
	var rules []*garif.ReportingDescriptor
	for _, code := range slices.Compact(codes) {
		m := meaning(code)
		rule := garif.NewRule(string(code))
		rule.ShortDescription = garif.NewMultiformatMessageString(m.Title)
		rule.FullDescription = garif.NewMultiformatMessageString(m.Summary)
		rule.DefaultConfiguration = &garif.ReportingConfiguration{Level: level(code)}
		rules = append(rules, rule)
	}
	return rules
}

func level(code diag.Code) garif.ResultLevel { return garif.ResultLevel(severity(code)) }

func result(d diag.Diagnostic, files *sources, opts Options) *garif.Result {
	r := garif.NewResult(garif.NewMessageFromText(d.Message))
	r.RuleId = string(d.Code)
	r.Level = level(d.Code)
	if d.Pos.Filename == "" {
		return r
	}
	location := garif.NewPhysicalLocation()
	location.ArtifactLocation = artifact(d, opts)
	at := files.region(d)
	at.line = max(1, at.line) // code scanning requires a line for an entire file too (rule GH1003 of Microsoft's validator)
	location.Region = &garif.Region{StartLine: at.line, StartColumn: at.column, EndColumn: at.end}
	r.Locations = []*garif.Location{{PhysicalLocation: location}}
	if change := changeOf(d, files, opts); change != nil {
		fix := garif.NewFix(change)
		fix.Description = garif.NewMessageFromText(d.Fix.Message)
		r.Fixes = []*garif.Fix{fix}
	}
	return r
}

// artifact returns the file as a URI reference (RFC 3986).
func artifact(d diag.Diagnostic, opts Options) *garif.ArtifactLocation {
	path := opts.Path(d.Pos.Filename)
	uri := url.URL{Path: path}
	if filepath.IsAbs(filepath.FromSlash(path)) {
		uri = url.URL{Scheme: "file", Path: "/" + strings.TrimPrefix(path, "/")} // a drive of Windows has no leading slash
	}
	location := garif.NewArtifactLocation()
	location.Uri = uri.String()
	return location
}

// changeOf returns the edits of a fix, or nil if there are none or the file cannot
// be read.
func changeOf(d diag.Diagnostic, files *sources, opts Options) *garif.ArtifactChange {
	text := files.file(d.Pos.Filename).text
	if d.Fix == nil || text == nil {
		return nil
	}
	change := garif.NewArtifactChange(artifact(d, opts))
	for _, e := range d.Fix.Edits {
		if e.Offset < 0 || e.End < e.Offset || e.End > len(text) {
			return nil // the file has changed since
		}
		replacement := garif.NewReplacement(deleted(text, e))
		if e.New != "" {
			replacement.InsertedContent = &garif.ArtifactContent{Text: e.New}
		}
		change.Replacements = append(change.Replacements, replacement)
	}
	if len(change.Replacements) == 0 {
		return nil
	}
	return change
}

// deleted returns the region that an edit replaces. It has lines and columns, since
// garif leaves out a byte offset of 0.
func deleted(text []byte, e diag.Edit) *garif.Region {
	line, column := lineAndColumn(text[:e.Offset])
	endLine, endColumn := lineAndColumn(text[:e.End])
	return &garif.Region{StartLine: line, StartColumn: column, EndLine: endLine, EndColumn: endColumn}
}

// lineAndColumn returns the position after a text.
func lineAndColumn(before []byte) (line, column int) {
	lineStart := bytes.LastIndexByte(before, '\n') + 1
	return 1 + bytes.Count(before, []byte("\n")), 1 + units(before[lineStart:])
}
