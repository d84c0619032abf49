"""Systematic names in Chinese, Japanese and Korean are put into English nomenclature."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.chemistry.eastern import EASTERN, english_of_eastern
from app.chemistry.fold import fold


@pytest.mark.parametrize(
    ("written", "english"),
    [
        ("2-甲基-3-[3,4-(亚甲二氧基)苯基]缩水甘油酸甲酯", "methyl 2-methyl-3-[3,4-(methylenedioxy)phenyl]glycidate"),
        ("4-氧代哌啶-1-甲酸叔丁酯", "tert-butyl 4-oxopiperidine-1-carboxylate"),
        ("N-苯基-N-(4-哌啶基)丙酰胺", "n-phenyl-n-(4-piperidinyl)propanamide"),
        ("1-(1,3-苯并二氧杂环戊烯-5-基)丙-2-酮", "1-(1,3-benzodioxol-5-yl)propan-2-one"),
        ("苄基甲基酮", "benzylmethyl ketone"),
        ("2-甲基-3-苯基缩水甘油酸钠", "sodium 2-methyl-3-phenylglycidate"),
        ("PMK乙基缩水甘油酯", "pmk ethyl glycidate"),
        ("氯甲基苯", "chloromethylbenzene"),
        ("2-メチル-3-フェニルオキシラン-2-カルボン酸メチル", "methyl 2-methyl-3-phenyloxirane-2-carboxylate"),
        ("4-(フェニルアミノ)ピペリジン-1-カルボン酸tert-ブチル", "tert-butyl 4-(phenylamino)piperidine-1-carboxylate"),
        ("3,4-メチレンジオキシフェニルアセトン", "3,4-methylenedioxyphenylacetone"),
        ("메틸 3-옥소-2-페닐부타노에이트", "methyl 3-oxo-2-phenylbutanoate"),
        ("tert-부틸 4-옥소피페리딘-1-카복실레이트", "tert-butyl 4-oxopiperidine-1-carboxylate"),
    ],
)
def test_an_eastern_name_is_put_into_english(written: str, english: str) -> None:
    assert english_of_eastern(fold(f"{written} 25kg")).split() == [*english.split(), "25kg"]


@pytest.mark.parametrize("written", ["对氟苯乙酰某基", "不锈钢基座", "メチル村の酒", "toluene", "ацетон", "甲醇"])
def test_a_name_with_other_morphemes_stays_as_it_is(written: str) -> None:
    assert english_of_eastern(fold(written)) == fold(written)


@given(st.text(st.sampled_from("基酸酮酯胺甲乙苯二氧-1,()[ フエニルメチ메틸a"), max_size=24))
def test_a_text_without_the_pattern_is_not_put_into_english(text: str) -> None:
    assert re.search(EASTERN, text) or english_of_eastern(text) == text
