"""Reading time, price, audience and the like out of a question ("Yoga am Samstag für Kinder, kostenlos").

Patterns are matched against the folded words of the text, joined by single spaces: "Fürs Wochenende" is
``furs wochenende`` here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from stadtportal.kernel.search.rules.question import ReadAs, SearchQuery, Understood, Window
from stadtportal.kernel.search.rules.text import folded

BERLIN = ZoneInfo("Europe/Berlin")
_DAYS = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read: the query with it, the words left, what to show as chips, and whether "near me" was asked."""

    query: SearchQuery
    words: tuple[str, ...]
    understood: tuple[Understood, ...] = ()


@dataclass(frozen=True, slots=True)
class _Found:
    kind: ReadAs
    title: str
    value: str
    fields: dict[str, Any] = field(default_factory=dict)


_Reader = Callable[["re.Match[str]", datetime], _Found | None]


def _words(alternatives: str) -> str:
    """Return the pattern of any of these, which are separated by semicolons."""
    return "|".join(" ".join(one.split()) for one in alternatives.split(";"))


_WEEKDAYS = (
    _words(
        """montags?; monday; pazartesi; lundi; lunedi; poniedzialek; lunes; ponedjeljak; luni; понедельник;
        понедилок; δευτερα; الاثنين"""
    ),
    _words(
        """dienstags?; tuesday; sali gunu; mardi; martedi; wtorek; martes; utorak; вторник; вивторок; τριτη;
        الثلاثاء"""
    ),
    _words(
        """mittwochs?; wednesday; carsamba; mercredi; mercoledi; srod[ae]; miercoles; srijeda; miercuri; среда;
        середа; τεταρτη; الاربعاء"""
    ),
    _words(
        """donnerstags?; thursday; persembe; jeudi; giovedi; czwartek; jueves; cetvrtak; joi; четверг; четвер;
        πεμπτη; الخميس"""
    ),
    _words(
        """freitags?; friday; cuma gunu; vendredi; venerdi; piatek; viernes; petak; vineri; пятница; пятницу;
        παρασκευη; الجمعة"""
    ),
    _words(
        """samstags?; sonnabends?; saturday; cumartesi; samedi; sabato; sobot[aeu]; sabado; sambata; суббот[ау];
        субот[ау]; σαββατο; السبت"""
    ),
    _words(
        """sonntags?; sunday; pazar gunu; dimanche; domenica; niedziel[aeu]; domingo; nedjelja; duminica;
        воскресенье; недил[яю]; κυριακη; الاحد"""
    ),
)
_TODAY = _words(
    """heute; today; tonight; bugun; aujourd hui; aujourdhui; oggi; dzisiaj; dzis; hoy; hoje; vandaag; azi; danas;
    сегодня; сьогодни; σημερα; اليوم; امروز"""
)
_TOMORROW = _words("""morgen; tomorrow; yarin; demain; domani; jutro; amanha; maine; sutra; завтра; αυριο; غدا; فردا""")
_WEEKEND = _words(
    """wochenendes?; weekend; hafta sonu; fine settimana; fin de semana; fim de semana; vikend; выходные; вихидни;
    σαββατοκυριακο"""
)
_DAYPARTS = {
    "fruh|morgens": (time(6), time(11)),
    "vormittags?": (time(8), time(12)),
    "mittags?": (time(11), time(14)),
    "nachmittags?|afternoon": (time(12), time(18)),
    "abends?|evening|aksam|soir|sera|wieczorem": (time(18), time(23)),
    "nachts?|night": (time(22), time(23, 59)),
}
_DAYPART = "|".join(_DAYPARTS)
_LEAD = (
    "(?:(?:am|an|bis|fur|furs|diese[nsm]?|dieses|kommende[ns]?|jede[ns]?|auf"
    "|on|this|le|ce|il|w|we|na|el|este|στη|в|у) )*"
)
_SPECIAL_DAYS = "|".join((*_WEEKDAYS, _TODAY, _TOMORROW, "ubermorgen", _WEEKEND, "nachste woche", "diese woche"))
_TIME = (
    rf"{_LEAD}(?P<day>{_SPECIAL_DAYS})(?: ?(?:am )?(?P<part>{_DAYPART}))?"
    r"(?: (?P<how>nach|ab|um|bis|vor) (?P<hour>\d{1,2})(?: (?P<minute>\d\d))? ?uhr)?"
)
_CLOCK = r"(?P<how>nach|ab|um|bis|vor) (?P<hour>\d{1,2})(?: (?P<minute>\d\d))? ?uhr"
_DATE = r"(?:am )?(?P<date>\d{1,2}) (?P<month>\d{1,2})(?: (?P<year>20\d\d))?"
_OPEN = _words(
    """(?:jetzt |gerade |aktuell |noch |hat )?(?:offen|geoffnet|geoeffnet|aufhat)(?: hat)?(?: jetzt| gerade)?;
    (?:jetzt|gerade) auf; open now; now open; open; (?:su an )?acik(?: olan)?; ouvert[es]*(?: maintenant)?;
    apert[aoie](?: adesso| ora)?; otwart[aey](?: teraz)?; abiert[ao]s?(?: ahora)?; abert[ao]s?(?: agora)?;
    مفتوح(?: الان)?; открыт[аоы]?(?: сейчас)?; видкрит[аои](?: зараз)?; ανοιχτ[αοη]"""
)
_FREE = _words(
    r"""kostenlos(?:e[nrsm]?)?; kostenfrei(?:e[nrsm]?)?; gratis; umsonst; for free; free of charge; free; ucretsiz;
    bedava; gratuit(?:e|s|es|a|o|i)?; gratuita(?:mente)?; za darmo; darmow[aey]\w*; bezplatn\w+; مجانا; مجاني;
    бесплатно; безкоштовно; δωρεαν; رایگان; besplatno; fur umme; fur lau"""
)
_PRICE = (
    "(?:unter|bis|bis zu|max|maximal|hochstens|weniger als|under|up to)"
    r" (?P<euros>\d{1,5})(?: (?P<cents>\d\d))? ?(?:euro|eur)"
)
_FOR = "(?:fur|furs|for|icin|pour|per|para|dla|za|для) (?:die |den |das |les |i |gli |le |the |meine? |unsere? )?"
_AUDIENCES = {
    "children": (
        "für Kinder",
        _words(
            """kinder[n]?; kids; kleinkinder[n]?; kind; children; child; cocuklar; cocuk; enfants?; bambini; dzieci;
        ninos; criancas; kinderen; copii; djecu; детей; дитей; παιδια; الاطفال; اطفال"""
        ),
    ),
    "teenagers": (
        "für Jugendliche",
        _words("""jugendliche[nr]?; teenager[n]?; teens; gencler; mlodziezy; adolescents"""),
    ),
    "seniors": (
        "für Senioren",
        _words(
            """senioren; seniorinnen; altere[n]? (?:menschen|leute)?; seniors?; rentner; yaslilar; anziani; seniorow;
        المسنين"""
        ),
    ),
    "families": ("für Familien", _words("familien; families; aileler; familles; famiglie; rodzin")),
    "women": ("für Frauen", _words("frauen; women; kadinlar; femmes; donne; kobiet; النساء")),
    "men": ("für Männer", _words("manner[n]?; men; erkekler; hommes; uomini; mezczyzn")),
    "adults": ("für Erwachsene", _words("""erwachsene[n]?; adults; yetiskinler; adultes; adulti; doroslych""")),
    "beginners": (
        "für Anfänger",
        _words("""anfanger(?:innen)?[n]?; einsteiger[n]?; beginners?; debutants?; principianti"""),
    ),
}
#: Words that name an audience clearly enough without "for" before them, beside other words.
_BARE = frozenset({"children", "seniors", "families", "women", "beginners"})
_SPOKEN = {
    "de": ("deutsch", "german", "almanca", "allemand", "tedesco", "niemiecku"),
    "en": ("englisch", "english", "ingilizce", "anglais", "inglese", "angielsku"),
    "tr": ("turkisch", "turkish", "turkce", "turc", "turco", "turecku"),
    "ar": ("arabisch", "arabic", "arapca", "arabe", "arabo", "arabsku"),
    "fr": ("franzosisch", "french", "fransizca", "francais", "francese", "francusku"),
    "it": ("italienisch", "italian", "italyanca", "italien", "italiano", "wlosku"),
    "pl": ("polnisch", "polish", "lehce", "polonais", "polacco", "polsku"),
    "es": ("spanisch", "spanish", "ispanyolca", "espagnol", "spagnolo"),
    "ru": ("russisch", "russian", "rusca", "russe", "russo", "rosyjsku"),
    "uk": ("ukrainisch", "ukrainian", "ukraynaca", "ukrainien", "ucraino", "ukrainsku"),
    "el": ("griechisch", "greek", "yunanca", "grec", "greco"),
    "hr": ("kroatisch", "croatian", "hirvatca", "croate", "croato"),
    "ro": ("rumanisch", "romanian", "rumence", "roumain", "rumeno"),
    "pt": ("portugiesisch", "portuguese", "portekizce", "portugais", "portoghese"),
}
LANGUAGE_NAMES = {
    "de": "Deutsch",
    "en": "Englisch",
    "tr": "Türkisch",
    "ar": "Arabisch",
    "fr": "Französisch",
    "it": "Italienisch",
    "pl": "Polnisch",
    "es": "Spanisch",
    "ru": "Russisch",
    "uk": "Ukrainisch",
    "el": "Griechisch",
    "hr": "Kroatisch",
    "ro": "Rumänisch",
    "pt": "Portugiesisch",
    "fa": "Persisch",
    "nl": "Niederländisch",
}
_ACCESS = _words(
    """barrierefrei(?:e[nrsm]?|heit)?;
    (?:rollstuhl|behinderten)(?:gerecht|geeignet|zuganglich|freundlich)(?:e[nrsm]?)?; (?:mit|fur) (?:dem |den
    |meinem )?rollstuhl(?:fahrer(?:innen)?)?; wheelchair(?: accessible| access)?; stufenlos"""
)
_NEAR_ME = _words(
    """in (?:der|meiner) (?:nahe|umgebung); near me; nearby; close to me; um die ecke; bei mir(?: ums eck)?;
    yakinim(?:da|daki); yakin(?:da|larda); pres de (?:moi|chez moi); a proximite; autour de moi; vicino a me;
    nelle vicinanze; w poblizu; blisko mnie; بالقرب مني; قريب مني; рядом со мной; поруч(?: зи мною)?; κοντα μου;
    u blizini; cerca de mi; perto de mim; langa mine; in de buurt; نزدیک من"""
)


def understand(words: Sequence[str], query: SearchQuery, *, now: datetime, keep: Sequence[bool] = ()) -> Reading:
    """Take everything but places out of ``words``; what the query already says is not read again.

    ``keep`` marks words that belong to an expression of the glossary: they stay words.
    """
    left = list(range(len(words)))
    kept = {position for position, flag in enumerate(keep) if flag}
    understood: list[Understood] = []
    for kind, pattern, reader in _READERS:
        if _is_set(query, kind):
            continue
        key, starts = _key(words, left)
        for match in pattern.finditer(key):
            taken = [position for start, position in starts if match.start() <= start < match.end()]
            found = reader(match, now) if taken and not kept.intersection(taken) else None
            if found is None or (len(taken) == len(left) and kind not in _ALONE):
                continue
            query = replace(query, **found.fields)
            left = [position for position in left if position not in taken]
            text = " ".join(words[position] for position in taken)
            understood.append(Understood(found.kind, text, found.title, found.value))
            break
    return Reading(query, tuple(words[position] for position in left), tuple(understood))


def _is_set(query: SearchQuery, kind: ReadAs) -> bool:
    """Tell whether the query already limits what such words would limit."""
    return {
        ReadAs.OPEN: query.open_now or query.when is not None,
        ReadAs.TIME: query.when is not None or query.from_on is not None or query.to_on is not None,
        ReadAs.PRICE: query.max_price_cents is not None,
        ReadAs.AUDIENCE: bool(query.audience),
        ReadAs.LANGUAGE: bool(query.language),
        ReadAs.ACCESS: query.accessible,
    }.get(kind, False)


def _key(words: Sequence[str], left: Sequence[int]) -> tuple[str, list[tuple[int, int]]]:
    """Return the folded words in one line, and where in it each word starts."""
    parts: list[str] = []
    starts: list[tuple[int, int]] = []
    length = 0
    for position in left:
        word = folded(words[position])
        starts.append((length, position))
        parts.append(word)
        length += len(word) + 1
    return " ".join(parts), starts


def _read_time(match: re.Match[str], now: datetime) -> _Found | None:
    today = now.astimezone(BERLIN).date()
    first, last, title = _days(match["day"], today)
    begins, ends = time(), time(23, 59, 59)
    if part := match["part"]:
        begins, ends = next(hours for words, hours in _DAYPARTS.items() if re.fullmatch(words, part))
        title = f"{title} {part}"
    if match["hour"]:
        return _with_clock(match, first, title)
    return _window(datetime.combine(first, begins, BERLIN), datetime.combine(last, ends, BERLIN), title, now)


def _read_clock(match: re.Match[str], now: datetime) -> _Found | None:
    return _with_clock(match, now.astimezone(BERLIN).date(), "heute")


def _with_clock(match: re.Match[str], day: date, title: str) -> _Found | None:
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    if hour > 23 or minute > 59:  # noqa: PLR2004 -- the last hour and minute of a day.
        return None
    at = datetime.combine(day, time(hour, minute), BERLIN)
    begins, ends = {
        "um": (at, at + timedelta(minutes=1)),
        "bis": (at - timedelta(hours=2), at),
        "vor": (datetime.combine(day, time(5), BERLIN), at),
    }.get(match["how"], (at, datetime.combine(day, time(23, 59, 59), BERLIN)))
    shown = f"{title} {match['how']} {hour}{f':{minute:02}' if minute else ''} Uhr"
    return _Found(ReadAs.TIME, shown, begins.isoformat(), {"when": Window(begins, max(ends, begins))})


def _days(word: str, today: date) -> tuple[date, date, str]:
    """Return the first and the last day a word means, and how to show it."""
    monday = today - timedelta(days=today.weekday())
    if re.fullmatch(_TODAY, word):
        return today, today, "heute"
    if re.fullmatch(_TOMORROW, word):
        return today + timedelta(days=1), today + timedelta(days=1), "morgen"
    if word == "ubermorgen":
        return today + timedelta(days=2), today + timedelta(days=2), "übermorgen"
    if re.fullmatch(_WEEKEND, word):
        saturday = monday + timedelta(days=_SATURDAY)
        return max(saturday, today), saturday + timedelta(days=1), "am Wochenende"
    if word.endswith("woche"):
        start = monday + timedelta(days=7) if word.startswith("nachste") else today
        return (
            start,
            monday + timedelta(days=13 if word.startswith("nachste") else 6),
            word.replace("nachste", "nächste"),
        )
    number = next(number for number, names in enumerate(_WEEKDAYS) if re.fullmatch(names, word))
    day = today + timedelta(days=(number - today.weekday()) % 7)
    return day, day, f"am {_DAYS[number]}, {day.day}.{day.month}."


def _window(begins: datetime, ends: datetime, title: str, now: datetime) -> _Found:
    begins = max(begins, now) if ends > now else begins
    return _Found(ReadAs.TIME, title, begins.date().isoformat(), {"when": Window(begins, ends)})


def _read_date(match: re.Match[str], now: datetime) -> _Found | None:
    today = now.astimezone(BERLIN).date()
    try:
        day = date(int(match["year"] or today.year), int(match["month"]), int(match["date"]))
        if not match["year"] and day < today:
            day = day.replace(year=today.year + 1)
    except ValueError:
        return None
    begins = datetime.combine(day, time(), BERLIN)
    return _window(begins, begins + timedelta(hours=23, minutes=59), f"am {day.day}.{day.month}.{day.year}", now)


def _read_open(_: re.Match[str], __: datetime) -> _Found:
    return _Found(ReadAs.OPEN, "jetzt geöffnet", "now", {"open_now": True})


def _read_free(_: re.Match[str], __: datetime) -> _Found:
    return _Found(ReadAs.PRICE, "kostenlos", "0", {"max_price_cents": 0})


def _read_price(match: re.Match[str], _: datetime) -> _Found:
    cents = int(match["euros"]) * 100 + int(match["cents"] or 0)
    shown = match["euros"] + (f",{match['cents']}" if match["cents"] else "")
    return _Found(ReadAs.PRICE, f"bis {shown} €", str(cents), {"max_price_cents": cents})


def _read_audience(match: re.Match[str], _: datetime) -> _Found | None:
    value = next(name for name in _AUDIENCES if match[name])
    if not (match["for"] or match["after"]) and value not in _BARE:
        return None
    return _Found(ReadAs.AUDIENCE, _AUDIENCES[value][0], value, {"audience": value})


def _read_language(match: re.Match[str], _: datetime) -> _Found:
    code = next(code for code in _SPOKEN if match[code])
    return _Found(ReadAs.LANGUAGE, f"auf {LANGUAGE_NAMES[code]}", code, {"language": code})


def _read_access(_: re.Match[str], __: datetime) -> _Found:
    return _Found(ReadAs.ACCESS, "mit dem Rollstuhl zugänglich", "wheelchair", {"accessible": True})


def _read_near_me(_: re.Match[str], __: datetime) -> _Found:
    return _Found(ReadAs.NEAR_ME, "in der Nähe", "")


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\S)(?:{pattern})(?!\S)")


_AUDIENCE = (
    f"(?P<for>{_FOR})?(?:"
    + "|".join(f"(?P<{name}>{words})" for name, (_, words) in _AUDIENCES.items())
    + ")(?P<after> icin)?"
)
_TONGUES = "|".join(f"(?P<{code}>{'|'.join(names)})" for code, names in _SPOKEN.items())
_LANGUAGE = rf"(?:auf|in|po|en|in lingua|σε) (?:{_TONGUES})(?: sprache)?"
_SPEAKING = rf"(?:{_TONGUES})(?: ?sprachig(?:e[nrsm]?)?| sprechende?[nrsm]?| speaking| konusan)"
_READERS: tuple[tuple[ReadAs, re.Pattern[str], _Reader], ...] = (
    (ReadAs.NEAR_ME, _compiled(_NEAR_ME), _read_near_me),
    (ReadAs.TIME, _compiled(_TIME), _read_time),
    (ReadAs.TIME, _compiled(_CLOCK), _read_clock),
    (ReadAs.TIME, _compiled(_DATE), _read_date),
    (ReadAs.OPEN, _compiled(_OPEN), _read_open),
    (ReadAs.PRICE, _compiled(_PRICE), _read_price),
    (ReadAs.PRICE, _compiled(_FREE), _read_free),
    (ReadAs.LANGUAGE, _compiled(_LANGUAGE), _read_language),
    (ReadAs.LANGUAGE, _compiled(_SPEAKING), _read_language),
    (ReadAs.AUDIENCE, _compiled(_AUDIENCE), _read_audience),
    (ReadAs.ACCESS, _compiled(_ACCESS), _read_access),
)
#: What may be all that was asked ("heute", "jetzt offen"): the list then shows everything of that kind.
_ALONE = frozenset({ReadAs.TIME, ReadAs.OPEN, ReadAs.NEAR_ME, ReadAs.PRICE, ReadAs.ACCESS})
