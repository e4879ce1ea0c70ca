"""What Flet's client does for a change of screens, and need not.

Told to change screens without a movement it draws none, and yet takes the time of one: for three tenths of a second the
screen that is left stays before the one that is gone back to, unmoved. And for each change, as for each change of the
address, it builds every screen of the stack anew, two or three times for a tap. Here a change takes no time, and a
screen that is the same as before is not built again; what changes in it, or around it, still reaches it.
"""

from __future__ import annotations

import re

from fieldapp.web.page import PageChangedError

# Where the client makes a screen of each view: its widget, and the time; the first of all screens has none.
_SCREEN = re.compile(
    r"q=new (?P<widget>A\.\w+)\(a,null\),p=t\.z\n"
    r"if\((?P<is_first>this\.a\.\w+==null)\)p=(?P<screen>A\.\w+)\(q,(?P<none>B\.\w+),!0,!1,r,p\)\n"
    r'else\{s=a\.m\(0,"fullscreen_dialog",!1,t\.y\)\ns\.toString\np=(?P=screen)\(q,(?P<time>B\.\w+),!1,s,r,p\)\}'
)
_AT_ONCE = (
    r"q=a.ownScreen||(a.ownScreen=new \g<widget>(a,null)),p=t.z\n"
    r"if(\g<is_first>)p=\g<screen>(q,\g<none>,!0,!1,r,p)\n"
    r'else{s=a.m(0,"fullscreen_dialog",!1,t.y)' + "\n"
    r"s.toString\np=\g<screen>(q,\g<none>,!1,s,r,p)}"
)


def at_once(script: str) -> str:
    """Return the client's script in which screens change at once, and only what is new is built.

    Raises:
        PageChangedError: it makes screens in another way than in the pinned release.
    """
    changed, count = _SCREEN.subn(_AT_ONCE, script)
    if count != 1:
        raise PageChangedError(_SCREEN.pattern)
    return changed
