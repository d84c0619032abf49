"""Where the command line begins: workers of their own begin here too, and need nothing of it."""

from typing import NoReturn


def main() -> NoReturn:
    """Run the command line and end with its exit status."""
    from app.cli import main as run

    run()


if __name__ == "__main__":
    main()
