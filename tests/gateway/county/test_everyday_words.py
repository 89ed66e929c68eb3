"""Everyday words mean themselves: none is taken for a place, or for a grave matter, because it is like one."""

from itertools import pairwise, product

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from gateway.county import lexicon, places
from gateway.county.lexicon import categories_in
from gateway.county.places import wards_in
from gateway.county.tokens import words_of

# Written down by hearing people complain, not by looking at what recognition knows.
KISWAHILI = """
acha achana afadhali afueni ahadi ajira akaunti akina alafu alama alidai alifika aliongea alisema ambao ambapo
amechoka amedai amefunga amefungua amehama amekataa amekufa ameleta amelipa amelipwa ameniambia amenidai ameondoka
ameongea amepata amepungua amesahau amesema ameshika ameshindwa ametumia ametumwa ameumwa amewahi amezaa amezoea
anachelewa anadai anafanya anafuga anakaa anakuja analala analipa anangoja anaomba anapenda anapita anasema anashindwa
anataka anatazama anatuambia anatumia anauza anaweza ardhini asali asubuhi atakuja atalipa atazame awali baada bado
bahati baiskeli balbu baraza barua basi bei bila binafsi bodi bonde bora bunge busara chafu chai chakula chama changa
changamoto changia chanzo cheo cheti chini chuki chukua chuma chumba chungu chuo daftari dakika dalili darasani deni
desturi dhahabu dhambi dharau dini duka elimisha endelea fagia faida faini familia fanya fedha foleni fungua furaha
fursa ghafla ghali gharama gunia hadi haifai haijafika haijakuja haijatoka haikuja haina haipo haitoshi haki hakika
hali halisi hamna handaki hapana haraka hasara hatimaye hatua hatujalipwa hatujapata hatuna hawajafika hawajalipwa
hawataki hekima hema hesabu hewa hifadhi hitaji hivyo hizi huduma huharibu huru idadi idara imani imechakaa imechelewa
imechoka imefunga imefungwa imeharibika imeisha imejaa imekatika imekauka imekosa imepasuka imepotea imepungua
imesimama imetoboka imevunjika inachelewa inafaa inafungua inahitaji inakaa inakuja inaleta inapita inapungua inatoka
inavuja jamani jamii jangwa jasho jembe jengo jibu jiji jiko jirani jitihada jukumu jumba jumla kabati kabichi kabila
kabisa kabla kadha kadi kadiri kahawa kaka kalamu kali kamata kamati kamba kambi kamili kampuni kanda kando kanisa
kanuni karama karanga karani karatasi karibu karne kasi kasoro kata kataa katiba katikati katoni kaunti kavu kawaida
kaya kazi kelele kemia kemikali kenda keti kiangazi kiasi kiatu kibali kibarua kibiriti kiboko kidogo kidole kifedha
kifo kifungu kijana kijiji kikao kikapu kiki kikundi kilabu kilele kilio kilomita kimbunga kimya kina kinga kinyesi
kioo kipaji kipande kipimo kipindi kipindupindu kisa kisima kiswahili kitabu kitambulisho kitanda kitengo kitu kituo
kiwanda kiwango kiwanja kizazi kizuizi kodi kofia kokoto kondoo korongo kosa kubomoka kubwa kuchelewa kufagia kufungua
kufungwa kugawa kuhusu kuimba kukata kukauka kukosa kuku kulala kulea kulima kulipa kumbe kuni kupungua kura
kurekebisha kusafisha kutazama kutibiwa kutumia kuziba labda lango lazima leseni lishe lori maabara maandamano mabati
maboga mabomu machozi madai madawati madeni madhara madini maendeleo mafuta magari mahakama mahari mahindi maiti
majani majengo majira makaa makanisa makao maktaba malalamiko malipo mama mamlaka mapato maradhi maramoja marehemu
masharti mashine maskini matairi matatu mateke matibabu matope matumizi mawe mazishi mbao mbele mbinu mboga mbuzi mbwa
mchanga mchango mchele mchezo mchoro mdudu mfugaji mfupa mganga mgao mgomo mguu mhandisi mimea mipaka misaada misitu
mitihani mizigo mjumbe mkataba mkate mkopo mkutano mlango mlima mnada moshi moyo mpira mradi msaada msala mshahara
msichana msingi msitu mstari mtandao mtihani mtoni mtungi mume muziki mvua mwaka mwananchi mwenyekiti mwezi mwisho
mzee mzigo nafaka nafasi nakala nauli ndege ndizi ndoo ndugu ngano ngazi ngombe nguo nguvu nilidai nimeambiwa
nimechoka nimelipa nimengoja nimetuma nimetumwa njaa njia nusu nyama nyanya nyasi nyeusi nyota nyuma nyumba nywele
ofisi ombi orodha paa panya pesa picha pikipiki pilipili polepole pombe ramani redio rekebisha rudi ruzuku safari safi
saini salama samaki sambaza sana sasa sauti sehemu sera serikali shamba sheria shimo shindano shirika shughuli
shukrani shule siku simama simu sindano sisi sukari suluhisho supu suruali tabia tafadhali taifa tairi takwimu tangazo
tangu tatizo teksi tembea tena tofauti toroka tuambie tumeambiwa tumechoka tumelipa tumengoja tunachanga tunadai
tunaishi tunalipa tunangoja tunaomba tunapita tunataka tunateseka tusaidieni udongo ufugaji ugonjwa uhaba uharibifu
ujenzi ukame ukarabati ukosefu ukuta umati umechoka umekwama umri unga upepo usafi usafiri usiku utafiti utapeli
uwanja uzazi viazi vibaya vijana vikundi vinywaji viongozi viti vitu vyakula vyeti wachanga wachimbaji wadudu
wafadhili wagonjwa wahandisi wakazi wakulima walemavu walidai walifika walikuja walilipa walimu walipewa walisema
walituma wameahidi wameambiwa wameanza wamebomoa wamechelewa wamechimba wamefunga wamefungua wameimba wameisha wamejaa
wamejenga wamekataa wamekuja wamelala wamelipa wamelipwa wamengoja wamepata wamepewa wameshindwa wametoa wametuma
wametumia wametumwa wameuza wamezaa wameziba wamezibua wamezoea wanachelewa wanadai wanafungua wanakuja wananchi
wanangoja wanaomba wanataka wanatazama wanatumia wanaume wanauza wanawake wapi watoto watu wazazi wazee wenye wiki
wote yamejaa yamekauka yamepungua yanapungua zamani zawadi zimefungwa zimejaa zimekauka zimekwama zimepungua
"""
ENGLISH = """
abandoned absent accept account advice afford agenda agents allocated ambition amenities answer apply approved arrears
arrested article assist attend attention average awarded away banana bank barely bars bathroom beans belong benefit
besides better bicycle bills birds boarding boda boxes brick budget build burial busy cabbage cabin calendar calls
camera cancel candidate capital carbon careless carry cement chairs chaos cheap cheese chemist chicken chiefs children
chosen church citizen clean clerk climate clinic closed coffee collect collection college comfort common compete
complain complete concern confirm connect consider construct contact contract control cooking cooler corner correct
cotton council counter couple course cover created credit creek crops crowded damage danger darkness daughter deadline
dealer decide decline defied delayed deliver demand demolish deserve desk details develop dinner direct dirt disabled
discuss disease distance district diversion donate dormitory downing driver drought drowsy dry dust dusty eager early
education effort elders election emergence empty enough equipment erosion evening excuse expensive expired explain
extra failed family farming faulty fence field filling final finance finish fish fixed flour follow forest forget
forms fuel funding funds garden gates general generator girls goats govern gravel greedy ground group grown growth
guard habit happen harvest headteacher heal health heavy helpful herd hired holes holiday honest hopeless hostel hours
housing hungry husband idle ignored illegal imagine improve income indirect infant inform injection insurance interest
invest invite issues january job journey judge kabisa keen keeper kindly kiosk kitchen ladies lambs large late lawn
lawyers leaders leaking lecturers lessons licence light litres living loans local locked lorry losses lost lower lunch
machine mango manner manual manure many marathon matron meals meant mechanic meeting melons member mercy meters
midwife mileage mineral minister minor mixed mobile money morning mosque motor mountain moved muddy music names naming
narrow nature neglect never night nobody noise notice number nurses nutrition officer onions online opened oranges
orders orphans outside overflow owners packed painted paper parents parking parliament partner patient paying pending
pension people permit persons petrol phone pipes plan planted please poles politics poor portion post potatoes poultry
power present pressure price primary private process produce project promise proper proposed protect proud public
pumped punish quality quarry queue quick radio railing rains ranger rarely rates reach ready reason receipt record
reduce refuse regular reject relief remain rented repair replace report request rescue residents respect respond
result return revenue rice river roof rotten rough rude rural sacks salary sand sanitary scheme science seats second
secure seem select sending seniors series serious served service settle several shade shared shelter shops short
shortage signal silent simple singers sitting slaughter slope slowly sluggish soap soil solar solid soon sorry source
speed spend sports spring square stage stalled standard started station steady steal stolid stone stopped storage
stoves stranded strange stream street strike structure stuck subsidy suffer sugar suggest supply support surface swamp
sweep system tailor talk tank taxes teaching team tender tenderest terrain terrible tested thanks themselves thirsty
through ticket tidy tiles timber tiniest today toilet told tomato tools towards tower town tractor trading traffic
training transfer transport trench truck trust tuition turned twice uniform unpaid unsafe until upgrade urgent useless
usual vacancy valley value vegetables vehicle vendor village visit volume voters wages waited walking warden warned
washed wasted weather wedding weekly welfare wells wheel whole widow window winter wires within women wood worker
workshop worry worse worst yearly young youth zone
"""
# Sentences that name no place, and nothing grave: what stands beside each other in them is no place either.
SENTENCES = [
    "Hakuna maji kabisa",
    "hakuna maji kabisaaa",
    "Hakuna maji tangu jana, tunateseka sana leo",
    "There are no lessons in our school",
    "They don't seem to care",
    "Kimbunga kimeharibu paa la shule",
    "Shida ni kama hiyo ya jana",
    "Karani walidai hela ya karatasi",
    "Wametumia pesa ya barabara vibaya",
    "Mama amezaa salama hospitalini",
    "Wameziba mfereji wa maji machafu",
    "Tunataka shule ya watoto changa",
    "Maji yamepungua sana siku hizi",
    "Wamefungua zahanati lakini hakuna dawa",
    "Bei ya mahindi imepungua",
    "Tazama barabara hii, wanatazama tu",
    "Nimeambiwa nije kesho kila siku",
    "Nilipiga simu ofisini hakuna aliyeshika",
    "Wagonjwa wanangoja kutibiwa tangu asubuhi",
    "Swali langu halijajibiwa, nataka kujibiwa",
    "Mara ya pili tunaomba maji ya bomba",
    "Sana sana leo hakuna kitu kipya",
    "Kazi ya barabara imesimama kwa mwezi mmoja sasa",
    "Kwa nini karo ya shule ni ghali hivi",
    "We were told to come on Monday but the office was closed again",
    "The tender for the road has been delayed and nothing seems to happen",
    "Kids walk too far to school and the path is muddy",
    "Tulipewa ahadi mara tatu lakini hawajafika",
    "Soko halina taa, tunafunga mapema",
    "When will the cattle dip be repaired",
    "Wazee wetu hawajalipwa pesa yao",
    "Walisema wataleta mbolea lakini hadi leo haijafika",
    "Kwa hivyo tunasema asante, kazi nzuri",
    "Mfugaji wa kuku anataka mafunzo",
]


@pytest.fixture
def nandi(county: Engine, db: Session) -> Session:
    return db


def taken_wrongly(db: Session, texts: list[str]) -> list[tuple[str, tuple[str, ...]]]:
    names, words = places.gazetteer(db), lexicon.lexicon(db)
    grave = words.sensitive | words.urgent
    found = [(text, (*wards_in(text, names), *(grave & set(categories_in(text, words))))) for text in texts]
    return [(text, taken) for text, taken in found if taken]


def test_no_everyday_word_is_a_place_or_a_grave_matter(nandi: Session) -> None:
    assert taken_wrongly(nandi, sorted({*KISWAHILI.split(), *ENGLISH.split()})) == []


def test_no_everyday_sentence_names_a_place_or_a_grave_matter(nandi: Session) -> None:
    assert taken_wrongly(nandi, SENTENCES) == []


def test_no_two_everyday_words_beside_each_other_are_a_place_or_a_grave_matter(nandi: Session) -> None:
    beside = {" ".join(two) for sentence in SENTENCES for two in pairwise(words_of(sentence))}
    assert taken_wrongly(nandi, sorted(beside)) == []


def test_no_two_short_words_grow_together_to_the_name_of_a_place(nandi: Session) -> None:
    short = {word for word in {*KISWAHILI.split(), *ENGLISH.split(), "so", "ko", "no", "ya"} if len(word) <= 5}
    names = places.gazetteer(nandi).names
    assert [two for two in product(short, short) if "".join(two) in names] == []
