"""The names dictionary: what a customs house may rely on when it reads watchlists/substances and watchlists/names."""

import csv
import re
import tomllib
import unicodedata
from collections import defaultdict
from pathlib import Path

import pytest
from rdkit import Chem

ROOT = Path(__file__).resolve().parents[2]
SUBSTANCES = [
    tomllib.loads(path.read_text(encoding="utf-8"))
    for path in sorted((ROOT / "watchlists" / "substances").glob("*.toml"))
]
AMBIGUOUS = tomllib.loads(Path(__file__).with_name("ambiguous_names.toml").read_text(encoding="utf-8"))["ambiguous"]
CHEMICALS = ROOT / "watchlists" / "names" / "chemicals.csv"

KINDS = {
    "statute", "inn", "iupac", "cas-inverted", "systematic", "common", "abbreviation", "historical", "trade", "form",
    "misspelling",
}  # fmt: skip
LANGUAGES = {
    "en", "la", "zxx", "mr", "es", "fr", "pt", "de", "it", "nl", "pl", "tr", "ru", "uk", "ar", "hi", "bn", "zh-Hans",
    "zh-Hant", "ja", "ko", "vi", "id", "cs", "el", "fa", "hu", "ro", "sv",
}  # fmt: skip
COMMONEST = [
    "acetic-anhydride", "n-acetylanthranilic-acid", "anthranilic-acid", "ephedrine", "pseudoephedrine", "norephedrine",
    "norpseudoephedrine", "ergometrine", "ergotamine", "lysergic-acid", "isosafrole", "safrole", "piperonal",
    "3-4-mdp-2-p", "1-phenyl-2-propanone", "phenylacetic-acid", "apaan", "apaa", "mapa", "pmk-methyl-glycidate",
    "bmk-methyl-glycidate", "pmk-ethyl-glycidate", "anpp", "npp", "4-anilinopiperidine", "1-boc-4-anilinopiperidine",
    "norfentanyl", "4-piperidone", "1-boc-4-piperidone", "potassium-permanganate", "acetone", "diethyl-ether",
    "hydrochloric-acid", "methyl-ethyl-ketone", "methyl-isobutyl-ketone", "piperidine", "sulfuric-acid", "toluene",
    "red-phosphorus", "white-phosphorus", "benzaldehyde", "benzyl-cyanide", "benzyl-chloride", "methylamine",
    "ethylamine", "nitroethane", "gamma-butyrolactone", "1-4-butanediol", "hydriodic-acid", "hypophosphorous-acid",
    "iodine", "propionic-anhydride", "propionyl-chloride", "sassafras-oil", "ephedra",
]  # fmt: skip


def fold(text: str) -> str:
    """Folds a name as broadly as a reader would: case, width, spaces, Greek letters."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    for letter, word in (("\u03b1", "alpha"), ("\u03b2", "beta"), ("\u03b3", "gamma")):
        folded = folded.replace(letter, word)
    return re.sub(r"\s+", "", folded)


def chemicals_rows() -> list[dict[str, str]]:
    """Reads the committed table of package names."""
    with CHEMICALS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def languages_of(substance: dict[str, object]) -> set[str]:
    """Returns the natural languages in which a substance is named."""
    names = substance["names"]
    assert isinstance(names, list)
    return {name["language"] for name in names} - {"zxx", "la"}


def bearers() -> dict[str, set[str]]:
    """Maps every folded name of the dictionary to the substances that bear it."""
    found: dict[str, set[str]] = defaultdict(set)
    for substance in SUBSTANCES:
        for name in substance["names"]:
            found[fold(name["text"])].add(substance["id"])
    for row in chemicals_rows():
        found[fold(row["text"])].add(row["substance"])
    return found


def check_digit_fits(cas: str) -> bool:
    """Says whether a CAS number has its form and its check digit."""
    if not re.fullmatch(r"[1-9]\d{1,6}-\d\d-\d", cas):
        return False
    digits = cas.replace("-", "")
    return sum(place * int(digit) for place, digit in enumerate(reversed(digits[:-1]), 1)) % 10 == int(digits[-1])


def by_id(substance: dict[str, object]) -> str:
    """Names a test case by the substance's slug."""
    return str(substance["id"])


def test_the_dictionary_has_all_ninety_five_substances() -> None:
    assert len(SUBSTANCES) == 95
    assert len({substance["id"] for substance in SUBSTANCES}) == 95


@pytest.mark.parametrize("substance", SUBSTANCES, ids=by_id)
def test_every_substance_has_a_name_that_a_law_prints(substance: dict[str, object]) -> None:
    names = substance["names"]
    assert isinstance(names, list)
    statute = [name for name in names if name["kind"] == "statute"]
    if substance["id"] == "ephedra":
        assert any("Canada" in name["source"] for name in statute)
    assert any(name["language"] == "en" for name in statute)


@pytest.mark.parametrize("substance", SUBSTANCES, ids=by_id)
def test_every_name_says_its_language_its_kind_and_its_source(substance: dict[str, object]) -> None:
    names, forms = substance["names"], substance["forms"]
    assert isinstance(names, list)
    assert isinstance(forms, list)
    own_forms = {form["cas"] for form in forms}
    for name in names:
        assert name["text"] == name["text"].strip()
        assert name["text"] == unicodedata.normalize("NFC", name["text"])
        assert name["text"]
        assert name["kind"] in KINDS
        assert name["language"] in LANGUAGES
        assert name["source"]
        assert (name["kind"] == "form") == ("cas" in name)
        assert name.get("cas") in own_forms | {None}


@pytest.mark.parametrize("substance", SUBSTANCES, ids=by_id)
def test_no_name_is_written_twice_in_one_language(substance: dict[str, object]) -> None:
    names = substance["names"]
    assert isinstance(names, list)
    texts = [(name["text"].casefold(), name["language"]) for name in names]
    assert len(texts) == len(set(texts))


@pytest.mark.parametrize("slug", COMMONEST)
def test_the_commonest_substances_are_named_in_fifteen_languages(slug: str) -> None:
    (substance,) = [substance for substance in SUBSTANCES if substance["id"] == slug]
    assert len(languages_of(substance)) >= 15


def test_every_substance_is_named_in_at_least_six_languages() -> None:
    few = {
        substance["id"]: len(languages_of(substance)) for substance in SUBSTANCES if len(languages_of(substance)) < 6
    }
    assert few == {}


def test_the_dictionary_as_a_whole_speaks_every_promised_language() -> None:
    spoken = {name["language"] for substance in SUBSTANCES for name in substance["names"]}
    assert spoken == LANGUAGES


def test_no_name_belongs_to_two_substances_unless_the_table_says_so() -> None:
    shared = {name: sorted(slugs) for name, slugs in bearers().items() if len(slugs) > 1}
    assert shared == {fold(entry["text"]): sorted(entry["substances"]) for entry in AMBIGUOUS}


def test_every_cas_number_has_its_check_digit_and_one_owner() -> None:
    owners: dict[str, list[str]] = defaultdict(list)
    for substance in SUBSTANCES:
        for cas in [*substance["cas"], *(form["cas"] for form in substance["forms"])]:
            assert check_digit_fits(cas), cas
            owners[cas].append(substance["id"])
    assert {cas: slugs for cas, slugs in owners.items() if len(slugs) > 1} == {}


def test_ec_numbers_run_in_the_order_of_cas_numbers_as_einecs_does() -> None:
    """EINECS was numbered in the order of CAS numbers, so a wrong number would most likely stand out of order."""
    pairs = [
        (tuple(map(int, substance["cas"][0].split("-"))), ec) for substance in SUBSTANCES for ec in substance["ec"]
    ]
    assert len(pairs) >= 35
    assert [ec for _, ec in sorted(pairs)] == sorted(ec for _, ec in pairs)
    for _, ec in pairs:
        digits = ec.replace("-", "")
        assert sum(place * int(digit) for place, digit in enumerate(digits[:6], 1)) % 11 == int(digits[6])


def test_no_un_number_is_given_to_two_substances() -> None:
    numbers = [number for substance in SUBSTANCES for number in substance["un"]]
    assert len(numbers) == len(set(numbers))
    assert all(re.fullmatch(r"\d{4}", number) for number in numbers)


@pytest.mark.parametrize("substance", [item for item in SUBSTANCES if "smiles" in item], ids=by_id)
def test_the_smiles_agrees_with_the_inchikey(substance: dict[str, object]) -> None:
    molecule = Chem.MolFromSmiles(str(substance["smiles"]))
    assert molecule is not None
    assert Chem.MolToInchiKey(molecule) == substance["inchikey"]  # type: ignore[no-untyped-call]
    assert substance["structure_basis"]


def test_substances_without_a_structure_say_why() -> None:
    without = {substance["id"] for substance in SUBSTANCES if "smiles" not in substance}
    assert without == {"sassafras-oil", "ephedra"}
    assert all(substance["structure_basis"] for substance in SUBSTANCES)


def test_acids_solvents_and_permanganates_are_never_the_parent_of_a_salt() -> None:
    whole = {substance["id"] for substance in SUBSTANCES if substance["whole_molecule_only"]}
    assert {"hydrochloric-acid", "sulfuric-acid", "hydriodic-acid", "acetone", "toluene", "iodine"} <= whole
    assert {"potassium-permanganate", "sodium-permanganate", "red-phosphorus", "white-phosphorus"} <= whole
    assert not {"ephedrine", "piperidine", "methylamine", "phenylacetic-acid", "hypophosphorous-acid"} & whole


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("muriatic acid", "hydrochloric-acid"),
        ("oil of vitriol", "sulfuric-acid"),
        ("heliotropin", "piperonal"),
        ("toluol", "toluene"),
        ("MEK", "methyl-ethyl-ketone"),
        ("P2P", "1-phenyl-2-propanone"),
        ("2-Propanone, 1-phenyl-", "1-phenyl-2-propanone"),
        ("ангидрид уксусной кислоты", "acetic-anhydride"),
        ("醋酸酐", "acetic-anhydride"),
        ("盐酸麻黄碱", "ephedrine"),
        ("sülfürik asit", "sulfuric-acid"),
        ("सल्फ्यूरिक अम्ल", "sulfuric-acid"),
        ("clorhidrato de efedrina", "ephedrine"),
        ("2-Aminobenzoesäure", "anthranilic-acid"),
        ("axit sunfuric", "sulfuric-acid"),
    ],
)
def test_a_name_an_officer_would_meet_leads_to_its_substance(name: str, slug: str) -> None:
    assert bearers()[fold(name)] == {slug}


def test_package_names_stand_beside_a_known_substance_and_a_claimed_number() -> None:
    claimed = {substance["id"]: {form["cas"] for form in substance["forms"]} for substance in SUBSTANCES}
    rows = chemicals_rows()
    assert len(rows) > 1000
    for row in rows:
        assert row["kind"] in KINDS
        assert row["kind"] in {"form", "trade"} if row["cas"] else row["kind"] != "form"
        assert not row["cas"] or row["cas"] in claimed[row["substance"]]
        longest = max(len(run) for run in re.findall(r"[^\W\d_]+", row["text"]))
        assert longest >= 4 or row["kind"] == "trade"
