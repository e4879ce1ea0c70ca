"""The colours of the app by their meaning: light, dark, and either in high contrast."""

from __future__ import annotations

from collections.abc import Mapping

# Colour by meaning, light and dark. The contrast of each pair is tested.
_LIGHT: Mapping[str, str] = {
    "primary": "#0A6156",  # what comes next, what is chosen, what is safe
    "on_primary": "#FFFFFF",
    "primary_container": "#DFF0EB",
    "on_primary_container": "#07463E",
    "secondary": "#47544F",
    "on_secondary": "#FFFFFF",
    "secondary_container": "#F2F4F0",
    "on_secondary_container": "#14201D",
    "tertiary": "#8A4A00",  # waiting, due, wanted
    "on_tertiary": "#FFFFFF",
    "tertiary_container": "#FDEED4",
    "on_tertiary_container": "#7A4100",
    "error": "#A1211C",  # ends something
    "on_error": "#FFFFFF",
    "error_container": "#FBE6E3",
    "on_error_container": "#8B1A16",
    "surface": "#FDFDFB",
    "on_surface": "#14201D",
    "on_surface_variant": "#47544F",
    "surface_container_lowest": "#FFFFFF",
    "surface_container_low": "#FFFFFF",
    "surface_container": "#F2F4F0",
    "surface_container_high": "#F2F4F0",
    "surface_container_highest": "#E2E6E1",
    "outline": "#7A8782",
    "outline_variant": "#E2E6E1",
    "inverse_surface": "#14201D",
    "on_inverse_surface": "#FDFDFB",
    "inverse_primary": "#63CEBB",
    "surface_tint": "#FDFDFB",
}
_DARK: Mapping[str, str] = {
    "primary": "#63CEBB",
    "on_primary": "#04231E",
    "primary_container": "#15372F",
    "on_primary_container": "#BFEEE3",
    "secondary": "#AEBBB6",
    "on_secondary": "#0E1413",
    "secondary_container": "#182020",
    "on_secondary_container": "#E8EEEC",
    "tertiary": "#F3BB60",
    "on_tertiary": "#33260D",
    "tertiary_container": "#33260D",
    "on_tertiary_container": "#F3BB60",
    "error": "#FF9D93",
    "on_error": "#3D1B19",
    "error_container": "#3D1B19",
    "on_error_container": "#FFB4AB",
    "surface": "#0E1413",
    "on_surface": "#E8EEEC",
    "on_surface_variant": "#AEBBB6",
    "surface_container_lowest": "#0E1413",
    "surface_container_low": "#1B2423",
    "surface_container": "#182020",
    "surface_container_high": "#182020",
    "surface_container_highest": "#26302E",
    "outline": "#74827D",
    "outline_variant": "#26302E",
    "inverse_surface": "#E8EEEC",
    "on_inverse_surface": "#0E1413",
    "inverse_primary": "#0A6156",
    "surface_tint": "#0E1413",
}
# High contrast: ink on paper and nothing between; what is chosen is filled.
_CONTRAST: Mapping[str, str] = {
    **_LIGHT,
    "primary": "#00443A",
    "primary_container": "#00443A",
    "on_primary_container": "#FFFFFF",
    "secondary_container": "#FFFFFF",
    "on_secondary_container": "#000000",
    "tertiary": "#5F3000",
    "tertiary_container": "#FFFFFF",
    "on_tertiary_container": "#5F3000",
    "error": "#7D0D09",
    "error_container": "#FFFFFF",
    "on_error_container": "#7D0D09",
    "surface": "#FFFFFF",
    "on_surface": "#000000",
    "on_surface_variant": "#1C1C1C",
    "surface_container": "#FFFFFF",
    "surface_container_high": "#FFFFFF",
    "surface_container_highest": "#FFFFFF",
    "outline": "#000000",
    "outline_variant": "#000000",
    "inverse_surface": "#000000",
    "on_inverse_surface": "#FFFFFF",
    "surface_tint": "#FFFFFF",
}
_CONTRAST_DARK: Mapping[str, str] = {
    **_DARK,
    "primary": "#8FF5E2",
    "on_primary": "#000000",
    "primary_container": "#8FF5E2",
    "on_primary_container": "#000000",
    "secondary_container": "#000000",
    "on_secondary_container": "#FFFFFF",
    "tertiary": "#FFD27D",
    "on_tertiary": "#000000",
    "tertiary_container": "#000000",
    "on_tertiary_container": "#FFD27D",
    "error": "#FFB4AB",
    "on_error": "#000000",
    "error_container": "#000000",
    "on_error_container": "#FFB4AB",
    "surface": "#000000",
    "on_surface": "#FFFFFF",
    "on_surface_variant": "#E6E6E6",
    "surface_container_lowest": "#000000",
    "surface_container_low": "#000000",
    "surface_container": "#000000",
    "surface_container_high": "#000000",
    "surface_container_highest": "#000000",
    "outline": "#FFFFFF",
    "outline_variant": "#FFFFFF",
    "inverse_surface": "#FFFFFF",
    "on_inverse_surface": "#000000",
    "surface_tint": "#000000",
}


def colours(*, dark: bool, contrast: bool) -> Mapping[str, str]:
    """Return the colours by their meaning."""
    if contrast:
        return _CONTRAST_DARK if dark else _CONTRAST
    return _DARK if dark else _LIGHT
