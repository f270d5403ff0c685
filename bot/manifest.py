"""The app manifest: `app.yaml`, shaped for Socket Mode or for HTTP at an address, with the command prefix applied."""

import re
from typing import Any

import yaml

from bot.config import APP_MANIFEST, WrongSetting

OAUTH_REDIRECT = "/slack/oauth_redirect"


def read_manifest() -> dict[str, Any]:
    manifest: dict[str, Any] = yaml.safe_load(APP_MANIFEST.read_text(encoding="utf-8"))
    return manifest


def manifest_for(url: str = "", prefix: str = "", *, install_at: str = "") -> dict[str, Any]:
    """`url` is where Slack sends to over HTTP; empty means Socket Mode. `install_at` is where browsers reach it, to install it. Raises
    WrongSetting on an address Slack refuses."""
    manifest = read_manifest()
    if not all(re.fullmatch(r"https://[^\s/?#]+(/[^\s?#]*)?", address) for address in (url, install_at) if address):
        raise WrongSetting("--url (or PUBLIC_URL) must be an address that begins with https://, as Slack sends to nothing else.")
    if install_at:
        manifest["oauth_config"]["redirect_urls"] = [f"{install_at.rstrip('/')}{OAUTH_REDIRECT}"]
    for command in manifest["features"]["slash_commands"]:
        command["command"] = f"/{prefix}{command['command'].removeprefix('/')}"
    settings = manifest["settings"]
    settings["socket_mode_enabled"] = not url
    if url:
        address = f"{url.rstrip('/')}/slack/events"
        settings["event_subscriptions"]["request_url"] = address
        settings["interactivity"]["request_url"] = address
        settings["interactivity"]["message_menu_options_url"] = address
        for command in manifest["features"]["slash_commands"]:
            command["url"] = address
    return manifest


def manifest_text(url: str = "", prefix: str = "", *, install_at: str = "") -> str:
    return yaml.safe_dump(manifest_for(url, prefix, install_at=install_at), sort_keys=False, allow_unicode=True, width=120)
