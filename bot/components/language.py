"""The language of a message, when it is not the conversation's.

Script tells hi, bn and te. Latin text is read by its function words, English ones and
those of `words`, then by py3langid among the languages that customers are likely to
write. Too short to tell is silence.

Config:
    expected: language of a conversation whose metadata says none (default `en`).
    least: least confidence to speak up (default 0.8).
    words: file of function words per language, also of Hindi, Bengali and Telugu in
        Latin letters (default `data/language/function_words.yml`; missing: none).
    others: languages told apart from the supported ones and reported as `other`.
"""

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from py3langid.langid import MODEL_FILE, LanguageIdentifier
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.components.finder import Entity, Finder, entities_of, entity
from bot.components.spelling import lexicon
from bot.components.stem import fold

SCRIPTS = {
    "hi": re.compile(r"[\u0900-\u097F]"),
    "bn": re.compile(r"[\u0980-\u09FF]"),
    "te": re.compile(r"[\u0C00-\u0C7F]"),
    "other": re.compile(
        r"[\u0370-\u052F\u0590-\u06FF\u0A00-\u0BFF\u0C80-\u0DFF\u0E00-\u0EFF"
        r"\u1100-\u11FF\u3040-\u30FF\u3400-\u9FFF\uAC00-\uD7AF]"
    ),
}
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
LATIN = ("en", "hu")
OTHERS = ("de", "fr", "es", "it", "pt", "nl", "pl", "ro", "cs", "sv", "tr", "sk", "hr")
SCRIPT_SHARE, ENGLISH_SHARE = 0.3, 0.7
LEAST_WORDS, READ = 3, 600


@lru_cache(maxsize=2)
def identifier(languages: tuple[str, ...]) -> LanguageIdentifier:
    """Return py3langid restricted to these languages."""
    model = LanguageIdentifier.from_pickled_model(MODEL_FILE, norm_probs=True)
    model.set_languages(list(languages))
    return model


@DefaultV1Recipe.register(
    [DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR], is_trainable=False
)
class Language(Finder):
    """Finds `language`: en, hi, hu, bn, te or `other` (then `detected` names it)."""

    def __init__(self, config: dict[str, Any]) -> None:
        super().__init__(config)
        self._english = lexicon()
        self._words = _function_words(Path(self.config["words"]))
        self._known = frozenset().union(*self._words.values())
        self._model = identifier((*LATIN, *self.config["others"]))

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the defaults of the keys in the module's docstring."""
        return {
            "expected": "en", "least": 0.8, "others": list(OTHERS),
            "words": "data/language/function_words.yml",
        }  # fmt: skip

    def find(self, message: Message) -> list[Entity]:
        """Return the language unless it is the one that is expected, or unclear."""
        text = message.get(TEXT) or ""
        code, sure = self.detect(_without_terms(text, message)[:READ])
        metadata = message.get("metadata") or {}
        expected = metadata.get("language") or self.config["expected"]
        supported = code if code in (*LATIN, *SCRIPTS) else "other"
        if not code or supported == expected or sure < self.config["least"]:
            return []
        more = {"detected": code} if supported == "other" else {}
        return [entity("language", supported, (0, len(text)), sure, **more)]

    def detect(self, text: str) -> tuple[str, float]:
        """Return code and confidence; an empty code when nothing can be told."""
        letters = sum(c.isalpha() for c in text)
        for code, script in SCRIPTS.items():
            share = len(script.findall(text)) / max(1, letters)
            if letters and share >= SCRIPT_SHARE:
                return code, min(0.99, 0.7 + share / 3)
        return self._latin([fold(word) for word in WORD.findall(text)], text)

    def _latin(self, words: list[str], text: str) -> tuple[str, float]:
        if not words:
            return "", 0.0
        english = sum(w in self._english or "'" in w for w in words) / len(words)
        code, share = self._by_words(words)
        clear = share >= 0.5 or (share >= 0.4 and share > english)
        if clear and len(words) > 1:
            return code, min(0.99, 0.6 + share)
        if english >= ENGLISH_SHARE and share < 0.3:
            return "en", min(0.99, english)
        if len(words) < LEAST_WORDS and share < 1.0:
            return "", 0.0
        if share == 1.0:
            return code, 0.9
        code, sure = self._model.classify(text.lower())
        return code, float(sure) * (1.0 - 0.6 * english if code != "en" else 1.0)

    def _by_words(self, words: list[str]) -> tuple[str, float]:
        """Return the language whose function words are the largest share, and it."""
        shares = {
            code: sum(word in known for word in words) / len(words)
            for code, known in self._words.items()
        }
        code = max(shares, key=lambda c: shares[c], default="")
        return code, shares.get(code, 0.0)


def _without_terms(text: str, message: Message) -> str:
    """Leave out product and brand names, which are of no language."""
    for one in reversed(entities_of(message, "product", "brand")):
        text = text[: one["start"]] + " " + text[one["end"] :]
    return text


def _function_words(path: Path) -> dict[str, frozenset[str]]:
    if not path.is_file():
        return {}
    content = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    return {
        code: frozenset(fold(str(w)) for w in words) for code, words in content.items()
    }
