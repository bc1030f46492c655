"""`awsx whoami --all`: whose credentials each profile gives, as AWS says; by the engine of exec."""

from __future__ import annotations

from awsx import process
from awsx.commands import before
from awsx.commands.execute_many import Watch
from awsx.many import selection, sinks
from awsx.many.form import Limits, Wish
from awsx.many.runner import Runner
from awsx.term import AwsxError, Cancelled, Progress, clean, on_terminal, out, warn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsx.facts import Facts
    from awsx.many.runner import Result
    from awsx.many.selection import Job

    Answer = dict[str, object]

ONE_OR_ALL = "--all asks about every profile; leave out {}"
NO_ANSWER = "{}: {}"


class Answers(sinks.Spooled):
    """Keeps what each job has answered."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[Job, Answer] = {}

    def ended(self, result: Result) -> None:
        texts = []
        for file in self.taken(result.job):
            with file:
                texts.append(file.read().decode("utf-8", "replace"))
        self.found[result.job] = _answer(result, *texts)

    def finish(self) -> None:
        """Nothing: all is printed together."""


def whoami_all(env: Mapping[str, str], name: str, as_json: bool) -> int:
    """Print an answer for each profile; 0 if each of them has one, else 1.

    Raises AwsxError if there is no profile, Cancelled after Ctrl-C.
    """
    if name:
        raise AwsxError(ONE_OR_ALL.format(clean(name)), 2)
    import json

    facts = before.opened(env)
    jobs, left_out = selection.choose(facts, Wish(every=True, includes_guarded=True))
    for line in left_out:
        warn(line)
    _log_in(facts, jobs)
    answers = _asked(facts, jobs)
    out(json.dumps(answers, indent=2) + "\n" if as_json else _table(answers))
    for found in answers if not as_json else []:
        if found["error"]:
            warn(NO_ANSWER.format(clean(str(found["profile"])), found["error"]))
    return int(bool(left_out) or any(found["error"] for found in answers))


def _log_in(facts: Facts, jobs: list[Job]) -> None:
    """Log in to each session once, if a person is there; what fails is told in its profiles."""
    done = set()
    for target in (job.target for job in jobs):
        if target.session and target.key not in done and on_terminal():
            done.add(target.key)
            try:
                before.log_in(facts, target)
            except Cancelled:
                raise
            except AwsxError as error:
                warn(str(error))


def _asked(facts: Facts, jobs: list[Job]) -> list[Answer]:
    """The answers, in the order of the files."""
    progress, sink = Progress(), Answers()
    base = process.original(facts.env)

    def of(job: Job) -> Mapping[str, str]:
        return process.environment(base, job.name, "", job.target.source)

    command = process.core("whoami", "--json")
    runner = Runner(command, of, sink, Limits(), Watch(progress, len(jobs)))
    runner.run(jobs)
    progress.clear()
    if runner.interrupts:
        raise Cancelled
    return [sink.found[job] for job in jobs]


def _answer(result: Result, stdout: str, stderr: str) -> Answer:
    """What `awsx whoami --json` has printed, and why it has not."""
    import json

    if result.exit_code:
        said = stderr.strip().splitlines() or [result.reason]
        error = clean(said[-1].removeprefix("awsx: "), 500)
        return {"profile": result.job.name, "error": error}
    return {**json.loads(stdout), "error": None}


def _table(answers: list[Answer]) -> str:
    """`prod  111122223333 (Production)  arn:aws:sts::...`, its columns aligned."""
    rows = []
    for found in answers:
        if not found["error"]:
            name = f" ({clean(str(found['account_name']))})" if found["account_name"] else ""
            rows.append(
                (clean(str(found["profile"])), f"{found['account_id']}{name}", str(found["arn"]))
            )
    widths = [max((len(row[at]) for row in rows), default=0) for at in (0, 1)]
    return "".join(f"{a:<{widths[0]}}  {b:<{widths[1]}}  {c}\n" for a, b, c in rows)
