"""What the processes that speak and decode may answer: anything may come over a pipe, and only sound may come through.

The doors are `voices.answers` and `voices.wire` for a voice, `sound.files.decoder` for the child that decodes.
"""

from __future__ import annotations

import array
import io
import itertools
import json
import math
import random as randomness
import string
import struct
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from tools.fuzz.kinds import kind
from voiceguide.errors import SoundError, VoiceError
from voiceguide.sound.files.decoder import Decoder
from voiceguide.voices.answers import Said, find_fault, least_ms, most_ms, read_described, read_said
from voiceguide.voices.process import ChildVoice
from voiceguide.voices.wire import MAX_PAYLOAD, Malformed, Refusal, read_frame

WORDS_A_MINUTE = 130
MANNER = {"voice": "gmw/en-US", "rate": WORDS_A_MINUTE, "pitch": 50, "volume": 1.0}
A_PROCESS_IN = 200  # tries: starting one takes fifty times as long as all else

# Answers every request with the bytes of a file, and goes on reading.
_ECHO = """\
import sys, struct
data = open(sys.argv[1], "rb").read()
while lengths := sys.stdin.buffer.read(8):
    sys.stdin.buffer.read(sum(struct.unpack(">II", lengths)))
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()
"""


@kind("answers")
def attempt(random: randomness.Random, folder: Path) -> None:
    """One answer, good or mangled, into the doors; at times through a real process, which has a file in `folder`."""
    text = _text(random)
    frame = _frame(random, text)
    if random.randrange(A_PROCESS_IN):
        _through_the_doors(frame, text)
    elif random.randrange(2):
        _through_a_process(frame, text, folder)
    else:
        _through_a_decoder(frame if random.randrange(3) else _decoded(random), folder)


def _through_the_doors(frame: bytes, text: str) -> None:
    try:
        found = read_frame(io.BytesIO(frame))
        if found is None:
            return
        header, samples = found
        assert len(samples) <= MAX_PAYLOAD
        _read_anything(header)
        said = read_said(header, samples, 1, text)
    except (Malformed, Refusal):
        return
    _hold_to_its_word(said, samples, text)


def _read_anything(header: bytes) -> None:
    with suppress(Malformed, Refusal):
        assert read_described(header, 1).request == 1


def _hold_to_its_word(said: Said, samples: bytes, text: str) -> None:
    assert said.request == 1
    assert len(samples) % 2 == 0
    assert 4_000 <= said.rate <= 192_000
    ms = len(samples) / 2 / said.rate * 1000
    assert all(0 <= start <= ms + 1 and 0 <= first <= len(text) and count >= 0 for start, first, count in said.words)
    assert [word[0] for word in said.words] == sorted(word[0] for word in said.words)
    assert 0 <= least_ms(text, WORDS_A_MINUTE) < most_ms(text, WORDS_A_MINUTE)
    if find_fault(samples, said.rate, text, WORDS_A_MINUTE) is None:
        sound = array.array("h", samples)
        assert ms >= least_ms(text, WORDS_A_MINUTE), "a fragment passed for speech"
        assert max(sound) - min(sound) > 8, "silence passed for speech"


def _through_a_process(frame: bytes, text: str, folder: Path) -> None:
    with ChildVoice(_echo(frame, folder), MANNER, time_limit=lambda _text: 1.0) as voice, suppress(VoiceError):
        recording = voice.speak(text or "x")
        assert find_fault(recording.samples, recording.rate, text or "x", WORDS_A_MINUTE) is None
    with ChildVoice(_echo(frame, folder), MANNER, time_limit=lambda _text: 1.0) as voice, suppress(VoiceError):
        voice.describe()


def _through_a_decoder(frame: bytes, folder: Path) -> None:
    with Decoder(command=_echo(frame, folder), seconds=1.0) as decoder, suppress(SoundError):
        assert isinstance(decoder.decode_chime(b"x", folder / "x.wav"), bytes)
        for block in itertools.islice(decoder.read_music(folder / "x", 2, folder / "x.wav"), 3):
            assert isinstance(block, bytes)


def _decoded(random: randomness.Random) -> bytes:
    """A frame as the child that decodes would send it, more or less."""
    header = json.dumps(random.choice(({"refusal": ""}, {"refusal": "is silent"}, {}, *_ODD))).encode()
    frame = bytearray(struct.pack(">II", len(header), 4_000) + header + random.randbytes(4_000))
    for _ in range(random.choice((0, 1, 3))):
        if frame:
            _mangle(random, frame)
    return bytes(frame)


def _echo(frame: bytes, folder: Path) -> list[str]:
    (folder / "answer").write_bytes(frame)
    return [sys.executable, "-I", "-S", "-c", _ECHO, str(folder / "answer")]


def _text(random: randomness.Random) -> str:
    letters = random.choice((string.ascii_letters + "    .,", string.printable, "äßéщя中あ한ע𐍈😀\u200d\0\ud800", "."))
    return "".join(random.choices(letters, k=random.choice((0, 1, 3, 20, 80, 400))))


def _frame(random: randomness.Random, text: str) -> bytes:
    rate = random.choice((8_000, 16_000, 22_050, 48_000))
    samples = _samples(random, rate, text)
    ms = 1000 * len(samples) // 2 // rate
    words = sorted(random.randint(0, max(0, ms)) for _ in range(random.randrange(6)))
    header: Any = {
        "request": 1,
        "rate": rate,
        "spent": False,
        "words": [[start, random.randint(0, len(text)), 3] for start in words],
    }
    for _ in range(random.choice((0, 0, 1, 2))):
        header = _spoil(random, header)
    encoded = json.dumps(header).encode()
    frame = bytearray(struct.pack(">II", len(encoded), len(samples)) + encoded + samples)
    for _ in range(random.choice((0, 0, 0, 1, 5))):
        if frame:
            _mangle(random, frame)
    return bytes(frame)


def _samples(random: randomness.Random, rate: int, text: str) -> bytes:
    ms = random.choice((0, 1, 20, 100, least_ms(text, WORDS_A_MINUTE), 60 * len(text)))
    count = min(rate * ms // 1000, 200_000)
    height = random.choice((0, 7, 300, 20_000, 32_767))
    shape = random.randrange(3)
    if shape == 0:
        wave = [height] * count
    elif shape == 1:
        wave = [round(height * math.sin(number / 5)) for number in range(count)]
    else:
        wave = [0] * count
        for _ in range(min(count, random.randrange(3))):
            wave[random.randrange(count)] = height
    return array.array("h", wave).tobytes() + b"\1" * (random.randrange(10) == 0)


_ODD: tuple[Any, ...] = (
    *(None, True, False, -1, 0, 1, 2, 0.5, 1e308, 2**31, 2**63, 2**64, 10**30, "", "fast", "x" * 3_000, [], {}),
    *([[]], [[1]], [[1, 2, 3]], [[5, 0, 1], [1, 0, 1]], [["a", "b", "c"]], {"a": {"b": [1]}}, [[1, 2, 3]] * 2_000),
)


def _spoil(random: randomness.Random, header: Any) -> Any:
    if not isinstance(header, dict) or random.randrange(10) == 0:
        return random.choice(_ODD)
    names = [*header, "refusal", "version", "data", "voices", "request"]
    name = random.choice(names)
    spoiled = {**header, name: random.choice(_ODD)}
    if random.randrange(3) == 0:
        del spoiled[name]
    return spoiled


def _mangle(random: randomness.Random, frame: bytearray) -> None:
    place = random.randrange(min(len(frame), random.choice((8, 60, len(frame)))))
    damage = random.randrange(4)
    if damage == 0:
        frame[place] = random.randrange(256)
    elif damage == 1:
        del frame[place:]
    elif damage == 2:
        frame[place:place] = random.randbytes(random.randrange(20))
    else:
        frame[place : place + random.randrange(20)] = b""
