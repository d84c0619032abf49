"""The watchlist's files compiled to the arrays the screening reads."""

import hashlib
import json
import os
import shutil
import tempfile
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pyarrow as pa

from app.chemistry.family import family_of_smiles
from app.chemistry.fold import name_keys
from app.chemistry.keyhash import hash_of_key
from app.chemistry.structure import read_structure
from app.chemistry.weights import base_share
from app.watchlist.index import (
    CHEMICALS,
    FILES,
    LAWFUL,
    MANIFEST,
    NAMES,
    STRUCTURES,
    VOCABULARY,
    WATCHLIST,
    Origin,
    find_damage,
    index_folder,
    origin_of,
)
from app.watchlist.lawful import SHORTEST_KEY, KnownChemical, is_a_name, known_chemicals
from app.watchlist.listed import listed_names
from app.watchlist.model import Watchlist
from app.watchlist.portable import watchlist_to_json
from app.watchlist.read import read_watchlist
from app.watchlist.vocabulary import Vocabulary


def compile_index(watchlists: Path, folder: Path, *, force: bool = False) -> Path:
    """Compile the watchlist's files into an index.

    The index is built aside and moved into place when it is complete, so that a reader finds all of it or none. Where
    one is there that differs in nothing but its instruments, as after an amendment, its arrays are taken over: they are
    made from the substances alone.

    Args:
        watchlists: the folder of the watchlist's files.
        folder: where compiled indexes are kept.
        force: build it even where one of the same digest is there.

    Returns:
        The folder of the index.

    Raises:
        WatchlistFaultsError: the files are at fault; nothing was written.
    """
    origin = origin_of(watchlists)
    place = index_folder(folder, origin)
    if (place / MANIFEST).is_file() and not force:
        return place
    watchlist = _with_base_shares(read_watchlist(watchlists))
    folder.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=".building-", dir=folder))
    try:
        recognised = hashlib.sha256(watchlist_to_json(replace(watchlist, instruments=(), release=""))).hexdigest()
        _write_files(watchlist, aside, None if force else _twin(folder, origin, recognised))
        digests = {name: hashlib.blake2b((aside / name).read_bytes()).hexdigest() for name in FILES}
        manifest = {**asdict(origin), "digest": origin.digest, "recognised": recognised, "files": digests}
        (aside / MANIFEST).write_text(json.dumps(manifest, indent=1, sort_keys=True))
        if place.exists():
            shutil.rmtree(place)
        aside.chmod(0o755)  # mkdtemp makes it private, and a service may run as another user than the compiler
        os.rename(aside, place)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return place


def _with_base_shares(watchlist: Watchlist) -> Watchlist:
    """Return the watchlist with the weight of the base in each salt and hydrate whose structure is known."""
    wanted = {form.cas for substance in watchlist.substances for form in substance.forms}
    drawn: dict[str, str] = {}
    for chemical in known_chemicals():
        if chemical.cas in wanted and chemical.smiles:
            drawn.setdefault(chemical.cas, chemical.smiles)
    substances = []
    for substance in watchlist.substances:
        forms = tuple(
            replace(form, base_share=base_share(substance.smiles, drawn[form.cas]))
            if substance.smiles
            and form.cas in drawn
            and form.kind in ("salt", "hydrate")
            # The tables draw sulfates and tartrates as acid salts, whatever the number means.
            and not form.name.endswith(("sulfate", "tartrate"))
            else form
            for form in substance.forms
        )
        substances.append(replace(substance, forms=forms))
    return replace(watchlist, substances=tuple(substances))


def _twin(folder: Path, origin: Origin, recognised: str) -> Path | None:
    """Return an undamaged index made by the same software from the same substances, None where there is none."""
    for path in sorted(folder.glob(f"*/{MANIFEST}")):
        manifest = json.loads(path.read_text())
        same = all(manifest.get(name) == value for name, value in asdict(origin).items() if name != "release")
        if same and manifest.get("recognised") == recognised and find_damage(path.parent, manifest) is None:
            return path.parent
    return None


def _write_files(watchlist: Watchlist, place: Path, twin: Path | None) -> None:
    (place / WATCHLIST).write_bytes(watchlist_to_json(watchlist))
    if twin is not None:
        for name in FILES:
            if name != WATCHLIST:
                shutil.copyfile(twin / name, place / name)
        return
    structures = _structures(watchlist)
    names = listed_names(watchlist)
    _write(place / NAMES, names)
    _write(place / STRUCTURES, structures)
    lawful, chemicals, vocabulary = _lawful(watchlist, set(names.column("key").to_pylist()), structures)
    _write(place / LAWFUL, lawful)
    _write(place / CHEMICALS, chemicals)
    _write(place / VOCABULARY, vocabulary)


def _structures(watchlist: Watchlist) -> pa.Table:
    rows = []
    for number, substance in enumerate(watchlist.substances):
        structure = read_structure(substance.smiles) if substance.smiles else None
        if structure is None:
            continue
        parts = structure.parts
        rows.append(
            {
                "substance": number,
                "skeleton": ".".join(sorted(part.skeleton for part in parts)),
                "stereo": ".".join(sorted(part.stereo for part in parts)),
                "atoms": sum(part.atoms for part in parts),
                "smiles": substance.smiles,
            }
        )
    schema = pa.schema(
        [
            ("substance", pa.int32()),
            ("skeleton", pa.string()),
            ("stereo", pa.string()),
            ("atoms", pa.int32()),
            ("smiles", pa.string()),
        ]
    )
    return pa.Table.from_pylist(rows, schema=schema)


def _lawful(watchlist: Watchlist, listed_keys: set[str], structures: pa.Table) -> tuple[pa.Table, pa.Table, pa.Table]:
    """Return the hashes of lawful names, sorted, the chemicals they belong to, and the words they are made of.

    A chemical that is itself listed, or a form of a listed one, is left out; a member of a family clause is kept and
    says so. A key that a listed name has is never lawful.
    """
    listed_cas = {cas for substance in watchlist.substances for cas in substance.cas}
    listed_cas |= {form.cas for substance in watchlist.substances for form in substance.forms}
    whole = {number for number, substance in enumerate(watchlist.substances) if substance.whole_molecule_only}
    pairs = zip(structures.column("skeleton").to_pylist(), structures.column("substance").to_pylist(), strict=True)
    skeletons = {skeleton for skeleton, substance in pairs if substance not in whole}
    inchikeys = {substance.inchikey[:14] for substance in watchlist.substances if substance.inchikey}
    slugs = {substance.id: number for number, substance in enumerate(watchlist.substances)}
    chemical_of: dict[int, int] = {}
    vocabulary = Vocabulary(watchlist)
    cas_numbers: list[str] = []
    preferred: list[str] = []
    families: list[int] = []
    relations: list[str] = []
    for chemical in known_chemicals():
        if chemical.cas in listed_cas or not chemical.names:
            continue
        if chemical.inchikey[:14] in inchikeys or _is_salt_of(chemical, skeletons):
            continue
        kin = family_of_smiles(chemical.smiles)
        row = len(cas_numbers)
        cas_numbers.append(chemical.cas)
        preferred.append(chemical.names[1] if len(chemical.names) > 1 else chemical.names[0])
        families.append(slugs.get(kin.parent, -1) if kin else -1)
        relations.append(kin.relation if kin else "")
        parts_of: dict[str, list[str]] = {}
        for name in chemical.names:
            if not is_a_name(name):
                continue
            key, parts = name_keys(name)
            parts_of[key] = parts
            if key not in listed_keys and (len(key) >= SHORTEST_KEY or not key.isascii()):
                chemical_of.setdefault(hash_of_key(key), row)
        vocabulary.take(parts_of)
    hashes = np.fromiter(chemical_of.keys(), dtype=np.uint64, count=len(chemical_of))
    rows = np.fromiter(chemical_of.values(), dtype=np.int32, count=len(chemical_of))
    order = np.argsort(hashes)
    lawful = pa.table({"hash": hashes[order], "chemical": rows[order]})
    family = pa.array(families, pa.int32())
    chemicals = pa.table({"cas": cas_numbers, "name": preferred, "family": family, "relation": relations})
    common = sorted(map(hash_of_key, vocabulary.words()))
    return lawful, chemicals, pa.table({"hash": pa.array(common, pa.uint64())})


def _is_salt_of(chemical: KnownChemical, skeletons: set[str]) -> bool:
    if "." not in chemical.smiles:
        return False
    structure = read_structure(chemical.smiles)
    return structure is not None and any(part.skeleton in skeletons for part in structure.parts)


def _write(path: Path, table: pa.Table) -> None:
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table.combine_chunks())
