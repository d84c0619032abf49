"""Ordinary words and goods, and lawful chemicals in many languages, that a listed name resembles or stands in.

The words are those of the 40,000 most frequent ones of sixteen languages (hermitdave/FrequencyWords, 2018, from film
subtitles) that lie within a slip of a listed name.
"""

from app.chemistry.fold import fold, name_keys

_WORDS = """
koran coran corano corán korán koranen podium pódium mandarin mandarine mandarina mandarín mandarini mandarins
mandarinas mandarines aston halloran shackleton acheron acheson hazelton tollen tolken azeitona azeitonas acceptons
achetons accettano жетон жетоны probaron provarono proponen espiritual decoded fascinate fascinat confinato esamina
disordine demain après-demain propagent naalden klokan klockan klorna lloran corran лоран bosphorus bósforo förföra
întreține menjamin asinan azından ağzından alınan tahmin vitamine vitaminele metilen ergometer ergomètre ergómetro
ergometro ergometric ergométrique ergometrisch эргометр эргометрический велоэргометр ergonomic ergonomics toner
pseudo-cuir safari safran safrán zafferano шафран safira saffron safflower jody jodie jodi joden jodió hetero hétéro
heteró heter etter cetonas cetones ketone ketones chetoni vitamins vitaminas сандрин piperaquine фосфорит фосфориты
phosphorite phosphorites phosphorit fosforita fosforite sandrine
"""

_PHRASES = """
lead acid battery; lead-acid batteries; sealed lead acid battery; lead-acid accumulator; lead-acid accumulators
sel iodé; sal yodada; sal iodado; sale iodato; iodised salt; iodized salt; iodiertes Speisesalz; Jodsalz; sól jodowana
соль йодированная; йодированная соль; garam beryodium; iyotlu tuz; gejodeerd zout
phosphoric acid; Phosphorsäure; acide phosphorique; ácido fosfórico; acido fosforico; kwas fosforowy; fosforzuur
fosfor asit; fosforik asit; ортофосфорная кислота; фосфорная кислота; axit photphoric; axit phosphoric; asam fosfat
phosphorous acid; phosphorige Säure; acide phosphoreux; ácido fosforoso; acido fosforoso; фосфористая кислота
safflower oil; Safloröl; huile de carthame; aceite de cártamo; óleo de cártamo; сафлоровое масло; aspir yağı
sulfurous acid; schweflige Säure; acide sulfureux; ácido sulfuroso; acido solforoso; сернистая кислота
hypochlorous acid; unterchlorige Säure; acide hypochloreux; ácido hipocloroso; хлорноватистая кислота
perchloric acid; Perchlorsäure; acide perchlorique; ácido perclórico; acido perclorico; хлорная кислота
chloric acid; Chlorsäure; acide chlorique; ácido clórico; хлорноватая кислота
hydrobromic acid; Bromwasserstoffsäure; acide bromhydrique; ácido bromhídrico; бромистоводородная кислота
hydrofluoric acid; Flusssäure; acide fluorhydrique; ácido fluorhídrico; плавиковая кислота; hidroflorik asit
benzoic acid; Benzoesäure; acide benzoïque; ácido benzoico; kwas benzoesowy; бензойная кислота; benzoik asit
dimethylamine; Dimethylamin; diméthylamine; dimetilamina; dimetilammina; диметиламин; dimetilamin; dimetylamin
diethylamine; Diethylamin; diéthylamine; dietilamina; dietilammina; диэтиламин; dietilamin; dietylamin
trimethylamine; Trimethylamin; triméthylamine; trimetilamina; trimetilammina; триметиламин; trimetilamin
triethylamine; Triethylamin; triéthylamine; trietilamina; trietilammina; триэтиламин; trietilamin; trietylamin
maleic anhydride; Maleinsäureanhydrid; anhydride maléique; anhídrido maleico; anidride maleica; maleik anhidrit
phthalic anhydride; Phthalsäureanhydrid; anhydride phtalique; anhídrido ftálico; anidride ftalica; ftalik anhidrit
benzyl alcohol; Benzylalkohol; alcool benzylique; alcohol bencílico; alcol benzilico; бензиловый спирт
benzoyl chloride; Benzoylchlorid; chlorure de benzoyle; cloruro de benzoílo; cloruro di benzoile; бензоилхлорид
nitromethane; Nitromethan; nitrométhane; nitrometano; нитрометан; nitrometan
phenylephrine; Phenylephrin; phényléphrine; fenilefrina; фенилэфрин; fenilefrin; fenylefryna
methylergometrine; Methylergometrin; méthylergométrine; metilergometrina; метилэргометрин; metylergometryna
dihydroergotamine; Dihydroergotamin; dihydroergotamine; dihidroergotamina; diidroergotamina; дигидроэрготамин
dihydroergocristine; Dihydroergocristin; dihidroergocristina; diidroergocristina; дигидроэргокристин
methyl ethyl ketone peroxide; peróxido de metiletilcetona; peroxyde de méthyléthylcétone; Methylethylketonperoxid
"""

ORDINARY: dict[str, str] = {
    name_keys(phrase)[0]: phrase.strip()
    for phrase in (*_WORDS.split(), *(each for line in _PHRASES.strip().split("\n") for each in line.split(";")))
}
"""The key of each, with its spelling."""
AS_SPELT = frozenset(map(fold, _WORDS.split()))
"""The words as they are spelt: some have the key of a short listed name."""
MOST_WORDS = 4
"""Words of the longest of them."""
