package otel_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/webapi-gen/webapi-gen/example/adapters/notes"
	"github.com/webapi-gen/webapi-gen/example/adapters/otel"
	"github.com/webapi-gen/webapi-gen/webapi/webapitest/adaptertest"
)

// TestOnDecision asks a server of the notes in a span for each request, and
// reads the counter and the events.
func TestOnDecision(t *testing.T) {
	reader, spans := metric.NewManualReader(), tracetest.NewSpanRecorder()
	onDecision, err := otel.OnDecision(metric.NewMeterProvider(metric.WithReader(reader)).Meter("notes"))
	if err != nil {
		t.Fatal(err)
	}
	cfg := adaptertest.Config()
	cfg.OnDecision = onDecision
	server := notes.New(cfg, adaptertest.Bearer())
	tracer := trace.NewTracerProvider(trace.WithSpanProcessor(spans)).Tracer("notes")
	ask := func(method, path, token string) {
		ctx, span := tracer.Start(t.Context(), "request")
		defer span.End()
		r := httptest.NewRequestWithContext(ctx, method, path, nil)
		if token != "" {
			r.Header.Set("Authorization", "Bearer "+token)
		}
		server.ServeHTTP(httptest.NewRecorder(), r)
	}

	ask("GET", "/notes/secret-id", "reader")
	ask("GET", "/notes", "reader")
	ask("DELETE", "/notes/secret-id", "writer")
	ask("POST", "/notes", "")
	ask("POST", "/notes", "secret-token")
	for i := range 100 {
		ask(fmt.Sprint("SECRET-METHOD", i), "/notes/secret-id", "reader")
	}

	want := map[string]int64{
		"note GET allowed": 2, "note DELETE missing_scope": 1, "note POST not_logged_in": 1,
		"note POST login_failed": 1, "note _OTHER method_not_allowed": 100,
	}
	var metrics metricdata.ResourceMetrics
	if err := reader.Collect(t.Context(), &metrics); err != nil {
		t.Fatal(err)
	}
	if got := counted(t, metrics); !maps.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
	if got := events(spans); !maps.Equal(got, want) {
		t.Errorf("events\ngot  %v\nwant %v", got, want)
	}
	deletion := attribute.NewSet(spans.Ended()[2].Events()[0].Attributes...)
	missing, _ := deletion.Value("webapi.missing_scopes")
	if got := missing.AsStringSlice(); !slices.Equal(got, []string{"note:destroy"}) {
		t.Errorf("got the missing scopes %q", got)
	}
	tellsNothing(t, metrics, tracetest.SpanStubsFromReadOnlySpans(spans.Ended()))
}

// counted returns the counter by "resource method outcome".
func counted(t *testing.T, metrics metricdata.ResourceMetrics) map[string]int64 {
	t.Helper()
	got := map[string]int64{}
	for _, m := range metrics.ScopeMetrics[0].Metrics {
		sum, ok := m.Data.(metricdata.Sum[int64])
		if m.Name != "webapi.decisions" || !ok || !sum.IsMonotonic {
			t.Fatalf("got the metric %s, a %T", m.Name, m.Data)
		}
		for _, point := range sum.DataPoints {
			if point.Attributes.Len() != 3 {
				t.Errorf("got the labels %v, want 3", point.Attributes.ToSlice())
			}
			got[key(point.Attributes)] += point.Value
		}
	}
	return got
}

func events(spans *tracetest.SpanRecorder) map[string]int64 {
	got := map[string]int64{}
	for _, span := range spans.Ended() {
		for _, event := range span.Events() {
			got[key(attribute.NewSet(event.Attributes...))]++
		}
	}
	return got
}

func key(set attribute.Set) string {
	var words []string
	for _, name := range []attribute.Key{"webapi.resource", "http.request.method", "webapi.outcome"} {
		value, _ := set.Value(name)
		words = append(words, value.AsString())
	}
	return strings.Join(words, " ")
}

// tellsNothing fails the test if what is exported has a token, who had it, or
// what else a client may choose.
func tellsNothing(t *testing.T, exported ...any) {
	t.Helper()
	for _, e := range exported {
		data, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		for _, secret := range []string{"reader", "writer", "secret", "SECRET", `"ann"`, "Bearer"} {
			if strings.Contains(string(data), secret) {
				t.Errorf("%q is exported in %.300s", secret, data)
			}
		}
	}
}
