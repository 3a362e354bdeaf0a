import pytest

from journey.wires import is_safe


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://shop.example", True),
        (" https://shop.example:8443/a?b=c ", True),
        ("http://localhost:8080", True),
        ("http://127.0.0.1", True),
        ("http://[::1]:3000", True),
        ("http://shop.example", False),
        ("http://localhost.example", False),
        ("ftp://localhost", False),
        ("https://", False),
        ("https://[", False),
        ("shop.example", False),
        ("", False),
    ],
)
def test_tells_whom_a_secret_may_be_sent(url: str, safe: bool) -> None:
    assert is_safe(url) is safe
