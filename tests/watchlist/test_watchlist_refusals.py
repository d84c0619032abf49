"""What is refused, and that it is all refused at once."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from app.domain.errors import Fault, WatchlistError, WatchlistFaultsError
from app.watchlist.read import read_watchlist

Edit = Callable[[str, str, str], None]
Faults = Callable[[], tuple[Fault, ...]]

LAW = "instruments/xx-law.toml"
ACETONE = "substances/acetone.toml"
METHYLAMINE = "substances/methylamine.toml"

SPOILT = {
    "an unknown key of an entry": (
        LAW,
        'citation = "Article 1"',
        'citation = "Article 1"\ncolour = "red"',
        "unknown key",
    ),
    "an unknown key of a clause": (LAW, "isomers = true", "isomers = true\nestres = true", "unknown key"),
    "an unknown key of a substance": (ACETONE, 'name = "Acetone"', 'name = "Acetone"\ncass = []', "unknown key"),
    "an unknown key of a name": (ACETONE, 'source = "a law"', 'source = "a law", sauce = "x"', "unknown key"),
    "an unknown key of a heading": ("hs.toml", 'words = "Acetone"', 'words = "Acetone"\nword = ""', "unknown key"),
    "an unknown key of an exclusion": ("exclusions.toml", 'reason = "', 'why = "x"\nreason = "', "unknown key"),
    "a duplicate key": (ACETONE, 'name = "Acetone"', 'name = "Acetone"\nname = "Aceton"', "duplicate key"),
    "a text where a list belongs": (ACETONE, 'cas = ["67-64-1"]', 'cas = "67-64-1"', "must be a list of texts"),
    "a number where a text belongs": (LAW, 'printed = "Acetone"', "printed = 7", "must be a text"),
    "a text where a number belongs": (LAW, "quantity = 50", 'quantity = "50"', "must be a number"),
    "true where a number belongs": (LAW, "quantity = 50", "quantity = true", "must be a number"),
    "an endless quantity": (LAW, "quantity = 50", "quantity = inf", "not an amount"),
    "a negative quantity": (LAW, "quantity = 50", "quantity = -1", "not an amount"),
    "a text where true or false belongs": (LAW, "isomers = true", 'isomers = "yes"', "must be true or false"),
    "a day with a clock": (LAW, "from = 2001-02-03", "from = 2001-02-03T00:00:00", "must be a date"),
    "a date in words": (LAW, 'from = "2022-03"', 'from = "spring 2022"', "must be a date"),
    "a thirteenth month": (LAW, 'from = "2022-03"', 'from = "2022-13"', "is not a month"),
    "an unknown unit": (LAW, 'unit = "kg"', 'unit = "lb"', "is not one of kg, L"),
    "an unknown duty": (LAW, '["registration"]', '["registration", "paperwork"]', "'paperwork' is not one of"),
    "an unknown movement": (LAW, 'movement = "export"', 'movement = "smuggling"', "'smuggling' is not one of"),
    "an unknown list": (LAW, 'list = "I"', 'list = "IV"', "'IV' is not one of I"),
    "a list nobody stands on": (
        LAW,
        "[lists.I]",
        '[lists.II]\ntitle = "II"\n[lists.I]',
        "no entry stands on this list",
    ),
    "a source nobody names": (LAW, "[sources]", '[sources]\nrumour = "a rumour"', "no entry names this source"),
    "an unknown source": (LAW, '["gazette"]', '["gazzette"]', "'gazzette' is not one of gazette"),
    "no source at all": (LAW, 'verified_source = ["gazette"]', "verified_source = []", "where was it seen"),
    "a bad CAS number": (ACETONE, '"67-64-1"', '"67-64-2"', "'67-64-2' is not a CAS number"),
    "a bad CAS number of a form": (METHYLAMINE, '"593-51-1"', '"593-51-2"', "'593-51-2' is not a CAS number"),
    "a CAS number claimed twice": (ACETONE, '["67-64-1"]', '["67-64-1", "593-51-1"]', "593-51-1 is claimed 2 times"),
    "a name with another's CAS number": (
        ACETONE,
        'source = "a law"',
        'source = "a law", cas = "74-89-5"',
        "carries 74-89-5, which is methylamine's",
    ),
    "a bad EC number": (ACETONE, '"200-662-2"', '"200-662-3"', "'200-662-3' is not an EC number"),
    "a bad UN number": (ACETONE, '"1090"', '"109"', "'109' is not four digits"),
    "a bad HS code": (ACETONE, '"291411"', '"2914.11"', "'2914.11' is not six digits"),
    "a SMILES that cannot be read": (ACETONE, "CC(C)=O", "CC(C=O", "cannot be read"),
    "a SMILES that disagrees with its InChIKey": (ACETONE, "CC(C)=O", "CCC=O", "disagrees with the SMILES"),
    "a SMILES without an InChIKey": (ACETONE, 'inchikey = "CSCPPACGZOOCGX-UHFFFAOYSA-N"\n', "", "go together"),
    "a structure without its basis": (ACETONE, "OPSIN from 'acetone'", "", "how was the structure derived"),
    "a missing citation": (LAW, 'citation = "Article 1"\n', "", "citation: missing"),
    "a blank citation": (LAW, 'citation = "Article 1"', 'citation = " "', "citation: blank"),
    "a missing day of reading": (LAW, "read = 2026-11-22\n", "", "the day its sources were read"),
    "a count that does not match": (LAW, "expected_entries = 2", "expected_entries = 3", "says 3, but there are 2"),
    "an unknown substance": (LAW, '["methylamine"]', '["ethylamine"]', "no substance is called 'ethylamine'"),
    "a substance twice in one entry": (LAW, '["acetone"]', '["acetone", "acetone"]', "stands there twice"),
    "an entry without a substance": (LAW, '["acetone"]', "[]", "substances: empty"),
    "an entry that ends before it begins": (LAW, "until = 2020-01-01", "until = 2001-02-02", "before it begins"),
    "an entry that ends on its first day": (LAW, "until = 2020-01-01", "until = 2001-02-03", "before it begins"),
    "primary evidence of what was only partly seen": (LAW, '"secondary"', '"primary"', "cannot be primary"),
    "secondary evidence of what was not seen": (LAW, '"partial"', '"no"', "must be reconstructed"),
    "the same line twice": (LAW, 'line = "methylamine"', 'line = "acetone"', "the line stands there 2 times"),
    "an id that is not the file's name": (LAW, 'id = "xx-law"', 'id = "yy-law"', "must be the file's name"),
    "a name written twice": (
        ACETONE,
        "names = [",
        'names = [\n  { text = "ACETONE", language = "en", kind = "common", source = "x" },',
        "'acetone' (en) stands there 2 times",
    ),
    "an unknown kind of name": (ACETONE, 'kind = "statute"', 'kind = "nickname"', "'nickname' is not one of"),
    "a heading of four digits": ("hs.toml", '"291411"', '"2914"', "is not six digits"),
    "a chapter of a listed substance": (
        "hs.toml",
        "[[heading]]",
        'elsewhere = { 29 = "Organic chemicals" }\n[[heading]]',
        "under 29 falls a listed substance",
    ),
    "a chapter of one digit": ("hs.toml", "[[heading]]", "elsewhere = { 6 = 'x' }\n[[heading]]", "nor a chapter's two"),
    "a heading with an unknown substance": ("hs.toml", '["acetone"]', '["propanone"]', "no substance is called"),
    "a source row that is not one": (LAW, '"xx.csv:1"', '"row 1 of xx.csv"', "is not a file and a row"),
    "a row the source list does not have": (LAW, '"xx.csv:1"', '"xx.csv:9"', "the list has 3 rows"),
    "a row of a list that is not counted": (LAW, '"xx.csv:1"', '"yy.csv:1"', "not among the counted source lists"),
    "a row neither carried nor excluded": ("exclusions.toml", "rows = 3", "rows = 4", "nor excluded: 4 of 4"),
    "a row both carried and excluded": ("exclusions.toml", '"xx.csv:3"', '"xx.csv:2"', "methylamine carries it"),
    "an exclusion without a reason": ("exclusions.toml", 'reason = "Names nothing."', 'reason = ""', "reason: blank"),
    "said not to be here, but it is": ("exclusions.toml", '["toluene"]', '["acetone"]', "but an entry names it"),
    "not here, but where": ("exclusions.toml", 'instrument = "xx-law"', 'instrument = "zz"', "no instrument is called"),
    "a table of names with other columns": (
        "names/chemicals.csv",
        "substance,text",
        "slug,text",
        "the columns must be",
    ),
    "a name of nobody": ("names/chemicals.csv", "methylamine,", "mono,", "no substance is called 'mono'"),
    "a row with a cell too few": ("names/chemicals.csv", ",common,a table,", ",common,a table", "has 5 cells, not 6"),
    "a blank name": ("names/chemicals.csv", '"propan-2-one"', "", "text is blank"),
    "an open quotation mark": ("names/chemicals.csv", '"propan-2-one"', '"propan-2-one', "is not CSV"),
    "a mixture limit beyond the whole": (LAW, "isomers = true", "mixture_limit_percent = 101", "is not a percentage"),
    "a family without a structure rule": (
        LAW,
        "isomers = true",
        "ethers = true",
        "no structure rule says what its ethers are",
    ),
    "an export's duty that is no duty of the line": (
        LAW,
        'line = "methylamine"',
        'line = "methylamine"\nexport_only = ["noc"]',
        "'noc' is no duty of this line",
    ),
    "a duty at a border that is no duty of the line": (
        LAW,
        'line = "methylamine"',
        'line = "methylamine"\nborder_only = ["pen"]',
        "'pen' is no duty of this line",
    ),
    "an unknown family": (LAW, "isomers = true", 'relatives = ["cousins"]', "'cousins' is not one of"),
    "an unknown standing of preparations": (LAW, "isomers = true", 'preparations = "some"', "'some' is not one of"),
    "an excluded isomer nobody knows": (
        LAW,
        "isomers = true",
        'excluded_isomers = ["x"]',
        "no substance is called 'x'",
    ),
    "a lead time without its citation": (
        LAW,
        "isomers = true",
        '[[entry.lead_time]]\nmovements = ["export"]\nwords = "15 days"\nevidence = "primary"',
        "citation: missing",
    ),
    "a lead time of unknown evidence": (
        LAW,
        "isomers = true",
        '[[entry.lead_time]]\nmovements = ["export"]\nwords = "15 days"\ncitation = "x"\nevidence = "hearsay"',
        "'hearsay' is not one of",
    ),
    "a destination that is no country's code": (
        LAW,
        "isomers = true",
        '[entry.destinations]\ncountries = ["Chile"]\ncitation = "x"\nevidence = "primary"',
        "is not an ISO 3166-1 alpha-2 code",
    ),
}


def test_the_small_watchlist_is_sound_before_it_is_spoilt(folder: Path) -> None:
    assert [substance.id for substance in read_watchlist(folder).substances] == ["acetone", "methylamine", "toluene"]


@pytest.mark.parametrize("name", SPOILT)
def test_a_watchlist_is_refused_for(name: str, edit: Edit, faults: Faults) -> None:
    file, old, new, what = SPOILT[name]
    edit(file, old, new)
    found = faults()
    matching = [fault for fault in found if what in str(fault)]
    assert matching, f"no fault says {what!r}: {[str(fault) for fault in found]}"
    stem = Path(file).name
    assert any(stem in fault.place or "substances/" in fault.place or "names/" in fault.place for fault in matching)


def test_two_entries_may_not_hold_one_substance_on_the_same_day(edit: Edit, faults: Faults) -> None:
    edit(LAW, 'substances = ["methylamine"]\nfrom = "2022-03"', 'substances = ["acetone"]\nfrom = "2019"')
    assert ["on the same day" in fault.what for fault in faults()] == [True]


def test_an_entry_may_begin_on_the_day_another_ends(folder: Path, edit: Edit) -> None:
    edit(LAW, 'substances = ["methylamine"]\nfrom = "2022-03"', 'substances = ["acetone"]\nfrom = "2020"')
    assert len(read_watchlist(folder).instruments[0].entries) == 2


def test_entries_of_different_movements_do_not_overlap(folder: Path, edit: Edit) -> None:
    edit(LAW, "from = 2001-02-03", 'movements = ["export"]\nfrom = 2001-02-03')
    edit(LAW, 'substances = ["methylamine"]\nfrom = "2022-03"', 'substances = ["acetone"]\nmovements = ["import"]')
    assert read_watchlist(folder).instruments[0].entries[1].movements == ("import",)


def test_a_duplicate_key_is_placed_by_file_and_line(edit: Edit, faults: Faults) -> None:
    edit(ACETONE, 'name = "Acetone"', 'name = "Acetone"\nname = "Aceton"')
    assert [fault.place for fault in faults()] == [f"{ACETONE}:3"]


def test_a_file_that_cannot_be_read_does_not_hide_the_faults_of_others(
    edit: Edit, faults: Faults, folder: Path
) -> None:
    (folder / ACETONE).write_bytes(b'id = "ac\xe9tone"\n')
    edit(METHYLAMINE, '"74-89-5"', '"74-89-6"')
    edit(LAW, 'citation = "Article 1"\n', "")
    edit("hs.toml", 'words = "Acetone"\n', "")
    edit("exclusions.toml", "rows = 3", "rows = 5")
    report = "\n".join(str(fault) for fault in faults())
    for piece in ("not UTF-8", "'74-89-6'", "citation: missing", "words: missing", "4, 5 of 5"):
        assert piece in report
    assert "no substance is called 'acetone'" not in report


def test_every_fault_of_the_folder_is_in_one_report(edit: Edit, faults: Faults) -> None:
    chosen = [
        "an unknown key of an entry",
        "a bad CAS number of a form",
        "a bad EC number",
        "a count that does not match",
        "an unknown unit",
        "a heading of four digits",
        "a row neither carried nor excluded",
        "a blank name",
    ]
    for name in chosen:
        file, old, new, _ = SPOILT[name]
        edit(file, old, new)
    report = "\n".join(str(fault) for fault in faults())
    assert [SPOILT[name][3] for name in chosen if SPOILT[name][3] not in report] == []


def test_a_file_without_a_place_is_refused(folder: Path, faults: Faults) -> None:
    (folder / "instruments.toml").write_text('id = "x"\n', encoding="utf-8")
    assert [str(fault) for fault in faults()] == ["instruments.toml: a watchlist has no place for this file"]


def test_a_folder_without_a_watchlist_is_refused(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    with pytest.raises(WatchlistError, match="no such folder"):
        read_watchlist(empty)
    empty.mkdir()
    with pytest.raises(WatchlistError, match="no watchlist in this folder"):
        read_watchlist(empty)


ODD_VALUES = ("1", "-1.5", "true", '""', '"x"', "[]", "[1]", '["x"]', "{}", "{ x = 1 }", "[{}]", "[{ x = 1 }]", "nan")
"""Anything TOML can say where something else belongs."""


@pytest.mark.parametrize("value", [*ODD_VALUES, "2020-01-01", "07:32:00", "2020-01-01T00:00:00Z"])
@pytest.mark.parametrize("file", [LAW, ACETONE, METHYLAMINE, "hs.toml", "exclusions.toml"])
def test_an_odd_value_anywhere_is_a_fault_and_never_a_crash(file: str, value: str, folder: Path) -> None:
    path = folder / file
    lines = path.read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines):
        key, equals, _ = line.partition(" = ")
        if not equals or line.startswith(" ") or line.endswith("["):
            continue
        path.write_bytes("\n".join([*lines[:number], f"{key} = {value}", *lines[number + 1 :], ""]).encode())
        with suppress(WatchlistFaultsError):  # anything else is a crash; some of these values are right
            read_watchlist(folder)


UN_NUMBERS = """\
source = "the table"
read = 2026-11-22
expected_numbers = 4

[number]
1061 = ["Methylamine", "2.1"]
1090 = ["Acetone", "3"]
1235 = ["Methylamine, aqueous solution", "3", "8"]
1760 = ["Corrosive liquids, n.o.s.", "8"]
"""


@pytest.mark.parametrize(
    ("said", "instead", "what"),
    [
        ("expected_numbers = 4", "expected_numbers = 5", "says 5, but there are 4 numbers"),
        ('"3"]', '"flammable"]', "'flammable' is no class or division"),
        (', "3"]', "]", "has no class"),
        ("1090 =", "109 =", "is not four digits"),
        ("1090 =", "1091 =", "UN 1090 is not in the table of UN numbers"),
        ("read = 2026-11-22", "", "missing: the day its source was read"),
    ],
)
def test_a_table_of_un_numbers_is_refused_for(said: str, instead: str, what: str, folder: Path, faults: Faults) -> None:
    (folder / "un.toml").write_text(UN_NUMBERS)
    assert len(read_watchlist(folder).dangerous) == 4
    (folder / "un.toml").write_text(UN_NUMBERS.replace(said, instead))
    assert what in " ".join(map(str, faults()))
