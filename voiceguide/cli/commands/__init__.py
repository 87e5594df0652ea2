"""The commands, one module each; `voiceguide.cli.group` imports a command when it is called."""
