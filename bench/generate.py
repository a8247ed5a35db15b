#!/usr/bin/env python3
"""Makes route tables of any size and requests to match against them.

    generate.py --rules N --out DIR [--seed S] [--requests COUNT] [--profile mixed|path|regex|grpc]

DIR receives manifests.yaml (every object a document), manifests.json (the same as one v1 List)
and requests.jsonl (request lines as `gatewayapi match --requests` takes them). The same arguments
give the same bytes. The tables look like a platform's: several Gateways, HTTP listeners with
and without a hostname, most hosts with a handful of rules and a few with hundreds, prefixes
that nest, and a share of rules with methods, headers, query parameters, regular expressions,
filters and weights. Of the other profiles, `path` asks for paths alone, `regex` for regular
expressions of all kinds, and `grpc` is GRPCRoutes.
"""
import argparse
import json
import os
import random

GATEWAY = "gateway.networking.k8s.io/v1"
NAMESPACES = 20
RULES_PER_ROUTE = 8
TOP = ["api", "app", "static", "assets", "v1", "v2", "admin", "account", "orders", "items", "search",
       "media", "img", "docs", "help", "cart", "checkout", "users", "teams", "reports", "events",
       "internal", "public", "feed", "login"]
VERBS = ["list", "detail", "edit", "new", "export", "import", "history", "status", "preview", "raw"]
METHODS = ["GET", "POST", "PUT", "DELETE", "PATCH"]
CUSTOM_HEADERS = ["X-Tenant", "X-Version", "X-Region", "X-Channel"]
USER_HEADERS = [["User-Agent", "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/140.0"],
                ["Accept", "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"],
                ["Accept-Language", "en-GB,en;q=0.5"],
                ["Accept-Encoding", "gzip, deflate, br"],
                ["X-Request-Id", "6a9c1f0e-77c2-4a55-9f6b-3d1a2f9b7d10"],
                ["X-Forwarded-For", "203.0.113.7"],
                ["Cookie", "session=4f1d0c9a; theme=dark"],
                ["Cache-Control", "no-cache"]]


PATTERNS = ["{}/[0-9]+(/.*)?", "{}/(list|detail|edit)/[a-z]+", "/(en|de|fr){}/?", "{}.*", "{}/v[12](/[^/]+)*",
            "{}(|/raw)", "/[a-z]+{}/[0-9a-f]{{8}}"]
ANSWERS = ["{}/4711/x", "{}/detail/abc", "/de{}", "{}-and-more", "{}/v1/a/b", "{}/raw", "/any{}/0123abcd"]


class Table:
    def __init__(self, rules, seed, profile):
        self.random = random.Random(seed)
        self.profile = profile
        self.gateways = max(1, min(50, rules // 200))
        self.objects = []
        self.targets = []  # (gateway, host, path, headers, query, method) that some rule takes
        self.infrastructure()
        self.routes(rules)

    def add(self, kind, name, spec, namespace=None, version=GATEWAY):
        metadata = {"name": name, "creationTimestamp": f"2026-0{self.random.randint(1, 9)}-01T00:00:00Z"}
        if namespace:
            metadata["namespace"] = namespace
        o = {"apiVersion": version, "kind": kind, "metadata": metadata}
        if spec is not None:
            o["spec"] = spec
        self.objects.append(o)

    def infrastructure(self):
        self.add("GatewayClass", "bench", {"controllerName": "example.com/bench"})
        for n in range(NAMESPACES):
            self.add("Namespace", f"team-{n}", None, version="v1")
            for s in range(5):
                self.add("Service", f"svc-{s}", {"ports": [{"name": "http", "port": 8080}]}, f"team-{n}", "v1")
        for g in range(self.gateways):
            everyone = {"namespaces": {"from": "All"}}
            listeners = [{"name": "http", "port": 80, "protocol": "HTTP", "allowedRoutes": everyone},
                         {"name": "own", "hostname": f"*.g{g}.example.com", "port": 80, "protocol": "HTTP",
                          "allowedRoutes": everyone}]
            self.add("Gateway", f"gw-{g}", {"gatewayClassName": "bench", "listeners": listeners}, "team-0")

    def path(self, depth):
        return "/" + "/".join([self.random.choice(TOP)] + [self.random.choice(VERBS) + str(self.random.randint(0, 40))
                                                           for _ in range(depth - 1)])

    def grpc_match(self):
        r = self.random
        service = f"{r.choice(TOP)}.v{r.randint(1, 3)}.{r.choice(VERBS).title()}{r.randint(0, 400)}"
        name = r.choice(VERBS).title()
        kind = r.random()
        if kind < 0.8:
            method = {"service": service, "method": name}
        elif kind < 0.95:
            method = {"service": service}
        else:
            method = {"type": "RegularExpression", "service": service.replace(".", "[.]"), "method": "(Get|List).*"}
            name = "ListAll"
        match = {"method": method}
        request = {"path": f"/{service}/{name}", "method": "POST", "headers": [["content-type", "application/grpc"]]}
        if r.random() < 0.15:
            match["headers"] = [{"name": r.choice(CUSTOM_HEADERS), "value": f"v{r.randint(0, 9)}"}]
            request["headers"].append([match["headers"][0]["name"], match["headers"][0]["value"]])
        return match, request

    def pattern_match(self):
        r = self.random
        path = self.path(r.choice([1, 2, 3]))
        kind = r.randrange(len(PATTERNS))
        return ({"path": {"type": "RegularExpression", "value": PATTERNS[kind].format(path)}},
                {"path": ANSWERS[kind].format(path)})

    def match(self):
        r = self.random
        if self.profile == "grpc":
            return self.grpc_match()
        if self.profile == "regex" and r.random() < 0.7:
            return self.pattern_match()
        path = self.path(r.choice([1, 2, 2, 3, 3, 4]))
        kind = r.random()
        match, request = {}, {"path": path}
        if kind < 0.70:
            match["path"] = {"type": "PathPrefix", "value": path}
            request["path"] = path + r.choice(["", "/", "/more", "/more/and?page=2"])
        elif kind < 0.95:
            match["path"] = {"type": "Exact", "value": path}
        else:
            match["path"] = {"type": "RegularExpression", "value": path + "/[0-9]+(/.*)?"}
            request["path"] = path + "/4711/x"
        if self.profile == "path":
            if kind >= 0.95:
                match["path"], request["path"] = {"type": "Exact", "value": path}, path
            return match, request
        if r.random() < 0.2:
            match["method"] = request["method"] = r.choice(METHODS)
        if r.random() < 0.15:
            name, value = r.choice(CUSTOM_HEADERS), f"v{r.randint(0, 9)}"
            match["headers"] = [{"name": name, "value": value}]
            request["headers"] = [[name, value]]
        if r.random() < 0.05:
            value = f"q{r.randint(0, 9)}"
            match["queryParams"] = [{"name": "mode", "value": value}]
            request["path"] += ("&" if "?" in request["path"] else "?") + f"mode={value}"
        return match, request

    def rule(self):
        r = self.random
        pairs = [self.match() for _ in range(r.choice([1, 1, 1, 2, 3]))]
        rule = {"matches": [m for m, _ in pairs], "backendRefs": [{"name": f"svc-{r.randint(0, 4)}", "port": 8080}]}
        if r.random() < 0.1:
            rule["backendRefs"].append({"name": "svc-4", "port": 8080, "weight": r.randint(0, 20)})
        if r.random() < 0.15:
            rule["filters"] = [{"type": "RequestHeaderModifier",
                                "requestHeaderModifier": {"set": [{"name": "X-Route", "value": "bench"}]}}]
        return rule, [q for _, q in pairs]

    def routes(self, count):
        r = self.random
        made = number = 0
        while made < count:
            g = r.randrange(self.gateways)
            popular = r.random() < 0.3
            host = f"h{r.randrange(max(1, count // 200)) if popular else r.randrange(count)}.g{g}.example.com"
            if r.random() < 0.05:
                host = f"*.w{r.randrange(max(1, count // 50))}.g{g}.example.com"
            n = min(RULES_PER_ROUTE, count - made)
            rules = [self.rule() for _ in range(n)]
            made += n
            self.add("GRPCRoute" if self.profile == "grpc" else "HTTPRoute", f"route-{number}", {
                "parentRefs": [{"name": f"gw-{g}", "namespace": "team-0"}],
                "hostnames": [host], "rules": [x for x, _ in rules]}, f"team-{number % NAMESPACES}")
            number += 1
            asked = host.replace("*", "any")
            self.targets += [(g, asked, q) for _, requests in rules for q in requests]

    def requests(self, count):
        r = self.random
        for i in range(count):
            g, host, q = r.choice(self.targets)
            if r.random() < 0.1:  # what nobody asked for
                q = {"path": self.path(2)}
            if r.random() < 0.2:
                host = host.upper() if r.random() < 0.5 else host + ":80"
            headers = [[n, v] for n, v in USER_HEADERS] + [["X-Forwarded-Proto", "http"]] + q.get("headers", [])
            yield {"id": i, "gateway": f"team-0/gw-{g}", "port": 80, "host": host, "method": q.get("method", "GET"),
                   "path": q["path"], "headers": headers, "random": r.getrandbits(53)}


def yaml_lines(value, indent=0):
    """Block style; every text is quoted as JSON, which YAML reads the same."""
    pad = "  " * indent
    if isinstance(value, dict):
        for k, v in value.items():
            if isinstance(v, (dict, list)) and v:
                yield f"{pad}{k}:"
                yield from yaml_lines(v, indent + (0 if isinstance(v, list) else 1))
            else:
                yield f"{pad}{k}: {json.dumps(v)}"
    else:
        for v in value:
            first = True
            for line in yaml_lines(v, indent + 1) if isinstance(v, dict) else [f"{pad}  {json.dumps(v)}"]:
                yield f"{pad}- {line[2 * (indent + 1):]}" if first else line
                first = False


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--rules", type=int, required=True)
    p.add_argument("--out", required=True)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--requests", type=int, default=10000)
    p.add_argument("--profile", choices=["mixed", "path", "regex", "grpc"], default="mixed")
    a = p.parse_args()
    table = Table(a.rules, a.seed, a.profile)
    os.makedirs(a.out, exist_ok=True)
    with open(os.path.join(a.out, "manifests.yaml"), "w", encoding="utf-8") as f:
        for o in table.objects:
            f.write("---\n" + "\n".join(yaml_lines(o)) + "\n")
    with open(os.path.join(a.out, "manifests.json"), "w", encoding="utf-8") as f:
        json.dump({"apiVersion": "v1", "kind": "List", "items": table.objects}, f)
    with open(os.path.join(a.out, "requests.jsonl"), "w", encoding="utf-8") as f:
        for q in table.requests(a.requests):
            f.write(json.dumps(q) + "\n")


if __name__ == "__main__":
    main()
