"""Code must run on MongoDB 6 to 8 and on the embedded server: what one of them lacks or does wrong is not used."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("crawler", "spiders", "classifiers", "storage", "indicators")
FORBIDDEN = {
    "$text": "no text index", "$near": "wrong order, use $geoNear", "$nearSphere": "wrong order, use $geoNear",
    "$densify": "no dates", "$dateFromString": "engines differ, parse in Python", "$where": "no JavaScript",
    "$function": "no JavaScript", "$accumulator": "no JavaScript", "mapReduce": "no JavaScript",
    "$percentile": "MongoDB 7", "$median": "MongoDB 7", "$search": "Atlas only",
}  # fmt: skip
NESTING = ("$lookup", "$facet")


def problems(text):
    tree = ast.parse(text)
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in docstrings and node.value in FORBIDDEN:
            yield f"line {node.lineno}: {node.value}: {FORBIDDEN[node.value]}"
        if isinstance(node, ast.keyword) and node.arg == "compressors":
            yield f"line {node.value.lineno}: compressors: OP_COMPRESSED is not known"
        if (
            isinstance(node, ast.Attribute)
            and node.attr == "bulk_write"
            and ast.unparse(node.value).endswith("client")
        ):
            yield f"line {node.lineno}: client.bulk_write: MongoDB 8"
        if isinstance(node, ast.Dict):
            for key, value in entries(node):
                if key in NESTING and any(
                    name == "$count" for part in dicts(value) for name, _ in entries(part)
                ):
                    yield f"line {node.lineno}: $count inside {key}"
        if isinstance(node, ast.List):
            yield from grouped_by_document(node)


def entries(node):
    return [
        (key.value, value)
        for key, value in zip(node.keys, node.values, strict=True)
        if isinstance(key, ast.Constant)
    ]


def dicts(node):
    return [part for part in ast.walk(node) if isinstance(part, ast.Dict)]


def grouped_by_document(pipeline):
    stages = dict(pair for part in pipeline.elts if isinstance(part, ast.Dict) for pair in entries(part))
    if "$group" not in stages or "$merge" not in stages or not isinstance(stages["$group"], ast.Dict):
        return
    key = dict(entries(stages["$group"])).get("_id")
    if isinstance(key, ast.Dict) and any(not str(name).startswith("$") for name, _ in entries(key)):
        yield f"line {pipeline.lineno}: $group on a document before $merge: quadratic"


@pytest.mark.parametrize("package", PACKAGES)
def test_package_uses_no_forbidden_stage(package):
    files = sorted((ROOT / package).rglob("*.py"))
    found = [f"{file.relative_to(ROOT)}: {what}" for file in files for what in problems(file.read_text())]
    assert found == []


@pytest.mark.parametrize("text", [
    "x = {'$text': 1}", "MongoClient(u, compressors='zlib')", "db.client.bulk_write([])",
    "[{'$lookup': {'pipeline': [{'$count': 'n'}]}}]",
    "[{'$group': {'_id': {'a': '$a'}}}, {'$merge': 'b'}]", "x = '$median'",
])  # fmt: skip
def test_each_forbidden_form_is_found(text):
    assert list(problems(text))


@pytest.mark.parametrize("text", [
    "[{'$group': {'_id': {'$concat': ['$a', '$b']}}}, {'$merge': 'b'}]",
])  # fmt: skip
def test_allowed_forms_pass(text):
    assert "quadratic" not in " ".join(problems(text))
