"""Outputs held against inputs, and targets that can't be written: said before anything is spoken, nothing touched."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest
from mutagen.id3 import ID3, TSSE

from tests.cli.running import SHORT, Ran, cli
from voiceguide.errors import Place
from voiceguide.language import loader
from voiceguide.routine.inputs import input_files
from voiceguide.sound.narrator import Narrator
from voiceguide.track.target import choose_target, is_ours

STEPS = "title: Outer\nsteps:\n  - include: inner\n  - chime: gong\n"


@pytest.fixture(autouse=True)
def here(own_folders: Path) -> None:
    """A script that includes another, a chime and music; and a preset."""
    Path("short.yaml").write_text(SHORT)
    Path("inner.yaml").write_text("title: Inner\nsteps: [Hello.]\n")
    Path("outer.yaml").write_text(STEPS)
    for name in ("gong.mp3", "bed.mp3"):
        shutil.copy(Path(__file__).parents[2] / "audio" / "start.wav", name)
    (own_folders / "presets").mkdir()
    (own_folders / "presets" / "evening.json").write_text('{"guide": "brief"}')


@pytest.fixture
def unspoken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing may be spoken."""

    def spoken(*_: object) -> None:
        raise AssertionError("something was spoken before the target was looked at")

    monkeypatch.setattr(Narrator, "lengths", spoken)


def refused(*arguments: str) -> str:
    """What is said to a request that must fail and change nothing."""
    before = {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()}
    done = cli(*arguments)
    assert (done.code, done.out) == (1, "")
    assert done.err.count("\n") == 1
    assert {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()} == before
    return done.err


@pytest.mark.parametrize(
    ("target", "arguments"),
    [
        ("bed.mp3", ("make", "outer", "--bed", "bed.mp3", "-o")),
        ("gong.mp3", ("make", "outer", "-o")),
        ("outer.yaml", ("show", "outer", "--svg")),
        ("inner.yaml", ("show", "outer.yaml", "--svg")),
        ("gong.mp3", ("show", "outer", "--svg")),
        ("bed.mp3", ("show", "outer", "--bed", "bed.mp3", "--svg")),
    ],
)
@pytest.mark.usefixtures("unspoken")
@pytest.mark.parametrize("way", ["as it is", "another spelling", "link", "hard link"])
def test_no_output_over_an_input(target: str, arguments: tuple[str, ...], way: str) -> None:
    path = target
    if way == "another spelling":
        Path("folder").mkdir()
        path = f"folder/../{target}"
    elif way == "link":
        path = f"link{Path(target).suffix}"
        Path(path).symlink_to(target)
    elif way == "hard link":
        path = f"hard{Path(target).suffix}"
        os.link(target, path)
    assert f"Error: {path} is a file that this session is made from" in refused(*arguments, path)


def test_no_output_over_a_preset(own_folders: Path) -> None:
    preset = own_folders / "presets" / "evening.json"
    assert "is a file that this session is made from" in refused(
        "show", "short", "--preset", "evening", "--svg", str(preset)
    )
    Path("evening.mp3").symlink_to(preset)
    assert "is a file that this session is made from" in refused("make", "short", "-o", "evening.mp3")


def test_no_output_over_an_input_of_another_session_of_the_same_call() -> None:
    """The title of the first is the name of the second one's chime, and no note could bring that back."""
    Path("gong.yaml").write_text("title: gong\nsteps: [Hello.]\n")
    before = Path("gong.mp3").read_bytes()
    path, notes = choose_target(None, "gong", inputs=input_files(loader.load(Path("outer.yaml"))))
    assert (path, Path("gong.mp3").read_bytes()) == (Path("gong 2.mp3"), before)
    assert notes == ("gong.mp3 is a file that this session is made from, so it is not replaced",)


def test_the_inputs_are_the_files_that_the_loader_read() -> None:
    reading = loader.read(Path("outer.yaml"))
    assert reading.routine is not None
    found = {path.resolve() for path in input_files(reading.routine)}
    assert set(reading.files) <= found
    assert Path("gong.mp3").resolve() in found


def test_what_is_included_again_and_again_is_looked_at_once() -> None:
    for number in range(3):
        lines = "".join(f"  - include: level{number + 1}\n" for _ in range(10))
        Path(f"level{number}.yaml").write_text(f"title: L\nsteps:\n{lines}")
    Path("level3.yaml").write_text("title: L\nsteps: [Hello.]\n")
    found = input_files(loader.load(Path("level0.yaml")))
    assert {f"level{number}.yaml" for number in range(4)} <= {path.name for path in found}


@pytest.mark.parametrize(
    ("out", "said"),
    [
        ("missing/x.mp3", "there is no folder .*missing; create it"),
        ("x" * 300 + ".mp3", "its name is too long"),
        ("short.yaml/x.mp3", "there is no folder .*short.yaml"),
        ("/proc/x.mp3", "can't be written"),
        ("pipe.mp3", "is a device or a pipe"),
        ("device.mp3", "is a device or a pipe"),
        ("loop.mp3", "can't be written"),
        ("gone/x.mp3", "there is no folder"),
    ],
)
@pytest.mark.usefixtures("unspoken")
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has none of these")
def test_a_target_that_cannot_be_written_is_said_at_once(out: str, said: str) -> None:
    os.mkfifo("pipe.mp3")
    Path("device.mp3").symlink_to("/dev/full")
    Path("loop.mp3").symlink_to("loop.mp3")
    Path("gone").symlink_to("nowhere")
    done = cli("make", "short", "-o", out)
    assert (done.code, done.out) == (1, "")
    with pytest.raises(AssertionError, match=said):
        raise AssertionError(done.err)
    assert cli("show", "short", "--svg", out).code == 1


def test_a_full_drive_is_said_before_anything_is_encoded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(1, 1, 0))
    done = cli("make", "half-kneeling", "--guide", "quiet", "-o", "x.mp3")
    assert done.err == (
        "Error: x.mp3 can't be written: there is no space left on its drive; "
        "free some space, or write to another drive\n"
    )


class TestNamesFromTitles:
    """A file that has the title's name by chance is nobody's to replace; ours is."""

    def made(self, *more: str) -> Ran:
        done = cli("make", "short", "--guide", "quiet", *more)
        assert done.code == 0
        return done

    def test_what_voiceguide_wrote_is_replaced(self) -> None:
        self.made()
        assert is_ours(Path("A short one.mp3"))
        assert self.made().out == "A short one.mp3\n"

    def test_what_it_did_not_write_stays(self) -> None:
        Path("A short one.mp3").write_bytes(b"a recording of my own")
        done = self.made("--quiet")
        assert done.out == "A short one 2.mp3\n"
        assert done.err == "Note: A short one.mp3 was not made by voiceguide, so it is not replaced\n"
        assert Path("A short one.mp3").read_bytes() == b"a recording of my own"
        assert self.made().out == "A short one 2.mp3\n"

    def test_a_file_that_is_named_is_replaced(self) -> None:
        Path("mine.mp3").write_bytes(b"a recording of my own")
        assert self.made("-o", "mine.mp3").out == "mine.mp3\n"
        assert is_ours(Path("mine.mp3"))

    def test_our_own_file_is_kept_where_it_is_an_input(self) -> None:
        self.made()
        before = Path("A short one.mp3").read_bytes()
        done = cli("make", "short", "--bed", "A short one.mp3")
        assert done.out == "A short one 2.mp3\n"
        assert Path("A short one.mp3").read_bytes() == before

    def test_a_retagged_file_is_still_ours(self) -> None:
        self.made("-o", "ours.mp3")
        for version in (3, 4):
            tags = ID3("ours.mp3")
            tags.save(v2_version=version)
            assert is_ours(Path("ours.mp3"))
        tags["TSSE"] = TSSE(encoding=3, text=["LAME 3.100"])
        tags.save()
        assert not is_ours(Path("ours.mp3"))

    def test_names_that_a_card_takes_for_one_name_are_two(self) -> None:
        for number, title in enumerate(["Morning hips", "MORNING HIPS", "morning hips", "Morning hips"]):
            Path(f"{number}.yaml").write_text(f"title: {title}\nsteps: [{{chime: soft}}]\n", encoding="utf-8")
        done = cli("make", *(f"{number}.yaml" for number in range(4)), "-o", "card", "--quiet")
        names = ["Morning hips.mp3", "MORNING HIPS 2.mp3", "morning hips 3.mp3", "Morning hips 4.mp3"]
        assert done.out.splitlines() == [str(Path("card", name)) for name in names]
        assert len({name.casefold() for name in names}) == 4
        first, second = Path("card", "MORNING HIPS.mp3"), Path("card", "Morning hips.mp3")
        assert done.err.splitlines()[0] == (
            f"Note: {first} and {second} are one name on a memory card, so this session's has a number"
        )
        # Made again, each replaces its own.
        assert cli("make", *(f"{number}.yaml" for number in range(4)), "-o", "card").out == done.out
        assert len(list(Path("card").iterdir())) == 4


@pytest.mark.parametrize(
    ("one", "other"),
    [("Hüfte.mp3", "HÜFTE.mp3"), ("Hu\u0308fte.mp3", "Hüfte.mp3"), ("H\N{ANGSTROM SIGN}.mp3", "hå.mp3")],
    ids=["capitals", "an accent on its own", "another sign"],
)
def test_a_name_that_differs_in_capitals_or_in_how_accents_are_coded_is_taken(one: str, other: str) -> None:
    path, notes = choose_target("card", other.removesuffix(".mp3"), taken=[Path("card", one)])
    assert path == Path("card", f"{other.removesuffix('.mp3')} 2.mp3")
    assert len(notes) == 1
    # In another folder it is free.
    assert choose_target("elsewhere", other.removesuffix(".mp3"), taken=[Path("card", one)])[1] == ()


@pytest.mark.parametrize(
    "head", [b"", b"ID3", b"ID3\x03", b"ID3\x03\0\0\0\0\0\0TSSE", b"ID3\x03\0\0\0\0\0\0TSSE\xff\xff\xff\xff\0\0\x07"]
)
def test_damaged_tags_are_nobodys(head: bytes) -> None:
    Path("x.mp3").write_bytes(head)
    assert not is_ours(Path("x.mp3"))


def test_places_show_a_strangers_path() -> None:
    assert str(Place("a\x1b[31m\nb\udce9", 1, 2)) == "a\\x1b[31m\\x0ab\\xe9:1:2"
