"""Makes the corpus of the fuzz targets: small valid inputs of each kind, from the test fixtures and by hand.

    models/tools/.venv/bin/python fuzz/corpus.py
"""

import base64
import io
import json
import shutil
import struct
import zipfile
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "fuzz" / "corpus"
PICTURES = ROOT / "tests" / "fixtures" / "pictures"
MODELS = ROOT / "tests" / "fixtures" / "models"
MAX_PICTURE_BYTES = 2_500


def keep(target: str, name: str, content: bytes | str) -> None:
    folder = OUT / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)


def compact(value) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def pictures() -> None:
    """The smallest picture of each ending."""
    found: dict[str, Path] = {}
    for path in sorted(PICTURES.glob("good/*"), key=lambda path: (path.stat().st_size, path.name)):
        found.setdefault(path.suffix, path)
    for path in found.values():
        if path.stat().st_size > MAX_PICTURE_BYTES:
            continue
        keep("decode", path.name, path.read_bytes())
        keep("decode_default", path.name, path.read_bytes())
        if path.suffix in (".jpg", ".png", ".webp"):
            keep("metadata", path.name, path.read_bytes())
    sidecar = (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:subject><rdf:Bag><rdf:li>fox</rdf:li></rdf:Bag></dc:subject>'
        "</rdf:Description></rdf:RDF></x:xmpmeta>"
    )
    keep("metadata", "sidecar.xmp", sidecar)


def cards() -> None:
    bundled = json.loads((ROOT / "models/efficientnet-lite0/model.json").read_text())
    bundled["figures"] = bundled["figures"][:1]
    keep("card", "classifier.json", compact(bundled))
    keep("card", "small.json", compact(json.loads((MODELS / "float32/model.json").read_text())))
    for id, name in (("blazeface-short", "detector.json"), ("nanodet-g", "objects.json")):
        detector = json.loads((ROOT / f"models/{id}/model.json").read_text())
        detector["figures"] = detector["figures"][:1]
        keep("card", name, compact(detector))


def vocabularies() -> None:
    def tag(id, parents=(), **more):
        return {"id": id, "names": {"en": id, "sv": f"{id} (sv)"}, "parents": list(parents), **more}

    keep("vocabulary", "flat.json", compact(json.loads((MODELS / "float32/vocabulary.json").read_text())))
    diamond = [
        tag("thing"),
        tag("a", ["thing"], category="letters", aliases={"en": ["alpha", "first"]}),
        tag("b", ["thing"]),
        tag("ab", ["a", "b"]),
        tag("other"),
    ]
    keep("vocabulary", "diamond.json", compact({"version": 1, "languages": ["en", "sv"], "tags": diamond, "classes": ["ab", "a", "other"]}))
    chain = [tag("t0")] + [tag(f"t{n}", [f"t{n - 1}"]) for n in range(1, 20)]
    keep("vocabulary", "chain.json", compact({"version": 1, "languages": ["en", "sv"], "tags": chain, "classes": ["t19", "t3"]}))


def labels() -> None:
    """The first byte chooses the kind of file (see targets.rs)."""
    for name, kind, text in [
        ("lines", 0, "tench, Tinca tinca\ngoldfish\njack-o'-lantern\n"),
        ("numbers", 4, "0: tench\n1: goldfish\n2: shark\n"),
        ("wordnet", 0, "n01440764 tench\nn01443537 goldfish\n"),
        ("list", 1, '["tench", "goldfish", "shark"]'),
        ("config", 5, '{"id2label": {"0": "tench", "1": "goldfish", "2": "shark"}}'),
        ("table", 2, "index,name\n0,tench\n1,goldfish\n"),
        ("tabs", 3, "name\tcategory\ntench\t9\ngoldfish\t0\n"),
        ("python", 0, "{0: 'tench',\n 1: \"goldfish\"}"),
    ]:
        keep("labels", name, bytes([kind]) + text.encode())


def heads() -> None:
    card = json.loads((MODELS / "float32/model.json").read_text())
    ids = [tag["id"] for tag in json.loads((MODELS / "float32/vocabulary.json").read_text())["tags"]]
    for name, features, n in [("three", 3, 2), ("one", 1, 1), ("sixteen", 16, 3)]:
        weights = bytes((index * 37 + 5) % 256 for index in range(features * n))
        curve = {"slope": 2.0, "offset": -1.0}
        tags = [{"id": ids[i], "scale": 0.01, "intercept": 0.5, "calibration": curve | ({"classes": 0.5} if i else {})} for i in range(n)]
        head = {"schema": 1, "id": name, "version": "1.0.0", "n_features": features, "normalise": "l2"}
        head |= {"backbone": {"id": card["id"], "version": card["version"]}, "weights": base64.b64encode(weights).decode(), "tags": tags}
        keep("head", f"{name}.json", compact(head))


def own_head(features: int, n: int, is_familiar: bool) -> dict:
    def row(count):
        return base64.b64encode(struct.pack(f"<{count}f", *((index * 7 % 11 - 5) / 8 for index in range(count)))).decode()

    def tag(i):
        one = {"tag": {"id": f"own:thing {i}", "name": f"Thing {i}", "language": "en"}, "intercept": 0.25, "slope": 6.0, "offset": -2.0}
        one |= {"threshold": 0.5, "is_completely_trained": i == 0, "n_examples": 30 - i, "n_rejected": i}
        return one | ({"companions": [1 - i]} if i < 2 <= n else {})

    head = {"schema": 2, "id": "things", "name": "Things", "version": 3, "title": "Spring", "comment": "", "made_ms": 1, "seed": 7}
    head |= {"backbone": {"id": "small", "version": "1.0.0"}, "n_features": features, "normalise": "l2", "weights": row(features * n)}
    head |= {"tags": [tag(i) for i in range(n)], "rivalry": {"evidence": 1.0, "rivals": 1.0, "offset": 0.0}}
    return head | ({"familiarity": {"weights": row(features), "intercept": 0.5, "limit": 0.25}} if is_familiar else {})


def own_heads() -> None:
    for name, features, n in [("three", 3, 2), ("one", 1, 1), ("sixteen", 16, 3)]:
        keep("own_head", f"{name}.json", compact(own_head(features, n, n > 1)))


def taggers() -> None:
    head = own_head(3, 2, True)
    keep("tagger_file", "head.json", compact(head))
    whole = {"format": "tagsmith-tagger", "schema": 1, "head": head}
    whole |= {"lights": [{"tag": "own:thing 0", "guideline": "size", "light": "green"}]}
    keep("tagger_file", "with_lights.json", compact(whole))
    view = {"scale": 0.5, "vector": base64.b64encode(bytes([1, 255, 3])).decode()}
    example = lambda tag: {"sha256": f"{tag:064x}", "longer_side": 640, "tags": [tag], "rejected": [1 - tag], "views": [view, view]}
    whole["set"] = {"tags": [tag["tag"] for tag in head["tags"]], "examples": [example(0), example(1)]}
    keep("tagger_file", "with_set.json", compact(whole))


def backgrounds() -> None:
    for name, rows, features in [("two", 2, 3), ("none", 0, 1), ("five", 5, 4)]:
        sizes = struct.pack("<4I", rows, features, 5, 5)
        numbers = struct.pack(f"<{features + rows}f", *(0.25 * index for index in range(features + rows)))
        vectors = bytes(37 * index % 256 for index in range(rows * features))
        keep("background", f"{name}.bin", b"TSBACKG1" + sizes + b"small1.0.0" + numbers + vectors)


def training_sets() -> None:
    """The first byte chooses the kind of file (see own_targets.rs)."""
    packet = (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:subject><rdf:Bag><rdf:li>hat</rdf:li></rdf:Bag></dc:subject></rdf:Description>'
        "</rdf:RDF></x:xmpmeta>"
    )
    coco = {
        "images": [{"id": 1, "file_name": "cat/1.jpg"}, {"id": "2", "file_name": "dog/1.jpg"}],
        "annotations": [{"image_id": 1, "category_id": 7}, {"image_id": 2, "category_id": 8}],
        "categories": [{"id": 7, "name": "hat"}, {"id": 8, "name": "shoe"}],
    }
    custom_vision = {"images": [{"id": "a", "saved_path": "cat/1.jpg", "tags": [{"tagName": "hat"}, {"tagName": "red"}]}]}
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        for name, content in [("set/cat/1.jpg", b"1"), ("set/cat/2.jpg", b"2"), ("set/dog/1.jpg", b"3"), ("set/tags.csv", b"file,tags\ncat/1.jpg,hat\n")]:
            file.writestr(zipfile.ZipInfo(name), content)
    for name, kind, content in [
        ("table", 0, b"file,tags\ncat/1.jpg,hat; red\nhttps://example.com/cat/2.jpg?x=1,shoe\n"),
        ("tabs", 1, b"path\ttag\ncat\\1.jpg\that\ndog/1.jpg\tshoe\n"),
        ("coco", 2, compact(coco).encode()),
        ("custom_vision", 2, compact(custom_vision).encode()),
        ("teachable_machine", 3, b'{"type":"image","version":"2.4.7","appdata":{}}'),
        ("sidecar", 4, packet.encode()),
        ("archive", 5, archive.getvalue()),
    ]:
        keep("training_set", name, bytes([kind]) + content)


def words() -> None:
    """The first byte chooses the ending of the name (see own_targets.rs)."""
    skos = "http://www.w3.org/2004/02/skos/core#"
    turtle = f'@prefix s: <{skos}> . <http://e.org/a> a s:Concept ; s:prefLabel "Cat"@en ; s:altLabel "Puss"@en ; s:broader <http://e.org/b> . '
    turtle += '<http://e.org/b> a s:Concept ; s:prefLabel "Animal"@en .'
    rdf = f'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:s="{skos}"><s:Concept rdf:about="http://e.org/a">'
    rdf += '<s:prefLabel xml:lang="en">Cat</s:prefLabel></s:Concept></rdf:RDF>'
    json_ld = {"@id": "http://e.org/a", "@type": skos + "Concept", skos + "prefLabel": {"@value": "Cat", "@language": "en"}}
    own = {"schema": 1, "title": "Mine", "language": "en", "words": [{"id": "own:cat", "name": "Cat"}]}
    for name, kind, text in [
        ("lightroom", 0, "[MINE]\n\tAnimals\n\t\tCat\n\t\t\t{puss}\n\t\t\t{tabby cat}\n"),
        ("paths", 0, "Animals/Cat\nAnimals/Dog\nFood|Soup\n"),
        ("table", 1, "name,parent,aliases\nAnimal,,\nCat,Animal,puss;tabby\n"),
        ("rdf", 3, rdf),
        ("turtle", 4, turtle),
        ("triples", 5, f'<http://e.org/a> <{skos}prefLabel> "Cat"@en .\n'),
        ("json_ld", 6, compact(json_ld)),
        ("own", 8, compact(own)),
    ]:
        keep("words", name, bytes([kind]) + text.encode())


def training_reports() -> None:
    report = json.loads((ROOT / "tests/fixtures/own_tags/report.json").read_text())
    keep("training_report", "two_tags.json", compact(report))
    keep("training_report", "without_pairs.json", compact(report | {"pairs": [], "suspects": [], "reliability": [], "map": None, "ece": None}))
    keep("training_report", "without_words.json", compact(report | {"title": "", "comment": "", "n_others": 0, "has_familiarity": False}))


def rules() -> None:
    ids = [tag["id"] for tag in json.loads((MODELS / "float32/vocabulary.json").read_text())["tags"]]
    policy = {"threshold": 0.3, "max_tags": 8, "allow": [], "deny": [], "language": "en"}
    ref = lambda id: {"id": id, "name": id}
    merge = {"tag": ref(ids[0]), "action": {"kind": "merge", "into": ref(ids[1])}}
    rename = {"tag": ref(ids[1]), "action": {"kind": "rename", "name": "räv"}}
    hide = {"tag": ref(ids[2]), "action": {"kind": "hide"}}
    keep("rules", "all.json", compact({"rules": [merge, rename, hide], "policy": policy}))
    keep("rules", "lists.json", compact({"rules": [], "policy": policy | {"allow": ids[:3], "deny": [ids[0]]}}))
    corrections = {"own": [], "rejected": [ids[0]], "reviewed": True}
    query = {"words": "picture", "filters": [{"kind": "corrected"}], "without": [{"kind": "failed"}]}
    keep("rules", "query.json", compact({"rules": [hide], "policy": policy, "corrections": corrections, "query": query}))


def providers() -> None:
    for file in sorted((ROOT / "tests/providers").glob("*.json")):
        vectors = [vector for vector in json.loads(file.read_text()) if "results" in vector["wanted"] and vector.get("n", 1) == 1]
        for number, vector in enumerate(vectors[:4]):
            text = vector.get("text") or json.dumps(vector["body"])
            asked = {"setup": vector["setup"], "status": vector["status"], "headers": vector.get("headers", []), "text": text}
            keep("provider", f"{file.stem}_{number}.json", compact(asked))
    schema = {"type": "object", "properties": {"tags": {}, "title": {}}}
    question = {"prompt": "", "constraint": schema, "words": ["cat"], "language": "en"}
    reply = {"setup": {"kind": "browser"}, "status": 200, "text": '{"tags": ["cat"], "title": "A cat"}', "question": question}
    keep("provider", "browser.json", compact(reply))


def osgi() -> None:
    claims = '("\\"iss\\"\\ :\\ \\"1@AdobeOrg\\"")'
    keep("osgi", "provider", f'auth.token.provider.orgId="1@AdobeOrg"\r\nauth.token.provider.default.claims={claims}\r\n'.encode())
    keep("osgi", "customizer", b'# AEM\nauth.ims.client.secret="p8e-\\u00e9"\n')
    keep("osgi", "lists", b'a=[ \\\n  "1", \\\n  "2", \\\n  ]\nb=I"1"\nc=B["true","false"]\nd=("x",)\n')


def networks() -> None:
    def weight(name, *shape):
        return numpy_helper.from_array((np.arange(np.prod(shape), dtype=np.float32).reshape(shape) % 5 - 2) / 10, name)

    def whole(name, *numbers):
        return numpy_helper.from_array(np.array(numbers, np.int64), name)

    node = helper.make_node
    ends = [node("GlobalAveragePool", ["x"], ["mean"]), node("Flatten", ["mean"], ["logits"])]
    branch = lambda op: helper.make_graph([node(op, ["image"], ["y"])], op, [], [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)])
    networks = {
        "plain": ([node("Relu", ["image"], ["x"])], []),
        "layers": (
            [
                node("Conv", ["image", "w"], ["c"], strides=[2, 2], pads=[1, 1, 1, 1]),
                node("BatchNormalization", ["c", "b", "b", "b", "v"], ["n"]),
                node("Relu", ["n"], ["r"]),
                node("MaxPool", ["r"], ["x"], kernel_shape=[2, 2]),
            ],
            [weight("w", 3, 3, 3, 3), weight("b", 3), numpy_helper.from_array(np.ones(3, np.float32), "v")],
        ),
        "shapes": (
            [
                node("Shape", ["image"], ["s"]),
                node("Gather", ["s", "two"], ["h"]),
                node("Concat", ["front", "h", "back"], ["t"], axis=0),
                node("Reshape", ["image", "t"], ["p"]),
                node("Transpose", ["p"], ["q"], perm=[0, 1, 3, 2]),
                node("Slice", ["q", "zero", "two", "three"], ["x"]),
            ],
            [whole("two", 2), whole("front", 1, 3), whole("back", -1), whole("zero", 0), whole("three", 3)],
        ),
        "sizes": (
            [
                node("Pad", ["image", "pads"], ["p"]),
                node("Tile", ["p", "times"], ["t"]),
                node("Resize", ["t", "", "scales"], ["r"], mode="nearest"),
                node("ConstantOfShape", ["one"], ["c"]),
                node("Add", ["r", "c"], ["x"]),
            ],
            [whole("pads", 0, 0, 1, 1, 0, 0, 1, 1), whole("times", 1, 1, 1, 2), whole("one", 1), numpy_helper.from_array(np.array([1, 1, 2, 2], np.float32), "scales")],
        ),
        "branches": ([node("If", ["yes"], ["x"], then_branch=branch("Relu"), else_branch=branch("Sigmoid"))], [numpy_helper.from_array(np.array(True), "yes")]),
        "quantised": (
            [
                node("QuantizeLinear", ["image", "scale", "zero"], ["q"]),
                node("DequantizeLinear", ["q", "scale", "zero"], ["d"]),
                node("Div", ["d", "scale"], ["e"]),
                node("Clip", ["e", "", "scale"], ["x"]),
            ],
            [numpy_helper.from_array(np.float32(0.05), "scale"), numpy_helper.from_array(np.uint8(128), "zero")],
        ),
    }
    for name, (nodes, weights) in networks.items():
        image = helper.make_tensor_value_info("image", TensorProto.FLOAT, [1, 3, 8, 8])
        logits = helper.make_tensor_value_info("logits", TensorProto.FLOAT, [1, 3])
        graph = helper.make_graph(nodes + ends, name, [image], [logits], weights)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])
        model.ir_version = 8
        for target in ("onnx_inspect", "onnx_load", "own_onnx"):
            keep(target, f"{name}.onnx", model.SerializeToString())


if __name__ == "__main__":
    shutil.rmtree(OUT, ignore_errors=True)
    for make in (pictures, cards, vocabularies, labels, heads, own_heads, taggers, backgrounds, training_sets, words, training_reports, rules, providers, osgi, networks):
        make()
