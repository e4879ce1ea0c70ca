"""Where the app starts: a module run by Python in the browser, by `flet build`, and by `fieldapp serve`."""

from functools import partial

import flet as ft

from fieldapp.app import IN_BROWSER, Early, main

if __name__ == "__main__":
    ft.run(partial(main, early=Early()) if IN_BROWSER else main)
