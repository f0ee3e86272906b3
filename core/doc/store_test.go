package doc_test

import (
	"context"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"storehouse/base/blob"
	"storehouse/base/db"
	"storehouse/base/db/dbtest"
	"storehouse/base/fault"
	"storehouse/base/job"
	"storehouse/core/doc"
	"storehouse/core/org/orgtest"
)

const pdf = "%PDF-1.7 not much of one"

type shop struct {
	d     *db.DB
	org   orgtest.Fixture
	dir   string
	store *doc.Store
	jobs  *job.Runner
}

func newShop(t *testing.T, d *db.DB) *shop {
	t.Helper()
	s := &shop{d: d, org: orgtest.New(t, d, "paper"), dir: t.TempDir(), jobs: job.New(d)}
	b, err := blob.Open(t.Context(), s.dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	s.store = &doc.Store{Bucket: b}
	s.store.Handle(s.jobs, d)
	return s
}

func (s *shop) put(t *testing.T, name, declared, data string) (doc.Document, error) {
	t.Helper()
	return s.store.Put(context.Background(), s.d, s.org.Org, doc.New{EntityType: doc.OfSalesOrder, EntityID: 7, Name: name, MimeType: declared, Data: []byte(data), By: s.org.User})
}

func (s *shop) mustPut(t *testing.T, name string) doc.Document {
	t.Helper()
	v, err := s.put(t, name, "application/pdf", pdf)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// files lists what is in the bucket's directory.
func (s *shop) files(t *testing.T) (out []string) {
	t.Helper()
	err := filepath.WalkDir(s.dir, func(path string, e os.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			out = append(out, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func (s *shop) runJobs(t *testing.T) {
	t.Helper()
	if _, err := s.jobs.RunDue(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestStorePutListOpenDelete(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newShop(t, d)
		first, second := s.mustPut(t, "quote.pdf"), s.mustPut(t, "../../etc/عرض سعر.pdf")
		if second.Name != "عرض سعر.pdf" || second.Size != int64(len(pdf)) || second.MimeType != "application/pdf" || second.CreatedBy != s.org.User {
			t.Errorf("stored as %+v", second)
		}
		for _, f := range s.files(t) {
			if strings.Contains(f, "quote") || strings.Contains(f, "عرض") {
				t.Errorf("a sender's name became a path: %s", f)
			}
		}
		dbtest.See(t, d, func(tx *db.Tx) error {
			list, err := doc.List(tx, doc.OfSalesOrder, 7, 0, 50)
			if diff := cmp.Diff([]doc.Document{second, first}, list); diff != "" {
				t.Errorf("list (-want +got):\n%s", diff)
			}
			return err
		})
		r, err := s.store.Open(t.Context(), first)
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(r)
		if err != nil || string(got) != pdf {
			t.Errorf("content %q, %v", got, err)
		}
		_ = r.Close()

		dbtest.Do(t, d, func(tx *db.Tx) error { return doc.Delete(tx, first.ID) })
		if n := len(s.files(t)); n != 2 {
			t.Errorf("%d files before the job, want 2", n)
		}
		s.runJobs(t)
		if n := len(s.files(t)); n != 1 {
			t.Errorf("%d files after the job, want 1", n)
		}
		dbtest.See(t, d, func(tx *db.Tx) error {
			if _, err := doc.Get(tx, first.ID); !fault.Is(err, fault.NotFound) {
				t.Errorf("get a deleted document: %v", err)
			}
			return nil
		})
	})
}

func TestStoreDeleteRolledBackKeepsTheFile(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newShop(t, d)
		v := s.mustPut(t, "a.pdf")
		err := d.Update(t.Context(), s.org.Org, func(tx *db.Tx) error {
			if err := doc.Delete(tx, v.ID); err != nil {
				return err
			}
			return fault.New(fault.Conflict, "changed my mind")
		})
		if !fault.Is(err, fault.Conflict) {
			t.Fatal(err)
		}
		s.runJobs(t)
		if n := len(s.files(t)); n != 1 {
			t.Errorf("%d files, want 1", n)
		}
	})
}

func TestStoreOfAnotherOrganization(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newShop(t, d)
		v := s.mustPut(t, "a.pdf")
		other := orgtest.New(t, d, "other")
		err := d.Update(t.Context(), other.Org, func(tx *db.Tx) error { return doc.Delete(tx, v.ID) })
		if !fault.Is(err, fault.NotFound) {
			t.Errorf("delete another's: %v", err)
		}
	})
}

func TestStoreRefuses(t *testing.T) { dbtest.Each(t, eachStoreRefuses) }

func eachStoreRefuses(t *testing.T, d *db.DB) {
	s := newShop(t, d)
	s.store.MaxSize = 1000
	for _, c := range []struct {
		about, name, declared, data string
		kind                        fault.Kind
	}{
		{"empty", "a.pdf", "application/pdf", "", fault.Invalid},
		{"too large", "a.txt", "text/plain", strings.Repeat("x", 1001), fault.TooLarge},
		{"a page", "a.html", "text/html", "<script>", fault.Invalid},
		{"a page by name", "a.html", "", "<script>", fault.Invalid},
		{"a picture that runs scripts", "a.svg", "image/svg+xml", "<svg/>", fault.Invalid},
		{"a program", "a.exe", "application/octet-stream", "MZ", fault.Invalid},
		{"a page called a picture", "a.png", "image/png", "<script>", fault.Invalid},
		{"a program called text", "a.txt", "text/plain", "MZ\x00\x01", fault.Invalid},
	} {
		if _, err := s.put(t, c.name, c.declared, c.data); !fault.Is(err, c.kind) || fault.Of(err).Field() != "file" {
			t.Errorf("%s: %v", c.about, err)
		}
	}
	if _, err := s.store.Put(t.Context(), d, s.org.Org, doc.New{EntityType: "invoice", Data: []byte(pdf)}); fault.Of(err).Field() != "entityType" {
		t.Errorf("unknown entity: %v", err)
	}
	missing := func(*db.Tx) error { return fault.Missing("sales order") }
	if _, err := s.store.Put(t.Context(), d, s.org.Org, doc.New{EntityType: doc.OfSalesOrder, Name: "a.pdf", Data: []byte(pdf), Check: missing}); !fault.Is(err, fault.NotFound) {
		t.Errorf("no such entity: %v", err)
	}
	if n := len(s.files(t)); n != 0 {
		t.Errorf("%d files of refused documents", n)
	}
}

// The program dies, or the entity goes, between the file and its row.
func TestStoreLeavesNoOrphan(t *testing.T) { dbtest.Each(t, eachStoreLeavesNoOrphan) }

func eachStoreLeavesNoOrphan(t *testing.T, d *db.DB) {
	s := newShop(t, d)
	_, err := s.store.Put(t.Context(), d, s.org.Org, doc.New{EntityType: doc.OfSalesOrder, Name: "a.pdf", Data: []byte(pdf), Check: func(*db.Tx) error {
		if len(s.files(t)) > 0 {
			return fault.Missing("sales order")
		}
		return nil
	}})
	if !fault.Is(err, fault.NotFound) {
		t.Fatal(err)
	}
	kept := s.mustPut(t, "kept.pdf")
	if n := len(s.files(t)); n != 2 {
		t.Fatalf("%d files, want the orphan and the kept one", n)
	}
	dbtest.Do(t, d, func(tx *db.Tx) error { // as if the hour had passed
		_, err := tx.Exec(`UPDATE job SET run_at = ?`, tx.Now)
		return err
	})
	s.runJobs(t)
	files := s.files(t)
	if len(files) != 1 || !strings.HasSuffix(filepath.ToSlash(files[0]), kept.Path) {
		t.Errorf("left: %v, want %s", files, kept.Path)
	}
}

func TestSignedLinks(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newShop(t, d)
		v, w := s.mustPut(t, "a.pdf"), s.mustPut(t, "b.pdf")
		var link string
		dbtest.See(t, d, func(tx *db.Tx) (err error) {
			link, err = doc.SignedURL(tx, "https://shop.example/", v)
			return err
		})
		u, err := url.Parse(link)
		if err != nil {
			t.Fatal(err)
		}
		q := u.Query()
		expires, signature := q.Get("expires"), q.Get("signature")
		if u.Host != "shop.example" || u.Path != "/files/1/1" || expires != "1767323945" || len(signature) != 64 { // dbtest.Now + 15 min
			t.Errorf("link %s", link)
		}
		see := func(org int64, now time.Time, id int64, expires, signature string) error {
			return d.View(t.Context(), org, func(tx *db.Tx) error {
				tx.Now = now
				_, err := doc.Linked(tx, id, expires, signature)
				return err
			})
		}
		other := orgtest.New(t, d, "other")
		for _, c := range []struct {
			about string
			err   error
			want  fault.Kind
		}{
			{"in time", see(s.org.Org, dbtest.Now.Add(15*time.Minute-time.Second), v.ID, expires, signature), -1},
			{"expired", see(s.org.Org, dbtest.Now.Add(15*time.Minute), v.ID, expires, signature), fault.Forbidden},
			{"made longer", see(s.org.Org, dbtest.Now, v.ID, expires+"0", signature), fault.Forbidden},
			{"another document", see(s.org.Org, dbtest.Now, w.ID, expires, signature), fault.Forbidden},
			{"another organization", see(other.Org, dbtest.Now, v.ID, expires, signature), fault.Forbidden},
			{"no signature", see(s.org.Org, dbtest.Now, v.ID, expires, ""), fault.Forbidden},
		} {
			if c.want < 0 && c.err != nil || c.want >= 0 && !fault.Is(c.err, c.want) {
				t.Errorf("%s: %v", c.about, c.err)
			}
		}
		dbtest.Do(t, d, func(tx *db.Tx) error { return doc.DeleteOf(tx, doc.OfSalesOrder, 7) })
		if err := see(s.org.Org, dbtest.Now, v.ID, expires, signature); !fault.Is(err, fault.NotFound) {
			t.Errorf("deleted: %v", err)
		}
		s.runJobs(t)
		if n := len(s.files(t)); n != 0 {
			t.Errorf("%d files left of a deleted order", n)
		}
	})
}

func TestDeleteFilesOfAnOrganization(t *testing.T) { dbtest.Each(t, eachDeleteFilesOfAnOrganization) }

func eachDeleteFilesOfAnOrganization(t *testing.T, d *db.DB) {
	s := newShop(t, d)
	s.mustPut(t, "a.pdf")
	s.mustPut(t, "b.pdf")
	dbtest.Do(t, d, doc.DeleteFiles)
	s.runJobs(t)
	if n := len(s.files(t)); n != 0 {
		t.Errorf("%d files left", n)
	}
}
