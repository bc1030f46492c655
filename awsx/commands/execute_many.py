"""`awsx exec` with several profiles or regions: log in once, run, and tell who failed."""

from __future__ import annotations

import time

from awsx.commands import before, question
from awsx.commands.given import Given
from awsx.many import selection, sinks
from awsx.many.runner import WIDEST, Result, Runner, widen
from awsx.term import AwsxError, Cancelled, Progress, agent, clean, out, say, span, warn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsx.facts import Facts
    from awsx.many.form import Form, Limits, Wish
    from awsx.many.runner import Sink
    from awsx.many.selection import Job

DEED = "run {} with them"
NO_COMMAND = "several profiles need a command: awsx exec {} -- COMMAND..."
FAILED, NEVER = "{} of {} failed", " ({} never began)"
DONE, LEFT = "{} of {} done, {} failed, {} running", ", about {} left"
OFTEN = 0.1  # seconds between two progress lines


def execute(
    env: Mapping[str, str], wish: Wish, command: list[str], limits: Limits, form: Form
) -> int:
    """Run the command for each profile and region of the wish; the exit code.

    0 if each of them ended with 0, else 1; of a single one, its own. Raises AwsxError if none can
    be chosen, nobody can be asked, or a login comes to nothing; Cancelled after Ctrl-C.
    """
    if not command:
        raise AwsxError(NO_COMMAND.format(wish.told() or "--all"), 2)
    facts = before.opened(env)
    jobs, left_out = selection.choose(facts, wish)
    for line in left_out:
        warn(line)
    if agent():
        jobs = _for_agent(facts, jobs)
    if form.is_dry_run:
        out("".join(map(_would_run, jobs)))
        return 0
    _ask(jobs, command, form)
    before.write_chosen(facts, [job.name for job in jobs])
    _log_in(facts, jobs, form)
    return _run(facts, jobs, command, limits, form)


def _would_run(job: Job) -> str:
    """A line for each job, its columns with a TAB between: profile, account, role, region."""
    target = job.target
    words = (job.name, target.account, target.role, job.region or target.region)
    return "\t".join(clean(word) for word in words) + "\n"


def _for_agent(facts: Facts, jobs: list[Job]) -> list[Job]:
    """The jobs with stand-ins, each once. Raises AwsxError for a guarded one without leave."""
    from awsx.commands import agents

    found = [job._replace(target=agents.stand_in(facts, job.target)) for job in jobs]
    for job in found:
        if job.target.pattern:
            agents.check(facts, job.target, agent())
            job.target.pattern = ""
    return list({(job.name, job.region): job for job in found}.values())


def _ask(jobs: list[Job], command: list[str], form: Form) -> None:
    guarded = list(dict.fromkeys(job.name for job in jobs if job.target.pattern))
    if guarded and not form.is_sure:
        question.ask_all(guarded, DEED.format(clean(command[0])))


def _log_in(facts: Facts, jobs: list[Job], form: Form) -> None:
    """Log in to each session once, so that no command asks for it."""
    done = set()
    for target in (job.target for job in jobs):
        if form.may_login and target.session and target.key not in done:
            done.add(target.key)
            before.log_in(facts, target)


def _run(facts: Facts, jobs: list[Job], command: list[str], limits: Limits, form: Form) -> int:
    given = Given(facts, jobs, form)
    if not given.start():
        return 0
    progress = Progress()
    sink = _sink(facts, jobs, form, progress)
    runner = Runner(command, given, sink, limits, Watch(progress, len(jobs)))
    widen(1, WIDEST)
    results = runner.run(jobs)
    progress.clear()
    sink.finish()
    _tell(results, len(jobs))
    if runner.interrupts:
        raise Cancelled
    if len(jobs) == 1 and results:
        return results[0].exit_code
    return int(len(results) < len(jobs) or any(result.exit_code for result in results))


def _sink(facts: Facts, jobs: list[Job], form: Form, progress: Progress) -> Sink:
    def record(result: Result, stdout: str, stderr: str) -> dict[str, object]:
        return _record(facts, result, stdout, stderr)

    if form.folder:
        return sinks.Folder(form.folder, record)
    if form.as_json or form.as_json_lines:
        return sinks.Json(record, form.as_json_lines)
    lines = sinks.Ordered if form.is_ordered else sinks.Lines
    return lines(jobs, facts.env, progress.clear)


def _record(facts: Facts, result: Result, stdout: str, stderr: str) -> dict[str, object]:
    """What is written of one job; `data` is its stdout parsed, where that is JSON."""
    job, target = result.job, result.job.target
    return {
        "profile": job.name,
        "account_id": target.account or None,
        "account_name": facts.account_name(target.profile) or None,
        "region": job.region or target.region or None,
        "exit_code": result.exit_code,
        "seconds": round(result.seconds, 3),
        "stdout": stdout,
        "data": _parsed(stdout),
        "stderr": stderr,
        "reason": result.reason or None,
    }


def _parsed(text: str) -> object:
    import json

    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


class Watch:
    """Draws how far it has come, on a terminal alone."""

    def __init__(self, progress: Progress, count: int) -> None:
        self._progress, self._count = progress, count
        self._began, self._drawn = time.monotonic(), 0.0

    def __call__(self, results: list[Result], running: int) -> None:
        now = time.monotonic()
        if now - self._drawn < OFTEN:
            return
        self._drawn = now
        failed = sum(bool(result.exit_code) for result in results)
        text = DONE.format(len(results), self._count, failed, running)
        if results:
            each = (now - self._began) / len(results)
            text += LEFT.format(_span(each * (self._count - len(results))))
        self._progress.show(text)


def _span(seconds: float) -> str:
    return f"{seconds:.0f}s" if seconds < 60 else span(int(seconds))


def _tell(results: list[Result], count: int) -> None:
    """Who failed, and how: a line each on stderr."""
    failed = [result for result in results if result.exit_code]
    never = count - len(results)
    if count < 2 and not any(result.reason for result in failed):
        return
    if failed or never:
        say(
            FAILED.format(len(failed) + never, count) + (f" ({never} never began)" if never else "")
        )
    width = max((len(result.job.label) for result in failed), default=0)
    for result in failed:
        why = f"  {result.reason}" if result.reason else ""
        label = result.job.label.ljust(width)
        warn(f"{label}: exit code {result.exit_code}, {result.seconds:.1f}s{why}")
