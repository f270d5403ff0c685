"""Settings: the only reader of the environment. A missing or wrong value is one sentence that names the variable and the cure."""

from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

LOOPBACK = ("127.0.0.1", "localhost", "::1")
APP_MANIFEST = Path(__file__).resolve().parent.parent / "app.yaml"


class WrongSetting(Exception):
    """The start ends here, with its sentence."""


class Settings(BaseSettings):
    """Read from the environment, and from nothing else. An empty value counts as none."""

    model_config = SettingsConfigDict(extra="ignore", populate_by_name=True, env_ignore_empty=True, str_strip_whitespace=True)

    slack_bot_token: SecretStr = Field(default=SecretStr(""), description="The Bot User OAuth Token, xoxb-…")
    slack_signing_secret: SecretStr = Field(
        default=SecretStr(""), description="Proves that an HTTP request comes from Slack. Needed without Socket Mode"
    )
    slack_app_token: SecretStr = Field(default=SecretStr(""), description="An app-level token, xapp-…. Set: Socket Mode. Not set: HTTP")
    slack_client_id: str = Field(
        default="",
        description="With `SLACK_CLIENT_SECRET` and `PUBLIC_URL`, workspaces install it at `/slack/install`, and no token is needed here",
    )
    slack_client_secret: SecretStr = Field(default=SecretStr(""), description="The Client Secret, from *Basic Information*")
    slack_api_url: str = Field(default="https://slack.com/api/", description="Where Slack's Web API is")
    database_url: str = Field(
        default="sqlite+aiosqlite:///tendon.db",
        repr=False,
        description="A file of SQLite, or `postgresql+psycopg://…` for several replicas",
    )
    host: str = Field(default="127.0.0.1", description="The address that the HTTP server listens on")
    port: int = Field(default=3000, ge=0, le=65535, description="Its port; 0 takes a free one")
    public_url: str = Field(
        default="",
        description="Where Slack and calendar programs reach the HTTP server, `https://…`; `tendon manifest` writes it into the app",
    )
    command_prefix: str = Field(
        default="",
        alias="TENDON_COMMAND_PREFIX",
        pattern=r"^[a-z0-9_-]{0,14}$",
        description="Put before every command's name, for workspaces where one is taken: `acme-` makes `/acme-release`",
    )
    log_format: Literal["text", "json"] = Field(default="text", description="How the log is written, a line an event: `text` or `json`")

    @field_validator("slack_bot_token", "slack_signing_secret", "slack_app_token", "slack_client_secret")
    @classmethod
    def _without_what_came_along(cls, value: SecretStr) -> SecretStr:
        return SecretStr(value.get_secret_value().strip())

    @field_validator("slack_api_url", "public_url")
    @classmethod
    def _is_an_address(cls, value: str) -> str:
        address = urlsplit(value)
        if value and (address.scheme not in ("http", "https") or not address.hostname):
            raise ValueError("must begin with http:// or https://")
        return value

    @field_validator("slack_api_url")
    @classmethod
    def _ends_in_a_slash(cls, value: str) -> str:
        return f"{value.rstrip('/')}/"

    @field_validator("database_url")
    @classmethod
    def _is_a_database(cls, value: str) -> str:
        try:
            backend = make_url(value).drivername
        except ArgumentError as error:
            raise ValueError("is no database address") from error
        if backend not in ("sqlite+aiosqlite", "postgresql+psycopg"):
            raise ValueError("must begin with sqlite+aiosqlite:/// or postgresql+psycopg://")
        return value

    @property
    def is_socket_mode(self) -> bool:
        return bool(self.slack_app_token.get_secret_value())

    @property
    def is_installable(self) -> bool:
        """Whether workspaces install it themselves, by OAuth."""
        return bool(self.slack_client_id and self.slack_client_secret.get_secret_value())

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never be shown."""
        password = make_url(self.database_url).password
        held = (self.slack_bot_token, self.slack_signing_secret, self.slack_app_token, self.slack_client_secret)
        return tuple(filter(None, (*(secret.get_secret_value() for secret in held), password)))

    def for_serving(self) -> "Settings":
        """The same, when everything that `serve` needs is there; else WrongSetting."""
        self._for_installing()
        token = self.slack_bot_token.get_secret_value()
        if not token and not self.is_installable:
            raise WrongSetting(
                "SLACK_BOT_TOKEN is not set. Copy the Bot User OAuth Token (xoxb-…) from the app's page OAuth & Permissions. "
                "Or set SLACK_CLIENT_ID, SLACK_CLIENT_SECRET and PUBLIC_URL, and install it from a browser."
            )
        if token and not token.startswith("xoxb-"):
            raise WrongSetting("SLACK_BOT_TOKEN does not begin with xoxb-. Copy the Bot User OAuth Token, not another one.")
        if self.is_socket_mode and not self.slack_app_token.get_secret_value().startswith("xapp-"):
            raise WrongSetting("SLACK_APP_TOKEN does not begin with xapp-. Make an app-level token with the scope connections:write.")
        if not self.is_socket_mode and not self.slack_signing_secret.get_secret_value():
            raise WrongSetting(
                "Neither SLACK_APP_TOKEN nor SLACK_SIGNING_SECRET is set. Set SLACK_APP_TOKEN (xapp-…) for Socket Mode, "
                "or SLACK_SIGNING_SECRET (the app's page Basic Information) for HTTP."
            )
        return self

    def _for_installing(self) -> None:
        secret = self.slack_client_secret.get_secret_value()
        if self.is_installable:
            address = urlsplit(self.public_url)
            if not address.hostname:
                raise WrongSetting(
                    "SLACK_CLIENT_ID needs PUBLIC_URL, such as https://tendon.example.com: Slack sends whoever installs it back there."
                )
            if address.scheme != "https" and address.hostname not in LOOPBACK:
                raise WrongSetting("PUBLIC_URL must begin with https:// where SLACK_CLIENT_ID is set: Slack sends people to nothing else.")
        elif self.slack_client_id or secret:
            given, missing = sorted(("SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET"), reverse=bool(secret))
            raise WrongSetting(f"{given} is set and {missing} is not. Copy both from the app's page Basic Information, or set neither.")


_CURES = {
    "slack_api_url": "SLACK_API_URL must begin with http:// or https://. Leave it out for Slack itself.",
    "database_url": "DATABASE_URL must begin with sqlite+aiosqlite:/// or postgresql+psycopg://, such as sqlite+aiosqlite:///tendon.db.",
    "port": "PORT must be a number from 0 to 65535, such as 3000.",
    "public_url": "PUBLIC_URL must begin with https://, such as https://tendon.example.com: the address under which Slack reaches the bot.",
    "TENDON_COMMAND_PREFIX": "TENDON_COMMAND_PREFIX may hold small letters, digits, - and _, at most 14 of them, such as acme-.",
    "log_format": "LOG_FORMAT must be text or json.",
}


def load() -> Settings:
    """Settings from the environment. Raises WrongSetting with one sentence."""
    try:
        return Settings()
    except ValidationError as error:
        first = str(error.errors()[0]["loc"][0])
        raise WrongSetting(_CURES.get(first, f"{first.upper()} has a value that cannot be used.")) from None
