package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
)

// writeOverlay writes the copies and the file that `go build -overlay` takes, and gives that file's path.
func writeOverlay(l *lab, e *edits, draft *draft, out, recorder string) (string, error) {
	out, err := filepath.Abs(out)
	if err != nil {
		return "", err
	}
	replaced := map[string]string{}
	add := func(original, text string) error {
		copied := filepath.Join(out, strconv.Itoa(len(replaced))+"-"+filepath.Base(original))
		replaced[original] = copied
		return os.WriteFile(copied, []byte(text), 0o644)
	}
	if err := os.MkdirAll(out, 0o755); err != nil {
		return "", err
	}
	for _, file := range l.files {
		if len(file.inserts) == 0 {
			continue
		}
		if err := add(file.path, file.edited()); err != nil {
			return "", err
		}
	}
	parts, err := filepath.Glob(filepath.Join(recorder, "observe_*.go"))
	if err != nil || len(parts) == 0 {
		return "", fmt.Errorf("no recorder in %s", recorder)
	}
	labgob := filepath.Join(l.root, "labgob")
	for _, part := range parts {
		text, err := os.ReadFile(part)
		if err != nil {
			return "", err
		}
		if filepath.Base(part) == "observe_plan_here.go" {
			text = []byte(draft.asGo())
		}
		if err := add(filepath.Join(labgob, filepath.Base(part)), string(text)); err != nil {
			return "", err
		}
	}
	list, err := json.MarshalIndent(map[string]interface{}{"Replace": replaced}, "", " ")
	if err != nil {
		return "", err
	}
	overlay := filepath.Join(out, "overlay.json")
	return overlay, os.WriteFile(overlay, list, 0o644)
}
