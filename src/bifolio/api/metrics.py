"""What the wire tells Prometheus. Must not import Django."""

from prometheus_client import Counter

ANSWERS = Counter("bifolio_api_answers", "Answers of the API.", ["code"])
SIGNATURES = Counter(
    "bifolio_api_signatures",
    "Right signatures, by what was signed: decoded values or encoded ones.",
    ["signed"],
)
