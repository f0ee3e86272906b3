package doc

import "strings"

// The papers' own words in the languages they are printed in. A language that
// is not here, or a word it lacks, is English.

var languages = []string{"ar", "he", "es", "fr", "zh", "ja"}

var dictionary = map[string][]string{
	"Invoice":           {"فاتورة", "חשבונית", "Factura", "Facture", "发票", "請求書"},
	"No.":               {"رقم", "מספר", "N.º", "N°", "编号", "番号"},
	"Date":              {"التاريخ", "תאריך", "Fecha", "Date", "日期", "日付"},
	"Customer":          {"العميل", "לקוח", "Cliente", "Client", "客户", "お客様"},
	"Phone":             {"الهاتف", "טלפון", "Teléfono", "Téléphone", "电话", "電話"},
	"Tax no.":           {"الرقم الضريبي", "מספר עוסק", "NIF", "N° fiscal", "税号", "登録番号"},
	"Discount":          {"خصم", "הנחה", "Descuento", "Remise", "折扣", "値引"},
	"Points redeemed":   {"نقاط مستبدلة", "נקודות שמומשו", "Puntos canjeados", "Points utilisés", "积分抵扣", "ポイント利用"},
	"Shipping":          {"الشحن", "משלוח", "Envío", "Livraison", "运费", "送料"},
	"Packing":           {"التغليف", "אריזה", "Embalaje", "Emballage", "包装费", "包装料"},
	"Round off":         {"تقريب", "עיגול", "Redondeo", "Arrondi", "抹零", "端数調整"},
	"Subtotal":          {"المجموع الفرعي", "סכום ביניים", "Subtotal", "Sous-total", "小计", "小計"},
	"Total":             {"الإجمالي", "סה״כ", "Total", "Total", "合计", "合計"},
	"Change":            {"الباقي", "עודף", "Cambio", "Monnaie rendue", "找零", "お釣り"},
	"Due":               {"المستحق", "יתרה לתשלום", "Pendiente", "Reste à payer", "未付", "未払"},
	"Pay by":            {"الدفع قبل", "לתשלום עד", "Pagar antes del", "À payer avant le", "付款期限", "支払期限"},
	"Pay":               {"ادفع", "לתשלום", "Pagar", "Payer", "付款", "支払う"},
	"Item":              {"الصنف", "פריט", "Artículo", "Article", "商品", "品名"},
	"Quantity":          {"الكمية", "כמות", "Cantidad", "Quantité", "数量", "数量"},
	"Price":             {"السعر", "מחיר", "Precio", "Prix", "单价", "単価"},
	"Amount":            {"المبلغ", "סכום", "Importe", "Montant", "金额", "金額"},
	"more lines":        {"بنود أخرى", "שורות נוספות", "líneas más", "lignes de plus", "更多行", "行省略"},
	"Purchase order":    {"أمر شراء", "הזמנת רכש", "Orden de compra", "Bon de commande", "采购订单", "発注書"},
	"Order date":        {"تاريخ الطلب", "תאריך הזמנה", "Fecha del pedido", "Date de commande", "订单日期", "発注日"},
	"Expected":          {"التسليم المتوقع", "אספקה צפויה", "Entrega prevista", "Livraison prévue", "预计到货", "納期"},
	"Terms":             {"شروط الدفع", "תנאי תשלום", "Condiciones", "Conditions", "付款条件", "支払条件"},
	"Status":            {"الحالة", "סטטוס", "Estado", "Statut", "状态", "状態"},
	"Vendor":            {"المورّد", "ספק", "Proveedor", "Fournisseur", "供应商", "仕入先"},
	"Ship to":           {"الشحن إلى", "כתובת למשלוח", "Enviar a", "Livrer à", "收货地址", "納入先"},
	"Code":              {"الرمز", "קוד", "Código", "Code", "编码", "コード"},
	"Unit cost":         {"تكلفة الوحدة", "עלות ליחידה", "Costo unitario", "Coût unitaire", "单价", "単価"},
	"Setup":             {"الإعداد", "הקמה", "Preparación", "Mise en route", "开机费", "段取費"},
	"Other costs":       {"تكاليف أخرى", "עלויות אחרות", "Otros costos", "Autres frais", "其他费用", "その他費用"},
	"Tax":               {"الضريبة", "מס", "Impuesto", "Taxe", "税额", "税"},
	"Notes":             {"ملاحظات", "הערות", "Notas", "Remarques", "备注", "備考"},
	"Cashier":           {"أمين الصندوق", "קופאי", "Cajero", "Caissier", "收银员", "担当"},
	"Quotation":         {"عرض سعر", "הצעת מחיר", "Presupuesto", "Devis", "报价单", "見積書"},
	"Proforma":          {"فاتورة أولية", "חשבון עסקה", "Proforma", "Pro forma", "形式发票", "仮請求書"},
	"Draft":             {"مسودة", "טיוטה", "Borrador", "Brouillon", "草稿", "下書き"},
	"Fees":              {"رسوم", "עמלות", "Cargos", "Frais", "费用", "手数料"},
	"incl.":             {"شامل", "כולל", "incl.", "dont", "含", "内"},
	"Cash":              {"نقدًا", "מזומן", "Efectivo", "Espèces", "现金", "現金"},
	"Card":              {"بطاقة", "כרטיס", "Tarjeta", "Carte", "银行卡", "カード"},
	"Cheque":            {"شيك", "צ׳ק", "Cheque", "Chèque", "支票", "小切手"},
	"Bank transfer":     {"تحويل بنكي", "העברה בנקאית", "Transferencia", "Virement", "银行转账", "銀行振込"},
	"Advance":           {"دفعة مقدمة", "מקדמה", "Anticipo", "Acompte", "预付款", "前受金"},
	"Other":             {"أخرى", "אחר", "Otro", "Autre", "其他", "その他"},
	"Table":             {"الطاولة", "שולחן", "Mesa", "Table", "桌号", "テーブル"},
	"Service":           {"الخدمة", "שירות", "Servicio", "Service", "服务", "サービス"},
	"Page {n} of {all}": {"صفحة {n} من {all}", "עמוד {n} מתוך {all}", "Página {n} de {all}", "Page {n} sur {all}", "第 {n} 页，共 {all} 页", "{n} / {all} ページ"},
}

// say returns a word of the papers in a language: a BCP 47 tag, of which the
// first part counts. The words for "zh" are simplified Chinese, so "zh-tw"
// and "zh-hk" are English.
func say(lang, word string) string {
	lang = strings.ToLower(lang)
	if lang == "zh-tw" || lang == "zh-hk" || lang == "zh-hant" {
		return word
	}
	lang, _, _ = strings.Cut(lang, "-")
	for i, l := range languages {
		if list := dictionary[word]; l == lang && i < len(list) {
			return list[i]
		}
	}
	return word
}
