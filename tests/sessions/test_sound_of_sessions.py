"""What a session sounds like as a whole: made with the real voice and encoder, decoded, and measured."""

from __future__ import annotations

import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from mutagen.id3 import ID3

import voiceguide
from tests.sessions import listening, samples
from tests.sessions.samples import RATE, between, decibels
from tests.sound import meters
from voiceguide.routine.model import CueProfile
from voiceguide.score.timeline import ChimeEvent, SpeechEvent, WindowEvent
from voiceguide.views.json import to_json

SHORT = """\
title: Short
steps:
  - say: Welcome. Find a soft spot for your knees, and stay tall.
  - sides: [left, right]
    steps:
      - say: Kneel on your {side} knee, with your {other} foot in front.
      - hold: 12s
        countdown: 3
  - pause: 6s
  - say: Well done. Lie down on your back, and let the floor carry you.
"""

BREATH = """\
title: Breath
steps:
  - say: Lie down, and follow the breath.
  - breathe: 4 breaths
    pattern: 4-2-6
    cue: CUE
  - say: Well done.
"""


def test_each_sentence_of_the_lyrics_is_heard_at_its_time(short: Path) -> None:
    path = voiceguide.make(short).path
    lines = re.findall(r"^\[(\d+):(\d\d\.\d\d)\](.+)$", ID3(path).getall("USLT")[0].text, re.MULTILINE)
    assert [text for _, _, text in lines][:2] == ["Welcome.", "Find a soft spot for your knees, and stay tall."]
    assert [text for _, _, text in lines][-2:] == [
        "Well done.",
        "Lie down on your back, and let the floor carry you.",
    ]
    track = listening.heard(path)
    # The voice pauses for a third of a second between two sentences, and less after a chime.
    off = [listening.onset(track, 60 * int(minutes) + float(seconds), early=0.05) for minutes, seconds, _ in lines]
    assert [each for each in off if each is None or abs(each) > 0.04] == []


@pytest.fixture
def short() -> Path:
    path = Path("short.yaml")
    path.write_text(SHORT, encoding="utf-8")
    return path


def breath(cue: str, pattern: str = "4-2-6") -> Path:
    path = Path("breath.yaml")
    path.write_text(BREATH.replace("CUE", cue).replace("4-2-6", pattern), encoding="utf-8")
    return path


# Loudness -------------------------------------------------------------------------------------------------------------

SESSIONS: list[dict[str, Any]] = [
    {},
    {"rate": "100"},
    {"rate": "200", "voice": "en-US+m3"},
    {"voice": "en-GB-x-rp", "guide": "brief"},
    {"guide": "quiet"},
    {"cues": "both"},
    {"stereo": True},
    {"stereo": True, "guide": "quiet"},
    {"bed": "brown"},
    {"bed": "waves", "bed_level": "18"},
    {"bed": "drone", "stereo": True},
    {"bed": "breath", "guide": "quiet"},
]


LOUD = """\
title: Loud
steps:
  - say: Welcome. Find a soft spot for your knees, and stay tall.
  - sides: [left, right]
    steps:
      - say: Kneel on your {side} knee, with your {other} foot in front.
      - hold: 4s
        countdown: 2
    switch: [{chime: switch}]
  - say: Well done. Lie down on your back.
"""


@pytest.mark.parametrize("wishes", SESSIONS, ids=str)
def test_every_session_is_as_loud_as_the_others(wishes: dict[str, Any]) -> None:
    path = Path("loud.yaml")
    path.write_text(LOUD, encoding="utf-8")
    session = voiceguide.make(path, **wishes)
    sound = samples.of(session.path)
    target = -16 if wishes.get("stereo") else -19
    whole, peak = meters.ebur128(sound)
    assert peak < -1
    measured = sound
    if "bed" in wishes:
        # The voice is what is brought to the target; a bed in the pauses makes the whole softer for a meter.
        assert whole <= target
        said = [each for each in session.timeline.events if isinstance(each, SpeechEvent)]
        measured = np.concatenate([between(sound, each.start_ms / 1000, each.end_ms / 1000) for each in said])
    assert meters.pyloudnorm_lufs(measured) == pytest.approx(target, abs=1)
    assert meters.ebur128(measured)[0] == pytest.approx(target, abs=1)


def test_breath_alone_is_as_loud_as_words() -> None:
    sound = samples.of(voiceguide.make(breath("tone"), guide="quiet").path)
    assert meters.pyloudnorm_lufs(sound) == pytest.approx(-19, abs=1)
    assert meters.ebur128(sound)[1] < -1


def test_no_cut_clicks(short: Path) -> None:
    session = voiceguide.make(short)
    steps = np.abs(np.diff(samples.of(session.path)[:, 0]))
    for event in session.timeline.events:
        if isinstance(event, (SpeechEvent, ChimeEvent)):
            # In the 20 ms of silence beside each cut, up to the millisecond in which the sound itself sets in or ends.
            outside = [*steps[max(0, (event.start_ms - 20) * 48) : event.start_ms * 48]]
            outside += [*steps[event.end_ms * 48 : (event.end_ms + 20) * 48]]
            following = any(
                other.start_ms == event.end_ms and not isinstance(other, SpeechEvent)
                for other in session.timeline.events
            )
            if not following:
                assert max(outside) < 0.02, event


# Breath ---------------------------------------------------------------------------------------------------------------


def breathing(session: voiceguide.Session) -> WindowEvent:
    return next(event for event in session.timeline.events if isinstance(event, WindowEvent) and event.phases)


def saying(session: voiceguide.Session, beginning: str) -> SpeechEvent:
    said = (event for event in session.timeline.events if isinstance(event, SpeechEvent))
    return next(event for event in said if event.text.startswith(beginning))


def test_a_tone_swells_with_each_breath_on_its_time() -> None:
    session = voiceguide.make(breath("tone"))
    event = breathing(session)
    sound = samples.of(session.path)
    assert [phase.kind for phase in event.phases] == ["in", "hold", "out"] * 4
    assert all(phase.toned for phase in event.phases)
    for start in (phase.start_ms / 1000 for phase in event.phases if phase.kind == "in"):
        level = np.convolve(samples.loudness_by_window(between(sound, start, start + 12), 10), np.ones(9) / 9, "same")
        top = np.median(level[410:590])
        # It rises all through the in-breath, stays, and falls all through the out-breath.
        rising, falling = level[:400].reshape(-1, 20).mean(axis=1), level[600:1180].reshape(-1, 20).mean(axis=1)
        assert (np.diff(rising) > 0).all()
        assert (np.diff(falling) < 0).all()
        assert level[405:595].min() > 0.9 * top
        # A straight line of height h makes a swell of h²(3-2h): half its top in the very middle of each phase.
        # The windows are 10 ms; a passage is within 12 ms of its time.
        assert np.flatnonzero(level[:400] > top / 2)[0] * 0.01 == pytest.approx(2.0, abs=0.025)
        assert np.flatnonzero(level[600:] > top / 2)[-1] * 0.01 == pytest.approx(3.0, abs=0.025)
        assert level[:4].max() < top / 30
        assert level[1190:].max() < top / 30


def test_a_voice_begins_each_phase_on_its_time() -> None:
    session = voiceguide.make(breath("voice"))
    event = breathing(session)
    track = listening.heard(session.path)
    assert len(event.phases) == 12
    for phase in event.phases:
        assert not phase.toned
        off = listening.onset(track, phase.start_ms / 1000)
        assert off is not None
        assert abs(off) <= 0.025


def test_both_means_two_breaths_of_voice_and_then_the_tone() -> None:
    event = breathing(voiceguide.make(breath("both")))
    assert [phase.toned for phase in event.phases] == [False] * 6 + [True] * 6


def test_short_phases_get_short_words() -> None:
    session = voiceguide.make(breath("voice", "1-1"))
    said = [event.text for event in session.timeline.events if event.kind == "say"][1:-1]
    assert len(said) == 8
    assert set(said) <= {"Breathe in.", "In.", "Breathe out.", "Out."}
    assert "Out." in said
    long = [event.text for event in voiceguide.show(breath("voice", "4-6")).events if event.kind == "say"][1:-1]
    assert set(long) == {"Breathe in.", "And breathe out."}


def test_breath_cues_inside_a_hold_leave_the_script_s_words_alone() -> None:
    path = Path("hold.yaml")
    path.write_text(
        "title: Hold\nsteps:\n  - hold: 60s\n    pattern: 4-6\n    countdown: 3\n    during:\n"
        "      - {at: 20s, say: Let the hip soften.}\n",
        encoding="utf-8",
    )
    session = voiceguide.make(path)
    event = breathing(session)
    assert len(event.phases) == 12
    # From the third breath on its tone lies under everything, and there is no silence to see an onset in.
    early = [each for each in to_json(session.timeline)["events"] if each["end"] < event.phases[4].start_ms / 1000]
    assert len(listening.sounding(early)) == 5
    assert listening.late(listening.heard(session.path), early) == []
    spoken = [each for each in session.timeline.events if each.kind in ("say", "count")]
    assert all(first.end_ms <= second.start_ms for first, second in pairwise(spoken))


# Sides ----------------------------------------------------------------------------------------------------------------


def lean(sound: samples.Floats) -> float:
    """How many dB the left channel is louder than the right one."""
    return decibels(sound[:, :1]) - decibels(sound[:, 1:])


def test_chimes_and_changes_lean_to_their_side(short: Path) -> None:
    session = voiceguide.make(short, stereo=True)
    sound = samples.of(session.path)
    chimes = [event for event in session.timeline.events if event.kind == "chime"]
    assert {event.side for event in chimes} == {"left", "right"}
    for event in chimes:
        leaning = lean(between(sound, event.start_ms / 1000, event.end_ms / 1000))
        assert leaning == pytest.approx(6.6 if event.side == "left" else -6.6, abs=1)
    change = saying(session, "Change sides. Now your right side.")
    assert lean(between(sound, change.start_ms / 1000, change.end_ms / 1000)) < -5


def test_the_words_left_and_right_lean_and_the_others_do_not(short: Path) -> None:
    session = voiceguide.make(short, stereo=True)
    sound = samples.of(session.path)
    words = saying(session, "Kneel on")
    spoken = between(sound, words.start_ms / 1000, words.end_ms / 1000)
    size = RATE // 20
    leaning = [lean(spoken[at : at + size]) for at in range(0, len(spoken) - size, size)]
    assert max(leaning) > 5
    assert min(leaning) < -5
    # "left" comes before "right", and what is around them stays in the middle.
    assert int(np.argmax(leaning)) < int(np.argmin(leaning))
    assert float(np.median(np.abs(leaning))) < 0.5


def test_chimes_of_the_sides_differ_in_pitch_on_one_loudspeaker(short: Path) -> None:
    session = voiceguide.make(short, stereo=True)
    mono = samples.of(session.path).mean(axis=1)

    def pitch(side: str) -> float:
        chimes = (each for each in session.timeline.events if isinstance(each, ChimeEvent))
        event = next(each for each in chimes if each.name == "start" and each.side == side)
        chime = mono[event.start_ms * 48 : event.start_ms * 48 + RATE // 4]
        return float(np.argmax(np.abs(np.fft.rfft(chime * np.hanning(len(chime)), 8 * len(chime)))))

    assert pitch("right") / pitch("left") == pytest.approx(2 ** (4 / 12), rel=0.02)


def test_mono_stays_the_default(short: Path) -> None:
    assert samples.of(voiceguide.make(short).path).shape[1] == 1


# Beds -----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def steady() -> Path:
    """A tone as music: whatever happens to its level is our doing. Its length fits no whole number of its waves."""
    path = Path("steady.wav")
    time = np.arange(int(11.37 * RATE)) / RATE
    soundfile.write(path, 0.3 * np.sin(2 * np.pi * 1000.7 * time), RATE)
    return path


def test_a_bed_ducks_under_speech_and_fades_at_the_ends(short: Path, steady: Path) -> None:
    session = voiceguide.make(short, bed=str(steady), bed_level=18)
    sound = samples.of(session.path)
    silent = next(
        event for event in session.timeline.events if event.kind == "pause" and event.end_ms - event.start_ms == 6000
    )
    level = np.median(
        samples.loudness_by_window(between(sound, silent.start_ms / 1000 + 1, silent.end_ms / 1000 - 0.5), 10)
    )
    after = silent.end_ms  # the next words begin here
    before = samples.loudness_by_window(between(sound, after / 1000 - 0.3, after / 1000 - 0.03), 10)
    assert before.min() > 0.8 * level
    words = saying(session, "Well done")
    tail = samples.loudness_by_window(between(sound, words.end_ms / 1000, words.end_ms / 1000 + 0.6), 10)
    # The gap ends the session here, and the bed has faded out over its last seconds.
    assert tail[-1] < 0.1 * level


def test_a_bed_comes_up_after_speech_in_its_own_time(steady: Path) -> None:
    path = Path("gap.yaml")
    path.write_text(
        "title: Gap\nsteps:\n  - pause: 8s\n  - say: Stay tall.\n    gap: 0s\n  - pause: 10s\n", encoding="utf-8"
    )
    session = voiceguide.make(path, bed=str(steady), bed_level=18)
    sound = samples.of(session.path)
    words = next(event for event in session.timeline.events if event.kind == "say")
    end = words.end_ms / 1000
    level = np.median(samples.loudness_by_window(between(sound, end + 1.5, end + 5), 20))
    fade = samples.loudness_by_window(between(sound, 0, 3), 100) / level
    assert (np.diff(fade) > 0).all()
    assert fade[0] < 0.1
    assert fade[14] == pytest.approx(0.5, abs=0.05)
    up = samples.loudness_by_window(between(sound, end + 0.02, end + 1.0), 10) / level
    find_bed_level = 20 * np.log10(up[0])
    assert -12.5 < find_bed_level < -9.5
    risen = 0.02 + np.flatnonzero(up > 0.97)[0] * 0.01
    assert 0.5 < risen < 0.8
    down = (
        samples.loudness_by_window(between(sound, words.start_ms / 1000 - 0.06, words.start_ms / 1000 - 0.03), 10)
        / level
    )
    assert down.min() > 0.9


def test_music_loops_without_a_seam(steady: Path) -> None:
    path = Path("long.yaml")
    path.write_text("title: Long\nsteps:\n  - pause: 40s\n  - say: Done.\n", encoding="utf-8")
    sound = samples.of(voiceguide.make(path, bed=str(steady), bed_level=10).path)
    inner = between(sound, 4, 36)
    level = samples.loudness_by_window(inner, 20)
    # A crossfade of a tone with itself may dip or rise where the phases meet, and must never break off.
    assert level.min() > 0.02 * np.median(level)
    steady_step = np.abs(np.diff(between(sound, 4, 6)[:, 0])).max()
    assert np.abs(np.diff(inner[:, 0])).max() < 1.6 * steady_step


def test_a_breathing_bed_follows_the_guided_breath() -> None:
    session = voiceguide.make(breath("voice", "4-6"), bed="breath", bed_level=12)
    event = breathing(session)
    sound = samples.of(session.path)
    for breath_start in [phase.start_ms / 1000 for phase in event.phases if phase.kind == "in"][1:3]:
        # Where the words are over and the bed has risen again: late in the in-breath against late in the out-breath.
        high = decibels(between(sound, breath_start + 3.2, breath_start + 3.9))
        low = decibels(between(sound, breath_start + 9.2, breath_start + 9.9))
        assert high - low > 5


def test_a_session_with_a_bed_keeps_its_times(short: Path) -> None:
    plain, under = voiceguide.make(short), voiceguide.make(short, bed="brown", out="under.mp3")
    assert [(each.start_ms, each.end_ms) for each in plain.timeline.events] == [
        (each.start_ms, each.end_ms) for each in under.timeline.events
    ]
    one, other = samples.of(plain.path)[:, 0], samples.of(under.path)[:, 0]
    assert len(one) == len(other)
    for event in plain.timeline.events:
        if event.kind == "say":
            first, second = one[event.start_ms * 48 : event.end_ms * 48], other[event.start_ms * 48 : event.end_ms * 48]
            # The same words at the same sample: nowhere do they agree better than in place.
            found = [float(np.dot(first[500:-500], second[500 + by : len(second) - 500 + by])) for by in (-48, 0, 48)]
            assert int(np.argmax(found)) == 1


# Not getrusage: what it tells of a process counts the memory of the one that started it.
MEMORY = """
import pathlib, re, sys
import voiceguide
voiceguide.make(sys.argv[1], bed="waves", out="bed.mp3")
print(int(re.search(r"VmHWM:\\s*(\\d+)", pathlib.Path("/proc/self/status").read_text())[1]) // 1024)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's own")
def test_a_bed_costs_no_more_memory_the_longer_it_lies() -> None:
    peaks = []
    for minutes in (1, 4):
        path = Path(f"{minutes}.yaml")
        path.write_text(
            f"title: Rest\nsteps:\n  - say: Rest.\n  - rest: {minutes}m\n  - say: Done.\n", encoding="utf-8"
        )
        done = subprocess.run([sys.executable, "-c", MEMORY, str(path)], capture_output=True, text=True, check=True)
        peaks.append(int(done.stdout))
    assert peaks[1] < 250
    assert peaks[1] < peaks[0] + 15


# Cues -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cues", "names", "said"),
    [
        ("chimes", ["start", "halfway", "end"], []),
        ("voice", [], ["Begin.", "Halfway.", "And release."]),
        ("both", ["start", "halfway", "end"], ["Begin.", "Halfway.", "And release."]),
        ("none", [], []),
    ],
)
def test_cue_profiles(cues: CueProfile, names: list[str], said: list[str]) -> None:
    path = Path("minute.yaml")
    path.write_text("title: Minute\nsteps:\n  - hold: 1m\n", encoding="utf-8")
    session = voiceguide.make(path, cues=cues)
    events = session.timeline.events
    assert [event.name for event in events if event.kind == "chime"] == names
    assert [event.text for event in events if event.kind == "say"] == said
    assert listening.late(listening.heard(session.path), to_json(session.timeline)["events"]) == []


# What can go wrong ----------------------------------------------------------------------------------------------------


def music(samples: Any, name: str = "music.wav") -> str:
    soundfile.write(name, samples, RATE, subtype="FLOAT")
    return name


def test_unusable_music_is_a_plain_sentence(short: Path) -> None:
    noise = np.random.default_rng(0).normal(0, 0.1, 6 * RATE)
    Path("broken.mp3").write_bytes(b"this is no music" * 100)
    Path("song.m4a").write_bytes(b"nor is this")
    damaged = noise.copy()
    damaged[1000:2000] = np.nan
    cases = {
        music(damaged, "damaged.wav"): "damaged.wav: this music contains samples that are not numbers",
        music(np.zeros(6 * RATE), "silent.wav"): "silent.wav: this music is silent or nearly silent",
        music(noise[: RATE // 10], "blip.wav"): "blip.wav: this music lasts 0.1 seconds; a bed needs at least 4",
        "broken.mp3": "broken.mp3: can't be read as music",
        "song.m4a": "song.m4a: ",
        "wavs": 'there is no bed or music file "wavs"; did you mean "waves"?',
        "gone.mp3": 'there is no bed or music file "gone.mp3"; expected one of brown, waves, drone, breath',
    }
    for bed, sentence in cases.items():
        with pytest.raises(voiceguide.VoiceguideError) as told:
            voiceguide.make(short, bed=bed, out="never.mp3")
        assert str(told.value).startswith(sentence)
        assert not Path("never.mp3").exists()


@pytest.mark.parametrize(
    ("wishes", "sentence"),
    [
        ({"bed_level": "20"}, "bed-level: this session has no bed; choose one with --bed"),
        ({"bed": "brown", "bed_level": "90"}, "bed-level: expected dB below the voice, a whole number from 6 to 40"),
        ({"pattern": "0-0"}, "pattern: expected "),
        ({"pattern": "4-4-4-4-4"}, "pattern: expected "),
        ({"pattern": "300-300"}, "pattern: expected "),
        ({"cues": "bells"}, "cues: expected chimes, voice, both, none or within"),
    ],
    ids=str,
)
def test_wrong_wishes_are_plain_sentences(short: Path, wishes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(voiceguide.VoiceguideError) as told:
        voiceguide.make(short, **wishes)
    assert str(told.value).startswith(sentence)
