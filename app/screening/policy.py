"""The knobs of the screening: one frozen policy, stored with every run."""

import hashlib
import json
from dataclasses import asdict, dataclass
from functools import cache


@dataclass(frozen=True, slots=True)
class Policy:
    """Cut-offs and confidences. All cut-offs are inclusive: `score >= cutoff`."""

    name: str = "default-1"
    high_confidence: float = 0.90
    """From this score a finding is taken as identified; below it a person must look (`review`)."""
    shortest_fuzzy_key: int = 6
    """Keys of fewer characters match exactly only: one edit in a short name is another name."""
    two_edits_from: int = 10
    """Keys of at least this many characters may differ by two edits."""
    similarity_cutoff: float = 0.85
    """Tanimoto similarity of count fingerprints from which a structure is shown for review."""
    similarity_fewest_atoms: int = 9
    """Smaller molecules are too plain for a similarity to mean anything."""

    @property
    def id(self) -> str:
        """The policy's name and a digest of its values, as decisions name it."""
        return _id_of(self)


@cache
def _id_of(policy: Policy) -> str:
    text = json.dumps(asdict(policy), sort_keys=True)
    return f"{policy.name}@{hashlib.sha256(text.encode()).hexdigest()[:12]}"
