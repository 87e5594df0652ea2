"""From passages of sound to the finished file.

In come passages (PCM blocks and the frame each begins on), chapters and captions; out goes one MP3 whose decoded
length is exact to the sample. `frames` is the 24 ms grid, `mp3` encodes and splices, `seam` joins two encodings of one
sound, `header` writes the first frame with a checksum of `crc`'s, `tags` and `captions` the words; `target` says which
file it will be, and `files` gets all of it onto the disk whole or not at all.
"""
