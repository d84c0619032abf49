"""The morphemes of chemical nomenclature: is this word part of a chemical's name?"""

import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from app.chemistry.fold import key_of_word

_MORPHEMES = """
meth eth prop but pent hex hept oct non dec undec dodec tridec tetradec hexadec octadec eicos cetyl stear palmit laur
ane ene yne en yn an in diene triene ol diol triol al dial one dione oate oic dioic oyl yl ylidene ylene yloxy oxy oxo
ylidyne ano eno ino anyl enyl ynyl anone enone anoyl anal enal enol anol
amine amino amide amido imine imino imide imido anil anilino anilide azo azide azido hydrazine hydrazone hydrazide
hydrazo nitrile nitrilo cyano cyan isocyan thiocyan nitro nitros nitroso hydroxy hydro dihydro tetrahydro didehydro
dehydro hydroxide hydroperoxide peroxy peroxo peroxide epoxy methoxy ethoxy propoxy butoxy phenoxy benzyloxy acetoxy
alkoxy aryl alkyl acyl vinyl allyl propargyl phenyl phen fen benz benzo benzyl benzoyl benzal benzylidene tolu toluo
tolyl toluidin xyl xylyl xylene cumyl cumene mesityl styr styryl cinnam naphth naphthal naphtho anthr anthra anthracen
phenanthr fluoren inden indan azulen biphenyl terphenyl stilben
acet aceto acetyl acetal formyl form formo formal propion propionyl propano butyr butyro butyryl valer valeryl capro
capr capryl caproyl acryl acrylo methacryl croton malon maleo male malei fumar succin succino glutar adip pimel suber
azela sebac oxal glycol glyox lact pyruv tartar citr ascorb salicyl gall phthal terephthal isophthal phthalo mandel
chlor chloro chlorid brom bromo bromid iod iodo iodid fluor fluoro fluorid ftor ftorid
perchlor perfluoro polychlor halo hypochlor
hypophosph phosph phospho phosphor phosphino phosphon phosphin phosphon phosphat phosphit phosphinat phosphonat
sulf sulfo sulfon sulfonyl sulfin sulfinyl sulfid sulfat sulfit sulfoxid sulfoxyl bisulf thi thio thiol mercapt mercapto
selen tellur sil silan siloxan silyl silic stann bor boran boron borat bismut arsen arsin stib antimon
pyridin pyrid pyridyl piperid piperidin piperidyl piperidino piperidon piperazin piperazino pyrrol pyrrolidin
pyrrolidino pyrrolidon pyrazol pyrazin pyrimidin pyridazin imidazol imidazolin thiazol thiazolidin thiazin oxazol
oxazolidin isoxazol oxadiazol thiadiazol triazol tetrazol triazin tetrazin furan fur furfur furfuryl furyl thiophen
thien thienyl pyran dioxol dioxolan dioxan dioxin oxiran oxetan oxolan aziridin azetidin azepin azepan diazepin
morpholin morpholino quinolin isoquinolin quinazolin quinoxalin indol indolin isoindol benzimidazol benzothiazol
benzoxazol benzofuran benzothiophen benzodioxol benzodiazepin carbazol acridin phenothiazin phenoxazin phenazin
coumarin chromen chroman xanthen purin adenin guanin uracil cytosin thymin pteridin porphyrin ergolin ergot ergotaman
nor iso neo homo cyclo bicyclo tricyclo spiro cis trans erythro threo meso sec tert ortho meta para sym vic gem rac
mono di tri tetra penta hexa hepta octa nona deca bis tris tetrakis pentakis per poly sesqui hemi semi un
carb carbo carbon carbonyl carbox carboxy carboxyl carboxylic carboxylat carboxamid carboxaldehyd carbaldehyd
carbam carbamoyl carbamat carbanilid carbinol carbohydrazid carbonitril carbodiimid carbodithio
aldehyd ketone keton keto ether ester oxime oxim lactone lactam anhydrid hydrate hydrat acid acyl glycol glycid
glycidyl glycer glycero glyceryl sorbit mannit xylit inosit urea ureid ureido uret urethan guanid guanidin guanyl
biguanid semicarbazid semicarbazon thiosemicarbazid amidin amidino imin
ate ide ite ic ous ium onium ammon ammonium oxonium sulfonium phosphonium iodonium azanium
sodium natrium kalium potassium lithium calcium magnesium barium strontium zinc zinc aluminium aluminum iron ferr ferro
ferri ferric ferrous copper cupr cuprous cupric cobalt nickel chrom chromium chromat dichromat mangan manganat
permanganat manganese molybd molybdat tungst vanad titan zircon silver argent gold aur mercur lead plumb tin cadmium
hydrochlor hydrobrom hydroiod hydriod hydrofluor clorhidrat hydrochlorid hydrobromid hydroiodid
oxid dioxid trioxid monoxid pentoxid hydrid nitrid carbid borid silicid
nitrat nitrit sulfonat sulfonic carbonat bicarbonat acetat benzoat citrat lactat tartrat maleat fumarat succinat
oxalat stearat oleat palmitat laurat formiat format propionat butyrat phthalat salicylat gluconat glutamat aspartat
pamoat mesylat mesilat tosylat tosilat besylat besilat triflat picrat
ine in yl yle ylo ilo a o i e y
asparagin glutamin lysin arginin histidin tyrosin trypt tryptophan phenylalanin alanin glycin valin leucin serin
threonin prolin cystein methionin cholin betain creatin taurin carnitin
ephedr efedr pseudo phenethyl phenacyl phenon acetophenon benzophenon propiophenon butyrophenon valerophenon
acetonitril propionitril butyronitril acrylonitril malononitril succinonitril benzonitril phenylacet
safrol isosafrol eugenol isoeugenol anethol estragol thymol menthol menth camphor born pinen terpin limonen carv
toluen benzen aceton ethan methan propan butan pentan hexan heptan octan nonan decan ethen propen buten penten hexen
ethyn propyn butyn acetylen ethylen propylen butylen amylen styren
phenol cresol creosol catechol resorcin resorcinol hydroquinon quinon guaiacol vanill vanillin veratr piperon piperonyl
anis anisol anisyl anisidin phenetid phenetol aminobenz hydroxybenz toluidin xylidin naphthol naphthyl naphthalen
azin azol azon oxin oxan thian thiol thion thionyl sulfuryl phosphoryl phosgen cyanur melamin cyanid cyanat isocyanat
diisocyanat isothiocyanat thiocyanat fulmin
saure saeure zuur kislota carbon carbonsaure carbonzuur essig azijn octow uksusn benzoe benzoesow butter boter diossi
ossi osso oksi dioksi okso idroksi gidroksi hidroksi hydroksy hidroxi idrossi geksan geks gept dioxy dioxi aldeid
aldehid aldegid carbaldehid aceet amiid anilid ciklo tsiklo zyklo karbon karboksil karboksilat karboksylan carbossil
carbossilat carboxilat ossiran oksiran oxiraan diossol dioksol bencen benceno benzeen benzol bencil fenil metil
benzoezuur benzoesaure etil propil butil atan athan aethan athyl aethyl propaan butaan ethaan brom chloor broom fluoor
jood jod yod ylethan ylethyl ylethen antranil chlorek bromek jodek cyjanek tlenek octan ather zyan metylo etylo fenylo
benzylo cyjan essigsaure toluil tolil diidroksi owy owa ovaa
aminoethyl aminoetil metylu etylu fenylu benzylu propylu butylu metilov etilov natriev kaliev dietilovii
aset asetyl asetat aket bens benso bensyl bents bentso bentsyl nitriil trit amiin amidi ketoni piperidiini dioksoli
karboxylsyre karboxylsyra carboxylsyre karbonsav karbonsyra karboksyylihappo glycidsyre glycidsyra glicidsav
glysidihappo benzoesyre bensoesyra bentsoehappo benzoesav eddikesyre attiksyra etikkahappo ecetsav propionsyra
propionsyre anthranilsyre antranilsyra antranilsav antraniilihappo octov ocetn benzoov benzoen karboksiln karboxilov
""".split()  # noqa: SIM905 - a list of words reads as a list of words

_KEYS = {key for word in _MORPHEMES if (key := key_of_word(word))}
_STEMS = sorted(_KEYS | {key.rstrip("aeo") for key in _KEYS if len(key) > 2}, key=lambda stem: (-len(stem), stem))
_CHEMICAL = re.compile("(?:" + "|".join(_STEMS) + ")+$")
_LONG_ENOUGH = 4
_FEW = 400
"""For fewer words it is not worth while to make the pattern ready for whole columns."""


@lru_cache(maxsize=65_536)
def is_chemical_word(key: str) -> bool:
    """Tell whether a word reads as chemical nomenclature from end to end.

    Args:
        key: the word's key (`app.chemistry.fold.key_of_word`).

    Returns:
        True when the whole word is made of morphemes of chemical nomenclature and is longer than a chance run.
    """
    if len(key) < _LONG_ENOUGH or not key.isascii() or not key.isalpha():
        return False
    return _CHEMICAL.match(key) is not None


def is_morpheme(key: str) -> bool:
    """Tell whether a key of at least two letters is a morpheme of nomenclature by itself, as `di` and `yl` are."""
    return len(key) > 1 and key in _KEYS


def are_chemical_words(keys: Sequence[str]) -> npt.NDArray[np.bool_]:
    """Return bool[n]: `is_chemical_word` of each key."""
    if len(keys) <= _FEW:
        return np.fromiter(map(is_chemical_word, keys), dtype=np.bool_, count=len(keys))
    column = pa.array(keys, pa.large_string())
    chemical = pc.and_(
        pc.greater_equal(pc.binary_length(column), _LONG_ENOUGH),
        pc.match_substring_regex(column, f"^{_CHEMICAL.pattern}"),
    )
    found: npt.NDArray[np.bool_] = chemical.to_numpy(zero_copy_only=False)
    return found
