"""What Slack's composer makes of typed words: one rich_text block with bold, code, quotes, lists, emoji, names and links in it."""

import re

from playground.state import Json

_FENCE = re.compile(r"```\n?(.+?)\n?```\n?", re.DOTALL)
_LINE = re.compile(r"(?P<quote>(?:&gt;|>) ?)|(?P<bullet>[•-] )|(?P<number>\d{1,3}\. )")
_INLINE = re.compile(
    r"<(?P<sigil>[@#!])(?P<name>[A-Za-z0-9_]+)(?:\|[^>]*)?>"
    r"|<(?P<link>https?://[^|>]+)(?:\|(?P<label>[^>]*))?>|(?P<bare>https?://[^\s<>]+)"
    r"|`(?P<code>[^`\n]+)`|(?<![\w:]):(?P<emoji>[a-z0-9_+-]+):(?![\w:])"
    r"|(?<![\w*])\*(?P<bold>\S|\S[^*\n]*\S)\*(?![\w*])"
    r"|(?<![\w_])_(?P<italic>\S|\S[^_\n]*\S)_(?![\w_])"
    r"|(?<![\w~])~(?P<strike>\S|\S[^~\n]*\S)~(?![\w~])"
)
_NAMED = {"@": ("user", "user_id"), "#": ("channel", "channel_id"), "!": ("broadcast", "range")}


def elements(text: str) -> list[Json]:
    """The parts of a rich_text block: sections, and between them quotes, lists and preformatted text."""
    parts: list[Json] = []
    end = 0
    for fence in _FENCE.finditer(text):
        parts += _lines(text[end : fence.start()].removesuffix("\n"))
        parts.append({"type": "rich_text_preformatted", "elements": [{"type": "text", "text": _plain(fence[1])}], "border": 0})
        end = fence.end()
    return parts + _lines(text[end:]) or [_section("")]


def _lines(text: str) -> list[Json]:
    """Lines of one kind stand together: words, a quote, or a list."""
    groups: list[tuple[str, list[str]]] = []
    for line in text.split("\n") if text else []:
        mark = _LINE.match(line)
        kind = mark.lastgroup or "" if mark else ""
        words = line[mark.end() :] if mark else line
        if not groups or groups[-1][0] != kind:
            groups.append((kind, []))
        groups[-1][1].append(words)
    return [_group(kind, lines) for kind, lines in groups]


def _group(kind: str, lines: list[str]) -> Json:
    if kind == "quote":
        return {**_section("\n".join(lines)), "type": "rich_text_quote"}
    if kind:
        style = "ordered" if kind == "number" else "bullet"
        return {"type": "rich_text_list", "style": style, "indent": 0, "border": 0, "elements": [_section(line) for line in lines]}
    return _section("\n".join(lines))


def _section(text: str) -> Json:
    return {"type": "rich_text_section", "elements": _inline(text, {})}


def _inline(text: str, style: Json) -> list[Json]:
    found: list[Json] = []
    end = 0
    for hit in _INLINE.finditer(text):
        found += _words(text[end : hit.start()], style) + _element(hit, style)
        end = hit.end()
    return found + _words(text[end:], style)


def _element(hit: re.Match[str], style: Json) -> list[Json]:
    for name in ("bold", "italic", "strike"):
        if hit[name]:
            return _inline(hit[name], {**style, name: True})
    if hit["code"]:
        return _words(hit["code"], {**style, "code": True})
    more = {"style": style} if style else {}
    if hit["sigil"]:
        kind, key = _NAMED[hit["sigil"]]
        return [{"type": kind, key: hit["name"], **more}]
    if hit["emoji"]:
        return [{"type": "emoji", "name": hit["emoji"], **more}]
    label = {"text": hit["label"]} if hit["label"] else {}
    return [{"type": "link", "url": _plain(hit["link"] or hit["bare"]), **label, **more}]


def _words(text: str, style: Json) -> list[Json]:
    return [{"type": "text", "text": _plain(text), **({"style": style} if style else {})}] if text else []


def _plain(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
