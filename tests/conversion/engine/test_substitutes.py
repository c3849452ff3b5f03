"""Which family stands in for a font that a document did not bring."""

import pytest

from bifolio.conversion.engine.substitutes import family_for_name, family_for_text


@pytest.mark.parametrize(
    ("name", "family"),
    [
        ("Helvetica", "Liberation Sans"),
        ("Times-Roman", "Liberation Serif"),
        ("Courier", ""),
        ("TraditionalArabic", "Noto Naskh Arabic"),
        ("B Nazanin", "Noto Naskh Arabic"),
        ("Mangal-Bold", "Noto Sans Devanagari"),
        ("AngsanaNew", "Noto Sans Thai"),
        ("Frank Ruehl", "Noto Sans Hebrew"),
        ("Garamond", ""),
        ("", ""),
    ],
)
def test_a_known_name_tells_the_script(name: str, family: str) -> None:
    assert family_for_name(name) == family


@pytest.mark.parametrize(
    ("text", "family"),
    [
        ("plain", ""),
        ("Œuvre, Ελληνικά, Привет, 日本", ""),
        ("an Arabic word, كتاب, in English", "Noto Naskh Arabic"),
        ("हिन्दी", "Noto Sans Devanagari"),
        ("ไทย and one א", "Noto Sans Thai"),
    ],
)
def test_the_letters_of_a_page_tell_what_its_gaps_are(text: str, family: str) -> None:
    assert family_for_text(text) == family
