package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

// settings reads the settings file, if there is one, and refuses settings
// that nobody knows, in the file and in the environment: a misspelled name
// must not pass for a default.
func settings(k *kong.Kong, args []string) error {
	flags := map[string]*kong.Flag{}
	var known []string
	collect(k.Model.Node, func(f *kong.Flag) {
		flags[f.Name] = f
		known = append(known, f.Envs...)
	})
	for _, e := range os.Environ() {
		name, _, _ := strings.Cut(e, "=")
		if strings.HasPrefix(name, "STOREHOUSE_") && !strings.HasPrefix(name, "STOREHOUSE_TEST_") && !slices.Contains(known, name) {
			return fmt.Errorf("environment: unknown setting %s", name)
		}
	}
	path := configPath(args)
	if path == "" {
		return nil
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("settings file: %w", err)
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	values := map[string]any{}
	if err := d.Decode(&values); err != nil {
		return fmt.Errorf("settings file %s: %w", path, err)
	}
	for name, v := range values {
		if flags[name] == nil || name == "config" || name == "help" {
			return fmt.Errorf("settings file %s: unknown setting %q", path, name)
		}
		switch v.(type) {
		case string, bool, json.Number:
		default:
			return fmt.Errorf("settings file %s: %s must be a text, a number, true or false", path, name)
		}
	}
	return kong.Resolvers(kong.ResolverFunc(func(_ *kong.Context, _ *kong.Path, f *kong.Flag) (any, error) {
		v, ok := values[f.Name]
		if !ok {
			return nil, nil
		}
		for _, e := range f.Envs { // the environment goes before the file
			if _, set := os.LookupEnv(e); set {
				return nil, nil
			}
		}
		if b, isBool := v.(bool); isBool {
			return b, nil
		}
		return fmt.Sprint(v), nil
	})).Apply(k)
}

func collect(n *kong.Node, fn func(*kong.Flag)) {
	for _, f := range n.Flags {
		fn(f)
	}
	for _, c := range n.Children {
		collect(c, fn)
	}
}

// configPath finds the settings file before the flags are parsed, because it
// says what they are.
func configPath(args []string) string {
	for i, a := range args {
		if v, ok := strings.CutPrefix(a, "--config="); ok {
			return v
		}
		if a == "--config" && i+1 < len(args) {
			return args[i+1]
		}
	}
	return os.Getenv("STOREHOUSE_CONFIG")
}
