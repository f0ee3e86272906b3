package loyalty_test

import (
	"encoding/json"
	"slices"
	"testing"

	face "storehouse/face/loyalty"
)

// The document tells what clients do: a GET's fields are in the query, a
// POST's come as a form, in parts or as JSON, with all of them named.
func TestTheDocumentSaysWhereFieldsGo(t *testing.T) {
	b, err := json.Marshal(face.New(face.Deps{}).OpenAPI())
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Paths map[string]map[string]struct {
			Parameters  []struct{ Name, In string }
			RequestBody *struct {
				Content map[string]struct {
					Schema struct{ Properties map[string]any }
				}
			}
		}
	}
	if err := json.Unmarshal(b, &doc); err != nil {
		t.Fatal(err)
	}
	for op, want := range map[string][]string{"user_by_email": {"email"}, "user_by_uid": {"uid"}, "is_user": {"service", "service_uid"}, "top_users_by_points": {"limit"},
		"transactions": {"userapp_id"}, "contest_sale_points": nil} {
		got := doc.Paths["/apiv2/{app_id}/"+op]["get"]
		var names []string
		for _, p := range got.Parameters {
			if p.In == "query" {
				names = append(names, p.Name)
			}
		}
		slices.Sort(names)
		if !slices.Equal(names, want) || got.RequestBody != nil {
			t.Errorf("%s has the parameters %v, want %v and no body", op, names, want)
		}
	}
	for op, want := range map[string][]string{"register_user_classic": {"uid", "pass", "email", "first_name", "last_name"}, "coupon_status": {"coupon_id", "status"},
		"cancel_invoice": {"nrofactura"}, "add_sale_points_by_uid": {"uid", "points", "nrofactura", "factura", "branch", "datetime"}} {
		body := doc.Paths["/apiv2/{app_id}/"+op]["post"].RequestBody
		if body == nil {
			t.Errorf("%s has no body", op)
			continue
		}
		for _, kind := range []string{"application/json", "application/x-www-form-urlencoded", "multipart/form-data"} {
			for _, name := range want {
				if body.Content[kind].Schema.Properties[name] == nil {
					t.Errorf("%s as %s does not name %s", op, kind, name)
				}
			}
		}
	}
}
