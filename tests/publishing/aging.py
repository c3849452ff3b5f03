"""Let the time pass after which what nobody is shown any more goes."""

from django.db.models import F

from bifolio.publishing.models import Edition
from bifolio.publishing.retention import KEEP_REPLACED_FOR


def age_editions() -> None:
    """Make every edition look replaced a day earlier."""
    Edition.objects.update(
        replaced_at=F("replaced_at") - KEEP_REPLACED_FOR, finished_at=F("finished_at") - KEEP_REPLACED_FOR
    )
