#!/usr/bin/env python3
"""Makes ordinary manifests: HTTPRoutes and Gateways of about 1 KB, all of them valid.

    manifests.py --count N --out FOLDER [--files M] [--seed S]

FOLDER receives `stream.yaml`, `stream.json` (indented) and `compact.json` with the same N objects
in each, `one.yaml` with a single one, and `files/` with M (default: 1000) of them, one a file.
"""
import argparse
import json
import os
import random


def gateway(number, rng):
    listeners = []
    for i in range(rng.randint(1, 4)):
        host = f"*.shop{rng.randint(0, 999)}.example.com"
        listeners.append({"name": f"web-{i}", "port": 8000 + i, "protocol": "HTTP", "hostname": host})
        listeners.append({
            "name": f"web-tls-{i}", "port": 8443 + i, "protocol": "HTTPS", "hostname": host,
            "tls": {"mode": "Terminate", "certificateRefs": [{"name": f"shop-cert-{i}"}]},
            "allowedRoutes": {"namespaces": {"from": rng.choice(["All", "Same"])}}})
    return {"apiVersion": "gateway.networking.k8s.io/v1", "kind": "Gateway",
            "metadata": {"name": f"gateway-{number}", "namespace": f"team-{number % 23}"},
            "spec": {"gatewayClassName": "public", "listeners": listeners}}


def header_filter(rng):
    return {"type": "RequestHeaderModifier", "requestHeaderModifier": {
        rng.choice(["set", "add"]): [{"name": "x-forwarded-by", "value": "gateway"}]}}


def rewrite_filter(rng):
    return {"type": "URLRewrite", "urlRewrite": {
        "path": {"type": "ReplacePrefixMatch", "replacePrefixMatch": "/"}}}


def rule(number, rng):
    match = {"path": {"type": rng.choice(["PathPrefix", "Exact"]), "value": f"/api/v{number}"}}
    out = {"matches": [match]}
    if rng.random() < 0.3:
        match["headers"] = [{"name": "x-version", "value": "next"}]
    kind = rng.random()
    if kind < 0.25:
        out["filters"] = [header_filter(rng)]
    elif kind < 0.4:
        match["path"]["type"] = "PathPrefix"
        out["filters"] = [rewrite_filter(rng)]
        out["timeouts"] = {"request": "15s"}
    share = rng.randint(1, 50)
    out["backendRefs"] = [{"name": f"api-{number}", "port": 8080, "weight": 100 - share},
                          {"name": f"api-{number}-next", "port": 8080, "weight": share}]
    return out


def route(number, rng):
    rules = [rule(i, rng) for i in range(rng.randint(1, 4))]
    return {"apiVersion": "gateway.networking.k8s.io/v1", "kind": "HTTPRoute",
            "metadata": {"name": f"route-{number}", "namespace": f"team-{number % 23}",
                         "labels": {"app": f"api-{number}"}},
            "spec": {"parentRefs": [{"name": "public", "sectionName": "web-tls-0"}],
                     "hostnames": [f"api{number}.shop.example.com"], "rules": rules}}


def manifest(number, rng):
    return gateway(number, rng) if number % 5 == 4 else route(number, rng)


def scalar(value):
    text = str(value)
    return f'"{text}"' if text.startswith("*") else text


def lines(value, indent, out):
    """Block style, as people write it: items of a list stand below their key."""
    pad = "  " * indent
    for key, member in value.items():
        if isinstance(member, dict):
            out.append(f"{pad}{key}:")
            lines(member, indent + 1, out)
        elif isinstance(member, list):
            out.append(f"{pad}{key}:")
            for item in member:
                if not isinstance(item, dict):
                    out.append(f"{pad}- {scalar(item)}")
                    continue
                start = len(out)
                lines(item, indent + 1, out)
                out[start] = f"{pad}- {out[start].lstrip()}"
        else:
            out.append(f"{pad}{key}: {scalar(member)}")


def yaml_text(value):
    out = []
    lines(value, 0, out)
    return "\n".join(out) + "\n"


def write(folder, name, text):
    with open(os.path.join(folder, name), "w", encoding="utf-8") as f:
        f.write(text)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--count", type=int, default=10000)
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", required=True)
    args = parser.parse_args()
    rng = random.Random(args.seed)
    objects = [manifest(i, rng) for i in range(max(args.count, 1))]
    files = os.path.join(args.out, "files")
    os.makedirs(files, exist_ok=True)
    write(args.out, "stream.yaml", "".join("---\n" + yaml_text(o) for o in objects))
    write(args.out, "stream.json", "".join(json.dumps(o, indent=2) + "\n" for o in objects))
    write(args.out, "compact.json",
          "".join(json.dumps(o, separators=(",", ":")) + "\n" for o in objects))
    write(args.out, "one.yaml", yaml_text(objects[0]))
    for i, o in enumerate(objects[:args.files]):
        write(files, f"m{i:05}.yaml", yaml_text(o))


if __name__ == "__main__":
    main()
