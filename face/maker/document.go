package maker

import (
	"io"
	"net/http"
	"strconv"

	"storehouse/base/db"
	"storehouse/base/fault"
	"storehouse/core/doc"
	"storehouse/core/org"
	"storehouse/core/production"
	"storehouse/core/sale"
	"storehouse/core/supply"
	"storehouse/face/web"
	"storehouse/face/wire"
)

func documentRoutes(f *face) []web.Route {
	op := func(title string) web.Opt { return web.Title("Documents", title) }
	limit := int64(doc.DefaultMaxSize)
	if f.Files != nil {
		limit = f.Files.Limit()
	}
	return []web.Route{
		web.Plain("POST /api/documents", org.Member, f.upload, web.Output[document], web.Created, web.MaxBody(limit+1<<20), op("Upload document")),
		web.Read("GET /api/documents", org.Viewer, listDocuments, op("List documents for an entity")),
		web.Write("DELETE /api/documents/{id}", org.Member, deleteDocument, op("Delete document")),
		web.Read("GET /api/documents/{id}", org.Viewer, f.showDocument, op("Get document detail (signed download URL)")),
		web.Plain("GET "+doc.LinkPath+"{org}/{id}", org.Public, f.download, web.Hidden),
	}
}

// entities are what documents are attached to: their kind of id, how to see
// that one exists, and how to keep it from being deleted meanwhile.
var entities = map[doc.EntityType]struct {
	kind      wire.Kind
	get, hold func(*db.Tx, int64) error
}{
	doc.OfSalesOrder: {wire.KindSale, func(tx *db.Tx, id int64) error {
		s, err := sale.Get(tx, id)
		if err == nil && s.State == "" {
			err = fault.Missing("sales order")
		}
		return err
	}, sale.Hold},
	doc.OfPurchaseOrder: {wire.KindPurchase, func(tx *db.Tx, id int64) error { _, err := supply.Get(tx, id); return err }, supply.Hold},
	doc.OfWorkOrder: {wire.KindWork, func(tx *db.Tx, id int64) error { _, err := production.Get(tx, production.Work, id); return err },
		func(tx *db.Tx, id int64) error { return production.Hold(tx, production.Work, id) }},
}

type document struct {
	ID         wire.UUID `json:"id"`
	OrgID      wire.UUID `json:"orgId"`
	EntityType string    `json:"entityType" enum:"sales_order,purchase_order,work_order"`
	EntityID   wire.UUID `json:"entityId"`
	Name       string    `json:"name"`
	Path       string    `json:"gcsPath"`
	MimeType   string    `json:"mimeType"`
	Size       string    `json:"sizeBytes"`
	CreatedAt  wire.ISO  `json:"createdAt"`
}

func documentOut(orgID int64, v doc.Document) document {
	return document{wire.UUID{Kind: wire.KindDocument, ID: v.ID}, wire.UUID{Kind: wire.KindOrg, ID: orgID}, string(v.EntityType),
		wire.UUID{Kind: entities[v.EntityType].kind, ID: v.EntityID}, v.Name, v.Path, v.MimeType, strconv.FormatInt(v.Size, 10), wire.ISO(v.CreatedAt)}
}

type newDocument struct {
	File       *wire.File `json:"file" required:"true"`
	EntityType string     `json:"entityType" required:"true" enum:"sales_order,purchase_order,work_order"`
	EntityID   wire.Ref   `json:"entityId" required:"true"`
}

var errNoFiles = fault.New(fault.Conflict, "this server keeps no files")

func (f *face) upload(c *web.Call, in newDocument) (any, error) {
	if f.Files == nil {
		return nil, errNoFiles
	}
	of := entities[doc.EntityType(in.EntityType)]
	id, err := in.EntityID.Of(of.kind, "entity")
	if err != nil {
		return nil, missing("entityId", err)
	}
	n := doc.New{EntityType: doc.EntityType(in.EntityType), EntityID: id, Name: in.File.Name,
		MimeType: in.File.Type, Data: in.File.Data, By: c.Actor.User, Check: func(tx *db.Tx) error {
			err := of.hold(tx, id)
			if err == nil {
				err = of.get(tx, id)
			}
			return missing("entityId", err)
		}}
	file, err := f.Files.Write(c.R.Context(), c.DB, c.Actor.Org, n)
	if err != nil {
		return nil, err
	}
	return c.Commit(func(c *web.Call) (any, error) {
		v, err := doc.Add(c.Tx, n, file)
		return documentOut(c.Org, v), err
	})
}

type documentsIn struct {
	paging
	EntityType string   `query:"entityType" required:"true" enum:"sales_order,purchase_order,work_order"`
	EntityID   wire.Ref `query:"entityId" required:"true"`
}

func listDocuments(c *web.Call, in documentsIn) (page[document], error) {
	of := entities[doc.EntityType(in.EntityType)]
	id, err := in.EntityID.Of(of.kind, "entity")
	if err == nil {
		err = of.get(c.Tx, id)
	}
	if err != nil {
		return page[document]{}, missing("entityId", err)
	}
	after, err := parseIDCursor(in.Cursor)
	if err != nil {
		return page[document]{}, err
	}
	rows, err := doc.List(c.Tx, doc.EntityType(in.EntityType), id, after, in.limit()+1)
	return paged(in.paging, rows, func(v doc.Document) document { return documentOut(c.Org, v) }, func(v doc.Document) string { return idCursor(v.ID) }), err
}

func documentAt(c *web.Call, in pathID) (doc.Document, error) {
	id, err := in.of(wire.KindDocument, "document")
	if err != nil {
		return doc.Document{}, err
	}
	return doc.Get(c.Tx, id)
}

func deleteDocument(c *web.Call, in pathID) (deleted, error) {
	v, err := documentAt(c, in)
	if err != nil {
		return deleted{}, err
	}
	return deletedOut(wire.KindDocument, v.ID), doc.Delete(c.Tx, v.ID)
}

type documentDetail struct {
	document
	SignedURL string `json:"signedUrl" doc:"Opens the content without a token, until it expires."`
}

func (f *face) showDocument(c *web.Call, in pathID) (documentDetail, error) {
	v, err := documentAt(c, in)
	if err != nil {
		return documentDetail{}, err
	}
	base := f.BaseURL
	if base == "" {
		base = "http://" + c.R.Host
		if c.R.TLS != nil || c.R.Header.Get("X-Forwarded-Proto") == "https" {
			base = "https://" + c.R.Host
		}
	}
	link, err := doc.SignedURL(c.Tx, base, v)
	return documentDetail{documentOut(c.Org, v), link}, err
}

type downloadIn struct {
	Org       int64  `path:"org"`
	ID        int64  `path:"id"`
	Expires   string `query:"expires"`
	Signature string `query:"signature"`
}

// download answers a signed link. The content is only ever saved, never
// shown: it is a stranger's file on our own address.
func (f *face) download(c *web.Call, in downloadIn) (web.Raw, error) {
	if f.Files == nil {
		return web.Raw{}, errNoFiles
	}
	var v doc.Document
	err := c.DB.View(c.R.Context(), in.Org, func(tx *db.Tx) (err error) {
		v, err = doc.Linked(tx, in.ID, in.Expires, in.Signature)
		return err
	})
	if err != nil {
		return web.Raw{}, err
	}
	r, err := f.Files.Open(c.R.Context(), v)
	if err != nil {
		return web.Raw{}, err
	}
	defer r.Close()
	body, err := io.ReadAll(io.LimitReader(r, f.Files.Limit()+1))
	return web.Raw{Type: v.MimeType, Body: body, Header: http.Header{"Content-Disposition": {v.Disposition()},
		"X-Content-Type-Options": {"nosniff"}, "Content-Security-Policy": {"sandbox"}, "Cache-Control": {"private, no-store"}}}, err
}
