"""What an entry covers beside the substance itself: its clause held against the form that was seen."""

import re
from dataclasses import dataclass

from app.domain.words import Verdict
from app.screening.forms import PARENT, SeenForm
from app.watchlist.model import Clause

DERIVATIVE = "derivative, not listed"
"""What a relative of a listed substance is called where no clause covers it."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """Whether a clause covers a form, and why."""

    covered: bool
    steps: tuple[str, ...] = ()
    """The reasoning in order, each a clause of a sentence."""
    doubt: str = ""
    """Why a person must look, where the text is silent; then the verdict is `review` at most."""
    hangs_on: str = ""
    """The fact on which the duty hangs; then the verdict is `conditional` at most."""


_AS_IT_STANDS = Coverage(True)

_PREPARATION = re.compile(
    r"(?<![^\W\d_])(?:tab(?:let)?s?|tabletten?|tabletas?|comprim(?:idos?|és?|es?)|compress[ae]|cap(?:sule)?s?|capsulas?"
    r"|c[aá]psulas?|g[eé]lules?|kapseln?|syrups?|jarabes?|sirop|sirup|inj(?:ection)?s?|injectables?|injektion|inyect\w+"
    r"|ampoules?|ampules?|ampullen?|ampollas?|blisters?(?: packs?)?|medicines?|(?:eye|ear|nasal) drops"
    r"|suppositor\w+|ointments?|nasal sprays?|oral (?:solution|suspension|drops)|elixirs?|medicinal products?"
    r"|medicaments?|pharmaceutical preparations?|таблетки|капсулы|сироп)(?![^\W\d_])|片剂|胶囊|注射液|錠|糖浆",
    re.IGNORECASE,
)
_STEMS = (
    "tab", "compr", "cap", "cáps", "gelul", "gélul", "lules", "kaps", "jarabe", "rop", "rup", "nj", "nyect",
    "ampo", "ampu", "blister", "drops", "uppos", "ointm", "nasal", "oral", "elix", "med", "pharm", "табл", "капс",
    "сироп", "片剂", "胶囊", "注射", "錠", "糖浆",
)  # fmt: skip
"""One of them is in everything that `_PREPARATION` finds: most descriptions have none."""
_MEDICAMENTS = ("3003", "3004")


def preparation_in(description: str | None, hs_code: str | None) -> str:
    """Return what in a record says that the goods are a medicinal product, empty where nothing does.

    Args:
        description: the goods in words.
        hs_code: the tariff code; headings 3003 and 3004 are medicaments.
    """
    text = description.lower() if description else ""
    found = _PREPARATION.search(description) if description and any(stem in text for stem in _STEMS) else None
    if found:
        return f"'{found[0]}'"
    code = (hs_code or "").strip()
    return f"HS heading {code[:2]}.{code[2:4]}" if code.startswith(_MEDICAMENTS) else ""


def cover(
    clause: Clause,
    substance: str,
    form: SeenForm,
    preparation: str = "",
    *,
    some_esters: bool = False,
    is_mixture: bool = False,
) -> Coverage:
    """Hold a clause against a form.

    Args:
        clause: the entry's clause.
        substance: slug of the substance that was seen.
        form: the form of it.
        preparation: what says that the goods are a medicinal product, empty where nothing does.
        some_esters: the same list names some esters of the substance, not all.
        is_mixture: the goods are declared as a mixture that contains the substance.

    Returns:
        What the clause says of it. Where it is silent on a salt, a stereoisomer or an isotope, the form is covered with
        a doubt; a derivative that no clause names is not covered, or in doubt where the list names some of its kind.
    """
    hangs_on = clause.hangs_on or (clause.mixtures_hang_on if is_mixture else "")
    plain = form == PARENT and not preparation
    if plain and not clause.preparations and not hangs_on and substance not in clause.excluded_isomers:
        return _AS_IT_STANDS
    steps: list[str] = []
    doubts: list[str] = []
    if form.relation:
        refusal = _relative(clause, form.relation, steps, doubts, some_esters=some_esters)
        if refusal:
            return Coverage(False, (refusal,))
    if substance in clause.excluded_isomers and not form.isomer:
        return Coverage(False, ("the text takes it out of the stereoisomers it covers",))
    if form.isomer:
        if clause.isomers:
            steps.append("the entry covers its isomers")
        else:
            doubts.append(f"the entry is silent on isomers, and this is {form.isomer}")
    if form.salt:
        if substance in clause.excluded_salts and not form.isomer:
            return Coverage(False, ("the text takes its salts out",))
        if clause.salts:
            steps.append("the entry covers its salts")
        else:
            doubts.append("the entry is silent on salts")
    if form.labelled:
        doubts.append("the entry is silent on isotope-labelled forms")
    if form.hydrate:
        steps.append("a hydrate is the substance with its water")
    medicinal = _preparation(clause, preparation, steps)
    if medicinal is None:
        return Coverage(False, ("the entry covers medicinal products only",))
    return Coverage(True, tuple(steps), "; ".join(doubts), medicinal or hangs_on)


def _relative(clause: Clause, relation: str, steps: list[str], doubts: list[str], *, some_esters: bool) -> str:
    """Add what a clause says of a derivative; return why it does not cover it, empty where it may."""
    kinds = relation.split(" and ")
    others = [f"{kind}s" for kind in kinds if not _names(clause, kind)]
    article = "an" if relation[0] in "aeiou" else "a"
    if not others:
        steps.append(f"the entry covers its {' and '.join(f'{kind}s' for kind in kinds)}")
    elif clause.derivatives:
        doubts.append(f"the entry covers derivatives and analogues; whether this {relation} is one, a person must say")
    elif relation == "ester" and some_esters:
        doubts.append(f"{DERIVATIVE}: the list names some esters of this acid, and this is another")
    else:
        return f"{DERIVATIVE}: {article} {relation} of it, and the entry has no clause on {' and '.join(others)}"
    return ""


def _names(clause: Clause, kind: str) -> bool:
    """Tell whether a clause names a kind of derivative."""
    said = {"ester": clause.esters, "ether": clause.ethers}
    return bool(said.get(kind)) or f"{kind}s" in clause.relatives


def _preparation(clause: Clause, preparation: str, steps: list[str]) -> str | None:
    """Return the fact on which a preparation's duty hangs, empty for none, None where the entry is for others only."""
    if clause.preparations == "only":
        if not preparation:
            return None
        steps.append(f"the entry covers medicinal products, and {preparation} says it is one")
    elif clause.preparations == "included" and preparation:
        steps.append("the entry covers preparations")
    elif clause.preparations == "excluded" and preparation:
        return f"medicinal products are outside the entry, and {preparation} says this may be one"
    return ""


def softened(verdict: Verdict, coverage: Coverage) -> Verdict:
    """Return a verdict as a clause leaves it: `review` where it doubts, `conditional` where it hangs on a fact."""
    if coverage.doubt:
        return Verdict.REVIEW
    return Verdict.CONDITIONAL if coverage.hangs_on and verdict is Verdict.CONTROLLED else verdict


def clause_words(clause: Clause) -> str:
    """Return a clause in words, as the law has it; empty where the entry is the substance alone."""
    return " ".join(part for part in (clause.words, clause.mixture_words) if part)
