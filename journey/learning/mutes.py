"""A customer's own word on traits: what is learned of these does not count."""

from collections.abc import Mapping

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from journey.store.prepared import Prepared
from journey.store.tables import LearnedMute

Words = Mapping[str, bool | None]
"""By trait (`material=wool`): liked, not liked, or None where nothing counts at all."""


_MUTES = LearnedMute.__table__.c
_OWN = Prepared(
    select(_MUTES.trait, _MUTES.likes)
    .where(_MUTES.customer_id == bindparam("customer"))
    .order_by(_MUTES.at, _MUTES.id)
)


def words_of(session: Session, customer_id: str) -> Words:
    """Return a customer's last word on each trait that they ever spoke about."""
    rows = _OWN.rows(session.connection(), customer=customer_id)
    return {trait: likes for trait, likes in rows}
