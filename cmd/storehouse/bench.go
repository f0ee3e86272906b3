package main

import (
	"os"
	"time"

	"storehouse/bench"
)

type benchCmd struct {
	Clients  []int         `help:"How many clients sell at once, one measurement each." default:"1,8,32" env:"-"`
	Duration time.Duration `help:"Of each measurement." default:"5s" env:"-"`
}

// Run measures this very program, as a child process, on a store of its own:
// SQLite in a temporary folder, or the empty PostgreSQL database that
// --database-url names.
func (c benchCmd) Run(e *env) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	return bench.Run(e.ctx, bench.Config{Program: self, URL: e.cli.DatabaseURL, Clients: c.Clients, Duration: c.Duration, Out: e.out})
}
