"""Names that columns have, by field, in the languages of onefunnel and of the CRMs."""

SYNONYMS: dict[str, tuple[str, ...]] = {
    "contact_id": (
        *("contact id", "person id", "customer id", "client id", "visitor id", "user id"),
        *("associated contact ids", "associated contact id", "who id", "contact", "customer"),
        *("id контакта", "контакт", "клиент", "id клиента", "id contact", "client"),
        *("شناسه مشتری", "مشتری", "mã khách hàng", "khách hàng", "mã liên hệ"),
    ),
    "deal_id": (
        *("deal id", "opportunity id", "opp id", "номер сделки", "id сделки", "сделка"),
        *("id tranzactie", "numar oportunitate", "شناسه معامله", "شماره معامله"),
        *("mã giao dịch", "mã cơ hội", "số hợp đồng"),
    ),
    "company_id": (
        *("company id", "account id", "organization id", "organisation id"),
        *("associated company ids", "id компании", "id companie", "شناسه شرکت", "mã công ty"),
    ),
    "lead_id": ("lead id", "id лида", "лид", "شناسه سرنخ", "mã khách tiềm năng", "associated lead"),
    "order_id": (
        *("order id", "order number", "order no", "invoice", "invoice number", "номер заказа"),
        *("заказ", "номер счета", "numar comanda", "comanda", "factura", "شماره سفارش"),
        *("شماره فاکتور", "mã đơn hàng", "số đơn hàng", "số hóa đơn"),
    ),
    "order_line_id": ("order line id", "line id", "order item id", "id позиции", "mã dòng"),
    "touch_id": ("touch id", "event id", "visit id", "session id", "hit id", "id визита"),
    "spend_id": ("spend id", "cost id"),
    "name": (
        *("name", "full name", "contact name", "customer name", "person name", "имя", "фио"),
        *("имя контакта", "nume complet", "nume client", "nume contact", "نام و نام خانوادگی"),
        *("نام مشتری", "نام کامل", "họ và tên", "họ tên", "tên khách hàng", "lead name"),
    ),
    "first_name": (*("first name", "firstname", "given name", "имя", "prenume", "نام", "tên"),),
    "last_name": (
        *("last name", "lastname", "surname", "family name", "фамилия", "nume"),
        *("nume de familie", "نام خانوادگی", "họ"),
    ),
    "email": (
        *("email", "e mail", "email address", "mail", "почта", "электронная почта"),
        *("эл почта", "рабочий e mail", "adresa email", "adresa de email", "ایمیل"),
        *("پست الکترونیک", "thư điện tử", "địa chỉ email"),
    ),
    "phone": (
        *("phone", "phone number", "telephone", "mobile", "mobile phone", "tel", "телефон"),
        *("рабочий телефон", "мобильный телефон", "номер телефона", "telefon", "numar de telefon"),
        *("تلفن", "موبایل", "شماره تماس", "تلفن همراه", "شماره موبایل", "điện thoại"),
        *("số điện thoại", "sđt", "di động"),
    ),
    "company": (
        *("company", "company name", "account", "account name", "organization", "organisation"),
        *(
            "organization name",
            "associated company",
            "компания",
            "организация",
            "название компании",
        ),
        *("firma", "companie", "denumire firma", "شرکت", "نام شرکت", "công ty", "tên công ty"),
    ),
    "domain": ("domain", "website", "company domain name", "сайт", "site", "وبسایت", "trang web"),
    "country": (
        *("country", "country region", "country code", "страна", "tara", "کشور", "quốc gia"),
    ),
    "segment": (
        *(
            "segment",
            "industry",
            "product line",
            "product group",
            "сегмент",
            "отрасль",
            "направление",
        ),
        *("segmentul", "industrie", "بخش", "صنعت", "phân khúc", "ngành"),
    ),
    "owner": (
        *("owner", "deal owner", "contact owner", "opportunity owner", "sales rep", "salesperson"),
        *("assigned to", "responsible", "owner id", "seller", "ответственный", "менеджер"),
        *("продавец", "responsabil", "agent", "vanzator", "مسئول", "کارشناس فروش", "فروشنده"),
        *("người phụ trách", "nhân viên bán hàng", "phụ trách"),
    ),
    "created_at": (
        *("create date", "created", "created at", "created date", "created on", "date created"),
        *("deal created", "add time", "created time", "registered", "created_time", "date"),
        *("дата создания", "создан", "создано", "дата", "data crearii", "data creare", "creat la"),
        *("تاریخ ایجاد", "تاریخ ثبت", "تاریخ", "ngày tạo", "ngày", "ngày đăng ký"),
    ),
    "closed_at": (
        *("close date", "closed", "closed at", "closed date", "closed on", "won time"),
        *("close time", "deal closed on", "date closed", "дата закрытия", "дата завершения"),
        *("закрыта", "data inchiderii", "data inchidere", "تاریخ بستن", "تاریخ بسته شدن"),
        *("ngày chốt", "ngày đóng", "ngày kết thúc"),
    ),
    "offered_at": (
        *("became a marketing qualified lead date", "mql date", "handed to sales", "offered at"),
        *("date entered marketing qualified lead", "передан в продажи"),
    ),
    "accepted_at": (
        *("became a sales qualified lead date", "sql date", "accepted at", "sales accepted date"),
        *("принят в работу",),
    ),
    "occurred_at": (
        *("occurred at", "timestamp", "visited at", "event time", "visit date", "time", "date"),
        *("datetime", "дата визита", "дата и время", "дата", "data", "زمان", "تاریخ", "thời gian"),
    ),
    "ordered_at": (
        *("order date", "ordered at", "invoice date", "purchase date", "sale date", "date"),
        *("дата заказа", "дата продажи", "дата", "data comenzii", "data facturii", "data"),
        *("تاریخ سفارش", "تاریخ فاکتور", "ngày đặt hàng", "ngày mua", "ngày bán"),
    ),
    "day": ("day", "date", "date start", "день", "дата", "ziua", "data", "روز", "تاریخ", "ngày"),
    "stage": (
        *("deal stage", "stage", "stage name", "pipeline stage", "стадия сделки", "стадия", "этап"),
        *("этап сделки", "etapa", "stadiu", "مرحله", "مرحله معامله", "giai đoạn"),
    ),
    "status": ("status", "state", "deal status", "статус", "stare", "وضعیت", "trạng thái"),
    "amount": (
        *("amount", "value", "deal value", "deal amount", "total", "spend", "cost", "amount spent"),
        *("сумма", "стоимость", "бюджет", "расход", "затраты", "suma", "valoare", "cost total"),
        *("مبلغ", "ارزش", "هزینه", "số tiền", "giá trị", "chi phí", "doanh thu"),
    ),
    "currency": (
        *("currency", "currency code", "deal currency code", "currency iso code", "валюта"),
        *("moneda", "ارز", "واحد پول", "tiền tệ", "loại tiền"),
    ),
    "probability": (
        *("probability", "deal probability", "вероятность", "probabilitate", "احتمال", "xác suất"),
    ),
    "expected_close": (
        *(
            "expected close date",
            "expected close",
            "forecast close date",
            "ожидаемая дата закрытия",
        ),
        *("предполагаемая дата закрытия", "data estimata", "تاریخ پیش بینی", "ngày dự kiến"),
    ),
    "lost_reason": (
        *("lost reason", "closed lost reason", "loss reason", "reason lost", "причина отказа"),
        *("причина проигрыша", "motivul pierderii", "motiv", "دلیل باخت", "lý do mất", "lý do"),
    ),
    "channel": (
        *("channel", "lead source", "original source", "original traffic source", "source channel"),
        *(
            "traffic source",
            "источник",
            "канал",
            "sursa",
            "canal",
            "کانال",
            "منبع",
            "kênh",
            "nguồn",
        ),
    ),
    "source": ("utm source", "source", "latest source"),
    "medium": ("utm medium", "medium"),
    "campaign": (
        *("campaign", "utm campaign", "campaign name", "кампания", "рекламная кампания"),
        *("campanie", "کمپین", "chiến dịch"),
    ),
    "content": ("utm content", "content"),
    "term": ("utm term", "term", "keyword", "ключевое слово"),
    "page": (
        *("page", "landing page", "url", "page url", "first page seen", "страница"),
        *("посадочная страница", "pagina", "صفحه", "trang"),
    ),
    "click_id": ("click id", "gclid", "gbraid", "msclkid", "fbclid", "yclid"),
    "kind": ("kind", "type", "event", "event type", "action", "тип", "tip", "نوع", "loại"),
    "department": ("department", "team", "отдел", "departament", "دپارتمان", "bộ phận"),
    "intent": ("intent", "request type", "тема обращения"),
    "impressions": ("impressions", "показы", "afisari", "نمایش", "lượt hiển thị"),
    "clicks": ("clicks", "link clicks", "клики", "clicuri", "clickuri", "کلیک", "lượt nhấp"),
    "sku": (
        *("sku", "product", "product code", "product id", "item", "товар", "артикул", "продукт"),
        *("produs", "cod produs", "محصول", "کالا", "sản phẩm", "mã sản phẩm"),
    ),
    "quantity": ("quantity", "qty", "количество", "кол во", "cantitate", "تعداد", "số lượng"),
    "list_price": ("list price", "price list", "цена прайс", "pret lista", "giá niêm yết"),
    "net_price": (
        *("net price", "unit price", "price", "sale price", "цена", "цена продажи", "amount"),
        *("total", "сумма", "pret", "pret unitar", "قیمت", "مبلغ", "đơn giá", "giá bán"),
    ),
    "unit_cost": ("unit cost", "cost", "себестоимость", "cost unitar", "هزینه", "giá vốn"),
    "weekly_hours": ("weekly hours", "hours a week", "hours"),
    "employee_id": ("employee id", "табельный номер", "marca", "mã nhân viên"),
    "manager": ("manager", "reports to", "руководитель", "مدیر", "quản lý"),
    "role": ("role", "job title", "position", "должность", "functie", "سمت", "chức vụ"),
}

OWN_ID = (
    *("id", "record id", "#", "no", "nr", "number", "№", "номер", "numar", "crt", "شناسه", "شماره"),
    *("ردیف", "mã", "stt", "số"),
)
"""Names of the column that identifies a row, whatever the row is."""

NOT_KEPT = (
    *("deal name", "opportunity name", "title", "deal title", "название сделки", "название"),
    *("название лида", "description", "comments", "notes", "комментарий", "note", "observatii"),
    *(
        "نام معامله",
        "توضیحات",
        "tên giao dịch",
        "ghi chú",
        "pipeline",
        "воронка",
        "lifecycle stage",
    ),
    *("lead status", "last activity date", "last modified date", "fivetran synced", "portal id"),
    *("fivetran deleted", "is deleted", "next activity date", "last contacted"),
)
"""Names of columns that nothing is asked of."""
