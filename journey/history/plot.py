"""A small bar chart as SVG: one bar a way, the first one ours."""

from collections.abc import Mapping
from html import escape

BAR, GAP, LEFT, WIDE = 26, 10, 210, 420


def bars(title: str, values: Mapping[str, float]) -> str:
    """Return a chart of values from 0 up, the longest bar as wide as there is room."""
    most = max(values.values(), default=0.0) or 1.0
    height = 50 + len(values) * (BAR + GAP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{LEFT + WIDE + 80}"'
        f' height="{height}" font-family="sans-serif" font-size="14">',
        f"<title>{escape(title)}</title>",
        f'<text x="10" y="24" font-weight="bold">{escape(title)}</text>',
    ]
    for number, (name, value) in enumerate(values.items()):
        top = 40 + number * (BAR + GAP)
        width, colour = WIDE * value / most, "#1f6f54" if number == 0 else "#9aa5a0"
        parts += [
            f'<text x="{LEFT - 8}" y="{top + 18}" text-anchor="end">'
            f"{escape(name)}</text>",
            f'<rect x="{LEFT}" y="{top}" width="{width:.1f}" height="{BAR}"'
            f' fill="{colour}"/>',
            f'<text x="{LEFT + width + 6:.1f}" y="{top + 18}">{value:.3f}</text>',
        ]
    return "\n".join([*parts, "</svg>", ""])
