"""Writes watchlists/names/chemicals.csv: the names that the `chemicals` package gives to listed CAS numbers.

Run as `python tools/names_from_chemicals.py`. The output depends only on the installed package and on the substances'
files, so continuous integration regenerates it and compares. `--report` prints what was left out, and why.
"""

import argparse
import csv
import importlib.util
import io
import re
import sys
import tomllib
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SUBSTANCES = ROOT / "watchlists" / "substances"
REFUSED = ROOT / "watchlists" / "names" / "refused.toml"
OUTPUT = ROOT / "watchlists" / "names" / "chemicals.csv"
COLUMNS = ("substance", "text", "language", "kind", "source", "cas")

TABLES = (
    "Inorganic db.tsv",
    "chemical identifiers example user db.tsv",
    "chemical identifiers pubchem large.tsv",
    "chemical identifiers pubchem small.tsv",
)
ION_TABLES = ("Anion db.tsv", "Cation db.tsv")
"""Read only to find names that are not the substance's alone."""

CAS_COLUMN, SMILES_COLUMN, IUPAC_COLUMN = 1, 4, 7
MIN_LETTERS = 4
MAX_LENGTH = 200
CONCATENATED_PARTS = 4
"""Some cells hold a whole list of names; with fewer parts a semicolon separates an acid from its base."""

LANGUAGE_TAGS = {
    "german": "de", "french": "fr", "italian": "it", "dutch": "nl", "polish": "pl", "spanish": "es",
    "czech": "cs", "japanese": "ja", "russian": "ru", "portuguese": "pt",
}  # fmt: skip
INN_TAGS = {"inn-spanish": "es", "inn-french": "fr", "inn-latin": "la", "inn:dcf": "fr", "inn-english": "en"}
TAG = re.compile(r"\s*[\[(]\s*([a-z0-9:,./+\- ]+?)\s*[\])]\s*$", re.IGNORECASE)
KNOWN_TAG = re.compile(
    r"^(?:\d+ci(?:,\s*\d+ci)*|acn|van|dot|nf|usp\d*|usan(?:[:,].*)?|inn(?:[-:].*)?|iso|ban|jan|mi|mart\.?|who-?\w*|jp\d*|"
    r"hsdb|usp-?\w*|orange book|green book|ep\w*|fcc|fhfi|iarc|inci|vandf|fda\w*|iupac|nist|nf-?\w*|un\d{4}|corrosive|"
    r"poison(?: gas)?|flammable\w*(?: \w+)?|oxidizer|usda|us ?pat|tn|jp|dcf|dcit|name|trade name|discontinued|"
    r"ep monograph|chebi|czech|german|french|italian|dutch|polish|spanish|japanese|russian|portuguese|obsolete|old|"
    r"mixture|technical|see also.*|as .*|van8ci|8ci ?9ci|only|nih|element)$",
    re.IGNORECASE,
)
CODE = re.compile(
    r"einecs|elincs|\bunii|chebi|chembl|dtxsid|dtxcid|dsstox|\bakos|\bzinc\d|mfcd|caswell|hsdb|ccris|\bnsc|\bfema|"
    r"\brcra|beilstein|pesticide|bspbio|kbio|divk|spectrum|prestwick|pubchem|schembl|bdbm|ncgc|nciopen|nci60|ac1[lnq]|"
    r"agn-pc|\bctk|acmc|\bstk\d|\bstl\d|\bbrn\b|\bai3|\bwln\b|\bmls|\bsmr\d|tox21|\bcpd\b|lopac|cas-\d|oprea|ghl\.?pd|"
    r"jsp\d|lmfa|lmpr|\bkb-|\bls-|\bsbb\d|\bsbi|\bbbl\d|\btl\d{5}|\btra\d|\bmolport|\bchemspider|timtec|maybridge|"
    r"anw-|\bd\d{5}\b|\bc\d{5}\b|\bdb\d{5}\b|\bcs-\w|\bhy-\w|\bks-\w|\bac-?\d{3}|\bi\d{2}-|\bas-?\d{4}|\bj-\d|\bgtpl|"
    r"\brtr-|\btr-\d|\bst\d{5}|epitope|bioreagent|aldrich|fluka|sigma|riedel|merck|tci-|\bbpbio|hms\d|\binchi|\bevr\b|"
    r"pharmakon|microcrystalline|dsstox|nchem|ncistruc|idi\d|starbld|\bkm\d|\ben\d{3}|\bna ?\d{4}|\bun ?\d{4}|"
    r"un number|uncode|\bq\d{5,}|\bf\d{4}-\d{4}|\bsc-\d|\bft-\d|\bw-\d{4}|\bs\d{4}_|\bv\d{4}|\bcc-\d|\bbc\d{4}|"
    r"dea no|dea code|no\. ?\d|e ?number|\be\d{3}[a-z]?\b|synonym|\bpc-\w{4}|\bp\d{5}|\bm\d{4}|\bt\d{4}|\bo\d{4}",
    re.IGNORECASE,
)
GRADE = re.compile(
    r"%|\bgrade\b|reagent|standard|\bsolutions?\b|puriss|purum|\bacs\b|hplc|\bgc\b|\bsaj\b|\bar\b|\bgr\b|\bpolymer|copolymer|"
    r"polystyrene|\bconcentrated\b|\bstabili[sz]ed|\binhibit|\bcylinder|\bampule|\bpesti|\btest\b|\bkit\b|\bpurity\b|"
    r"\bfor \w+|\bsuitable|\bultra|\belectronic|\bwaste|reagent|titrat|volumetric|\bnormal\b|\bbuffer|\bsynthesis\b|"
    r"\bppm\b|\bmg\b|ug/|mg/|\bmol/l|\bsure/seal|\bpieces\b|\bpowder|\bchips\b|\bbead|\bspecial order|\bmixture",
    re.IGNORECASE,
)
MOJIBAKE = re.compile(r"[|?\\{}<>^~_\ufffd\u00a1\u00bf]|inverted exclamation|\b[a-z]\xa1|\((?:nos|or)\)", re.IGNORECASE)
LOST_GREEK = re.compile(r"\|([abg])(?=[-'rs,)\]])", re.IGNORECASE)
"""A Greek letter that an old encoding has turned into a bar and a Latin one."""
GREEK = {"a": "alpha", "b": "beta", "g": "gamma"}
ISOTOPE = re.compile(r"\[\d+[A-Z]")
INVERTED = re.compile(r"^[^,]*[a-z\])'][^,]*,\s?.*-(?:$|,|\s\()", re.IGNORECASE)
LOCANTS = re.compile(r"\d+[,-]|\(\w+\)|-\d|[a-z]-[a-z]+\(|\b(?:alpha|beta|n|o)-", re.IGNORECASE)

ORDINARY_WORDS = frozenset(
    """acid acids ether ethers salt salts solvent chloride chlorides iodide iodides sulfate sulphate sulfates
    sulphates hydrochloride hydrochlorides hydrobromide sulfuric hydrogen maleate tartrate formate nitrate
    methane ethane propane alcohol ketone ketones amine amines aldehyde oxide phosphide manganese potassium
    sodium calcium ammonium anhydride lactone diol glycol solution mixture anesthesia anaesthesia speed
    crystal crystals crystalline amorphous violet black white yellow spirit spirits vitriol fertilizer
    natural""".split()  # noqa: SIM905
)
"""Words that mean ordinary goods when they stand alone."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A CAS number of the watchlist."""

    substance: str
    form: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the package's identifier tables."""

    cas: str
    iupac: str
    names: tuple[str, ...]
    molecules: frozenset[str]
    """SMILES of its molecules: a salt's base and acid apart."""
    isotopic: bool
    ion: bool


def read_listed(folder: Path) -> tuple[dict[str, Listed], dict[str, set[str]]]:
    """Reads the CAS numbers that substances claim, and the names written into their files.

    Args:
        folder: folder of the substances' TOML files.

    Returns:
        CAS number to claim, and folded hand-written name to the slugs that bear it.
    """
    listed: dict[str, Listed] = {}
    written: dict[str, set[str]] = defaultdict(set)
    for path in sorted(folder.glob("*.toml")):
        with path.open("rb") as file:
            substance = tomllib.load(file)
        for cas in substance["cas"]:
            listed[cas] = Listed(substance["id"], form=False)
        for form in substance["forms"]:
            if form["verified"] != "no":
                listed[form["cas"]] = Listed(substance["id"], form=True)
        for name in substance["names"]:
            written[fold(name["text"])].add(substance["id"])
    return listed, written


def tables_folder() -> Path:
    """Returns the package's folder of identifier tables, found without importing the package."""
    spec = importlib.util.find_spec("chemicals")
    if spec is None or spec.origin is None:
        sys.exit("the `chemicals` package is not installed: run `make setup` first")
    return Path(spec.origin).parent / "Identifiers"


def read_rows(folder: Path) -> Iterator[Row]:
    """Yields the rows of all identifier tables, in the tables' order."""
    for table in TABLES + ION_TABLES:
        with (folder / table).open(encoding="utf-8") as file:
            for line in file:
                cells = line.rstrip("\n").split("\t")
                yield Row(
                    cas=cells[CAS_COLUMN],
                    iupac=cells[IUPAC_COLUMN] if len(cells) > IUPAC_COLUMN else "",
                    names=tuple(cells[IUPAC_COLUMN:]),
                    molecules=frozenset(cells[SMILES_COLUMN].split(".") if len(cells) > SMILES_COLUMN else ()),
                    isotopic=bool(ISOTOPE.search(cells[SMILES_COLUMN])) if len(cells) > SMILES_COLUMN else False,
                    ion=table in ION_TABLES,
                )


def fold(text: str) -> str:
    """Folds a name for comparison: case, width, spaces and Greek letters."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    for letter, word in (("\u03b1", "alpha"), ("\u03b2", "beta"), ("\u03b3", "gamma")):
        folded = folded.replace(letter, word)
    return re.sub(r"\s+", "", folded)


def split_cell(cell: str) -> list[str]:
    """Splits a cell that holds a whole list of names; leaves `base;acid` names whole."""
    parts = [part.strip() for part in cell.split(";")]
    filled = [part for part in parts if part]
    if len(filled) >= CONCATENATED_PARTS or (len(filled) == 1 and len(parts) > 1):
        return filled
    return [cell.strip()]


def strip_tags(text: str) -> tuple[str, str, bool]:
    """Takes trailing tags such as `[german]`, `(9ci)` or `[inn]` off a name.

    Returns:
        The name, its language, and whether it was tagged as an INN.
    """
    language, is_inn = "en", False
    while match := TAG.search(text):
        tag = match[1].casefold()
        if not KNOWN_TAG.match(tag):
            break
        language = LANGUAGE_TAGS.get(tag, INN_TAGS.get(tag, language))
        is_inn = is_inn or tag.startswith("inn")
        text = text[: match.start()].rstrip(" ,")
    return text, language, is_inn


def tidy(text: str) -> str:
    """Repairs the tables' ways of writing Greek letters and signs."""
    text = re.sub(r"\.(alpha|beta|gamma|delta|psi|omega)\.", r"\1", text, flags=re.IGNORECASE)
    text = text.replace(".+/-.", "+/-").replace(".+-.", "+/-").replace("(+-)", "(+/-)")
    text = LOST_GREEK.sub(lambda found: GREEK[found[1].casefold()], text)
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text)).strip(" ,.")


def refusal(text: str) -> str | None:
    """Returns why a text is no name worth having, or None when it is one."""
    letters = max((len(run) for run in re.findall(r"[^\W\d_]+", text)), default=0)
    if letters < MIN_LETTERS:
        return "code or abbreviation"
    if len(text) > MAX_LENGTH or text.count("(") != text.count(")") or text.count("[") != text.count("]"):
        return "broken text"
    if MOJIBAKE.search(text) or text[0] in ")]-,;:" or text.endswith(("(", "[")):
        return "broken text"
    if CODE.search(text):
        return "registry code"
    if GRADE.search(text):
        return "grade, solution or mixture"
    if text.casefold() in ORDINARY_WORDS:
        return "ordinary word"
    if ";" in text:
        return "base and acid written apart"
    if re.search(r"\d{2,7}-\d\d-\d", text):
        return "number inside"
    if re.fullmatch(r"[a-z]+[ -]?\d{2,}\w*", text, re.IGNORECASE) and letters < MIN_LETTERS + 2:
        return "code or abbreviation"
    return None


def kind_of(text: str, form: bool, iupac: bool, inn: bool) -> str:
    """Returns the kind of a name, as the watchlist words it."""
    if form:
        return "form"
    if inn:
        return "inn"
    if INVERTED.match(text):
        return "cas-inverted"
    if iupac:
        return "iupac"
    return "systematic" if LOCANTS.search(text) else "common"


def read_patterns(path: Path, table: str) -> dict[str, list[re.Pattern[str]]]:
    """Reads hand-kept patterns of names (`refused` or `trade`), by substance; `*` stands for all."""
    with path.open("rb") as file:
        entries = tomllib.load(file)[table]
    refused: dict[str, list[re.Pattern[str]]] = defaultdict(list)
    for entry in entries:
        refused[entry["substance"]].append(re.compile(entry["pattern"], re.IGNORECASE))
    return refused


def compare_key(part: str) -> str:
    """Folds a raw cell as its tidied name would fold; the short way serves nine cells in ten."""
    if part.isascii() and not set(".|") & set(part) and "+-" not in part and part[-1:] not in "]), ":
        return "".join(part.casefold().split()).strip(",")
    return fold(tidy(strip_tags(tidy(part))[0]))


def bearers_of(candidates: set[str], rows: list[Row], listed: dict[str, Listed]) -> dict[str, set[str]]:
    """Maps folded names to who bears them: slugs for listed CAS numbers, CAS numbers for all others.

    Isotopic rows are left out, and rows of unlisted salts and other CAS numbers of a listed molecule: the tables repeat
    the plain name there.
    """
    bearers: dict[str, set[str]] = defaultdict(set)
    own = {
        molecule
        for row in rows
        if row.cas in listed and not listed[row.cas].form and not row.ion and len(row.molecules) == 1
        for molecule in row.molecules
    }
    for row in rows:
        if row.isotopic or (row.cas not in listed and row.molecules & own):
            continue
        for cell in row.names:
            for part in split_cell(cell) if ";" in cell else (cell,):
                key = compare_key(part)
                if key in candidates:
                    bearers[key].add(listed[row.cas].substance if row.cas in listed else row.cas)
    return bearers


def read_candidates(rows: list[Row], listed: dict[str, Listed], left_out: Counter[str]) -> list[dict[str, str]]:
    """Reads the usable names of the listed CAS numbers, the substance's own before its forms'.

    Args:
        rows: all rows of the identifier tables.
        listed: CAS number to claim.
        left_out: counts, by reason; added to.

    Returns:
        Lines of the output, unsorted, with repetitions.
    """
    source = f"chemicals {version('chemicals')} (MIT), identifier tables"
    refused, trade = read_patterns(REFUSED, "refused"), read_patterns(REFUSED, "trade")
    lines = []
    mine = [row for row in rows if row.cas in listed and not row.isotopic and not row.ion]
    for row in sorted(mine, key=lambda row: (listed[row.cas].form, row.cas)):
        claim = listed[row.cas]
        for cell in row.names:
            for part in split_cell(cell):
                stripped, language, inn = strip_tags(tidy(part))
                text = tidy(stripped)
                if not text or text == row.cas:
                    continue
                brand = any(p.search(text) for p in trade[claim.substance])
                reason = refusal(text)
                if brand and reason == "code or abbreviation":
                    reason = None  # a grade's designation: a hand-kept pattern vouches for it
                if reason is None and any(p.search(text) for p in refused[claim.substance] + refused["*"]):
                    reason = "refused by hand"
                if reason is not None:
                    left_out[reason] += 1
                    continue
                kind = kind_of(text, claim.form, cell == row.iupac, inn)
                if brand:
                    kind = "trade"
                cas = row.cas if claim.form else ""
                lines.append(dict(zip(COLUMNS, (claim.substance, text, language, kind, source, cas), strict=True)))
    return lines


def collect(
    rows: list[Row], listed: dict[str, Listed], written: dict[str, set[str]]
) -> tuple[list[dict[str, str]], Counter[str]]:
    """Collects the names of listed CAS numbers that no other chemical bears.

    Args:
        rows: all rows of the identifier tables.
        listed: CAS number to claim.
        written: folded hand-written name to slugs; a name written for another substance is not taken.

    Returns:
        The lines of the output in order, and how many texts were left out for which reason.
    """
    left_out: Counter[str] = Counter()
    candidates = read_candidates(rows, listed, left_out)
    bearers = bearers_of({fold(line["text"]) for line in candidates}, rows, listed)
    taken: dict[tuple[str, str], dict[str, str]] = {}
    for line in candidates:
        folded, slug = fold(line["text"]), line["substance"]
        if bearers[folded] - {slug}:
            left_out["borne by several chemicals"] += 1
        elif written.get(folded, {slug}) != {slug}:
            left_out["written for another substance"] += 1
        elif (slug, folded) not in taken or taken[slug, folded]["language"] == "en" != line["language"]:
            taken[slug, folded] = line
    lines = sorted(taken.values(), key=lambda x: (x["substance"], x["cas"], x["text"].casefold(), x["text"]))
    return lines, left_out


def render(lines: list[dict[str, str]]) -> str:
    """Renders the lines as CSV with a header and plain line feeds."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(lines)
    return text.getvalue()


def main() -> None:
    """Writes the file, or prints what was left out."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--out", type=Path, default=OUTPUT)
    arguments.add_argument("--report", action="store_true", help="print how many texts were left out, and why")
    options = arguments.parse_args()
    listed, written = read_listed(SUBSTANCES)
    rows = list(read_rows(tables_folder()))
    lines, left_out = collect(rows, listed, written)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(render(lines), encoding="utf-8")
    if options.report:
        sys.stdout.write(f"{len(lines)} names of {len({line['substance'] for line in lines})} substances\n")
        for reason, count in left_out.most_common():
            sys.stdout.write(f"{count:6} left out: {reason}\n")


if __name__ == "__main__":
    main()
