"""The `baozhi` command: one file a command, each thin over a plain function."""
