"""Everyday words of Kiswahili and English. They mean themselves, so that no likeness makes them a place or a matter.

"Hakuna maji kabisa" names no Kabisaga. A word in this list is still known where it stands for itself: only likeness to
another word is denied to it. It is the languages', not the county's, so that it stands here and not in a pack.
"""

import re

_KISWAHILI = """
adai adhabu afadhali afisa aina ajira akili alama alidai ama amani ambao ambaye ameambiwa ameenda amekuja amelipa
amepata amepita amesema ametumia amezaa ameziba anadai anaomba anasema anataka angalao angalau angalia askari asubuhi
baba babu bado bahati baiskeli bali bara baraka barani baraza baridi barua bei bendera bila binti boma bonde bonge
bora boresha bovu buni bure busara bwana bwawa chache chafu chai chakula chama changa changamoto changu chanzo chapa
chekundu cheo chepesi chepukia chepulia cheti chini choka chombo chote chuki chukua chuma chumba chungu chuo eleza
elfu elimu enda endelea eneo engine eti gani gari ghali gharama giza gogo gonga gumu haba hadi haki hakuna halafu
halali hali hamna hana haraka hasa hasara hata hatari hatua hatujui hatuna hawa hawana haya heri heshima hewa hii hila
hilo hivi hivyo hiyo hizi hodi homa hongera hospitali huduma huku hukumu hundi huo huru huyu huzuni idadi idara
ijapokuwa ijumaa ikiwa ila ile ili imani imeharibika imekauka imevunjika inahitaji inatoka ingawa ingia iwe jamaa
jamani jambo jamii jana jembe jengo jeraha jina jinsi jioni jirani jiwe joto jua juhudi jukumu juma jumamosi jumanne
jumapili jumatano jumatatu juu juzi kaanani kabila kabisa kabisha kabla kadhaa kadi kadibodi kalamu kale kali kama
kamati kambi kambo kamili kampuni kamwe kana kando kanisa kaptula karani karatasi karibu kasirani kata kati katiba
katika kaunti kavu kawaida kaya kazi kazini kebe kebo kelele kemikali kero kesho kesi keti kiasi kibali kibao kibaoni
kiboko kichaa kichwa kidogo kifo kijana kijiji kijijini kikao kikundi kila kilimo kilio kilomita kima kimbunga kimya
kina kinachoruka kinga kingine kipande kipimo kipindi kipindupindu kipya kiranja kisa kisanga kisha kisirani kiti kitu
kituo kiwanda kiwanja kizazi kodi kofia kokoto koloni koo kopo kora kosa kote koti kubwa kucha kufa kufika kuhusu
kuibua kuimbiwa kuja kujibiwa kujua kukaa kukosa kula kulala kuleta kulia kulipa kumi kuna kunywa kuomba kuona kuongea
kupata kupita kurudi kusema kusikia kutibiwa kutoka kuwa kwa kwani kwanza kwao kweli kwenda kwenu kwenye kwetu kwisha
labda ladha laini laki lakini lala lango lengo leo leseni leta lete lini lipa lipi lishe lori lote lugha maafa maana
mabati mabaya macho mada madhara madini maelezo maendeleo mafuta magari magonjwa mahakama mahali maisha majani majengo
maji majira majirani makaa makosa makubwa malipo mama mambo mamlaka mapato mapema mara maradhi marafiki marahaba
maramoja mashambani mashine masika maskini mataa matatizo matatu mateso matope matumizi mauti mavi mawazo mawe
mazingira mazishi mbali mbalimbali mbao mbaya mbele mbili mbio mboga mbolea mbona mbovu mbunge mbuzi mchana mchanga
mchango mchele mchezo mdogo meneja meno meza mfano mfereji mfuko mgeni mguu mia miaka miezi miguu mikono mikopo
milango mimba mimi mingi mitaa miti mitihani mizigo mjini mjomba mkataba mke mkoa mkono mkubwa mkutano mkuu mlango
mlima mmoja mnada moja mojawapo moyo mpaka mpango mpya mraba mradi mrefu msaada mshahara mshangao msichana msimamizi
mtaa mtaani mtetezi mtihani mto mtoni mtoto mtu muda muhimu mume mvua mwaka mwakilishi mwana mwanamke mwananchi
mwanaume mwanzo mwenye mwenyekiti mwenzi mwezi mwezini mwili mwisho mzazi mzee mzigo mzima mzuri nafasi nafuu namba
nami nani ndala ndani ndege ndiyo ndogo ndoto ndugu nduma neno ngano ngapi ngazi ngoja ngoma nguo nguvu nilidai
nimeambiwa nini ninyi njaa njia njiani noti nusu nyasi nyingi nyinyi nyuma nyumba nyumbani nyumbu nzima nzito nzuri
ofisa ofisi ole omba ombi ona ondoa oneni ongea onya onyo orodha pahali paka pale pamoja pana pande panga pango papo
pasi pata peke pembe pesa pia picha pigo pika pikipiki pili pita pole poleni polepole pombe porini punda pungua pwani
rafiki raha rahisi raia rais ramani rangi rasmi rudi ruhusa sababu safari safi sahani sahihi saidia salama samahani
samaki sana sanduku sasa sawa sehemu sekondari sema sembe semeni senti sera seremala serikali sherehe sheria shetani
shida shilingi shimo shoka shughuli shukrani shule siafu sihami siku sikukuu simama simu sindano sisi sita sitaki soda
sogea soma songoro soni sote sukari suluhisho sumu sungura suruali tabia tabu tafadhali tafuta taifa taka tangazo
tangu tano tarehe tatizo tatu tayari tembea tena tenda tendo tetemeko tofauti toka tope tosha tuambie tukio tulidai
tuma tumaini tumeambiwa tumechoka tunaomba tunataka tupu tusaidie tusaidieni uamuzi ubaya udhaifu udongo ufugaji ugali
ugonjwa uhuru ujenzi ukame ukarabati ukuta ulinzi umaskini umri upande upepo usafi usafiri usalama usiku uwanja uzazi
uzito vibaya vijana vikao vile vilevile vingi vipi viti vitu viwanja vizuri vyama vyema wadogo wakati wakazi wake
wakili wakubwa walevi walidai walimu walisema wameacha wameahidi wameambiwa wameanza wameenda wamefanya wamefunga
wameharibu wameiita wameimba wamekataa wamekuja wamelala wamelipa wametoa wametoka wametumia wameumwa wameziba
wamezibua wanadai wanafunzi wananchi wanataka wanaume wanawake wao watoto watu wazazi wazee wazi wazimu wengi wenye
wenzetu wetu wewe wiki wimbo wizara wote yako yale yangu yao yenye yetu yeye yote zaidi zake zamani zao zawadi zetu
ziara zile zima zingine zote
"""
_ENGLISH = """
a able about above according account across act actually add after again against age ago agree air all allow almost
along already also although always am amenities among an and animal animals another answer any anybody anymore anyone
anything are area areas around arrive as ask asked at authority available away baby back bad bag bags bank baritone
bars base basic be because become been before began begin behind being believe below better between big bill bills bit
black blocked board boat boats body book books both bottom box boy boys bring broke broken brother brought build
building built burst business busy but buy by call called came camp can cannot capable car card care carry case cases
cause center centre certificate chair chairman chance change charge chemical chemicals chemist chicken chief child
children church citizen citizens city class clean clear clerk close closed cold come comes coming committee common
community company complain complaint complete completed concern condition contact contractor control cook cost could
council country county course cover crowd cut daily damage damaged dark date day days dead deal dear death decide
defied delay demand department depend did die died different difficult dirty disease district do does dog dogs done
door down downing driver drop drugs dry due during dust duty each early earth easy eat education eight either elders
election eleven else emergence empty end enough entire environment even evening ever every everybody everyone
everything everywhere example except expect explain extra eye fact failed fair fall family far farm farms fast father
feel fell few field fill final finally find fine finish first five fix fixed flow follow food foot for force forest
form found four free friday friend from front full fund funds gate gave general get girl girls give given go goes
going gone good got government grass great ground group grow guard had half hand happen happened hard has have he head
hear heard heavy help her here high him his hold hole home homes hope hot hour hours house houses how however hundred
hungry hurt husband idea if illness important in include increase indirect inform information inside instead into is
issue issues it its job jobs join july june just keen keep kept kids kind kindly kitchen know known lady lamp large
last late later law lay lazy lead leader leak leaking learn leave left leg less lesson lessons let letter level lie
life light lights like line list little live lives load local long look looks lorry lose loss losses lost lot love low
machine made mail main make man manager many marathon mark material matter may maybe me mean meet meeting member
members men mess message messages meteorite middle might mile minister minute mission monday money month months moon
more morning most mother motor mountain mouth move much mud must my name national near nearly need needs neighbour
neighbours never new news next nice night nine no nobody none noon nor normal north not note nothing notice now number
of off office officer officers often oil old on once one only open opened operate or order other our out outside over
own owner paid pain paper parent parents part party pass past pay paying payment peace people perhaps permit person
phone piece pipe pipes place places plan plant plastic play please point poor possible power pregnant present price
prices private problem problems process project promise promised proper property provide public pull pump put quality
question quick quickly quiet quite rain rains rainy raised ran rate rather reach read ready real really reason receive
received recent red refuse refused register remain remember remove repair repairs repeat reply report reported request
residents respond rest result return rice right river room round rule run running rural safe said sale same sand
saturday save saw say says scheme season seat second section see seem seems seen sell send senior sent serene series
serious serum serve service services set seven several sewed share she shop shops short should show sick side sign
since singer sir sister site six size sleep slow small so social soil some someone something sometimes son soon sorry
sound south speak special spend spring staff stage stand standing start started state station stay still stone stones
stop story street strong stuck students study such sudden suffer suffering sugar sun sunday supply support sure
surface system table take taken talk tax teach team tell ten tender tenderest terrible test text than thank that the
their them then there these they thing things think this those though three through thursday tidiest time times tinder
tiniest tired title to today together told tomorrow too took top torn total town traffic transfer transport travel
tree trees tried trouble truck true try tuesday turn twelve twenty twice two type under understand until up upon
urgent us use used useless usually value vehicle very vet village villages visit voice vote wait waiting walk wall
want wanted wants war ward warm was wash washed waste watch way we weather wednesday week weeks well went were west
wet what wheel when where which while white who whole whose why wide wife will wind window wish with within without
woman women wood word words work worked worker workers working world worse would write wrong yard year years yes
yesterday yet you young your youth zero zone
"""
_RUN = re.compile(r"(.)\1+")


def _squeezed(word: str) -> str:
    return _RUN.sub(r"\1", word)


_EVERYDAY = frozenset(_squeezed(word) for word in f"{_KISWAHILI} {_ENGLISH}".split())


def is_everyday(word: str) -> bool:
    """Whether a word, as `tokens.words_of` gives it, is an everyday one, also drawn out as people do: "kabisaaa"."""
    return _squeezed(word) in _EVERYDAY
