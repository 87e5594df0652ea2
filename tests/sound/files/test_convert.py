"""Music that another program decodes: its arguments, and that no music makes it open other files."""

from __future__ import annotations

import itertools
import json
import shutil
import stat
import sys
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import ClassVar

import av
import imageio_ffmpeg
import numpy as np
import pytest
import soundfile

from voiceguide.errors import SoundError
from voiceguide.grid import RATE
from voiceguide.sound.beds.music import Music
from voiceguide.sound.files import convert
from voiceguide.sound.files.bounds import MAX_CONVERTED_BYTES, MAX_CONVERTED_SECONDS
from voiceguide.sound.files.convert import find_container
from voiceguide.system.children import find_program

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the decoder stands in as a script")

FTYP = b"\0\0\0\x20ftypM4A "


def _m4a(path: Path, seconds: float = 5.0, kind: str = "mp4") -> Path:
    """AAC in a container, written by ffmpeg's libraries."""
    with av.open(str(path), "w", format=kind) as out:
        stream = out.add_stream("aac", rate=RATE, layout="mono")
        sound = (0.3 * np.sin(np.arange(round(seconds * RATE)) / 20)).astype(np.float32)
        for start in range(0, len(sound) - 1023, 1024):
            frame = av.AudioFrame.from_ndarray(sound[None, start : start + 1024], format="fltp", layout="mono")
            frame.sample_rate, frame.pts = RATE, start
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return path


def _stand_in(folder: Path, text: str, name: str = "ffmpeg") -> None:
    program = folder / name
    program.write_text(f"#!{sys.executable}\nimport json, os, sys\n{text}\n", encoding="utf-8")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is all of the computer's programs; where copies of music go is a folder of its own too."""
    found = tmp_path / "programs"
    found.mkdir()
    (tmp_path / "temporary").mkdir()
    monkeypatch.setenv("PATH", str(found))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    return found


def _refused(path: Path) -> str:
    with pytest.raises(SoundError) as told, Music(path, 1):
        raise AssertionError("it was taken")
    assert list(Path(tempfile.gettempdir()).iterdir()) == []
    return str(told.value)


@pytest.mark.parametrize(
    ("head", "suffix", "container"),
    [
        (FTYP, ".m4a", "mov"),
        (b"\0\0\0\x08wide\0\0\0\0mdat", ".mp3", "mov"),
        (bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c"), ".wma", "asf"),
        (b"\xff\xf1\x50\x80", ".aac", "aac"),
        (b"ID3\x04", ".aac", "aac"),
        (b"ID3\x04", ".mp3", None),
        (b"\xff\xfb\x90\x64", ".m4a", None),
        (b"OggS\0\2", ".opus", None),
        (b"RIFF\0\0\0\0WAVE", ".m4a", None),
        (b"#EXTM3U\n", ".m4a", None),
        (b"ffconcat version 1.0\n", ".m4a", None),
        (b"v=0\no=- 0 0 IN IP4", ".m4a", None),
        (b"", ".m4a", None),
    ],
)
def test_a_container_is_known_by_its_first_bytes(
    tmp_path: Path, head: bytes, suffix: str, container: str | None
) -> None:
    (tmp_path / "music").write_bytes(head)
    assert find_container(tmp_path / "music", suffix) == container


def test_the_arguments_of_the_decoder(tmp_path: Path, programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A copy under our own name, as a local file of one container, bounded; and it starts in our own folder."""
    (tmp_path / "http:" / "127.0.0.1:8137").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    path = Path("http:/127.0.0.1:8137/p.m4a")
    path.write_bytes(FTYP + bytes(100))
    _stand_in(
        programs,
        f"told = {{'argv': sys.argv[1:], 'cwd': os.getcwd(), 'in': sys.stdin.read()}}\n"
        f"open({str(tmp_path / 'told')!r}, 'w').write(json.dumps(told))\nsys.exit(1)",
    )
    assert _refused(path) == f"{path}: can't be read as music; use a WAV, FLAC, OGG or MP3 file"
    told = json.loads((tmp_path / "told").read_text())
    folder = told["cwd"]
    assert Path(folder).parent == tmp_path / "temporary"
    assert told["in"] == ""
    assert told["argv"] == [
        *("-nostdin", "-hide_banner", "-loglevel", "quiet", "-protocol_whitelist", "file,pipe"),
        *("-format_whitelist", "mov", "-f", "mov", "-threads", "1", "-i", f"file:{folder}/music"),
        *("-t", str(MAX_CONVERTED_SECONDS + 1), "-fs", str(MAX_CONVERTED_BYTES), "-vn", "-sn", "-dn"),
        *(
            "-map_metadata",
            "-1",
            "-ar",
            "48000",
            "-c:a",
            "pcm_s16le",
            "-f",
            "wav",
            "-y",
            f"file:{folder}/converted.wav",
        ),
    ]


def test_afconvert_comes_first(tmp_path: Path, programs: Path) -> None:
    path = tmp_path / "song.m4a"
    path.write_bytes(FTYP + bytes(100))
    _stand_in(programs, f"open({str(tmp_path / 'told')!r}, 'w').write(json.dumps(sys.argv[1:]))", "afconvert")
    _stand_in(programs, "raise AssertionError")
    _refused(path)
    told = json.loads((tmp_path / "told").read_text())
    assert told[:4] == ["-f", "WAVE", "-d", "LEI16@48000"]
    assert [Path(each).name for each in told[4:]] == ["music", "converted.wav"]


def test_what_it_decodes_is_music(tmp_path: Path, programs: Path) -> None:
    path = tmp_path / "song.m4a"
    path.write_bytes(FTYP + bytes(100))
    soundfile.write(tmp_path / "decoded.wav", 0.3 * np.sin(np.arange(5 * RATE) / 20), RATE)
    _stand_in(programs, f"import shutil\nshutil.copy({str(tmp_path / 'decoded.wav')!r}, sys.argv[-1][5:])")
    with Music(path, 1) as music:
        block = next(music.blocks(RATE))
    assert np.abs(block).max() == pytest.approx(0.3, abs=0.01)
    assert list((tmp_path / "temporary").iterdir()) == []


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("sys.exit(1)", "can't be read as music; use a WAV, FLAC, OGG or MP3 file"),
        ("sys.exit(0)", "can't be read as music; use a WAV, FLAC, OGG or MP3 file"),
        ("os.abort()", "can't be read as music; use a WAV, FLAC, OGG or MP3 file"),
        (
            "open(sys.argv[-1][5:], 'w').write('no sound')",
            "can't be read as music; use a WAV, FLAC, OGG or MP3 file that plays elsewhere",
        ),
        (
            "import time; time.sleep(300)",
            "can't be read as music (ffmpeg took more than 1 seconds); save it as WAV, FLAC, OGG or MP3",
        ),
        (
            "open(sys.argv[-1][5:], 'wb').write(bytes(3_000_000))",
            "this music is too long; M4A music may last at most 2 hours; save it as MP3, OGG or FLAC, "
            "or use a shorter file: a bed repeats automatically",
        ),
    ],
)
def test_a_decoder_that_fails_leaves_nothing_behind(
    tmp_path: Path, programs: Path, monkeypatch: pytest.MonkeyPatch, text: str, sentence: str
) -> None:
    path = tmp_path / "song.m4a"
    path.write_bytes(FTYP + bytes(100))
    monkeypatch.setattr(convert, "MAX_CONVERTED_BYTES", 1_000_000)
    if "sleep" in text:
        monkeypatch.setattr(convert, "CONVERTING_SECONDS", 1)
    _stand_in(programs, text)
    assert _refused(path) == f"{path}: {sentence}"


@pytest.mark.parametrize(("free", "told"), [(10_000, True), (10**9, False)])
def test_a_decoder_that_ran_out_of_room_is_told_from_one_that_failed(
    tmp_path: Path, programs: Path, monkeypatch: pytest.MonkeyPatch, free: int, told: bool
) -> None:
    path = tmp_path / "song.m4a"
    path.write_bytes(FTYP + bytes(100))
    _stand_in(programs, "open(sys.argv[-1][5:], 'wb').write(bytes(1_000)); sys.exit(1)")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=free))
    assert ("there is no room to decode this music in " in _refused(path)) == told


@pytest.mark.usefixtures("programs")
@pytest.mark.parametrize(
    ("head", "kind"), [(FTYP, "M4A"), (b"\xff\xf1", "AAC"), (bytes.fromhex("3026b2758e66cf11"), "WMA")]
)
def test_without_a_decoder_it_says_what_to_do(tmp_path: Path, head: bytes, kind: str) -> None:
    path = tmp_path / "song.m4a"
    path.write_bytes(head + bytes(100))
    assert shutil.which("ffmpeg") is None
    assert _refused(path) == (
        f"{path}: no decoder for {kind} files is installed; save the music as WAV, FLAC, OGG or MP3"
    )


@pytest.mark.usefixtures("programs")
@pytest.mark.parametrize("kind", ["WAV", "FLAC", "OGG", "MP3"])
def test_what_libsndfile_reads_needs_no_decoder_whatever_its_name(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "song.m4a"
    soundfile.write(path, 0.3 * np.sin(np.arange(5 * RATE) / 20), RATE, format=kind)
    with Music(path, 1) as music:
        assert len(music.energies) > 40


class _Requests(BaseHTTPRequestHandler):
    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.send_error(404)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def _disguises(port: int, secret: Path) -> dict[str, bytes]:
    url = f"http://127.0.0.1:{port}/x.m4a"
    return {
        "hls": f"#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\n{url}\n#EXT-X-ENDLIST\n".encode(),
        "local hls": f"#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\n{secret}\n#EXT-X-ENDLIST\n".encode(),
        "concat": f"ffconcat version 1.0\nfile '{secret}'\n".encode(),
        "sdp": b"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 49170 RTP/AVP 0\n",
        "hls behind a box": FTYP + bytes(24) + f"#EXTM3U\n#EXTINF:5,\n{url}\n".encode(),
    }


@pytest.mark.parametrize("kind", ["hls", "local hls", "concat", "sdp", "hls behind a box"])
def test_ffmpegs_own_libraries_follow_no_playlist(tmp_path: Path, kind: str) -> None:
    """With the very options that we give to ffmpeg, read by the libraries that it is made of."""
    secret = _m4a(tmp_path / "secret.m4a")
    with HTTPServer(("127.0.0.1", 0), _Requests) as server:
        _Requests.asked.clear()
        threading.Thread(target=server.serve_forever, daemon=True).start()
        path = tmp_path / "music"
        path.write_bytes(_disguises(server.server_port, secret)[kind])
        arguments = convert._ffmpeg(path, tmp_path / "out.wav", "mov")
        options = {name[1:]: value for name, value in itertools.pairwise(arguments) if "whitelist" in name}
        assert set(options) == {"protocol_whitelist", "format_whitelist"}
        source = arguments[arguments.index("-i") + 1]
        for container in ("mov", None):
            with (
                pytest.raises((av.FFmpegError, IndexError)),
                av.open(source, format=container, options=options) as file,
            ):
                next(file.decode(audio=0))
        server.shutdown()
        assert _Requests.asked == []
    # The same options read what they are for.
    with av.open(f"file:{secret}", format="mov", options=options) as file:
        assert next(file.decode(audio=0)).samples > 0


@pytest.mark.parametrize(("kind", "suffix"), [("mp4", ".m4a"), ("adts", ".aac")])
def test_a_real_decoder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, suffix: str) -> None:
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "ffmpeg").symlink_to(imageio_ffmpeg.get_ffmpeg_exe())
    monkeypatch.setenv("PATH", str(programs))
    assert find_program("ffmpeg")
    path = _m4a(tmp_path / f"song{suffix}", kind=kind)
    with Music(path, 1) as music:
        assert np.abs(next(music.blocks(RATE))).max() == pytest.approx(0.3, abs=0.03)
