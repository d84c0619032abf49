"""Units of quantity: UN/ECE Recommendation 20 codes and the words that declarations use, in many languages."""

import re
from dataclasses import dataclass
from decimal import Decimal

KILOGRAM, LITRE = "kg", "L"
PACKAGE, DOSE, PIECE = "package", "dose", "piece"


@dataclass(frozen=True, slots=True)
class Unit:
    """What a unit is worth."""

    least: Decimal
    """In kilograms or litres; 1 for what is only counted."""
    most: Decimal
    """As `least`, but where a word means several units: a ton of 907 or 1,016 kg, a gallon of 3.8 or 4.5 L."""
    dimension: str
    """kg, L, package, dose or piece."""


_MASSES = {
    "1": "kg kgs kgm kgr kilo kilos kilogram kilograms kilogramme kilogrammes kilogramm kilogramo kilogramos"
    " chilogrammo chilogrammi chili quilograma quilogramas quilo quilos kilogramow кг килограмм килограмма килограммов"
    " 公斤 千克 キログラム キロ كجم كغ كيلو كيلوغرام किलो किग्रा किलोग्राम 킬로그램 58",
    "0.001": "g gm gms grm gram grams gramme grammes gramm gramo gramos grammo grammi grama gramas г гр грамм грамма"
    " граммов 克 グラム غرام جرام ग्राम 그램",
    "0.000001": "mg mgm mgs mgr milligram milligrams milligramme milligrammes miligramo miligramos miligrama miligramas"
    " milligrammo milligrammi мг миллиграмм 毫克 ミリグラム",
    "0.000000001": "mcg ug µg μg mc microgram micrograms",
    "1000": "t mt mts tne tonne tonnes tonnen mton mtons tonelada toneladas tonnellata tonnellate т тн тонна тонны тонн"
    " 吨 公吨 噸 公噸 トン طن टन 톤",
    "100": "dtn",
    "0.1": "hgm",
    "0.01": "dj",
    "0.0001": "dg",
    "0.00001": "cgm",
    "1000000": "ktn",
    "0.45359237": "lb lbs lbr pound pounds",
    "0.028349523125": "oz onz ounce ounces",
    "0.0311034768": "apz",
    "1016.0469088": "ltn",
    "907.18474": "stn",
    "50.80234544": "cwi",
    "45.359237": "cwa",
}
_VOLUMES = {
    "1": "l lt lts ltr ltrs liter liters litre litres litro litros litri dmq л литр литра литров 升 公升 リットル لتر"
    " लीटर 리터",
    "0.001": "ml mlt mls cc cmq milliliter milliliters millilitre millilitres mililitro mililitros millilitro мл 毫升"
    " ミリリットル",
    "0.1": "dl dlt",
    "0.01": "cl clt",
    "100": "hl hlt",
    "1000": "kl klr k6 cbm m3 mtq kilolitre kilolitres kiloliter kiloliters м3 立方米",
    "1000000": "mal",
    "3.785411784": "gll",
    "4.54609": "gli",
    "0.473176473": "ptl",
    "0.946352946": "qt",
    "0.56826125": "pti",
    "1.1365225": "qti",
    "0.0295735295625": "oza",
    "0.0284130625": "ozi",
    "158.987294928": "bll",
}
_SEVERAL = {
    "907.18474 1016.0469088 kg": "ton tons",
    "3.785411784 4.54609 L": "gal gals gallon gallons galon galones",
    "0.00006479891 0.001 kg": "gr grs",
    "0.0284130625 0.0295735295625 L": "floz",
}
"""Words that mean more than one unit: the smallest and the largest meaning."""
_COUNTED = {
    PACKAGE: "drum drums drm dr barrel barrels bbl keg kegs ibc ibcs bag bags bg sack sacks box boxes bx carton cartons"
    " ctn ctns case cases cs bottle bottles btl btls bot bots can cans cn tin tins jerrican jerricans jerrycan"
    " jerrycans"
    " pail pails bucket buckets package packages pkg pkgs pk pack packs pallet pallets plt plts px cylinder cylinders"
    " container containers cntr flexitank flexitanks tank tanks fass fässer faß fut futs fût fûts tambor tambores bidon"
    " bidones bidons caja cajas saco sacos sac sacs fusto fusti kanister flasche flaschen karton kartons bombonas"
    " бочка бочек бочки мешок мешков канистра канистр 桶 袋 箱 瓶 罐 blister blisters strip strips set sets kit kits"
    " roll rolls tube tubes sachet sachets jar jars flask flasks",
    DOSE: "tab tabs tablet tablets tbs cap caps capsule capsules ampoule ampoules amp amps vial vials dose doses pill"
    " pills tablette tabletten comprimé comprimés comprime comprimes comprimido comprimidos compresse cápsula cápsulas"
    " gélule gélules kapsel kapseln таблетка таблетки таблеток капсула капсул ампула ампул 片 粒 支 u2",
    PIECE: "pc pcs pce piece pieces pieza piezas stück stk ea each nos no nr number unit units unidades unidad c62 h87"
    " nar nmb шт штук штука 个 個",
}


def _units() -> dict[str, Unit]:
    units: dict[str, Unit] = {}
    for dimension, table in ((KILOGRAM, _MASSES), (LITRE, _VOLUMES)):
        for worth, words in table.items():
            units |= {word: Unit(Decimal(worth), Decimal(worth), dimension) for word in words.split()}
    for meaning, words in _SEVERAL.items():
        least, most, dimension = meaning.split()
        units |= {word: Unit(Decimal(least), Decimal(most), dimension) for word in words.split()}
    for dimension, words in _COUNTED.items():
        units |= {word: Unit(Decimal(1), Decimal(1), dimension) for word in words.split()}
    return units


UNITS = _units()
"""Unit by its word or code in lower case.

`qtl` is left out: it is a liquid quart in Recommendation 20 and a quintal in the Indian list of units. `gm` is a gram,
as declarations mean it, and not the Recommendation's gram per square metre; `mt` a tonne and not a mat.

Source: UN/ECE Recommendation 20; 1 lb = 0.45359237 kg and 1 gal (US) = 3.785411784 L exactly.
"""


_SPELT_OUT = tuple(
    (re.compile(rf"(?<![^\W\d_])(?:{spelt})(?![^\W\d_])\.?"), plain)
    for spelt, plain in {
        r"n ?[./] ?w(?:t|eight)?|(?:net|nt) ?\. ?w(?:t|eight)": "nw",
        r"g ?[./] ?w(?:t|eight)?|gr(?:oss)? ?\. ?w(?:t|eight)|gr wt": "gw",
        r"k\. ?gs?": "kg",
        r"m ?[./] ?ts?|metric(?:al)? to(?:n|nne)s?|tons? metric": "mt",
        r"(?:short|us) tons?": "stn",
        r"(?:long|uk|imperial) tons?": "ltn",
        r"u\.? ?s\.? (?:liquid )?gal(?:lon)?s?": "gll",
        r"(?:imp(?:erial)?|uk)\.? gal(?:lon)?s?": "gli",
        r"fl(?:uid)?\.? ?(?:oz|ounces?)": "floz",
    }.items()
)
"""Units and weights that are written with dots, bars or in two words."""


def plain_units(text: str) -> str:
    """Return a text in lower case with such units in one word: `16 metric tons` as `16 mt`, `n.w.` as `nw`."""
    if "." in text or "/" in text or " " in text:
        for spelt, plain in _SPELT_OUT:
            text = spelt.sub(plain, text)
    return text


def unit_of(word: str) -> Unit | None:
    """Return what a word or code means as a unit; None where it is none that is known.

    Args:
        word: such as `KGM`, `kgs.`, `кг` or `Net kg`; the words net and gross may stand before it.
    """
    plain = word.strip().lower().strip(".()")
    return UNITS.get(plain)
