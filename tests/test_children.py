"""Nothing but our own code runs: whatever lies in the current folder, beside a script, or where a Python variable says.

Every module of the standard library, and every package that a voice or the command imports, lies there as a trap: a
file of that name which leaves a mark when it is imported.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.running import SCRIPT, SHORT
from voiceguide.system.children import find_program, python_command
from voiceguide.voices.process import ChildVoice, child_command

PACKAGES = (
    *("pyttsx3", "espeakng_loader", "comtypes", "objc", "voiceguide", "numpy", "soundfile", "_soundfile", "soxr"),
    *("pydub", "pyaudioop", "audioop", "msgspec", "yaml", "click", "rich", "mutagen", "lameenc", "platformdirs"),
    *("pathvalidate", "sitecustomize", "usercustomize", "cffi", "_cffi_backend"),
)
TRAP = "import os\nwith open({mark!r}, 'a') as file:\n    file.write(__name__ + ' ')\n"


@pytest.fixture
def trapped(tmp_path: Path) -> tuple[Path, Path]:
    """A folder full of traps with a script in it, and the file in which they leave their marks."""
    folder, mark = tmp_path / "stranger", tmp_path / "mark"
    folder.mkdir()
    for name in {*sys.stdlib_module_names, *PACKAGES}:
        if name not in {"sys", "builtins"}:
            (folder / f"{name}.py").write_text(TRAP.format(mark=str(mark)))
    (folder / "short.yaml").write_text(SHORT)
    return folder, mark


def environment(home: Path, **more: str) -> dict[str, str]:
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "XDG_"))}
    return {**plain, "HOME": str(home), "XDG_CACHE_HOME": str(home / "cache"), **more}


def sprung(mark: Path) -> str:
    return mark.read_text() if mark.exists() else ""


@pytest.mark.parametrize("elsewhere", [False, True], ids=["in the folder", "from elsewhere"])
def test_a_session_runs_nothing_of_the_folder(trapped: tuple[Path, Path], tmp_path: Path, elsewhere: bool) -> None:
    folder, mark = trapped
    script = str(folder / "short.yaml") if elsewhere else "short.yaml"
    done = subprocess.run(
        [str(SCRIPT), "make", script, "--bed", "brown", "-o", str(tmp_path / "out.mp3")],
        cwd=tmp_path if elsewhere else folder,
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, sprung(mark)) == (0, ""), done.stderr
    assert (tmp_path / "out.mp3").stat().st_size > 10_000


def speak(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """One text by a child of its own, started while `path` is what this process searches first."""
    with monkeypatch.context() as patch:
        patch.setattr(sys, "path", [path, *sys.path])
        command = child_command("voiceguide.voices.espeak.driver", "espeak")
    with ChildVoice(command, {"voice": "gmw/en-US", "rate": 130, "pitch": 50, "volume": 1.0}) as voice:
        assert voice.speak("Kneel on your left knee.").samples


@pytest.mark.parametrize("entry", ["", ".", "the folder"])
def test_a_voice_runs_nothing_of_the_folder_that_its_parent_searches(
    entry: str, trapped: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, mark = trapped
    monkeypatch.chdir(folder)
    speak(str(folder) if entry == "the folder" else entry, monkeypatch)
    assert sprung(mark) == ""


@pytest.mark.parametrize(
    "variable", ["PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP", "PYTHONUSERBASE", "PYTHONPLATLIBDIR"]
)
def test_a_voice_obeys_no_python_variable(
    variable: str, trapped: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, mark = trapped
    monkeypatch.setenv(variable, str(folder / "types.py") if variable == "PYTHONSTARTUP" else str(folder))
    speak(str(folder) if variable == "PYTHONPATH" else "", monkeypatch)
    assert sprung(mark) == ""


def test_the_module_form_imports_nothing_of_the_folder_after_python_itself(
    trapped: tuple[Path, Path], tmp_path: Path
) -> None:
    """What Python imports before it comes to us is its own affair, and `-I` keeps even that out."""
    folder, mark = trapped
    for options in (["-I"], []):
        if not options:
            # What `python -m` itself imports from there, on whichever Python this is, is no trap of ours.
            (folder / "voiceguide.py").unlink()
            while subprocess.run(
                [sys.executable, "-m", "no_such_module"],
                cwd=folder,
                env=environment(tmp_path),
                capture_output=True,
                check=False,
            ).returncode and sprung(mark):
                for name in sprung(mark).split():
                    (folder / f"{name}.py").unlink(missing_ok=True)
                mark.unlink()
        done = subprocess.run(
            [sys.executable, *options, "-m", "voiceguide", "show", "short.yaml"],
            cwd=folder,
            env=environment(tmp_path),
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, sprung(mark)) == (0, ""), done.stderr


def test_a_child_adds_to_its_path_only_behind_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", ["", "relative", str(tmp_path), *sys.path])
    boot = python_command("voiceguide.voices.worker", "module", "engine")
    assert boot[:3] == [sys.executable, "-I", "-c"]
    assert "sys.path +=" in boot[3]
    assert "'relative'" not in boot[3]
    monkeypatch.chdir(tmp_path)
    assert repr(str(tmp_path)) not in python_command("voiceguide.voices.worker")[3]


def test_a_program_is_never_taken_from_a_relative_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "ffmpeg"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    for path in ("", ".", f"{os.pathsep}./", f"../{tmp_path.name}"):
        monkeypatch.setenv("PATH", path)
        assert find_program("ffmpeg") is None
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_program("ffmpeg") == str(program)
