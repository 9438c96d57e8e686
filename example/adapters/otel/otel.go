// Package otel counts the decisions of guards with OpenTelemetry, and notes them
// in the spans of requests.
package otel

import (
	"errors"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/trace"

	"github.com/webapi-gen/webapi-gen/webapi"
)

// OnDecision returns a function for webapi.Config.OnDecision. It counts each
// decision in webapi.decisions by resource, method and outcome, and adds an
// event to the span in the request's context, with the scopes that were missing.
//
// Neither says anything that a client could choose freely, nor who the client
// is: no object, no subject, no text of the token. The counter therefore has no
// more series than resources times methods times outcomes.
func OnDecision(meter metric.Meter) (func(webapi.Decision), error) {
	decisions, err := meter.Int64Counter("webapi.decisions",
		metric.WithDescription("Decisions of guards."), metric.WithUnit("{decision}"))
	if err != nil {
		return nil, err
	}
	return func(d webapi.Decision) {
		attributes := []attribute.KeyValue{
			attribute.String("webapi.resource", d.Resource),
			attribute.String("http.request.method", knownMethod(d.Method)),
			attribute.String("webapi.outcome", d.Outcome.String()),
		}
		decisions.Add(d.Context, 1, metric.WithAttributes(attributes...))
		if span := trace.SpanFromContext(d.Context); span.IsRecording() {
			span.AddEvent("webapi.decision", trace.WithAttributes(append(attributes, missingScopes(d.Err)...)...))
		}
	}, nil
}

// knownMethod returns method if OpenTelemetry's conventions know it, and else
// "_OTHER", as they say: a client can send any word.
func knownMethod(method string) string {
	switch method {
	case "CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "QUERY", "TRACE":
		return method
	}
	return "_OTHER"
}

func missingScopes(err error) []attribute.KeyValue {
	e, ok := errors.AsType[*webapi.Error](err)
	if !ok || len(e.Missing) == 0 {
		return nil
	}
	missing := make([]string, len(e.Missing))
	for i, scope := range e.Missing {
		missing[i] = string(scope)
	}
	return []attribute.KeyValue{attribute.StringSlice("webapi.missing_scopes", missing)}
}
