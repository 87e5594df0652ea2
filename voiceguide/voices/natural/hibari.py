"""hibari-tts as a `Synthesizer`: its model and its reading of English, but none of its code that could download.

The network is given a sentence's phonemes and a speed, and answers with a spectrum and the length of each phoneme. One
sentence is spoken at a time, in one thread and with the same noise each time, so the bytes depend on the text alone.
"""

from __future__ import annotations

import gc
import gzip
import importlib
import json
import re
import sys
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import msgspec

from voiceguide.voices.natural.pronounced import PRONOUNCED, VERBS
from voiceguide.voices.natural.texts import cut_sentences, find_words, match_words
from voiceguide.voices.wire import Refusal

if TYPE_CHECKING:
    from voiceguide.voices.natural.synthesizer import Word

WORDS_AT_ONE = 177
"""The words a minute at which the network's speed is 1."""

MAX_PHONEMES = 300
"""The most phonemes at once: longer sentences are cut between words."""

_DURATIONS = b"/Clip_output_0"
_UNIT_MS = 25  # of a phoneme's length
_FRAMES_A_UNIT = 2
_MARGIN = 12  # frames kept around what the network says is silent: sound reaches into its first and last phoneme
_EDGE = 10 ** (-50 / 20)  # of the peak: where sound begins and ends
_KEPT_MS = 10  # around it
_SENTENCE_MS = 420  # between two sentences at the usual rate
_PIECE_MS = 60  # between two pieces of one sentence
_USUAL_RATE = 130
_LAG_MS = 65  # by which words are heard before the network's times, at the usual rate; measured after pauses
_HEADROOM = 0.8
_NOISE_FRAMES = 800  # of 12.5 ms
_LAST_LATIN = "\u024f"
_SLASHED = re.compile(r"\b(\d{2,3})/(\d{2,3})\b")


class Hibari:
    """The voice "heart". Raises Refusal if the package in `folder` can't be used."""

    hertz = 24_000

    def __init__(self, folder: Path) -> None:
        assets = folder / "assets"
        self._np, runtime = _import_numeric()
        _import_without_downloads(folder)
        try:
            self._dsp: Any = importlib.import_module("hibari.dsp")
            # scipy has other rounding; whether it is installed must not change a byte.
            vars(self._dsp).update(rfft=self._rfft, irfft=self._irfft)
            self._vocabulary: dict[str, int] = json.loads((assets / "vocab.json").read_text(encoding="utf-8"))
            self._read = _load_reading(assets)
            self._normalize: Callable[[str], str] = importlib.import_module("hibari.g2p.normalize").normalize
            self._titles = frozenset(importlib.import_module("hibari.g2p.normalize").TITLES)
            self._read.lexicon.golds.d.update(PRONOUNCED)
            model = _checked_model(assets)
        except (OSError, EOFError, ValueError, LookupError, TypeError, AttributeError, ImportError, zlib.error) as why:
            raise Refusal(_damaged(folder, why)) from None
        self._session = _open_session(runtime, model, folder)
        self._noise = _Noise(self._np)

    def speak(self, text: str, rate: int, pitch: int) -> tuple[bytes, list[Word]]:
        """Say `text`, with the pauses between its sentences as long as they should be."""
        np = self._np
        sounds: list[Any] = []
        words: list[Word] = []
        length = 0
        for start, end in cut_sentences(text, self._titles):
            for piece, (phonemes, places) in enumerate(self._pieces(text, start, end)):
                sound, times = self._say(phonemes, rate / WORDS_AT_ONE, 2 ** ((pitch - 50) / 100))
                if not len(sound):
                    continue
                if sounds:
                    pause = _PIECE_MS if piece else _SENTENCE_MS
                    gap = pause * _USUAL_RATE * self.hertz // (1000 * rate)
                    sounds.append(np.zeros(gap, np.float32))
                    length += gap
                lag = _LAG_MS * _USUAL_RATE // rate
                # The first word begins with the sound itself.
                begins = [times[at] - lag if index else 0 for index, (at, _, _) in enumerate(places)]
                for ms, (_, first, last) in zip(begins, places, strict=True):
                    words.append((1000 * length // self.hertz + max(0, ms), first, last - first))
                sounds.append(sound)
                length += len(sound)
        if not sounds:
            return b"", []
        whole = np.concatenate(sounds)
        whole *= np.float32(32767 * _HEADROOM)
        end_ms = 1000 * length // self.hertz
        ordered = sorted((min(ms, end_ms), first, count) for ms, first, count in words)
        return np.clip(np.rint(whole, out=whole), -32768, 32767).astype("<i2").tobytes(), ordered

    def _pieces(self, text: str, start: int, end: int) -> Iterator[tuple[str, list[tuple[int, int, int]]]]:
        """The phonemes of a sentence, in pieces, each with its words: index among the phonemes, start and end in text.

        Raises Refusal for a word without a sound.
        """
        tokens = self._read_sentence(text[start:end])
        for token in tokens:
            # The network that reads unknown words would spell other alphabets, wrongly.
            letters = [char for char in token.text if char.isalpha()]
            if letters and (not token.phonemes or any(char > _LAST_LATIN for char in letters)):
                raise Refusal(
                    f'the voice "heart" can\'t say "{token.text[:40]}", which is not English; '
                    "change these words, or choose another voice (`voiceguide voices` lists all voices)"
                )
        spans = find_words(text, start, end)
        said = [token for token in tokens if token.phonemes and any(char.isalnum() for char in token.text)]
        matched = match_words([text[first:last] for first, last in spans], [token.text for token in said])
        begins: dict[int, tuple[int, int]] = {}
        for index, at in sorted(matched.items(), reverse=True):
            begins[id(said[at])] = spans[index]
        phonemes, places = "", list[tuple[int, int, int]]()
        for token in tokens:
            sound = "".join(char for char in token.phonemes or "" if char in self._vocabulary)
            for cut in range(0, max(1, len(sound)), MAX_PHONEMES):
                part = sound[cut : cut + MAX_PHONEMES]
                if len(phonemes) + len(part) > MAX_PHONEMES:
                    yield phonemes.strip(), places
                    phonemes, places = "", []
                if not cut and id(token) in begins:
                    places.append((len(phonemes), *begins[id(token)]))
                phonemes += part
            if token.whitespace and phonemes:
                phonemes += " "
        if phonemes.strip():
            yield phonemes.strip(), places

    def _read_sentence(self, sentence: str) -> list[Any]:
        """The sentence's tokens: `text`, `phonemes`, and `whitespace` after it."""
        # `[word](/phonemes/)` would be an instruction; "90/90" is said without the slash.
        plain = _SLASHED.sub(r"\1 \2", sentence.replace("](", "] ("))
        tokens: list[Any] = self._read.tokenize(self._normalize(plain))
        if len(tokens) > 1 and tokens[0].text.casefold() in VERBS and tokens[1].text != "of":
            tokens[0].phonemes = VERBS[tokens[0].text.casefold()]
        return list(self._read.phonemize_tokens(tokens))

    def _say(self, phonemes: str, speed: float, higher: float) -> tuple[Any, list[int]]:
        """The samples from the first sound to the last, and the ms at which each phoneme begins."""
        np = self._np
        if not any(char.isalpha() for char in phonemes):
            return np.zeros(0, np.float32), []
        ids = [0, *(self._vocabulary[char] for char in phonemes), 0]
        inputs = {"ids": np.asarray([ids], np.int64), "speed": np.asarray([speed], np.float32)}
        *spectrum, f0, durations = self._session.run(None, inputs)
        units = durations.reshape(-1)
        frames = f0.shape[1]
        # The silence around the sentence is not worth computing.
        first = max(0, int(units[0]) * _FRAMES_A_UNIT - _MARGIN)
        last = min(frames, frames - int(units[-1]) * _FRAMES_A_UNIT + 2 * _MARGIN)
        parts = (part[0][:, first:last] for part in spectrum)
        sound = self._dsp.synth(*parts, f0[0][first:last] * np.float32(higher), self._noise)
        loud = np.flatnonzero(np.abs(sound) > float(np.abs(sound).max(initial=0.0)) * _EDGE)
        if not len(loud):
            return np.zeros(0, np.float32), []
        kept = self.hertz * _KEPT_MS // 1000
        begin, end = max(0, int(loud[0]) - kept), int(loud[-1]) + 1 + kept
        cut_ms = first * _UNIT_MS / _FRAMES_A_UNIT + 1000 * begin / self.hertz
        begins = np.cumsum(units[:-1]) * _UNIT_MS - cut_ms
        return sound[begin:end], [int(ms) for ms in begins]

    def _rfft(self, frames: Any, axis: int) -> Any:
        return self._np.fft.rfft(frames, axis=axis).astype(self._np.complex64, copy=False)

    def _irfft(self, spectrum: Any, count: int, axis: int) -> Any:
        return self._np.fft.irfft(spectrum, n=count, axis=axis).astype(self._np.float32, copy=False)


class _Noise:
    """The noise of breath and consonants, drawn once, because drawing takes a third of the time of making a sound.

    It stands in for numpy's generator. Every sentence gets the same noise, so no text depends on those before it.
    """

    def __init__(self, np: Any) -> None:
        self._np = np
        self._drawn = np.random.default_rng(0).standard_normal((601, 2 * _NOISE_FRAMES), dtype=np.float32)

    def standard_normal(self, shape: tuple[int, int], dtype: object) -> Any:
        """Noise of this shape, as an array of the caller's own; it comes round again after ten seconds."""
        repeats = -(-shape[1] // (2 * _NOISE_FRAMES))
        drawn = self._np.tile(self._drawn, (1, repeats)) if repeats > 1 else self._drawn
        return self._np.array(drawn[: shape[0], : shape[1]], dtype, order="C")


class _Rarely(dict[str, Any]):
    """A dictionary that is read from its file only when a word is looked up that the main one doesn't have."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path: Path | None = path

    def get(self, key: str, default: Any = None) -> Any:
        """The entry of a word."""
        if self._path is not None:
            path, self._path = self._path, None
            try:
                self.update(_load_json(path))
            except (OSError, EOFError, ValueError, TypeError, zlib.error) as why:
                raise Refusal(_damaged(path.parents[1], why)) from None
        return super().get(key, default)


def _load_reading(assets: Path) -> Any:
    """What turns texts into phonemes. Its files are read here, in half the time that it would need itself."""
    package: Any = importlib.import_module("hibari.g2p")

    def load(name: str) -> Any:
        return _Rarely(assets / name) if "silver" in name else _load_json(assets / name)

    package._load_json = load
    # Nothing that is read here is ever garbage, so looking for some would only take time, now and for each text.
    gc.disable()
    try:
        return package.G2P()
    finally:
        gc.freeze()
        gc.enable()


def _load_json(path: Path) -> Any:
    content = path.read_bytes()
    return msgspec.json.decode(gzip.decompress(content) if path.suffix == ".gz" else content)


def _import_numeric() -> tuple[Any, Any]:
    try:
        return importlib.import_module("numpy"), importlib.import_module("onnxruntime")
    except Exception as why:
        lines = str(why).strip().splitlines() or [type(why).__name__]
        raise Refusal(
            f"the natural voice can't speak: the package onnxruntime can't be loaded ({lines[0]}); "
            'install it again (`pip install --force-reinstall "voiceguide[natural]"`), '
            "or choose another voice (`voiceguide voices`)"
        ) from None


def _import_without_downloads(folder: Path) -> None:
    """Let `hibari.dsp` and `hibari.g2p` be imported without `hibari` itself, which loads what downloads voices."""
    package = ModuleType("hibari")
    package.__path__ = [str(folder)]
    sys.modules["hibari"] = package
    # hibari.dsp would import it, and then not use it.
    sys.modules.setdefault("scipy.fft", None)  # type: ignore[arg-type]


def _checked_model(assets: Path) -> bytes:
    """The model, with the phonemes' lengths as a further output. Raises ValueError if it is not the one released."""
    from hashlib import sha256

    model = (assets / "hibari.onnx").read_bytes()
    known = json.loads((assets / "voices.json").read_text(encoding="utf-8"))["heart"]
    if sha256(model).hexdigest() != known["sha256"]:
        raise ValueError("hibari.onnx is not the file that was released")
    # A protobuf message that follows another is merged with it: model { graph { output { name } } }.
    output = b"\x0a" + bytes([len(_DURATIONS)]) + _DURATIONS
    graph = b"\x62" + bytes([len(output)]) + output
    return model + b"\x3a" + bytes([len(graph)]) + graph


def _open_session(runtime: Any, model: bytes, folder: Path) -> Any:
    try:
        options = runtime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        # Keeps the memory of the longest text from staying allocated.
        options.enable_cpu_mem_arena = False
        session = runtime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    except MemoryError:
        raise
    except Exception as why:  # the runtime's own exceptions have no common base
        raise Refusal(_damaged(folder, why)) from None
    names = [output.name for output in session.get_outputs()]
    if names != ["lh", "theta", "ln", "lr", "phi", "f0", _DURATIONS.decode()]:
        raise Refusal(_damaged(folder, ValueError("its model has other outputs")))
    return session


def _damaged(folder: Path, why: BaseException) -> str:
    from voiceguide.voices.natural.place import AGAIN

    lines = str(why).strip().splitlines() or [type(why).__name__]
    return f"the natural voice in {folder} can't be used ({lines[0][:200]}); {AGAIN}"
