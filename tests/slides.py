"""`make slides`: the deck of a made-up quarter as a file, and as pictures to look at where LibreOffice is installed."""

import asyncio
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.schema import migrate
from tests.handlers.conftest import told
from tests.handlers.test_decks import a_quarter, deck


async def make(folder: Path) -> Path:
    with TemporaryDirectory() as place:
        url = f"sqlite+aiosqlite:///{place}/tendon.db"
        await migrate(url)
        async with told(url, is_known=True) as world:
            await a_quarter(world)
            _, message = await deck(world)
            sent = world.slack.state.files[message.files[0]]
            path = folder / sent.name
            path.write_bytes(sent.content)
            return path


def draw(path: Path) -> None:
    """A picture a slide."""
    office, pictures = shutil.which("soffice") or shutil.which("libreoffice"), shutil.which("pdftoppm")
    if not (office and pictures):
        sys.exit(f"{path} is made. SKIPPED: no pictures of it, as LibreOffice and pdftoppm (poppler-utils) are not both installed.")
    subprocess.run([office, "--headless", "--convert-to", "pdf", "--outdir", str(path.parent), str(path)], check=True, timeout=120)
    subprocess.run([pictures, "-r", "60", "-png", str(path.with_suffix(".pdf")), str(path.with_suffix(""))], check=True, timeout=60)
    sys.stdout.write(f"{len(list(path.parent.glob(f'{path.stem}-*.png')))} pictures are in {path.parent}.\n")


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    draw(asyncio.run(make(folder)))
