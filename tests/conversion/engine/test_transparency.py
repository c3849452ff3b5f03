"""Blend modes, constant alpha, soft masks and groups, against the formulas of ISO 32000."""

from collections.abc import Callable

import pytest

from tests.conversion.engine.swatches import ALL, Swatch, assert_alike, draw
from tests.conversion.page_images import Colour
from tests.conversion.pdfs import stream_of

Fractions = tuple[float, float, float]

BACKDROP: Fractions = (0.8, 0.4, 0.2)
SOURCE: Fractions = (0.3, 0.6, 0.9)
BACKGROUND = f"0.8 0.4 0.2 rg {ALL}"
FOREGROUND = f"0.3 0.6 0.9 rg {ALL}"


def hard_light(below: float, above: float) -> float:
    return 2 * below * above if above <= 0.5 else 1 - 2 * (1 - below) * (1 - above)


def soft_light(below: float, above: float) -> float:
    if above <= 0.5:
        return below - (1 - 2 * above) * below * (1 - below)
    limit = ((16 * below - 12) * below + 4) * below if below <= 0.25 else below**0.5
    return below + (2 * above - 1) * (limit - below)


SEPARABLE: dict[str, Callable[[float, float], float]] = {
    "Normal": lambda _, above: above,
    "Multiply": lambda below, above: below * above,
    "Screen": lambda below, above: below + above - below * above,
    "Overlay": lambda below, above: hard_light(above, below),
    "Darken": min,
    "Lighten": max,
    "ColorDodge": lambda below, above: min(1, below / (1 - above)),
    "ColorBurn": lambda below, above: 1 - min(1, (1 - below) / above),
    "HardLight": hard_light,
    "SoftLight": soft_light,
    "Difference": lambda below, above: abs(below - above),
    "Exclusion": lambda below, above: below + above - 2 * below * above,
}


def luminosity(colour: Fractions) -> float:
    return 0.3 * colour[0] + 0.59 * colour[1] + 0.11 * colour[2]


def with_luminosity(colour: Fractions, wanted: float) -> Fractions:
    red, green, blue = (channel + wanted - luminosity(colour) for channel in colour)
    low, high = min(red, green, blue), max(red, green, blue)
    below = wanted / (wanted - low) if low < 0 else 1
    above = (1 - wanted) / (high - wanted) if high > 1 else 1
    share = min(below, above)
    return (
        wanted + (red - wanted) * share,
        wanted + (green - wanted) * share,
        wanted + (blue - wanted) * share,
    )


def with_saturation(colour: Fractions, like: Fractions) -> Fractions:
    low, high = min(colour), max(colour)
    wanted = max(like) - min(like)
    red, green, blue = ((channel - low) * wanted / (high - low) for channel in colour)
    return red, green, blue


NOT_SEPARABLE = {
    "Hue": with_luminosity(with_saturation(SOURCE, BACKDROP), luminosity(BACKDROP)),
    "Saturation": with_luminosity(with_saturation(BACKDROP, SOURCE), luminosity(BACKDROP)),
    "Color": with_luminosity(SOURCE, luminosity(BACKDROP)),
    "Luminosity": with_luminosity(BACKDROP, luminosity(SOURCE)),
}


def in_bytes(colour: Fractions) -> Colour:
    red, green, blue = (round(255 * channel) for channel in colour)
    return red, green, blue


def mixed(share: float, above: Fractions = SOURCE, below: Fractions = BACKDROP) -> Colour:
    red, green, blue = (share * a + (1 - share) * b for a, b in zip(above, below, strict=True))
    return in_bytes((red, green, blue))


def blended(mode: str) -> Colour:
    if mode in NOT_SEPARABLE:
        return in_bytes(NOT_SEPARABLE[mode])
    red, green, blue = map(SEPARABLE[mode], BACKDROP, SOURCE)
    return in_bytes((red, green, blue))


MODES = [*SEPARABLE, *NOT_SEPARABLE]
BLENDED = {
    mode: Swatch(f"{BACKGROUND} /G gs {FOREGROUND}", blended(mode), f"/ExtGState << /G << /BM /{mode} >> >>")
    for mode in MODES
}

GROUP = (
    "/Type /XObject /Subtype /Form /BBox [0 0 100 100] /Group << /S /Transparency /CS /DeviceRGB /I true >>"
)
ISOLATED = stream_of(
    f"/G gs {FOREGROUND}".encode(), f"{GROUP} /Resources << /ExtGState << /G << /BM /Multiply >> >> >>"
)
KNOCKOUT = stream_of(
    f"/G gs 0 1 0 rg {ALL} {FOREGROUND}".encode(),
    GROUP.replace("/I true", "/K true") + "/Resources << /ExtGState << /G << /ca 0.5 >> >> >>",
)


def masked(kind: str, mask: str, entries: str = "") -> Swatch:
    """A quarter of the foreground comes through."""
    return Swatch(
        f"{BACKGROUND} /G gs {FOREGROUND}",
        mixed(0.25),
        f"/ExtGState << /G << /SMask << /S /{kind} /G @0 {entries} >> >> >>",
        (stream_of(mask.encode(), f"{GROUP} /Resources << /ExtGState << /Q << /ca 0.25 >> >> >>"),),
    )


def picture(entries: str, mask: str) -> Swatch:
    image = stream_of(bytes([77, 153, 230] * 4), f"{_image(2)} /ColorSpace /DeviceRGB {entries}")
    return Swatch(
        f"{BACKGROUND} 100 0 0 100 0 0 cm /I Do", mixed(0.25), "/XObject << /I @0 >>", (image, mask)
    )


def _image(side: int) -> str:
    return f"/Type /XObject /Subtype /Image /Width {side} /Height {side} /BitsPerComponent 8"


SOFT_MASK = stream_of(bytes([64] * 4), f"{_image(2)} /ColorSpace /DeviceGray")
STENCIL = stream_of(b"\x80\x80", "/Type /XObject /Subtype /Image /ImageMask true /Width 1 /Height 2")
ALPHA = {
    "fill alpha": Swatch(
        f"{BACKGROUND} /G gs {FOREGROUND}", mixed(0.25), "/ExtGState << /G << /ca 0.25 >> >>"
    ),
    "stroke alpha": Swatch(
        f"{BACKGROUND} /G gs 0.3 0.6 0.9 RG 80 w 0 50 m 100 50 l S",
        mixed(0.25),
        "/ExtGState << /G << /CA 0.25 >> >>",
    ),
    "luminosity mask": masked("Luminosity", f"0.25 g {ALL}"),
    "luminosity mask beside its group": masked("Luminosity", "0 0 5 5 re f", "/BC [0.25 0.25 0.25]"),
    "alpha mask": masked("Alpha", f"/Q gs {ALL}"),
    "soft mask of an image": picture("/SMask @1", SOFT_MASK),
    "isolated group": Swatch(f"{BACKGROUND} /F Do", in_bytes(SOURCE), "/XObject << /F @0 >>", (ISOLATED,)),
    "group with alpha": Swatch(
        f"{BACKGROUND} /G gs /F Do",
        mixed(0.25),
        "/XObject << /F @0 >> /ExtGState << /G << /ca 0.25 >> >>",
        (stream_of(f"1 1 1 rg {ALL} {FOREGROUND}".encode(), GROUP),),
    ),
    "knockout group": Swatch(f"{BACKGROUND} /F Do", mixed(0.5), "/XObject << /F @0 >>", (KNOCKOUT,)),
    "colour key mask": Swatch(
        f"{FOREGROUND} 100 0 0 100 0 0 cm /I Do",
        in_bytes(SOURCE),
        "/XObject << /I @0 >>",
        (stream_of(bytes([9] * 4), f"{_image(2)} /ColorSpace /DeviceGray /Mask [8 10]"),),
    ),
    "stencil": Swatch(
        f"{BACKGROUND} 0.3 0.6 0.9 rg 100 0 0 100 0 0 cm /I Do",
        in_bytes(SOURCE),
        "/XObject << /I @0 >>",
        (stream_of(b"\x00\x00", "/Subtype /Image /ImageMask true /Width 1 /Height 2"),),
    ),
    "explicit mask": Swatch(
        f"{FOREGROUND} 100 0 0 100 0 0 cm /I Do",
        in_bytes(SOURCE),
        "/XObject << /I @0 >>",
        (stream_of(bytes([9] * 4), f"{_image(2)} /ColorSpace /DeviceGray /Mask @1"), STENCIL),
    ),
}


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Colour]:
    return draw(tmp_path_factory.mktemp("swatches"), {**BLENDED, **ALPHA})


@pytest.mark.parametrize("mode", MODES)
def test_a_blend_mode_mixes_as_its_formula_says(drawn: dict[str, Colour], mode: str) -> None:
    assert_alike(drawn[mode], BLENDED[mode].colour)


NOT_KNOWN = pytest.mark.xfail(reason="PDFium draws knockout groups as ordinary ones")


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[NOT_KNOWN] * (name == "knockout group")) for name in ALPHA]
)
def test_what_is_partly_transparent_lets_the_rest_through(drawn: dict[str, Colour], name: str) -> None:
    assert_alike(drawn[name], ALPHA[name].colour)
