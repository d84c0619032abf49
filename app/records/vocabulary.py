"""The headers under which real export systems write the fields of a record, best spelling first.

Spellings are compared without case, accents, spaces and punctuation, and always as a whole: `label_cas` is not `cas`.
"""


def _list(spellings: str) -> tuple[str, ...]:
    return tuple(spelling.strip() for spelling in spellings.split(","))


HEADERS: dict[str, tuple[str, ...]] = {
    "record_id": _list(
        """
        record id, id, line no, line number, line, line id, sb no, shipping bill no, shipment reference, shipment id,
        declaration id, declaration number, declaration no, declaration number dau, dua number, dua id, export id,
        import id, entry number, boe no, be number, be no, tansad no, control id, assessment number,
        registration number, reference, reference no, ref, ref no, row id, row no, s no, sr no, sl no, serial no, no,
        nr, num, lfd nr, numero, numero de declaracion, numero declaration, bill of lading, bl no, bl number, uuid,
        mrn, номер, номер декларации, № п/п, 序号, 编号, 番号, 申告番号, 번호, 신고번호, stt, số tờ khai
        """
    ),
    "cas": _list(
        """
        cas, cas no, cas number, cas nr, cas rn, cas registry number, cas registry no, cas code, cas id, no cas,
        n cas, numero cas, numero de cas, cas nummer, номер cas, cas номер, cas号, cas番号, cas 번호, số cas,
        cas numarası, chemical abstracts number, casno s
        """
    ),
    "smiles": _list(
        """
        smiles, canonical smiles, isomeric smiles, structure, structure smiles, smiles string
        """
    ),
    "inchi": _list("inchi, standard inchi, std inchi, inchi string"),
    "inchikey": _list("inchikey, inchi key, standard inchikey, std inchikey, ik"),
    "hs_code": _list(
        """
        hs code, hs, hs no, hs number, hscode, ritc, ritc code, itc hs, itc hs code, itchs code, schedule b,
        schedule b code, schedule b number, hts, hts code, hts number, htsus, hts us, tariff code, tariff, tariff no,
        tariff number, tariff item, tariff heading, cn code, taric, taric code, ncm, ncm code, cod ncm, codigo ncm,
        hs tariff code, hs commodity code, commodity code, customs tariff, customs code, hs8, hs8 code, hs10,
        hs10 code, hs6, hs6 code, hs code 6, harmonized code, harmonised code, harmonized system code, heading, cth,
        ctsh, hsn, hsn code, hs heading, hs subheading, codigo arancelario, partida arancelaria,
        posicion arancelaria, partida, subpartida, fraccion arancelaria, nandina, codigo sh, codigo hs, codigo sa,
        position tarifaire, code sh, code hs, nomenclature, code nc, nomenclature combinee, zolltarifnummer,
        warennummer, warentarifnummer, hs nummer, kn code, statistische warennummer, goederencode, codice doganale,
        codice nc, voce doganale, nomenclatura combinata, kod cn, kod towaru, kod hs, kod pcn, gtip, gtip no,
        gtip kodu, hs kodu, gümrük tarife istatistik pozisyonu, код тн вэд, тн вэд, код тнвэд, код товара,
        код уктзед, уктзед, код укт зед, код hs, رمز النظام المنسق, البند الجمركي, hs编码, 海关编码, 商品编码,
        商品编号, 税号, 税则号列, 稅則號別, hsコード, 税番, 統計品目番号, 品目番号, 세번, 세번부호, hs부호, hs코드,
        품목번호, mã hs, mã số hàng hóa, pos tarif, kode hs, posisi tarif, एचएस कोड, commodity hs code,
        product code hs, hs product code, statistical code
        """
    ),
    "un_number": _list(
        """
        un number, un no, un, un id, un code, undg, undg no, undg number, un nr, dg un number, imdg un, onu,
        numero onu, no onu, n onu, un nummer, номер оон, оон, 联合国编号, un编号, un号, 国連番号, 유엔번호, số un
        """
    ),
    "concentration": _list(
        """
        concentration, purity, assay, conc, strength, purity percent, assay percent, grade percent,
        concentration percent, content percent, concentracion, pureza, purete, teneur, konzentration, reinheit,
        gehalt, concentrazione, concentração, stężenie, konsantrasyon, saflık, концентрация, чистота, концентрація,
        浓度, 纯度, 含量, 濃度, 純度, 농도, 순도, nồng độ, hàm lượng, kadar
        """
    ),
    "origin": _list(
        """
        origin, country of origin, origin country, country origin, origin country code, origin code,
        country of origin code, coo, made in, gen cty org, pais de origen, pais origen, origen, pays d origine,
        pays origine, origine, ursprungsland, herkunftsland, paese di origine, país de origem, origem,
        kraj pochodzenia, menşe ülke, menşe, страна происхождения, країна походження, بلد المنشأ, 原产国, 原产地,
        原産国, 원산지, 원산지국가, nước xuất xứ, xuất xứ, negara asal, export country, exporting country,
        exporter country, country of export, country of departure, country of dispatch, country of shipment,
        country of consignment, country of exportation, departure country, dispatch country, shipper country,
        supplier country, consignor country, from country, country from, procedence country, procedence,
        provenance country, provenance, country of last consignment, loading country, acquisition country,
        adquisition country, adq country, country of acquisition, pais de procedencia, pais procedencia,
        pais exportador, pays de provenance, pays exportateur, versendungsland, ausfuhrland, страна отправления,
        çıkış ülkesi, 启运国, 出口国, 輸出国, 수출국, nước xuất khẩu
        """
    ),
    "destination": _list(
        """
        destination, country of destination, destination country, country destination, destination country code,
        country of destination code, final destination country, country of final destination, ship to country,
        to country, country to, import country, importing country, country of import, importer country,
        consignee country, buyer country, gen cty des cod, country of ultimate destination,
        country of shipment or destination code, pais de destino, pais destino, destino, pays de destination,
        pays destination, bestimmungsland, zielland, paese di destinazione, destinazione, país de destino,
        kraj przeznaczenia, varış ülkesi, страна назначения, країна призначення, بلد الوصول, بلد المقصد, 目的国,
        运抵国, 最终目的国, 仕向国, 仕向地, 목적국, 도착국, nước nhập khẩu, nước đến, negara tujuan
        """
    ),
    "transit": _list(
        """
        transit, transit country, country of transit, transit countries, transshipment country, via country,
        pais de transito, pays de transit, durchfuhrland, страна транзита, transit ülkesi, 中转国, 経由国
        """
    ),
    "movement": _list(
        """
        movement, direction, trade flow, flow, trade direction, movement type, import export, imp exp, export import,
        trade type, flux, flujo, sens, направление, 进出口, 进出口标志, 输出入, 수출입구분
        """
    ),
    "date": _list(
        """
        date, shipment date, be date, sb date, exp date, imp date, export date, import date, date of shipment,
        date of export, date of import, declaration date, be registration date, registration date, sb date time,
        shipping bill date, bill date, entry date, clearance date, shipped on, ship date, shipping date,
        actual arrival date, arrival date, invoice date, order date, fecha, fecha de embarque, fecha de exportacion,
        fecha declaracion, date d expedition, date d embarquement, date declaration, datum, versanddatum,
        ausfuhrdatum, data, data de embarque, data di spedizione, tarih, beyanname tarihi, дата, дата отгрузки,
        дата декларации, التاريخ, 日期, 申报日期, 出口日期, 日付, 申告日, 출항일, 신고일자, ngày, ngày đăng ký,
        tanggal, scheduled delivery date, delivery date, delivered to client date
        """
    ),
    "consignor": _list(
        """
        consignor, exporter, exporter name, consignor name, shipper, shipper name, supplier, supplier name, seller,
        seller name, vendor, vendor name, sender, exportador, remitente, nombre exportador, exportateur, expediteur,
        ausführer, versender, exporteur, esportatore, mittente, nadawca, eksporter, ihracatçı, gönderici, экспортер,
        отправитель, грузоотправитель, експортер, المصدر, 出口商, 发货人, 輸出者, 수출자, người xuất khẩu, eksportir,
        exporter id, seller id
        """
    ),
    "consignee": _list(
        """
        consignee, importer, consignee name, importer name, buyer, buyer name, receiver, customer, importador,
        destinatario, nombre importador, importateur, destinataire, empfänger, einführer, importeur, importatore,
        odbiorca, importer nazwa, ithalatçı, alıcı, импортер, получатель, грузополучатель, імпортер, المستورد,
        进口商, 收货人, 輸入者, 수입자, người nhập khẩu, importir, importer id, buyer id
        """
    ),
}
"""Field to spellings. Goods, quantity and unit have rules of their own and stand below."""

GOODS = _list(
    """
    goods description, description of goods, product description, commercial description, goods desc, product desc,
    item description, item desc, commodity description, commodity desc, cargo description, description of commodity,
    description of products, description of product, description of item, description of merchandise,
    merchandise description, material description, article description, chemical description, trade description,
    customs description, declared description, full description, detailed description, short description,
    shipment description, line description, invoice description, description, desc, goods declared, declared goods,
    nature of goods, nature and quantity of goods, product details, item details, goods details, cargo details,
    particulars, particulars of goods, descripcion de la mercancia, descripcion de mercancia,
    descripcion de mercancias, descripcion de las mercancias, descripcion mercancia, descripcion de la mercaderia,
    descripcion mercaderia, descripcion del producto, descripcion producto, descripcion comercial, descripcion,
    mercancia, mercaderia, designacion, descripción arancelaria comercial, designation commerciale,
    designation des marchandises, designation de la marchandise, designation marchandise, designation du produit,
    designation, description des marchandises, description commerciale, description de la marchandise, libelle,
    libelle produit, libelle marchandise, nature de la marchandise, marchandise, marchandises,
    descrição da mercadoria, descrição das mercadorias, descrição do produto, descrição comercial, descrição,
    mercadoria, descricao produto, warenbezeichnung, warenbeschreibung, bezeichnung der ware, bezeichnung der waren,
    bezeichnung, beschreibung, artikelbezeichnung, produktbezeichnung, ware, handelsbezeichnung,
    goederenomschrijving, omschrijving, omschrijving goederen, productomschrijving, descrizione,
    descrizione della merce, descrizione merce, descrizione delle merci, descrizione prodotto,
    designazione delle merci, merce, opis towaru, opis, nazwa towaru, nazwa produktu, opis produktu, popis zboží,
    název zboží, popis, eşya tanımı, eşyanın tanımı, eşya cinsi, ürün tanımı, ürün açıklaması, ürün adı, mal tanımı,
    malın cinsi, malın tanımı, ticari tanım, ticari tanımı, eşyanın ticari tanımı, açıklama, tanım, описание товара,
    наименование товара, описание, наименование, наименование продукции, описание и характеристика товара, товар,
    товары, груз, наименование груза, опис товару, назва товару, найменування товару, опис, товар опис, وصف البضاعة,
    وصف البضائع, الوصف, وصف السلعة, اسم السلعة, بيان البضاعة, माल का विवरण, वस्तु का विवरण, विवरण, পণ্যের বিবরণ, বিবরণ,
    商品名称, 商品名稱, 货物名称, 貨物名稱, 品名, 品名规格, 品名及规格, 货名, 货物描述, 商品描述, 产品名称, 产品描述,
    物品名称, 货品名称, 貨品名稱, 貨品描述, 描述, 商品名, 品目名, 貨物名, 商品説明, 商品の説明, 物品名, 製品名,
    内容品, 품명, 품목명, 상품명, 물품명, 제품명, 품명규격, 거래품명, 상품설명, mô tả hàng hóa, mô tả hàng hoá,
    mô tả, tên hàng, tên hàng hóa, tên sản phẩm, mô tả sản phẩm, uraian barang, deskripsi barang, nama barang,
    deskripsi, jenis barang, keterangan barang, περιγραφή, περιγραφή εμπορευμάτων, תיאור, תיאור הטובין
    """
)
"""What the declarant wrote about the goods, best first."""

GOODS_NAMES = _list(
    """
    product name, goods name, item name, commodity name, chemical name, substance name, commodity, commodities,
    goods, product, products, cargo, merchandise, substance, chemical, chemicals, material name, article name,
    trade name, brand name, commercial name, proper shipping name, technical name, iupac name, inn, ingredient,
    active ingredient, compound, compound name, molecule, molecule name, molecule test type, generic name,
    common name, synonym, synonyms, producto, nombre del producto, nombre comercial, sustancia, nombre quimico,
    produit, nom du produit, substance chimique, nom chimique, nom commercial, produto, nome do produto, substância,
    produkt, produktname, stoff, stoffname, chemische bezeichnung, handelsname, prodotto, nome prodotto, sostanza,
    substancja, ürün, madde, madde adı, mal, eşya, вещество, химическое название, продукт, продукция,
    торговое наименование, речовина, المنتج, البضاعة, المادة, 货物, 商品, 产品, 化学名称, 化学品名称, 物质名称, 貨物,
    化学名, 物質名, 화학물질명, 물질명, hàng hóa, sản phẩm, tên hóa chất, barang, produk, nama produk, nama kimia
    """
)
"""Names of the goods: read together with a description, or alone where there is none."""

GOODS_WEAK = _list(
    """
    name, item, items, article, material, title, label name, nombre, nom, nome, artikel, artículo, nazwa, ad,
    название, назва, الاسم, 名称, 名前, 이름, 명칭, tên, nama, text, label, term, goods type, type of goods,
    contents, content, product group, variety, model, details, remarks
    """
)
"""Read as goods only where nothing better stands in the file: these may as well be numbers or people."""

GOODS_TARIFF = _list(
    """
    hs code description, hs description, hs desc, hs code desc, tariff description, hscode description,
    hts description, schedule b description, ritc description, heading description, nomenclature description,
    commodity code description, tariff item description
    """
)
"""The tariff's own words: a last resort, since they name the heading and not the goods."""

GOODS_ALSO = _list(
    """
    product description 1, product description 2, product description 3, product description 4, description 1,
    description 2, description 3, goods description 2, additional description, brand, brand model, model, variety,
    attributes, specification, specifications, 规格, 规格型号, 규격, моdel, модель
    """
)
"""Read after a description, never instead of one."""

MASS_IN_KG = _list(
    """
    net mass kg, net weight kg, net weight kgs, net weight in kg, net weight in kgs, net wt kg, net wt kgs,
    net wt in kg, net kg, net kgs, nett weight kg, net mass kilograms, net weight kilograms, netto kg, quantity kg,
    quantity kgs, quantity in kg, quantity in kgs, qty kg, qty kgs, qty in kg, peso neto kg, poids net kg,
    eigenmasse kg, nettogewicht kg, peso netto kg, peso líquido kg, masa netto kg, net ağırlık kg, вес нетто кг,
    масса нетто кг, вага нетто кг, 净重千克, 净重kg, 純重量kg, 순중량kg, trọng lượng tịnh kg
    """
)
"""A net mass or quantity whose header fixes the unit."""

NET_MASS = _list(
    """
    net mass, net weight, net wt, nett weight, nett wt, net, netto, net weight kgs, peso neto, poids net,
    masse nette, eigenmasse, nettogewicht, nettomasse, netto gewicht, peso netto, massa netta, peso líquido,
    masa netto, waga netto, net ağırlık, вес нетто, масса нетто, вага нетто, الوزن الصافي, 净重, 淨重, 正味重量,
    純重量, 순중량, trọng lượng tịnh, berat bersih, berat netto
    """
)
"""Box 38 of the single administrative document and its kin: customs state net mass in kilograms."""

WEIGHT_IN_KG = _list(
    """
    weight kg, weight kgs, weight in kg, weight in kgs, weight kilograms, wt kg, peso kg, poids kg, gewicht kg,
    вес кг, 重量kg, 重量千克
    """
)
"""Any other weight in kilograms: better than a quantity whose unit nobody states."""

QUANTITIES: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (
        _list(
            """
            quantity, qty, quantity declared, declared quantity, item quantity, line item quantity, cantidad,
            quantite, menge, quantità, quantidade, hoeveelheid, ilość, miktar, количество, кількість, الكمية, मात्रा,
            数量, 數量, 수량, số lượng, jumlah, kuantitas, ποσότητα, množství, amount, net quantity,
            product quantity, order quantity, shipped quantity, volume
            """
        ),
        _list(
            """
            unit, uom, unit of measure, unit of measurement, units, quantity unit, qty unit, measure unit, uqc,
            unit quantity, unit measure, unit measure 1, unit of measure 1, item quantity type, quantity uom,
            qty uom, unit code, unit name, unidad, unidad de medida, unite, unité de mesure, einheit, maßeinheit,
            mengeneinheit, unità, unità di misura, unidade, unidade de medida, eenheid, jednostka, jednostka miary,
            birim, ölçü birimi, единица измерения, ед изм, единица, одиниця виміру, الوحدة, इकाई, 单位, 計量單位,
            计量单位, 単位, 單位, 단위, đơn vị, đơn vị tính, đvt, satuan, μονάδα
            """
        ),
    ),
    (
        _list("commercial quantity, comercial quantity"),
        _list(
            """
            commercial unit, comercial unit, commercial measure unit, unit, unit of measure
            """
        ),
    ),
    (
        _list(
            """
            stat quantity, std quantity, statistical quantity, supplementary quantity
            """
        ),
        _list("stat unit, std unit, supplementary unit"),
    ),
    (
        _list(
            """
            net mass, net weight, weight, net wt, mass, wt, gewicht, peso, poids, вес, масса, 重量
            """
        ),
        _list(
            """
            weight unit, weight uom, wt unit, mass unit, unit of weight, net weight unit, gewichtseinheit
            """
        ),
    ),
)
"""Quantities with the units that belong to them: a pair is taken before a quantity whose unit nobody states."""

QUANTITIES_ALONE = _list(
    """
    total quantity, sum of quantity, total qty, sum of commercial quantity, quantity sub item
    """
)
"""Totals over many shipments: taken when there is nothing else."""

UNIT_WORDS = frozenset(
    _list(
        """
        10digit, 10digits, 6digit, 6digits, 8digit, 8digits, any, cas, code, codes, ddmmyyyy, digit, digits, en,
        english, g, gram, grams, hs, if, iso, iso2, iso3, kg, kgs, kilo, kilogram, kilograms, l, lb, lbs, liter,
        liters, litre, litres, local, lt, ltr, ml, mmddyyyy, mt, optional, original, pct, percent, percentage,
        required, t, text, ton, tonne, tonnes, tons, un, yyyymmdd
        """
    )
)
"""What may stand in brackets after a header without changing what it is."""

LANGUAGE_SUFFIXES = frozenset(_list("en, eng, english"))
"""Endings of a column translated into English."""

LOCAL_SUFFIXES = frozenset(
    _list(
        """
        ar, cn, de, es, fr, id, it, ja, jp, ko, kr, local, native, orig, original, pl, pt, ru, tr, ua, vi, vn, zh
        """
    )
)
"""Endings of a column in the declarant's own language."""

OTHER_HEADERS = _list(
    """
    value, price, currency, port, amount usd, fob, cif, usd fob, usd cif, freight, insurance, gross weight,
    total value, total value usd, value in usd, unit price, invoice no, invoice number, month year, incoterm,
    incoterms, hs code 2, hs code 4, set, type, status, code, city, address, country, mode of transport, notes, year,
    container, packages, item no, item number, vessel, brand, count, score, category, group, weight, url, email,
    phone, age, language, source, lot, batch, batch no, tax, duty, customs, regime, marks and numbers
    """
)
"""Words that only tell a header row from goods; they feed no field."""
