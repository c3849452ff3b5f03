"""collection.create: publish an uploaded document."""

import re
from dataclasses import replace
from typing import Any

from bifolio.api.action import Action, Caller
from bifolio.api.collection_object import collection_object
from bifolio.api.details import DetailParameters, details_of
from bifolio.api.statuses import Status, WireProblem
from bifolio.publishing.queries import made_before
from bifolio.publishing.services import create_flipbook

_IDEMPOTENCY_KEY = re.compile(r"[\x21-\x7e]{1,255}")


def _perform(caller: Caller, given: DetailParameters) -> dict[str, Any]:
    if not caller.upload.is_given:
        raise WireProblem(
            Status.MISSING_PARAMETER, "file is missing: send it as a multipart part, or give fileUrl"
        )
    key = caller.idempotency_key
    if key is not None and not _IDEMPOTENCY_KEY.fullmatch(key):
        raise WireProblem(
            Status.BAD_REQUEST, "the header Idempotency-Key is not 1 to 255 visible ASCII characters"
        )
    made = made_before(caller.workspace, key)
    if made is not None:
        # The service asks again; here it spares a retry the download from an address that may be gone.
        return collection_object(made)
    with caller.upload.open() as file:
        flipbook = create_flipbook(
            actor=caller.actor,
            workspace=caller.workspace,
            file=replace(file, password=given.file_password),
            details=details_of(given, keep_blank_description=False),
            idempotency_key=key,
        )
    return collection_object(flipbook)


ACTION = Action("collection.create", DetailParameters, _perform, is_upload=True, takes_file=True)
