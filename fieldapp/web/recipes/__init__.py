"""Recipes for the files in `fieldapp/web/assets`: run by a person when an asset changes, never by the build."""
