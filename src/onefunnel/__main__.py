"""``python -m onefunnel``: the command line."""

from onefunnel.cli import main

if __name__ == "__main__":
    main()
