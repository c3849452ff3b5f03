"""The one way of a call through the wire, its checks in the order of the contract (api-v1.md, section 3)."""

from functools import cache
from pathlib import Path
from typing import Any

import structlog

from bifolio.accounts.errors import SecretSealedOtherwise
from bifolio.accounts.queries import SigningKey, find_signing_key
from bifolio.api.action import Action, Caller
from bifolio.api.envelope import JSON, accept, form_of, refuse, require_callback
from bifolio.api.limits import CallLog, Rates, address_bucket
from bifolio.api.parameters import Parameters, read_parameters
from bifolio.api.problems import problem_of
from bifolio.api.registry import ACTIONS
from bifolio.api.signing import is_signed_right
from bifolio.api.statuses import Status, WireProblem
from bifolio.api.typed import read_typed
from bifolio.api.upload import Upload
from bifolio.api.wire import WireAnswer, WireCall
from bifolio.infra import maintenance
from bifolio.infra.configuration import configuration
from bifolio.infra.received import BodyProblem

_log = structlog.get_logger(__name__)
_MAINTENANCE_RETRY_S = 60
_UPLOADS_RETRY_S = 5


def answer(call: WireCall) -> WireAnswer:
    """Answer one call. What is neither the caller's fault nor foreseen is raised, for the view to log."""
    form = JSON
    try:
        parameters = _read(call)
        key = _authenticate(call, parameters)
        form = form_of(parameters.values)
        _call_log().count(f"key:{key.key}", _rates())
        return accept(_perform(call, parameters.values, key), form)
    except Exception as error:
        problem = problem_of(error)
        if problem is None:
            raise
        return refuse(problem, form)


def internal_error() -> WireAnswer:
    """Return what a fault of ours looks like from outside: the only answer that is not HTTP 200."""
    problem = WireProblem(Status.INTERNAL_ERROR, "a fault of this server; its log has it under X-Request-Id")
    return refuse(problem, JSON, http_status=500)


def _read(call: WireCall) -> Parameters:
    _refuse_untimely(call)
    if call.method not in {"GET", "HEAD", "POST"}:
        raise WireProblem(Status.BAD_REQUEST, f"the verb is {call.method}; use GET or POST")
    if call.body.problem is BodyProblem.UNREADABLE:
        raise WireProblem(Status.BAD_REQUEST, call.body.detail)
    parameters = read_parameters(call.query, call.body.form, call.body.fields)
    for name in ("apiKey", "signature", "action"):
        if not parameters.values.get(name):
            raise WireProblem(Status.MISSING_PARAMETER, f"{name} is missing or empty")
    return parameters


def _refuse_untimely(call: WireCall) -> None:
    if maintenance.is_on() or call.body.problem is BodyProblem.IN_MAINTENANCE:
        raise WireProblem(
            Status.MAINTENANCE,
            "the operator has switched maintenance on; nothing was done, try later",
            retry_after_s=_MAINTENANCE_RETRY_S,
        )
    if call.body.problem is BodyProblem.TOO_MANY_UPLOADS:
        raise WireProblem(Status.TOO_MANY_A_SECOND, call.body.detail, retry_after_s=_UPLOADS_RETRY_S)
    if call.body.problem is BodyProblem.TOO_LARGE:
        raise WireProblem(Status.FILE_TOO_LARGE, call.body.detail)


def _authenticate(call: WireCall, parameters: Parameters) -> SigningKey:
    values = parameters.values
    try:
        key = find_signing_key(values["apiKey"])
    except SecretSealedOtherwise as error:
        _log.error(
            "no call of this API key can be checked, for BIFOLIO_SECRET_KEY has changed",
            api_key=error.key,
            fix="set BIFOLIO_SECRET_KEY, or DATA/secret-key, back to the old one, or make new API keys",
        )
        raise _wrong_signature(
            call,
            "signature cannot be checked: this server has lost the secret of this apiKey; tell its operator",
        ) from error
    is_right = is_signed_right(key.secret if key else None, parameters, values["signature"])
    if key is None:
        raise WireProblem(Status.INVALID_CREDENTIALS, "apiKey is unknown or revoked")
    if not is_right:
        raise _wrong_signature(
            call, "signature is not the MD5 of secret and sorted names and values; docs/api shows each step"
        )
    return key


def _wrong_signature(call: WireCall, reason: str) -> WireProblem:
    # Only wrong signatures are counted by address: nobody can lock a key's owner out.
    _call_log().count(address_bucket(call.client_address), _rates())
    return WireProblem(Status.INVALID_SIGNATURE, reason)


def _perform(call: WireCall, values: dict[str, str], key: SigningKey) -> object:
    action = ACTIONS.get(values["action"])
    if action is None:
        raise WireProblem(Status.INVALID_ACTION, f"action {values['action'][:100]} does not exist here")
    _require_verb(call, action, values)
    require_callback(values)
    given = read_typed(action.parameters, values)
    upload = Upload.of(call.body, values.get("fileUrl", "") if action.takes_file else "")
    return action.perform(Caller(key.actor, key.workspace, upload, call.idempotency_key), given)


def _require_verb(call: WireCall, action: Action[Any], values: dict[str, str]) -> None:
    is_upload = action.is_upload or (action.takes_file and bool(values.get("fileUrl")))
    if is_upload and call.method != "POST":
        raise WireProblem(Status.BAD_REQUEST, f"{action.name} uploads and takes POST, not {call.method}")


def _rates() -> Rates:
    settings = configuration()
    return Rates(settings.calls_per_second, settings.calls_per_minute)


def _call_log() -> CallLog:
    return _call_log_at(configuration().data / "limits.sqlite3")


@cache
def _call_log_at(path: Path) -> CallLog:
    return CallLog(path)
