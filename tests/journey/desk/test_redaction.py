import pytest

from journey.desk.redaction import redact


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("card 4111 1111 1111 1111", "4111"),
        ("my iban is DE89 3704 0044 0532 0130 00", "3704"),
        ("my password is hunter2 ok", "hunter2"),
        ("PIN: 4821", "4821"),
    ],
)
def test_redact_takes_secrets_out(text: str, secret: str) -> None:
    assert secret not in redact(text)


@pytest.mark.parametrize(
    "text",
    ["order 1043 of 12 December", "I forgot my password"],
)
def test_redact_leaves_the_rest(text: str) -> None:
    assert redact(text) == text
