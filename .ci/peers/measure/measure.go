// Package measure runs whole processes and says how long they took and how much
// memory they had. What is to be compared is run in turn, A B A B, so that a
// machine which is busy for a while is so for all.
package measure

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"syscall"
	"time"
)

// A Case is a command that is measured.
type Case struct {
	Name string
	Dir  string
	Args []string // the program and its arguments
	Env  []string // in addition to that of this process

	// Before makes the folder ready for a run, After looks at what it has
	// done. Their time does not count. Either may be nil.
	Before, After func() error
}

// A Limit says when a case is not to be waited for.
type Limit struct {
	Time time.Duration // a run that takes longer is ended
	Once time.Duration // a case with a run that took longer is not run again
}

// A Result is what the runs of a case took, as medians.
type Result struct {
	Name string
	Runs int
	Wall time.Duration
	User time.Duration // processor time in the program
	Sys  time.Duration // processor time in the kernel, mostly for files
	Peak int64         // memory of the largest of its processes, in bytes
	Over bool          // it was ended: Wall is the time limit, and nothing else is known
}

// InTurn runs each case runs times, in turn.
func InTurn(ctx context.Context, limit Limit, runs int, cases ...Case) ([]Result, error) {
	taken := make([][]Result, len(cases))
	for range runs {
		for i, c := range cases {
			if n := len(taken[i]); n > 0 && taken[i][n-1].Wall > limit.Once {
				continue
			}
			r, err := run(ctx, limit.Time, c)
			if err != nil {
				return nil, err
			}
			taken[i] = append(taken[i], r)
		}
	}
	results := make([]Result, len(cases))
	for i, c := range cases {
		results[i] = median(c.Name, taken[i])
	}
	return results, nil
}

// run runs a case once. That it takes too long is no error.
func run(ctx context.Context, limit time.Duration, c Case) (_ Result, err error) {
	if c.Before != nil {
		if err := c.Before(); err != nil {
			return Result{}, fmt.Errorf("%s: make ready: %w", c.Name, err)
		}
	}
	// A file takes what is printed without a goroutine of this process.
	output, err := os.CreateTemp("", "output-")
	if err != nil {
		return Result{}, err
	}
	defer func() { err = errors.Join(err, output.Close(), os.Remove(output.Name())) }()

	limited, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	cmd := exec.CommandContext(limited, c.Args[0], c.Args[1:]...)
	cmd.Dir, cmd.Env = c.Dir, append(os.Environ(), c.Env...)
	cmd.Stdout, cmd.Stderr = output, output
	// Peers start go commands of their own, which are to end with them.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }

	start := time.Now()
	err = cmd.Run()
	wall := time.Since(start)
	if ctx.Err() == nil && errors.Is(limited.Err(), context.DeadlineExceeded) {
		return Result{Wall: limit, Over: true}, nil
	}
	if err != nil {
		return Result{}, fmt.Errorf("%s: %v in %s: %w\n%s", c.Name, cmd.Args, c.Dir, err, tail(output))
	}
	if c.After != nil {
		if err := c.After(); err != nil {
			return Result{}, fmt.Errorf("%s: %v in %s: %w\n%s", c.Name, cmd.Args, c.Dir, err, tail(output))
		}
	}
	state := cmd.ProcessState
	return Result{Wall: wall, User: state.UserTime(), Sys: state.SystemTime(), Peak: peak(state)}, nil
}

// peak returns the memory of the largest of a process and those that it waited
// for. The system counts this process's too, which the new one is a copy of for
// a moment: that is why this program keeps nothing large.
func peak(state *os.ProcessState) int64 {
	usage, ok := state.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	size := int64(usage.Maxrss) //nolint:unconvert // it is an int32 on some systems
	if runtime.GOOS == "darwin" {
		return size // bytes there
	}
	return size << 10
}

// tail returns the end of what a command printed.
func tail(f *os.File) string {
	const most = 4 << 10
	info, err := f.Stat()
	if err != nil {
		return err.Error()
	}
	data, err := io.ReadAll(io.NewSectionReader(f, max(0, info.Size()-most), most))
	if err != nil {
		return err.Error()
	}
	return string(data)
}

func median(name string, runs []Result) Result {
	r := Result{
		Name: name,
		Runs: len(runs),
		Wall: Median(runs, func(r Result) time.Duration { return r.Wall }),
		User: Median(runs, func(r Result) time.Duration { return r.User }),
		Sys:  Median(runs, func(r Result) time.Duration { return r.Sys }),
		Peak: Median(runs, func(r Result) int64 { return r.Peak }),
	}
	r.Over = slices.ContainsFunc(runs, func(r Result) bool { return r.Over })
	return r
}

// Median returns the middle of what of yields for a list, the lower one of two.
func Median[T any, N cmp.Ordered](list []T, of func(T) N) N {
	var values []N
	for _, v := range list {
		values = append(values, of(v))
	}
	slices.Sort(values)
	return values[(len(values)-1)/2]
}
