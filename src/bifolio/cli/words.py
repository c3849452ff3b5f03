"""One line for people for every error that a command can meet: the thing, and the fix.

The templates name attributes of ``error``. Imported only once something has gone wrong.
"""

from bifolio.accounts import errors as accounts
from bifolio.cli import errors as cli
from bifolio.collector.errors import BeaconDropped, LedgerUnavailable
from bifolio.conversion.child import EngineDied, EngineTooSlow
from bifolio.conversion.distrust import FrameRefused
from bifolio.conversion.events import CountTimedOut, DocumentFailed, DocumentRefused
from bifolio.conversion.sandbox_report import SandboxTooWeak
from bifolio.conversion.tiles import TilesRefused, TilesStopped
from bifolio.infra.configuration import ConfigurationError
from bifolio.infra.guarded_connection import FetchFailed
from bifolio.infra.jobs.errors import JobInterrupted, LeaseLost
from bifolio.infra.storage import errors as storage
from bifolio.kernel.errors import BifolioError
from bifolio.kernel.visit_token import InvalidVisitToken
from bifolio.publishing import errors as publishing

TEMPLATES: dict[type[BifolioError], str] = {
    ConfigurationError: "{error.name}: {error.problem}. {error.fix}",
    accounts.NotAllowed: "This may not be done here: {error.permission}.",
    accounts.KeyNotFound: "There is no key “{error.key}”, or it is revoked already. See: bifolio key list",
    accounts.SecretSealedOtherwise: (
        "The secret of the key {error.key} cannot be read: it was sealed under another BIFOLIO_SECRET_KEY. "
        "Set that back, or revoke the key and make a new one."
    ),
    accounts.KeyTaken: (
        "The key {error.key} is known here already, and names of keys are never used twice. "
        "See: bifolio key list"
    ),
    accounts.InvalidAccountId: (
        "{error.account_id} is not an account id. Give 11 upper-case letters and digits, as in old embeds."
    ),
    accounts.InvalidKeyPair: (
        "The {error.part} is empty, too long, or has characters that no request can carry. "
        "Copy it again, without spaces or line ends."
    ),
    publishing.FlipbookNotFound: "There is no flipbook “{error.flipbook_hash}”. See: bifolio list",
    publishing.FlipbookIsProcessing: (
        "The flipbook {error.flipbook_hash} is still converting. "
        "Wait for it: bifolio show {error.flipbook_hash}"
    ),
    publishing.HashTaken: (
        "The hash {error.flipbook_hash} is taken by a flipbook of this installation, perhaps a deleted one. "
        "Leave --hash out for a new one."
    ),
    publishing.HashMisshapen: (
        "The hash “{error.flipbook_hash}” cannot be given: a hash has 7 to 10 lower-case letters and digits. "
        "Copy it from the old link, or leave --hash out for a new one."
    ),
    publishing.EditionNotFound: (
        "The flipbook {error.flipbook_hash} has no edition {error.number}. "
        "See: bifolio editions {error.flipbook_hash}"
    ),
    publishing.EditionNotWhole: (
        "Edition {error.number} of {error.flipbook_hash} is not whole, so it cannot be shown. "
        "See: bifolio editions {error.flipbook_hash}"
    ),
    publishing.NoEarlierEdition: (
        "The flipbook {error.flipbook_hash} has no earlier edition to go back to. "
        "See: bifolio editions {error.flipbook_hash}"
    ),
    publishing.UploadQuotaSpent: (
        "The workspace has used its {error.limit} uploads of this month. "
        "Raise BIFOLIO_UPLOADS_PER_MONTH, or set it to 0."
    ),
    publishing.UnsupportedFile: (
        "{error.file_name} is neither PDF nor JPEG nor PNG, or is empty. Export it as PDF."
    ),
    publishing.FileTooLarge: (
        "The file has {error.size_bytes:,} bytes, and {error.limit_bytes:,} are allowed. "
        "Raise BIFOLIO_MAX_FILE_MB, or set it to 0."
    ),
    publishing.TooManyPages: (
        "The document has {error.page_count} pages, and {error.limit} are allowed. "
        "Raise BIFOLIO_MAX_PAGES, or set it to 0."
    ),
    publishing.DiskAlmostFull: (
        "Less than 5 % of the disk would be left, so nothing was stored. "
        "Free some space, or move BIFOLIO_DATA."
    ),
    storage.StorageFull: "The disk is full; nothing was stored. Free some space, or move BIFOLIO_DATA.",
    storage.BlobMissing: "The file {error.key} is missing from the store. Restore it from a backup.",
    storage.BlobConflict: "The store has another file under {error.key}. Restore the store from a backup.",
    storage.InvalidKey: "{error.key} is not a name that the store can hold.",
    FetchFailed: "The address could not be fetched: {error.problem} ({error.detail}).",
    DocumentFailed: "The document became no book ({error.reason}). Export it anew.",
    DocumentRefused: "The document cannot be opened ({error.reason}). Export it anew.",
    CountTimedOut: (
        "Counting the pages did not end within {error.deadline_s} s. Simplify the document or split it."
    ),
    EngineDied: "The engine ended in the middle of its work. See: bifolio doctor",
    TilesRefused: "The page cannot be drawn larger: {error.why}. It is shown as it is; try again in an hour.",
    TilesStopped: "The drawing of a larger page was stopped. Ask for it again.",
    SandboxTooWeak: (
        "BIFOLIO_SANDBOX_REQUIRE asks for the full sandbox, and this machine gives {error.level} "
        "({error.missing}). {error.fix}"
    ),
    EngineTooSlow: "The engine took too long. Simplify the document or split it.",
    FrameRefused: "The engine's answer is not to be believed ({error}). See: bifolio doctor",
    BeaconDropped: "The beacon does not count ({error}).",
    LedgerUnavailable: "The statistics cannot be written: the database does not answer. See: bifolio doctor",
    LeaseLost: "Another worker has taken the conversion over; it goes on there.",
    JobInterrupted: "The conversion was interrupted; it goes on with the next server or worker.",
    InvalidVisitToken: "The visit's token is {error.reason}.",
    cli.AccountNotFound: (
        "No workspace has the account id “{error.account_id}”. "
        "Leave --account out, or see the workspaces: bifolio stats"
    ),
    cli.FileUnreadable: (
        "{error.path} cannot be read: {error.reason}. Name another file, or mend its permissions."
    ),
    cli.FileUnwritable: "{error.path} cannot be written: {error.reason}. Name another file.",
    cli.NotAFile: "{error.path} is a folder, a device or a pipe. Name a file.",
    cli.AddressNotFetched: "{error.url} could not be fetched: {error.problem} ({error.detail}). {error.fix}",
    cli.ConversionFailed: "{error.sentence} (bifolio show {error.flipbook_hash})",
    cli.DatabaseIsNewer: (
        "The database was made by a newer Bifolio (it has {error.migration}). "
        "Run that version, or restore the backup from before the upgrade."
    ),
    cli.NotConfirmed: "Nothing was done. Confirm with --yes.",
    cli.SecretMissing: (
        "Standard input held no secret. Type it when asked, or pipe it in: "
        "bifolio key import KEY < secret.txt"
    ),
    cli.PasswordMissing: (
        "There was no password to read. Type it when asked, pipe it in, or name a file: --password-file FILE"
    ),
    cli.ServerIsRunning: "Bifolio is running on {error.data}. Stop it first.",
    cli.FolderNotEmpty: (
        "{error.data} is not empty. Name an empty folder in BIFOLIO_DATA, "
        "or give --force: it moves aside what is there."
    ),
    cli.FileExists: "{error.path} exists already. Name another file, or give --force to replace it.",
    cli.FolderMissing: "There is no folder {error.folder}. Make it first, or name another file.",
    cli.BackupIsRunning: "Another backup of this data folder is under way. Wait until it has ended.",
    cli.BackupIncomplete: (
        "{error.path} is written, but {error.count} files that the database names are missing "
        "from the store, the first is {error.first}. Restore them from an older backup."
    ),
    cli.ArchiveInvalid: "{error.path} cannot be restored: {error.problem}. Nothing was changed.",
    cli.OtherDatabase: (
        "The archive holds a {error.archived} database, and the settings name {error.configured}. "
        "Set BIFOLIO_DATABASE_URL to a {error.archived} database. Nothing was changed."
    ),
    cli.OtherSecretKey: (
        "The archive belongs to another secret key than the settings name. Set BIFOLIO_SECRET_KEY to the "
        "archive's, or unset it where the archive holds its own. Nothing was changed."
    ),
    cli.ProgramMissing: "The program {error.program} is missing. Install it: apt-get install {error.package}",
    cli.ProgramFailed: "{error.program} failed: {error.message}",
}

ELSEWHERE: dict[str, str] = {
    "bifolio.publishing.page_records.EditionWithdrawn": (
        "The flipbook was deleted while its document was converting."
    ),
    "bifolio.publishing.page_records.EditionSettled": "The conversion has ended already.",
    "bifolio.reader.player_assets.PlayerNotBuilt": "The player is not built. Build it: make setup",
    "bifolio.api.statuses.WireProblem": "The call was refused: {error}",
}
"""Errors whose modules cannot be imported here: they need Django, or belong to a part beside or above."""


def words_for(error: BifolioError) -> str:
    """Return the line that a person is shown for ``error``. Falls back on the error's own text."""
    for kind in type(error).__mro__:
        template = TEMPLATES.get(kind) or ELSEWHERE.get(f"{kind.__module__}.{kind.__qualname__}")
        if template is not None:
            return template.format(error=error)
    return f"{type(error).__name__}: {error}"
