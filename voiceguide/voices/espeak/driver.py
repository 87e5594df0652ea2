"""A reproducible version of pyttsx3's espeak driver, and the speaker that uses it in the child process.

Importing this module loads espeak-ng and registers `Driver` with pyttsx3, so that `pyttsx3.init("voiceguide_espeak")`
works with pyttsx3's own `setProperty`, `save_to_file` and `runAndWait`. It differs from pyttsx3's driver in two ways:

- espeak runs in synchronous mode: when a save returns, the file is complete; queued saves and properties stay in order;
- the library is reloaded for every text. espeak has counters in static memory (the flutter of its pitch, the noise of
  its breath) that no call resets, so the same text sounds a little different each time. Reloading takes a millisecond,
  and makes the bytes depend only on the text and the properties.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib
import io
import itertools
import os
import sys
import wave
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from voiceguide.voices.espeak import place as espeak_place
from voiceguide.voices.wire import Header, Refusal

NAME = "voiceguide_espeak"
"""The name of this driver in pyttsx3."""

_BUFFER_MS = 200
_DO_NOT_EXIT = 0x8000  # report a missing voice instead of exiting the process
_SEED = 1


class _Library:
    """The espeak library of this process, and how to reload it."""

    def __init__(self) -> None:
        self.path: Path | None = None
        self.data: Path | None = None
        if not espeak_place.wants_system():
            self.path, self.data = espeak_place.find_bundled()
            os.environ["ESPEAK_DATA_PATH"] = str(self.data)
        try:
            with self._served():
                self.calls: Any = importlib.import_module("pyttsx3.drivers._espeak")
        except (RuntimeError, OSError) as why:
            raise Refusal(
                "this computer's own espeak-ng can't be loaded; install espeak-ng, or unset "
                f"{espeak_place.SYSTEM_VARIABLE} to use the voice that comes with voiceguide"
                if self.path is None
                else f"the voice's library {self.path} can't be loaded: {why}"
            ) from None
        self.sample_rate = 0

    def renew(self) -> bool:
        """Load a new copy of the library, not yet opened. False if the old one could not be unloaded."""
        if self.sample_rate:
            self.calls.Terminate()
            _unload(self.calls.dll)
            with self._served():
                importlib.reload(self.calls)
            self.sample_rate = 0
        return self._untouched()

    def open(self) -> None:
        """Start espeak in synchronous mode. Sets `sample_rate`, in Hz."""
        path = _encoded(self.data) if self.data else None
        rate = self.calls.Initialize(self.calls.AUDIO_OUTPUT_SYNCHRONOUS, _BUFFER_MS, path, _DO_NOT_EXIT)
        if rate <= 0:
            raise Refusal(f"espeak-ng can't be started with the data in {self.data or 'its own folder'}")
        self.sample_rate = rate
        if self._owns_noise():
            self.calls.dll.espeak_ng_SetRandSeed(ctypes.c_long(_SEED))
        elif sys.platform != "win32":
            # Before 1.52, espeak uses the C library's random numbers, which stay loaded; a new process has seed 1.
            ctypes.CDLL(None).srand(1)

    def _owns_noise(self) -> bool:
        return hasattr(self.calls.dll, "espeak_ng_SetRandSeed")

    def _untouched(self) -> bool:
        """Whether the next text sounds as in a new process."""
        dll = self.calls.dll
        if sys.platform == "win32" and not self._owns_noise():
            return False
        # A library that was really reloaded has no sample rate yet.
        return hasattr(dll, "espeak_ng_GetSampleRate") and dll.espeak_ng_GetSampleRate() == 0

    @contextlib.contextmanager
    def _served(self) -> Iterator[None]:
        """Make pyttsx3 load our library instead of searching its list of paths."""
        if self.path is None:
            yield
            return
        ours = str(self.path)
        loader: Any = ctypes.cdll
        loader.LoadLibrary = lambda _asked: ctypes.CDLL(ours)
        try:
            yield
        finally:
            del loader.LoadLibrary


def _encoded(path: Path) -> bytes:
    # espeak opens files with C's fopen, which does not accept UTF-8 on Windows.
    return str(path).encode("mbcs") if sys.platform == "win32" else os.fsencode(path)


def _unload(library: Any) -> None:
    import _ctypes

    if sys.platform == "win32":
        _ctypes.FreeLibrary(library._handle)
    else:
        _ctypes.dlclose(library._handle)


_library = _Library()
_theirs: Any = importlib.import_module("pyttsx3.drivers.espeak")


class Driver(_theirs.EspeakDriver):  # type: ignore[misc]
    """pyttsx3's espeak driver in synchronous mode. Only one at a time may speak in a process, as with espeak itself."""

    def __init__(self, proxy: Any) -> None:
        self._proxy = proxy
        self._samples: list[bytes] = []
        self._wanted: dict[str, object] = {"voice": "en", "rate": 200, "volume": 1.0, "pitch": 50}
        self.same_bytes = True
        self._open()

    def _open(self) -> None:
        self.same_bytes = _library.renew()
        _library.open()
        _library.calls.SetSynthCallback(self._collect)

    def setProperty(self, name: str, value: object) -> None:  # noqa: N802 - pyttsx3's name
        """Set a property for the following texts. Raises KeyError for an unknown name."""
        if name not in self._wanted:
            raise KeyError(f"unknown property {name}")
        if value is not None:
            self._wanted[name] = value

    def getProperty(self, name: str) -> object:  # noqa: N802 - pyttsx3's name
        """The value that was set, exactly; or for `voices`, all voices of espeak."""
        return self._wanted[name] if name in self._wanted else _theirs.EspeakDriver.getProperty(name)

    def save_to_file(self, text: str, filename: str | os.PathLike[str] | BinaryIO) -> None:
        """Speak `text` into a WAV file, 16-bit mono at espeak's own sample rate. The file is complete on return."""
        samples = self._speak(text)
        if isinstance(filename, (str, os.PathLike)):
            # Opened here, because `wave` leaves an incomplete writer behind if it can't open a file itself.
            with Path(filename).open("wb") as file:
                _write_wav(file, samples)
        else:
            _write_wav(filename, samples)

    def say(self, text: str) -> None:
        """Not supported: voiceguide writes files and never plays sound."""
        raise NotImplementedError(f"{NAME} only writes files: use save_to_file for {text[:40]!r}")

    def stop(self) -> None:
        """Do nothing: in synchronous mode the text is already finished."""

    def startLoop(self) -> None:  # noqa: N802 - pyttsx3's name
        """Process the queue, in order, and return."""
        self._proxy.setBusy(False)

    def endLoop(self) -> None:  # noqa: N802 - pyttsx3's name
        """Do nothing: the loop ends with its queue."""

    def iterate(self) -> Iterator[None]:
        """Process the queue in an external event loop."""
        self._proxy.setBusy(False)
        yield

    def _speak(self, text: str) -> bytes:
        self._open()
        for name, value in self._wanted.items():
            _theirs.EspeakDriver.setProperty(name, value)
        self._samples.clear()
        self._proxy.notify("started-utterance")
        flags = _library.calls.CHARS_UTF8 | _library.calls.ENDPAUSE
        status = _library.calls.Synth(text.replace("\0", " ").encode("utf-8", "replace"), flags=flags)
        if status != _library.calls.EE_OK:
            raise RuntimeError(f"espeak could not speak (status {status})")
        samples = b"".join(self._samples)
        self._samples.clear()
        self._proxy.notify("finished-utterance", completed=True)
        return samples

    def _collect(self, samples: Any, count: int, events: Any) -> int:
        if samples and count > 0:
            self._samples.append(ctypes.string_at(samples, count * 2))
        for event in itertools.takewhile(lambda each: each.type != _library.calls.EVENT_LIST_TERMINATED, events):
            if event.type == _library.calls.EVENT_WORD:
                # pyttsx3's own notification, plus the time, which pyttsx3 omits.
                place = {"location": event.text_position - 1, "length": event.length}
                self._proxy.notify("started-word", name="", ms=event.audio_position, **place)
        return 0


def _write_wav(file: BinaryIO, samples: bytes) -> None:
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(_library.sample_rate)
        writer.writeframes(samples)


def buildDriver(proxy: Any) -> Driver:  # noqa: N802 - pyttsx3's name
    """Create the driver; called by pyttsx3."""
    return Driver(proxy)


sys.modules[f"pyttsx3.drivers.{NAME}"] = sys.modules[__name__]


class EspeakSpeaker:
    """The speaker of the `espeak` engine in the child; it uses pyttsx3's public interface."""

    def __init__(self) -> None:
        import pyttsx3

        self._engine = pyttsx3.init(NAME)
        self._errors: list[BaseException] = []
        # pyttsx3 catches the exceptions of its driver and only reports them as events.
        self._engine.connect("error", lambda name, exception: self._errors.append(exception))  # noqa: ARG005
        self._engine.connect("started-word", self._word)
        self.words: list[tuple[int, int, int]] = []
        self.spent = False

    def _word(self, ms: int, location: int, length: int, **_: object) -> None:
        self.words.append((ms, location, length))

    def say(self, text: str, *, voice: str, rate: int, pitch: int, volume: float) -> tuple[bytes, int]:
        """The samples and their rate in Hz. Raises Refusal for a voice that espeak does not have."""
        self._errors.clear()
        self.words = []
        for name, value in (("voice", voice), ("rate", rate), ("pitch", pitch), ("volume", max(volume, 0.01))):
            self._engine.setProperty(name, value)
        file = io.BytesIO()
        self._engine.save_to_file(text, file)
        self._engine.runAndWait()
        if self._errors:
            if isinstance(self._errors[0], ValueError):
                raise Refusal(f'espeak-ng does not have the voice "{voice}"')
            raise self._errors[0]
        file.seek(0)
        with wave.open(file, "rb") as recording:
            samples, hertz = recording.readframes(recording.getnframes()), recording.getframerate()
        # Reloaded now rather than before the next text, so that this answer includes whether it worked.
        self.spent = not _library.renew()
        return samples, hertz

    def describe(self) -> Header:
        """espeak's version and the folder of its data; its voices are read from that folder."""
        if not _library.sample_rate:
            _library.open()
        where = ctypes.c_char_p()
        version = _library.calls.Info(ctypes.addressof(where))
        return {"version": version.decode(), "data": os.fsdecode(where.value or b""), "voices": []}


def open_speaker(_engine: str) -> EspeakSpeaker:
    """Create the speaker in the child. Raises Refusal if espeak can't be loaded."""
    return EspeakSpeaker()
