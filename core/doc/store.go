package doc

import (
	"context"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"storehouse/base/blob"
	"storehouse/base/db"
	"storehouse/base/fault"
	"storehouse/base/job"
	"storehouse/base/secret"
)

// EntityType says what a document is attached to.
type EntityType string

// The entity types.
const (
	OfSalesOrder    EntityType = "sales_order"
	OfPurchaseOrder EntityType = "purchase_order"
	OfWorkOrder     EntityType = "work_order"
)

// Document is a file attached to an order.
type Document struct {
	ID         int64
	EntityType EntityType
	EntityID   int64
	Name       string // as its user calls it; never a path
	MimeType   string
	Size       int64  // bytes
	Path       string // the key in the bucket
	CreatedBy  int64  // 0 is nobody in particular
	CreatedAt  time.Time
}

// New is a document to be stored.
type New struct {
	EntityType EntityType
	EntityID   int64
	Name       string // the sender's name of the file
	MimeType   string // as the sender declares it; may be empty
	Data       []byte
	By         int64 // the user

	// Check runs in the transaction that adds the row: it fails where the
	// entity does not exist.
	Check func(*db.Tx) error
}

// Store keeps documents: rows in the database, contents in a bucket.
type Store struct {
	Bucket  *blob.Bucket
	MaxSize int64 // bytes; 0 is DefaultMaxSize
}

// DefaultMaxSize is the largest document taken.
const DefaultMaxSize = 25 << 20

// sweepKind is the job that deletes a file which no row names, and sweepAll
// the one that deletes all files of an organization.
const (
	sweepKind = "document.sweep"
	sweepAll  = "document.sweep_all"
)

// uploadTime is how long an upload may take between its two transactions.
const uploadTime = time.Hour

// Limit returns the largest document taken, in bytes.
func (s *Store) Limit() int64 {
	if s.MaxSize > 0 {
		return s.MaxSize
	}
	return DefaultMaxSize
}

// Handle lets a runner do the store's jobs.
func (s *Store) Handle(r *job.Runner, d *db.DB) {
	r.Handle(sweepKind, func(ctx context.Context, j job.Job) error { return s.sweep(ctx, d, j.Org, j.Args) })
	r.Handle(sweepAll, func(ctx context.Context, j job.Job) error { return s.Bucket.DeleteAll(ctx, j.Args) })
}

// Put stores a document: the file, then its row. Faults name the fields file,
// entityType and entityId.
func (s *Store) Put(ctx context.Context, d *db.DB, orgID int64, n New) (Document, error) {
	doc, err := s.Write(ctx, d, orgID, n)
	if err != nil {
		return Document{}, err
	}
	err = d.Update(ctx, orgID, func(tx *db.Tx) (err error) {
		doc, err = Add(tx, n, doc)
		return err
	})
	return doc, err
}

// Write stores the file of a document, outside any transaction, and returns
// what Add makes a row of. When that fails, or the program dies in between, a
// job deletes the file.
func (s *Store) Write(ctx context.Context, d *db.DB, orgID int64, n New) (Document, error) {
	doc := Document{EntityType: n.EntityType, EntityID: n.EntityID, Name: cleanName(n.Name), Size: int64(len(n.Data)), CreatedBy: n.By}
	var err error
	if doc.MimeType, err = s.check(n); err != nil {
		return Document{}, err
	}
	doc.Path = prefix(orgID) + secret.Random()
	err = d.Update(ctx, orgID, func(tx *db.Tx) error {
		if n.Check != nil {
			if err := n.Check(tx); err != nil {
				return err
			}
		}
		_, err := job.Add(tx, job.Job{Kind: sweepKind, Args: doc.Path, RunAt: tx.Now.Add(uploadTime)})
		return err
	})
	if err != nil {
		return Document{}, err
	}
	if err := s.Bucket.Write(ctx, doc.Path, doc.MimeType, n.Data); err != nil {
		return Document{}, err
	}
	return doc, nil
}

// Add makes the row of a file that has been written.
func Add(tx *db.Tx, n New, doc Document) (Document, error) {
	if n.Check != nil { // the entity may have gone meanwhile
		if err := n.Check(tx); err != nil {
			return Document{}, err
		}
	}
	if err := linkKey(tx); err != nil {
		return Document{}, err
	}
	err := insert(tx, &doc)
	return doc, err
}

// Get returns one document.
func Get(tx *db.Tx, id int64) (Document, error) {
	v, err := db.One(tx, scan, `SELECT `+cols+` FROM document WHERE org_id = ? AND id = ?`, tx.Org, id)
	if fault.Is(err, fault.NotFound) {
		err = fault.Missing("document")
	}
	return v, err
}

// List returns the documents of an entity, newest first: limit of them after
// the one with the id after (0 is the beginning).
func List(tx *db.Tx, of EntityType, id, after int64, limit int) ([]Document, error) {
	if err := checkEntity(of); err != nil {
		return nil, err
	}
	var w db.Where
	w.Add("org_id = ?", tx.Org)
	w.Add("entity_type = ?", string(of))
	w.Add("entity_id = ?", id)
	w.AddIf(after != 0, "id < ?", after)
	return db.All(tx, scan, `SELECT `+cols+` FROM document`+w.SQL()+` ORDER BY id DESC LIMIT ?`, append(w.Args, limit)...)
}

// Delete deletes a document; its file goes after the commit, by a job.
func Delete(tx *db.Tx, id int64) error {
	v, err := Get(tx, id)
	if err != nil {
		return err
	}
	return remove(tx, v)
}

// DeleteOf deletes all documents of an entity that is being deleted.
func DeleteOf(tx *db.Tx, of EntityType, id int64) error {
	list, err := List(tx, of, id, 0, math.MaxInt32)
	for _, v := range list {
		if err == nil {
			err = remove(tx, v)
		}
	}
	return err
}

// DeleteFiles deletes all files of tx's organization after the commit. Call
// it after org.Purge, which deletes the organization's rows, jobs included.
func DeleteFiles(tx *db.Tx) error {
	_, err := job.Add(tx, job.Job{Kind: sweepAll, Args: prefix(tx.Org)})
	return err
}

func remove(tx *db.Tx, v Document) error {
	n, err := tx.Exec(`DELETE FROM document WHERE org_id = ? AND id = ?`, tx.Org, v.ID)
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.Missing("document")
	}
	_, err = job.Add(tx, job.Job{Kind: sweepKind, Args: v.Path})
	return err
}

// sweep deletes a file unless a row names it.
func (s *Store) sweep(ctx context.Context, d *db.DB, orgID int64, path string) error {
	if !strings.HasPrefix(path, prefix(orgID)) {
		return job.Fatal(fault.New(fault.Internal, "the file %s is not of organization %d", path, orgID))
	}
	var rows int64
	err := d.View(ctx, orgID, func(tx *db.Tx) (err error) {
		rows, err = db.One(tx, db.Value[int64], `SELECT count(*) FROM document WHERE org_id = ? AND path = ?`, tx.Org, path)
		return err
	})
	if err != nil || rows > 0 {
		return err
	}
	return s.Bucket.Delete(ctx, path)
}

// Open reads a document's content; close it.
func (s *Store) Open(ctx context.Context, v Document) (io.ReadCloser, error) {
	return s.Bucket.Open(ctx, v.Path)
}

// prefix begins the keys of an organization's files.
func prefix(orgID int64) string { return "org/" + strconv.FormatInt(orgID, 10) + "/" }

const cols = `id, entity_type, entity_id, name, mime_type, size_bytes, path, created_by, created_at`

func scan(r db.Row, v *Document) error {
	return r.Scan(&v.ID, (*string)(&v.EntityType), &v.EntityID, &v.Name, &v.MimeType, &v.Size, &v.Path, db.I(&v.CreatedBy), db.T(&v.CreatedAt))
}

func insert(tx *db.Tx, v *Document) error {
	id, err := tx.NextID("document")
	if err != nil {
		return err
	}
	v.ID, v.CreatedAt = id, tx.Now
	return tx.Insert("document", "org_id, "+cols, [][]any{{tx.Org, v.ID, string(v.EntityType), v.EntityID, v.Name, v.MimeType, v.Size, v.Path, db.Null(v.CreatedBy), v.CreatedAt}})
}
