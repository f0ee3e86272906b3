package pos

import (
	"strconv"

	"storehouse/base/db"
	"storehouse/base/fault"
	"storehouse/core/catalog"
	"storehouse/core/org"
	"storehouse/face/web"
)

func init() { routes = append(routes, (*face).imageRoutes) }

func (f *face) imageRoutes() []web.Route {
	return []web.Route{
		web.Plain("GET "+imagePath+"{org}/{id}/{file}", org.Public, f.getImage, web.Title("Product management", "Get the image of a product"),
			web.Doc("Not in the reference: where image_url of a product leads. It needs no token, as it stands in pages and on tills.")),
	}
}

const imagePath = "/connector/api/product-image/"

// imageURL returns a function that says where a product's picture can be had:
// at an address of its own, or here. The file's name is a hash of its content,
// so an address is not to be guessed and never changes what it shows.
func (f *face) imageURL(c *web.Call) func(catalog.Product) string {
	base := f.origin(c.R) + imagePath + strconv.FormatInt(c.Org, 10) + "/"
	return func(p catalog.Product) string {
		if p.ImageURL != "" || p.Image == "" {
			return p.ImageURL
		}
		return base + strconv.FormatInt(p.ID, 10) + "/" + p.Image
	}
}

type imageIn struct {
	Org  rowID  `path:"org"`
	ID   rowID  `path:"id"`
	File string `path:"file"`
}

func (f *face) getImage(c *web.Call, in imageIn) (web.Raw, error) {
	var p catalog.Picture
	err := c.DB.View(c.R.Context(), in.Org.N, func(tx *db.Tx) (err error) {
		p, err = catalog.PictureOf(tx, in.ID.N, in.File)
		return err
	})
	if err != nil {
		return web.Raw{}, err
	}
	return web.Raw{Type: p.Kind, Body: p.Data, Header: map[string][]string{"X-Content-Type-Options": {"nosniff"},
		"Cache-Control": {"public, max-age=31536000, immutable"}}}, nil
}

// pictureIn reads the image field: a file, or base64 with or without a data
// URL's head. Nothing is nil.
func pictureIn(v any) (*catalog.Picture, error) {
	photo, err := photoIn(v)
	if err != nil {
		return nil, fault.Field("image", "%s", fault.Of(err).Fields[0].Msg)
	}
	if photo == nil {
		return nil, nil
	}
	p, err := catalog.ReadPicture(photo.Data)
	return &p, err
}
