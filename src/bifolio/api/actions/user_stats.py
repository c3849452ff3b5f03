"""user.getStats: how everything of a workspace was read, and how many uploads are left."""

from typing import Any

from bifolio.accounts.actors import Permission
from bifolio.api.action import Action, Caller
from bifolio.api.typed import NoParameters
from bifolio.publishing.queries import uploads_left
from bifolio.stats.queries import workspace_counts

_UNLIMITED = 2147483647


def _perform(caller: Caller, _: NoParameters) -> dict[str, Any]:
    caller.actor.require(Permission.READ_STATS, caller.workspace)
    counts = workspace_counts(caller.workspace.pk)
    left = uploads_left(caller.workspace)
    return {
        "impressions": counts.impressions,
        "views": counts.views,
        "time_spent": counts.time_spent_s,
        "downloads": counts.downloads,
        "api_uploads_left": _UNLIMITED if left is None else left,
    }


ACTION = Action("user.getStats", NoParameters, _perform)
