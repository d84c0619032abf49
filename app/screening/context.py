"""The words around a name: packaging, grades and quantities say nothing; negations say the opposite."""

import re

from app.chemistry.fold import key_of_word, split_words

_NEUTRAL_WORDS = """
a an and or of the in on at to for from by with as per plus und oder mit von aus et ou avec pour y o con
para e com em ed ve ile i drum drums bag bags bottle bottles btl btls box boxes ctn ctns carton cartons can
cans jerrycan jerrycans ibc ibcs tank tanks isotank tanker flexitank container containers cylinder cylinders
pail pails barrel barrels keg kegs sack sacks pallet pallets pack packs packet packed packing packaging
package packages pkg pkgs bulk loose case cases vial vials ampoule ampoules tin tins pcs pc piece pieces nos
no number unit units set sets each lot batch fcl lcl teu stc fut futs fass trommel trommeln sac sacs bidon
bidons tambor tambores tambo bolsa bolsas caja cajas saco sacos fusti kg kgs kilogram kilograms kilo kilos g
gm gms gram grams mg mcg ug t mt mts ton tons tonne tonnes lb lbs oz ltr ltrs l lt litre liter litres liters
ml cl gal gallon gallons cbm m3 net gross weight wt nett tare total qty quantity x pct percent percentage
atom min max minimum maximum approx about circa abt assay purity purities content w v vol ppm grade grades
reagent reagents analytical analysis ar lr gr acs usp bp ep ip jp nf ph eur fcc haccp gmp hplc gc lcms uv
technical tech industrial commercial pharmaceutical pharma food feed cosmetic laboratory lab labs research
synthesis synthetic natural pure purum puriss purified refined crude raw extra super ultra high low quality
premium standard special general specification spec certified certificate coa origin original new old used
fresh stock sample samples test trial free anhydrous wasserfrei anhydre anidro anidra anhidro anhidra dry
dried wet aqueous aq solution solutions soln sol loesung losung solucion solucao soluzione raztvor rastvor
liquid liquids fluid solid solids powder powders powdered crystal crystals crystalline crystallized granular
granules flakes flake pellets lumps beads gas gaseous vapour vapor fuming glacial concentrated conc dilute
diluted stabilized stabilised inhibited compressed liquefied refrigerated molten strength injection injectable inj
tablet tablets capsule capsules ampoule ampul ampolla ampollas
comprimidos tabletten techniczny czysty cisty technicky tehnic teknik krist flussig fluessig flussige
fest liquide liquido solide solido gereinigt technisch reinst rein pur hs hts htsus cn code codes heading
subheading tariff ritc item items goods good declared declaration description product products
cat catalog catalogue katalog material
materials substance substances chemical chemicals compound compounds commodity cargo shipment consignment
export import exported imported invoice inv po ref use uses uso usage order cas un class adr imdg imo dg group hazardous
dangerous flammable corrosive toxic oxidizing oxidising sgd base salt salts hydrate monohydrate hemihydrate
dihydrate trihydrate hydrochloride hcl hydrobromide sulfate sulphate nitrate phosphate tartrate maleate
mesylate racemic racemate racem acyclic cyclic aromatic aliphatic saturated unsaturated organic inorganic
ions ion distillate distillates extract extracts extracted inn dci inci iupac usan ban rinn bpc 8ci 9ci 6ci
7ci ci name names synonym synonyms trade brand aka called known made manufactured manufacturer mfg mfr
supplier make expiry exp date dt its their sus sales seus sais leurs sels ses salze deren sali suoi ego soli
sale 工 业 級 级 分 析 纯 純 桶 袋 公 斤 千 克 瓶 装 裝 试 試 剂 劑 溶 液 无 無 浓 濃 稀 及 其 盐 鹽 和 的
品 化 学 學 原 料 食 用 高 吨 噸 箱 包 含 量 重 新 进 進 出 口 度 型 号 號 規 规 格 名 称 稱 공업용 시약
용액 무수 및 그 염 than element elements
""".split()  # noqa: SIM905 - a list of words reads as a list of words

NEUTRAL = frozenset(key for word in _NEUTRAL_WORDS for key in split_words(word).keys if not key.isdigit())
"""Keys of words that stand beside a name without changing what it names."""

GENERIC = frozenset(
    """
    chemical chemicals nos other others various miscellaneous misc mixed goods general assorted sundry samples sample
    """.split()  # noqa: SIM905
)
"""Words that name no goods in particular."""

SALT_WORDS = frozenset(
    key_of_word(word)
    for word in """
    hydrochloride hcl hydrobromide hydroiodide sulfate sulphate hemisulfate bisulfate hydrogensulfate nitrate
    phosphate tartrate bitartrate
    hydrotartrate hydrogentartrate maleate hydrogenmaleate malonate mesylate mesilate acetate citrate oxalate
    fumarate succinate benzoate saccharinate perchlorate picrate dihydrochloride salt salts base hydrate
    monohydrate hemihydrate dihydrate trihydrate anhydrous clorhidrato cloridrato chlorhydrate clorhidrat
    sulfato solfato sal sale sales sel sels salz salze sais sali hydrochlorid sulfat tartrat maleat tannate
    polistirex resinate hydrochlorides sulfates
    """.split()  # noqa: SIM905
)
"""Keys of words that name a salt, hydrate or free base of the name before them."""

CHANGING_WORDS = frozenset(
    key_of_word(word)
    for word in """
    polymer polymers copolymer copolymers homopolymer polimero polymere reaction reacted ester esters esther
    estere oxime adduct adducts deriv derivs derivative derivatives derivado derivados complex complexes compd
    resin resins yl il ilo ile one ol al en di tri bis oxy oxo iso nor hydro thio aza salicylate imine diol dione dial
    ium ylium
    """.split()  # noqa: SIM905
)
"""Keys of words that make another substance of the name beside them."""

DESCRIPTORS = frozenset(
    key_of_word(word)
    for word in """
    alpha beta gamma delta omega alfa psi alphas alphar betas betar erythro threo eritro treo dl rac
    racemic cis trans meso rel levo dextro laevo
    """.split()  # noqa: SIM905
)
"""Keys of Greek letters and stereo words: like digits they say where or how something stands in a molecule."""

FUNCTIONAL = frozenset(
    key_of_word(word)
    for word in """
    peroxide oxide dioxide hydroxide chloride bromide iodide fluoride cyanide sulfide nitride hydride azide
    phosphide nitrate nitrite sulfate sulfite phosphate phosphite carbonate acetate formate benzoate oxalate
    chlorate perchlorate chromate borate silicate cyanate thiocyanate isocyanate amine diamine amide imide acid
    anhydride ketone ether alcohol aldehyde diol glycol nitrile peroxid oxid chlorid hydroperoxide cyanohydrin
    semicarbazone hydrazone phenol diisocyanate sulfonate sulfonamide
    sulfone sulfoxide tribromide trichloride pentachloride
    disulfide kyselina kiselina kislina happo
    """.split()  # noqa: SIM905
)
"""Keys of class words: beside another name they make one name with it, though each may stand alone in a dictionary."""

_RADICAL = re.compile(r"(?:il|ocsi|ino|ocso|azo|nitro|clor|cloro|brom|bromo|fluor|fluoro|iodo)$")
_ALWAYS = r"\b(?:polymers?|copolymers?|reaction products?|reacted|adducts?|derivatives?|complex(?:es)?)"
_REACTED_BEFORE = re.compile(_ALWAYS + r"\W+(?:with|of|con|mit|avec|from)\W+(?:\w+\W+){0,3}$")
_REACTED_AFTER = re.compile(r"^\W{0,3}" + _ALWAYS + r"\b")
_WITH_AFTER = re.compile(r"^[\s,]*(?:mono)?an(?:hy|hi|i)dri?\w* (?:with|con|mit|avec|com) ")
"""A mixed anhydride is neither of its acids."""
_ISOTOPE_AFTER = re.compile(
    r"^[\s-]*[(\[]?(?:(?:12[3459]|131|3[235]|1[134]|[23])-?[ipsch]|i-?1[23]\d|p-?3[23]|s-?35)\b"
)
"""`iodine (131i)`, `iodine i-131`: a radioactive tracer."""
_HYDROGEN_BEFORE = re.compile(r"\((?:\d+['\u2032]*h,?\s?)+\)-$")
"""Indicated hydrogen belongs to a parent further on: what is joined to it is a suffix."""
_SALT_OF_BEFORE = re.compile(r"\b(?:salts?|sal|compds?|compounds?|esters?)\.?\W+(?:with|of|con|de|mit|avec|w)\W+$")
_SALT_OF_AFTER = re.compile(r"^[^;:]{0,48}?\b(?:salts?|sal(?:es)?|sel|salz|esters?|compds?|ester[es]?)\b")

_LOCANT_BEFORE = re.compile(r"(?:\d-|, )$")
_PREFIX_AFTER = re.compile(r"-(?:\s|[,;)\d]|$)")
_PREFIXES = frozenset({"iodo", "diiodo", "triiodo"})
"""`docosane, 1-iodo-`: what a hyphen ends is a group of atoms."""
_RADICAL_BEFORE = re.compile(r"yl[)\]] ?$")
_RADICALS_AFTER = re.compile(r"^, ?(?:bis|di)?[\s(\[\d,'-]*(?!(?:di)?ethyl\b)[a-z-]*yl\b")
_ETHER = re.compile(r"(?:ether|oether|eter|etere|aether|ather)$")
"""`bis(2-chloroethyl) ether`, `ether, bis(2-ethylhexyl)`: another ether."""
_COMPONENT = r"(?=[^\s;]{14})[^\s;]*\d-[a-z(\[]{4}[^;]*"
_COMPONENT_BEFORE = re.compile(rf"{_COMPONENT};$")
_COMPONENT_AFTER = re.compile(rf";{_COMPONENT}")
"""`2-chlorobenzene-1,4-diamine;sulfuric acid`: the parts of one salt or adduct, as tables of structures name them."""

_EXCEPT = (
    r"other than|excluding|except(?:ing|\s+for)?|otros que|excepto|excepte|autres que|a l'exclusion|krome|harici?|tru"
)
_EXCEPTED_BEFORE = re.compile(rf"\b(?:{_EXCEPT})\b(?!.*\b(?:containing|including|with|consisting)\b).{{0,160}}$")
_ABSENT_BEFORE = re.compile(
    r"\b(?:without|free (?:of|from)|not containing|contains? no|does not contain|non|no added|zero|sin|ohne|sans|senza"
    r"|sem|ne contenant pas|no contienen?|excluid[oa]s?|bez|khong)\W+(?:\w+\W+){0,2}$"
)
_FREE_AFTER = re.compile(
    r"^[\s-]*(?:free|frei(?:er|es|e)?|libre|libero|resistant|proof|fest(?:er|es|e)?)\b(?!\s+(?:base|acid|amine|flowing|from|of|on|sample))"
)
_SENTENCE_END = re.compile(r";|\.\s")
_CLAUSE_END = re.compile(r"[;:()\[\]]|\.\s")


ABSENT = "named only as absent or excluded"
"""Why a name is dropped that `is_negated`."""
_GROUP_AFTER = re.compile(
    r"^\W*(?:and|or|y|e|et|und|och|en|ja|i|oraz)\W+(?:its|their|sus|seus|leurs|ses|deren|suoi|ihre)\W+deri"
)
_GROUP_BEFORE = re.compile(r"[a-z]{4}[)\]]$")


def is_group(folded: str, end: int) -> bool:
    """Tell whether a name that ends there stands for a group of substances: `of ephedrine and their derivatives`."""
    return _GROUP_AFTER.match(folded[end : end + 40]) is not None


def is_substituted(folded: str, start: int) -> bool:
    """Tell whether a bracket with a group of atoms ends where a name begins: `N-(7-hydroxyoctylidene)anthranilate`."""
    return _GROUP_BEFORE.search(folded[:start]) is not None


def is_radical(key: str) -> bool:
    """Tell whether a word is a group of atoms that names nothing alone."""
    return _RADICAL.search(key) is not None


def is_negated(folded: str, start: int, end: int) -> bool:
    """Tell whether a name is mentioned only to say that it is not meant or not contained.

    Args:
        folded: the folded text.
        start: where the name begins in it.
        end: where it ends.

    Returns:
        True for "ephedra-free", "other than acetone", "sin acetona"; a sentence before does not reach into the next.
    """
    sentence = _SENTENCE_END.split(folded[max(0, start - 200) : start])[-1]
    clause = _CLAUSE_END.split(sentence)[-1]
    return bool(
        _EXCEPTED_BEFORE.search(sentence) or _ABSENT_BEFORE.search(clause) or _FREE_AFTER.match(folded[end : end + 12])
    )


def is_reacted(folded: str, start: int, end: int, *, whole: bool) -> bool:
    """Tell whether a name stands for a part of something else: a polymer, an adduct, an acid's salt or ester, a tracer.

    Args:
        folded: the folded text.
        start: where the name begins in it.
        end: where it ends.
        whole: the substance is listed as it stands, so that its salts and esters are other substances.
    """
    before, after = folded[max(0, start - 60) : start], folded[end : end + 60]
    name = folded[start:end]
    if name in _PREFIXES and _LOCANT_BEFORE.search(before) and _PREFIX_AFTER.match(after):
        return True
    if _ETHER.search(name) and (_RADICAL_BEFORE.search(before) or _RADICALS_AFTER.match(after)):
        return True
    if _REACTED_BEFORE.search(before) or _REACTED_AFTER.match(after) or _HYDROGEN_BEFORE.search(before):
        return True
    if not whole:
        return False
    return any(
        clause.match(after) for clause in (_SALT_OF_AFTER, _WITH_AFTER, _ISOTOPE_AFTER, _COMPONENT_AFTER)
    ) or any(clause.search(before) for clause in (_SALT_OF_BEFORE, _COMPONENT_BEFORE))


def is_balanced(text: str) -> bool:
    """Tell whether a piece of a name holds whole brackets: half of one is a piece of a longer name."""
    count = text.count
    return count("(") == count(")") and count("[") == count("]") and count("{") == count("}")
