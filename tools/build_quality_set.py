"""Build the project's own public quality set from the `chemicals` package and the hand-written lines, the same always.

    python tools/build_quality_set.py [FROM [TO]]

FROM has the key and the hand-written lines, TO gets the two files; both are `quality` if not given.

Everything chosen is chosen by the SHA-256 of its text, so that neither a clock nor a random generator takes part.
"""

import csv
import importlib.util
import sys
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from pathlib import Path

from rapidfuzz import fuzz, process
from rdkit import Chem, RDLogger

TABLES = ("chemical identifiers pubchem large.tsv", "chemical identifiers pubchem small.tsv", "Inorganic db.tsv")
NAME_COLUMNS = ("record_id", "set", "description", "label_substance", "label_cas", "label_kind", "label_language")
STRUCTURE_COLUMNS = (
    "record_id", "set", "smiles", "label_substance", "label_cas", "label_expect", "label_nearest", "label_tanimoto",
)  # fmt: skip
PROVENANCE = ("source", "licence")
WATCHLISTS = Path(__file__).resolve().parents[1] / "watchlists"
FROM_CHEMICALS = ("chemicals (PyPI), identifier tables", "MIT")
FROM_US = ("written for this project", "Apache-2.0")

NAMES_PER_CAS = 4
TYPOS_1, TYPOS_2 = 220, 160
BENIGN, HARD_CONTAINING, HARD_RESEMBLING = 400, 200, 250
PER_LISTED_NAME = 6
"""Look-alikes taken for one listed name, so that no single name fills the set."""
NOT_NAMES = frozenset({"oxytocic", "black phosphorus", "rhindecon"})
"""Synonyms in the tables that name a use, another form or nothing."""
RESEMBLES = 80.0
"""rapidfuzz `ratio` from which a lawful name counts as resembling a listed one."""

KEYBOARD = {
    "q": "wa", "w": "qes", "e": "wrd", "r": "etf", "t": "ryg", "y": "tuh", "u": "yij", "i": "uok", "o": "ipl",
    "p": "ol", "a": "qsz", "s": "adwx", "d": "sfec", "f": "dgrv", "g": "fhtb", "h": "gjyn", "j": "hkum", "k": "jli",
    "l": "kop", "z": "asx", "x": "zcs", "c": "xvd", "v": "cbf", "b": "vng", "n": "bmh", "m": "njk",
}  # fmt: skip
CARRIERS = ("{}", "{}", "{}", "{} 25 KG DRUMS", "DRUMS OF {}", "{} TECHNICAL GRADE", "{}, for laboratory use")

EXCUSED = frozenset({"VEXZGXHMUGYJMC", "QAOWNCQODCNURD", "XMBWDFGMSWQBCA", "XLYOFNOQVPJJNP"})
"""Skeletons of HCl, H2SO4, HI and water: a salt or hydrate of something lawful stays lawful."""
NOT_ASKED = tuple(
    Chem.MolFromSmarts(smarts)
    for smarts in (
        "[#6]OC(=O)Cc1ccccc1",  # esters of phenylacetic acid
        "Nc1ccccc1C(=O)O",  # anthranilic acid, its amides and esters
        "N(c1ccccc1)C1CCN(*)CC1",  # 4-anilinopiperidines
        "N(c1ccccc1)C1CCNCC1",
        "O=C1CCNCC1",  # 4-piperidones
        "CC(=O)Cc1ccc2OCOc2c1",
        "CC(=O)C([#6])c1ccccc1",
        "CC(N)Cc1ccccc1",  # amphetamines are drugs, a question for another list
        "CC(N)C(O)c1ccccc1",
        "CC(N)C(=O)c1ccccc1",
        "C1(C)OC1c1ccccc1",
        "c1ccc2c3c1C1=CCNCC1Cc3cn2",  # ergolines
        "[PX2](=O)[#8]",  # hypophosphites, as the tables spell them
        "[PX4;H2](=O)[#8]",
        "[IX0,$(I-I)]",  # iodine itself, in complexes too
    )
)


@dataclass(frozen=True, slots=True)
class Chemical:
    """One row of an identifier table."""

    cas: str
    smiles: str
    inchikey: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """One listed substance of the key."""

    substance: str
    cas: tuple[str, ...]
    smiles: str
    whole: bool


def order(text: str) -> str:
    """Return a key that orders texts as good as at random, the same always."""
    return sha256(text.encode()).hexdigest()


def draw(seed: str, below: int) -> int:
    """Return a number from 0 to `below` - 1 that depends on the seed alone."""
    return int.from_bytes(sha256(seed.encode()).digest()[:8]) % below


def chemicals() -> Iterator[Chemical]:
    """Read the identifier tables, each CAS number once."""
    spec = importlib.util.find_spec("chemicals")
    assert spec is not None
    assert spec.origin is not None
    seen: set[str] = set()
    for table in TABLES:
        with (Path(spec.origin).parent / "Identifiers" / table).open(encoding="utf-8") as file:
            for line in file:
                cells = line.rstrip("\n").split("\t")
                if cells[1] not in seen:
                    seen.add(cells[1])
                    yield Chemical(cells[1], cells[4], cells[6], tuple(filter(readable, dict.fromkeys(cells[7:]))))


def readable(name: str) -> bool:
    """Return whether a synonym reads as a name: mostly letters, not a catalogue or registry code."""
    letters = sum(c.isalpha() for c in name)
    longest = max((len(word) for word in "".join(c if c.isalpha() else " " for c in name).split()), default=0)
    fits = 5 <= len(name) <= 90 and letters >= 0.6 * len(name) and longest >= 5
    return fits and name not in NOT_NAMES and not set("|%$_").intersection(name) and " in " not in name


def read_key(path: Path) -> list[Listed]:
    """Read the listed substances with every CAS number that counts as one."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Listed(
                row["substance"],
                tuple(f"{row['cas_verified_by_structure']} {row['cas_unverified']}".split()),
                row["smiles"],
                row["whole_molecule_only"] == "1",
            )
            for row in csv.DictReader(file)
        ]


@dataclass(frozen=True)
class Lawful:
    """The chemicals that no instrument here lists, nor nearly: what is doubtful is left out, not labelled."""

    candidates: list[Chemical]
    skeletons: frozenset[str]

    def first(self, seed: str, count: int, but: set[str]) -> list[Chemical]:
        """Return so many of them, as good as at random, without those whose CAS number is in `but`."""
        ordered = sorted(self.candidates, key=lambda chemical: order(f"{chemical.cas} {seed}"))
        return list(islice((c for c in ordered if c.cas not in but and c in self), count))

    def __contains__(self, chemical: Chemical) -> bool:
        return not doubtful(chemical, self.skeletons)


def lawful_of(table: Iterable[Chemical], listed: list[Listed]) -> Lawful:
    """Return the lawful chemicals of the tables; each is looked at when it is chosen, since most never are."""
    cas = {number for substance in listed for number in substance.cas}
    skeletons = frozenset(inchikey_skeleton(s.smiles) for s in listed if s.smiles) - {""}
    return Lawful([c for c in table if c.cas not in cas and c.names], skeletons)


def inchikey_skeleton(smiles: str) -> str:
    """Return the first block of the InChIKey, or nothing where the structure cannot be read."""
    molecule = Chem.MolFromSmiles(smiles)
    return "" if molecule is None else Chem.MolToInchiKey(molecule)[:14]


def doubtful(chemical: Chemical, skeletons: frozenset[str]) -> bool:
    """Return whether a chemical is, contains, or is a relative of a listed one."""
    if chemical.inchikey[:14] in skeletons:
        return True
    molecule = Chem.MolFromSmiles(chemical.smiles)
    if molecule is None or any(atom.GetAtomicNum() == 15 and atom.GetDegree() == 0 for atom in molecule.GetAtoms()):
        return True
    if any(molecule.HasSubstructMatch(pattern) for pattern in NOT_ASKED):
        return True
    parts = chemical.smiles.split(".")
    return len(parts) > 1 and any(inchikey_skeleton(part) in skeletons - EXCUSED for part in parts)


def misspell(name: str, edits: int, seed: str, known: set[str]) -> str | None:
    """Return the name with typing errors in its letters, or None where every try is a name by itself.

    Digits, locants and the first letter stay: an edit there names another substance, or is no typing error.
    """
    for attempt in range(8):
        text = name
        for edit in range(edits):
            text = one_error(text, f"{seed} {attempt} {edit}")
        if text != name and text not in known:
            return text
    return None


def one_error(text: str, seed: str) -> str:
    """Return the text with one keyboard neighbour, doubled, dropped or transposed letter."""
    places = [
        i for i in range(1, len(text) - 1) if text[i - 1].isalpha() and text[i].isalpha() and text[i + 1].isalpha()
    ]
    if not places:
        return text
    at = places[draw(f"{seed} place", len(places))]
    kind = draw(f"{seed} kind", 4)
    letter = text[at]
    if kind == 0 and letter in KEYBOARD:
        near = KEYBOARD[letter]
        return text[:at] + near[draw(f"{seed} key", len(near))] + text[at + 1 :]
    if kind == 1:
        return text[:at] + letter + text[at:]
    if kind == 2:
        return text[:at] + text[at + 1 :]
    return text[:at] + text[at + 1] + letter + text[at + 2 :]


def carried(name: str) -> str:
    """Return the name as a line of goods: half of them bare, some in capitals."""
    text = name.upper() if draw(f"{name} capitals", 3) == 0 else name
    return CARRIERS[draw(f"{name} carrier", len(CARRIERS))].format(text)


def listed_names(table: list[Chemical], listed: list[Listed]) -> list[tuple[str, Listed, str]]:
    """Return names of listed substances with substance and CAS; a name that another chemical also has is left out."""
    owners = Counter(name for chemical in table for name in set(chemical.names))
    by_cas = {chemical.cas: chemical for chemical in table}
    return [
        (name, substance, cas)
        for substance in listed
        for cas in substance.cas
        if cas in by_cas
        for name in [n for n in by_cas[cas].names if owners[n] == 1][:NAMES_PER_CAS]
    ]


def look_alikes(lawful: Lawful, names: list[str]) -> Iterator[tuple[str, str, str]]:
    """Yield lawful names that contain or resemble a listed one: name, CAS, and which one how."""
    by_name = {name: c for c in lawful.candidates for name in (c.names[0], c.names[-1])}
    chosen = sorted(by_name, key=order)
    taken: set[str] = set()
    short = sorted({name for name in names if name.isalpha() or len(name) <= 22}, key=lambda n: (-len(n), n))
    found = ((name, next((s for s in short if s in name and s != name), None)) for name in chosen)
    containing = ((name, inside, f"contains {inside}") for name, inside in found if inside)
    resembling = (
        (name, names[int(row.argmax())], f"resembles {names[int(row.argmax())]} {row.max():.0f}")
        for start in range(0, len(chosen), 5_000)
        for name, row in zip(
            chosen[start : start + 5_000],
            process.cdist(chosen[start : start + 5_000], names, scorer=fuzz.ratio, score_cutoff=RESEMBLES),
            strict=True,
        )
        if row.max()
    )
    for pairs, most in ((containing, HARD_CONTAINING), (resembling, HARD_RESEMBLING)):
        used: Counter[str] = Counter()
        for name, listed, why in pairs:
            chemical = by_name[name]
            if used.total() == most:
                break
            if used[listed] < PER_LISTED_NAME and chemical.cas not in taken and chemical in lawful:
                used[listed] += 1
                taken.add(chemical.cas)
                yield name, chemical.cas, why


def name_rows(table: list[Chemical], listed: list[Listed], lawful: Lawful, folder: Path) -> Iterator[tuple[str, ...]]:
    """Yield every row of names.csv without its number: set, text, labels, provenance."""
    known = {name for chemical in table for name in chemical.names}
    named = listed_names(table, listed)
    for name, substance, cas in named:
        yield ("public-name", carried(name), substance.substance, cas, "synonym", "en", *FROM_CHEMICALS)
    for edits, limit, least in ((1, TYPOS_1, 6), (2, TYPOS_2, 10)):
        long_enough = [x for x in named if sum(c.isalpha() for c in x[0]) >= least]
        written = 0
        for name, substance, cas in sorted(long_enough, key=lambda x: order(f"{x[0]} {edits}")):
            wrong = misspell(name, edits, f"{name} {edits}", known)
            if wrong is not None and written < limit:
                written += 1
                label = f"typing error in {name}"
                yield (f"public-typo{edits}", carried(wrong), substance.substance, cas, label, "en", *FROM_CHEMICALS)
    hard = list(look_alikes(lawful, sorted({name for name, _, _ in named})))
    for name, cas, why in hard:
        yield ("public-hard", carried(name), "", cas, why, "en", *FROM_CHEMICALS)
    for chemical in lawful.first("name", BENIGN, {cas for _, cas, _ in hard}):
        yield ("public-chemical", carried(chemical.names[0]), "", chemical.cas, "synonym", "en", *FROM_CHEMICALS)
    yield from phrases(listed, WATCHLISTS)
    with (folder / "own_lines.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            told = (row["label_substance"], "", row["label_kind"], row["label_language"])
            yield (row["set"], row["description"], *told, *FROM_US)


def phrases(listed: list[Listed], watchlists: Path) -> Iterator[tuple[str, ...]]:
    """Yield the lines of the instruments as the law prints them, each with the substances it means."""
    by_cas = {cas: substance.substance for substance in listed for cas in substance.cas}
    cas_of = {}
    for path in sorted((watchlists / "substances").glob("*.toml")):
        substance = tomllib.loads(path.read_text(encoding="utf-8"))
        cas_of[substance["id"]] = [cas for cas in substance["cas"] if cas in by_cas]
    for path in sorted((watchlists / "instruments").glob("*.toml")):
        instrument = tomllib.loads(path.read_text(encoding="utf-8"))
        for entry in instrument["entry"]:
            numbers = [cas for slug in entry["substances"] for cas in cas_of.get(slug, ())]
            if numbers:
                label = (by_cas[numbers[0]], " ".join(numbers), "statute phrase", "en")
                yield ("public-phrase", entry["printed"], *label, instrument["short"], "public law")


def structure_rows(table: list[Chemical], listed: list[Listed], lawful: list[Chemical]) -> Iterator[tuple[str, ...]]:
    """Yield every row of structures.csv without its number: listed ones as found and as salts, and lawful ones."""
    by_cas = {chemical.cas: chemical for chemical in table}
    for substance in listed:
        cas = " ".join(substance.cas)
        told = (substance.substance, cas, "match", "", "")
        spellings = {by_cas[c].smiles for c in substance.cas if c in by_cas} | {substance.smiles}
        for smiles in sorted(spellings - {""}):
            yield ("public-structure", smiles, *told, *FROM_CHEMICALS)
        if substance.smiles and not substance.whole and "N" in substance.smiles and "." not in substance.smiles:
            yield ("public-structure-salt", f"{substance.smiles}.Cl", *told, *FROM_CHEMICALS)
    for chemical in lawful.first("structure", BENIGN, set()):
        yield ("public-structure-benign", chemical.smiles, "", chemical.cas, "none", "", "", *FROM_CHEMICALS)


def write(path: Path, columns: tuple[str, ...], prefix: str, rows: Iterable[tuple[str, ...]]) -> Counter[str]:
    """Write the rows, numbered, a text once in its set; return the rows of each set."""
    counts: Counter[str] = Counter()
    seen: defaultdict[str, set[str]] = defaultdict(set)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow((*columns, *PROVENANCE))
        for row in rows:
            if row[1] not in seen[row[0]]:
                seen[row[0]].add(row[1])
                counts[row[0]] += 1
                writer.writerow((f"{prefix}{counts.total():05d}", *row))
    return counts


def main(folder: Path, target: Path) -> None:
    """Write names.csv and structures.csv from the key and the hand-written lines."""
    RDLogger.DisableLog("rdApp.*")
    listed = read_key(folder / "substances_key.csv")
    table = list(chemicals())
    lawful = lawful_of(table, listed)
    names = write(target / "names.csv", NAME_COLUMNS, "p", name_rows(table, listed, lawful, folder))
    structures = write(target / "structures.csv", STRUCTURE_COLUMNS, "ps", structure_rows(table, listed, lawful))
    for name, count in sorted((names + structures).items()):
        print(f"{name:26} {count:5}")


if __name__ == "__main__":
    places = [Path(argument) for argument in sys.argv[1:3]] or [Path("quality")]
    main(places[0], places[-1])
