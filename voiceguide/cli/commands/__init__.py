"""The commands, one file each; `voiceguide.cli` imports one when it is called."""
