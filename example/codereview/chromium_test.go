package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// TestFlowInChromium is TestFlow with a real browser, which enforces what a
// plain client does not: the policy of the pages, the cookies' rules, and where
// a form may lead. With CODEREVIEW_SCREENSHOTS set to a folder, it leaves
// pictures of the pages there.
func TestFlowInChromium(t *testing.T) {
	w, visit := newWorld(t, "local", ""), newVisitor(newTab(t))
	w.walk(t, visit)

	// What could do harm is pointed out.
	_, _, page := newApp(t, w).ask(t, visit, "alice", "deny", "repository:destroy", "review:destroy", "review:read", "admin")
	if n := strings.Count(page, `class="removes"`); n != 2 || strings.Contains(page, "administrator") {
		t.Errorf("got %d scopes that remove something, want 2, and none of an administrator\n%s", n, page)
	}
}

// newTab starts a browser. It skips the test where there is none.
func newTab(t *testing.T) context.Context {
	t.Helper()
	browser := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil && browser == "" {
			browser = path
		}
	}
	if browser == "" {
		t.Skip("there is no chromium, chromium-browser or google-chrome in $PATH; other tests do the same without one")
	}
	profile, err := os.MkdirTemp("", "codereview-chromium-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(profile) })
	options := []chromedp.ExecAllocatorOption{
		chromedp.ExecPath(browser), chromedp.UserDataDir(profile), chromedp.WindowSize(900, 900),
		chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun,
	}
	for _, flag := range []string{"disable-quic", "disable-background-networking", "disable-component-update", "disable-sync", "disable-dev-shm-usage"} {
		options = append(options, chromedp.Flag(flag, true))
	}
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	tab, closeTab := chromedp.NewContext(allocator)
	t.Cleanup(closeTab)
	t.Cleanup(func() { _ = chromedp.Cancel(tab) })
	if err := chromedp.Do(tab); err != nil {
		t.Fatalf("%s does not start: %v", browser, err)
	}
	return tab
}

// newVisitor returns a visitor who looks at a browser.
func newVisitor(tab context.Context) visitor {
	return func(t *testing.T, url, username, decision string) string {
		t.Helper()
		ctx, cancel := context.WithTimeout(tab, 30*time.Second)
		defer cancel()
		do := func(steps ...chromedp.Action[chromedp.Void]) {
			t.Helper()
			if err := chromedp.Do(ctx, steps...); err != nil {
				t.Fatal(err)
			}
		}
		const deny = chromedp.CSS("button[value=deny]")
		do(chromedp.Navigate(url), chromedp.WaitVisible(chromedp.CSS("button.primary")))
		if title, _ := chromedp.Run(ctx, chromedp.Title()); title == "Log in · Code Review" {
			do(chromedp.SendKeys(chromedp.CSS("#username"), username),
				chromedp.SendKeys(chromedp.CSS("#password"), demoPassword))
			picture(ctx, t, "login")
			do(chromedp.Click(chromedp.CSS("button.primary")), chromedp.WaitVisible(deny))
		}
		picture(ctx, t, "consent")
		page, err := chromedp.Run(ctx, chromedp.OuterHTML(chromedp.CSS("html")))
		if err != nil {
			t.Fatal(err)
		}
		do(chromedp.Click(chromedp.CSS("button[value="+decision+"]")), chromedp.WaitNotPresent(deny))
		return page
	}
}

// emulate sets the color scheme, light or dark, that the browser prefers.
func emulate(ctx context.Context, t *testing.T, scheme string) {
	t.Helper()
	_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
	})
	if err != nil {
		t.Fatal(err)
	}
}

// picture keeps a picture of the page for whoever wants to look at it.
func picture(ctx context.Context, t *testing.T, name string) {
	t.Helper()
	folder := os.Getenv("CODEREVIEW_SCREENSHOTS")
	if folder == "" {
		return
	}
	for i := 1; ; i++ { // the first name that is free
		file := filepath.Join(folder, fmt.Sprintf("%s-%s-%d.png", strings.ReplaceAll(t.Name(), "/", "-"), name, i))
		if _, err := os.Stat(file); err == nil {
			continue
		}
		png, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
		if err == nil {
			err = os.WriteFile(file, png, 0o644)
		}
		if err != nil {
			t.Error(err)
		}
		return
	}
}
