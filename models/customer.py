"""Customers: who pays, or may. Duplicates are merged into one and keep their names, so that both still find it."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Owned, refers


class Customer(Owned):
    """A company. One that was merged into another stays as a name of it, and has nothing of its own."""

    __tablename__ = "customer"
    __id_is_a_key__ = True
    __rules__ = (
        UniqueConstraint("workspace_id", "folded"),
        Index("ix_customer_merged", "workspace_id", "merged_into_id"),
        refers("merged_into_id", "customer"),
    )
    __audited__ = True

    name: Mapped[str]
    folded: Mapped[str] = mapped_column(String(200))
    tier: Mapped[str] = mapped_column(String(40), default="", server_default="")
    value: Mapped[int | None]  # a year, in whole units of the company's own currency
    account_owner: Mapped[str | None] = mapped_column(String(32))
    region: Mapped[str] = mapped_column(String(60), default="", server_default="")
    merged_into_id: Mapped[int | None]
    listed_at: Mapped[datetime | None]  # set down on purpose: a form or a sheet. Else it was only named beside words


class CustomerMerge(Owned):
    """One merge, with the ids of what it moved by table, so that just that can go back; `filled` is what the one that stays took over."""

    __tablename__ = "customer_merge"
    __rules__ = (
        Index("ix_customer_merge_customer", "workspace_id", "customer_id"),
        refers("customer_id", "customer"),
        refers("into_id", "customer"),
    )
    __audited__ = True

    customer_id: Mapped[int]
    into_id: Mapped[int]
    moved: Mapped[dict[str, Any]] = mapped_column(default=dict)
    filled: Mapped[dict[str, Any]] = mapped_column(default=dict)
    by: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime]
    undone_at: Mapped[datetime | None]
