"""Headers as export systems and people write them."""

import pytest

from app.records.header_row import find_header
from app.records.headers import recognise_headers, squash


def fields_of(*headers: str) -> dict[str, str]:
    layout = recognise_headers(headers)
    return {name: headers[position] for name, position in layout.fields.items()}


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("descripcion de la mercancia", "description"),
        ("DESCRIPCIÓN DE LA MERCANCÍA", "description"),
        ("Désignation commerciale", "description"),
        ("Warenbezeichnung", "description"),
        ("商品名称", "description"),
        ("商品名稱", "description"),
        ("品名", "description"),
        ("품명", "description"),
        ("товар", "description"),
        ("Наименование товара", "description"),
        ("mô tả hàng hóa", "description"),
        ("MÔ TẢ HÀNG HOÁ", "description"),
        ("Eşya Tanımı", "description"),
        ("EŞYA TANIMI", "description"),
        ("وصف البضاعة", "description"),
        ("goodsDescription", "description"),
        ("Item_Desc", "description"),
        ("HSコード", "hs_code"),
        ("код ТН ВЭД", "hs_code"),
        ("RITC", "hs_code"),
        ("Schedule B", "hs_code"),
        ("HS Code (8 digits)", "hs_code"),
        ("CN-code", "hs_code"),
        ("CAS #", "cas"),
        ("CAS No.", "cas"),
        ("casrn", "cas"),
        ("cas_rn", "cas"),
        ("UNDG", "un_number"),
        ("UN No.", "un_number"),
        ("Canonical SMILES", "smiles"),
        ("InChI Key", "inchikey"),
        ("net_mass_kg", "quantity"),
        ("Net Weight (KG)", "quantity"),
        ("qty", "quantity"),
        ("purity (%)", "concentration"),
        ("Assay", "concentration"),
        ("country_of_origin", "origin"),
        ("export_country", "origin"),
        ("País de origen", "origin"),
        ("Country Of Destination", "destination"),
        ("be_date", "date"),
        ("SB Date", "date"),
        ("shipment_date", "date"),
        ("line_no", "record_id"),
        ("SB_NO", "record_id"),
        ("shipment_reference", "record_id"),
        ("Exporter", "consignor"),
        ("IMPORTER NAME", "consignee"),
    ],
)
def test_a_header_is_known_in_any_spelling(header: str, field: str) -> None:
    assert fields_of(header, "zorp") == {field: header}


def test_a_header_is_known_as_a_whole_and_not_by_a_word_in_it() -> None:
    found = fields_of(
        "record_id", "set", "description", "label_substance", "label_cas", "label_inchikey", "cas_comment"
    )
    assert found == {"record_id": "record_id", "description": "description"}


def test_the_goods_own_description_comes_before_the_tariffs() -> None:
    assert fields_of("HS_CODE_DESCRIPTION", "PRODUCT_DESCRIPTION")["description"] == "PRODUCT_DESCRIPTION"
    assert fields_of("HS DESCRIPTION", "GOODS DESCRIPTION")["description"] == "GOODS DESCRIPTION"
    assert fields_of("HS_CODE_4", "HS_CODE_2", "HS_CODE")["hs_code"] == "HS_CODE"
    assert fields_of("HS_CODE", "HS_DESCRIPTION")["description"] == "HS_DESCRIPTION"


def test_the_declarants_language_comes_first_and_its_translation_is_read_after_it() -> None:
    headers = ("PRODUCT_DESC_EN", "PRODUCT_DESC_VN", "BRAND_MODEL", "IMPORTER_NAME", "IMPORTER_ADDRESS")
    layout = recognise_headers(headers)
    assert headers[layout.fields["description"]] == "PRODUCT_DESC_VN"
    assert [headers[position] for position in layout.also] == ["PRODUCT_DESC_EN", "BRAND_MODEL"]


def test_a_mass_in_kilograms_fixes_the_unit_and_a_quantity_goes_with_its_own_unit() -> None:
    assert recognise_headers(("NET_WT_IN_KG", "QUANTITY", "UNIT")).unit == "kg"
    assert fields_of("NET_WEIGHT", "QUANTITY", "UNIT") == {"quantity": "QUANTITY", "unit": "UNIT"}
    assert fields_of("Net Weight", "Weight Unit") == {"quantity": "Net Weight", "unit": "Weight Unit"}
    assert recognise_headers(("Net Mass",)).unit == "kg"


def test_squashing_knows_no_case_accents_or_marks() -> None:
    assert squash(" Código_SH.") == squash("CODIGO SH") == "codigosh"


def test_a_row_of_goods_is_no_header() -> None:
    assert find_header([["1", "ACETONE", "2914.11"], ["2", "STEEL", "7304.11"]]) is None
    assert find_header([["acetic anhydride"], ["acetone"]]) is None
    assert find_header([["zorp", "quux"], ["ACETONE", "5"]]) == 0
    assert find_header([["Register of goods"], [], ["id", "description"], ["1", "x"]]) == 2


def test_a_record_that_happens_to_hold_words_of_the_trade_makes_no_titles_of_those_above_it() -> None:
    rows = [["1", "ACETONE", "kg", "5"], ["2", "goods", "unit", "7"], ["3", "STEEL", "kg", "1"]]
    assert find_header(rows) is None
    assert find_header([["acetone"], ["toluene"], ["ether"], ["product"]]) is None
    assert find_header([["List of chemicals 2025"], ["Product name"], ["acetone"]]) == 1
