import tomllib
from pathlib import Path

from sim.charts.theme import CATEGORIES, FONT, PALETTES, template

ROOT = Path(__file__).parents[2]
THEME = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]


def test_figures_have_the_colours_of_the_pages() -> None:
    assert list(CATEGORIES) == THEME["chartCategoricalColors"]
    for ground, palette in PALETTES.items():
        theme = THEME[ground]
        assert palette.accent == theme["primaryColor"]
        assert palette.background == theme["backgroundColor"]
        assert palette.panel == theme["secondaryBackgroundColor"]
        assert palette.text == theme["textColor"]
        assert palette.line == theme["borderColor"]
        assert palette.behind in CATEGORIES


def test_figures_have_the_font_of_the_pages() -> None:
    assert THEME["font"] == FONT
    assert FONT.startswith("'PingFang SC'")


def test_what_is_grey_can_be_read_on_its_ground() -> None:
    for palette in PALETTES.values():
        assert contrast(palette.muted, palette.background) >= 4.0
        assert contrast(palette.behind, palette.background) >= 3.0


def test_a_template_takes_the_ground_asked_for() -> None:
    assert template("dark").layout.paper_bgcolor == PALETTES["dark"].background
    assert template().layout.font.family == FONT


def contrast(one: str, other: str) -> float:
    """Contrast of WCAG 2.1."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
