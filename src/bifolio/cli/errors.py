"""What can go wrong at the command line itself. Must not import Django."""

from pathlib import Path

from bifolio.kernel.errors import BifolioError


class AccountNotFound(BifolioError):
    """No workspace has this account id."""

    def __init__(self, account_id: str) -> None:
        super().__init__(account_id)
        self.account_id = account_id


class FileUnreadable(BifolioError):
    """A named file is not there or cannot be read; ``reason`` is the system's."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(path, reason)
        self.path, self.reason = path, reason


class FileUnwritable(BifolioError):
    """A named file cannot be written; ``reason`` is the system's."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(path, reason)
        self.path, self.reason = path, reason


class NotAFile(BifolioError):
    """What is named is there, but is a folder, a device or a pipe."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.path = path


class AddressNotFetched(BifolioError):
    """A named address gave no file; ``problem`` and ``detail`` say why, ``fix`` what to do."""

    def __init__(self, url: str, problem: str, detail: str, fix: str) -> None:
        super().__init__(url, problem, detail, fix)
        self.url, self.problem, self.detail, self.fix = url, problem, detail, fix


class ConversionFailed(BifolioError):
    """The document became no book; ``sentence`` says why."""

    def __init__(self, flipbook_hash: str, sentence: str) -> None:
        super().__init__(flipbook_hash, sentence)
        self.flipbook_hash, self.sentence = flipbook_hash, sentence


class DatabaseIsNewer(BifolioError):
    """The database has migrations that this version does not know; ``migration`` is one of them."""

    def __init__(self, migration: str) -> None:
        super().__init__(migration)
        self.migration = migration


class NotConfirmed(BifolioError):
    """A destructive command was not confirmed."""


class SecretMissing(BifolioError):
    """Standard input held no secret."""


class PasswordMissing(BifolioError):
    """No password stood where it was looked for, or one with characters that cannot be typed."""


class ServerIsRunning(BifolioError):
    """A server or worker runs on the data folder."""

    def __init__(self, data: Path) -> None:
        super().__init__(data)
        self.data = data


class FolderNotEmpty(BifolioError):
    """The folder to restore into holds something already."""

    def __init__(self, data: Path) -> None:
        super().__init__(data)
        self.data = data


class FileExists(BifolioError):
    """The file to be written is there already."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.path = path


class FolderMissing(BifolioError):
    """The folder of the file to be written is not there."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.folder = folder


class BackupIsRunning(BifolioError):
    """Another backup of this data folder is under way."""


class BackupIncomplete(BifolioError):
    """The archive is written, but the store lacks files that the database names."""

    def __init__(self, path: Path, missing: list[str]) -> None:
        super().__init__(path, missing)
        self.path, self.missing = path, missing
        self.count, self.first = len(missing), missing[0]


class ArchiveInvalid(BifolioError):
    """Not an archive of ``bifolio backup``, or a damaged one; ``problem`` says what is wrong."""

    def __init__(self, path: Path, problem: str) -> None:
        super().__init__(path, problem)
        self.path, self.problem = path, problem


class OtherDatabase(BifolioError):
    """The archive holds a database of another kind than the settings name."""

    def __init__(self, archived: str, configured: str) -> None:
        super().__init__(archived, configured)
        self.archived, self.configured = archived, configured


class OtherSecretKey(BifolioError):
    """The archive was made under another secret key than the settings name."""


class ProgramMissing(BifolioError):
    """A program of the system is needed; ``package`` is Debian's package that has it."""

    def __init__(self, program: str, package: str) -> None:
        super().__init__(program, package)
        self.program, self.package = program, package


class ProgramFailed(BifolioError):
    """A program of the system failed; ``message`` is the last line that it wrote."""

    def __init__(self, program: str, message: str) -> None:
        super().__init__(program, message)
        self.program, self.message = program, message
