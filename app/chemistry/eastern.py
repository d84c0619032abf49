"""Systematic names in Chinese, Japanese and Korean put into English nomenclature.

Their nomenclature was made after the English one: the same morphemes in the same order, locants and brackets between
them. Only what an ester, a salt or an acid is called stands behind. A text that is not wholly made of known morphemes
is left as it is: part of a name is another substance.
"""

import re
from functools import lru_cache

_HAN = """
甲基=methyl 乙基=ethyl 丙基=propyl 正丙基=propyl 异丙基=isopropyl 丁基=butyl 正丁基=butyl 异丁基=isobutyl
仲丁基=sec-butyl 叔丁基=tert-butyl 第三丁基=tert-butyl 特丁基=tert-butyl 苯基=phenyl 苄基=benzyl 苯甲基=benzyl
苯乙基=phenethyl 苯基乙基=phenylethyl 烯丙基=allyl 丙烯基=propenyl 胡椒基=piperonyl 哌啶基=piperidinyl
吡啶基=pyridyl 环戊基=cyclopentyl 环己基=cyclohexyl 氨基=amino 胺基=amino 苯胺基=anilino 苯氨基=phenylamino
甲氨基=methylamino 甲胺基=methylamino 二甲氨基=dimethylamino 二甲胺基=dimethylamino 乙酰氨基=acetylamino
乙酰胺基=acetamido 羟基=hydroxy 甲氧基=methoxy 乙氧基=ethoxy 叔丁氧羰基=tert-butoxycarbonyl
叔丁氧基羰基=tert-butoxycarbonyl 特丁氧羰基=tert-butoxycarbonyl 第三丁氧羰基=tert-butoxycarbonyl 氧代=oxo 氧=oxo
酮基=oxo 羰基=carbonyl 羧基=carboxy 氰基=cyano 硝基=nitro 氯=chloro 氯代=chloro 溴=bromo 溴代=bromo 碘=iodo
碘代=iodo 氟=fluoro 氟代=fluoro 氯甲基=chloromethyl 溴乙基=bromoethyl 氯乙基=chloroethyl 碘乙基=iodoethyl
乙酰=acetyl 乙酰基=acetyl 丙酰=propionyl 丙酰基=propionyl 苯甲酰=benzoyl 苯甲酰基=benzoyl 苯乙酰=phenylacetyl
苯乙酰基=phenylacetyl 苯基乙酰基=phenylacetyl 亚甲二氧基=methylenedioxy 亚甲二氧=methylenedioxy
亚甲基二氧=methylenedioxy 亚甲基二氧基=methylenedioxy 亚甲基双氧=methylenedioxy 亚甲双氧基=methylenedioxy
苯并二氧戊环=benzodioxol 苯并二氧杂环戊烯=benzodioxol 苯并间二氧杂环戊烯=benzodioxol 苯并二恶茂=benzodioxol
苯并二氧杂茂=benzodioxol 苯并间二氧戊环=benzodioxol 苯并二恶唑=benzodioxol 基=yl 环氧乙烷=oxirane 环氧丙烷=oxirane
哌啶=piperidine 呱啶=piperidine 六氢吡啶=piperidine 吡啶=pyridine 哌啶酮=piperidone 呱啶酮=piperidone
六氢吡啶酮=piperidone 哌啶胺=piperidinamine 氨基哌啶=aminopiperidine 苯=benzene 甲苯=toluene 乙苯=ethylbenzene
甲烷=methane 乙烷=ethane 丙烷=propane 丙烯=propene 丁烷=butane 丙=propan 丁=butan 戊=pentan 乙=ethan 酮=one 醇=ol
二醇=diol 胺=amine 醛=al 丙酮=propanone 丁酮=butanone 戊酮=pentanone 丙醇=propanol 乙醇=ethanol 丁二醇=butanediol
甲醛=carbaldehyde 苯甲醛=benzaldehyde 苯乙酮=acetophenone 乙腈=acetonitrile 苯乙腈=phenylacetonitrile
丙腈=propanenitrile 丁腈=butanenitrile 腈=nitrile 甲腈=carbonitrile 乙酰胺=acetamide 丙酰胺=propanamide
丁酰胺=butanamide 甲酰胺=carboxamide 苯乙酰胺=phenylacetamide 乙酰乙腈=acetoacetonitrile 乙酰乙酰胺=acetoacetamide
乙酰乙酸=acetoacetic_acid 苯乙酰乙腈=phenylacetoacetonitrile 苯乙酰乙酰胺=phenylacetoacetamide
苯乙酰乙酸=phenylacetoacetic_acid 苯基乙酰乙酸=phenylacetoacetic_acid 苯基乙酰乙腈=phenylacetoacetonitrile
苯基乙酰乙酰胺=phenylacetoacetamide 甲酸=carboxylic_acid 羧酸=carboxylic_acid 乙酸=acetic_acid 丙酸=propanoic_acid
丁酸=butanoic_acid 苯甲酸=benzoic_acid 苯乙酸=phenylacetic_acid 苯基乙酸=phenylacetic_acid 丙二酸=malonic_acid
缩水甘油酸=glycidic_acid 环氧丙酸=glycidic_acid 缩水甘油酯=_glycidate 缩水甘油酸酯=_glycidate 次膦酸=phosphinic_acid
二=di 三=tri 对=p- 邻=o- 间=m- 反式=trans- 顺式=cis- 甲酯=_methyl_ester 乙酯=_ethyl_ester 丙酯=_propyl_ester
正丙酯=_propyl_ester 异丙酯=_isopropyl_ester 丁酯=_butyl_ester 正丁酯=_butyl_ester 异丁酯=_isobutyl_ester
仲丁酯=_sec-butyl_ester 叔丁酯=_tert-butyl_ester 第三丁酯=_tert-butyl_ester 特丁酯=_tert-butyl_ester
二乙酯=_diethyl_ester 二甲酯=_dimethyl_ester 叔丁基酯=_tert-butyl_ester 甲基酯=_methyl_ester 乙基酯=_ethyl_ester
钠=_sodium_salt 钾=_potassium_salt 钠盐=_sodium_salt 钾盐=_potassium_salt 盐酸盐=_hydrochloride
一水合物=_monohydrate 水合物=_hydrate 粉=_powder 粉末=_powder 溶液=_solution
"""

_KANA = """
メチル=methyl エチル=ethyl プロピル=propyl イソプロピル=isopropyl ブチル=butyl イソブチル=isobutyl フエニル=phenyl
ベンジル=benzyl フエネチル=phenethyl フエニルエチル=phenylethyl アリル=allyl プロペニル=propenyl
ピペリジル=piperidyl ピペリジニル=piperidinyl ピペロニル=piperonyl シクロペンチル=cyclopentyl アミノ=amino
アニリノ=anilino メチルアミノ=methylamino ジメチルアミノ=dimethylamino アセチルアミノ=acetylamino
アセトアミド=acetamido ヒドロキシ=hydroxy ブトキシカルボニル=butoxycarbonyl カルボニル=carbonyl オキソ=oxo
クロロ=chloro ブロモ=bromo ヨド=iodo フルオロ=fluoro アセチル=acetyl アセト=aceto プロピオニル=propionyl
ベンゾイル=benzoyl メチレンジオキシ=methylenedioxy ベンゾジオキソル=benzodioxol ベンゾ=benzo ジオキソル=dioxol
イル=yl オキシラン=oxirane ピペリジン=piperidine ピペリドン=piperidone ピペリジノン=piperidinone
ピペリジンアミン=piperidinamine ベンゼン=benzene トルエン=toluene メタン=methane エタン=ethane プロパン=propane
ブタン=butane ペンタン=pentane オン=one オル=ol ジオル=diol アミン=amine プロパノン=propanone ブタノン=butanone
アセトン=acetone ニトリル=nitrile アセトニトリル=acetonitrile ブタンニトリル=butanenitrile
ブチロニトリル=butyronitrile アミド=amide プロパンアミド=propanamide プロピオンアミド=propionamide
ブタンアミド=butanamide アルデヒド=aldehyde カルボアルデヒド=carbaldehyde カルバルデヒド=carbaldehyde
カルボン酸=carboxylic_acid 安息香酸=benzoic_acid 酢酸=acetic_acid アセト酢酸=acetoacetic_acid ブタン酸=butanoic_acid
プロパン酸=propanoic_acid マロン酸=malonic_acid グリシド酸=glycidic_acid グリシデト=_glycidate 酪酸=butyric_acid
エステル=_ester ジ=di トリ=tri ナトリウム=_sodium_salt カリウム=_potassium_salt 塩酸塩=_hydrochloride 粉末=_powder
"""

_HANGUL = """
메틸=methyl 에틸=ethyl 프로필=propyl 이소프로필=isopropyl 부틸=butyl 이소부틸=isobutyl 뷰틸=butyl 페닐=phenyl
벤질=benzyl 페네틸=phenethyl 펜에틸=phenethyl 페닐에틸=phenylethyl 알릴=allyl 프로페닐=propenyl 피페리딜=piperidyl
피페리디닐=piperidinyl 피페로닐=piperonyl 아미노=amino 아닐리노=anilino 메틸아미노=methylamino 하이드록시=hydroxy
히드록시=hydroxy 부톡시카르보닐=butoxycarbonyl 부톡시카보닐=butoxycarbonyl 카르보닐=carbonyl 옥소=oxo 클로로=chloro
브로모=bromo 아이오도=iodo 요오도=iodo 플루오로=fluoro 아세틸=acetyl 아세토=aceto 프로피오닐=propionyl
벤조일=benzoyl 메틸렌디옥시=methylenedioxy 메틸렌다이옥시=methylenedioxy 벤조디옥솔=benzodioxol
벤조다이옥솔=benzodioxol 일=yl 옥시란=oxirane 옥시레인=oxirane 피페리딘=piperidine 피페리돈=piperidone
피페리디논=piperidinone 피페리딘아민=piperidinamine 벤젠=benzene 톨루엔=toluene 프로판=propan 부탄=butan 뷰탄=butan
온=one 올=ol 아민=amine 프로판온=propanone 프로파논=propanone 부탄온=butanone 부타논=butanone 아세톤=acetone
니트릴=nitrile 나이트릴=nitrile 아세토니트릴=acetonitrile 부탄니트릴=butanenitrile 아미드=amide 아마이드=amide
프로판아미드=propanamide 프로판아마이드=propanamide 프로피온아미드=propionamide 부탄아미드=butanamide
아세트아미드=acetamide 카르복실레이트=carboxylate 카복실레이트=carboxylate 카르복실산=carboxylic_acid
카복실산=carboxylic_acid 부타노에이트=butanoate 부탄산=butanoic_acid 아세테이트=acetate
아세토아세테이트=acetoacetate 말로네이트=malonate 글리시데이트=glycidate 글리시딕산=glycidic_acid
글리시드산=glycidic_acid 글리시딕에시드=glycidic_acid 알데하이드=aldehyde 알데히드=aldehyde
카르브알데히드=carbaldehyde 카브알데하이드=carbaldehyde 알파=alpha 베타=beta 감마=gamma 디=di 다이=di 트리=tri
터트=tert- 나트륨=_sodium_salt 염산염=_hydrochloride 분말=_powder
"""

_ENGLISH = dict(entry.split("=") for entry in (_HAN + _KANA + _HANGUL).split())
_LONGEST = max(map(len, _ENGLISH))

_RUN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]+")
_NAME = re.compile(
    r"(?:(?:tert-|sec-)?[\uac00-\ud7a3]+ (?=[0-9n(]))?"
    r"(?:[0-9a-z,'()\[\]{}-]|(?:alpha|beta|gamma) |[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3])*"
    r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3](?:[0-9a-z,'()\[\]{}-]| ?[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3])*"
)
EASTERN = "[基酸酮酯胺啶腈醛苯]|フエニル|ベンジル|メチル|エチル|ブチル|ピペリ|메틸|에틸|부틸|페닐|페네틸|벤질|피페리"
"""A plain pattern, fit for whole columns: a name without any of these is not put into English."""
_IS_EASTERN = re.compile(EASTERN)
_FEWEST = 2
"""Morphemes, or a morpheme and a locant, of a name that is worth the trouble; shorter ones are in the dictionary."""

_TURNS = (
    (r"benzene(?=[a-z])", "phenyl"),
    (r"(?<=ic acid)(?=[a-z])", " "),
    (r"(?<=yl)one\b", " ketone"),
    (r"amido\b", "amide"),
    (r"(phenethyl|benzyl)(chlor|brom|iod)o$", r"\1 \2ide"),
    (r"(?<=\(2-)phenethyl", "phenylethyl"),
    (r"^(?:1-phenyl-2-propanone|phenylpropanone|p-?2-?p) ?(?:methyl)?(?= ?glycid)", "bmk "),
    (r"^3,4-methylenedioxyphenyl-2-propanone ?(?:methyl)?(?= ?glycid)", "pmk "),
    (r"^([bp]mk) ?glycidic acid (\S+) ester", r"\1 \2 glycidate"),
    (r"^([bp]mk) ?(?=[a-z])", r"\1 "),
    (r"^(.*)ic acid ((?:sec-|tert-|n-)?[a-z]+)(?: ester)?(?=$| hydro| powder)", r"\2 \1ate"),
    (r"^(.*)ic acid (sodium|potassium) salt", r"\2 \1ate"),
    (r"e(?=-\d+-(?:yl|one|amine|ol)\b)", ""),
    (r" +", " "),
)
_ORDER = [(re.compile(pattern), order) for pattern, order in _TURNS]
"""How words are put in English order and joined as English joins them."""


def english_of_eastern(folded: str) -> str:
    """Return a text with its Chinese, Japanese and Korean systematic names in English nomenclature.

    Args:
        folded: text as `app.chemistry.fold.fold` leaves it.

    Returns:
        `2-甲基-3-苯基缩水甘油酸甲酯` as `methyl 2-methyl-3-phenylglycidate`; a run of such letters that is not wholly
        made of known morphemes stays as it is.
    """
    if folded.isascii() or _IS_EASTERN.search(folded) is None:
        return folded
    return _NAME.sub(_put_over, folded)


def _put_over(found: re.Match[str]) -> str:
    name = found.group()
    runs = [*map(_morphemes, _RUN.findall(name))]
    if not all(runs) or sum(map(len, runs)) + any(map(str.isdigit, name)) < _FEWEST:
        return name
    chains = iter(runs)
    english = _RUN.sub(lambda _: "".join(next(chains)).replace("_", " "), name)
    for pattern, order in _ORDER:
        english = pattern.sub(order, english)
    return f" {english.strip()} "


@lru_cache(maxsize=65_536)
def _morphemes(run: str) -> tuple[str, ...]:
    """Return the English of a run's morphemes, as few of them as can be; nothing where it has others."""
    chains: list[tuple[str, ...] | None] = [None] * len(run) + [()]
    for start in range(len(run) - 1, -1, -1):
        for end in range(min(len(run), start + _LONGEST), start, -1):
            english, rest = _ENGLISH.get(run[start:end]), chains[end]
            best = chains[start]
            if english is not None and rest is not None and (best is None or len(rest) + 1 < len(best)):
                chains[start] = (english, *rest)
    return chains[0] or ()
