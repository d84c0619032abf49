"""A watchlist with ten times the names: a copy to which public names of other chemicals are added as listed ones."""

import csv
import json
import random
import shutil
from pathlib import Path

from app.chemistry.fold import name_keys
from app.watchlist.lawful import KnownChemical, is_a_name, known_chemicals
from app.watchlist.substances import COLUMNS
from benchmarks.bench import Bench

_SEED = 10
_LEAST_NAMES = 4
"""Listed substances have many names each; chemicals with fewer than this are left out."""
_SOURCE = "identifier tables of the chemicals package; added by the benchmark only"


def add_names(bench: Bench, folder: Path, count: int) -> Path:
    """Copy the watchlist and add names to it, under substances of their own that no law names.

    Names that stand in the material of the lines are not added: it is the search that is to grow, not the alarms.

    Args:
        bench: the run.
        folder: where the copy goes; what is there is replaced.
        count: how many names are added.

    Returns:
        The folder, ready to be compiled as any watchlist.

    Raises:
        ValueError: the public tables have fewer names.
    """
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(bench.settings.watchlists, folder)
    material = bench.material
    lines = {name_keys(text)[0] for text in (*material.lawful, *(goods.text for goods in material.goods))}
    taken = lines | set(bench.index.names.column("key").to_pylist())
    taken_cas = {
        cas for one in bench.index.watchlist.substances for cas in (*one.cas, *(form.cas for form in one.forms))
    }
    chemicals = list(known_chemicals())
    random.Random(_SEED).shuffle(chemicals)
    with (folder / "names" / "benchmark.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for chemical in chemicals:
            names = _fresh_names(chemical, taken)
            if count <= 0:
                return folder
            if len(names) < _LEAST_NAMES or chemical.cas in taken_cas:
                continue
            taken_cas.add(chemical.cas)
            taken.update(names)
            slug = f"benchmark-{chemical.cas}"
            spelt = list(names.values())[:count]
            (folder / "substances" / f"{slug}.toml").write_text(_substance(slug, spelt[0], chemical.cas), "utf-8")
            writer.writerows((slug, name, "en", "systematic", _SOURCE, "") for name in spelt[1:])
            count -= len(spelt)
    raise ValueError(f"the public tables have {count} names too few")


def _fresh_names(chemical: KnownChemical, taken: set[str]) -> dict[str, str]:
    """Return the chemical's names by key, without those whose key is taken."""
    names = {name_keys(name)[0]: name for name in chemical.names if is_a_name(name)}
    return {key: name for key, name in names.items() if key not in taken and len(key) > 3}


def _substance(slug: str, name: str, cas: str) -> str:
    # A JSON string is a TOML string.
    spelt = json.dumps(name, ensure_ascii=False)
    return (
        f'id = "{slug}"\nname = {spelt}\ncas = ["{cas}"]\nec = []\nun = []\nhs = []\nwhole_molecule_only = false\n'
        "forms = []\nnames = []\n"
    )
