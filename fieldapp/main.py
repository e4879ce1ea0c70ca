"""Where the app starts: a module run by Python in the browser, by `flet build`, and by `fieldapp serve`."""

import gc
import sys
from functools import partial

# Nothing of what is imported goes away again: it is not looked through for that until the first screen stands.
if sys.platform == "emscripten":
    gc.disable()

import flet as ft

from fieldapp.app import IN_BROWSER, Early, main

if __name__ == "__main__":
    ft.run(partial(main, early=Early()) if IN_BROWSER else main)
