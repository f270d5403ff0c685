"""How Tendon got into a workspace by OAuth: the token that the workspace gave, and who is on the way to give one."""

from datetime import datetime

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Owned

SECRET = {"secret": True}  # stays out of `tendon export`


class Installation(Owned):
    """What a workspace consented to. It ends when the workspace takes Tendon out again."""

    __tablename__ = "installation"
    __rules__ = (UniqueConstraint("workspace_id"),)

    token: Mapped[str] = mapped_column(info=SECRET)
    scopes: Mapped[str]
    installer: Mapped[str] = mapped_column(String(32))
    installed_at: Mapped[datetime]


class InstallState(Base):
    """Somebody is at Slack's page and will come back with this. Of no workspace, as nobody knows yet which it will be. Real time."""

    __tablename__ = "install_state"

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime]
