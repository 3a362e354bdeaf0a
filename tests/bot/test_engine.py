from __future__ import annotations

from pathlib import Path

import pytest

from bot.engine import Names, Stand, absent, uses_tensorflow

ROOT = Path(__file__).parents[2]


def config(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "config.yml"
    path.write_text(text)
    return path


def test_what_is_served_uses_no_tensorflow() -> None:
    assert not uses_tensorflow(ROOT / "config.yml")


@pytest.mark.parametrize(
    "text",
    [
        "pipeline: [{name: WhitespaceTokenizer}, {name: DIETClassifier, epochs: 5}]",
        "policies: [{name: RulePolicy}, {name: TEDPolicy}]",
        "pipeline: [DIETClassifier]",
        "pipeline: [{name: elsewhere.components.Classifier}]",
    ],
)
def test_tensorflow_is_there_for_what_may_use_it(tmp_path: Path, text: str) -> None:
    assert uses_tensorflow(config(tmp_path, text))


def test_a_configuration_may_leave_parts_out(tmp_path: Path) -> None:
    assert not uses_tensorflow(config(tmp_path, "policies: [{name: RulePolicy}]"))


def test_names_can_be_inherited_from_and_decorate() -> None:
    tf = Names("tensorflow")

    class Layer(tf.keras.layers.Layer):  # type: ignore[misc]
        @tf.function(jit_compile=True)  # type: ignore[untyped-decorator]
        def call(self) -> int:
            return 4

    assert Layer().call() == 4


def test_a_name_that_is_used_says_why_it_is_not_there() -> None:
    with pytest.raises(RuntimeError, match=r"constant is used, but .* config.yml"):
        Names("tensorflow").constant(3.0)


def test_only_what_is_not_used_is_stood_in_for() -> None:
    assert Stand().find_spec("tensorflow.keras") is not None
    assert Stand().find_spec("tensorflow_datasets_of_somebody") is None
    assert Stand().find_spec("numpy") is None


def test_a_name_is_a_type_for_those_who_annotate() -> None:
    assert isinstance(absent("tensorflow.Tensor"), type)
