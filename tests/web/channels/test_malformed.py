"""Whatever a provider sends, signed or not: never a 5xx, nothing for a stranger."""

import asyncio
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from journey.store.tables import Base
from tests.web.channels import mutants
from tests.web.channels.conftest import Talk
from tests.web.channels.kits import KITS

BODIES = {channel: asyncio.run(mutants.letters_of(channel)) for channel in KITS}
on_every_channel = pytest.mark.parametrize("talk", KITS, indirect=True)
bounded = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def rows(talk: Talk) -> int:
    """Count all that is stored."""
    with talk.database() as session:
        counts = (
            session.scalar(select(func.count()).select_from(table))
            for table in Base.metadata.sorted_tables
        )
        return sum(count or 0 for count in counts)


@on_every_channel
@bounded
@given(data=st.data())
async def test_anything_signed_is_taken_or_refused(talk: Talk, data: Any) -> None:
    body = data.draw(mutants.changed(BODIES[talk.channel]))
    answer = await mutants.post(talk.channel, talk.phone, body)
    assert answer.status_code in (200, 400), answer.text


@on_every_channel
async def test_nothing_unsigned_is_stored(talk: Talk) -> None:
    before = rows(talk)
    for body in BODIES[talk.channel]:
        talk.phone.secret = "d2hhdCBhIHN0cmFuZ2VyIGd1ZXNzZWQ="
        answer = await mutants.post(talk.channel, talk.phone, body)
        assert answer.status_code in (401, 403)
    assert rows(talk) == before
