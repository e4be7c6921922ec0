// Renders a chart as Helm would, as far as ours needs: text/template with sprig, include, toYaml, values and release. Where Helm
// itself is installed use that. GO111MODULE=off GOPATH=/usr/share/gocode go run render.go CHART [VALUES.yaml…]
package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"text/template"

	"github.com/Masterminds/sprig"
	"gopkg.in/yaml.v3"
)

func read(path string) map[string]interface{} {
	text, err := os.ReadFile(path)
	if err != nil {
		fail(err)
	}
	values := map[string]interface{}{}
	if err := yaml.Unmarshal(text, &values); err != nil {
		fail(fmt.Errorf("%s: %w", path, err))
	}
	return values
}

func over(below, above map[string]interface{}) map[string]interface{} {
	for name, value := range above {
		inner, isMap := value.(map[string]interface{})
		under, wasMap := below[name].(map[string]interface{})
		if isMap && wasMap {
			below[name] = over(under, inner)
		} else {
			below[name] = value
		}
	}
	return below
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

func main() {
	chart := os.Args[1]
	values := read(filepath.Join(chart, "values.yaml"))
	for _, path := range os.Args[2:] {
		values = over(values, read(path))
	}
	about := read(filepath.Join(chart, "Chart.yaml"))
	data := map[string]interface{}{
		"Values":  values,
		"Release": map[string]interface{}{"Name": "gate", "Namespace": "default", "Service": "Helm"},
		"Chart":   map[string]interface{}{"Name": about["name"], "Version": about["version"], "AppVersion": about["appVersion"]},
	}
	root := template.New("chart").Option("missingkey=error")
	functions := sprig.TxtFuncMap()
	functions["toYaml"] = func(value interface{}) string {
		text, err := yaml.Marshal(value)
		if err != nil {
			fail(err)
		}
		return strings.TrimSuffix(string(text), "\n")
	}
	functions["include"] = func(name string, data interface{}) (string, error) {
		var out bytes.Buffer
		err := root.ExecuteTemplate(&out, name, data)
		return out.String(), err
	}
	root.Funcs(functions)
	files, _ := filepath.Glob(filepath.Join(chart, "templates", "*"))
	sort.Strings(files)
	for _, path := range files {
		text, err := os.ReadFile(path)
		if err != nil {
			fail(err)
		}
		if _, err := root.New(filepath.Base(path)).Parse(string(text)); err != nil {
			fail(err)
		}
	}
	for _, path := range files {
		name := filepath.Base(path)
		if !strings.HasSuffix(name, ".yaml") {
			continue
		}
		var out bytes.Buffer
		if err := root.ExecuteTemplate(&out, name, data); err != nil {
			fail(err)
		}
		if strings.TrimSpace(out.String()) != "" {
			fmt.Printf("---\n# %s\n%s\n", name, out.String())
		}
	}
}
