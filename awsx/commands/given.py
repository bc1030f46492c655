"""What a command of `awsx exec` gets: the keys of a profile; of several profiles, each its own."""

from __future__ import annotations

from awsx import process
from awsx.commands import creds
from awsx.credentials import valid, written
from awsx.credentials.keys import Keys, Need
from awsx.environment import REGIONS
from awsx.term import AwsxError, Cancelled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsx.commands.served import Server
    from awsx.facts import Facts, Target
    from awsx.many.form import Form
    from awsx.many.selection import Job


class Given:
    """Called with a job, its environment; with `--creds` or `--serve` all keys are fetched first.

    A profile without keys is no error until its command would begin: the others run.
    """

    def __init__(self, facts: Facts, jobs: list[Job], form: Form) -> None:
        self._facts, self._gives = facts, form.gives
        self._base = process.original(facts.env)
        self._keys: dict[str, Keys | AwsxError] = {}
        if form.gives:
            for job in jobs:
                if job.name not in self._keys:
                    self._keys[job.name] = _tried(facts, job, form.may_login)
        self._server = self._made_server(jobs) if form.gives == "--serve" else None

    def _made_server(self, jobs: list[Job]) -> Server | None:
        from awsx.commands import served  # HTTP: only for who asks for it

        having = [job for job in jobs if isinstance(self._keys[job.name], Keys)]
        targets = {job.name: job.target for job in having}.values()
        return served.Server(self._facts, *targets) if targets else None

    def start(self) -> bool:
        """Serve, if that is wanted; False in a process that has done its work (`Server.start`)."""
        return self._server is None or self._server.start()

    def __call__(self, job: Job) -> Mapping[str, str]:
        """Raises AwsxError if the job's profile gives no keys."""
        keys = self._keys.get(job.name)
        if isinstance(keys, AwsxError):
            raise keys
        if keys and self._gives == "--creds":
            return around(self._facts, job.target, keys, job.region)
        region = job.region or job.target.exports
        env = process.environment(self._base, job.name, region, job.target.source)
        return self._server.environment(env, region, job.target) if self._server else env


def _tried(facts: Facts, job: Job, may_login: bool) -> Keys | AwsxError:
    """The keys of a job's profile, or why there are none. Raises Cancelled."""
    try:
        return valid.keys(facts, job.target, Need(may_login=may_login))
    except Cancelled:
        raise
    except AwsxError as error:
        return error


def around(facts: Facts, target: Target, keys: Keys, region: str) -> dict[str, str]:
    """The environment of a command that gets these keys of the profile, and no profile."""
    env = facts.env
    child = process.environment(process.original(env), target.profile.name, region)
    del child["AWS_PROFILE"]
    # What is set by hand stays: a command may have one region for boto3, another for JavaScript.
    own = {name: child[name] for name in REGIONS if child.get(name)}
    return {**child, **written.variables(keys, creds.region_of(env, target)), **own}
