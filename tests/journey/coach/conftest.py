import pytest

from journey.catalogue.products import store_products
from tests.journey.talking import Talk


@pytest.fixture
def shop(talk: Talk) -> Talk:
    """A customer talking in a shop that has the sample catalogue in stock."""
    store_products(talk.session, talk.knowledge.catalogue)
    talk.session.flush()
    return talk
