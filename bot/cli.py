"""The command line: serve, migrate, manifest, export, doctor, and what slices contribute."""

import asyncio
import sys
import traceback
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from sqlalchemy.exc import OperationalError

from bot import config, logs, serving
from bot.app import App
from bot.database import Database
from bot.doctor import examine
from bot.exporting import Format, export_all
from bot.manifest import manifest_text
from bot.schema import away, migrate
from bot.slices import together
from domain.errors import TendonError
from handlers import SLICES

cli = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help="Tendon, the product-operations bot for Slack."
)
out = Console(highlight=False, markup=False, soft_wrap=True)


@cli.command()
def serve() -> None:
    """Run the bot: over Socket Mode when SLACK_APP_TOKEN is set, else over HTTP."""
    settings = config.load().for_serving()
    logs.configure(settings)
    asyncio.run(serving.serve(App(settings)))


@cli.command("migrate")
def migrate_database() -> None:
    """Bring the database to the newest schema."""
    asyncio.run(migrate(config.load().database_url))
    out.print("The database has the newest schema.")


@cli.command()
def manifest(
    url: Annotated[
        str, typer.Option(help="Where Slack reaches the bot over HTTP; PUBLIC_URL when left out. With neither: Socket Mode.")
    ] = "",
) -> None:
    """Print the app manifest to paste into Slack: for Socket Mode, or for HTTP at an address."""
    settings = config.load()
    reached_at = "" if settings.is_socket_mode else settings.public_url
    install_at = (url or settings.public_url) if settings.is_installable else ""
    sys.stdout.write(manifest_text(url or reached_at, settings.command_prefix, install_at=install_at))


@cli.command()
def export(
    folder: Annotated[Path, typer.Argument(help="Where the files go; made when missing.")],
    format: Annotated[Format, typer.Option(help="One file a table.")] = Format.json,
    workspace: Annotated[str, typer.Option(help="A Slack team id; by default the only one.")] = "",
) -> None:
    """Write every table to a file. Times are ISO 8601, in UTC."""

    async def run() -> int:
        database = Database(config.load().database_url)
        try:
            return await export_all(database, folder, format, workspace)
        finally:
            await database.close()

    out.print(f"Rows written to {folder}: {asyncio.run(run())}.")


@cli.command()
def doctor() -> None:
    """Check settings, token, scopes, clock, database, schema and channels: a line each, with the cure."""
    findings = asyncio.run(examine(config.load()))
    for finding in findings:
        out.print(f"{'ok ' if finding.is_fine else 'FIX'}  {finding.about}: {finding.says}")
    raise typer.Exit(code=0 if all(finding.is_fine for finding in findings) else 1)


for contribution in together(SLICES).cli:
    cli.add_typer(contribution) if isinstance(contribution, typer.Typer) else cli.command()(contribution)


def main() -> None:
    """Run. What is wrong with the settings or with what was asked is one sentence; a mistake of ours a traceback without secrets."""
    try:
        cli()
    except config.WrongSetting as wrong:
        _end(str(wrong), 2)
    except TendonError as error:
        _end(error.sentence, 1)
    except OperationalError as error:
        _end(str(away(error)), 2)
    except OSError as error:
        _end(f"{error.filename or 'This'} cannot be used: {error.strerror or error}.", 1)
    except Exception:
        _end(logs.discreet(traceback.format_exc().rstrip()), 1)


def _end(words: str, code: int) -> NoReturn:
    sys.stderr.write(f"{words}\n")
    raise SystemExit(code) from None
