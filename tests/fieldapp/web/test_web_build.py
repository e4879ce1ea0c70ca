"""The installable app as built: the same inputs make the same files, and nothing the page needs is missing."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import tarfile
import time
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from fieldapp.__main__ import main
from fieldapp.web import BuildError, build, parts, site
from fieldapp.web.compiled import node
from fieldapp.web.recipes.icons import ICONS, icon
from tests.building import CACHE, turn
from tests.building import built as built_in_turn

# Words that would tell who looks over a shoulder.
TELLING = ("assess", "award", "mystery", "shopper", "評審", "神秘", "顧客")
ROOT = Path(__file__).parents[3]
PRECACHE_LIMIT_BYTES = 15_000_000


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built_in_turn(tmp_path_factory.mktemp("web") / "site")


def contents(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def listed(folder: Path) -> dict[str, str]:
    files: dict[str, str] = json.loads((folder / "files.json").read_text("utf-8"))["files"]
    return files


def test_same_inputs_make_the_same_site(built: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    with turn():
        shutil.copytree(CACHE, cache, ignore=shutil.ignore_patterns("app-*.tar"))  # ours is compiled once more
    build(tmp_path / "again", cache=cache)
    assert contents(tmp_path / "again") == contents(built)


def test_unchanged_build_touches_nothing_and_is_quick(built: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in built.rglob("*")}
    started = time.process_time()
    changed = build(built, cache=CACHE)
    took_s = time.process_time() - started
    assert not changed
    assert {path: path.stat().st_mtime_ns for path in built.rglob("*")} == before
    assert took_s < 0.5


def test_changed_input_is_built_and_replaces_the_old_site(built: Path, tmp_path: Path) -> None:
    target = tmp_path / "site"
    with turn():
        assert build(target, cache=CACHE)
    (target / "left-over").touch()
    with turn():
        assert build(target, cache=CACHE, base="/elsewhere/")
    assert '<base href="/elsewhere/">' in (target / "index.html").read_text("utf-8")
    assert not (target / "left-over").exists()


def test_listing_names_every_file_by_its_content(built: Path) -> None:
    files = listed(built)
    assert files == {name: digest for name, digest in contents(built).items() if name in files}
    unlisted = {name for name in contents(built) if name not in files and not name.endswith(".br")}
    assert unlisted == {
        *("files.json", "sw.js", ".inputs", "assets/fonts/OFL.txt"),
        *("icons/icon-512.png", "icons/icon-maskable-512.png"),
    }


def test_everything_the_page_names_is_there(built: Path) -> None:
    html = (built / "index.html").read_text("utf-8")
    named = set(re.findall(r'(?:src|href)="([^"/][^"]*)"', html))
    named |= {entry["src"] for entry in json.loads((built / "manifest.json").read_text("utf-8"))["icons"]}
    for family in json.loads((built / "assets/FontManifest.json").read_text("utf-8")):
        named |= {"assets/" + font["asset"] for font in family["fonts"]}
    assert {name for name in named if not (built / name).is_file()} == {"./"}, "the base, wherever it is served"


@pytest.mark.parametrize("name", ["", "Notes+", "記事"], ids=["its own", "notes", "in Chinese"])
def test_what_is_seen_of_the_installed_app_does_not_say_what_it_is_for(tmp_path: Path, name: str) -> None:
    site.lay_out(tmp_path, "/app/", "1", name)
    manifest = json.loads((tmp_path / "manifest.json").read_text("utf-8"))
    html = (tmp_path / "index.html").read_text("utf-8")
    said = html + json.dumps(manifest, ensure_ascii=False) + (tmp_path / "page.css").read_text("utf-8")
    assert [word for word in TELLING if word in said.casefold()] == []
    assert json.loads((tmp_path / "boot.json").read_text("utf-8"))["name"] == manifest["name"]
    drawn = "plain_icons" if name else "icons"
    assert (tmp_path / "icons/icon-192.png").read_bytes() == (site.ASSETS / drawn / "icon-192.png").read_bytes()
    if name:
        assert {manifest["name"], manifest["short_name"], manifest["description"]} == {name}
        assert "visit" not in re.sub(r"<script.*", "", html).casefold()


def test_page_runs_no_inline_script_and_says_so_in_its_policy(built: Path) -> None:
    html = (built / "index.html").read_text("utf-8")
    assert re.findall(r"<script(?![^>]*\bsrc=)", html) == []
    assert "script-src 'self' 'wasm-unsafe-eval';" in html
    assert (
        "serviceWorkerSettings:" not in (built / "flutter_bootstrap.js").read_text("utf-8").split("_flutter.loader")[-1]
    )


def test_what_a_phone_downloads_stays_small(built: Path) -> None:
    sent = [name for name in listed(built) if not name.startswith("canvaskit/canvaskit")]
    packed = [built / f"{name}.br" if (built / f"{name}.br").exists() else built / name for name in sent]
    assert sum(path.stat().st_size for path in packed) < PRECACHE_LIMIT_BYTES


def test_app_archive_holds_rules_forms_and_words_but_nothing_of_servers(built: Path) -> None:
    with tarfile.open(built / "app.tar") as archive:
        names = set(archive.getnames())
    assert {"fieldapp/main.pyc", "fieldapp/storage/browser.pyc", "fieldapp/media/canvas.pyc"} <= names
    assert "checklists/locale/zh_Hant/LC_MESSAGES/checklists.mo" in names
    assert {name for name in names if name.startswith("checklists/forms/shipped/") and name.endswith(".toml")}
    left = ("fieldapp/web/", "sync_server", "fieldapp/__main__", "fieldapp/media/photos", "fieldapp/media/audio.pyc")
    assert {name for name in names if name.startswith(left)} == set()


def test_sound_and_position_have_both_their_halves(built: Path) -> None:
    with tarfile.open(built / "packages.tar") as archive:
        names = set(archive.getnames())
    assert {"flet_audio/__init__.pyc", "flet_audio_recorder/__init__.pyc", "flet_geolocator/__init__.pyc"} <= names
    client = (built / "main.dart.js").read_text("utf-8")
    assert '"AudioRecorder"' in client
    assert '"Audio"' in client
    assert '"Geolocator"' in client


def test_font_has_every_character_we_say(tmp_path: Path) -> None:
    site.write_font(tmp_path / "font.otf")
    known = set(TTFont(tmp_path / "font.otf").getBestCmap())
    said = [*ROOT.glob("*/locale/*/*.po"), *ROOT.glob("checklists/*/*/*.toml"), *ROOT.glob("fieldapp/**/*.py")]
    words = "".join(path.read_text("utf-8") for path in said) + "嘅啲咗哋嚟喺嘢埗鰂"
    words = re.sub(r"\n\[red_lines\].*?(?=\n\[|\Z)", "", words, flags=re.DOTALL)  # looked for, never said on a phone
    assert {character for character in words if ord(character) not in known and character not in "\n\r\t"} == set()


@pytest.mark.parametrize("name", ICONS)
def test_icon_is_what_its_recipe_draws(name: str) -> None:
    from PIL import Image, ImageChops  # noqa: PLC0415

    size_px, share, square = ICONS[name]
    kept = Image.open(site.ASSETS / "icons" / name).convert("RGBA")
    plain = Image.open(site.ASSETS / "plain_icons" / name).convert("RGBA")
    for there, drawn in ((kept, False), (plain, True)):
        differences = ImageChops.difference(there, icon(size_px, share, square=square, plain=drawn)).tobytes()
        assert max(differences) <= 8


def test_unreachable_package_index_is_one_plain_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:1/simple")
    monkeypatch.setenv("PIP_NO_CACHE_DIR", "1")
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    with pytest.raises(BuildError) as failed:
        build(tmp_path / "site")
    assert failed.value.code == "package-index-unreachable"
    assert main(["build", str(tmp_path / "site")]) == 1
    said = capsys.readouterr().err
    assert said == f"{failed.value.message}\n"
    assert "Connect to the internet" in said
    assert not (tmp_path / "site").exists()


def test_failed_build_leaves_the_old_site(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = built_in_turn(tmp_path / "site")
    before = contents(target)
    broken = tmp_path / "broken.mjs"
    broken.write_text("throw new Error('no compiler today')")
    monkeypatch.setattr("fieldapp.web.compiled.SCRIPT", broken)
    monkeypatch.setattr("fieldapp.web.parts.own_digest", lambda: "another")
    with pytest.raises(BuildError, match="no compiler today") as failed:
        build(target, cache=tmp_path / "empty-cache", base="/x/")
    assert failed.value.code == "compile-failed"
    assert contents(target) == before


def test_archives_forget_what_is_no_longer_wanted(tmp_path: Path, built: Path) -> None:
    cache = tmp_path / "cache"
    with turn():
        shutil.copytree(CACHE, cache)
    (cache / "app-0123.tar").touch()
    made = parts.make(cache)
    assert {path.name for path in cache.glob("*.tar")} == {made["app.tar"].name, made["packages.tar"].name}


def test_phone_compiles_no_dataclass_and_the_library_has_all_that_the_app_imports(built: Path) -> None:
    script = Path(__file__).parents[1] / "browser_python.mjs"
    done = subprocess.run(
        [node(), script, built / "pyodide", built, ROOT, "tests.fieldapp.ready_made_in_browser", ""],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout)
    assert told["taken"] > 100
    assert told == {"taken": told["taken"], "compiled": 0, "works": True}


def test_the_browser_starts_with_nothing_that_is_for_disks_or_for_later(built: Path) -> None:
    script = Path(__file__).parents[1] / "browser_python.mjs"
    done = subprocess.run(
        [node(), script, built / "pyodide", built, ROOT, "tests.fieldapp.app_in_browser", ""],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"adapters": ["BrowserFolder", "FetchDoor"], "imported": []}
