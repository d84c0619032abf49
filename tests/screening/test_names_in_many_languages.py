"""Names of listed substances in the words and order of many languages, and with other words around them."""

from collections.abc import Callable

import pyarrow as pa
import pytest

from app.screening.scope import Scope
from app.screening.screener import Screener

Row = dict[str, str | None]


def named(text: str, screener: Screener, today: Scope, table: Callable[[list[Row]], pa.Table]) -> list[str]:
    """Return the substances that a description is said to name."""
    (decision,) = screener.screen(table([{"record_id": "1", "description": text}]), today)
    return [finding.substance_id for finding in decision.findings]


@pytest.mark.parametrize(
    ("text", "substance"),
    [
        ("2-甲基-3-[3,4-(亚甲二氧基)苯基]缩水甘油酸甲酯", "pmk-methyl-glycidate"),
        ("4-氧哌啶-1-羧酸叔丁酯 25公斤", "1-boc-4-piperidone"),
        ("GOODS: 2-メチル-3-フェニルオキシラン-2-カルボン酸メチル", "bmk-methyl-glycidate"),
        ("메틸 2-메틸-3-페닐글리시데이트", "bmk-methyl-glycidate"),
        ("2-μεθυλο-3-φαινυλοξιρανο-2-καρβοξυλικό οξύ", "bmk-glycidic-acid"),
        ("1-(2-φαινυλαιθυλο)πιπεριδιν-4-όνη", "npp"),
        ("kyselina 2-methyl-3-fenylglycidová", "bmk-glycidic-acid"),
        ("о-аминобензоена киселина", "anthranilic-acid"),
        ("натриевая соль 2-метил-3-фенилглицидной кислоты", "bmk-glycidic-acid"),
        ("4-metyyli-2-pentanoni", "methyl-isobutyl-ketone"),
        ("metyyliamiini", "methylamine"),
        ("γλυκιδικό μεθύλιο του PMK", "pmk-methyl-glycidate"),
        ("BMK metil glisidat", "bmk-methyl-glycidate"),
        ("PMK-etyyliglysidaatti", "pmk-ethyl-glycidate"),
        ("asam glisidat PMK", "pmk-glycidic-acid"),
    ],
)
def test_a_name_is_found_in_the_nomenclature_of_its_language(
    text: str, substance: str, screener: Screener, today: Scope, table: Callable[[list[Row]], pa.Table]
) -> None:
    assert named(text, screener, today, table) == [substance]


@pytest.mark.parametrize(
    ("text", "substance"),
    [
        ("(1-phenethyl-piperidin-4-yl)-phenyl-amine", "anpp"),  # `1-phenethylpiperidine` is a part of it
        ("N-(β-phenylethyl)-4-piperidone", "npp"),
        ("SIGMA ALDRICH phenylacetic acid, sodium salt 100G", "phenylacetic-acid"),
        ("MERCK clorhidrato de 4-piperidona 100G", "4-piperidone"),
    ],
)
def test_neither_a_lawful_part_nor_a_brand_beside_a_name_hides_it(
    text: str, substance: str, screener: Screener, today: Scope, table: Callable[[list[Row]], pa.Table]
) -> None:
    assert named(text, screener, today, table) == [substance]


@pytest.mark.parametrize(
    "text", ["1-phenethyl-piperidine hydrochloride", "对氨基苯乙酮", "4-フェニルピペリジン", "BOC glisidat"]
)
def test_a_lawful_neighbour_is_not_found(
    text: str, screener: Screener, today: Scope, table: Callable[[list[Row]], pa.Table]
) -> None:
    assert named(text, screener, today, table) == []


@pytest.mark.parametrize(
    ("text", "substance"),
    [
        ("benzyl methyl ketoen", "1-phenyl-2-propanone"),
        ("butae-1,4-diol", "1-4-butanediol"),
        ("2-phenylbromoethaen", "phenethyl-bromide"),
        ("kyslina anthranilova", "anthranilic-acid"),
        ("alpha-(1-methylaminoethyl)benzyl alcohl", "ephedrine"),
        ("Kali pemanganat", "potassium-permanganate"),
    ],
)
def test_a_slip_that_is_spelt_like_another_word_of_chemistry_is_still_one(
    text: str, substance: str, screener: Screener, today: Scope, table: Callable[[list[Row]], pa.Table]
) -> None:
    assert substance in named(text, screener, today, table)


@pytest.mark.parametrize(
    "text",
    [
        "ergocryptne",  # one slip from ergocryptine, two from ergocristine
        "DRUMS OF 3-bromv-2-butanone",  # a locant joins the misspelt word to the name
        "tlridodecyl methyl ammonium chloride",
        "cmphanic acid chloride",
        "semicarbazide hydrochlorde",
        "N-(3,7-dimetil-7-hidroxioctilideno)antranilato de metila",
        "containing the two fertilizing elements phosphorus and potassium",
        "Alkaloids; of ephedrine and their derivatives; other than ephedrine and its salts",
        "primates",
        "inulin",
        "cellophane",
    ],
)
def test_what_is_sooner_something_else_is_not_found(
    text: str, screener: Screener, today: Scope, table: Callable[[list[Row]], pa.Table]
) -> None:
    assert named(text, screener, today, table) == []
