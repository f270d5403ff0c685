"""The page's files as the browser gets them: small modules on disk, sent as one script and one style sheet.

Thirty requests cost a browser more than everything in them. So the modules are put one after the other, each in a scope of its own;
nothing is rewritten but their `import` and `export` lines. What was put together is kept until a file changes; its address carries
its own hash, so that a browser fetches and compiles it once.
"""

import json
import re
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "page"
STYLES = ("base", "layout", "messages", "blocks", "floating")
_IMPORT = re.compile(r'^import \{([^}]*)\} from "\./([\w-]+)\.js";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export ((?:async )?function|const) ([\w$]+)", re.MULTILINE)


def index(token: str, state: Any) -> str:
    """The page with what is drawn first in it, so that it is there at once; the words last, for they may hold anything."""
    text = (FOLDER / "index.html").read_text().replace("%TOKEN%", token)
    text = text.replace("%CSS%", version(style())).replace("%JS%", version(script()))
    return text.replace("%STATE%", json.dumps(state, separators=(",", ":"), default=str).replace("<", "\\u003c"))


@lru_cache(maxsize=8)
def version(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:12]


def style() -> str:
    return "\n".join((FOLDER / "css" / f"{name}.css").read_text() for name in STYLES)


def script() -> str:
    return _script(max(path.stat().st_mtime_ns for path in (FOLDER / "js").iterdir()))


@lru_cache(maxsize=1)
def _script(changed: int) -> str:
    done: dict[str, str] = {}
    _add("main", done, ())
    return "\n".join(done.values())


def _add(name: str, done: dict[str, str], above: tuple[str, ...]) -> None:
    """The modules that this one needs, then itself."""
    if name in done:
        return
    if name in above:
        raise ValueError(f"These modules import each other: {' -> '.join([*above, name])}.")
    text = (FOLDER / "js" / f"{name}.js").read_text()
    for found in _IMPORT.finditer(text):
        _add(found.group(2), done, (*above, name))
    done[name] = _scoped(name, text)


def _scoped(name: str, text: str) -> str:
    body = _IMPORT.sub(lambda found: f"const {{{found.group(1).replace(' as ', ': ')}}} = $_{found.group(2)};\n", text)
    names = [found.group(2) for found in _EXPORT.finditer(body)]
    inside = _EXPORT.sub(r"\1 \2", body)
    return f"const $_{name} = (() => {{\n{inside}\nreturn {{ {', '.join(names)} }};\n}})();\n"
