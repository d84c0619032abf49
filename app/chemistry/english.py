"""Systematic names of other European languages put into English nomenclature, so that OPSIN can read them."""

import re

_ACID = re.compile(r"\b(?:acido|acide)\s+([^\s,;]*?)(?:ico|ique)\b")
_RULES = tuple(
    (re.compile(pattern), english)
    for pattern, english in (
        (r"\b(?:cloruro|chlorure|cloreto) de (\w+?)[oea]?\b", r"\1 chloride"),
        (r"\b(?:cianuro|cyanure|cianeto) de (\w+?)[oea]?\b", r"\1 cyanide"),
        (r"nitrilo\b|nitrila\b", "nitrile"),
        (r"f(?=enil|enol|osf|eno)", "ph"),
        (r"(?<=phos)f", "ph"),
        (r"fen(?=yl|ethyl|oxy)", "phen"),
        (r"met(?=il|an|ox)", "meth"),
        (r"(?<![a-z])et(?=il|an|ox|en)|(?<!ac)(?<!m)et(?=il|ox)", "eth"),
        (r"bencil|benzil|bensil", "benzyl"),
        (r"benc(?=e)", "benz"),
        (r"hidr|gidr|(?<![a-z])idr", "hydr"),
        (r"(?<=hydro)x(?=i)|(?<=hydro)ss(?=i)|(?<=hydro)cs(?=i)|(?<=hydro)ks(?=i)", "x"),
        (r"(?<=[aeiouyr])ossi|oksi(?!ran)", "oxy"),
        (r"oxi(?!ran|d|m|n)", "oxy"),
        (r"ciclo|tsiclo", "cyclo"),
        (r"clor(?!h)|khlor", "chlor"),
        (r"(?<![a-z])(?:yod|jod|iod)o?(?=[a-z])", "iodo"),
        (r"(?<!nitr)il(?=\b|o\b|e\b|[bcdfghjklmnpqrstvwxz]|a(?:min|cet)|i(?:den|min)|ox|et)(?!en)o?", "yl"),
        (r"ilen", "ylen"),
        (r"(?<=methyl)eno?(?=d|bis|[^a-z])", "ene"),
        (r"aldehido|aldeide|aldehyd\b|aldegid", "aldehyde"),
        (r"benz(?:en|ol)o\b", "benzene"),
        (r"ona\b|on\b", "one"),
        (r"ano\b", "ane"),
        (r"eno\b", "ene"),
        (r"ina\b", "ine"),
        (r"amida\b", "amide"),
        (r"ato\b", "ate"),
        (r"oico\b|oique\b", "oic"),
        (r"ilico\b|ylico\b|ilique\b", "ylic"),
        (r"anilina\b", "aniline"),
        (r"benzeno(?=[a-z])", "benzene"),
        (r"ks", "x"),
        (r"alfa", "alpha"),
    )
)


def english_of(folded: str) -> str:
    """Return a folded systematic name in English nomenclature, as far as its morphemes are known.

    Args:
        folded: text as `app.chemistry.fold.fold` leaves it.

    Returns:
        `1-fenil-2-propanona` as `1-phenyl-2-propanone`; a text without such morphemes comes back as it is.
    """
    english = _ACID.sub(r"\1ic acid", folded)
    for pattern, replacement in _RULES:
        english = pattern.sub(replacement, english)
    return english
