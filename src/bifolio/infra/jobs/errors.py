"""How a job's run can end early."""

from bifolio.kernel.errors import BifolioError


class LeaseLost(BifolioError):
    """Another worker has taken the job over: nothing may be written for it any more."""

    def __init__(self, job_id: int) -> None:
        super().__init__(job_id)
        self.job_id = job_id


class JobInterrupted(BifolioError):
    """The run was told to stop (shutdown, time-out, lost lease) and ended early on purpose."""

    def __init__(self, job_id: int) -> None:
        super().__init__(job_id)
        self.job_id = job_id
