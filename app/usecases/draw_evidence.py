"""Draw what a finding by structure rests on: the record's structure beside the listed one."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.chemistry.depict import evidence_svg, smiles_of_inchi
from app.chemistry.opsin import ReadNames
from app.domain.errors import InputError, NoStructureError, UnknownNameError
from app.domain.words import Channel
from app.screening.scope import Scope
from app.storage.engine import Database
from app.usecases.describe_decision import describe_decision
from app.usecases.kept_records import fields_of
from app.usecases.read_decisions import read_decision
from app.usecases.releases import Shelf
from app.usecases.replay_decision import document_of, read_record
from app.watchlist.model import Watchlist

WIDTH, HEIGHT = 360, 280
"""Pixels of each half."""

_DRAWN = frozenset({Channel.STRUCTURE, Channel.FAMILY, Channel.SIMILARITY})
_NAMED = frozenset({Channel.NAME_STRUCTURE, Channel.FAMILY})
_DESCRIBED = re.compile(r"^the name describes ([^\s;]+)")
"""The note of a finding by a systematic name, as `app.screening.clues` writes it."""


@dataclass(frozen=True, slots=True)
class Easel:
    """What is needed to draw, beside the record and its findings."""

    watchlist: Watchlist
    """Where the listed structures are."""
    read_names: ReadNames | None = None
    """Reads the name that was found as a structure, where the finding does not say which it is."""


def draw_kept_evidence(shelf: Shelf, database: Database, decision_id: str, number: int) -> str:
    """Draw the evidence of a finding of a kept decision.

    Args:
        shelf: the releases of this machine; the listed structure is the loaded one's.
        database: where decisions and records are kept.
        decision_id: of the decision.
        number: of the finding, from 0.

    Returns:
        An SVG document.

    Raises:
        UnknownNameError: there is no such decision or finding.
        RecordGoneError: the record's fields were erased or never kept.
        NoStructureError: the finding does not rest on a structure; says on what.
        DrawingUnavailableError: this machine cannot draw.
    """
    kept = read_decision(database, decision_id)
    findings = document_of(kept)["findings"]
    if number >= len(findings):
        raise UnknownNameError("finding", str(number), tuple(str(each) for each in range(len(findings))))
    record = fields_of(read_record(database, kept))
    return draw_finding(findings[number], record, Easel(shelf.loaded.index.watchlist, shelf.read_names))


def draw_finding(finding: Mapping[str, Any], record: Mapping[str, str | None], easel: Easel) -> str:
    """Draw the evidence of a finding.

    Args:
        finding: as it is answered.
        record: its record's fields.
        easel: where the listed structure is, and the reader of names.

    Returns:
        An SVG document: the record's structure, as it was declared or as its name describes it, beside the listed one.

    Raises:
        NoStructureError: the finding does not rest on a structure; says on what.
        DrawingUnavailableError: this machine cannot draw.
    """
    name = str(finding["substance"])
    listed = next((each.smiles for each in easel.watchlist.substances if each.id == finding["substance_id"]), None)
    if listed is None:
        raise NoStructureError(f"the watchlist has no structure of {name}")
    declared, words = _declared(finding, record, easel.read_names)
    legends = (words, f"listed: {name}")
    try:
        return evidence_svg((declared, listed), legends, width=WIDTH, height=HEIGHT)
    except InputError as error:
        raise NoStructureError(str(error)) from error


def draw_findings(
    folder: Path, name: str, findings: list[dict[str, Any]], record: Mapping[str, str | None], easel: Easel
) -> list[Path]:
    """Draw the evidence of every finding of a record that rests on a structure, each into a file of its own.

    Args:
        folder: where the files go; made where it is not there.
        name: what the files' names begin with.
        findings: of one decision, as they are answered.
        record: its fields.
        easel: where the listed structures are, and the reader of names.

    Returns:
        The files, in the order of the findings; none for those that rest on no structure.

    Raises:
        DrawingUnavailableError: this machine cannot draw.
    """
    written = []
    for finding in findings:
        try:
            picture = draw_finding(finding, record, easel)
        except NoStructureError:
            continue
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{name}-{finding['substance_id']}.svg"
        path.write_text(picture, "utf-8")
        written.append(path)
    return written


def draw_text(folder: Path, text: str, shelf: Shelf, scope: Scope) -> list[Path]:
    """Draw what the findings in a line of goods rest on; see `draw_findings`."""
    record: dict[str, str | None] = {"description": text}
    findings = describe_decision(shelf.loaded.decide(record, scope))["findings"]
    easel = Easel(shelf.loaded.index.watchlist, shelf.read_names)
    return draw_findings(folder, "name", findings, record, easel)


def draw_name(text: str, substance: str | None, shelf: Shelf, scope: Scope) -> str:
    """Draw what a name is described by, beside the listed structure it leads to.

    Args:
        text: a name or a line of goods.
        substance: id of the listed substance, None for the first that rests on a structure.
        shelf: the releases of this machine.
        scope: whose law puts the findings in order.

    Returns:
        An SVG document, as `draw_finding`.

    Raises:
        NoStructureError: nothing listed was found in the text, or it was not found by a structure; says by what.
        DrawingUnavailableError: this machine cannot draw.
    """
    record: dict[str, str | None] = {"description": text}
    findings = [
        finding
        for finding in describe_decision(shelf.loaded.decide(record, scope))["findings"]
        if substance in (None, finding["substance_id"])
    ]
    easel = Easel(shelf.loaded.index.watchlist, shelf.read_names)
    why = f"{substance or 'no listed substance'} was {'not ' if substance else ''}found in the text"
    reasons = []
    for finding in findings:
        try:
            return draw_finding(finding, record, easel)
        except NoStructureError as error:
            reasons.append(f"{finding['substance']}: {error}")
    raise NoStructureError("; ".join(reasons) or why)


def _declared(
    finding: Mapping[str, Any], record: Mapping[str, str | None], read_names: ReadNames | None
) -> tuple[str, str]:
    """Return the structure a finding rests on as SMILES, and what it is."""
    channels = {Channel(channel) for channel in finding["channels"]}
    found: dict[str, tuple[str, str]] = {}
    if channels & _DRAWN:
        smiles, inchi = record.get("smiles"), record.get("inchi")
        if smiles and smiles.strip():
            found[smiles.strip()[:200]] = (smiles.strip(), "declared SMILES")
        if inchi and inchi.strip() and (read := smiles_of_inchi(inchi)):
            found[inchi.strip()[:200]] = (read, "declared InChI")
    if channels & _NAMED and (named := _named(finding, read_names)):
        found[finding["matched"]] = (named, f"as named: {finding['matched']}")
    if not found:
        how = ", ".join(finding["channels"])
        also = "; its InChIKey cannot be drawn" if record.get("inchikey") else ""
        raise NoStructureError(f"it was found by {how}, and the record has no structure that led to it{also}")
    return found.get(finding["matched"]) or next(iter(found.values()))


def _named(finding: Mapping[str, Any], read_names: ReadNames | None) -> str | None:
    """Return the structure that the name of a finding describes."""
    described = next((found[1] for note in finding["notes"] if (found := _DESCRIBED.search(note))), None)
    if described is not None or read_names is None:
        return described
    return read_names([str(finding["matched"])])[0]
