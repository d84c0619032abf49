"""A small watchlist that is sound, to be spoilt in one place by each test."""

from collections.abc import Callable
from pathlib import Path

import pytest

from app.domain.errors import Fault, WatchlistFaultsError
from app.watchlist.model import Watchlist
from app.watchlist.read import read_watchlist

REPOSITORY = Path(__file__).parents[2]

ACETONE = """\
id = "acetone"
name = "Acetone"
cas = ["67-64-1"]
ec = ["200-662-2"]
un = ["1090"]
hs = ["291411"]
smiles = "CC(C)=O"
inchikey = "CSCPPACGZOOCGX-UHFFFAOYSA-N"
structure_basis = "OPSIN from 'acetone'"
whole_molecule_only = true
forms = []
names = [
  { text = "Acetone", language = "en", kind = "statute", source = "a law" },
]
"""

METHYLAMINE = """\
id = "methylamine"
name = "Methylamine"
cas = ["74-89-5"]
ec = ["200-820-0"]
un = ["1061"]
hs = ["292111"]
smiles = "CN"
inchikey = "BAVYZALUXZFZLV-UHFFFAOYSA-N"
structure_basis = "OPSIN from 'methylamine'"
whole_molecule_only = false
forms = [
  { cas = "593-51-1", name = "methylamine hydrochloride", kind = "salt", verified = "yes", source = "a table" },
]
names = [
  { text = "Methylamine", language = "en", kind = "statute", source = "a law" },
]
"""

LAW = """\
id = "xx-law"
title = "A law on two chemicals"
short = "A law"
jurisdiction = "XX"
kind = "law"
authority = "An authority"
read = 2026-11-22
expected_entries = 2

[sources]
gazette = "the official gazette"

[lists.I]
title = "List I"
duties = ["registration"]
duty_words = "Registration."
[lists.I.clause]
salts = true
words = "The salts."

[[entry]]
line = "acetone"
list = "I"
printed = "Acetone"
substances = ["acetone"]
from = 2001-02-03
from_basis = "the gazette"
until = 2020-01-01
citation = "Article 1"
evidence = "primary"
verified = "yes"
verified_source = ["gazette"]
source_rows = ["xx.csv:1"]
[[entry.threshold]]
movement = "export"
quantity = 50
unit = "kg"
period = "year"
words = "50 kg a year"

[[entry]]
line = "methylamine"
list = "I"
printed = "Methylamine"
substances = ["methylamine"]
from = "2022-03"
from_basis = "March 2022"
citation = "Article 1"
evidence = "secondary"
verified = "partial"
verified_source = ["gazette"]
source_rows = ["xx.csv:2"]
[entry.clause]
isomers = true
"""

HS = """\
[[heading]]
code = "291411"
edition = "HS 2022"
words = "Acetone"
names_substance = true
substances = ["acetone"]
source = "the nomenclature"
source_row = "hs.csv:1"
"""

EXCLUSIONS = """\
[[source]]
file = "xx.csv"
rows = 3

[[source]]
file = "hs.csv"
rows = 1

[[row]]
source_row = "xx.csv:3"
what = "Anything else"
reason = "Names nothing."

[[not_here]]
instrument = "xx-law"
substances = ["toluene"]
words = "Toluene is governed by another law."
citation = "Another law"
"""

TOLUENE = """\
id = "toluene"
name = "Toluene"
cas = ["108-88-3"]
smiles = "Cc1ccccc1"
inchikey = "YXFVVABEGXRONW-UHFFFAOYSA-N"
structure_basis = "OPSIN from 'toluene'"
"""

NAMES = """\
substance,text,language,kind,source,cas
acetone,"propan-2-one",en,iupac,a table,
acetone,acetone,en,common,a table,
methylamine,"methylamine, hydrochloride",en,form,a table,593-51-1
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    files = {
        "substances/acetone.toml": ACETONE,
        "substances/methylamine.toml": METHYLAMINE,
        "substances/toluene.toml": TOLUENE,
        "instruments/xx-law.toml": LAW,
        "names/chemicals.csv": NAMES,
        "hs.toml": HS,
        "exclusions.toml": EXCLUSIONS,
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text.encode())
    return tmp_path


@pytest.fixture
def edit(folder: Path) -> Callable[[str, str, str], None]:
    """Replace one piece of text in one file of the small watchlist."""

    def replace(name: str, old: str, new: str) -> None:
        path = folder / name
        text = path.read_text(encoding="utf-8")
        assert text.count(old) >= 1, f"{old!r} is not in {name}"
        path.write_bytes(text.replace(old, new, 1).encode())

    return replace


@pytest.fixture
def faults(folder: Path) -> Callable[[], tuple[Fault, ...]]:
    """Read the small watchlist, which must be refused, and return its faults."""

    def read() -> tuple[Fault, ...]:
        with pytest.raises(WatchlistFaultsError) as refused:
            read_watchlist(folder)
        return refused.value.faults

    return read


@pytest.fixture(scope="session")
def watchlist() -> Watchlist:
    """The watchlist of this repository."""
    return read_watchlist(REPOSITORY / "watchlists")
