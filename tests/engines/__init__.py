"""The emitted files, judged by the real engines: see README.md here."""
