package doc_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"testing"
	"time"

	"storehouse/base/dec"
	"storehouse/core/doc"
)

var dollars = doc.Format{Symbol: "$", Places: 2, QuantityPlaces: 3, Decimal: ".", Group: ",", Date: "02 Jan 2006", Clock: "15:04"}

var names = []string{"Oak shelf, 120 cm", "قماش قطني أبيض 100% (عرض 150 سم)", "עץ אלון מלא – דגם B-12", "हिन्दी क्षत्रिय स्टील पेंच M6", "不锈钢螺栓 M8×40", "ステンレスねじ", "스테인리스 볼트",
	"Ёлочные игрушки", "Καρφιά γαλβανισμένα", "A very long name of an item that needs more than one line in its column because its maker could not decide what to leave out"}

func sampleOrder(lines int) doc.PurchaseOrder {
	o := doc.PurchaseOrder{Format: dollars, Number: "PO-2026-00042", Status: "Placed", Terms: "Net 30",
		Ordered: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC), Expected: time.Date(2026, 12, 4, 9, 0, 0, 0, time.UTC), Made: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC),
		Buyer:    doc.Contact{Name: "Harbour & Sons Trading", Lines: []string{"12 Quay Street", "Portland, ME 04101", "United States"}, Phone: "+1 207 555 0100", Email: "buying@harbour.example", TaxNumber: "US-99-1234567"},
		Vendor:   doc.Contact{Name: "شركة النور للتجارة", Lines: []string{"شارع الملك فهد 25", "دبي", "United Arab Emirates"}, Email: "sales@alnoor.example"},
		ShipTo:   doc.Contact{Name: "Main warehouse", Lines: []string{"Dock 4, 200 Mill Road", "Westbrook, ME 04092"}},
		Shipping: dec.Must("120.5"), Setup: dec.Must("40"), Other: dec.Must("9.99"),
		Notes: "Deliver between 8:00 and 16:00.\nPack pallets no higher than 1.6 m. يرجى الاتصال قبل التسليم."}
	for i := range lines {
		o.Lines = append(o.Lines, doc.OrderLine{Code: fmt.Sprintf("MAT-%04d", i+1), Name: names[i%len(names)], Unit: "pc",
			Quantity: dec.Int(int64(i%7+1) * 10), UnitCost: dec.Must(fmt.Sprintf("%d.%02d", i%13+1, i%100))})
	}
	if err := o.Sum(); err != nil {
		panic(err)
	}
	return o
}

func sampleReceipt() doc.Receipt {
	return doc.Receipt{Format: dollars, Lang: "en", Number: "AS-2026-000317", Date: time.Date(2026, 11, 22, 14, 5, 0, 0, time.UTC),
		Shop:     doc.Contact{Name: "Awesome Shop", Lines: []string{"Linking Street 12, Phoenix", "Arizona 85001, USA"}, Phone: "+1 602 555 0142", TaxNumber: "GST 3412569900"},
		Customer: doc.Contact{Name: "محمد العربي", Phone: "+971 50 555 0101"},
		Details:  []doc.Detail{{Label: "Cashier", Text: "Dana"}, {Label: "Table", Text: "7"}},
		Lines: []doc.ReceiptLine{
			{Name: "Cheese burger", Code: "0012-1", Unit: "Pc", Quantity: dec.Int(2), UnitPrice: dec.Must("437.5"), Discount: dec.Must("5"), Total: dec.Must("870"),
				Modifiers: []doc.ReceiptLine{{Name: "Extra cheese", Quantity: dec.Int(2), UnitPrice: dec.Must("1.25"), Total: dec.Must("2.5")}}},
			{Name: "قهوة عربية بالهيل", Quantity: dec.Int(1), UnitPrice: dec.Must("12"), Total: dec.Must("12")},
			{Name: "חולצת כותנה כחולה (XL)", Quantity: dec.Int(1), UnitPrice: dec.Must("25.9"), Total: dec.Must("25.90")},
			{Name: "北京烤鸭", Quantity: dec.Must("0.75"), Unit: "kg", UnitPrice: dec.Must("40"), Total: dec.Must("30")},
			{Name: "抹茶アイスクリーム", Quantity: dec.Int(3), UnitPrice: dec.Must("4"), Total: dec.Must("12")},
			{Name: "김치찌개", Quantity: dec.Int(1), UnitPrice: dec.Must("9"), Total: dec.Must("9"), Note: "not too hot"},
			{Name: "मसाला चाय, विशेष", Quantity: dec.Int(2), UnitPrice: dec.Must("1.5"), Total: dec.Must("3")},
		},
		Subtotal: dec.Must("964.40"), DiscountLabel: "Discount 10%", Discount: dec.Must("96.44"),
		Taxes: []doc.Charge{{Label: "VAT 10%", Amount: dec.Must("86.80")}}, Shipping: dec.Int(10), Packing: dec.Int(10), RoundOff: dec.Must("0.24"),
		Total: dec.Must("975"), Payments: []doc.Charge{{Label: "Cash", Amount: dec.Int(500)}, {Label: "Card", Amount: dec.Int(400)}},
		Due: dec.Int(75), Footer: "Thank you! شكرا لزيارتكم"}
}

func sampleLogo() []byte {
	img := image.NewNRGBA(image.Rect(0, 0, 200, 80))
	for y := range 80 {
		for x := range 200 {
			if (x/20+y/20)%2 == 0 {
				img.Set(x, y, color.NRGBA{30, 90, 160, 255})
			}
		}
	}
	var b bytes.Buffer
	_ = png.Encode(&b, img)
	return b.Bytes()
}

// keep writes what a test drew where STOREHOUSE_SHOW says, to be looked at.
func keep(t *testing.T, name string, b []byte) {
	t.Helper()
	if dir := os.Getenv("STOREHOUSE_SHOW"); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestSamples(t *testing.T) {
	start := time.Now()
	o := sampleOrder(200)
	o.Logo = sampleLogo()
	b, err := o.PDF()
	if err != nil {
		t.Fatal(err)
	}
	t.Log("pdf", len(b), time.Since(start))
	keep(t, "order.pdf", b)
	for _, rtl := range []bool{false, true} {
		start = time.Now()
		r := sampleReceipt()
		r.RTL = rtl
		if b, err = r.PNG(); err != nil {
			t.Fatal(err)
		}
		t.Log("png", len(b), time.Since(start))
		keep(t, fmt.Sprintf("receipt-%v.png", rtl), b)
	}
}

func TestSamplePages(t *testing.T) {
	for _, rtl := range []bool{false, true} {
		r := sampleReceipt()
		r.RTL, r.Logo, r.Pay = rtl, sampleLogo(), "https://pay.example/317"
		b, err := r.Page()
		if err != nil {
			t.Fatal(err)
		}
		keep(t, fmt.Sprintf("invoice-%v.html", rtl), b)
	}
}

// An Arabic shop's papers: all of them read from right to left.
func TestSamplesInArabic(t *testing.T) {
	r := sampleReceipt()
	r.RTL, r.Lang, r.Logo, r.Format.Symbol = true, "ar", sampleLogo(), "د.إ"
	r.Shop = doc.Contact{Name: "متجر النخيل", Lines: []string{"شارع الملك فهد 25", "دبي، الإمارات"}, Phone: "+971 4 555 0101", TaxNumber: "100-2345-678"}
	r.Taxes[0].Label, r.DiscountLabel, r.Details = "ضريبة القيمة المضافة 5%", "", []doc.Detail{{Label: "أمين الصندوق", Text: "دانا"}}
	r.Payments = []doc.Charge{{Label: "نقدًا", Amount: dec.Int(900)}}
	b, err := r.PNG()
	if err != nil {
		t.Fatal(err)
	}
	keep(t, "receipt-ar.png", b)
	if b, err = r.Page(); err != nil {
		t.Fatal(err)
	}
	keep(t, "invoice-ar.html", b)
	o := sampleOrder(25)
	o.RTL, o.Lang, o.Format.Symbol = true, "ar", "د.إ"
	o.Buyer = r.Shop
	if b, err = o.PDF(); err != nil {
		t.Fatal(err)
	}
	keep(t, "order-ar.pdf", b)
}
