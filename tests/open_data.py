"""Reads the open files that the tests wrote with programs of somebody else: `python tests/open_data.py FOLDER`."""

import json
import pathlib
import sys
import xml.etree.ElementTree as tree

import rdflib
from frictionless import Package, Schema, validate
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF

folder = pathlib.Path(sys.argv[1])
for name in ["registre.csv", "changements.csv", "schema.json", "datapackage.json", "dcat.jsonld", "registre.atom"]:
    assert (folder / name).exists(), f"{name}: the tests wrote none, and this would prove nothing"

report = validate(str(folder / "datapackage.json"))
assert report.valid, report.flatten(["rowNumber", "fieldName", "type", "message"])
rows = [task.stats["rows"] for task in report.tasks]
assert len(rows) == 2 and min(rows) > 1, rows

# A file that is wrong is refused: the check itself can fail.
text = (folder / "registre.csv").read_text(encoding="utf-8").splitlines()
broken = folder / "broken.csv"
broken.write_text("\n".join([text[0], text[1].replace("sp-", "px-"), *text[2:]]), encoding="utf-8")
wrong = validate("broken.csv", basepath=str(folder), schema=Schema.from_descriptor(json.loads((folder / "schema.json").read_text())))
assert not wrong.valid, "a line against the schema is accepted"
broken.unlink()

# DCAT-AP 3: what a catalogue, a dataset and a distribution must have, with one value where one is asked for.
graph = rdflib.Graph().parse(folder / "dcat.jsonld", format="json-ld")
must = {
    DCAT.Catalog: [DCTERMS.title, DCTERMS.description, DCTERMS.publisher, DCAT.dataset],
    DCAT.Dataset: [DCTERMS.title, DCTERMS.description, DCTERMS.publisher, DCTERMS.identifier, DCAT.theme, DCAT.distribution],
    DCAT.Distribution: [DCAT.accessURL, DCTERMS.license, DCTERMS.title],
}
for kind, properties in must.items():
    nodes = list(graph.subjects(RDF.type, kind))
    assert nodes, kind
    for node in nodes:
        for wanted in properties:
            values = list(graph.objects(node, wanted))
            assert values, f"{node}: no {wanted}"
        for address in [DCAT.accessURL, DCAT.downloadURL, DCAT.landingPage]:
            assert all(isinstance(value, rdflib.URIRef) for value in graph.objects(node, address)), node
for agent in graph.objects(None, DCTERMS.publisher):
    assert (agent, FOAF.name, None) in graph, "the publisher has no name"

atom = {"a": "http://www.w3.org/2005/Atom"}
feed = tree.parse(folder / "registre.atom").getroot()
for wanted in ["a:id", "a:title", "a:updated", "a:author/a:name"]:
    assert feed.find(wanted, atom) is not None, wanted
entries = feed.findall("a:entry", atom)
ids = [entry.find("a:id", atom).text for entry in entries]
assert entries and len(set(ids)) == len(ids), ids
print(f"{rows[0]} lines and {rows[1]} changes valid for frictionless, {len(graph)} statements of DCAT, {len(entries)} entries of the feed")
