// Command peers measures webapi-gen against its targets and its peers: tools
// that generate Go, and packages that check scopes. It writes the tables of
// docs/performance.md. In a clone of the repository:
//
//	go -C .ci/peers run .
//
// It builds everything first, then measures whole processes one after the
// other, in a folder in memory where there is one, and the medians count. It
// needs a Unix system, 8 GiB and, on two cores on which nothing else should run,
// half an hour.
//
// Each target of rows.go is a row or two: what is asked, what was measured,
// whether it is met, and where the time goes if it is not. [input] has the API
// that is generated, [measure] the clock, floor what no generator can do
// without, [checks] the peers' checks of scopes.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:])
	stop()
	switch {
	case errors.Is(err, flag.ErrHelp):
		os.Exit(2)
	case err != nil:
		fmt.Fprintln(os.Stderr, "peers:", err)
		os.Exit(1)
	}
}

// options are what the command line says.
type options struct {
	only      []string // keys of rows and tables; all if empty
	sizes     []int    // numbers of resources, ascending
	runs      int
	printOnly bool
}

func run(ctx context.Context, args []string) error {
	o, err := parse(args)
	if err != nil {
		return err
	}
	l, err := newLab(o)
	if err != nil {
		return err
	}
	defer l.close()
	text, err := l.report(ctx, o.only)
	if err != nil {
		return err
	}
	if o.printOnly || len(o.only) > 0 {
		fmt.Println(text)
		return nil
	}
	return replace(l.page(), text)
}

func parse(args []string) (options, error) {
	var o options
	flags := flag.NewFlagSet("peers", flag.ContinueOnError)
	only := flags.String("only", "", "measure and print these `rows` alone: "+strings.Join(keys(), ","))
	sizes := flags.String("n", "100,1000,10000,100000", "`numbers` of resources; more than 10000 is for growth alone")
	flags.IntVar(&o.runs, "runs", 5, "how often each is run; a run of over 15 s is not repeated")
	flags.BoolVar(&o.printOnly, "print", false, "print the tables and leave docs/performance.md as it is")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	if flags.NArg() > 0 {
		return o, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	if o.runs < 1 {
		return o, fmt.Errorf("-runs is %d, want at least 1", o.runs)
	}
	for size := range strings.SplitSeq(*sizes, ",") {
		n, err := strconv.Atoi(size)
		if err != nil || n < 10 || n > 100_000 {
			return o, fmt.Errorf("-n has %q, want numbers from 10 to 100000", size)
		}
		o.sizes = append(o.sizes, n)
	}
	slices.Sort(o.sizes)
	if *only != "" {
		o.only = strings.Split(*only, ",")
	}
	for _, key := range o.only {
		if !slices.Contains(keys(), key) {
			return o, fmt.Errorf("-only has %q; allowed: %s", key, strings.Join(keys(), ", "))
		}
	}
	return o, nil
}

// The limits of a run. What takes longer is not waited for, or not again.
const (
	timeLimit = 2 * time.Minute
	onceLimit = 15 * time.Second
)
