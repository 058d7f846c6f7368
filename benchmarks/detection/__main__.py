"""Measure detection: ``python -m benchmarks.detection --help``."""

import json
import shlex
import sys
from pathlib import Path

import click
from rich.console import Console

from benchmarks.detection import goldset, measure, report, speed, subjects, task


@click.command()
@click.option("--split", type=click.Choice([*goldset.SPLITS, "all"]), default="all", help="Which messages are scored.")
@click.option("--language", type=click.Choice(goldset.LANGUAGES), help="Only messages of this language.")
@click.option("--errors", is_flag=True, help="Print what dev got wrong. Never what held_out did.")
@click.option("--speed/--no-speed", "timed", default=True, help="Measure speed and memory too, on one core.")
@click.option("--compare/--no-compare", default=True, help="Run Presidio with an English model too.")
@click.option("--corpora", "folder", type=click.Path(exists=True, file_okay=False, path_type=Path),
              envvar="DECKNAME_CORPORA", help="A folder of public corpora; also DECKNAME_CORPORA.")  # fmt: skip
@click.option("--json", "json_file", type=click.Path(dir_okay=False, path_type=Path), help="Write all counts here.")
@click.option("--markdown", "markdown_file", type=click.Path(dir_okay=False, path_type=Path), help="Write a table.")
def main(  # noqa: PLR0913 - one parameter an option
    *, split: str, language: str | None, errors: bool, timed: bool, compare: bool, folder: Path | None,
    json_file: Path | None, markdown_file: Path | None,
) -> None:  # fmt: skip
    """Measure how much personal data of the gold set is hidden, and how much harmless text is changed."""
    if errors and split == "held_out":
        raise click.UsageError("the misses of held_out are not for looking at: nothing may be tuned on it")
    console = Console(width=None if sys.stdout.isatty() else 160)
    splits = [name for name in goldset.SPLITS if split in {name, "all"}]
    work = task.Task(
        {name: [m for m in goldset.load(name) if language in {None, m.language}] for name in splits},
        [m for name in goldset.SPLITS for m in goldset.load(name)] if timed else [],
        folder,
        errors,
    )
    results: list[measure.Result] = []
    for make in subjects.SUBJECTS[: None if compare else 1]:
        try:
            measured, lines = task.apart(task.perform, make, work)
        except subjects.Absent as absent:
            console.print(str(absent))
            continue
        results.extend(measured)
        for line in lines:
            console.print(line, markup=False, highlight=False, soft_wrap=True)
    report.draw(console, results)
    machine = speed.machine()
    console.print(machine)
    if json_file:
        data = {"machine": machine, "results": [r.as_json() for r in results]}
        json_file.write_text(json.dumps(data, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    if markdown_file:
        more = {"--split": split, "--language": language, "--corpora": folder and "FOLDER"}
        options = [word for option, value in more.items() if value for word in (option, value)]
        command = shlex.join(["python", "-m", "benchmarks.detection", *options])
        markdown_file.write_text(report.markdown(results, command, machine), encoding="utf-8")


if __name__ == "__main__":
    main()
