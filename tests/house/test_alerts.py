"""The alerts: rules that Prometheus can read, about figures that exist, each explained to whoever is woken."""

import re
from pathlib import Path
from typing import Any

import promql_parser
import pytest
import yaml

from app.api.metrics import Metrics

ROOT = Path(__file__).resolve().parents[2]
RULES: list[dict[str, Any]] = [
    rule
    for group in yaml.safe_load((ROOT / "docs" / "alerts.yaml").read_text("utf-8"))["groups"]
    for rule in group["rules"]
]
PAGE = (ROOT / "docs" / "operations.md").read_text("utf-8")
FIGURE = re.compile(r"precursor_watch_\w+")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_an_alert_is_valid_and_about_figures_that_exist_and_explained(rule: dict[str, Any]):
    assert set(rule) <= {"alert", "expr", "for", "labels", "annotations"}
    promql_parser.parse(rule["expr"])
    assert "for" not in rule or re.fullmatch(r"\d+[smhd]", rule["for"])
    assert rule["labels"]["severity"] in {"page", "ticket"}
    told = set(re.findall(r"# TYPE (\S+) ", Metrics().text().decode()))
    for name in FIGURE.findall(rule["expr"]):
        assert name.removesuffix("_bucket") in told, name
    assert f"| `{rule['alert']}` |" in PAGE


def test_no_alert_is_explained_that_is_not_there():
    assert set(re.findall(r"\| `(PrecursorWatch\w+)` \|", PAGE)) == {rule["alert"] for rule in RULES}


def test_what_is_no_query_is_refused():
    with pytest.raises(ValueError, match="parenthesis"):
        promql_parser.parse("sum(rate(x[5m])")
