"""Identifiers written in text: CAS numbers with their usual damage, EC and UN numbers and InChIKeys."""

import re
from dataclasses import dataclass

from app.chemistry.cas import cas_is_valid, ec_is_valid

_HYPHENS = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\uff0d_", "-"))
_LOOK_ALIKES = str.maketrans("OoQDlI|iSsBZz", "0000111155822"[:13])
_CAS = re.compile(
    r"(?<![\dA-Za-z-])([0-9OoQlI|SB]{2,7})\s?-\s?([0-9OoQlI|SB]{2})\s?-\s?([0-9OoQlI|SB])(?![\dA-Za-z]|-\d)"
)
_CAS_PLAIN = re.compile(r"[1-9][0-9]{1,6}-[0-9]{2}-[0-9]")
_CAS_SPACED = re.compile(r"(?<![\d.-])(\d{2,7})\s(\d{2})\s(\d)(?![\d.,-])")
_CAS_BARE = re.compile(r"(?<![\d.-])0*(\d{5,10})(?:\.0+)?(?![\d,-])")
_CAS_DATE = re.compile(r"^(\d{4})-(\d{1,2})-0?(\d{1,2})(?:[T ]00:00:00)?$")
_CAS_LABEL = re.compile(r"\bcas(?:rn)?\b(?:\s*(?:no|nr|number|rn|#)\b\.?)?\s*[.:#=]?\s*$", re.IGNORECASE)
_EC = re.compile(r"(?<![\d-])(\d{3})\s?-\s?(\d{3})\s?-\s?(\d)(?![\d-])")
_EC_LABELLED = re.compile(
    r"\b(?:EC|EG|CE|EINECS|ELINCS)\b(?:\s*(?:no|nr|number|#)\b\.?)?\s*[.:#=]?\s*(\d{3})\s?(\d{3})\s?(\d)(?!\d|[.,-]\d)",
    re.IGNORECASE,
)
_UN = re.compile(r"\bUN(?:\s*(?:NO|NR|NUMBER|ID))?[\s.:#-]*(\d{4})\b", re.IGNORECASE)
_UN_FIELD = re.compile(r"^\s*(?:UN)?[\s.:#-]*0*(\d{3,4})(?:\.0)?\s*$", re.IGNORECASE)
_INCHIKEY = re.compile(r"\b([A-Z]{14})-([A-Z]{10})-[A-Z]\b")


@dataclass(frozen=True, slots=True)
class WrittenCas:
    """A CAS number as it was written and as it is meant."""

    cas: str
    written: str
    repaired: bool
    """True where hyphens, digits or spreadsheet damage were mended."""


def find_cas_in_text(text: str) -> tuple[WrittenCas, ...]:
    """Find CAS numbers in free text.

    A number with both hyphens counts wherever it stands, one with spaces or none only behind the word CAS. Look-alike
    letters are read as digits. The check digit must hold.

    Args:
        text: a description of goods.

    Returns:
        The valid numbers, in order, each once.
    """
    text = text.translate(_HYPHENS)
    found: dict[str, WrittenCas] = {}
    for match in _CAS.finditer(text) if "-" in text else ():
        _keep(found, "-".join(match.groups()), match.group())
    if "cas" in text.lower():
        for pattern in (_CAS_SPACED, _CAS_BARE):
            for match in pattern.finditer(text):
                if _CAS_LABEL.search(text[: match.start()]):
                    _keep(found, _hyphenated("".join(match.groups())), match.group())
    return tuple(found.values())


def find_cas_in_field(field: str) -> tuple[WrittenCas, ...]:
    """Find CAS numbers in a column that is meant for them: bare digits and dates a spreadsheet made are read as well.

    Args:
        field: the cell's text; it may hold several numbers.

    Returns:
        The valid numbers, in order, each once.
    """
    if _CAS_PLAIN.fullmatch(field) and cas_is_valid(field):
        return (WrittenCas(field, field, repaired=False),)
    field = field.translate(_HYPHENS)
    found: dict[str, WrittenCas] = {}
    date = _CAS_DATE.match(field.strip())
    if date:
        _keep(found, f"{date[1]}-{int(date[2]):02d}-{int(date[3])}", field.strip())
    for match in _CAS.finditer(field):
        _keep(found, "-".join(match.groups()), match.group())
    for pattern in (_CAS_SPACED, _CAS_BARE):
        for match in pattern.finditer(field):
            _keep(found, _hyphenated("".join(match.groups())), match.group())
    return tuple(found.values())


def _keep(found: dict[str, WrittenCas], written: str, shown: str) -> None:
    cas = written.translate(_LOOK_ALIKES)
    head, _, tail = cas.partition("-")
    cas = f"{head.lstrip('0')}-{tail}"
    if cas_is_valid(cas):
        found.setdefault(cas, WrittenCas(cas, shown, cas != shown))


def _hyphenated(digits: str) -> str:
    return f"{digits[:-3]}-{digits[-3:-1]}-{digits[-1]}"


def find_ec_numbers(text: str) -> tuple[str, ...]:
    """Find EC (EINECS, ELINCS) numbers in text.

    A number with both hyphens counts wherever it stands, one without only behind the word EC, EINECS or ELINCS. The
    check digit must hold.

    Args:
        text: a description of goods, or a cell that is meant for registry numbers.

    Returns:
        The valid numbers as `203-564-8`, in order, each once.
    """
    text = text.translate(_HYPHENS)
    written = ["-".join(match.groups()) for pattern in (_EC, _EC_LABELLED) for match in pattern.finditer(text)]
    return tuple(dict.fromkeys(number for number in written if ec_is_valid(number)))


def find_un_in_text(text: str) -> tuple[str, ...]:
    """Find UN numbers written as such ("UN 1715") in free text; four digits each, in order."""
    return tuple(dict.fromkeys(_UN.findall(text)))


def find_un_in_field(field: str) -> tuple[str, ...]:
    """Find the UN number in a column that is meant for it; a lost leading zero is put back."""
    match = _UN_FIELD.match(field)
    return (match[1].zfill(4),) if match else find_un_in_text(field)


def find_inchikeys(text: str) -> tuple[str, ...]:
    """Find standard InChIKeys in text, in order."""
    return tuple(dict.fromkeys(match.group() for match in _INCHIKEY.finditer(text)))


def subheading_of(field: str) -> str | None:
    """Return the six-digit HS subheading of a tariff code.

    Args:
        field: 4 to 12 digits with or without dots and spaces; a code of 5, 7, 9 or 11 digits has lost its leading zero.

    Returns:
        Six digits, None where fewer are given or it is no tariff code but a registry number that slipped in.
    """
    if cas_is_valid(field.strip()) or ec_is_valid(field.strip()):
        return None
    digits = re.sub(r"[\s.\-/]", "", field.removesuffix(".0") if re.fullmatch(r"\d+\.0", field.strip()) else field)
    if not digits.isascii() or not digits.isdigit() or not 4 <= len(digits) <= 12:
        return None
    if len(digits) % 2:
        digits = "0" + digits
    return digits[:6] if len(digits) >= 6 else None
