"""Which form of a listed substance was seen: salt, hydrate, stereoisomer, isotopologue, or a derivative."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from app.chemistry.structure import Part
from app.watchlist.model import Substance


@dataclass(frozen=True, slots=True)
class SeenForm:
    """What stands between the goods and the listed substance; everything empty for the substance itself."""

    salt: str = ""
    """The counter-ion, or the name of the salt."""
    isomer: str = ""
    """The stereoisomer, where it is another than the listed one."""
    hydrate: bool = False
    labelled: bool = False
    """An isotope was drawn."""
    relation: str = ""
    """ester, ether, amide, carbamate, halide or acetal of the listed substance."""
    is_named: bool = False
    """True where `salt` is the name of the whole salt, not of what is removed."""

    @property
    def words(self) -> str:
        """The form in words; empty for the substance itself."""
        parts = [f"{self.relation} of it"] if self.relation else []
        parts += [self.isomer] if self.isomer else []
        parts += ["isotope-labelled"] if self.labelled else []
        parts += (
            [self.salt if self.salt.endswith("salt") or self.is_named else f"{self.salt} salt"] if self.salt else []
        )
        parts += ["hydrate"] if self.hydrate else []
        return ", ".join(parts)


PARENT = SeenForm()
"""The listed substance itself."""

OTHER_ISOMER = "another stereoisomer"

_SIGN = re.compile(r"\((\+/-|[+±−-])\)|(?<![a-z])(dl|rac)-", re.IGNORECASE)
"""The sign of rotation before a name; keys of names do not have it."""

_IONS = {
    "Cl": "hydrochloride",
    "Br": "hydrobromide",
    "I": "hydroiodide",
    "O=S(=O)(O)O": "sulfate",
    "O=P(O)(O)O": "phosphate",
    "O=[N+]([O-])O": "nitrate",
    "CS(=O)(=O)O": "mesilate",
    "O=C(O)C(O)C(O)C(=O)O": "tartrate",
    "O=C(O)C=CC(=O)O": "maleate or fumarate",
    "[Na+]": "sodium salt",
    "[Na]": "sodium salt",
    "[K+]": "potassium salt",
    "[K]": "potassium salt",
    "[Li+]": "lithium salt",
    "[NH4+]": "ammonium salt",
    "N": "ammonium salt",
    "[Ca+2]": "calcium salt",
    "[Mg+2]": "magnesium salt",
}
WATER = "O"

_ACIDS = (
    r"(?:di|hemi|bi|mono|hydrogen)?(?:hydrochloride?|hydrobromide?|hydroiodide?|sul(?:f|ph)ate?|phosphate?|nitrate?|tartrate"
    r"|maleate|malonate|mes[yi]late|bes[yi]late|tos[yi]late|fumarate|succinate|saccharinate|oxalate|citrate|tannate"
    r"|picrate|perchlorate|tetrafluoroborate|hexafluorophosphate|triflate|trifluoroacetate|camphorsulfonate|lactate"
    r"|polistirex|resinate|thiocyanate|formate)s?"
)
_LATIN = (
    r"c(?:h)?lor(?:h|)idrato|chlorhydrate?|cloridrato|clorhidrato|sulfato|solfato|hcl|сульфат|гидрохлорид|盐酸盐|硫酸盐"
)
_METALS = r"(?:di)?(?:sodium|potassium|ammonium|lithium|calcium|magnesium|cadmium|zinc|natrium|kalium)"
_SALT_NAME = re.compile(rf"(?<![a-z])(?:{_ACIDS}|{_LATIN})(?![a-z])|盐酸|硫酸", re.IGNORECASE)
_METAL_NAME = re.compile(rf"(?<![a-z]){_METALS}(?![a-z])|piperidinium", re.IGNORECASE)
_SALT_STEMS = ("at", "chlor", "brom", "odid", "hcl", "rex", "льфат", "хлорид", "盐酸", "硫酸")
_METAL_STEMS = ("um", "zin")
"""One of them is in everything that the two patterns find: most names have none."""
_MALONIC_ESTER = re.compile(r"(?<![a-z])(?:di)?m?ethyl(?![a-z]).*(?<![a-z])malonate(?![a-z])", re.IGNORECASE)
"""Esters of malonic acid end like its salts."""
_SALT_WORD = re.compile(r"(?<![a-z])(?:salt|sal|sel|salz|sale)(?![a-z])", re.IGNORECASE)
_HYDRATE = re.compile(r"(?<![a-z])(?:hemi|mono|di|tri|sesqui)?hydrate(?![a-z])", re.IGNORECASE)
_ISOTOPE = r"\[?(?:d[1-9][0-9]?|\^?[23]h[0-9]{0,2}|\^?1[1345][cn][0-9]{0,2})\]?"
_LABELLED = (
    rf"(?:(?:per)?deuter(?:at|iat)?ed|deuteriert\w*|deuterad[oa]s?|deut[eé]ri[eé]e?s?|дейтериро\w*"
    rf"|(?:{_ISOTOPE}|isotop\w*|deuterium)[-\s]*labell?ed)"
)
_LABEL_AFTER = re.compile(
    rf"\s?(?:[-(]\s?)?{_ISOTOPE}(?![a-z0-9])\)?|[-,(\s]{{1,3}}{_LABELLED}(?![a-z])\)?", re.IGNORECASE
)
_LABEL_BEFORE = re.compile(
    rf"(?:(?<![a-z0-9])\(?{_ISOTOPE}\)?[-\s]+|(?<![^\W_]){_LABELLED}\s|deuterio-?\s?|氘代)$", re.IGNORECASE
)
"""`acetone-d6`, `acetone d6`, `[2H6]-acetone`, `deuterated acetone`, `acetone, 13C labelled`."""
_NEXT_WORDS = re.compile(r"[\s,(-]*((?:[^\W\d_]+[\s-]*){0,2})")


def form_of_words(name: str, after: str = "", before: str = "") -> SeenForm:
    """Read the form from a name.

    Args:
        name: the words that named the substance.
        after: what follows them in the description; an isotope label and two words of it are read.
        before: what stands before them; read for an isotope label.

    Returns:
        Salt, hydrate and label as the words say; the substance itself where they say nothing.
    """
    label = _LABEL_AFTER.match(after)
    following = _NEXT_WORDS.match(after, label.end() if label else 0)
    form = _form_of(name, following[1] if following else "")
    return replace(form, labelled=True) if label or _LABEL_BEFORE.search(before) else form


@lru_cache(maxsize=16_384)
def _form_of(name: str, following: str) -> SeenForm:
    text = f"{name} {following}"
    low = text.lower()
    salt = _SALT_NAME.search(text) if any(stem in low for stem in _SALT_STEMS) else None
    if salt is None and any(stem in low for stem in _METAL_STEMS):
        salt = _METAL_NAME.search(name)
    if salt is not None and _MALONIC_ESTER.search(name):
        salt = None
    words = salt[0].lower() if salt else ""
    if salt is None and _SALT_WORD.search(text):
        words = "salt"
    elif salt is not None and _METAL_NAME.fullmatch(words):
        words = f"{words} salt"
    return SeenForm(salt="hydrochloride" if words == "hcl" else words, hydrate=bool(_HYDRATE.search(text)))


def form_of_parts(others: Iterable[Part]) -> SeenForm:
    """Read the form from the molecules that are drawn beside the listed one.

    Args:
        others: the other molecules of the structure.

    Returns:
        A hydrate for water, a salt for anything else; the substance itself where there is no other.
    """
    others = list(others)
    ions = dict.fromkeys(_IONS.get(part.skeleton, f"salt or adduct with {part.skeleton},") for part in others)
    waters = any(part.skeleton == WATER for part in others)
    ions.pop(f"salt or adduct with {WATER},", None)
    return SeenForm(salt=" and ".join(ions).rstrip(","), hydrate=waters)


def merged(forms: Iterable[SeenForm]) -> SeenForm:
    """Return what several clues for one substance say together.

    A derivative is only taken for one where every clue says so: where one clue names the substance itself, it is that.
    """
    forms = list(forms)
    if not forms:
        return PARENT
    if len(forms) == 1 and (forms[0].salt or not forms[0].is_named):
        return forms[0]
    relation = forms[0].relation if all(form.relation for form in forms) else ""
    return SeenForm(
        salt=next((form.salt for form in forms if form.salt), ""),
        isomer=next((form.isomer for form in forms if form.isomer), ""),
        hydrate=any(form.hydrate for form in forms),
        labelled=any(form.labelled for form in forms),
        relation=relation,
        is_named=next((form.is_named for form in forms if form.salt), False),
    )


def listed_forms(substance: Substance) -> dict[str, SeenForm]:
    """Return what each CAS number of a substance's forms stands for.

    Args:
        substance: a substance with its forms.

    Returns:
        CAS number to form. A racemate that is itself what the law lists, or a form whose stereochemistry is left open,
        is no other isomer.
    """
    isomers = [form.name for form in substance.forms if form.kind == "isomer"]
    seen = {}
    for form in substance.forms:
        words = form_of_words(form.name)
        is_named = form.kind == "salt" and not words.salt
        salt = form.name if is_named else words.salt
        isomer = form.name if form.kind == "isomer" else next((name for name in isomers if name in form.name), "")
        if "unspecified" in isomer or "racemate" in isomer:
            isomer = ""
        seen[form.cas] = SeenForm(salt=salt, isomer=isomer, hydrate=words.hydrate, is_named=is_named)
    return seen


def isomer_signed(substance: Substance, written: str) -> str:
    """Return the isomer of a substance that a sign of rotation before its name means, empty for the listed one.

    Args:
        substance: the substance that was named.
        written: its name as it stands in the record, with what stands before it.
    """
    found = _SIGN.search(written)
    if found is None:
        return ""
    sign = {"+/-": "±", "−": "-"}.get(found[1], found[1]) if found[1] else "±"
    isomers = (form.name for form in substance.forms if form.kind == "isomer")
    return next((name for name in isomers if name.startswith(f"({sign})") or (sign == "±" and "rac" in name)), "")
