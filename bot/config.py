"""Settings: the only reader of the environment. A missing or wrong value is one sentence that names the variable and the cure."""

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError


class WrongSetting(Exception):
    """The start ends here, with its sentence."""


class Settings(BaseSettings):
    """Read from the environment, and from nothing else."""

    model_config = SettingsConfigDict(extra="ignore", populate_by_name=True)

    slack_bot_token: SecretStr = SecretStr("")
    slack_signing_secret: SecretStr = SecretStr("")
    slack_app_token: SecretStr = SecretStr("")
    slack_api_url: str = "https://slack.com/api/"
    database_url: str = "sqlite+aiosqlite:///tendon.db"
    host: str = "127.0.0.1"
    port: int = Field(default=3000, ge=0, le=65535)
    public_url: str = ""
    command_prefix: str = Field(default="", alias="TENDON_COMMAND_PREFIX", pattern=r"^[a-z0-9_-]{0,16}$")
    log_format: Literal["text", "json"] = "text"

    @field_validator("slack_api_url")
    @classmethod
    def _ends_in_a_slash(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")):
            raise ValueError("must begin with http:// or https://")
        return value if value.endswith("/") else f"{value}/"

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

    def for_serving(self) -> "Settings":
        """The same, when everything that `serve` needs is there; else WrongSetting."""
        token = self.slack_bot_token.get_secret_value()
        if not token:
            raise WrongSetting(
                "SLACK_BOT_TOKEN is not set. Copy the Bot User OAuth Token (xoxb-…) from the app's page OAuth & Permissions."
            )
        if not token.startswith("xoxb-"):
            raise WrongSetting("SLACK_BOT_TOKEN does not begin with xoxb-. Copy the Bot User OAuth Token, not another one.")
        if not self.is_socket_mode and not self.slack_signing_secret.get_secret_value():
            raise WrongSetting(
                "Neither SLACK_APP_TOKEN nor SLACK_SIGNING_SECRET is set. Set SLACK_APP_TOKEN (xapp-…) for Socket Mode, "
                "or SLACK_SIGNING_SECRET (the app's page Basic Information) for HTTP."
            )
        if self.is_socket_mode and not self.slack_app_token.get_secret_value().startswith("xapp-"):
            raise WrongSetting("SLACK_APP_TOKEN does not begin with xapp-. Make an app-level token with the scope connections:write.")
        return self


_CURES = {
    "port": "PORT must be a number from 0 to 65535, such as 3000.",
    "log_format": "LOG_FORMAT must be text or json.",
    "TENDON_COMMAND_PREFIX": "TENDON_COMMAND_PREFIX may hold small letters, digits, - and _, at most 16, such as acme-.",
    "slack_api_url": "SLACK_API_URL must begin with http:// or https://. Leave it out for Slack itself.",
    "database_url": "DATABASE_URL must begin with sqlite+aiosqlite:/// or postgresql+psycopg://, such as sqlite+aiosqlite:///tendon.db.",
}


def load() -> Settings:
    """Settings from the environment. Raises WrongSetting with one sentence."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]["loc"][0]
        raise WrongSetting(_CURES.get(str(first), f"{str(first).upper()} has a value that cannot be used.")) from None


APP_MANIFEST = Path(__file__).resolve().parent.parent / "app.yaml"
