"""What a shop's system is to do for us, and what it told us."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from journey.store.base import Base, Payload, Short
from journey.store.claims import Claimable


class Errand(Claimable, Base):
    """One thing that a shop's system is to do: `new`, then `done` or `failed`.

    Errands of one order are run in the order of their numbers.
    """

    __tablename__ = "errands"
    __table_args__ = (
        UniqueConstraint("order_id", "once"),
        Index("ix_errands_work", "state", "order_id", "number"),
    )

    number: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id"))
    kind: Mapped[Short]
    once: Mapped[Short]
    about: Mapped[Payload] = mapped_column(default=dict)
    state: Mapped[Short] = mapped_column(default="new")
    told_at: Mapped[datetime | None]
    made_at: Mapped[datetime]
    done_at: Mapped[datetime | None]


class ShopNotice(Base):
    """A message of a shop's system that was taken: a second delivery finds it."""

    __tablename__ = "shop_notices"

    platform: Mapped[Short] = mapped_column(primary_key=True)
    id: Mapped[Short] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
