"""`python -m bot`, also installed as the command `tendon`."""

from bot.cli import main

if __name__ == "__main__":
    main()
