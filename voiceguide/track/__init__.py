"""Passages of sound in, an MP3 file out.

The input is passages (PCM blocks and the frame each begins on), chapters and lyrics; the output is one MP3 whose
decoded length is exact to the sample. `frames` has the encoding parameters, `encoder` encodes and splices, `seam` joins
two encodings of one sound, `header` writes the first frame with a checksum from `crc`, `tags` has the tag's values and
`id3` writes them; `target` chooses the file's path. `system/files` writes the file completely or not at all.
"""
