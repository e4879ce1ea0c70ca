#!/usr/bin/python3
"""The smallest WebKitGTK browser with a profile that outlives it: webkit_browser.py PROFILE [URL]

WebKitWebDriver drives it; with an address it opens that by itself.

(MiniBrowser forgets everything under automation.) Debian: gir1.2-webkit2-4.1 python3-gi; runs in the system's Python.
"""

import sys

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("WebKit2", "4.1")
from gi.repository import Gtk, WebKit2  # noqa: E402 - after the versions are chosen

profile = sys.argv[1]
data = WebKit2.WebsiteDataManager(base_data_directory=profile + "/data", base_cache_directory=profile + "/cache")
context = WebKit2.WebContext(website_data_manager=data)
is_driven = len(sys.argv) < 3
context.set_automation_allowed(is_driven)
# Each frame of what moves is drawn by the processor.
Gtk.Settings.get_default().set_property("gtk-enable-animations", False)


def new_view(*_):
    view = WebKit2.WebView(web_context=context, is_controlled_by_automation=is_driven)
    view.get_settings().set_enable_write_console_messages_to_stdout(True)
    view.connect("permission-request", lambda _view, request: (request.allow(), True)[1])
    window = Gtk.Window()
    window.set_default_size(430, 932)
    window.add(view)
    window.show_all()
    view.connect("close", lambda _: window.destroy())
    return view


def started(_, session):
    info = WebKit2.ApplicationInfo.new()
    info.set_name("webkit_browser")
    info.set_version(2, 50, 0)
    session.set_application_info(info)
    session.connect("create-web-view", new_view)


context.connect("automation-started", started)
if not is_driven:
    new_view().load_uri(sys.argv[2])
Gtk.main()
