package main

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/webapi-gen/webapi-gen/webapi"

	"github.com/webapi-gen/webapi-gen/example/codereview/api"
)

// TestAccess serves the page of who may call what to everybody, in no frame.
func TestAccess(t *testing.T) {
	w := newWorld(t, "local", "")
	got, err := call(t.Context(), http.DefaultClient, "GET", w.url+"/access", "", "")
	if err != nil || got.status != 200 || !strings.Contains(got.body, "<h3>repository</h3>") {
		t.Fatalf("got %d, %v\n%s", got.status, err, got.body)
	}
	if !strings.Contains(got.header.Get("Content-Security-Policy"), "frame-ancestors 'none'") || got.header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("got %v", got.header)
	}
	if !strings.Contains(got.body, `http-equiv="Content-Security-Policy" content="default-src`) {
		t.Error("the page has no policy")
	}
}

// TestAccessDecides compares what the page says that tokens open, for each set of
// scopes, with what the guards decide.
func TestAccessDecides(t *testing.T) {
	tab := newTab(t)
	w := newWorld(t, "local", "")
	guards := map[string]webapi.Resource{
		"audit": new(api.AuditResource), "repository": new(api.RepositoryResource), "review": new(api.ReviewResource),
		"review_request": new(api.ReviewRequestResource), "user": new(api.UserResource),
	}
	var scopes []webapi.Scope
	for _, entry := range w.registry.Catalog().All() {
		scopes = append(scopes, entry.Scope)
	}
	var sets [][]webapi.Scope
	for bits := range 1 << len(scopes) {
		var set []webapi.Scope
		for i, scope := range scopes {
			if bits>>i&1 == 1 {
				set = append(set, scope)
			}
		}
		sets = append(sets, set)
	}
	text, err := json.Marshal(sets)
	if err != nil {
		t.Fatal(err)
	}
	if err := chromedp.Do(tab, chromedp.Navigate(w.url+"/access")); err != nil {
		t.Fatal(err)
	}
	got, err := chromedp.Run(tab, chromedp.Evaluate[map[string][]bool](`Object.fromEntries(operations.map(o =>
		[o.box.value, `+string(text)+`.map(set => opens(o, new Set(set)))]))`))
	if err != nil || len(got) != 13 {
		t.Fatalf("got %v, %v", got, err)
	}
	for name, opens := range got {
		method, resource, _ := strings.Cut(name, ":")
		for i, set := range sets {
			token := webapi.Token{Scopes: webapi.MakeScopes(set...), NoExpiry: true}
			err := webapi.Decide(webapi.WithToken(t.Context(), token), guards[resource], method, "1")
			if opens[i] != (err == nil) {
				t.Errorf("%s with %q: the page says %t, the guard %v", name, set, opens[i], err)
			}
		}
	}
}

// TestAccessInChromium uses the page with the keyboard alone, and looks at it on
// small phones and a desktop, light and dark. The pictures are kept as those of
// TestFlowInChromium.
func TestAccessInChromium(t *testing.T) {
	tab := newTab(t)
	w := newWorld(t, "local", "")
	for _, width := range []int64{320, 390, 1280} {
		t.Run(strconv.FormatInt(width, 10), func(t *testing.T) {
			ctx, cancel := context.WithTimeout(tab, time.Minute)
			defer cancel()
			do := func(steps ...chromedp.Action[chromedp.Void]) {
				t.Helper()
				if err := chromedp.Do(ctx, steps...); err != nil {
					t.Fatal(err)
				}
			}
			want := func(expression, want string) {
				t.Helper()
				for got := ""; ; time.Sleep(20 * time.Millisecond) {
					var err error
					if got, err = chromedp.Run(ctx, chromedp.Evaluate[string](expression)); err != nil {
						t.Fatalf("%s: got %q, %v, want %q", expression, got, err, want)
					}
					if got == want {
						return
					}
				}
			}
			look := func(name string) {
				t.Helper()
				for _, scheme := range []string{"dark", "light"} {
					emulate(ctx, t, scheme)
					picture(ctx, t, name+"-"+scheme)
				}
				want(`[...document.querySelectorAll("*")].filter(e => e.scrollWidth > document.documentElement.clientWidth).map(e => e.tagName).join(" ")`, "")
			}
			// until presses a key until the element has the focus, which can be seen.
			until := func(key, selector string) {
				t.Helper()
				for range 100 {
					do(chromedp.KeyEvent(key))
					there, err := chromedp.Run(ctx, chromedp.Evaluate[bool](`document.activeElement.matches(`+strconv.Quote(selector)+`)`))
					if err != nil {
						t.Fatal(err)
					}
					if there {
						want(`getComputedStyle(document.activeElement).outlineStyle`, "solid")
						return
					}
				}
				t.Fatalf("the focus does not get to %s", selector)
			}
			const count = `document.querySelector("#count").textContent`
			const shown = `[...document.querySelectorAll("tbody tr[data-method]")].filter(row => row.checkVisibility()).map(row => row.querySelector("input").value).join(" ")`

			do(chromedp.EmulateViewport(width, 800), chromedp.Navigate("about:blank"), chromedp.Navigate(w.url+"/access"))
			look("access")
			want(count, "13 of 13 operations")
			until(kb.Tab, "a.skip")
			do(chromedp.KeyEvent(kb.Enter))
			want(`document.activeElement.id`, "operations")

			do(chromedp.Navigate(w.url + "/access#"))
			until(kb.Tab, "#q")
			do(chromedp.KeyEvent("DELETE /api/repositories/compiler"))
			want(count, "3 of 13 operations")
			want(shown, "DELETE:repository DELETE:review DELETE:review_request")
			look("search")

			// What opens it?
			until(kb.Tab, "tbody input[value='DELETE:repository']")
			do(chromedp.KeyEvent(" "))
			want(`document.querySelector("#need li").textContent`, "repository:destroy opens 0 other operations")
			until(kb.Tab, "#need a")
			look("need")
			do(chromedp.KeyEvent(kb.Enter))
			want(`decodeURIComponent(location.hash)`, "#token=repository:destroy&show=opened&need=DELETE:repository")
			want(count, "1 of 13 operations; a token with repository:destroy opens 1")
			want(shown, "DELETE:repository")
			look("token")

			// The address has it all.
			do(chromedp.Reload())
			want(shown, "DELETE:repository")
			want(`[...document.querySelectorAll(".scopes input:checked")].map(box => box.value).join(" ")`, "repository:destroy")
			until(kb.Tab, "button[type=reset]")
			do(chromedp.KeyEvent(kb.Enter))
			want(count, "13 of 13 operations")
			want(`location.hash`, "")
		})
	}
}
