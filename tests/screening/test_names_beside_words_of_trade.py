"""What trade writes beside a name does not take its meaning away, however short the name is."""

from collections.abc import Callable

import pyarrow as pa
import pytest

from app.domain.words import ALARMS
from app.screening.scope import Scope
from app.screening.screener import Screener

Row = dict[str, str | None]

NAMES = (
    "MEK",
    "GBL",
    "P-2-P",
    "PMK",
    "4-ANPP",
    "碘",
    "NPP",
    "PIPERIDINE",
    "ephedrine hydrochloride",
    "clorhidrato de efedrina",
)


@pytest.mark.parametrize(
    "line",
    [
        "{} SKU 12345",
        "{} MPN A-2299",
        "{} ART. NO. 100983",
        "{} CAT NO B5756",
        "{} MERCK",
        "{} SIGMA-ALDRICH 99%",
        "{} TCI",
        "{} EMSURE ACS",
        "{} FOR LAB USE ONLY",
        "{} NOT FOR HUMAN CONSUMPTION",
        "{} UN CLASS 8 PACKING GROUP II",
        "{} 160 KGS NET IN HDPE DRUMS",
        "{} IN ISO TANK",
        "{} AS PER PROFORMA INVOICE NO 22",
        "{} MADE IN INDIA",
        "{} COUNTRY OF ORIGIN: GERMANY",
        "{} CIF HAMBURG",
        "{} SAMPLE NO COMMERCIAL VALUE",
        "{} PHARMACEUTICAL INTERMEDIATE",
        "SOLVENT {}",
        "SAID TO CONTAIN {}",
        "{} RETURNED GOODS",
        "{} ZUR SYNTHESE",
        "{} POUR ANALYSES",
        "{} UNIT PRICE USD 12",
        "{} SHELF LIFE 24 MONTHS",
        "{} AND OTHERS",
    ],
)
def test_a_name_is_found_beside_words_of_trade(
    screener: Screener, table: Callable[[list[Row]], pa.Table], today: Scope, line: str
) -> None:
    alone = screener.screen(table([{"description": name} for name in NAMES]), today)
    beside = screener.screen(table([{"description": line.format(name)} for name in NAMES]), today)
    for name, plain, found in zip(NAMES, alone, beside, strict=True):
        assert found.verdict is plain.verdict, (line.format(name), found.reason)
        assert found.findings[0].substance_id == plain.findings[0].substance_id, line.format(name)


@pytest.mark.parametrize(
    "line", ["LATHE MODEL {}", "{}300 PUMP", "ROUTER TYPE {}-2200", "{} HYDRAULIC COUPLINGS", "RING {} 14K GOLD"]
)
@pytest.mark.parametrize("name", ["MEK", "GBL", "PMK", "NPP"])
def test_a_short_name_that_is_a_model_of_other_goods_is_none(
    screener: Screener, table: Callable[[list[Row]], pa.Table], today: Scope, line: str, name: str
) -> None:
    (decision,) = screener.screen(table([{"description": line.format(name)}]), today)
    assert decision.verdict not in ALARMS, decision.reason


@pytest.mark.parametrize(
    "line",
    [
        "{} MERCK",
        "{} GOODYEAR",
        "XYLOTEX {}",
        "{} (BRAND: KOTAX)",
        "25 KG {} MADE IN INDIA",
        "{} REF QX-88, LOT 7",
        "{}, SOLD",
    ],
)
@pytest.mark.parametrize(
    ("name", "substance"),
    [
        ("4-nitrophenyl 2-aminobenzoate", "anthranilic-acid"),
        ("oxolan-2-ylmethyl 2-phenylacetate", "phenylacetic-acid"),
        ("2-acetyl-4-phenylpropan-2-one", None),
    ],
)
def test_a_name_that_only_nomenclature_tells_is_found_beside_a_brand(
    screener: Screener,
    table: Callable[[list[Row]], pa.Table],
    today: Scope,
    line: str,
    name: str,
    substance: str | None,
) -> None:
    alone, beside = screener.screen(table([{"description": name}, {"description": line.format(name)}]), today)
    found = [finding.substance_id for finding in beside.findings]
    assert found == [finding.substance_id for finding in alone.findings] == ([substance] if substance else [])


@pytest.mark.parametrize(
    "line", ["Toluene free thinner", "ACETONE-FREE NAIL POLISH REMOVER MERCK", "algestone acetonide BP"]
)
def test_what_is_left_of_a_line_is_not_read_as_what_it_does_not_mean(
    screener: Screener, table: Callable[[list[Row]], pa.Table], today: Scope, line: str
) -> None:
    (decision,) = screener.screen(table([{"description": line}]), today)
    assert decision.verdict not in ALARMS, decision.reason
