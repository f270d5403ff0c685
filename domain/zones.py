"""Time zones as people name them: by city or country. Offsets such as CET are asked back, because they are wrong half the year."""

from __future__ import annotations

from functools import lru_cache
from zoneinfo import available_timezones

from domain.errors import BadInput
from domain.nearest import fold, nearest
from domain.phrases import cut, say_list, say_zone
from domain.words import plain, tidy

# Where one city stands for a whole country, or a city is no name of its own in the zone database.
_PLACES = {
    "Europe/Berlin": "germany deutschland munich münchen hamburg frankfurt cologne köln stuttgart leipzig",
    "Europe/London": "uk united_kingdom england great_britain britain scotland wales manchester edinburgh cambridge",
    "Europe/Paris": "france lyon toulouse", "Europe/Madrid": "spain barcelona valencia", "Europe/Rome": "italy milan",
    "Europe/Zurich": "switzerland zürich geneva basel", "Europe/Vienna": "austria wien graz", "Europe/Lisbon": "portugal porto",
    "Europe/Amsterdam": "netherlands holland rotterdam utrecht", "Europe/Brussels": "belgium antwerp ghent",
    "Europe/Copenhagen": "denmark", "Europe/Stockholm": "sweden gothenburg malmö", "Europe/Oslo": "norway", "Europe/Helsinki": "finland",
    "Europe/Dublin": "ireland cork", "Europe/Warsaw": "poland krakow kraków wroclaw wrocław",
    "Europe/Prague": "czechia czech_republic brno",
    "Europe/Budapest": "hungary", "Europe/Bucharest": "romania cluj", "Europe/Sofia": "bulgaria", "Europe/Athens": "greece",
    "Europe/Istanbul": "turkey türkiye ankara", "Europe/Kyiv": "ukraine kiev lviv", "Europe/Belgrade": "serbia", "Europe/Zagreb": "croatia",
    "Europe/Tallinn": "estonia", "Europe/Riga": "latvia", "Europe/Vilnius": "lithuania", "Europe/Luxembourg": "luxembourg",
    "Asia/Kolkata": "india bangalore bengaluru mumbai delhi new_delhi hyderabad chennai pune",
    "Asia/Shanghai": "china beijing shenzhen guangzhou", "Asia/Tokyo": "japan osaka", "Asia/Seoul": "korea south_korea",
    "Asia/Singapore": "singapore", "Asia/Hong_Kong": "hong_kong", "Asia/Taipei": "taiwan", "Asia/Bangkok": "thailand",
    "Asia/Ho_Chi_Minh": "vietnam hanoi saigon", "Asia/Manila": "philippines", "Asia/Kuala_Lumpur": "malaysia",
    "Asia/Jakarta": "jakarta", "Asia/Karachi": "pakistan lahore islamabad", "Asia/Dhaka": "bangladesh", "Asia/Colombo": "sri_lanka",
    "Asia/Dubai": "uae emirates united_arab_emirates abu_dhabi", "Asia/Riyadh": "saudi_arabia", "Asia/Jerusalem": "israel tel_aviv haifa",
    "Africa/Cairo": "egypt", "Africa/Lagos": "nigeria", "Africa/Nairobi": "kenya", "Africa/Johannesburg": "south_africa cape_town",
    "Africa/Casablanca": "morocco",
    "America/New_York": "nyc boston washington atlanta miami philadelphia", "America/Chicago": "austin dallas houston",
    "America/Denver": "salt_lake_city", "America/Los_Angeles": "la san_francisco sf seattle silicon_valley san_diego",
    "America/Toronto": "ottawa montreal waterloo", "America/Argentina/Buenos_Aires": "argentina buenos_aires", "America/Santiago": "chile",
    "America/Bogota": "colombia medellin", "America/Lima": "peru", "America/Montevideo": "uruguay",
    "Pacific/Auckland": "new_zealand wellington",
}  # fmt: skip

_SEVERAL = {
    ("usa", "us", "united states", "america"): ("New York", "Chicago", "Denver", "Los Angeles"),
    ("canada",): ("Toronto", "Winnipeg", "Edmonton", "Vancouver"),
    ("australia",): ("Sydney", "Brisbane", "Adelaide", "Perth"),
    ("brazil", "brasil"): ("Sao Paulo", "Manaus", "Fortaleza"),
    ("mexico",): ("Mexico City", "Tijuana", "Cancun"),
    ("russia",): ("Moscow", "Yekaterinburg", "Vladivostok"),
    ("indonesia",): ("Jakarta", "Makassar", "Jayapura"),
}

_OFFSETS = {
    ("cet", "cest", "mez", "mesz", "met"): ("Berlin", "Paris", "Madrid"),
    ("gmt", "bst", "wet", "west"): ("London", "Lisbon", "UTC"),
    ("eet", "eest"): ("Helsinki", "Athens", "Bucharest"),
    ("msk",): ("Moscow", "Istanbul"),
    ("et", "est", "edt", "eastern"): ("New York", "Toronto"),
    ("ct", "cst", "cdt", "central"): ("Chicago", "Shanghai", "Mexico City"),
    ("mt", "mst", "mdt", "mountain"): ("Denver", "Phoenix"),
    ("pt", "pst", "pdt", "pacific"): ("Los Angeles", "Vancouver"),
    ("ist",): ("Kolkata", "Dublin", "Jerusalem"),
    ("jst",): ("Tokyo",),
    ("kst",): ("Seoul",),
    ("sgt",): ("Singapore",),
    ("aest", "aedt", "aet"): ("Sydney", "Brisbane"),
    ("brt",): ("Sao Paulo",),
}


def read_zone(text: str, field: str = "zone") -> str:
    """The IANA name of a zone: "Berlin" and "germany" -> "Europe/Berlin", "UTC" -> "UTC"."""
    word = _key(plain(tidy(text[:200])))
    if word in {"utc", "z", "zulu", "etc/utc"}:
        return "UTC"
    for names, cities in (*_OFFSETS.items(), *_SEVERAL.items()):
        if word in names:
            why = "is an offset, not a place, and changes with the season" if names in _OFFSETS else "has several time zones"
            raise BadInput({field: f'"{cut(text)}" {why}. Name a city: {say_list(cities, "or")}.'})
    found = _names().get(word)
    if found is None:
        offers = [say_zone(_names()[key]) for key in nearest(word, _names(), 3)]
        hint = f"Did you mean {say_list(dict.fromkeys(offers), 'or')}?" if offers else "Name a city, such as Berlin or New York."
        raise BadInput({field: f'I do not know "{cut(text)}" as a place with a clock. {hint}'})
    return found


def is_offset(text: str) -> bool:
    """Whether the word is an abbreviation of an offset, such as CET."""
    return any(_key(text) in names for names in _OFFSETS)


def _key(text: str) -> str:
    return fold(text).replace("_", " ")


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    """Every name that a zone goes by, folded, to its IANA name."""
    names: dict[str, str] = {}
    for zone, places in _PLACES.items():
        names |= {_key(place): zone for place in (say_zone(zone), *places.split())}
    for zone in sorted(available_timezones(), key=lambda z: (z.count("/"), z)):
        area, _, city = zone.rpartition("/")
        if area and area not in {"Etc", "SystemV", "posix", "right"}:
            names.setdefault(_key(city), zone)
            names[_key(zone)] = zone
    return names
