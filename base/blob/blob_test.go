package blob_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"storehouse/base/blob"
	"storehouse/base/fault"
)

// exercise is what any bucket must do.
func exercise(t *testing.T, where string) {
	t.Helper()
	ctx := t.Context()
	b, err := blob.Open(ctx, where)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	read := func(key string) string {
		r, err := b.Open(ctx, key)
		if err != nil {
			return err.Error()
		}
		defer r.Close()
		got, err := io.ReadAll(r)
		if err != nil {
			return err.Error()
		}
		return string(got)
	}
	for key, data := range map[string]string{"org/1/a": "one", "org/1/b": strings.Repeat("two", 100_000), "org/12/a": "three"} {
		if err := b.Write(ctx, key, "text/plain", []byte(data)); err != nil {
			t.Fatal(err)
		}
		if got := read(key); got != data {
			t.Errorf("%s: read %.40q", key, got)
		}
	}
	if err := b.Write(ctx, "org/1/a", "text/plain", []byte("one again")); err != nil || read("org/1/a") != "one again" {
		t.Errorf("written again: %v, %q", err, read("org/1/a"))
	}
	if _, err := b.Open(ctx, "org/1/none"); !fault.Is(err, fault.NotFound) {
		t.Errorf("a file that is not there: %v", err)
	}
	for range 2 { // the second time it is gone already
		if err := b.Delete(ctx, "org/1/a"); err != nil {
			t.Errorf("delete: %v", err)
		}
	}
	if err := b.DeleteAll(ctx, "org/1/"); err != nil {
		t.Errorf("delete all: %v", err)
	}
	for key, want := range map[string]string{"org/1/a": "file not found", "org/1/b": "file not found", "org/12/a": "three"} {
		if got := read(key); got != want {
			t.Errorf("%s: %q, want %q", key, got, want)
		}
	}
}

func TestDirectory(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "not", "there", "yet")
	exercise(t, dir)
	err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := e.Info()
		if err == nil && e.IsDir() && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s may be entered by others: %v", path, info.Mode())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// No key leads out of the directory.
func TestDirectoryKeysStayInside(t *testing.T) {
	top := t.TempDir()
	b, err := blob.Open(t.Context(), filepath.Join(top, "files"))
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	for _, key := range []string{"../out", "a/../../out", "/out", "a/../../../out", "..\\out"} {
		_ = b.Write(t.Context(), key, "text/plain", []byte("x")) // refused or kept inside, both will do
	}
	list, err := os.ReadDir(top)
	if err != nil || len(list) != 1 {
		t.Errorf("beside the directory: %v, %v", list, err)
	}
}

func TestUnknownAddress(t *testing.T) {
	for _, where := range []string{"ftp://host/dir", "http://host"} {
		if _, err := blob.Open(t.Context(), where); err == nil || !strings.Contains(err.Error(), "not supported") {
			t.Errorf("%s: %v", where, err)
		}
	}
}

// fakeS3 is a server that speaks as much of S3 as the client needs.
type fakeS3 struct {
	mu    sync.Mutex
	files map[string]string
}

func (s *fakeS3) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := strings.TrimPrefix(r.URL.Path, "/bucket/")
	body, ok := s.files[key]
	switch {
	case !strings.HasPrefix(r.Header.Get("Authorization"), "AWS4-HMAC-SHA256 Credential=AKIATEST/"):
		w.WriteHeader(http.StatusForbidden)
	case r.Method == http.MethodPut:
		b, _ := io.ReadAll(r.Body)
		s.files[key] = string(b)
	case r.Method == http.MethodDelete:
		delete(s.files, key)
		w.WriteHeader(http.StatusNoContent)
	case r.URL.Query().Has("list-type"):
		fmt.Fprint(w, `<?xml version="1.0"?><ListBucketResult><IsTruncated>false</IsTruncated>`)
		for k, v := range s.files {
			if strings.HasPrefix(k, r.URL.Query().Get("prefix")) {
				fmt.Fprintf(w, `<Contents><Key>%s</Key><Size>%d</Size><ETag>"x"</ETag><LastModified>2026-01-02T03:04:05Z</LastModified></Contents>`, k, len(v))
			}
		}
		fmt.Fprint(w, `</ListBucketResult>`)
	case !ok:
		w.WriteHeader(http.StatusNotFound)
		if r.Method == http.MethodGet {
			fmt.Fprint(w, `<?xml version="1.0"?><Error><Code>NoSuchKey</Code></Error>`)
		}
	default:
		w.Header().Set("Last-Modified", "Fri, 02 Jan 2026 03:04:05 GMT")
		w.Header().Set("Content-Length", fmt.Sprint(len(body)))
		if r.Method == http.MethodGet {
			fmt.Fprint(w, body)
		}
	}
}

func TestS3(t *testing.T) {
	t.Setenv("AWS_ACCESS_KEY_ID", "AKIATEST")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
	t.Setenv("AWS_REQUEST_CHECKSUM_CALCULATION", "when_required") // the fake does not read trailing checksums
	t.Setenv("AWS_RESPONSE_CHECKSUM_VALIDATION", "when_required")
	server := httptest.NewServer(&fakeS3{files: map[string]string{}})
	defer server.Close()
	exercise(t, "s3://bucket?region=us-east-1&use_path_style=true&endpoint="+server.URL)
}
