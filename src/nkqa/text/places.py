"""Countries under their other names: a government is called by its capital, people by a demonym, some by letters.

Own compilation of the member states of the United Nations and a few others; general knowledge, nothing of any corpus.
"""

from __future__ import annotations

import re
from functools import lru_cache

from nkqa.types import Span

# name | capital | demonym, other names
_COUNTRIES = """
Afghanistan|Kabul|Afghan
Albania|Tirana|Albanian
Algeria|Algiers|Algerian
Andorra||Andorran
Angola|Luanda|Angolan
Argentina|Buenos Aires|Argentine, Argentinian
Armenia|Yerevan|Armenian
Australia|Canberra|Australian
Austria|Vienna|Austrian
Azerbaijan|Baku|Azerbaijani
Bahamas|Nassau|Bahamian
Bahrain|Manama|Bahraini
Bangladesh|Dhaka|Bangladeshi
Barbados|Bridgetown|Barbadian
Belarus|Minsk|Belarusian
Belgium|Brussels|Belgian
Belize|Belmopan|Belizean
Benin|Porto-Novo|Beninese
Bhutan|Thimphu|Bhutanese
Bolivia|La Paz|Bolivian
Bosnia and Herzegovina|Sarajevo|Bosnian
Botswana|Gaborone|Botswanan
Brazil|Brasília|Brazilian
Brunei||Bruneian
Bulgaria|Sofia|Bulgarian
Burkina Faso|Ouagadougou|Burkinabe
Burundi|Gitega|Burundian
Cambodia|Phnom Penh|Cambodian
Cameroon|Yaoundé|Cameroonian
Canada|Ottawa|Canadian
Cape Verde|Praia|Cape Verdean
Central African Republic|Bangui|
Chad|N'Djamena|Chadian
Chile|Santiago|Chilean
China|Beijing|Chinese, PRC, People's Republic of China
Colombia|Bogotá|Colombian
Comoros|Moroni|Comorian
Congo|Kinshasa|Congolese, DRC
Costa Rica|San José|Costa Rican
Croatia|Zagreb|Croatian
Cuba|Havana|Cuban
Cyprus|Nicosia|Cypriot
Czech Republic|Prague|Czech, Czechia
Denmark|Copenhagen|Danish
Djibouti||Djiboutian
Dominica|Roseau|
Dominican Republic|Santo Domingo|
Ecuador|Quito|Ecuadorian
Egypt|Cairo|Egyptian
El Salvador|San Salvador|Salvadoran
Equatorial Guinea|Malabo|
Eritrea|Asmara|Eritrean
Estonia|Tallinn|Estonian
Eswatini|Mbabane|Swazi, Swaziland
Ethiopia|Addis Ababa|Ethiopian
Fiji|Suva|Fijian
Finland|Helsinki|Finnish
France|Paris|French
Gabon|Libreville|Gabonese
Gambia|Banjul|Gambian
Georgia|Tbilisi|Georgian
Germany|Berlin|German
Ghana|Accra|Ghanaian
Greece|Athens|Greek
Grenada||Grenadian
Guatemala||Guatemalan
Guinea|Conakry|Guinean
Guinea-Bissau|Bissau|
Guyana|Georgetown|Guyanese
Haiti|Port-au-Prince|Haitian
Honduras|Tegucigalpa|Honduran
Hungary|Budapest|Hungarian
Iceland|Reykjavik|Icelandic
India|New Delhi|Indian
Indonesia|Jakarta|Indonesian
Iran|Tehran|Iranian
Iraq|Baghdad|Iraqi
Ireland|Dublin|Irish
Israel|Jerusalem|Israeli
Italy|Rome|Italian
Ivory Coast|Yamoussoukro|Ivorian, Côte d'Ivoire
Jamaica|Kingston|Jamaican
Japan|Tokyo|Japanese
Jordan|Amman|Jordanian
Kazakhstan|Astana|Kazakh
Kenya|Nairobi|Kenyan
Kiribati||
Kosovo|Pristina|Kosovar
Kuwait||Kuwaiti
Kyrgyzstan|Bishkek|Kyrgyz
Laos|Vientiane|Lao, Laotian
Latvia|Riga|Latvian
Lebanon|Beirut|Lebanese
Lesotho|Maseru|Basotho
Liberia|Monrovia|Liberian
Libya|Tripoli|Libyan
Liechtenstein|Vaduz|
Lithuania|Vilnius|Lithuanian
Luxembourg||Luxembourgish
Madagascar|Antananarivo|Malagasy
Malawi|Lilongwe|Malawian
Malaysia|Kuala Lumpur|Malaysian
Maldives|Malé|Maldivian
Mali|Bamako|Malian
Malta|Valletta|Maltese
Marshall Islands|Majuro|Marshallese
Mauritania|Nouakchott|Mauritanian
Mauritius|Port Louis|Mauritian
Mexico|Mexico City|Mexican
Micronesia|Palikir|Micronesian
Moldova|Chișinău|Moldovan
Monaco||Monegasque
Mongolia|Ulaanbaatar|Mongolian
Montenegro|Podgorica|Montenegrin
Morocco|Rabat|Moroccan
Mozambique|Maputo|Mozambican
Myanmar|Naypyidaw|Burmese, Burma
Namibia|Windhoek|Namibian
Nauru||Nauruan
Nepal|Kathmandu|Nepali, Nepalese
Netherlands|The Hague|Dutch, Holland
New Zealand|Wellington|New Zealander
Nicaragua|Managua|Nicaraguan
Niger|Niamey|Nigerien
Nigeria|Abuja|Nigerian
North Korea|Pyongyang|North Korean, DPRK, NK, N. Korea, the North
North Macedonia|Skopje|Macedonian
Norway|Oslo|Norwegian
Oman|Muscat|Omani
Pakistan|Islamabad|Pakistani
Palau||Palauan
Palestine|Ramallah|Palestinian
Panama|Panama City|Panamanian
Papua New Guinea|Port Moresby|
Paraguay|Asunción|Paraguayan
Peru|Lima|Peruvian
Philippines|Manila|Philippine, Filipino
Poland|Warsaw|Polish
Portugal|Lisbon|Portuguese
Qatar|Doha|Qatari
Romania|Bucharest|Romanian
Russia|Moscow|Russian
Rwanda|Kigali|Rwandan
Samoa|Apia|Samoan
San Marino||
Saudi Arabia|Riyadh|Saudi
Senegal|Dakar|Senegalese
Serbia|Belgrade|Serbian
Seychelles||Seychellois
Sierra Leone|Freetown|Sierra Leonean
Singapore||Singaporean
Slovakia|Bratislava|Slovak
Slovenia|Ljubljana|Slovenian
Solomon Islands|Honiara|
Somalia|Mogadishu|Somali
South Africa|Pretoria|South African
South Korea|Seoul|South Korean, ROK, SK, S. Korea, the South
South Sudan|Juba|South Sudanese
Spain|Madrid|Spanish
Sri Lanka|Colombo|Sri Lankan
Sudan|Khartoum|Sudanese
Suriname|Paramaribo|Surinamese
Sweden|Stockholm|Swedish
Switzerland|Bern|Swiss
Syria|Damascus|Syrian
Taiwan|Taipei|Taiwanese
Tajikistan|Dushanbe|Tajik
Tanzania|Dodoma|Tanzanian
Thailand|Bangkok|Thai
Togo|Lomé|Togolese
Tonga|Nuku'alofa|Tongan
Trinidad and Tobago|Port of Spain|Trinidadian
Tunisia|Tunis|Tunisian
Turkey|Ankara|Turkish, Türkiye
Turkmenistan|Ashgabat|Turkmen
Tuvalu||Tuvaluan
Uganda|Kampala|Ugandan
Ukraine|Kyiv|Ukrainian
United Arab Emirates|Abu Dhabi|UAE, Emirati
United Kingdom|London|British, UK, U.K., Britain, Great Britain
United States|Washington|American, US, U.S., USA, U.S.A., America
Uruguay|Montevideo|Uruguayan
Uzbekistan|Tashkent|Uzbek
Vanuatu||
Vatican City||Vatican, Holy See
Venezuela|Caracas|Venezuelan
Vietnam|Hanoi|Vietnamese
Yemen|Sanaa|Yemeni
Zambia|Lusaka|Zambian
Zimbabwe|Harare|Zimbabwean
"""
# A name that is also an everyday word counts only in capitals.
_CAPITALS_ONLY = frozenset({"US"})
# The pronoun has no article, and is not what people live in or what has an embassy.
_SMALL_US = re.compile(
    r"(?<=\bthe )us\b|(?<=\bin )us(?=\W*\Z| (?:and|or|since|from|by|after|before|until|in)\b)|"
    r"\bus(?= (?:government|congress|army|military|embassy|president|senate|dollars?|state department|visas?)\b)"
)
_LETTERS: dict[str, str] = {
    other: line.split("|")[0]
    for line in _COUNTRIES.strip().splitlines()
    for other in line.split("|")[2].split(", ")
    if re.fullmatch(r"[A-Z]{2,4}|(?:[A-Z]\.){2,3}", other)
}


@lru_cache(maxsize=1)
def _aliases() -> tuple[re.Pattern[str], dict[str, str]]:
    """Return one pattern for every other name of a country, and the country that each name means."""
    meaning: dict[str, str] = {}
    for line in _COUNTRIES.strip().splitlines():
        name, capital, others = line.split("|")
        for alias in (capital, *others.split(",")):
            if alias.strip():
                meaning[alias.strip().casefold()] = name
    # Longer names first: "South Sudanese" before "Sudanese".
    names = sorted(meaning, key=lambda alias: -len(alias))
    return re.compile(rf"(?<![\w.])(?:{'|'.join(re.escape(alias) for alias in names)})(?!\w)", re.IGNORECASE), meaning


@lru_cache(maxsize=8192)
def name_countries(text: str) -> str:
    """Return a text with every other name of a country replaced by the country's name."""
    pattern, meaning = _aliases()
    return pattern.sub(lambda found: _meant(found[0], meaning) or found[0], text)


def find_countries(text: str) -> tuple[Span, ...]:
    """Return the spans of `text` that name a country or its people, by any of its names, in order."""
    pattern, meaning = _aliases()
    own = _own_names().finditer(text)
    found = [Span(*match.span()) for match in pattern.finditer(text) if _meant(match[0], meaning)]
    found += [Span(*match.span()) for match in own]
    return tuple(sorted(one for one in set(found) if not any(other != one and other.contains(one) for other in found)))


def countries_of(text: str) -> frozenset[str]:
    """Return the countries that a text names, themselves or their people, by whatever name, in small letters."""
    written = name_countries(text)
    return frozenset(span.of(written).casefold() for span in find_countries(written))


@lru_cache(maxsize=1)
def _own_names() -> re.Pattern[str]:
    names = sorted((line.split("|")[0] for line in _COUNTRIES.strip().splitlines()), key=lambda name: -len(name))
    return re.compile(rf"(?<![\w.])(?:{'|'.join(re.escape(name) for name in names)})(?!\w)", re.IGNORECASE)


def countries_meant(text: str) -> tuple[str, ...]:
    """Return the countries that a text names by another name only, in the order of the text, each once.

    "Beijing" means China, "the US" the United States; a country that is named as such is not returned.
    """
    pattern, meaning = _aliases()
    found = dict.fromkeys(name for match in pattern.finditer(text) if (name := _meant(match[0], meaning)))
    return tuple(name for name in found if not re.search(rf"\b{re.escape(name)}\b", text, re.IGNORECASE))


def _meant(written: str, meaning: dict[str, str]) -> str | None:
    if written.upper() in _CAPITALS_ONLY and written not in _CAPITALS_ONLY:
        return None
    return meaning.get(written.casefold())


@lru_cache(maxsize=1)
def _short_names() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return a pattern for every name that has a word cut short ("N. Korea"), and the whole name.

    Hurried people leave out the full stop, the blank and the capitals, and put the name in the plural or a demonym.
    """
    found: list[tuple[re.Pattern[str], str]] = []
    for line in _COUNTRIES.strip().splitlines():
        name, _, others = line.split("|")
        for cut, word in (other.split() for other in others.split(", ") if re.fullmatch(r"[A-Z]\. [A-Z]\w+", other)):
            found.append((re.compile(rf"(?<![\w.'’]){cut[0]}(?:\. ?| )?{word}(n?s?)\b", re.IGNORECASE), name))
    return tuple(found)


def write_out(text: str) -> str:
    """Return a text with names of countries that have a word cut short written out, and "the us" in capitals."""
    for pattern, name in _short_names():
        text = pattern.sub(rf"{name}\1", text)
    return _SMALL_US.sub("US", text)


def letters_of(text: str) -> tuple[tuple[str, str], ...]:
    """Return the countries that a text names by letters, as (letters, name): ("UK", "United Kingdom")."""
    pattern, meaning = _aliases()
    written = dict.fromkeys(match[0] for match in pattern.finditer(text) if match[0].upper() in _LETTERS)
    return tuple((letters, name) for letters in written if (name := _meant(letters, meaning)))


def letters_for(text: str) -> tuple[tuple[str, str], ...]:
    """Return the letters by which the countries that a text names are also known, as (name, letters)."""
    lowered = text.casefold()
    return tuple((name, letters) for letters, name in _LETTERS.items() if name.casefold() in lowered)


def spell_out(text: str) -> str:
    """Return a text in which countries named by letters have their names; other names of countries stay."""
    for letters, name in letters_of(text):
        text = re.sub(rf"(?<![\w.]){re.escape(letters)}(?!\w)", name, text)
    return text
