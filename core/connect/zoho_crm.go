package connect

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
)

// record is one record of a CRM module, or one document of Inventory.
type record = map[string]any

type crmAnswer struct {
	Code    string `json:"code"`
	Status  string `json:"status"`
	Message string `json:"message"`
	Details struct {
		ID text `json:"id"`
	} `json:"details"`
	DuplicateField string `json:"duplicate_field"`
}

type crmResult struct{ ID string }

// crmRow reads the verdict on the only row of a CRM answer.
func crmRow(body []byte) (crmResult, error) {
	var a struct {
		Data []crmAnswer `json:"data"`
	}
	if err := json.Unmarshal(body, &a); err != nil || len(a.Data) == 0 {
		return crmResult{}, nil
	}
	r := a.Data[0]
	if r.Status == "error" || (r.Code != "" && r.Code != "SUCCESS") {
		return crmResult{}, &ZohoError{Status: http.StatusAccepted, Code: r.Code, Message: r.Message, ID: string(r.Details.ID)}
	}
	return crmResult{string(r.Details.ID)}, nil
}

const crmBase = "/crm/v2/"

// crmSearch returns the id of the first record that a search finds; "" for
// none, which is status 204.
func (z *Zoho) crmSearch(ctx context.Context, g Grant, module string, query url.Values) (string, error) {
	status, body, err := z.call(ctx, g, http.MethodGet, crmBase+module+"/search", query, nil)
	if err != nil || status == http.StatusNoContent {
		return "", err
	}
	var a struct {
		Data []struct {
			ID text `json:"id"`
		} `json:"data"`
	}
	if json.Unmarshal(body, &a) != nil || len(a.Data) == 0 {
		return "", nil
	}
	return string(a.Data[0].ID), nil
}

// equals is a search for one value of a field. Zoho wants parentheses and
// commas in it escaped.
func equals(field, value string) url.Values {
	value = strings.NewReplacer(`\`, `\\`, `(`, `\(`, `)`, `\)`, `,`, `\,`).Replace(value)
	return url.Values{"criteria": {"(" + field + ":equals:" + value + ")"}}
}

// crmSave updates the record with id, or finds one by search, or makes one.
// unique is the field that Zoho itself checks, so that a record made by a
// request whose answer was lost, and not in the search index yet, is found.
func (z *Zoho) crmSave(ctx context.Context, g Grant, module, id, unique string, search url.Values, r record) (string, error) {
	if id == "" && len(search) > 0 {
		found, err := z.crmSearch(ctx, g, module, search)
		if err != nil {
			return "", err
		}
		id = found
	}
	if id != "" {
		got, err := z.crmWrite(ctx, g, http.MethodPut, module+"/"+id, record{"data": []record{r}})
		if err == nil || !gone(err) {
			return first(got, id), err
		}
	}
	var got string
	var err error
	if unique != "" {
		got, err = z.crmWrite(ctx, g, http.MethodPost, module+"/upsert", record{"data": []record{r}, "duplicate_check_fields": []string{unique}})
	} else {
		got, err = z.crmWrite(ctx, g, http.MethodPost, module, record{"data": []record{r}})
	}
	if e, ok := err.(*ZohoError); ok && e.Code == "DUPLICATE_DATA" && e.ID != "" {
		return z.crmWrite(ctx, g, http.MethodPut, module+"/"+e.ID, record{"data": []record{r}})
	}
	return got, err
}

func (z *Zoho) crmWrite(ctx context.Context, g Grant, method, path string, in record) (string, error) {
	_, body, err := z.call(ctx, g, method, crmBase+path, nil, in)
	if err != nil {
		return "", err
	}
	row, err := crmRow(body)
	if err == nil && row.ID == "" && method == http.MethodPost {
		err = &ZohoError{Status: http.StatusOK, Code: "no_id", Message: "Zoho CRM named no record"}
	}
	return row.ID, err
}

// gone reports whether a record that we made is no longer there: someone
// deleted it in Zoho.
func gone(err error) bool {
	e, ok := err.(*ZohoError)
	return ok && (e.Status == http.StatusNotFound || (e.Code == "INVALID_DATA" && strings.Contains(e.Message, "id")))
}

func first(list ...string) string {
	for _, s := range list {
		if s != "" {
			return s
		}
	}
	return ""
}
