"""`python -m nkqa`."""

from nkqa.cli import main

main()
