"""`$metadata`: the tables, their keys and fields, as CSDL in XML (OData 4.01)."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterable, Mapping

from sync_server.database.queries.narrowing import Kind
from sync_server.database.queries.open_tables import OpenSet

EDMX, EDM = "http://docs.oasis-open.org/odata/ns/edmx", "http://docs.oasis-open.org/odata/ns/edm"
NAMESPACE, CONTAINER = "FieldTool", "Season"
TYPES: Mapping[Kind, str] = {
    Kind.TEXT: "Edm.String",
    Kind.INTEGER: "Edm.Int32",
    Kind.NUMBER: "Edm.Double",
    Kind.FLAG: "Edm.Boolean",
    Kind.MOMENT: "Edm.DateTimeOffset",
    Kind.DAY: "Edm.Date",
}


def metadata(sets: Iterable[OpenSet]) -> bytes:
    """Return the document that describes these tables; one that is not among them is not expanded."""
    listed = {one.name: one for one in sets}
    root = ET.Element("edmx:Edmx", {"xmlns:edmx": EDMX, "Version": "4.0"})
    schema = ET.SubElement(ET.SubElement(root, "edmx:DataServices"), "Schema", {"xmlns": EDM, "Namespace": NAMESPACE})
    for one in listed.values():
        _describe(schema, one, listed)
    _contain(schema, listed)
    written: bytes = ET.tostring(root, encoding="utf-8")
    return b'<?xml version="1.0" encoding="utf-8"?>' + written


def _describe(schema: ET.Element, one: OpenSet, listed: Mapping[str, OpenSet]) -> None:
    entity = ET.SubElement(schema, "EntityType", {"Name": one.type_name})
    key = ET.SubElement(entity, "Key")
    for name in one.key:
        ET.SubElement(key, "PropertyRef", {"Name": name})
    for name, field in one.fields.items():
        facets = {"Name": name, "Type": TYPES[field.kind]}
        if not field.may_be_null:
            facets["Nullable"] = "false"
        if field.kind is Kind.MOMENT:
            facets["Precision"] = "6"
        ET.SubElement(entity, "Property", facets)
    for name in one.expands:
        if name in listed:
            facets = {"Name": name, "Type": f"Collection({NAMESPACE}.{listed[name].type_name})"}
            ET.SubElement(entity, "NavigationProperty", facets)


def _contain(schema: ET.Element, listed: Mapping[str, OpenSet]) -> None:
    container = ET.SubElement(schema, "EntityContainer", {"Name": CONTAINER})
    for one in listed.values():
        facets = {"Name": one.name, "EntityType": f"{NAMESPACE}.{one.type_name}"}
        held = ET.SubElement(container, "EntitySet", facets)
        for name in one.expands:
            if name in listed:
                ET.SubElement(held, "NavigationPropertyBinding", {"Path": name, "Target": name})
