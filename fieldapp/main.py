"""Where the app starts: a module run by Python in the browser, by `flet build`, and by `fieldapp serve`."""

import flet as ft

from fieldapp.app import main

if __name__ == "__main__":
    ft.run(main)
