package connect

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
)

const inventoryBase = "/inventory/v1/"

// inventory calls Zoho Inventory and returns the part of the answer under
// key. Every answer carries a code; only 0 is a success, whatever the status.
func (z *Zoho) inventory(ctx context.Context, g Grant, method, path string, query url.Values, in any, key string, out any) error {
	if query == nil {
		query = url.Values{}
	}
	query.Set("organization_id", g.InventoryOrg)
	status, body, err := z.call(ctx, g, method, inventoryBase+path, query, in)
	if err != nil {
		return err
	}
	var a map[string]json.RawMessage
	if err := json.Unmarshal(body, &a); err != nil {
		return &ZohoError{Status: http.StatusBadGateway, Message: "Zoho Inventory's answer is not JSON"}
	}
	var code, message text
	_ = json.Unmarshal(a["code"], &code)
	_ = json.Unmarshal(a["message"], &message)
	if code != "" && code != "0" {
		return &ZohoError{Status: status, Code: string(code), Message: string(message)}
	}
	if out == nil || len(a[key]) == 0 {
		return nil
	}
	if err := json.Unmarshal(a[key], out); err != nil {
		return fmt.Errorf("zoho inventory: %s: %w", key, err)
	}
	return nil
}

// CheckInventory asks Inventory for one item, to see that the credential and
// the organisation are good.
func (z *Zoho) CheckInventory(ctx context.Context, g Grant) error {
	return z.inventory(ctx, g, http.MethodGet, "items", url.Values{"per_page": {"1"}}, nil, "", nil)
}

type inventoryRow struct {
	ItemID       text `json:"item_id"`
	ContactID    text `json:"contact_id"`
	SalesOrderID text `json:"salesorder_id"`
	SKU          text `json:"sku"`
	Name         text `json:"name"`
	ContactName  text `json:"contact_name"`
	Email        text `json:"email"`
	Number       text `json:"salesorder_number"`
	Reference    text `json:"reference_number"`
	Status       text `json:"status"`
}

func (r inventoryRow) id() string {
	return first(string(r.ItemID), string(r.ContactID), string(r.SalesOrderID))
}

// inventoryFind returns the id of the first row of a list that fits exactly:
// Zoho's filters may match more than was asked for.
func (z *Zoho) inventoryFind(ctx context.Context, g Grant, path string, query url.Values, fits func(inventoryRow) bool) (string, error) {
	var rows []inventoryRow
	if err := z.inventory(ctx, g, http.MethodGet, path, query, nil, path, &rows); err != nil {
		return "", err
	}
	for _, r := range rows {
		if fits(r) {
			return r.id(), nil
		}
	}
	return "", nil
}

// inventorySave makes or (with an id) changes a document and returns its id.
func (z *Zoho) inventorySave(ctx context.Context, g Grant, path, id, key string, query url.Values, r record) (string, error) {
	var row inventoryRow
	if id == "" {
		if err := z.inventory(ctx, g, http.MethodPost, path, query, r, key, &row); err != nil {
			return "", err
		}
		if row.id() == "" {
			return "", &ZohoError{Status: http.StatusOK, Code: "no_id", Message: "Zoho Inventory named no " + key}
		}
		return row.id(), nil
	}
	return id, z.inventory(ctx, g, http.MethodPut, path+"/"+id, query, r, key, &row)
}
