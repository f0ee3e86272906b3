package loyalty

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"storehouse/base/fault"
	"storehouse/core/connect"
	"storehouse/core/loyalty"
	"storehouse/core/org"
	"storehouse/face/web"
	"storehouse/face/wire"
)

type couponIn struct {
	Coupon wire.Text `json:"coupon_id" required:"true" nonempty:"true" doc:"The coupon's id, or its code"`
	Status wire.Int  `json:"status" required:"true" doc:"4: Used"`
}

// couponStates are the numbers of the states that clients may report. The
// reference names 4 alone.
var couponStates = map[int64]string{2: loyalty.Delivered, 4: loyalty.Used}

func couponStatus(c *web.Call, in couponIn) (answer[string], error) {
	state, ok := couponStates[in.Status.N]
	if !ok {
		return answer[string]{}, fault.Field("status", "must be 4")
	}
	id, _ := strconv.ParseInt(strings.TrimSpace(in.Coupon.S), 10, 64)
	_, err := loyalty.Move(c.Tx, c.Actor.Source, id, strings.TrimSpace(in.Coupon.S), state)
	if fault.Is(err, fault.Transition) {
		err = fault.New(fault.Conflict, "The coupon is %s", fault.Of(err).Details["from"])
	}
	return yes("Cambio de estado efectuado con exito"), err
}

type productIn struct {
	Code      wire.Text  `json:"code" required:"true" nonempty:"true" maxLength:"100" doc:"Id of the product"`
	Name      wire.Text  `json:"name" required:"true" nonempty:"true" maxLength:"255"`
	Category  *wire.Text `json:"category_id" doc:"Id of the category, as the category tree has it"`
	Thumbnail *wire.Text `json:"thumbnail_url" maxLength:"2000"`
	Image     *wire.Text `json:"image_url" maxLength:"2000"`
	URL       *wire.Text `json:"url" maxLength:"2000" doc:"Product's full url in the e-commerce"`
	Cost      decimal    `json:"cost" minimum:"0" doc:"Production's cost of the product"`
}

func saveProduct(c *web.Call, in productIn) (said, error) {
	text := func(t *wire.Text) *string {
		if t == nil {
			return nil
		}
		return &t.S
	}
	err := loyalty.SaveProduct(c.Tx, loyalty.Product{Code: in.Code.S, Name: in.Name.S, Category: text(in.Category), ThumbnailURL: text(in.Thumbnail),
		ImageURL: text(in.Image), URL: text(in.URL), Cost: in.Cost.Ptr()})
	return said{true, "product updated"}, err
}

type treeIn struct {
	Tree any `body:"*" doc:"A list of {id, name, children}"`
}

type done struct {
	Status bool `json:"status"`
}

func saveCategories(c *web.Call, in treeIn) (done, error) {
	tree, err := readTree(in.Tree, "", 0)
	if err != nil {
		return done{}, err
	}
	return done{true}, loyalty.SaveCategories(c.Tx, tree)
}

// readTree reads the tree as it is documented. children may be null.
func readTree(v any, at string, depth int) ([]loyalty.Category, error) {
	if v == nil {
		return nil, nil
	}
	list, ok := v.([]any)
	if !ok || depth > 20 {
		return nil, fault.Field(strings.TrimPrefix(at, "."), "must be a list of categories, at most 20 deep")
	}
	var out []loyalty.Category
	for i, e := range list {
		here := fmt.Sprintf("%s.%d", at, i)
		m, ok := e.(map[string]any)
		if !ok {
			return nil, fault.Field(strings.TrimPrefix(here, "."), "must be an object")
		}
		var id, name wire.Text
		if id.SetWire(m["id"]) != nil || name.SetWire(m["name"]) != nil {
			return nil, fault.Field(strings.TrimPrefix(here, "."), "must have an id and a name")
		}
		children, err := readTree(m["children"], here+".children", depth+1)
		if err != nil {
			return nil, err
		}
		out = append(out, loyalty.Category{ID: strings.TrimSpace(id.S), Name: name.S, Children: children})
	}
	return out, nil
}

type mailIn struct {
	To      any       `json:"to" required:"true" doc:"One or more addresses"`
	Subject wire.Text `json:"subject" required:"true" nonempty:"true"`
	Body    wire.Text `json:"body" required:"true" nonempty:"true"`
}

// sendMail takes mails over: a job sends each, so a mail server that is away
// holds nobody up. A body that looks like HTML is sent as HTML.
func sendMail(c *web.Call, in mailIn) (said, error) {
	m := connect.Message{Subject: in.Subject.S, Body: in.Body.S, HTML: looksHTML(in.Body.S)}
	switch to := in.To.(type) {
	case string:
		if strings.HasPrefix(strings.TrimSpace(to), "[") {
			if json.Unmarshal([]byte(to), &m.To) != nil {
				return said{}, fault.Field("to", "is not a list of addresses")
			}
			break
		}
		for _, a := range strings.Split(to, ",") {
			m.To = append(m.To, strings.TrimSpace(a))
		}
	case []any:
		for i, a := range to {
			s, ok := a.(string)
			if !ok {
				return said{}, fault.Field(fmt.Sprintf("to.%d", i), "must be an e-mail address")
			}
			m.To = append(m.To, strings.TrimSpace(s))
		}
	default:
		return said{}, fault.Field("to", "must be a list of addresses")
	}
	return said{Status: true, Message: "email queued"}, connect.Send(c.Tx, m, "")
}

func looksHTML(s string) bool {
	s = strings.ToLower(strings.TrimSpace(s))
	return strings.HasPrefix(s, "<!doctype html") || strings.HasPrefix(s, "<html") || strings.Contains(s, "</") || strings.Contains(s, "<br")
}

type serviceOut struct {
	Status bool              `json:"status"`
	Data   map[string]string `json:"data"`
}

type servicesOut struct {
	Status bool       `json:"status"`
	MP     serviceOut `json:"mp"`
}

// connected says which other systems the programme's organization is
// connected with, in the only shape that is known of this answer.
func connected(c *web.Call, _ web.None) (servicesOut, error) {
	programs, err := org.ListPrograms(c.Tx)
	if err != nil {
		return servicesOut{}, err
	}
	data := map[string]string{"id": itoa(c.Actor.Source), "app_id": itoa(c.Actor.Source), "app_code": "", "mp_enabled": "0"}
	for _, p := range programs {
		if p.ID == c.Actor.Source {
			data["app_code"] = p.Name
		}
	}
	services, err := connect.Services(c.Tx)
	for name, on := range services {
		data[name+"_enabled"] = map[bool]string{false: "0", true: "1"}[on]
	}
	return servicesOut{true, serviceOut{true, data}}, err
}
