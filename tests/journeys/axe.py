"""What axe finds wrong with a page that is open: the rules of WCAG 2.2 AA that a program can judge."""

from __future__ import annotations

from importlib.resources import files

from playwright.sync_api import Page

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
# Themes differ in their colours alone (light-dark() takes nothing else): in the second one only those are judged anew.
BY_AXE = """async (theme) => {
  const { dataset, style } = document.documentElement;
  const before = [dataset.theme, style.opacity];
  [dataset.theme, style.opacity] = [theme, 1];
  const values = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
  const ofColour = axe.getRules(values).filter(({ tags }) => tags.includes("cat.color")).map(({ ruleId }) => ruleId);
  const runOnly = theme === "light" ? { type: "tag", values } : { type: "rule", values: ofColour };
  const found = await axe.run(document, { runOnly, resultTypes: ["violations"] });
  [dataset.theme, style.opacity] = before;
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(({ target }) => target)}`);
}"""


def faults_by_axe(page: Page, name: str) -> list[str]:
    """Return what is wrong, as wide as the window is, in both themes."""
    page.evaluate(AXE)
    width = page.evaluate("innerWidth")
    return [
        f"{name} at {width} in {theme}: {one}" for theme in ("light", "dark") for one in page.evaluate(BY_AXE, theme)
    ]
