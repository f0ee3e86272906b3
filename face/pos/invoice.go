package pos

import (
	"net/http"

	"storehouse/base/db"
	"storehouse/base/fault"
	"storehouse/core/doc"
	"storehouse/core/org"
	"storehouse/core/sale"
	"storehouse/face/web"
)

func init() { routes = append(routes, (*face).invoiceRoutes) }

func (f *face) invoiceRoutes() []web.Route {
	const tag = "Sales management"
	return []web.Route{
		web.Plain("GET /connector/api/sell/{id}/get-invoice-image", org.Viewer, f.invoiceImage, web.Title(tag, "Invoice image"), may("sell.view"),
			web.Doc("The receipt as a PNG picture, 80 mm wide at 203 dpi.")),
		web.Plain("GET /invoice/{token}", org.Public, f.invoicePage, web.Title(tag, "Invoice page"), web.Doc("What invoice_url shows: whoever has the address may read it.")),
		web.Plain("GET /pay/{token}", org.Public, f.payPage, web.Title(tag, "Payment page"), web.Doc("What payment_link shows: what is due, and how to pay it.")),
	}
}

// invoiceImage draws the receipt after its transaction, which a picture would
// hold open for long.
func (f *face) invoiceImage(c *web.Call, in sellID) (web.Raw, error) {
	var receipt doc.Receipt
	err := c.DB.View(c.R.Context(), c.Actor.Org, func(tx *db.Tx) error {
		found, err := sale.GetMany(tx, ids(in.ID)...)
		if err != nil {
			return err
		}
		if found, err = near(tx, reach(c), found, func(s sale.Sale) int64 { return s.Party }); err != nil {
			return err
		}
		if found = open(c.Actor, found, func(s sale.Sale) int64 { return s.Location }); len(found) != 1 {
			return noModel("Transaction", in.ID)
		}
		receipt, err = doc.ReceiptOf(tx, found[0])
		return err
	})
	if err != nil {
		return web.Raw{}, err
	}
	picture, err := receipt.PNG()
	return web.Raw{Type: "image/png", Header: http.Header{"Cache-Control": {"private, no-store"}}, Body: picture}, err
}

type invoiceToken struct {
	Token string `path:"token" doc:"the secret of invoice_url"`
}

func (f *face) invoicePage(c *web.Call, in invoiceToken) (web.Raw, error) {
	return f.page(c, in, func(r doc.Receipt, s sale.Sale, _ *db.Tx) ([]byte, error) {
		if r.Due > 0 {
			r.Pay = f.origin(c.R) + "/pay/" + in.Token
		}
		return r.Page()
	})
}

func (f *face) payPage(c *web.Call, in invoiceToken) (web.Raw, error) {
	return f.page(c, in, func(r doc.Receipt, s sale.Sale, tx *db.Tx) ([]byte, error) {
		return r.PayPage(s, f.origin(c.R)+"/invoice/"+in.Token, tx.Now)
	})
}

// page shows a page of the sale that a token opens. A wrong token is told from
// no other: there is no page.
func (f *face) page(c *web.Call, in invoiceToken, write func(doc.Receipt, sale.Sale, *db.Tx) ([]byte, error)) (web.Raw, error) {
	out := web.Raw{Type: doc.PageType, Header: http.Header{"Content-Security-Policy": {doc.PagePolicy}, "Cache-Control": {"private, no-store"},
		"Referrer-Policy": {"no-referrer"}, "X-Content-Type-Options": {"nosniff"}, "X-Robots-Tag": {"noindex, nofollow"}}}
	orgID, ok := sale.TokenOrg(in.Token)
	err := error(fault.Missing("invoice"))
	if ok {
		err = c.DB.View(c.R.Context(), orgID, func(tx *db.Tx) error {
			s, err := sale.ByToken(tx, in.Token)
			if err != nil {
				return err
			}
			r, err := doc.ReceiptOf(tx, s)
			if err != nil {
				return err
			}
			out.Body, err = write(r, s, tx)
			return err
		})
	}
	if fault.Is(err, fault.NotFound) {
		out.Status, out.Body, err = http.StatusNotFound, []byte("<!doctype html><title>Not found</title><p>There is no such invoice.</p>\n"), nil
	}
	return out, err
}
